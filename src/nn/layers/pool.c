/* Windows of an image become their average, or their largest number. */
#include <string.h>

#include "core/error.h"
#include "nn/layer.h"
#include "nn/layers/conv2d.h"
#include "nn/words.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_pool_values, member)
static const onn_setting rows[] = {
    {ROW("kind", WORD, kind), .words = &onn_pooling_words},
    {ROW("window", SIZE, window), .low = 1, .high = 4096, .length = 2},
    {ROW("stride", SIZE, stride), .low = 1, .high = 1 << 24, .length = 2, .zero = "the window"},
    {ROW("padding", SIZE, padding), .low = 0, .high = 4095, .length = 2},
};

static onn_status check(const void *values)
{
	const onn_pool_values *l = values;
	for (int i = 0; i < 2; i++)
		if (l->padding[i] >= l->window[i])
			return onn_error(ONN_ERROR_ARGUMENT,
			    "pool: padding is %zu; expected less than the window (%zu)",
			    l->padding[i], l->window[i]);
	return ONN_OK;
}

static const onn_settings *pool_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "pool", rows, onn_pool_values, check, {ONN_POOLING_AVERAGE, {2, 2}, {0, 0}, {0, 0}});
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const onn_pool_values *l = layer;
	size_t *image = s->shape + s->ndim - 2;
	(void)network;
	for (int i = 0; i < 2; i++) {
		size_t padded = image[i] + 2 * l->padding[i];
		if (l->window[i] > padded)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "pool: window is %zu; expected one that is not larger than the padded "
			    "image (%zu + 2 * %zu)",
			    l->window[i], image[i], l->padding[i]);
		size_t stride = l->stride[i] ? l->stride[i] : l->window[i];
		image[i] = (padded - l->window[i]) / stride + 1;
	}
	return ONN_OK;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_pool_values *l = call->layer;
	onn_graph *g = call->g;
	onn_pool pool = ONN_POOL_INIT;
	size_t shape[4];
	if (onn_graph_status(g) || !flow->x.id)
		return;
	shape[0] = onn_node_shape(g, flow->x)[0];
	memcpy(shape + 1, call->in.shape, call->in.ndim * sizeof *shape);
	pool.kind = l->kind;
	memcpy(pool.window, l->window, sizeof pool.window);
	memcpy(pool.stride, l->stride, sizeof pool.stride);
	memcpy(pool.padding, l->padding, sizeof pool.padding);
	onn_node x = onn_reshape(g, flow->x, 1 + call->in.ndim, shape);
	flow->x = onn_pool2d(g, x, &pool);
}

const onn_layer_kind onn_pool_layer = {sizeof(onn_layer_kind), "pool",
    "windows of an image become their average, or their largest number", ONN_TAKES_IMAGES,
    pool_settings, .shape = shape, .forward = forward};
