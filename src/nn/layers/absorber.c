/* A saturable absorber for each number: the activation of an all-optical network. */
#include "core/error.h"
#include "nn/layer.h"

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

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const absorber *a = call->layer;
	flow->x = onn_saturable_absorber(call->g, flow->x, &a->medium);
}

const onn_layer_kind onn_absorber_layer = {"absorber", "a saturable absorber for each number",
    ONN_TAKES_NUMBERS, absorber_settings, .forward = forward};
