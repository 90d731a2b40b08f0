/* A camera: the intensity of every pixel, with its noise or without. */
#include "core/streams.h"
#include "nn/layers/camera.h"
#include "nn/network.h"

static const onn_setting rows[] = {
    {ONN_SETTING("photons", REAL, onn_camera_values, photons), .low = 0, .high = 1e15},
    {ONN_SETTING("read_noise", REAL, onn_camera_values, read_noise), .low = 0, .high = 1e9,
        .needs = "photons"},
};

static const onn_settings *camera_settings(void)
{
	ONN_RETURN_SETTINGS("camera", rows, onn_camera_values, NULL, {0, 0});
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)layer, (void)network;
	*s = (onn_signal){.ndim = 2, .shape = {s->grid.ny, s->grid.nx}};
	return ONN_OK;
}

static bool draws(const void *layer) { return ((const onn_camera_values *)layer)->photons > 0; }

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_camera_values *c = call->layer;
	const onn_run_condition *condition = call->pass->condition;
	onn_graph *g = call->g;
	onn_region whole = onn_whole(&call->in.grid);
	onn_node step = condition->step.id ? condition->step : condition->batch;
	flow->x = onn_flow_intensity(flow, g, &whole);
	if (c->photons == 0)
		return;
	/* noise of the parts of all light, then intensities again */
	onn_node light = onn_pass_light(call->pass, g);
	onn_camera noise = ONN_CAMERA_INIT;
	noise.photons = c->photons;
	noise.read_noise = c->read_noise;
	noise.shot_noise = true;
	noise.seed = condition->seed;
	noise.stream = ONN_STREAM_CAMERA + 2 * (uint32_t)call->ordinal;
	onn_node parts = onn_part_of(g, flow->x, light);
	if (!step.id)
		step = onn_scalar(g, ONN_U32, 0);
	flow->x = onn_mul(g, onn_camera_reading(g, parts, &noise, step), light);
}

const onn_layer_kind onn_camera_layer = {sizeof(onn_layer_kind), "camera",
    "the intensity of every pixel, as a camera reads it", ONN_TAKES_LIGHT, camera_settings,
    .shape = shape, .draws = draws, .looks_at = onn_looks_at_whole, .forward = forward};
