/* A spatial light modulator that shows phases from a file, or those that are learnt. */
#include <math.h>

#include "core/error.h"
#include "core/pi.h"
#include "nn/layers/placed.h"
#include "nn/network.h"

enum { MOST_LEVELS = 65536 };

typedef struct slm {
	char file[512];
	double white; /* the phase of 1, which a picture's white is */
	unsigned levels;
	double fill, side;
} slm;

static const onn_setting rows[] = {
    {ONN_SETTING("file", TEXT, slm, file), .length = 512},
    {ONN_SETTING("white", REAL, slm, white), .unit = "rad"},
    {ONN_SETTING("levels", UNSIGNED, slm, levels), .low = 2, .high = MOST_LEVELS,
        .zero = "any phase"},
    {ONN_SETTING("fill", REAL, slm, fill), .low = 0, .high = 1, .low_open = true},
    {ONN_SETTING("side", REAL, slm, side), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "its pixels are the grid's"},
};

static const onn_settings *slm_settings(void)
{
	ONN_RETURN_SETTINGS("slm", rows, slm, NULL, {"", ONN_TWO_PI, 0, 1, 0});
}

static onn_status read_phase(onn_array **array, const void *layer, const onn_weight *weight)
{
	const slm *m = layer;
	return onn_placed_read(array, m->file, m->side, false, false, &weight->grid);
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	static const onn_weight_start start = ONN_WEIGHT_START_INIT;
	*w = onn_placed_weight("slm", ordinal, false, &in->grid, read_phase);
	if (((const slm *)layer)->file[0])
		return 1;
	w->begin = ONN_BEGIN_NORMAL;
	w->start = &start;
	w->fixed = false;
	return 1;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const slm *m = call->layer;
	onn_graph *g = call->g;
	onn_slm shown = ONN_SLM_INIT;
	shown.levels = m->levels;
	shown.fill = m->fill;
	onn_node phase = call->weight[0]; /* learnt: radians */
	if (m->file[0])
		phase = onn_mul_real(g, phase, m->white);
	onn_field light = onn_bright_field(g, &call->in);
	if (call->in.beam.nwavelengths > 1) {
		phase = m->levels ? onn_slm_phase(g, phase, &shown) : phase;
		phase = onn_phase_of_colours(g, phase, &call->in.beam);
		shown.levels = 0;
	}
	onn_flow_times(flow, g, onn_modulate(g, light, phase, &shown).e);
}

const onn_layer_kind onn_slm_layer = {"slm",
    "a modulator that shows phases from a file, or learnt ones", ONN_TAKES_LIGHT, slm_settings,
    .weights = weights, .forward = forward};
