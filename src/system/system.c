/*
 * Systems as lists: their settings, made, copied, checked.
 */
#include "system/system.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "nn/layers/space.h"

/* ---- settings ---- */

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_system_options, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true
static const onn_setting rows[] = {
    {ROW("grid", SIZE, grid), .low = 1, .high = 1 << 20, .length = 2},
    {ROW("pitch", REAL, pitch), POSITIVE, .unit = "m", .length = 2},
    {ROW("wavelength", REAL, wavelength), POSITIVE, .unit = "m", .length = ONN_MAX_WAVELENGTHS,
        .counted = true, .counter = offsetof(onn_system_options, nwavelengths)},
    {ROW("power", REAL, power), POSITIVE, .length = ONN_MAX_WAVELENGTHS, .counted = true,
        .counter = offsetof(onn_system_options, npowers)},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW("incoherent", BOOL, incoherent)},
    {ROW("tolerance", REAL, tolerance), POSITIVE},
};

const onn_settings *onn_system_settings(void)
{
	ONN_RETURN_SETTINGS("system", rows, onn_system_options, NULL, ONN_SYSTEM_OPTIONS_INIT);
}

static const onn_setting watch_rows[] = {
    {ONN_SETTING("radius", REAL, onn_watch, radius), POSITIVE, .unit = "m", .zero = "everything"},
    {ONN_SETTING("at", REAL, onn_watch, at), .unit = "m", .length = 2},
    {ONN_SETTING("target", TEXT, onn_watch, target), .length = 512},
    {ONN_SETTING("side", REAL, onn_watch, side), POSITIVE, .unit = "m",
        .zero = "the target's pixels are the grid's"},
};

const onn_settings *onn_watch_settings(void)
{
	ONN_RETURN_SETTINGS("camera", watch_rows, onn_watch, NULL, {0, {0, 0}, "", 0});
}

static const char *const maximize_list[] = {"none", "power", "peak", "overlap"};
static const onn_words maximize_words = {maximize_list, 4, ONN_MAXIMIZE_NONE, NULL, 0};
static const char *const minimize_list[] = {"none", "power", "width"};
static const onn_words minimize_words = {minimize_list, 3, ONN_MINIMIZE_NONE, NULL, 0};

static const onn_setting objective_rows[] = {
    {ONN_SETTING("camera", TEXT, onn_objective, camera), .length = ONN_SYSTEM_NAME},
    {ONN_SETTING("maximize", WORD, onn_objective, maximize), .words = &maximize_words},
    {ONN_SETTING("minimize", WORD, onn_objective, minimize), .words = &minimize_words},
    {ONN_SETTING("steps", SIZE, onn_objective, steps), .low = 1, .high = 1e6},
};

static onn_status check_objective(const void *values)
{
	const onn_objective *o = values;
	return o->maximize && o->minimize
	           ? onn_error(ONN_ERROR_ARGUMENT,
	                 "objective: both maximize and minimize; expected one of them")
	           : ONN_OK;
}

const onn_settings *onn_objective_settings(void)
{
	ONN_RETURN_SETTINGS("objective", objective_rows, onn_objective, check_objective,
	    {"", ONN_MAXIMIZE_NONE, ONN_MINIMIZE_NONE, 100});
}

/* ---- life ---- */

/* A gap's method is the one that suits the light, unless it is said. */
static void make_standard(onn_item *item)
{
	item->watch = *(const onn_watch *)onn_watch_settings()->standard;
	if (item->kind == &onn_space_layer)
		((onn_space_values *)item->values)->method = ONN_METHOD_AUTO;
}

static onn_status append(onn_system *s, const onn_layer_kind *kind, const void *values)
{
	if (s->count == ONN_SYSTEM_MAX_LAYERS)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "a system of more than %d layers", ONN_SYSTEM_MAX_LAYERS);
	size_t size = kind->settings()->size;
	onn_item *item = &s->item[s->count];
	memset(item, 0, sizeof *item);
	item->kind = kind;
	item->values = malloc(size);
	if (!item->values)
		return onn_error_memory("onn_system_from_json", size);
	memcpy(item->values, values, size);
	s->count++;
	return ONN_OK;
}

/* Light in, light out; a source; a camera, which lets light pass. Not what is learnt. */
static bool has_place(const onn_layer_kind *kind)
{
	static const char *const none[] = {"detect", "plate"};
	for (size_t i = 0; i < ONN_COUNT(none); i++)
		if (strcmp(kind->name, none[i]) == 0)
			return false;
	return kind->takes == ONN_TAKES_LIGHT || kind->takes == ONN_TAKES_NOTHING;
}

static const char *kinds_text(char *text, size_t room)
{
	size_t n = 0;
	const onn_layer_kind *kind;
	for (size_t i = 0; (kind = onn_layer_kind_at(i)) && n < room; i++)
		if (has_place(kind))
			n +=
			    (size_t)snprintf(text + n, room - n, "%s%s", n ? ", " : "", kind->name);
	return text;
}

onn_status onn_system_append(onn_system *s, const char *name)
{
	char text[512];
	const onn_layer_kind *kind = onn_layer_kind_find(name);
	if (!kind || !has_place(kind))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "layer %zu: %s '%s' in a system; expected one of %s", s->count + 1,
		    kind ? "there is no place for" : "there is no kind of layer", name,
		    kinds_text(text, sizeof text));
	onn_status status = append(s, kind, kind->settings()->standard);
	if (!status)
		make_standard(&s->item[s->count - 1]);
	return status;
}

