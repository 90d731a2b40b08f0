/* A source: a plane wave through slits, side by side in x. */
#include <math.h>

#include "nn/layer.h"

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

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const slits *s = call->layer;
	const onn_grid *grid = &call->out.grid;
	onn_graph *g = call->g;
	onn_type real = onn_type_real(call->out.beam.type);
	double height = s->height > 0 ? s->height : 2 * (double)grid->ny * grid->dy;
	onn_node open = {0};
	for (size_t i = 0; i < s->count; i++) {
		double x = ((double)i - (double)(s->count - 1) / 2) * s->separation;
		onn_node one = onn_rectangular_mask(g, real, grid, height, s->width, 0, x);
		open = i ? onn_max(g, open, one) : one;
	}
	onn_field light = onn_plane_wave(g, grid, &call->out.beam, 0, 0);
	onn_flow_begin(flow, g, onn_complex_plate(g, light, open));
}

const onn_layer_kind onn_slits_layer = {"slits", "a source: slits in a plane wave",
    ONN_TAKES_NOTHING, slits_settings, .forward = forward, .differentiable = "wavelength"};
