/* A spatial light modulator that shows phases from a file, or those that are learnt. */
#include <math.h>

#include <onn/fabrication.h>

#include "core/error.h"
#include "core/pi.h"
#include "data/image.h"
#include "nn/layers/placed.h"
#include "nn/network.h"

enum { MOST_LEVELS = 65536 };

typedef struct slm {
	char file[512];
	double white; /* the phase of 1, which a picture's white is */
	unsigned levels;
	double fill, side;
	char lut[512], flatness[512]; /* what its grey levels show, and what it adds of itself */
} slm;

static const onn_setting rows[] = {
    {ONN_SETTING("file", TEXT, slm, file), .length = 512},
    {ONN_SETTING("white", REAL, slm, white), .unit = "rad"},
    {ONN_SETTING("levels", UNSIGNED, slm, levels), .low = 2, .high = MOST_LEVELS,
        .zero = "any phase"},
    {ONN_SETTING("fill", REAL, slm, fill), .low = 0, .high = 1, .low_open = true},
    {ONN_SETTING("side", REAL, slm, side), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "its pixels are the grid's"},
    {ONN_SETTING("lut", TEXT, slm, lut), .length = 512},
    {ONN_SETTING("flatness", TEXT, slm, flatness), .length = 512},
};

static onn_status check(const void *values)
{
	const slm *m = values;
	if ((m->lut[0] || m->flatness[0]) && (!m->file[0] || m->white == 0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "slm: lut and flatness belong to the grey levels of a file; expected file, and "
		    "white other than 0");
	return ONN_OK;
}

static const onn_settings *slm_settings(void)
{
	ONN_RETURN_SETTINGS("slm", rows, slm, check, {"", ONN_TWO_PI, 0, 1, 0, "", ""});
}

/* Fractions of 255 become the phases of these levels, in parts of white. */
static onn_status show_levels(onn_array *a, const slm *m)
{
	onn_array *lut;
	onn_status status = onn_slm_lut_load(&lut, m->lut);
	if (status)
		return status;
	const double *phase = onn_array_const_data(lut);
	double *x = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a) && !status; i++) {
		double level = round(255 * x[i]);
		bool known = level >= 0 && level <= 255 && isfinite(phase[(size_t)level]);
		if (known)
			x[i] = phase[(size_t)level] / m->white;
		else
			status = onn_error(ONN_ERROR_FORMAT,
			    "%s: level %g has no phase in %s; expected levels of 0 to 255, as "
			    "parts "
			    "of 255, that have one",
			    m->file, level, m->lut);
	}
	onn_array_destroy(lut);
	return status;
}

/* Radians, of a picture parts of a turn. */
static onn_status add_flatness(onn_array *a, const slm *m, const onn_grid *grid)
{
	onn_array *own;
	onn_status status = onn_placed_read(&own, m->flatness, m->side, false, false, grid);
	if (status)
		return status;
	double *x = onn_array_data(a),
	       turn = (onn_image_named(m->flatness) ? ONN_TWO_PI : 1) / m->white;
	for (size_t i = 0; i < onn_array_count(a); i++)
		x[i] += turn * ((const double *)onn_array_const_data(own))[i];
	onn_array_destroy(own);
	return ONN_OK;
}

static onn_status read_phase(onn_array **array, const void *layer, const onn_weight *weight)
{
	const slm *m = layer;
	onn_status status = onn_placed_read(array, m->file, m->side, false, false, &weight->grid);
	if (!status && m->lut[0])
		status = show_levels(*array, m);
	if (!status && m->flatness[0])
		status = add_flatness(*array, m, &weight->grid);
	if (status) {
		onn_array_destroy(*array);
		*array = NULL;
	}
	return status;
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

const onn_layer_kind onn_slm_layer = {sizeof(onn_layer_kind), "slm",
    "a modulator that shows phases from a file, or learnt ones", ONN_TAKES_LIGHT, slm_settings,
    .weights = weights, .forward = forward};
