/*
 * Words for the enumerations of networks and optimisers.
 */
#include <onn/nn.h>
#include <onn/optimizer.h>

#include "saturable/names.h"

static const char *const activations[] = {"sa", "relu", "tanh", "sigmoid"};
static const char *const losses[] = {"mse", "nll"};
static const char *const norms[] = {"none", "l1", "l2"};
static const char *const optimizers[] = {"adam", "sgd"};
static const char *const decays[] = {"constant", "step", "cosine"};

ONN_NAMED(onn_activation, onn_activation, activations)
ONN_NAMED(onn_loss, onn_loss, losses)
ONN_NAMED(onn_norm, onn_norm, norms)
ONN_NAMED(onn_optimizer_kind, onn_optimizer_kind, optimizers)
ONN_NAMED(onn_decay, onn_decay, decays)
