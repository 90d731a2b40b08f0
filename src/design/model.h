/*
 * The light's way through a row of plates, and a step that improves them, as one graph.
 */
#ifndef ONN_SRC_DESIGN_MODEL_H
#define ONN_SRC_DESIGN_MODEL_H

#include <onn/design.h>

/* A tensor of state: zeros at first, the plates apart. */
typedef struct onn_design_variable {
	char name[64];
	onn_type type;
	size_t ndim, shape[2];
} onn_design_variable;

/*
 * Variables of the graph: "source" complex, "target" real, both [pixels, pixels], those in the
 * list; the first `parts` times `plates` of it are the plates: plate_00 (complex, or the phase), or
 * plate_00.re and plate_00.im where the optimiser's arithmetic is real.
 */
typedef struct onn_design_model {
	onn_graph *g;
	onn_node loss;      /* of the plates before the step, 0-d */
	onn_node camera;    /* the field there */
	onn_node intensity; /* |E|^2 of it */
	onn_node *assign;   /* what a step stores */
	size_t nassigns;
	onn_design_variable *variable;
	size_t nvariables;
	size_t parts; /* variables a plate: 1 or 2 */
} onn_design_model;

/* A caller's design, of this or another version, over the defaults; checked. */
onn_status onn_design_take(onn_design *own, const onn_design *given, const char *function);

/* design is right (onn_design_check). The error is the graph's. On failure the model is empty. */
onn_status onn_design_model_build(onn_design_model *m, const onn_design *design);
void onn_design_model_clear(onn_design_model *m);

/* The transmission of a plate whose variables are part[0 .. parts): complex [pixels, pixels]. */
onn_node onn_design_transmission(
    onn_graph *g, const onn_design *design, size_t parts, const onn_node *part);
/* How light goes from plate to plate. */
onn_propagation onn_design_way(const onn_design *design);

#endif
