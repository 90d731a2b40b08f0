/*
 * How a step changes what a model learns.
 */
#ifndef ONN_SRC_TRAIN_UPDATE_H
#define ONN_SRC_TRAIN_UPDATE_H

#include <onn/trainer.h>

#include "nn/model.h"

/* Outputs of a graph that moves every weight that is not fixed down the gradient of loss, within
 * the limits, which biases do not have: out receives assignments of the optimiser's state and of
 * the weights, at most ONN_UPDATE_MOST, and *count their number. weight are the variables of the
 * model's weights; the variable "rate", 0-d of loss's type, is the learning rate. */
enum { ONN_UPDATE_MOST = 3 * ONN_MODEL_MAX_WEIGHTS + 1 };

onn_status onn_update_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, onn_node loss, const onn_node *weight);

/* Whether a training draws random numbers by its step; under what condition it runs, but for the
 * step itself; and whether the network has what the errors can be of. */
bool onn_train_draws(const onn_network *network, const onn_train_options *options);
onn_run_condition onn_train_condition(const onn_train_options *options);
onn_status onn_train_check_errors(const onn_network *network, const onn_train_options *options);

#endif
