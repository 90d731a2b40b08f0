/*
 * A transmission that is given: an array or a picture from a file, kept with the network's weights
 * and not trained.
 */
#include <stdio.h>
#include <string.h>

#include <onn/image.h>

#include "core/error.h"
#include "core/memory.h"
#include "nn/layers/plate.h"
#include "nn/network.h"

typedef enum mask_modulation { AMPLITUDE, PHASE, COMPLEX } mask_modulation;
static const char *const modulation_list[] = {"amplitude", "phase", "complex"};
static const onn_words modulations = {modulation_list, 3, AMPLITUDE, NULL, 0};

typedef struct mask {
	char file[512];
	mask_modulation modulation;
} mask;

static const onn_setting rows[] = {
    {ONN_SETTING("file", TEXT, mask, file), .length = 512},
    {ONN_SETTING("modulation", WORD, mask, modulation), .words = &modulations},
};

static onn_status check(const void *values)
{
	return ((const mask *)values)->file[0]
	           ? ONN_OK
	           : onn_error(
	                 ONN_ERROR_ARGUMENT, "mask: no file; expected the name of an .npy or .png");
}

static const onn_settings *mask_settings(void)
{
	ONN_RETURN_SETTINGS("mask", rows, mask, check, {"", AMPLITUDE});
}

/* Real and imaginary parts of [ny, nx] as [2, ny, nx]. */
static onn_status split(onn_array **parts, const onn_array *field)
{
	size_t n = onn_array_count(field);
	onn_status status = onn_array_create(
	    parts, ONN_F64, 3, (size_t[]){2, onn_array_shape(field)[0], onn_array_shape(field)[1]});
	const double *from = onn_array_const_data(field);
	double *to = status ? NULL : onn_array_data(*parts);
	for (size_t i = 0; i < n && to; i++) {
		to[i] = from[2 * i];
		to[n + i] = from[2 * i + 1];
	}
	return status;
}

static onn_status read_file(onn_array **array, const mask *m)
{
	size_t length = strlen(m->file);
	bool png = length > 4 && strcmp(m->file + length - 4, ".png") == 0;
	return png ? onn_image_load(array, m->file) : onn_array_load(array, m->file);
}

static onn_status read_mask(onn_array **array, const void *layer, const onn_weight *weight)
{
	const mask *m = layer;
	const size_t *shape = weight->shape + weight->ndim - 2;
	onn_array *raw = NULL, *wide = NULL;
	*array = NULL;
	onn_status status = read_file(&raw, m);
	if (status)
		return status;
	bool complex = onn_type_is_complex(onn_array_type(raw));
	if (onn_array_ndim(raw) != 2 || onn_array_shape(raw)[0] != shape[0] ||
	    onn_array_shape(raw)[1] != shape[1] || (complex && m->modulation != COMPLEX)) {
		char text[96];
		status = onn_error(ONN_ERROR_FORMAT,
		    "%s: a %s array of %s; expected a mask of %s numbers, [%zu, %zu]", m->file,
		    onn_type_name(onn_array_type(raw)),
		    onn_shape_text(text, sizeof text, onn_array_ndim(raw), onn_array_shape(raw)),
		    m->modulation == COMPLEX ? "complex" : "real", shape[0], shape[1]);
	}
	if (!status)
		status =
		    onn_array_convert(&wide, raw, m->modulation == COMPLEX ? ONN_C128 : ONN_F64);
	onn_array_destroy(raw);
	if (!status && m->modulation == COMPLEX)
		status = split(array, wide);
	if (!status && m->modulation == COMPLEX)
		onn_array_destroy(wide);
	else
		*array = wide;
	return status;
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const mask *m = layer;
	size_t ny = in->grid.ny, nx = in->grid.nx;
	if (m->modulation == COMPLEX)
		w[0] = (onn_weight){.ndim = 3, .shape = {2, ny, nx}};
	else
		w[0] = (onn_weight){.ndim = 2, .shape = {ny, nx}};
	w[0].begin = ONN_BEGIN_FILE;
	w[0].fixed = true;
	w[0].read = read_mask;
	snprintf(w[0].name, sizeof w[0].name, "mask%zu", ordinal);
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

const onn_layer_kind onn_mask_layer = {"mask", "a transmission from a file, which is not trained",
    ONN_TAKES_LIGHT, mask_settings, .weights = weights, .forward = forward};
