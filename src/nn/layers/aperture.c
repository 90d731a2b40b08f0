/* An opening: a circle or a rectangle. */
#include <math.h>

#include "nn/layer.h"

typedef enum shape_kind { CIRCLE, RECTANGLE } shape_kind;
static const char *const shape_list[] = {"circle", "rectangle"};
static const onn_words shapes = {shape_list, 2, CIRCLE, NULL, 0};

typedef struct aperture {
	shape_kind shape;
	double radius, sides[2], at[2];
} aperture;

#define ROW(name, kind, member) ONN_SETTING(name, kind, aperture, member)
static const onn_setting rows[] = {
    {ROW("shape", WORD, shape), .words = &shapes},
    {ROW("radius", REAL, radius), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .needs = "shape=circle"},
    {ROW("sides", REAL, sides), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2, .needs = "shape=rectangle"},
    {ROW("at", REAL, at), .unit = "m", .length = 2},
};

static const onn_settings *aperture_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "aperture", rows, aperture, NULL, {CIRCLE, 5e-3, {10e-3, 10e-3}, {0, 0}});
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const aperture *a = call->layer;
	onn_type real = onn_type_real(call->in.beam.type);
	onn_node mask = a->shape == CIRCLE ? onn_circular_mask(call->g, real, &call->in.grid,
	                                         a->radius, a->at[0], a->at[1])
	                                   : onn_rectangular_mask(call->g, real, &call->in.grid,
	                                         a->sides[0], a->sides[1], a->at[0], a->at[1]);
	onn_flow_times(flow, call->g, mask);
}

const onn_layer_kind onn_aperture_layer = {"aperture",
    "an opening, a circle or a rectangle; all else is dark", ONN_TAKES_LIGHT, aperture_settings,
    .forward = forward};
