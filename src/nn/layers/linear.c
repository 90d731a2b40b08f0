/* Each output a weighted sum of all inputs. */
#include <stdio.h>

#include "nn/layer.h"
#include "nn/layers/linear.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_linear_values, member)
static const onn_setting rows[] = {
    {ROW("outputs", SIZE, outputs), .low = 1, .high = 1 << 24},
    {ROW("bias", BOOL, bias)},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
};

static const onn_settings *linear_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "linear", rows, onn_linear_values, NULL, {10, false, ONN_WEIGHT_START_INIT});
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)network;
	s->shape[0] = ((const onn_linear_values *)layer)->outputs;
	return ONN_OK;
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const onn_linear_values *l = layer;
	w[0] = (onn_weight){.ndim = 2, .shape = {in->shape[0], l->outputs}, .start = &l->start};
	snprintf(w[0].name, sizeof w[0].name, "w%zu", ordinal);
	w[1] =
	    (onn_weight){.ndim = 1, .shape = {l->outputs}, .begin = ONN_BEGIN_ZERO, .bias = true};
	snprintf(w[1].name, sizeof w[1].name, "b%zu", ordinal);
	return l->bias ? 2 : 1;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	flow->x = onn_linear(call->g, flow->x, call->weight[0]);
	if (((const onn_linear_values *)call->layer)->bias)
		flow->x = onn_add(call->g, flow->x, call->weight[1]);
}

const onn_layer_kind onn_linear_layer = {"linear", "each output a weighted sum of all inputs",
    ONN_TAKES_LIST, linear_settings, .shape = shape, .weights = weights, .forward = forward};
