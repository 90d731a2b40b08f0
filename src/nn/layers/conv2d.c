/* Images with kernels that are learnt: each output a weighted sum of a window of all channels. */
#include "nn/layers/conv2d.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "nn/layer.h"

enum { MOST = 1 << 24 };

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_conv2d_values, member)
static const onn_setting rows[] = {
    {ROW("outputs", SIZE, outputs), .low = 1, .high = MOST},
    {ROW("kernel", SIZE, kernel), .low = 1, .high = 4096, .length = 2},
    {ROW("stride", SIZE, stride), .low = 1, .high = MOST, .length = 2},
    {ROW("padding", SIZE, padding), .low = 0, .high = MOST, .length = 2},
    {ROW("dilation", SIZE, dilation), .low = 1, .high = MOST, .length = 2},
    {ROW("groups", SIZE, groups), .low = 1, .high = MOST},
    {ROW("bias", BOOL, bias)},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
};

static const onn_settings *conv2d_settings(void)
{
	ONN_RETURN_SETTINGS("conv2d", rows, onn_conv2d_values, NULL,
	    {32, {3, 3}, {1, 1}, {0, 0}, {1, 1}, 1, false, ONN_WEIGHT_START_INIT});
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const onn_conv2d_values *l = layer;
	size_t channels = onn_signal_channels(s), image[2];
	(void)network;
	memcpy(image, onn_signal_image(s), sizeof image);
	if (channels % l->groups != 0 || l->outputs % l->groups != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "conv2d: groups is %zu; expected one that divides channels (%zu) and outputs "
		    "(%zu)",
		    l->groups, channels, l->outputs);
	*s = (onn_signal){.ndim = 3, .shape = {l->outputs}};
	for (int i = 0; i < 2; i++) {
		size_t padded = image[i] + 2 * l->padding[i];
		size_t across = (l->kernel[i] - 1) * l->dilation[i] + 1;
		if (across > padded)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "conv2d: kernel is %zu, dilation %zu; expected one that is not larger "
			    "than the padded image (%zu + 2 * %zu)",
			    l->kernel[i], l->dilation[i], image[i], l->padding[i]);
		s->shape[1 + i] = (padded - across) / l->stride[i] + 1;
	}
	return ONN_OK;
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const onn_conv2d_values *l = layer;
	size_t channels = onn_signal_channels(in) / l->groups;
	w[0] = (onn_weight){.ndim = 4,
	    .shape = {l->outputs, channels, l->kernel[0], l->kernel[1]},
	    .start = &l->start};
	snprintf(w[0].name, sizeof w[0].name, "conv%zu", ordinal);
	w[1] =
	    (onn_weight){.ndim = 1, .shape = {l->outputs}, .begin = ONN_BEGIN_ZERO, .bias = true};
	snprintf(w[1].name, sizeof w[1].name, "conv%zu.bias", ordinal);
	return l->bias ? 2 : 1;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_conv2d_values *l = call->layer;
	onn_graph *g = call->g;
	onn_convolution how = ONN_CONVOLUTION_INIT;
	if (onn_graph_status(g) || !flow->x.id)
		return;
	memcpy(how.stride, l->stride, sizeof how.stride);
	memcpy(how.padding, l->padding, sizeof how.padding);
	memcpy(how.dilation, l->dilation, sizeof how.dilation);
	how.groups = l->groups;
	const size_t *image = onn_signal_image(&call->in);
	size_t shape[4] = {
	    onn_node_shape(g, flow->x)[0], onn_signal_channels(&call->in), image[0], image[1]};
	onn_node x = onn_reshape(g, flow->x, 4, shape);
	flow->x = onn_conv2d(g, x, call->weight[0], &how);
	if (l->bias)
		flow->x = onn_add(
		    g, flow->x, onn_reshape(g, call->weight[1], 3, (size_t[]){l->outputs, 1, 1}));
}

const onn_layer_kind onn_conv2d_layer = {sizeof(onn_layer_kind), "conv2d",
    "each output a weighted sum of a window of all channels", ONN_TAKES_IMAGES, conv2d_settings,
    .shape = shape, .weights = weights, .forward = forward};
