/* A prism, or a mirror that turns the light a little. */
#include <math.h>

#include "nn/layer.h"

typedef struct tilt {
	double angle[2];
} tilt;

static const onn_setting rows[] = {
    {ONN_SETTING("angle", REAL, tilt, angle), .unit = "rad", .length = 2},
};

static const onn_settings *tilt_settings(void)
{
	ONN_RETURN_SETTINGS("tilt", rows, tilt, NULL, {{0, 0}});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const tilt *t = layer;
	return onn_plane_wave_sampling(s, &light->grid, &light->beam, t->angle[0], t->angle[1]);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const tilt *t = call->layer;
	onn_graph *g = call->g;
	bool live = onn_is_live(call, t->angle, 2) || call->wavelength.id;
	onn_field wave =
	    live ? onn_tilt_of(g, onn_bright_field(g, &call->in), onn_live_number(call, t->angle),
	               onn_live_number(call, t->angle + 1), call->wavelength)
	         : onn_plane_wave(g, &call->in.grid, &call->in.beam, t->angle[0], t->angle[1]);
	onn_flow_times(flow, g, wave.e);
}

const onn_layer_kind onn_tilt_layer = {sizeof(onn_layer_kind), "tilt",
    "a prism: light is turned by an angle", ONN_TAKES_LIGHT, tilt_settings, .forward = forward,
    .differentiable = "angle wavelength", .sampling = sampling};
