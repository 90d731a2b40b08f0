/*
 * A model that is being built: what its files share.
 */
#ifndef ONN_SRC_DESIGN_BUILDER_H
#define ONN_SRC_DESIGN_BUILDER_H

#include "design/model.h"

typedef struct onn_design_builder {
	onn_graph *g;
	const onn_design *design;
	onn_design_model *m;
	onn_grid grid;
	onn_light light;
	onn_propagation way;
	onn_node target;
	onn_node *part;   /* variables of the plates, m->parts each */
	onn_node *in;     /* the field before each plate; [plates] is the one at the camera */
	onn_node *behind; /* right behind each plate */
	onn_node *again;  /* `in` of the segment that is computed again */
} onn_design_builder;

/* A builder for a model; the graph is its own to give. */
onn_design_builder onn_design_builder_of(onn_design_model *m, const onn_design *design);
/* A plate of this transmission and the space behind it; behind: receives the field between. */
onn_node onn_design_through(
    const onn_design_builder *b, onn_node *behind, onn_node transmission, onn_node field);
/* Plate k and the space behind it. */
onn_node onn_design_pass(onn_design_builder *b, size_t k, onn_node field);
/* A step stores value in variable. */
void onn_design_store(onn_design_builder *b, onn_node variable, onn_node value);

/* loss.c */
onn_node onn_design_loss_node(
    onn_graph *g, const onn_design *design, onn_node field, onn_node intensity, onn_node target);

/*
 * How plates change, update.c and gerchberg_saxton.c: from what goes back from the camera, and, one
 * plate at a time from the last to the first, what plate k hands on; `in` and `out` are the fields
 * before it and before the next. The null node after an error, which the graph keeps.
 */
onn_node onn_design_slope(onn_design_builder *b);
onn_node onn_design_descend(
    onn_design_builder *b, size_t k, onn_node in, onn_node out, onn_node slope);
onn_node onn_design_wanted(onn_design_builder *b);
onn_node onn_design_project(
    onn_design_builder *b, size_t k, onn_node in, onn_node out, onn_node wanted);

/* segments.c: from the camera to the source, plate by plate. */
void onn_design_go_back(onn_design_builder *b);

#endif
