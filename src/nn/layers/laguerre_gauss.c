/* A source: a mode of a laser, in rings; the power that all of space would hold is 1. */
#include <math.h>

#include "core/error.h"
#include "nn/layer.h"

enum { MAX_ORDER = 1000 };

typedef struct laguerre {
	double waist, distance, at[2];
	size_t radial;
	double charge;
} laguerre;

static const onn_setting rows[] = {
    {ONN_SETTING("waist", REAL, laguerre, waist), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("distance", REAL, laguerre, distance), .unit = "m"},
    {ONN_SETTING("at", REAL, laguerre, at), .unit = "m", .length = 2},
    {ONN_SETTING("radial", SIZE, laguerre, radial), .low = 0, .high = MAX_ORDER},
    {ONN_SETTING("charge", REAL, laguerre, charge), .low = -MAX_ORDER, .high = MAX_ORDER},
};

static onn_status check(const void *values)
{
	const laguerre *m = values;
	return m->charge == floor(m->charge)
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "laguerre-gauss: charge is %g; expected a whole number", m->charge);
}

static const onn_settings *mode_settings(void)
{
	ONN_RETURN_SETTINGS("laguerre-gauss", rows, laguerre, check, {1e-3, 0, {0, 0}, 0, 1});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const laguerre *m = layer;
	onn_grid seen = onn_grid_seen_from(&light->grid, m->at);
	return onn_laguerre_gauss_sampling(
	    s, &seen, &light->beam, (int)m->radial, (int)m->charge, m->waist, m->distance);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const laguerre *m = call->layer;
	onn_grid seen = onn_grid_seen_from(&call->out.grid, m->at);
	onn_flow_begin(flow, call->g,
	    onn_laguerre_gauss(call->g, &seen, &call->out.beam, (int)m->radial, (int)m->charge,
	        m->waist, m->distance));
}

const onn_layer_kind onn_laguerre_gauss_layer = {sizeof(onn_layer_kind), "laguerre-gauss",
    "a source: a mode of a laser, in rings", ONN_TAKES_NOTHING, mode_settings, .forward = forward,
    .sampling = sampling};
