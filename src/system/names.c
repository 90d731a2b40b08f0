/*
 * Names of layers and of their numbers: "lens2.at.y".
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/number.h"
#include "core/settings.h"
#include "core/text.h"
#include "system/system.h"

/* ---- layers ---- */

static bool is_name(const char *text)
{
	size_t length = strlen(text);
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
			return false;
	return length > 0 && length < ONN_SYSTEM_NAME && isalpha((unsigned char)text[0]);
}

/* Among those without a name; whether there are several. */
static size_t ordinal(bool *several, const onn_system *s, const bool *named, size_t i)
{
	size_t before = 0, all = 0;
	for (size_t k = 0; k < s->count; k++) {
		bool same = !named[k] && s->item[k].kind == s->item[i].kind;
		all += same;
		before += same && k < i;
	}
	*several = all > 1;
	return before + 1;
}

onn_status onn_system_name_all(onn_system *s)
{
	bool named[ONN_SYSTEM_MAX_LAYERS], several;
	for (size_t i = 0; i < s->count; i++)
		named[i] = s->item[i].name[0] != 0;
	for (size_t i = 0; i < s->count; i++) {
		onn_item *item = &s->item[i];
		size_t number = ordinal(&several, s, named, i);
		if (!named[i] && several)
			snprintf(
			    item->name, sizeof item->name, "%.20s%zu", item->kind->name, number);
		else if (!named[i])
			snprintf(item->name, sizeof item->name, "%s", item->kind->name);
		if (!is_name(item->name) || strcmp(item->name, "objective") == 0)
			return onn_error(ONN_ERROR_FORMAT,
			    "layer %zu: its name is '%s'; expected letters, digits, - and _, at "
			    "most "
			    "%d, and not 'objective'",
			    i + 1, item->name, ONN_SYSTEM_NAME - 1);
	}
	for (size_t i = 0; i < s->count; i++)
		if (onn_system_find(s, s->item[i].name) != i)
			return onn_error(ONN_ERROR_FORMAT,
			    "layers %zu and %zu: both are called '%s'; expected a name for each",
			    onn_system_find(s, s->item[i].name) + 1, i + 1, s->item[i].name);
	return ONN_OK;
}

/* ---- what there is ---- */

static bool add_name(void *user, const char *name, const onn_setting *row, size_t base)
{
	onn_text *text = user;
	(void)row;
	(void)base;
	onn_text_add(text, "%s%s", text->length ? ", " : "", name);
	return true;
}

static onn_status no_setting(const char *name, const char *of, const onn_settings *a,
    const onn_settings *b, const onn_system *layers)
{
	onn_text text = ONN_TEXT_INIT;
	onn_settings_each(a, add_name, &text);
	if (b)
		onn_settings_each(b, add_name, &text);
	for (size_t i = 0; layers && i < layers->count; i++)
		onn_text_add(&text, ", %s.", layers->item[i].name);
	char *list = onn_text_take(&text);
	onn_status status = onn_error(ONN_ERROR_ARGUMENT, "%s has no '%s'; expected one of %s", of,
	    name, list && *list ? list : "nothing");
	onn_free(list);
	return status;
}

/* A setting of a table, of a pair with .y or .x behind it; false where it has none of the name. */
static bool look(onn_place *p, const onn_settings *settings, void *values, const char *name)
{
	size_t length = strlen(name);
	char own[sizeof p->name];
	if (length >= sizeof own)
		return false;
	memcpy(own, name, length + 1);
	p->settings = settings;
	p->values = values;
	p->index = SIZE_MAX;
	p->row = onn_settings_find(&p->base, settings, own);
	if (!p->row && length > 2 && own[length - 2] == '.' && strchr("yx", own[length - 1])) {
		p->index = own[length - 1] == 'x';
		own[length - 2] = 0;
		p->row = onn_settings_find(&p->base, settings, own);
		if (p->row && (p->row->length != 2 || p->row->counted))
			p->row = NULL;
	}
	memcpy(p->name, own, sizeof own);
	return p->row != NULL;
}

static onn_status locate_in_layer(onn_place *p, const onn_system *s, const char *name)
{
	const onn_item *item = &s->item[p->item];
	bool camera = item->kind == &onn_camera_layer;
	if (look(p, item->kind->settings(), item->values, name) ||
	    (camera && look(p, onn_watch_settings(), (void *)(uintptr_t)&item->watch, name)))
		return ONN_OK;
	return no_setting(
	    name, item->name, item->kind->settings(), camera ? onn_watch_settings() : NULL, NULL);
}

onn_status onn_system_locate(onn_place *p, const onn_system *s, const char *name)
{
	char of[ONN_SYSTEM_NAME];
	const char *dot = strchr(name, '.');
	*p = (onn_place){.item = ONN_SYSTEM_OWN};
	size_t length = dot ? (size_t)(dot - name) : 0;
	if (dot && length < sizeof of) {
		memcpy(of, name, length);
		of[length] = 0;
		p->item = onn_system_find(s, of);
		if (p->item != SIZE_MAX)
			return locate_in_layer(p, s, dot + 1);
		p->item = ONN_SYSTEM_OWN + 1;
		if (strcmp(of, "objective") == 0) {
			void *values = (void *)(uintptr_t)&s->objective;
			if (look(p, onn_objective_settings(), values, dot + 1))
				return ONN_OK;
			return no_setting(dot + 1, of, onn_objective_settings(), NULL, NULL);
		}
		p->item = ONN_SYSTEM_OWN;
	}
	if (look(p, onn_system_settings(), (void *)(uintptr_t)&s->options, name))
		return ONN_OK;
	return no_setting(name, "the system", onn_system_settings(), NULL, s);
}

