/*
 * A thin plate that is learnt: phases, or free complex numbers. Errors of making and of mounting it
 * are drawn anew at each step of a training, and are fixed in a damaged copy.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/streams.h"
#include "nn/layers/plate.h"
#include "nn/network.h"
#include "nn/words.h"
#include "optics/element.h"

enum { MOST_LEVELS = 65536 };

static const char suffix[] = ".plate"; /* of its weights' names */

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_plate_values, member)
static const onn_setting rows[] = {
    {ROW("modulation", WORD, modulation), .words = &onn_d2nn_modulation_words},
    {ROW("misalign", REAL, misalign), .low = 0, .high = INFINITY, .unit = "m"},
    {ROW("levels", UNSIGNED, levels), .low = 2, .high = MOST_LEVELS, .zero = "any phase"},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
};

static onn_status check(const void *values)
{
	const onn_plate_values *p = values;
	if (p->levels && p->modulation != ONN_D2NN_MODULATION_PHASE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "plate: %u levels of %s plates; expected phase plates", p->levels,
		    onn_d2nn_modulation_name(p->modulation));
	return ONN_OK;
}

const onn_settings *onn_plate_settings(void)
{
	ONN_RETURN_SETTINGS("plate", rows, onn_plate_values, check,
	    {ONN_D2NN_MODULATION_PHASE, 0, 0, ONN_WEIGHT_START_INIT});
}

/* The nearest of |t| <= 1. */
static onn_node without_gain(onn_graph *g, onn_node parts)
{
	onn_node re = onn_slice(g, parts, 0, 0, 1, 1), im = onn_slice(g, parts, 0, 1, 1, 1);
	onn_node t = onn_without_gain(g, onn_complex(g, re, im));
	return onn_concat(g, (onn_node[]){onn_real(g, t), onn_imag(g, t)}, 2, 0);
}

/* The nearest real numbers of [0, 1]. */
static onn_node as_amplitudes(onn_graph *g, onn_node parts)
{
	onn_type type = onn_node_type(g, parts);
	onn_node zero = onn_scalar(g, type, 0), one = onn_scalar(g, type, 1);
	onn_node re = onn_slice(g, parts, 0, 0, 1, 1);
	re = onn_min(g, onn_max(g, re, zero), one);
	return onn_concat(g, (onn_node[]){re, onn_mul(g, re, zero)}, 2, 0);
}

static bool is_plate(const char *name)
{
	size_t length = strlen(name), tail = strlen(suffix);
	return length > tail && strcmp(name + length - tail, suffix) == 0;
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const onn_plate_values *p = layer;
	size_t ny = in->grid.ny, nx = in->grid.nx;
	if (p->modulation == ONN_D2NN_MODULATION_PHASE)
		w[0] = (onn_weight){.ndim = 2, .shape = {ny, nx}};
	else
		w[0] = (onn_weight){.ndim = 3, .shape = {2, ny, nx}, .begin = ONN_BEGIN_PHASORS};
	if (p->modulation == ONN_D2NN_MODULATION_PASSIVE)
		w[0].within = without_gain;
	if (p->modulation == ONN_D2NN_MODULATION_AMPLITUDE)
		w[0].within = as_amplitudes;
	w[0].start = &p->start;
	snprintf(w[0].name, sizeof w[0].name, "layer%u%s", (unsigned)ordinal, suffix);
	return 1;
}

static bool draws(const void *layer) { return ((const onn_plate_values *)layer)->misalign > 0; }

onn_node onn_complex_of_parts(onn_graph *g, onn_node parts, const onn_grid *grid)
{
	size_t shape[2] = {grid->ny, grid->nx};
	onn_node re = onn_reshape(g, onn_slice(g, parts, 0, 0, 1, 1), 2, shape);
	onn_node im = onn_reshape(g, onn_slice(g, parts, 0, 1, 1, 1), 2, shape);
	return onn_complex(g, re, im);
}

/* Transmission as it was meant to be, with the errors of making it: complex [ny, nx], or for phases
 * of several wavelengths [wavelength, ny, nx]. */
static onn_node made_plate(const onn_layer_call *call)
{
	const onn_plate_values *p = call->layer;
	const onn_run_condition *c = call->pass->condition;
	onn_graph *g = call->g;
	onn_node weight = call->weight[0];
	onn_slm slm = ONN_SLM_INIT;
	slm.levels = c->damaged && c->damage.quantise ? c->damage.levels : p->levels;
	onn_node noise = onn_phase_noise(
	    call, call->in.grid.ny, call->in.grid.nx, ONN_STREAM_PHASE + (uint32_t)call->ordinal);
	if (p->modulation == ONN_D2NN_MODULATION_PHASE) {
		onn_node phase = slm.levels ? onn_slm_phase(g, weight, &slm) : weight;
		if (noise.id)
			phase = onn_add(g, phase, noise);
		return onn_expi(g, onn_phase_of_colours(g, phase, &call->in.beam));
	}
	onn_node plate = onn_complex_of_parts(g, weight, &call->in.grid);
	if (p->modulation == ONN_D2NN_MODULATION_AMPLITUDE) /* it begins with small angles */
		plate = onn_cast(g, onn_real(g, plate), call->pass->complex);
	return noise.id ? onn_mul(g, plate, onn_expi(g, noise)) : plate;
}

/* The same with the errors of mounting it. Training meets others at each step; a damaged copy keeps
 * its own. */
static onn_node mounted_plate(const onn_layer_call *call)
{
	const onn_plate_values *p = call->layer;
	const onn_run_condition *c = call->pass->condition;
	onn_node plate = made_plate(call);
	onn_misalignment m = ONN_MISALIGNMENT_INIT;
	m.shift = c->damaged ? c->damage.misalign : c->step.id ? p->misalign : 0;
	m.seed = c->seed;
	m.stream = ONN_STREAM_SHIFT + 3 * (uint32_t)call->ordinal;
	if (m.shift == 0)
		return plate;
	return onn_misaligned_plate(call->g, plate, &call->in.grid, &m,
	    c->damaged ? onn_scalar(call->g, ONN_U32, 0) : c->step);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	onn_flow_times(flow, call->g, mounted_plate(call));
}

const onn_layer_kind onn_plate_layer = {sizeof(onn_layer_kind), "plate",
    "a thin plate that is learnt: phases, amplitudes, or complex numbers", ONN_TAKES_LIGHT,
    onn_plate_settings, .weights = weights, .draws = draws, .forward = forward};

bool onn_network_is_phase_only(const onn_network *n)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->layer[i].kind == &onn_plate_layer &&
		    ((const onn_plate_values *)n->layer[i].values)->modulation !=
		        ONN_D2NN_MODULATION_PHASE)
			return false;
	return true;
}

double onn_model_plate_gain(const onn_model *model)
{
	double gain = 0;
	for (size_t i = 0; i < onn_model_count(model); i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		const void *data = onn_array_const_data(w);
		onn_type type = onn_array_type(w);
		size_t n = onn_array_count(w) / 2;
		if (!is_plate(onn_model_name(model, i)))
			continue;
		if (onn_array_ndim(w) == 2)
			gain = fmax(gain, 1);
		for (size_t k = 0; onn_array_ndim(w) == 3 && k < n; k++)
			gain = fmax(gain,
			    hypot(onn_part_get(data, type, k), onn_part_get(data, type, n + k)));
	}
	return gain;
}
