/*
 * Settings as texts: read strictly, written so that they come back to the bit, and described.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/settings.h"
#include "core/number.h"
#include "core/text.h"
#include "core/units.h"

/* ---- units that were left away ---- */

bool onn_setting_is_doubtful(const onn_setting *row, double value)
{
	char text[8];
	return row->kind == ONN_SETTING_REAL && row->name &&
	       onn_quantity_doubt(text, sizeof text, value, row->name, row->unit);
}

const char *onn_setting_number_text(char *text, const onn_setting *row, double value)
{
	onn_number_text(text, value);
	return onn_setting_is_doubtful(row, value) ? strcat(text, row->unit) : text;
}

const char *onn_setting_lost_unit(
    char *text, size_t room, const onn_setting *row, const char *given)
{
	static const char between[] = ",:[]\"";
	double value;
	for (const char *p = given + strspn(given, between); *p; p += strspn(p, between)) {
		size_t length = strcspn(p, between);
		if (onn_number_read(&value, p, length) && onn_setting_is_doubtful(row, value))
			return onn_quantity_doubt(text, room, value, row->name, row->unit);
		if (row->kind == ONN_SETTING_REAL &&
		    onn_unit_wanted(text, room, p, length, row->unit))
			return text;
		p += length;
	}
	return NULL;
}

const char *onn_setting_refusal(char *text, size_t room, const onn_setting *row, const char *given)
{
	const char *lost = onn_setting_lost_unit(text, room, row, given);
	return lost ? lost : onn_setting_expected(text, room, row);
}

/* ---- reading ---- */

/* "inf"; "-inf" where the row has no lower bound. */
static bool read_infinity(const onn_setting *row, const char *text, size_t length, double *value)
{
	bool below = length == 4 && text[0] == '-', bound = row->low != 0 || row->high != 0;
	if (length != (below ? 4u : 3u) || memcmp(text + below, "inf", 3) != 0 || (below && bound))
		return false;
	*value = below ? -INFINITY : INFINITY;
	return true;
}

static bool parse_number(const onn_setting *row, const char *text, size_t length, double *value)
{
	uint64_t whole;
	if (row->word && strlen(row->word) == length && memcmp(text, row->word, length) == 0) {
		*value = (double)SIZE_MAX;
		return true;
	}
	if (row->infinite && read_infinity(row, text, length, value))
		return true;
	if (!onn_setting_is_whole(row)) {
		double plain;
		return onn_quantity_read(value, text, length, row->unit) &&
		       onn_setting_within(row, *value) &&
		       !(onn_number_read(&plain, text, length) &&
		           onn_setting_is_doubtful(row, plain));
	}
	if (!onn_number_read_whole(&whole, text, length))
		return false;
	*value = (double)whole;
	return !onn_setting_is_word(row, *value) && onn_setting_within(row, *value);
}

/* All of them are read before any is stored. */
static bool parse_numbers(void *structure, const onn_setting *row, const char *text)
{
	double value[64];
	size_t count = 0, most = row->length ? row->length : 1;
	if (most > sizeof value / sizeof *value)
		return false;
	bool none = row->counted && strcmp(text, "none") == 0;
	for (const char *p = text; !none; p++) {
		size_t length = strcspn(p, ",");
		if (count == most || !parse_number(row, p, length, &value[count++]))
			return false;
		p += length;
		if (!*p)
			break;
	}
	return onn_setting_set_numbers(structure, row, value, count);
}

/* A single whole number of 64 bits, which a double may not hold. */
static bool parse_whole(void *structure, const onn_setting *row, const char *text)
{
	uint64_t x;
	if (!onn_number_read_whole(&x, text, strlen(text)) || !onn_setting_within(row, (double)x))
		return false;
	*(uint64_t *)((char *)structure + row->offset) = x;
	return true;
}

bool onn_setting_parse(void *structure, const onn_setting *row, const char *text)
{
	char *member = (char *)structure + row->offset;
	int word;
	switch (row->kind) {
	case ONN_SETTING_BOOL:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return false;
		*(bool *)member = text[0] == 't';
		return true;
	case ONN_SETTING_WORD:
		if (!onn_words_find(&word, row->words, text))
			return false;
		*(int *)member = word;
		return true;
	case ONN_SETTING_TEXT:
		if (strlen(text) >= row->length)
			return false;
		strcpy(member, text);
		return true;
	case ONN_SETTING_WHOLE:
		return row->length ? parse_numbers(structure, row, text)
		                   : parse_whole(structure, row, text);
	case ONN_SETTING_PART:
	case ONN_SETTING_MARK:
		return false;
	default:
		return parse_numbers(structure, row, text);
	}
}

onn_status onn_settings_set(
    void *values, const onn_settings *settings, const char *name, const char *text)
{
	size_t base;
	char expected[256];
	const onn_setting *row = onn_settings_find(&base, settings, name);
	if (!row || row->kind == ONN_SETTING_PART || row->kind == ONN_SETTING_MARK)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: there is no setting %s", settings->what, name);
	if (onn_setting_parse((char *)values + base, row, text))
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is '%s'; expected %s", settings->what, name,
	    text, onn_setting_refusal(expected, sizeof expected, row, text));
}

/* ---- writing ---- */

