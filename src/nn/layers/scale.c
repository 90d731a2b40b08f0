/* Numbers times a factor, plus an offset. */
#include "nn/layer.h"

typedef struct scale {
	double factor, offset;
} scale;

static const onn_setting rows[] = {
    {ONN_SETTING("factor", REAL, scale, factor)},
    {ONN_SETTING("offset", REAL, scale, offset)},
};

static const onn_settings *scale_settings(void)
{
	ONN_RETURN_SETTINGS("scale", rows, scale, NULL, {1, 0});
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const scale *s = call->layer;
	flow->x = onn_add_real(call->g, onn_mul_real(call->g, flow->x, s->factor), s->offset);
}

const onn_layer_kind onn_scale_layer = {sizeof(onn_layer_kind), "scale",
    "each number times a factor, plus an offset", ONN_TAKES_NUMBERS, scale_settings,
    .forward = forward};
