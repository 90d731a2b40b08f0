/* A phase grating. */
#include <math.h>

#include "core/error.h"
#include "core/pi.h"
#include "nn/layer.h"

typedef enum grating_kind { BLAZED, BINARY, SINE } grating_kind;
static const char *const kind_list[] = {"blazed", "binary", "sine"};
static const onn_words kinds = {kind_list, 3, BLAZED, NULL, 0};

typedef struct grating {
	grating_kind kind;
	double period, angle, depth;
} grating;

static const onn_setting rows[] = {
    {ONN_SETTING("kind", WORD, grating, kind), .words = &kinds},
    {ONN_SETTING("period", REAL, grating, period), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("angle", REAL, grating, angle), .unit = "rad"},
    {ONN_SETTING("depth", REAL, grating, depth), .unit = "rad", .needs = "kind=binary|sine"},
};

static const onn_settings *grating_settings(void)
{
	ONN_RETURN_SETTINGS("grating", rows, grating, NULL, {BLAZED, 1e-4, 0, 3.14159265358979312});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const grating *p = layer;
	return onn_grating_sampling(s, &light->grid, p->period, p->angle);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const grating *p = call->layer;
	onn_graph *g = call->g;
	const onn_grid *grid = &call->in.grid;
	onn_type real = onn_type_real(call->in.beam.type);
	onn_node phase;
	if (p->kind == BLAZED)
		phase = onn_blazed_phase(g, real, grid, p->period, p->angle);
	else /* of a depth of 1, so that the depth may be a node */
		phase = p->kind == BINARY ? onn_binary_phase(g, real, grid, p->period, p->angle, 1)
		                          : onn_sine_phase(g, real, grid, p->period, p->angle, 1);
	if (p->kind != BLAZED && onn_is_live(call, &p->depth, 1))
		phase = onn_mul(g, phase, onn_cast(g, onn_live_number(call, &p->depth), real));
	else if (p->kind != BLAZED)
		phase = onn_mul_real(g, phase, p->depth);
	onn_flow_times(flow, g, onn_expi(g, onn_phase_of_colours(g, phase, &call->in.beam)));
}

const onn_layer_kind onn_grating_layer = {sizeof(onn_layer_kind), "grating",
    "a grating of phase: blazed, binary or sinusoidal", ONN_TAKES_LIGHT, grating_settings,
    .forward = forward, .differentiable = "depth", .sampling = sampling};
