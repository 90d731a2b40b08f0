/* An opening: a circle or a rectangle. */
#include <math.h>

#include "nn/layer.h"

typedef enum shape_kind { CIRCLE, RECTANGLE } shape_kind;
static const char *const shape_list[] = {"circle", "rectangle"};
static const onn_words shapes = {shape_list, 2, CIRCLE, NULL, 0};

typedef struct aperture {
	shape_kind shape;
	double radius, sides[2], at[2], edge;
} aperture;

#define ROW(name, kind, member) ONN_SETTING(name, kind, aperture, member)
static const onn_setting rows[] = {
    {ROW("shape", WORD, shape), .words = &shapes},
    {ROW("radius", REAL, radius), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .needs = "shape=circle"},
    {ROW("sides", REAL, sides), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2, .needs = "shape=rectangle"},
    {ROW("at", REAL, at), .unit = "m", .length = 2},
    {ROW("edge", REAL, edge), .low = 0, .high = INFINITY, .unit = "m", .late = true,
        .needs = "shape=circle"},
};

static const onn_settings *aperture_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "aperture", rows, aperture, NULL, {CIRCLE, 5e-3, {10e-3, 10e-3}, {0, 0}, 0});
}

/* A circle without a sharp edge: what passes has a derivative by its radius and place. */
static onn_node soft_circle(const onn_layer_call *call, const aperture *a)
{
	onn_node mask = onn_soft_circle(call->g, &call->in.grid, onn_live_number(call, &a->radius),
	    a->edge, onn_live_number(call, &a->at[0]), onn_live_number(call, &a->at[1]));
	return onn_cast(call->g, mask, onn_type_real(call->in.beam.type));
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const aperture *a = call->layer;
	onn_graph *g = call->g;
	onn_type real = onn_type_real(call->in.beam.type);
	bool live = onn_is_live(call, &a->radius, 1) || onn_is_live(call, a->at, 2);
	onn_node mask;
	if (a->shape == CIRCLE && a->edge > 0)
		mask = soft_circle(call, a);
	else if (live)
		mask = onn_fail(g, ONN_ERROR_ARGUMENT,
		    "aperture: radius and at have no derivative with a sharp edge; expected a "
		    "circle with an edge, such as one pixel's %g m",
		    call->in.grid.dx);
	else if (a->shape == CIRCLE)
		mask = onn_circular_mask(g, real, &call->in.grid, a->radius, a->at[0], a->at[1]);
	else
		mask = onn_rectangular_mask(
		    g, real, &call->in.grid, a->sides[0], a->sides[1], a->at[0], a->at[1]);
	onn_flow_times(flow, g, mask);
}

const onn_layer_kind onn_aperture_layer = {sizeof(onn_layer_kind), "aperture",
    "an opening, a circle or a rectangle; all else is dark", ONN_TAKES_LIGHT, aperture_settings,
    .forward = forward, .differentiable = "radius at wavelength"};
