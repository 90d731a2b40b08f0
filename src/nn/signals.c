/*
 * What flows between the layers of a network, and whether it fits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/units.h"
#include "core/memory.h"
#include "nn/network.h"

/* ---- messages ---- */

const char *onn_layer_text(char *text, size_t room, const onn_network *n, size_t i)
{
	snprintf(text, room, "layer %zu (%s)", i + 1, n->layer[i].kind->name);
	return text;
}

onn_status onn_at_layer(onn_status status, const onn_network *n, size_t i)
{
	char where[64];
	if (!status)
		return ONN_OK;
	/* "layer 1 (plate): plate: " says it twice */
	const char *kind = n->layer[i].kind->name, *rest = onn_last_error();
	size_t length = strlen(kind);
	if (strncmp(rest, kind, length) == 0 && strncmp(rest + length, ": ", 2) == 0)
		rest += length + 2;
	return onn_error(status, "%s: %s", onn_layer_text(where, sizeof where, n, i), rest);
}

onn_status onn_no_layer(const char *function, const onn_network *n, size_t i)
{
	return onn_error(ONN_ERROR_ARGUMENT, "%s: layer index %zu; expected one below %zu",
	    function, i, n->count);
}

/* ---- what fits ---- */

onn_status onn_network_fit(onn_network *n, size_t height, size_t width, size_t classes)
{
	onn_network_options *o = &n->options;
	if (o->ndim == 0) {
		o->ndim = 2;
		o->input[0] = height;
		o->input[1] = width;
	}
	o->classes = o->classes ? o->classes : classes;
	bool shaped = o->ndim == 1 || (o->input[0] == height && o->input[1] == width);
	size_t inputs = onn_network_inputs(n);
	if (!shaped)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "images of %zu x %zu; expected the network's %zu x %zu", height, width,
		    o->input[0], o->input[1]);
	if (inputs != height * width || o->classes != classes)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%zu pixels and %zu classes; expected the network's %zu inputs and %zu outputs",
		    height * width, classes, inputs, o->classes);
	return ONN_OK;
}

static bool is_taken(onn_takes takes, const onn_signal *s)
{
	switch (takes) {
	case ONN_TAKES_NUMBERS:
		return !s->light;
	case ONN_TAKES_LIST:
		return !s->light && s->ndim == 1;
	case ONN_TAKES_IMAGE:
		return !s->light && s->ndim == 2;
	case ONN_TAKES_IMAGES:
		return !s->light && (s->ndim == 2 || s->ndim == 3);
	case ONN_TAKES_LIGHT:
		return s->light;
	case ONN_TAKES_NOTHING:
		return false;
	}
	return false;
}

static const char *taken_text(onn_takes takes)
{
	static const char *const text[] = {
	    [ONN_TAKES_NUMBERS] = "numbers (detect and camera make some of light)",
	    [ONN_TAKES_LIST] = "a list of numbers [n] (flatten makes one)",
	    [ONN_TAKES_IMAGE] = "an image [height, width]",
	    [ONN_TAKES_IMAGES] = "an image [height, width] or [channels, height, width]",
	    [ONN_TAKES_LIGHT] = "light (encode makes some of an image)",
	    [ONN_TAKES_NOTHING] = "nothing: a source begins a system of onn simulate"};
	return text[takes];
}

/* Whether there can be such a signal. */
static onn_status check_signal(const onn_signal *s)
{
	char text[128];
	size_t elements = 0;
	bool fine = s->ndim <= ONN_COUNT(s->shape) &&
	            onn_size_product(&elements, s->ndim, s->shape) && elements > 0;
	if (s->light)
		return onn_grid_check(&s->grid);
	return fine ? ONN_OK
	            : onn_error(ONN_ERROR_ARGUMENT,
	                  "its shape gives %s; expected 1 to %zu sizes above 0",
	                  s->ndim <= ONN_COUNT(s->shape) ? onn_signal_text(text, sizeof text, s)
	                                                 : "too many axes",
	                  ONN_COUNT(s->shape));
}

/* What layer i gives, of what it gets. */
static onn_status go_through(onn_signal *s, const onn_network *n, size_t i)
{
	const onn_layer *layer = &n->layer[i];
	char text[128];
	if (!is_taken(layer->kind->takes, s))
		return onn_error(ONN_ERROR_ARGUMENT, "it gets %s; expected %s",
		    onn_signal_text(text, sizeof text, s), taken_text(layer->kind->takes));
	onn_status status = onn_settings_check(layer->kind->settings(), layer->values);
	if (!status && layer->kind->shape)
		status = layer->kind->shape(s, layer->values, &n->options);
	return status ? status : check_signal(s);
}

