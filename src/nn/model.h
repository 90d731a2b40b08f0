/*
 * What training, measuring and predicting share of a model.
 */
#ifndef ONN_SRC_NN_MODEL_H
#define ONN_SRC_NN_MODEL_H

#include "nn/network.h"

/* Whether weight i is not trained. */
bool onn_model_is_fixed(const onn_model *model, size_t i);
/* Whether any is. */
bool onn_model_learns(const onn_model *model);
/* What becomes of an update of weight i: it stays within the limits, which biases do not have, and
 * within what its layer can be. */
onn_node onn_model_bound(const onn_model *model, size_t i, onn_graph *g, onn_node updated,
    const onn_weight_limits *limits);
/* The variables of the model's weights. */
void onn_model_leaves(const onn_model *model, onn_graph *g, onn_node *leaf);
/* onn_model_forward under a condition. fraction, unless NULL, receives what the last detect reads
 * as parts of all light of the image, [batch, regions]. */
onn_node onn_model_forward_in(const onn_model *model, onn_graph *g, onn_node x,
    const onn_run_condition *condition, onn_node *variable, onn_node *fraction);
/* What training makes small, 0-d: onn_network_loss of its outputs, and what light is lost. */
onn_node onn_model_loss(const onn_model *model, onn_graph *g, onn_node x, onn_node label,
    const onn_run_condition *condition, onn_node *variable);

/* Replaces the weights by those of the same names in an archive; path is for messages. */
onn_status onn_model_take(onn_model *model, const onn_archive *archive, const char *path);
/* The same from what onn_model_put wrote of this very network: descriptions and types are equal. */
onn_status onn_model_take_own(onn_model *model, const onn_archive *archive, const char *path);

/*
 * Runs a graph over images, some rows at a time. build makes the outputs, each [rows, ...] of the
 * model's precision, from the pixels x [rows, inputs]; output[i] receives [count, ...].
 */
typedef struct onn_reading {
	size_t count; /* of outputs */
	void (*build)(onn_node *output, const onn_model *model, onn_graph *g, onn_node x);
} onn_reading;

onn_status onn_model_read(onn_array **output, const char *function, const onn_reading *reading,
    const onn_model *model, onn_device *device, const onn_array *x, double scale);

#endif
