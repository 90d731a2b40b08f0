/* A source: a mode of a laser, in lobes; the power that all of space would hold is 1. */
#include <math.h>

#include "nn/layer.h"

enum { MAX_ORDER = 1000 };

typedef struct hermite {
	double waist, distance, at[2];
	size_t order[2];
} hermite;

static const onn_setting rows[] = {
    {ONN_SETTING("waist", REAL, hermite, waist), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("distance", REAL, hermite, distance), .unit = "m"},
    {ONN_SETTING("at", REAL, hermite, at), .unit = "m", .length = 2},
    {ONN_SETTING("order", SIZE, hermite, order), .low = 0, .high = MAX_ORDER, .length = 2},
};

static const onn_settings *mode_settings(void)
{
	ONN_RETURN_SETTINGS("hermite-gauss", rows, hermite, NULL, {1e-3, 0, {0, 0}, {0, 0}});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const hermite *m = layer;
	onn_grid seen = onn_grid_seen_from(&light->grid, m->at);
	return onn_hermite_gauss_sampling(
	    s, &seen, &light->beam, (int)m->order[0], (int)m->order[1], m->waist, m->distance);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const hermite *m = call->layer;
	onn_grid seen = onn_grid_seen_from(&call->out.grid, m->at);
	onn_flow_begin(flow, call->g,
	    onn_hermite_gauss(call->g, &seen, &call->out.beam, (int)m->order[0], (int)m->order[1],
	        m->waist, m->distance));
}

const onn_layer_kind onn_hermite_gauss_layer = {sizeof(onn_layer_kind), "hermite-gauss",
    "a source: a mode of a laser, in lobes", ONN_TAKES_NOTHING, mode_settings, .forward = forward,
    .sampling = sampling};
