/* Each output a weighted sum of all inputs. */
#include <stdio.h>

#include "core/streams.h"
#include "nn/layer.h"
#include "nn/layers/linear.h"
#include "nn/network.h"

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

/*
 * Sums as two detectors count them: y is the difference of what the terms above and below 0 make,
 * |x| |w| their sum. A photon is so much of it that a term has `photons` of them in the mean.
 */
static onn_node counted(const onn_layer_call *call, onn_node x, onn_node w, onn_node y)
{
	const onn_run_condition *c = call->pass->condition;
	double photons = c->damaged ? c->damage.product_photons : 0;
	uint32_t stream = ONN_STREAM_PRODUCT + 2 * (uint32_t)call->ordinal;
	onn_graph *g = call->g;
	if (photons == 0 || onn_graph_status(g) || !c->batch.id)
		return y;
	onn_type type = onn_node_type(g, y);
	onn_node all = onn_linear(g, onn_abs(g, x), onn_abs(g, w));
	onn_node mean = onn_max(g, onn_mean(g, all, NULL, 0, false),
	    onn_scalar(g, type, type == ONN_F32 ? 1e-30 : 1e-200));
	onn_node unit = onn_mul_real(g, mean, 1 / (photons * (double)call->in.shape[0]));
	onn_node above = onn_div(g, onn_mul_real(g, onn_add(g, all, y), .5), unit);
	onn_node below = onn_div(g, onn_mul_real(g, onn_sub(g, all, y), .5), unit);
	onn_node count = onn_sub(g, onn_random_poisson(g, above, c->seed, stream, c->batch),
	    onn_random_poisson(g, below, c->seed, stream + 1, c->batch));
	return onn_mul(g, count, unit);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	onn_node y = onn_linear(call->g, flow->x, call->weight[0]);
	flow->x = counted(call, flow->x, call->weight[0], y);
	if (((const onn_linear_values *)call->layer)->bias)
		flow->x = onn_add(call->g, flow->x, call->weight[1]);
}

const onn_layer_kind onn_linear_layer = {sizeof(onn_layer_kind), "linear",
    "each output a weighted sum of all inputs", ONN_TAKES_LIST, linear_settings, .shape = shape,
    .weights = weights, .forward = forward};
