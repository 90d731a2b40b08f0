/*
 * Settings by name: what stands where, what may be, what differs.
 */
#include "core/settings.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/array.h>

#include "core/error.h"
#include "core/number.h"

/* ---- words ---- */

const char *onn_words_name(const onn_words *words, int value)
{
	size_t i = (size_t)value - (size_t)words->first;
	return value >= words->first && i < words->count ? words->word[i] : "?";
}

bool onn_words_find(int *value, const onn_words *words, const char *word)
{
	for (size_t i = 0; word && i < words->count; i++)
		if (strcmp(words->word[i], word) == 0) {
			*value = words->first + (int)i;
			return true;
		}
	for (size_t i = 0; word && i < words->nsynonyms; i++)
		if (strcmp(words->synonym[i].word, word) == 0) {
			*value = words->synonym[i].value;
			return true;
		}
	return false;
}

const char *onn_words_text(char *text, size_t room, const onn_words *words)
{
	size_t n = 0;
	text[0] = 0;
	for (size_t i = 0; i < words->count && n < room; i++)
		n += (size_t)snprintf(text + n, room - n, "%s%s",
		    i == 0                 ? ""
		    : i + 1 < words->count ? ", "
		                           : " or ",
		    words->word[i]);
	return text;
}

static const char *const precisions[] = {"f32", "f64"};
const onn_words onn_precision_words = {precisions, 2, ONN_F32, NULL, 0};

/* ---- rows ---- */

const onn_setting *onn_settings_find(size_t *base, const onn_settings *settings, const char *name)
{
	size_t below;
	if (base)
		*base = 0;
	for (size_t i = 0; i < settings->count; i++) {
		const onn_setting *row = &settings->row[i], *found = NULL;
		size_t length = row->name ? strlen(row->name) : 0;
		if (row->name && strcmp(row->name, name) == 0)
			return row;
		if (row->kind != ONN_SETTING_PART)
			continue;
		if (!row->name)
			found = onn_settings_find(&below, row->part(), name);
		else if (strncmp(name, row->name, length) == 0 && name[length] == '.')
			found = onn_settings_find(&below, row->part(), name + length + 1);
		if (found && base)
			*base = row->offset + below;
		if (found)
			return found;
	}
	return NULL;
}

typedef struct walk {
	onn_setting_visitor visit;
	void *user;
	char name[128];
} walk;

static bool visit_rows(walk *w, const onn_settings *settings, size_t base)
{
	size_t end = strlen(w->name);
	bool more = true;
	for (size_t i = 0; i < settings->count && more; i++) {
		const onn_setting *row = &settings->row[i];
		bool named = row->name && row->kind == ONN_SETTING_PART;
		if (row->kind == ONN_SETTING_MARK)
			continue;
		if (row->name)
			snprintf(w->name + end, sizeof w->name - end, "%s%s", row->name,
			    named ? "." : "");
		more = row->kind == ONN_SETTING_PART
		           ? visit_rows(w, row->part(), base + row->offset)
		           : w->visit(w->user, w->name, row, base);
		w->name[end] = 0;
	}
	return more;
}

bool onn_settings_each(const onn_settings *settings, onn_setting_visitor visit, void *user)
{
	walk w = {.visit = visit, .user = user};
	return visit_rows(&w, settings, 0);
}

/* ---- values ---- */

bool onn_setting_is_whole(const onn_setting *row)
{
	return row->kind == ONN_SETTING_SIZE || row->kind == ONN_SETTING_WHOLE ||
	       row->kind == ONN_SETTING_UNSIGNED;
}

static bool is_number(const onn_setting *row)
{
	return row->kind == ONN_SETTING_REAL || onn_setting_is_whole(row);
}

size_t onn_setting_length(const onn_setting *row, const void *structure)
{
	if (row->counted)
		return *(const size_t *)((const char *)structure + row->counter);
	return row->length ? row->length : 1;
}

double onn_setting_number(const onn_setting *row, const void *structure, size_t i)
{
	const void *member = (const char *)structure + row->offset;
	switch (row->kind) {
	case ONN_SETTING_SIZE:
		return (double)((const size_t *)member)[i];
	case ONN_SETTING_WHOLE:
		return (double)((const uint64_t *)member)[i];
	case ONN_SETTING_UNSIGNED:
		return ((const unsigned *)member)[i];
	default:
		return ((const double *)member)[i];
	}
}

void onn_setting_set_number(void *structure, const onn_setting *row, size_t i, double value)
{
	void *member = (char *)structure + row->offset;
	switch (row->kind) {
	case ONN_SETTING_SIZE:
		((size_t *)member)[i] = onn_setting_is_word(row, value) ? SIZE_MAX : (size_t)value;
		break;
	case ONN_SETTING_WHOLE:
		((uint64_t *)member)[i] = (uint64_t)value;
		break;
	case ONN_SETTING_UNSIGNED:
		((unsigned *)member)[i] = (unsigned)value;
		break;
	default:
		((double *)member)[i] = value;
	}
}

/* Whether the member's type has the number: rows without bounds let all pass. */
static bool has_number(const onn_setting *row, double x)
{
	double beyond = row->kind == ONN_SETTING_UNSIGNED ? (double)UINT_MAX + 1 : 0x1p64;
	return !onn_setting_is_whole(row) || onn_setting_is_word(row, x) || (x >= 0 && x < beyond);
}

