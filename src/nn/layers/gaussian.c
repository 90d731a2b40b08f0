/* A source: a Gaussian beam. */
#include <math.h>

#include "nn/layer.h"

typedef struct gaussian {
	double waist, distance, at[2];
} gaussian;

static const onn_setting rows[] = {
    {ONN_SETTING("waist", REAL, gaussian, waist), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("distance", REAL, gaussian, distance), .unit = "m"},
    {ONN_SETTING("at", REAL, gaussian, at), .unit = "m", .length = 2},
};

static const onn_settings *gaussian_settings(void)
{
	ONN_RETURN_SETTINGS("gaussian", rows, gaussian, NULL, {1e-3, 0, {0, 0}});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const gaussian *b = layer;
	onn_grid seen = onn_grid_seen_from(&light->grid, b->at);
	return onn_gaussian_beam_sampling(s, &seen, &light->beam, b->waist, b->distance);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const gaussian *b = call->layer;
	onn_graph *g = call->g;
	const onn_signal *to = &call->out;
	onn_grid seen = onn_grid_seen_from(&to->grid, b->at);
	bool live = onn_is_live(call, &b->waist, 1) || onn_is_live(call, &b->distance, 1) ||
	            onn_is_live(call, b->at, 2) || call->wavelength.id;
	onn_field field =
	    live ? onn_gaussian_beam_of(g, &to->grid, &to->beam, onn_live_number(call, &b->waist),
	               onn_live_number(call, &b->distance), onn_live_number(call, &b->at[0]),
	               onn_live_number(call, &b->at[1]), call->wavelength)
	         : onn_gaussian_beam(g, &seen, &to->beam, b->waist, b->distance);
	onn_flow_begin(flow, g, field);
}

const onn_layer_kind onn_gaussian_layer = {sizeof(onn_layer_kind), "gaussian",
    "a source: a Gaussian beam", ONN_TAKES_NOTHING, gaussian_settings, .forward = forward,
    .differentiable = "waist distance at wavelength", .sampling = sampling};
