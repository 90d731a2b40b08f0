/* A thin lens. */
#include <math.h>

#include "core/error.h"
#include "nn/layer.h"

typedef struct lens {
	double f, at[2];
} lens;

static const onn_setting rows[] = {
    {ONN_SETTING("f", REAL, lens, f), .unit = "m"},
    {ONN_SETTING("at", REAL, lens, at), .unit = "m", .length = 2},
};

static onn_status check(const void *values)
{
	return ((const lens *)values)->f != 0
	           ? ONN_OK
	           : onn_error(
	                 ONN_ERROR_ARGUMENT, "lens: f is 0; expected a focal length other than 0");
}

static const onn_settings *lens_settings(void)
{
	ONN_RETURN_SETTINGS("lens", rows, lens, check, {0.1, {0, 0}});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const lens *l = layer;
	return onn_lens_sampling(s, &light->grid, &light->beam, l->f, l->at[0], l->at[1]);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const lens *l = call->layer;
	onn_field field = onn_bright_field(call->g, &call->in);
	bool live = onn_is_live(call, &l->f, 1) || onn_is_live(call, l->at, 2);
	if (live || call->wavelength.id)
		field = onn_thin_lens_of(call->g, field, onn_live_number(call, &l->f),
		    onn_live_number(call, &l->at[0]), onn_live_number(call, &l->at[1]),
		    call->wavelength);
	else
		field = onn_thin_lens(call->g, field, l->f, l->at[0], l->at[1]);
	onn_flow_times(flow, call->g, field.e);
}

const onn_layer_kind onn_lens_layer = {sizeof(onn_layer_kind), "lens", "a thin lens",
    ONN_TAKES_LIGHT, lens_settings, .forward = forward, .differentiable = "f at wavelength",
    .sampling = sampling};
