/*
 * A convolution by light: a coherent 4f processor. Images stand as amplitudes in tiles of its first
 * plane, one below the other; a lens makes their spectrum, a mask multiplies it, and a second lens
 * makes of that the plane where outputs stand in tiles side by side.
 *
 * A lens shifts with its input, so one mask serves all: its response to a point has kernel (o, c) o
 * tiles to the right and c tiles up, where it meets channel c in the row of tiles that is read.
 * What falls on other rows is not looked at. Tiles are as large as an image and its kernel's reach,
 * so that nothing runs into a neighbour: what is read is conv2d's sum, to rounding.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/fourier.h>

#include "core/error.h"
#include "core/streams.h"
#include "nn/network.h"

typedef enum reading { AMPLITUDE, INTENSITY, LIGHT } reading;
static const char *const reading_list[] = {"amplitude", "intensity", "light"};
static const onn_words readings = {reading_list, 3, AMPLITUDE, NULL, 0};

typedef enum gain { FREE, PASSIVE } gain;
static const char *const gain_list[] = {"free", "passive"};
static const onn_words gains = {gain_list, 2, FREE, NULL, 0};

typedef struct conv4f {
	size_t outputs, kernel[2], padding[2];
	reading reading;
	gain mask;
	double pitch[2], wavelength; /* of the light that it gives */
	onn_weight_start start;
} conv4f;

enum { MOST = 1 << 24, MOST_SIDE = 4096 };

