/*
 * A transmission that is given: an array or a picture from a file, kept with the network's weights
 * and not trained.
 */
#include <math.h>

#include "core/error.h"
#include "nn/layers/placed.h"
#include "nn/layers/plate.h"
#include "nn/network.h"

typedef enum mask_modulation { AMPLITUDE, PHASE, COMPLEX } mask_modulation;
static const char *const modulation_list[] = {"amplitude", "phase", "complex"};
static const onn_words modulations = {modulation_list, 3, AMPLITUDE, NULL, 0};

typedef struct mask {
	char file[512];
	mask_modulation modulation;
	double side;
} mask;

static const onn_setting rows[] = {
    {ONN_SETTING("file", TEXT, mask, file), .length = 512},
    {ONN_SETTING("modulation", WORD, mask, modulation), .words = &modulations},
    {ONN_SETTING("side", REAL, mask, side), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "its pixels are the grid's", .late = true},
};

static onn_status check(const void *values)
{
	return ((const mask *)values)->file[0]
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "mask: no file; expected the name of an .npy, .png or .tif");
}

static const onn_settings *mask_settings(void)
{
	ONN_RETURN_SETTINGS("mask", rows, mask, check, {"", AMPLITUDE, 0});
}

static onn_status read_mask(onn_array **array, const void *layer, const onn_weight *weight)
{
	const mask *m = layer;
	return onn_placed_read(
	    array, m->file, m->side, true, m->modulation == COMPLEX, &weight->grid);
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const mask *m = layer;
	*w = onn_placed_weight("mask", ordinal, m->modulation == COMPLEX, &in->grid, read_mask);
	return 1;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const mask *m = call->layer;
	onn_node t = call->weight[0];
	if (m->modulation == PHASE)
		t = onn_expi(call->g, t);
	else if (m->modulation == COMPLEX)
		t = onn_complex_of_parts(call->g, t, &call->in.grid);
	onn_flow_times(flow, call->g, t);
}

const onn_layer_kind onn_mask_layer = {sizeof(onn_layer_kind), "mask",
    "a transmission from a file, which is not trained", ONN_TAKES_LIGHT, mask_settings,
    .weights = weights, .forward = forward};
