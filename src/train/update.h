/*
 * How a step changes what a model learns.
 */
#ifndef ONN_SRC_TRAIN_UPDATE_H
#define ONN_SRC_TRAIN_UPDATE_H

#include <onn/trainer.h>

#include "nn/model.h"

/* What is learnt of a model, in a graph. */
typedef struct onn_learnt {
	size_t count;
	size_t which[ONN_MODEL_MAX_WEIGHTS]; /* as the model numbers its weights */
	const char *name[ONN_MODEL_MAX_WEIGHTS];
	onn_node weight[ONN_MODEL_MAX_WEIGHTS], gradient[ONN_MODEL_MAX_WEIGHTS];
} onn_learnt;

/* Those weights that are not fixed; weight are the variables of all. Their gradients are the
 * caller's to fill in. */
onn_learnt onn_learnt_of(const onn_model *model, const onn_node *weight);

/* Outputs of a graph that moves every weight that is not fixed down the gradient of loss, within
 * the limits, which biases do not have: out receives assignments of the optimiser's state and of
 * the weights, at most ONN_UPDATE_MOST, and *count their number. weight are the variables of the
 * model's weights; the variable "rate", 0-d of loss's type, is the learning rate. */
enum { ONN_UPDATE_MOST = 3 * ONN_MODEL_MAX_WEIGHTS + 1 };

onn_status onn_update_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, onn_node loss, const onn_node *weight);
/* The same, of gradients that are there. */
onn_status onn_update_apply(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, const onn_learnt *learnt);

/* Whether a training draws random numbers by its step; under what condition it runs, but for the
 * step itself; and whether the network has what the errors can be of. */
bool onn_train_draws(const onn_network *network, const onn_train_options *options);
onn_run_condition onn_train_condition(const onn_train_options *options);
onn_status onn_train_check_errors(const onn_network *network, const onn_train_options *options);

#endif
