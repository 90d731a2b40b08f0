/*
 * One pass of light and numbers through a list of layers, as a graph.
 *
 * First, from the end to the beginning: of each plane of light, the part that later layers look at.
 * Then, from the beginning to the end, what each layer gives.
 */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/streams.h"
#include "nn/network.h"

static void prepare_calls(onn_layer_call *call, onn_pass *pass, onn_graph *g,
    const onn_signal *signal, const onn_node *leaf)
{
	onn_weight weight[ONN_LAYER_MAX_WEIGHTS];
	const onn_network *n = pass->network;
	for (size_t i = 0; i < n->count; i++) {
		const onn_layer_kind *kind = n->layer[i].kind;
		size_t ordinal = onn_network_ordinal(n, i);
		call[i] = (onn_layer_call){.layer = n->layer[i].values,
		    .g = g,
		    .pass = pass,
		    .weight = leaf,
		    .ordinal = ordinal,
		    .in = signal[i],
		    .out = signal[i + 1],
		    .step = pass->condition->step,
		    .seed = pass->condition->seed,
		    .stream = ONN_STREAM_LAYER + ONN_LAYER_STREAMS * (uint32_t)i};
		leaf += onn_layer_weights(weight, kind, call[i].layer, &signal[i], ordinal);
	}
	onn_region need = {0, 0, 0, 0};
	for (size_t i = n->count; i-- > 0;) {
		const onn_layer_kind *kind = n->layer[i].kind;
		call[i].need = need;
		if (signal[i].light && kind->looks_at)
			need = kind->looks_at(&call[i]);
	}
}

/* Noise in units of the root mean square of each image's numbers, which is no way for gradients. */
static onn_node with_noise(const onn_pass *pass, onn_graph *g, onn_node x, size_t layer)
{
	const onn_run_condition *c = pass->condition;
	onn_node step = c->step.id ? c->step : c->batch;
	if (c->damage.activation_noise == 0 || onn_graph_status(g) || !x.id || !step.id)
		return x;
	size_t shape[ONN_MAX_DIMS], ndim = onn_node_ndim(g, x);
	int axes[ONN_MAX_DIMS];
	memcpy(shape, onn_node_shape(g, x), ndim * sizeof *shape);
	for (size_t i = 1; i < ndim; i++)
		axes[i - 1] = (int)i;
	onn_node size = onn_sqrt(g, onn_mean(g, onn_square(g, x), axes, ndim - 1, true));
	onn_node noise = onn_random_normal(
	    g, pass->real, ndim, shape, c->seed, ONN_STREAM_ACTIVATION + (uint32_t)layer, step);
	noise = onn_mul_real(g, noise, c->damage.activation_noise);
	return onn_add(g, x, onn_mul(g, onn_stop(g, size), noise));
}

/* What a layer gave is what its shape said, or an error that says what it was. */
static void check_given(const onn_pass *pass, onn_graph *g, onn_flow *flow, size_t i)
{
	char where[96], fault[320];
	if (!onn_flow_fault(fault, sizeof fault, flow, g, pass->real))
		return;
	onn_layer_text(where, sizeof where, pass->network, i);
	flow->x = onn_fail(g, ONN_ERROR_ARGUMENT, "%s: %s", where, fault);
}

/* Images come as lists of pixels: [batch, shape...] of what the first layer takes. */
static onn_node as_signal(onn_graph *g, onn_node x, const onn_signal *signal)
{
	size_t shape[ONN_MAX_DIMS];
	if (onn_graph_status(g) || !x.id || onn_node_ndim(g, x) == 0)
		return x;
	shape[0] = onn_node_shape(g, x)[0];
	memcpy(shape + 1, signal->shape, signal->ndim * sizeof *shape);
	return onn_reshape(g, x, 1 + signal->ndim, shape);
}

onn_node onn_pass_forward(onn_pass *pass, onn_graph *g, onn_node x, const onn_node *leaf)
{
	const onn_network *n = pass->network;
	onn_signal *signal = malloc((n->count + 1) * sizeof *signal);
	onn_layer_call *call = malloc((n->count + 1) * sizeof *call);
	onn_status status = signal && call ? onn_network_signals(signal, n, n->count)
	                                   : onn_error_memory("onn_model_forward", sizeof *call);
	onn_flow flow = {.x = x};
	pass->real = n->options.precision;
	pass->complex = onn_type_complex(pass->real);
	if (status)
		flow.x = onn_fail(g, status, "%s", onn_last_error());
	else {
		flow.x = as_signal(g, x, signal);
		prepare_calls(call, pass, g, signal, leaf);
	}
	for (size_t i = 0; i < n->count && !status; i++) {
		flow.is = signal[i];
		n->layer[i].kind->forward(&flow, &call[i]);
		if (n->layer[i].kind->activates)
			flow.x = with_noise(pass, g, flow.x, i);
		flow.is = signal[i + 1];
		check_given(pass, g, &flow, i);
		if (!flow.is.light)
			flow.images = ONN_NULL_NODE;
		if (pass->look)
			pass->look(pass->user, g, i, &flow);
	}
	free(signal);
	free(call);
	return flow.x;
}

onn_node onn_pass_light(const onn_pass *pass, onn_graph *g)
{
	onn_node e = pass->source;
	if (onn_graph_status(g) || !e.id)
		return ONN_NULL_NODE;
	bool complex = onn_type_is_complex(onn_node_type(g, e));
	onn_node intensity = complex ? onn_abs2(g, e) : onn_square(g, e);
	if (onn_node_ndim(g, e) > 3)
		intensity = onn_sum(g, intensity, (int[]){1}, 1, false);
	return onn_of_images(g, pass->images, onn_sum(g, intensity, (int[]){1, 2}, 2, true));
}
