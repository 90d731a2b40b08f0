/* Activations without settings. */
#include "nn/layer.h"

#define ACTIVATION(kind, text)                                                                     \
	static void kind##_forward(onn_flow *flow, const onn_layer_call *call)                     \
	{                                                                                          \
		flow->x = onn_##kind(call->g, flow->x);                                            \
	}                                                                                          \
	const onn_layer_kind onn_##kind##_layer = {sizeof(onn_layer_kind), #kind, text,            \
	    ONN_TAKES_NUMBERS, onn_no_settings, .forward = kind##_forward, .activates = true};

ACTIVATION(relu, "the larger of each number and 0")
ACTIVATION(tanh, "the hyperbolic tangent of each number")
ACTIVATION(sigmoid, "1/(1 + exp(-x)) of each number")