#define ROW(name, kind, member) ONN_SETTING(name, kind, conv4f, member)
static const onn_setting rows[] = {
    {ROW("outputs", SIZE, outputs), .low = 1, .high = MOST},
    {ROW("kernel", SIZE, kernel), .low = 1, .high = MOST_SIDE, .length = 2},
    {ROW("padding", SIZE, padding), .low = 0, .high = MOST_SIDE, .length = 2},
    {ROW("reading", WORD, reading), .words = &readings},
    {ROW("mask", WORD, mask), .words = &gains},
    {ROW("pitch", REAL, pitch), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2},
    {ROW("wavelength", REAL, wavelength), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
};

static onn_status check(const void *values)
{
	const conv4f *l = values;
	for (int i = 0; i < 2; i++)
		if (l->padding[i] >= l->kernel[i])
			return onn_error(ONN_ERROR_ARGUMENT,
			    "conv4f: padding is %zu; expected less than the kernel (%zu)",
			    l->padding[i], l->kernel[i]);
	return ONN_OK;
}

static const onn_settings *conv4f_settings(void)
{
	ONN_RETURN_SETTINGS("conv4f", rows, conv4f, check,
	    {8, {5, 5}, {0, 0}, AMPLITUDE, FREE, {8e-6, 8e-6}, 532e-9, ONN_WEIGHT_START_INIT});
}

/* Pixels of a tile along an axis, and of its part that is read. */
static size_t tile_of(const conv4f *l, size_t image, int axis)
{
	return image + l->kernel[axis] - 1;
}

static size_t read_of(const conv4f *l, size_t image, int axis)
{
	return image + 2 * l->padding[axis] - l->kernel[axis] + 1;
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const conv4f *l = layer;
	size_t channels = onn_signal_channels(s), image[2], size[2];
	memcpy(image, onn_signal_image(s), sizeof image);
	for (int i = 0; i < 2; i++) {
		if (l->kernel[i] > image[i] + 2 * l->padding[i])
			return onn_error(ONN_ERROR_ARGUMENT,
			    "kernel is %zu; expected one that is not larger than the padded image "
			    "(%zu + 2 * %zu)",
			    l->kernel[i], image[i], l->padding[i]);
		size[i] = read_of(l, image[i], i);
	}
	size_t plane[2] = {
	    channels * tile_of(l, image[0], 0), l->outputs * tile_of(l, image[1], 1)};
	if (plane[0] > MOST_SIDE || plane[1] > 4 * MOST_SIDE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%zu channels and %zu outputs make a plane of %zu x %zu pixels; expected at "
		    "most %d x %d",
		    channels, l->outputs, plane[0], plane[1], MOST_SIDE, 4 * MOST_SIDE);
	*s = (onn_signal){.ndim = 3, .shape = {l->outputs, size[0], size[1]}};
	if (l->reading != LIGHT)
		return ONN_OK;
	*s = (onn_signal){.light = true,
	    .grid = {.ny = size[0],
	        .nx = l->outputs * size[1],
	        .dy = l->pitch[0],
	        .dx = l->pitch[1]},
	    .beam = onn_monochromatic(onn_type_complex(network->precision), l->wavelength)};
	return onn_grid_check(&s->grid);
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const conv4f *l = layer;
	w[0] = (onn_weight){.ndim = 4,
	    .shape = {l->outputs, onn_signal_channels(in), l->kernel[0], l->kernel[1]},
	    .start = &l->start};
	snprintf(w[0].name, sizeof w[0].name, "conv4f%zu", ordinal);
	return 1;
}

static onn_node turned_round(onn_graph *g, onn_node x, int axis, size_t n)
{
	return onn_slice(g, x, axis, n - 1, n, -1);
}

/* The mask: the spectrum of kernels in their tiles, [channels tiles, outputs tiles]. */
static onn_node mask_of(const onn_layer_call *call, const size_t tile[2])
{
	const conv4f *l = call->layer;
	onn_graph *g = call->g;
	size_t channels = onn_signal_channels(&call->in);
	onn_node w = call->weight[0];
	if (channels > 1) { /* c tiles up, past the upper edge: from below */
		onn_node first = onn_slice(g, w, 1, 0, 1, 1);
		onn_node others = onn_slice(g, w, 1, channels - 1, channels - 1, -1);
		w = onn_concat(g, (onn_node[]){first, others}, 2, 1);
	}
	w = turned_round(g, turned_round(g, w, 2, l->kernel[0]), 3, l->kernel[1]);
	w = onn_pad(g, w, 2, 0, tile[0] - l->kernel[0]);
	w = onn_pad(g, w, 3, 0, tile[1] - l->kernel[1]);
	w = onn_permute(g, w, (int[]){1, 2, 0, 3});
	w = onn_reshape(g, w, 2, (size_t[]){channels * tile[0], l->outputs * tile[1]});
	onn_node mask = onn_fft2(g, w);
	if (l->mask == PASSIVE) {
		onn_node most = onn_reduce_max(g, onn_abs2(g, mask), NULL, 0, false);
		onn_node tiny = onn_scalar(g, call->pass->real, 1e-30);
		mask = onn_mul(g, mask, onn_recip(g, onn_sqrt(g, onn_max(g, most, tiny))));
	}
	onn_node noise = onn_phase_noise(call, channels * tile[0], l->outputs * tile[1],
	    ONN_STREAM_MASK + (uint32_t)call->ordinal);
	return noise.id ? onn_mul(g, mask, onn_expi(g, noise)) : mask;
}

/* [batch, rows, outputs tiles] as outputs of images. */
static onn_node take_apart(const onn_layer_call *call, onn_node y, size_t batch, size_t tile)
{
	const conv4f *l = call->layer;
	onn_graph *g = call->g;
	const size_t *image = onn_signal_image(&call->in);
	size_t height = read_of(l, image[0], 0), width = read_of(l, image[1], 1);
	y = onn_reshape(g, y, 4, (size_t[]){batch, height, l->outputs, tile});
	y = onn_slice(g, y, -1, l->kernel[1] - 1 - l->padding[1], width, 1);
	if (l->reading == LIGHT)
		return onn_reshape(g, y, 3, (size_t[]){batch, height, l->outputs * width});
	y = l->reading == AMPLITUDE ? onn_real(g, y) : onn_abs2(g, y);
	return onn_permute(g, y, (int[]){0, 2, 1, 3});
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const conv4f *l = call->layer;
	onn_graph *g = call->g;
	if (onn_graph_status(g) || !flow->x.id)
		return;
	const size_t *image = onn_signal_image(&call->in);
	size_t batch = onn_node_shape(g, flow->x)[0], channels = onn_signal_channels(&call->in);
	size_t tile[2] = {tile_of(l, image[0], 0), tile_of(l, image[1], 1)};
	onn_node x = onn_reshape(g, flow->x, 4, (size_t[]){batch, channels, image[0], image[1]});
	x = onn_pad(g, x, 2, 0, tile[0] - image[0]);
	x = onn_reshape(g, x, 3, (size_t[]){batch, channels * tile[0], image[1]});
	const onn_window keep = {
	    {l->kernel[0] - 1 - l->padding[0], 0}, {read_of(l, image[0], 0), l->outputs * tile[1]}};
	onn_node y = onn_filter(g, x, mask_of(call, tile), NULL, &keep);
	flow->x = take_apart(call, y, batch, tile[1]);
	if (l->reading != LIGHT)
		return;
	call->pass->source = x;
	call->pass->images = ONN_NULL_NODE;
	flow->lit = onn_whole(&call->out.grid);
}

const onn_layer_kind onn_conv4f_layer = {sizeof(onn_layer_kind), "conv4f",
    "a convolution by light: two lenses and a mask of kernels between them", ONN_TAKES_IMAGES,
    conv4f_settings, .shape = shape, .weights = weights, .forward = forward};