/* What the first layer takes. */
static onn_status begin(onn_signal *signal, const onn_network *n)
{
	onn_status status = onn_settings_check(onn_network_settings(), &n->options);
	if (!status && n->options.ndim == 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "network: the shape of an image is not known; expected input, or a data set");
	*signal = (onn_signal){
	    .ndim = n->options.ndim, .shape = {n->options.input[0], n->options.input[1]}};
	return status;
}

onn_status onn_network_signals(onn_signal *signal, const onn_network *n, size_t last)
{
	onn_status status = begin(signal, n);
	for (size_t i = 0; i < last && !status; i++) {
		signal[i + 1] = signal[i];
		status = onn_at_layer(go_through(&signal[i + 1], n, i), n, i);
	}
	return status;
}

onn_status onn_network_signal(onn_signal *signal, const onn_network *n, size_t i)
{
	if (i > n->count)
		return onn_no_layer("onn_network_signal", n, i);
	onn_status status = begin(signal, n);
	for (size_t k = 0; k < i && !status; k++)
		status = onn_at_layer(go_through(signal, n, k), n, k);
	return status;
}

onn_status onn_network_layer_of(
    onn_signal *signal, const char *function, const onn_network *n, size_t i, const char *kind)
{
	if (i < n->count && strcmp(n->layer[i].kind->name, kind) == 0)
		return onn_network_signal(signal, n, i);
	return onn_error(ONN_ERROR_ARGUMENT, "%s: layer index %zu is %s; expected %s", function, i,
	    i < n->count ? n->layer[i].kind->name : "not there", kind);
}

const char *onn_signal_text(char *text, size_t room, const onn_signal *s)
{
	if (!s->light)
		return onn_shape_text(text, room, s->ndim, s->shape);
	size_t n = (size_t)snprintf(text, room, "light on %zu x %zu pixels of %s", s->grid.ny,
	    s->grid.nx, ONN_METRES(s->grid.dy));
	if (n < room && s->grid.dy != s->grid.dx)
		n += (size_t)snprintf(text + n, room - n, " x %s", ONN_METRES(s->grid.dx));
	if (n < room && s->beam.nwavelengths > 1)
		snprintf(text + n, room - n, ", %zu wavelengths", s->beam.nwavelengths);
	return text;
}

onn_status onn_network_check(const onn_network *n)
{
	onn_signal s;
	char text[128];
	if (!n)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_network_check: no network; expected one");
	onn_status status = onn_network_signal(&s, n, n->count);
	if (status)
		return status;
	if (!s.light && s.ndim == 1 && s.shape[0] == n->options.classes)
		return onn_network_check_efficiency(n);
	return onn_error(ONN_ERROR_ARGUMENT,
	    "network: its %zu layers give %s; expected [%zu], a number for each class", n->count,
	    onn_signal_text(text, sizeof text, &s), n->options.classes);
}

onn_status onn_network_weights(size_t *total, const onn_network *n, size_t i)
{
	onn_weight weight[ONN_LAYER_MAX_WEIGHTS];
	onn_signal s;
	size_t count = 0, elements;
	*total = 0;
	if (i >= n->count)
		return onn_no_layer("onn_network_weights", n, i);
	onn_status status = onn_network_signal(&s, n, i);
	if (!status)
		count = onn_layer_weights(
		    weight, n->layer[i].kind, n->layer[i].values, &s, onn_network_ordinal(n, i));
	for (size_t k = 0; k < count; k++)
		if (!weight[k].fixed &&
		    onn_size_product(&elements, weight[k].ndim, weight[k].shape))
			*total += elements;
	return status;
}

size_t onn_network_inputs(const onn_network *n)
{
	const onn_network_options *o = &n->options;
	return o->ndim == 0 ? 0 : o->ndim == 1 ? o->input[0] : o->input[0] * o->input[1];
}

size_t onn_network_outputs(const onn_network *n) { return n->options.classes; }

/* ---- what training and measuring ask ---- */

bool onn_network_has_light(const onn_network *n)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->layer[i].kind->takes == ONN_TAKES_LIGHT)
			return true;
	return false;
}

bool onn_network_draws(const onn_network *n)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->layer[i].kind->draws && n->layer[i].kind->draws(n->layer[i].values))
			return true;
	return false;
}

/* Of fields some 16 MiB at a time, which is worth a plan's overhead and more than a cache holds. */
size_t onn_network_batch(const onn_network *n, size_t most)
{
	onn_signal s;
	size_t pixels = 0;
	for (size_t i = 0; i < n->count && onn_network_has_light(n); i++)
		if (!onn_network_signal(&s, n, i) && s.light)
			pixels = s.grid.ny * s.grid.nx > pixels ? s.grid.ny * s.grid.nx : pixels;
	if (!pixels)
		return most;
	size_t fit = ((size_t)1 << 21) / pixels;
	return fit < 1 ? 1 : fit < most ? fit : most;
}
