/*
 * An image as light: enlarged (bilinearly) to `image` pixels in the middle of a grid, as amplitudes
 * or phases.
 */
#include <math.h>

#include <onn/d2nn.h>

#include "core/error.h"
#include "core/pi.h"
#include "nn/layers/encode.h"
#include "nn/network.h"
#include "nn/words.h"
#include "optics/light.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_encode_values, member)
static const onn_setting rows[] = {
    {ROW("grid", SIZE, grid), .low = 2, .high = 8192, .length = 2},
    {ROW("pitch", REAL, pitch), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2},
    {ROW("wavelength", REAL, wavelength), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ROW("image", SIZE, image), .low = 1, .high = 8192, .zero = "half of the grid"},
    {ROW("encoding", WORD, encoding), .words = &onn_d2nn_encoding_words},
};

const onn_settings *onn_encode_settings(void)
{
	ONN_RETURN_SETTINGS("encode", rows, onn_encode_values, NULL,
	    {{200, 200}, {400e-6, 400e-6}, 0.75e-3, 0, ONN_D2NN_ENCODING_AMPLITUDE});
}

/* Without a size of its own the image takes half of the grid (docs/results.md). */
size_t onn_encode_side(size_t image, size_t grid)
{
	size_t side = image ? image : (grid + 1) / 2;
	return side < grid ? side : grid;
}

onn_region onn_encode_region(const onn_encode_values *e, size_t height, size_t width)
{
	size_t least = e->grid[0] < e->grid[1] ? e->grid[0] : e->grid[1];
	size_t side = onn_encode_side(e->image, least), longer = height > width ? height : width;
	size_t ny = (2 * side * height + longer) / (2 * longer);
	size_t nx = (2 * side * width + longer) / (2 * longer);
	ny = ny ? ny : 1;
	nx = nx ? nx : 1;
	return (onn_region){(e->grid[0] - ny) / 2, (e->grid[1] - nx) / 2, ny, nx};
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const onn_encode_values *e = layer;
	size_t least = e->grid[0] < e->grid[1] ? e->grid[0] : e->grid[1];
	if (e->image > least)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "image is %zu; expected at most the grid's %zu", e->image, least);
	*s = (onn_signal){.light = true,
	    .grid = {.ny = e->grid[0], .nx = e->grid[1], .dy = e->pitch[0], .dx = e->pitch[1]},
	    .beam = onn_monochromatic(onn_type_complex(network->precision), e->wavelength),
	    .incoherent = e->encoding == ONN_D2NN_ENCODING_INCOHERENT};
	return onn_grid_check(&s->grid);
}

/* Bilinear enlargement of n pixels to `to`, [to, n]: pixels are areas, and edges go on. */
static onn_node enlargement(onn_graph *g, onn_type type, size_t to, size_t n)
{
	onn_array *a = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){to, n});
	double *m = status ? NULL : onn_array_data(a);
	for (size_t i = 0; i < to && m; i++) {
		double at = ((double)i + .5) * (double)n / (double)to - .5;
		at = at < 0 ? 0 : at > (double)(n - 1) ? (double)(n - 1) : at;
		size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
		m[i * n + low] += 1 - (at - (double)low);
		m[i * n + high] += at - (double)low;
	}
	/* rounded here: a device may have no fp64 */
	return onn_table_constant(g, status, a, type);
}

/* n images [n, n], each with one white pixel. */
static onn_node single_pixels(onn_graph *g, onn_type type, size_t n)
{
	onn_array *a = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){n, n});
	for (size_t i = 0; i < n && !status; i++)
		((double *)onn_array_data(a))[i * n + i] = 1;
	return onn_table_constant(g, status, a, type);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	onn_graph *g = call->g;
	const onn_encode_values *e = call->layer;
	if (onn_graph_status(g) || !flow->x.id)
		return;
	size_t batch = onn_node_shape(g, flow->x)[0], h = call->in.shape[0], w = call->in.shape[1];
	onn_region at = onn_encode_region(e, h, w);
	if (e->encoding == ONN_D2NN_ENCODING_INCOHERENT) {
		flow->images = onn_reshape(g, flow->x, 2, (size_t[]){batch, h * w});
		flow->x = single_pixels(g, call->pass->real, h * w);
		batch = h * w;
	}
	call->pass->images = flow->images;
	onn_node rows_ = onn_matmul_op(g, onn_reshape(g, flow->x, 2, (size_t[]){batch * h, w}),
	    ONN_N, enlargement(g, call->pass->real, at.nx, w), ONN_T);
	onn_node x = onn_matmul(g, enlargement(g, call->pass->real, at.ny, h),
	    onn_reshape(g, rows_, 3, (size_t[]){batch, h, at.nx}));
	if (e->encoding == ONN_D2NN_ENCODING_PHASE)
		x = onn_expi(g, onn_mul_real(g, x, (double)ONN_PI));
	flow->x = call->pass->source = x;
	flow->lit = at;
}

const onn_layer_kind onn_encode_layer = {sizeof(onn_layer_kind), "encode",
    "an image as light: amplitudes, phases from 0 to pi, or pixels that do not interfere",
    ONN_TAKES_IMAGE, onn_encode_settings, .shape = shape, .forward = forward};

onn_status onn_network_image(onn_region *region, const onn_network *network, size_t i)
{
	onn_signal s;
	onn_status status =
	    onn_network_layer_of(&s, "onn_network_image", network, i, onn_encode_layer.name);
	if (!status)
		*region = onn_encode_region(network->layer[i].values, s.shape[0], s.shape[1]);
	return status;
}