static void add_numbers(onn_text *text, const onn_setting *row, const char *structure)
{
	char number[ONN_NUMBER_ROOM];
	size_t count = onn_setting_length(row, structure);
	if (row->kind == ONN_SETTING_WHOLE && !row->length) {
		onn_text_add(
		    text, "%llu", (unsigned long long)*(const uint64_t *)(structure + row->offset));
		return;
	}
	if (count == 0)
		onn_text_add(text, "none");
	for (size_t i = 0; i < count; i++) {
		double x = onn_setting_number(row, structure, i);
		onn_text_add(text, "%s%s", i ? "," : "",
		    onn_setting_is_word(row, x) ? row->word
		                                : onn_setting_number_text(number, row, x));
	}
}

char *onn_settings_get(const onn_settings *settings, const void *values, const char *name)
{
	size_t base;
	onn_text text = ONN_TEXT_INIT;
	const onn_setting *row = onn_settings_find(&base, settings, name);
	if (!row || row->kind == ONN_SETTING_PART || row->kind == ONN_SETTING_MARK) {
		onn_error(ONN_ERROR_ARGUMENT, "%s: there is no setting %s", settings->what, name);
		return NULL;
	}
	const char *structure = (const char *)values + base, *member = structure + row->offset;
	if (row->kind == ONN_SETTING_BOOL)
		onn_text_add(&text, "%s", *(const bool *)member ? "true" : "false");
	else if (row->kind == ONN_SETTING_WORD)
		onn_text_add(&text, "%s", onn_words_name(row->words, *(const int *)member));
	else if (row->kind == ONN_SETTING_TEXT)
		onn_text_add(&text, "%s", member);
	else
		add_numbers(&text, row, structure);
	return onn_text_take(&text);
}

/* ---- what is expected ---- */

/* "from 1 to 5", "above 0", ...; "" where anything goes. A bound beyond `most` is none. */
static const char *bounds(char *text, size_t room, const onn_setting *row, double most)
{
	char a[ONN_NUMBER_ROOM], b[ONN_NUMBER_ROOM];
	bool any = row->low == 0 && row->high == 0;
	bool below = !any && row->low > -most, above = !any && row->high < most;
	if (onn_setting_is_whole(row) && any)
		below = true;
	onn_number_format(a, "%.12g", row->low);
	onn_number_format(b, "%.12g", row->high);
	text[0] = 0;
	if (below && above && !row->low_open && !row->high_open)
		snprintf(text, room, " from %s to %s", a, b);
	else if (below && above)
		snprintf(text, room, " %s %s and %s %s", row->low_open ? "above" : "of at least", a,
		    row->high_open ? "below" : "at most", b);
	else if (below)
		snprintf(text, room, " %s %s", row->low_open ? "above" : "of at least", a);
	else if (above)
		snprintf(text, room, " %s %s", row->high_open ? "below" : "of at most", b);
	return text;
}

static void expect_number(char *text, size_t room, const onn_setting *row)
{
	bool whole = onn_setting_is_whole(row);
	char limits[128], extra[128] = "", unit[48] = "";
	bounds(limits, sizeof limits, row, whole ? 9007199254740992.0 : INFINITY);
	if (row->zero)
		snprintf(extra, sizeof extra, ", or 0: %s", row->zero);
	if (row->word)
		snprintf(extra, sizeof extra, ", or %s", row->word);
	if (row->infinite)
		onn_append(extra, sizeof extra, ", or inf");
	const char *example = onn_unit_example(row->unit),
	           *what = whole ? "a whole number" : "a number";
	if (example)
		snprintf(unit, sizeof unit, " (in %s, or as %s)", row->unit, example);
	else if (row->unit)
		snprintf(unit, sizeof unit, " (%s)", row->unit);
	if (!whole)
		what = onn_unit_kind(row->unit);
	if (row->counted)
		snprintf(text, room, "at most %zu %snumbers%s with commas%s, or none", row->length,
		    whole ? "whole " : "", limits, unit);
	else if (row->length > 1)
		snprintf(text, room, "%s%s%s%s, or %s", what, limits, unit, extra,
		    row->length == 2 ? "Y,X" : "one for each, with commas");
	else
		snprintf(text, room, "%s%s%s%s", what, limits, unit, extra);
}

const char *onn_setting_expected(char *text, size_t room, const onn_setting *row)
{
	size_t n;
	switch (row->kind) {
	case ONN_SETTING_BOOL:
		snprintf(text, room, "true or false");
		break;
	case ONN_SETTING_WORD:
		n = (size_t)snprintf(text, room, "one of ");
		for (size_t i = 0; i < row->words->count && n < room; i++)
			n += (size_t)snprintf(
			    text + n, room - n, "%s%s", i ? ", " : "", row->words->word[i]);
		for (size_t i = 0; i < row->words->nsynonyms && n < room; i++)
			n += (size_t)snprintf(
			    text + n, room - n, ", %s", row->words->synonym[i].word);
		break;
	case ONN_SETTING_TEXT:
		snprintf(text, room, "a text of at most %zu bytes", row->length - 1);
		break;
	case ONN_SETTING_PART:
		snprintf(text, room, "an object");
		break;
	case ONN_SETTING_MARK:
		snprintf(text, room, "\"%s\"", row->words->word[0]);
		break;
	default:
		expect_number(text, room, row);
	}
	return text;
}
