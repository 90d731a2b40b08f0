/* A source: a plane wave through slits, side by side in x. A pixel that an edge crosses has the
 * amplitude of its open part. */
#include <math.h>

#include "core/error.h"
#include "nn/layer.h"
#include "optics/light.h"

enum { MOST_SLITS = 1000 };

typedef struct slits {
	size_t count;
	double width, separation, height;
} slits;

static const onn_setting rows[] = {
    {ONN_SETTING("count", SIZE, slits, count), .low = 1, .high = MOST_SLITS},
    {ONN_SETTING("width", REAL, slits, width), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("separation", REAL, slits, separation), .low = 0, .high = INFINITY,
        .low_open = true, .unit = "m"},
    {ONN_SETTING("height", REAL, slits, height), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "as high as the grid"},
};

static const onn_settings *slits_settings(void)
{
	ONN_RETURN_SETTINGS("slits", rows, slits, NULL, {2, 1e-4, 5e-4, 0});
}

/* The part of pixel i of an axis that lies in the middle `width` about `centre`. */
static double covered(const onn_grid *grid, int axis, size_t i, double centre, double width)
{
	double d = axis ? grid->dx : grid->dy;
	double off = onn_grid_at(grid, axis, i) - centre;
	double low = fmax(off - d / 2, -width / 2), high = fmin(off + d / 2, width / 2);
	return high > low ? (high - low) / d : 0;
}

/* Of each pixel of an axis, what is open: a column or a row. */
static onn_node opening(onn_graph *g, onn_type real, const onn_grid *grid, int axis, const slits *s)
{
	size_t n = axis ? grid->nx : grid->ny;
	onn_array *a = NULL;
	onn_status status =
	    onn_array_create(&a, ONN_F64, 2, axis ? (size_t[]){1, n} : (size_t[]){n, 1});
	double *open = status ? NULL : onn_array_data(a);
	for (size_t i = 0; i < n && open; i++) {
		open[i] = axis || s->height > 0 ? 0 : 1;
		for (size_t k = 0; k < (axis ? s->count : s->height > 0); k++) {
			double at = ((double)k - (double)(s->count - 1) / 2) * s->separation;
			open[i] += axis ? covered(grid, 1, i, at, s->width)
			                : covered(grid, 0, i, 0, s->height);
		}
		open[i] = fmin(open[i], 1);
	}
	return onn_table_constant(g, status, a, real);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const slits *s = call->layer;
	const onn_grid *grid = &call->out.grid;
	onn_graph *g = call->g;
	onn_type real = onn_type_real(call->out.beam.type);
	onn_node open = onn_mul(g, opening(g, real, grid, 0, s), opening(g, real, grid, 1, s));
	onn_field light = onn_plane_wave(g, grid, &call->out.beam, 0, 0);
	onn_flow_begin(flow, g, onn_complex_plate(g, light, open));
}

const onn_layer_kind onn_slits_layer = {sizeof(onn_layer_kind), "slits",
    "a source: slits in a plane wave", ONN_TAKES_NOTHING, slits_settings, .forward = forward,
    .differentiable = "wavelength"};
