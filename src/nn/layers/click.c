/*
 * Detectors that tell light from none: 1 with the probability that at least one photon arrives.
 * Each number is an amplitude, its square the light, and the power is such that the mean number of
 * photons is what is asked for, over all numbers of a batch.
 *
 * Training draws, too, and its gradient is that of the probability (Ma et al., Nature
 * Communications 16, 359 (2025)).
 */
#include <math.h>
#include <string.h>

#include "core/streams.h"
#include "nn/layer.h"
#include "nn/network.h"

typedef struct click {
	double photons; /* of each multiplication of the sums in front */
	size_t terms;   /* of a sum */
} click;

#define ROW(name, kind, member) ONN_SETTING(name, kind, click, member)
static const onn_setting rows[] = {
    {ROW("photons", REAL, photons), .low = 0, .high = INFINITY, .low_open = true,
        .high_open = true},
    {ROW("terms", SIZE, terms), .low = 1, .high = 1 << 24},
};

static const onn_settings *click_settings(void)
{
	ONN_RETURN_SETTINGS("click", rows, click, NULL, {1, 1});
}

static bool draws(const void *layer)
{
	(void)layer;
	return true;
}

/* Where nothing is drawn, as for a prediction, the probability itself. */
static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const click *l = call->layer;
	const onn_run_condition *c = call->pass->condition;
	onn_node step = c->step.id ? c->step : c->batch;
	onn_graph *g = call->g;
	size_t shape[ONN_MAX_DIMS];
	if (onn_graph_status(g) || !flow->x.id)
		return;
	onn_type type = onn_node_type(g, flow->x);
	onn_node light = onn_square(g, flow->x);
	onn_node mean = onn_max(g, onn_mean(g, light, NULL, 0, false),
	    onn_scalar(g, type, type == ONN_F32 ? 1e-30 : 1e-200));
	onn_node photons = onn_mul_real(g, onn_div(g, light, mean), l->photons * (double)l->terms);
	onn_node chance = onn_neg(g, onn_expm1(g, onn_neg(g, photons)));
	flow->x = chance;
	if (!step.id || onn_graph_status(g))
		return;
	size_t ndim = onn_node_ndim(g, chance);
	memcpy(shape, onn_node_shape(g, chance), ndim * sizeof *shape);
	onn_node u = onn_random_uniform(
	    g, type, ndim, shape, c->seed, ONN_STREAM_CLICK + (uint32_t)call->ordinal, step);
	flow->x = onn_straight_through(g, onn_less(g, u, chance), chance);
}

const onn_layer_kind onn_click_layer = {sizeof(onn_layer_kind), "click",
    "1 where a detector finds photons of each number's square, else 0", ONN_TAKES_NUMBERS,
    click_settings, .draws = draws, .forward = forward};
