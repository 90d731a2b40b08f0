/*
 * Words for the enumerations of networks and optimisers.
 */
#include <onn/model.h>
#include <onn/optimizer.h>

#include "saturable/names.h"

static const char *const activations[] = {"sa", "relu", "tanh", "sigmoid"};
static const char *const losses[] = {"mse", "nll"};
static const char *const norms[] = {"none", "l1", "l2"};
static const char *const optimizers[] = {"adam", "sgd"};
static const char *const decays[] = {"constant", "step", "cosine"};
static const char *const kinds[] = {"mlp", "d2nn"};
static const char *const d2nn_encodings[] = {"amplitude", "phase"};
static const char *const d2nn_modulations[] = {"phase", "complex"};
static const char *const d2nn_detections[] = {"plain", "differential"};
static const char *const d2nn_losses[] = {"softmax", "mse"};

ONN_NAMED(onn_activation, onn_activation, activations)
ONN_NAMED(onn_loss, onn_loss, losses)
ONN_NAMED(onn_norm, onn_norm, norms)
ONN_NAMED(onn_optimizer_kind, onn_optimizer_kind, optimizers)
ONN_NAMED(onn_decay, onn_decay, decays)
ONN_NAMED(onn_network_kind, onn_network_kind, kinds)
ONN_NAMED(onn_d2nn_encoding, onn_d2nn_encoding, d2nn_encodings)
ONN_NAMED(onn_d2nn_modulation, onn_d2nn_modulation, d2nn_modulations)
ONN_NAMED(onn_d2nn_detection, onn_d2nn_detection, d2nn_detections)
ONN_NAMED(onn_d2nn_loss, onn_d2nn_loss, d2nn_losses)
