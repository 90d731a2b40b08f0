/* While training, numbers are left out at random, anew at each step; the rest makes up for them. */
#include <string.h>

#include "core/streams.h"
#include "nn/layers/conv2d.h"
#include "nn/network.h"

static const onn_setting rows[] = {
    {ONN_SETTING("rate", REAL, onn_dropout_values, rate), .low = 0, .high = 1, .high_open = true},
};

static const onn_settings *dropout_settings(void)
{
	ONN_RETURN_SETTINGS("dropout", rows, onn_dropout_values, NULL, {0.5});
}

static bool draws(const void *layer) { return ((const onn_dropout_values *)layer)->rate > 0; }

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	double rate = ((const onn_dropout_values *)call->layer)->rate;
	const onn_run_condition *c = call->pass->condition;
	onn_graph *g = call->g;
	size_t shape[ONN_MAX_DIMS];
	if (!c->step.id || rate == 0 || onn_graph_status(g) || !flow->x.id)
		return;
	size_t ndim = onn_node_ndim(g, flow->x);
	onn_type type = onn_node_type(g, flow->x);
	memcpy(shape, onn_node_shape(g, flow->x), ndim * sizeof *shape);
	onn_node u = onn_random_uniform(
	    g, type, ndim, shape, c->seed, ONN_STREAM_DROPOUT + (uint32_t)call->ordinal, c->step);
	onn_node kept = onn_less_equal(g, onn_scalar(g, type, rate), u);
	flow->x = onn_mul(g, flow->x, onn_mul_real(g, kept, 1 / (1 - rate)));
}

const onn_layer_kind onn_dropout_layer = {sizeof(onn_layer_kind), "dropout",
    "while training, numbers are left out at random", ONN_TAKES_NUMBERS, dropout_settings,
    .draws = draws, .forward = forward};
