/*
 * Light of one wavelength becomes light of several: the same image in each colour. They go side by
 * side, each with a diffraction of its own, and detectors and cameras add their powers up.
 */
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "nn/layer.h"
#include "optics/element.h"

typedef struct wavelength {
	size_t count, npowers;
	double value[ONN_MAX_WAVELENGTHS], power[ONN_MAX_WAVELENGTHS];
} wavelength;

#define ROW(name, kind, member, number)                                                            \
	ONN_SETTING(name, kind, wavelength, member),                                               \
	    .low = 0, .high = INFINITY, .low_open = true, .length = ONN_MAX_WAVELENGTHS,           \
	    .counted = true, .counter = offsetof(wavelength, number)
static const onn_setting rows[] = {
    {ROW("value", REAL, value, count), .unit = "m"},
    {ROW("power", REAL, power, npowers)},
};

static onn_status check(const void *values)
{
	const wavelength *w = values;
	if (w->npowers && w->npowers != w->count)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "wavelength: %zu powers of %zu wavelengths; expected one each, or none",
		    w->npowers, w->count);
	return ONN_OK;
}

static const onn_settings *wavelength_settings(void)
{
	ONN_RETURN_SETTINGS("wavelength", rows, wavelength, check, {0, 0, {0}, {0}});
}

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const wavelength *w = layer;
	(void)network;
	if (w->count == 0)
		return onn_error(ONN_ERROR_ARGUMENT, "no value; expected a wavelength or several");
	if (s->beam.nwavelengths > 1)
		return onn_error(ONN_ERROR_ARGUMENT, "light of %zu wavelengths; expected one",
		    s->beam.nwavelengths);
	s->beam.nwavelengths = w->count;
	memcpy(s->beam.wavelength, w->value, sizeof w->value);
	return ONN_OK;
}

/* Powers are shares: all light of an image is as much as before. */
static void amplitudes(double *amplitude, const wavelength *w)
{
	double all = 0;
	for (size_t i = 0; i < w->count; i++)
		all += w->npowers ? w->power[i] : 1;
	for (size_t i = 0; i < w->count; i++)
		amplitude[i] = sqrt((w->npowers ? w->power[i] : 1) / all);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const wavelength *w = call->layer;
	onn_graph *g = call->g;
	double amplitude[ONN_MAX_WAVELENGTHS];
	if (w->count == 1 || onn_graph_status(g) || !flow->x.id)
		return;
	amplitudes(amplitude, w);
	size_t batch = onn_node_shape(g, flow->x)[0];
	onn_node x = onn_reshape(g, flow->x, 4, (size_t[]){batch, 1, flow->lit.ny, flow->lit.nx});
	flow->x = onn_mul(g, x, onn_by_wavelength(g, &call->out.beam, amplitude));
}

const onn_layer_kind onn_wavelength_layer = {sizeof(onn_layer_kind), "wavelength",
    "the image in several colours, side by side", ONN_TAKES_LIGHT, wavelength_settings,
    .shape = shape, .forward = forward};
