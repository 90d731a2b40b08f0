/* A grey filter: a part of the power passes, everywhere the same. */
#include <math.h>

#include "nn/layer.h"

typedef struct filter {
	double transmission;
} filter;

static const onn_setting rows[] = {
    {ONN_SETTING("transmission", REAL, filter, transmission), .low = 0, .high = 1},
};

static const onn_settings *filter_settings(void)
{
	ONN_RETURN_SETTINGS("filter", rows, filter, NULL, {0.5});
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const filter *f = call->layer;
	flow->x = onn_mul_real(call->g, flow->x, sqrt(f->transmission));
}

const onn_layer_kind onn_filter_layer = {sizeof(onn_layer_kind), "filter",
    "a grey filter: a part of the power passes", ONN_TAKES_LIGHT, filter_settings,
    .forward = forward, .differentiable = "wavelength"};
