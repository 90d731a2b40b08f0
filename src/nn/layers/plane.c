/* A source: a plane wave, through a round hole or as wide as the grid. */
#include <math.h>

#include "nn/layer.h"

typedef struct plane {
	double tilt[2], radius, at[2];
} plane;

static const onn_setting rows[] = {
    {ONN_SETTING("tilt", REAL, plane, tilt), .unit = "rad", .length = 2},
    {ONN_SETTING("radius", REAL, plane, radius), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "as wide as the grid"},
    {ONN_SETTING("at", REAL, plane, at), .unit = "m", .length = 2},
};

static const onn_settings *plane_settings(void)
{
	ONN_RETURN_SETTINGS("plane", rows, plane, NULL, {{0, 0}, 0, {0, 0}});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const plane *p = layer;
	return onn_plane_wave_sampling(s, &light->grid, &light->beam, p->tilt[0], p->tilt[1]);
}

static onn_field tilted(const onn_layer_call *call, const plane *p)
{
	onn_graph *g = call->g;
	if (!onn_is_live(call, p->tilt, 2) && !call->wavelength.id)
		return onn_plane_wave(g, &call->out.grid, &call->out.beam, p->tilt[0], p->tilt[1]);
	return onn_tilt_of(g, onn_bright_field(g, &call->out), onn_live_number(call, &p->tilt[0]),
	    onn_live_number(call, &p->tilt[1]), call->wavelength);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const plane *p = call->layer;
	onn_field field = tilted(call, p);
	if (p->radius > 0)
		field = onn_circular_aperture(call->g, field, p->radius, p->at[0], p->at[1]);
	onn_flow_begin(flow, call->g, field);
}

const onn_layer_kind onn_plane_layer = {sizeof(onn_layer_kind), "plane",
    "a source: a plane wave, or a disc of it", ONN_TAKES_NOTHING, plane_settings,
    .forward = forward, .differentiable = "tilt wavelength", .sampling = sampling};
