/* Numbers times a factor, plus an offset. */
#include "core/memory.h"
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
	static const scale standard = {1, 0};
	static const onn_settings settings = {
	    "scale", rows, ONN_COUNT(rows), sizeof(scale), &standard, NULL};
	return &settings;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const scale *s = call->layer;
	flow->x = onn_add_real(call->g, onn_mul_real(call->g, flow->x, s->factor), s->offset);
}

const onn_layer_kind onn_scale_layer = {
    .name = "scale",
    .summary = "each number times a factor, plus an offset",
    .takes = ONN_TAKES_NUMBERS,
    .settings = scale_settings,
    .forward = forward,
};