/* ---- values ---- */

/* What was found best for a gap is so for the light as it was. */
static void forget(onn_system *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->item[i].settled = false;
}

static onn_status refuse(const onn_place *p, const char *name, const char *value)
{
	char expected[256];
	onn_setting one = *p->row;
	one.length = p->index == SIZE_MAX ? one.length : 0;
	return onn_error(ONN_ERROR_ARGUMENT, "%s is '%s'; expected %s", name, value,
	    onn_setting_refusal(expected, sizeof expected, &one, value));
}

onn_status onn_system_set(onn_system *s, const char *name, const char *value)
{
	onn_place p;
	onn_status status = onn_system_locate(&p, s, name);
	if (status)
		return status;
	char *structure = (char *)p.values + p.base;
	if (p.index == SIZE_MAX && !onn_setting_parse(structure, p.row, value))
		return refuse(&p, name, value);
	if (p.index != SIZE_MAX) {
		/* read as one number of a structure of its own, then put in its place */
		onn_setting one = *p.row;
		union {
			double real;
			size_t size;
		} number = {0};
		one.length = 0;
		one.offset = 0;
		if (!onn_setting_parse(&number, &one, value))
			return refuse(&p, name, value);
		onn_setting_set_number(
		    structure, p.row, p.index, onn_setting_number(&one, &number, 0));
	}
	forget(s);
	return ONN_OK;
}

onn_status onn_system_set_real(onn_system *s, const char *name, double value)
{
	char text[ONN_NUMBER_ROOM];
	const onn_setting *row = onn_system_row(s, name);
	return onn_system_set(s, name,
	    row ? onn_setting_number_text(text, row, value) : onn_number_text(text, value));
}

char *onn_system_get(const onn_system *s, const char *name)
{
	onn_place p;
	char number[ONN_NUMBER_ROOM];
	onn_text text = ONN_TEXT_INIT;
	if (onn_system_locate(&p, s, name))
		return NULL;
	if (p.index == SIZE_MAX)
		return onn_settings_get(p.settings, p.values, p.name);
	double value = onn_setting_number(p.row, (const char *)p.values + p.base, p.index);
	onn_text_add(&text, "%s", onn_setting_number_text(number, p.row, value));
	return onn_text_take(&text);
}

const onn_setting *onn_system_row(const onn_system *s, const char *name)
{
	onn_place p;
	return onn_system_locate(&p, s, name) ? NULL : p.row;
}

/* ---- free numbers ---- */

size_t onn_system_free_count(const onn_system *s) { return s->nfree; }

const char *onn_system_free(const onn_system *s, size_t i)
{
	return i < s->nfree ? s->free[i].name : NULL;
}

/* Whether a word is among words with blanks between them. */
static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = words; at && (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

static onn_status check_free(const onn_system *s, const onn_place *p)
{
	static const char wavelength[] = "wavelength";
	if (p->item == ONN_SYSTEM_OWN && strcmp(p->name, wavelength) == 0) {
		for (size_t i = 0; i < s->count; i++)
			if (s->item[i].kind != &onn_camera_layer &&
			    !has_word(s->item[i].kind->differentiable, wavelength))
				return onn_error(ONN_ERROR_ARGUMENT,
				    "wavelength: what %s does has no derivative by it",
				    s->item[i].name);
		return s->options.nwavelengths <= 1
		           ? ONN_OK
		           : onn_error(ONN_ERROR_ARGUMENT,
		                 "wavelength: %zu of them; expected one, where it is free",
		                 s->options.nwavelengths);
	}
	if (p->item < s->count && p->values == s->item[p->item].values &&
	    has_word(s->item[p->item].kind->differentiable, p->name))
		return ONN_OK;
	const char *list = p->item < s->count ? s->item[p->item].kind->differentiable : wavelength;
	return onn_error(ONN_ERROR_ARGUMENT,
	    "%s of %s has no derivative and cannot be optimized; expected one of: %s", p->name,
	    p->item < s->count ? s->item[p->item].name : "the system", list ? list : "nothing");
}

onn_status onn_system_free_at(
    onn_system *s, const onn_place *p, double step, double low, double high)
{
	onn_status status = check_free(s, p);
	double *member = (double *)(void *)((char *)p->values + p->base + p->row->offset);
	bool pair = p->row->length == 2 && !p->row->counted;
	for (size_t k = 0; k < (pair ? 2u : 1u) && !status; k++) {
		if (pair && p->index != SIZE_MAX && p->index != k)
			continue;
		if (s->nfree == ONN_SYSTEM_MAX_FREE)
			return onn_error(ONN_ERROR_ARGUMENT, "more than %d numbers are free",
			    ONN_SYSTEM_MAX_FREE);
		onn_free_number *f = &s->free[s->nfree++];
		bool layer = p->item < s->count;
		snprintf(f->name, sizeof f->name, "%s%s%s%s", layer ? s->item[p->item].name : "",
		    layer ? "." : "", p->name, pair ? k ? ".x" : ".y" : "");
		f->item = p->item;
		f->member = member + k;
		f->row = p->row;
		f->step = isnan(step) ? 0 : step;
		f->low = isnan(low) ? -INFINITY : low;
		f->high = isnan(high) ? INFINITY : high;
	}
	return status;
}

onn_status onn_system_release(onn_system *s, const char *name)
{
	onn_place p;
	onn_status status = onn_system_locate(&p, s, name);
	return status ? status : onn_system_free_at(s, &p, NAN, NAN, NAN);
}
