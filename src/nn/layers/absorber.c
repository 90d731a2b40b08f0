/* A saturable absorber for each number: the activation of an all-optical network. */
#include "core/error.h"
#include "core/streams.h"
#include "nn/network.h"
#include "saturable/dynamic.h"

typedef struct absorber {
	onn_absorber medium;
} absorber;

static const onn_setting rows[] = {
    {ONN_SETTING(NULL, PART, absorber, medium), .part = onn_absorber_settings},
};

/* Numbers are real: a detuned medium would make them complex. */
static onn_status check(const void *values)
{
	double detuning = ((const absorber *)values)->medium.detuning;
	return detuning == 0
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "absorber: detuning is %g; expected 0: the network's fields are real",
	                 detuning);
}

static const onn_settings *absorber_settings(void)
{
	ONN_RETURN_SETTINGS("absorber", rows, absorber, check, {ONN_ABSORBER_INIT});
}

static bool draws(const void *layer)
{
	const onn_absorber *a = &((const absorber *)layer)->medium;
	return a->medium == ONN_MEDIUM_DYNAMIC && a->probe_noise > 0;
}

/* The photons of a training are the setting's, those of a damaged copy the damage's. */
static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_absorber *a = &((const absorber *)call->layer)->medium;
	const onn_run_condition *c = call->pass->condition;
	onn_detection d = {.seed = c->seed,
	    .stream = ONN_STREAM_PULSES + 2 * (uint32_t)call->ordinal,
	    .step = c->step};
	if (c->step.id) {
		d.probe_photons = a->probe_noise;
		d.pump_photons = a->probe_fraction > 0 ? a->probe_noise / a->probe_fraction : 0;
	} else if (c->damaged) {
		d.pump_photons = c->damage.pump_photons;
		d.step = c->batch;
	}
	if (a->medium != ONN_MEDIUM_DYNAMIC || onn_graph_status(call->g))
		flow->x = onn_saturable_absorber(call->g, flow->x, a);
	else
		flow->x = onn_dynamic_absorber(call->g, "absorber", flow->x, a, NULL, &d);
}

const onn_layer_kind onn_absorber_layer = {sizeof(onn_layer_kind), "absorber",
    "a saturable absorber for each number", ONN_TAKES_NUMBERS, absorber_settings, .draws = draws,
    .forward = forward, .activates = true};