onn_status onn_system_copy(onn_system **copy, const onn_system *from)
{
	onn_system *s = calloc(1, sizeof *s);
	onn_status status = s ? ONN_OK : onn_error_memory("onn_system_copy", sizeof *s);
	*copy = s;
	if (status)
		return status;
	s->options = from->options;
	s->objective = from->objective;
	for (size_t i = 0; i < from->count && !status; i++) {
		status = append(s, from->item[i].kind, from->item[i].values);
		if (!status) {
			void *own = s->item[i].values;
			s->item[i] = from->item[i];
			s->item[i].values = own;
		}
	}
	for (size_t i = 0; i < from->nfree && !status; i++) {
		const onn_free_number *f = &from->free[i];
		const char *of = f->item == ONN_SYSTEM_OWN
		                     ? (const char *)&from->options
		                     : (const char *)from->item[f->item].values;
		size_t offset = (size_t)((const char *)f->member - of);
		char *to = f->item == ONN_SYSTEM_OWN ? (char *)&s->options
		                                     : (char *)s->item[f->item].values;
		s->free[i] = *f;
		s->free[i].member = (double *)(void *)(to + offset);
		s->nfree++;
	}
	if (status) {
		onn_system_destroy(s);
		*copy = NULL;
	}
	return status;
}

void onn_system_destroy(onn_system *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		free(s->item[i].values);
	free(s);
}

/* ---- the list ---- */

const onn_system_options *onn_system_options_of(const onn_system *s) { return &s->options; }

size_t onn_system_layers(const onn_system *s) { return s->count; }

const char *onn_system_name(const onn_system *s, size_t i)
{
	return i < s->count ? s->item[i].name : NULL;
}

const char *onn_system_kind(const onn_system *s, size_t i)
{
	return i < s->count ? s->item[i].kind->name : NULL;
}

size_t onn_system_find(const onn_system *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->item[i].name, name) == 0)
			return i;
	return SIZE_MAX;
}

onn_status onn_system_place(double *z, const onn_system *s, size_t i)
{
	*z = 0;
	if (i >= s->count)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_system_place: layer index %zu; expected one below %zu", i, s->count);
	for (size_t k = 0; k < i; k++)
		if (s->item[k].kind == &onn_space_layer)
			*z += ((const onn_space_values *)s->item[k].values)->distance;
	return ONN_OK;
}

onn_status onn_at_item(onn_status status, const onn_system *s, size_t i)
{
	char reason[512];
	if (!status)
		return ONN_OK;
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	/* "lens: lens: " says it twice */
	const char *kind = s->item[i].kind->name, *rest = reason;
	size_t length = strlen(kind);
	if (strncmp(reason, kind, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
		rest = reason + length + 2;
	const char *name = s->item[i].name[0] ? s->item[i].name : kind;
	return onn_error(status, "layer %zu (%s): %s", i + 1, name, rest);
}

/* ---- what fits ---- */

/* The light that a source makes. */
static onn_status begin(onn_signal *signal, const onn_system *s)
{
	const onn_system_options *o = &s->options;
	onn_status status = onn_settings_check(onn_system_settings(), o);
	if (!status && o->nwavelengths == 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "system: no wavelength; expected metres, such as \"532nm\"");
	if (!status && o->npowers && o->npowers != o->nwavelengths)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "system: %zu powers of %zu wavelengths; expected one each, or none", o->npowers,
		    o->nwavelengths);
	*signal = (onn_signal){.light = true,
	    .grid = {.ny = o->grid[0], .nx = o->grid[1], .dy = o->pitch[0], .dx = o->pitch[1]},
	    .beam = {.type = onn_type_complex(o->precision), .nwavelengths = o->nwavelengths}};
	memcpy(signal->beam.wavelength, o->wavelength, sizeof o->wavelength);
	return status ? status : onn_grid_check(&signal->grid);
}

/* What is learnt has no place: it would need images to learn from. */
static onn_status check_weights(const onn_signal *signal, const onn_item *item)
{
	onn_weight weight[ONN_LAYER_MAX_WEIGHTS];
	size_t count = onn_layer_weights(weight, item->kind, item->values, signal, 0);
	for (size_t i = 0; i < count; i++)
		if (weight[i].begin != ONN_BEGIN_FILE)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "no file, and what is learnt has its place in a network; expected the "
			    "name of an .npy, .png or .tif");
	return ONN_OK;
}

static onn_status go_through(onn_signal *signal, const onn_system *s, size_t i)
{
	static const onn_network_options network = ONN_NETWORK_OPTIONS_INIT;
	const onn_item *item = &s->item[i];
	onn_status status = onn_settings_check(item->kind->settings(), item->values);
	if (status || item->kind == &onn_camera_layer)
		return status ? status : onn_settings_check(onn_watch_settings(), &item->watch);
	status = check_weights(signal, item);
	if (status)
		return status;
	return item->kind->shape ? item->kind->shape(signal, item->values, &network) : ONN_OK;
}

onn_status onn_system_signals(onn_signal *signal, const onn_system *s)
{
	onn_status status = begin(signal, s);
	if (!status && (s->count == 0 || s->item[0].kind->takes != ONN_TAKES_NOTHING))
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "system: it begins with %s; expected a source: plane, gaussian, point, "
		    "hermite-gauss, laguerre-gauss, slits, text or image",
		    s->count ? s->item[0].name : "nothing");
	for (size_t i = 0; i < s->count && !status; i++) {
		signal[i + 1] = signal[i];
		status = onn_at_item(go_through(&signal[i + 1], s, i), s, i);
	}
	return status ? status : onn_settings_check(onn_objective_settings(), &s->objective);
}

onn_status onn_system_check(const onn_system *s)
{
	onn_signal *signal = malloc((s->count + 1) * sizeof *signal);
	onn_status status = signal ? onn_system_signals(signal, s)
	                           : onn_error_memory("onn_system_check", sizeof *signal);
	free(signal);
	return status;
}
