/* Numbers of any shape as a list. */
#include "nn/layer.h"

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)layer, (void)network;
	for (; s->ndim > 1; s->ndim--)
		s->shape[s->ndim - 2] *= s->shape[s->ndim - 1];
	return ONN_OK;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	if (onn_graph_status(call->g) || !flow->x.id)
		return;
	size_t batch = onn_node_shape(call->g, flow->x)[0];
	flow->x = onn_reshape(call->g, flow->x, 2, (size_t[]){batch, call->out.shape[0]});
}

const onn_layer_kind onn_flatten_layer = {sizeof(onn_layer_kind), "flatten",
    "numbers of any shape as a list", ONN_TAKES_NUMBERS, onn_no_settings, .shape = shape,
    .forward = forward};
