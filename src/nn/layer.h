/*
 * Kinds of layers within the library (onn/layer.h says what one is): how they are found, and what
 * layers share.
 */
#ifndef ONN_SRC_NN_LAYER_H
#define ONN_SRC_NN_LAYER_H

#include <onn/layer.h>
#include <onn/model.h>

#include "core/settings.h"

enum { ONN_MODEL_MAX_WEIGHTS = 256 };

/* In what state a network is used; all zeros: as it was designed. */
typedef struct onn_run_condition {
	onn_node step; /* 0-d u32: training, and which draw of the random errors */
	uint64_t seed; /* of what is drawn */
	bool damaged;  /* a copy with the errors of `damage` */
	/* in training, too, for the errors that onn_train_options has */
	onn_evaluate_options damage;
	onn_node batch; /* 0-d u32, not training: which draw of a camera's noise */
} onn_run_condition;

struct onn_live {
	const double *member;
	onn_node node; /* 0-d f64 */
};

/* Kind i, from 0: those of layers.def, then those that were registered; NULL beyond the last. */
const onn_layer_kind *onn_layer_kind_at(size_t i);
/* NULL where there is none of that name. */
const onn_layer_kind *onn_layer_kind_find(const char *name);
/* The kind's weights, of a layer of these settings; how many. */
size_t onn_layer_weights(onn_weight weight[ONN_LAYER_MAX_WEIGHTS], const onn_layer_kind *kind,
    const void *layer, const onn_signal *in, size_t ordinal);
/* ONN_ERROR_ARGUMENT: a row that no array can be made of. */
onn_status onn_weight_check(const onn_weight *weight);

/* What is wrong with what a layer's forward gave, for messages: it is no batch of what flow->is
 * says, of that precision. NULL: nothing, or the graph has an error that stands for it. */
const char *onn_flow_fault(
    char *text, size_t room, const onn_flow *flow, const onn_graph *g, onn_type real);

/* A structure of settings for layers that have none. */
const onn_settings *onn_no_settings(void);

/* ---- of layers of images ---- */

/* 1 where there is no axis of them. */
static inline size_t onn_signal_channels(const onn_signal *s)
{
	return s->ndim == 3 ? s->shape[0] : 1;
}
/* Height and width, lent. */
static inline const size_t *onn_signal_image(const onn_signal *s) { return s->shape + s->ndim - 2; }

/* ---- of layers of light ---- */

/* Noise of phases [ny, nx]; null where there is none. A damaged copy keeps its own. */
onn_node onn_phase_noise(const onn_layer_call *call, size_t ny, size_t nx, uint32_t stream);
/* Phases of the first colour, made of a material without dispersion, in each colour. */
onn_node onn_phase_of_colours(onn_graph *g, onn_node phase, const onn_light *beam);
/* The grid seen from (y, x): what is centred there is centred on the axis. */
onn_grid onn_grid_seen_from(const onn_grid *grid, const double at[2]);

/* Of intensities of each pixel's light, [pixels, ny, nx], those of incoherent images, [batch, ny,
 * nx]; where images is null, x itself. */
onn_node onn_of_images(onn_graph *g, onn_node images, onn_node x);
/* A field on the whole grid that is 1 everywhere, for builders of elements. */
onn_field onn_bright_field(onn_graph *g, const onn_signal *light);
/* x / y, 0 where y is 0: an image without light. */
onn_node onn_part_of(onn_graph *g, onn_node x, onn_node y);

#endif