bool onn_setting_set_numbers(
    void *structure, const onn_setting *row, const double *value, size_t count)
{
	size_t most = row->length ? row->length : 1, n = row->counted ? count : most;
	if (count != n && count != 1)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!has_number(row, value[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		onn_setting_set_number(structure, row, i, value[count == 1 ? 0 : i]);
	if (row->counted)
		*(size_t *)((char *)structure + row->counter) = count;
	return true;
}

bool onn_setting_is_word(const onn_setting *row, double x) { return row->word && x >= 0x1p63; }

bool onn_setting_within(const onn_setting *row, double x)
{
	if ((x == 0 && row->zero) || onn_setting_is_word(row, x))
		return true;
	if (isinf(x) && row->kind == ONN_SETTING_REAL)
		return row->infinite;
	if (row->low == 0 && row->high == 0)
		return !isnan(x);
	return (row->low_open ? x > row->low : x >= row->low) &&
	       (row->high_open ? x < row->high : x <= row->high);
}

bool onn_setting_counts(const onn_setting *row, const onn_settings *settings, const void *structure)
{
	char name[64];
	size_t base;
	if (!row->needs)
		return true;
	size_t length = strcspn(row->needs, "=");
	snprintf(name, sizeof name, "%.*s", (int)length, row->needs);
	const onn_setting *other = onn_settings_find(&base, settings, name);
	const char *at = (const char *)structure + base;
	if (!other || !row->needs[length])
		return other && onn_setting_number(other, at, 0) > 0;
	const char *word = onn_words_name(other->words, *(const int *)(at + other->offset));
	for (const char *p = row->needs + length + 1;; p++) {
		size_t n = strcspn(p, "|");
		if (strlen(word) == n && memcmp(p, word, n) == 0)
			return true;
		p += n;
		if (!*p)
			return false;
	}
}

/* ---- checks ---- */

static onn_status refuse(
    const char *what, const char *name, const onn_setting *row, const char *value)
{
	char expected[256];
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %s; expected %s", what, name, value,
	    onn_setting_expected(expected, sizeof expected, row));
}

static onn_status check_row(
    const char *what, const char *name, const onn_setting *row, const void *structure)
{
	const char *member = (const char *)structure + row->offset;
	char text[ONN_NUMBER_ROOM];
	if (row->kind == ONN_SETTING_WORD) {
		int value = *(const int *)member;
		snprintf(text, sizeof text, "number %d", value);
		return strcmp(onn_words_name(row->words, value), "?") != 0
		           ? ONN_OK
		           : refuse(what, name, row, text);
	}
	if (!is_number(row))
		return ONN_OK;
	size_t count = onn_setting_length(row, structure);
	if (row->counted && count > row->length) {
		snprintf(text, sizeof text, "a list of %zu", count);
		return refuse(what, name, row, text);
	}
	for (size_t i = 0; i < count; i++) {
		double x = onn_setting_number(row, structure, i);
		char place[128];
		if (onn_setting_within(row, x))
			continue;
		if (row->length)
			snprintf(place, sizeof place, "%s[%zu]", name, i);
		return refuse(
		    what, row->length ? place : name, row, onn_number_format(text, "%g", x));
	}
	return ONN_OK;
}

onn_status onn_settings_check(const onn_settings *settings, const void *values)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < settings->count && !status; i++) {
		const onn_setting *row = &settings->row[i];
		if (row->kind != ONN_SETTING_PART)
			status = check_row(settings->what, row->name, row, values);
		else if (onn_setting_counts(row, settings, values))
			status =
			    onn_settings_check(row->part(), (const char *)values + row->offset);
	}
	return !status && settings->check ? settings->check(values) : status;
}

/* ---- differences ---- */

static bool same_row(const onn_setting *row, const char *a, const char *b)
{
	switch (row->kind) {
	case ONN_SETTING_BOOL:
		return *(const bool *)(a + row->offset) == *(const bool *)(b + row->offset);
	case ONN_SETTING_WORD:
		return *(const int *)(a + row->offset) == *(const int *)(b + row->offset);
	case ONN_SETTING_TEXT:
		return strcmp(a + row->offset, b + row->offset) == 0;
	case ONN_SETTING_WHOLE:
		return *(const uint64_t *)(a + row->offset) == *(const uint64_t *)(b + row->offset);
	default:
		break;
	}
	size_t count = onn_setting_length(row, a);
	bool same = count == onn_setting_length(row, b);
	for (size_t i = 0; i < count && same; i++)
		same = onn_setting_number(row, a, i) == onn_setting_number(row, b, i);
	return same;
}

typedef struct difference {
	const char *a, *b;
	char *name;
	size_t room;
	const onn_setting *row;
} difference;

static bool compare_row(void *user, const char *name, const onn_setting *row, size_t base)
{
	difference *d = user;
	if (same_row(row, d->a + base, d->b + base))
		return true;
	d->row = row;
	snprintf(d->name, d->room, "%s", name);
	return false;
}

const onn_setting *onn_settings_difference(
    char *name, size_t room, const onn_settings *settings, const void *a, const void *b)
{
	difference d = {a, b, name, room, NULL};
	onn_settings_each(settings, compare_row, &d);
	return d.row;
}
