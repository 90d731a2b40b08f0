/* The values of options: strict, whole strings, independent of the locale; shapes and places as
 * text. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>

#include "command.h"

enum { MAX_WIDTHS = 16, MAX_INPUTS = 1000000 };

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent. */
static bool is_decimal(const char *p, const char *end)
{
	if (p < end && (*p == '+' || *p == '-'))
		p++;
	const char *whole = p;
	p = skip_digits(p, end);
	size_t digits = (size_t)(p - whole);
	if (p < end && *p == '.') {
		const char *part = ++p;
		p = skip_digits(p, end);
		digits += (size_t)(p - part);
	}
	if (!digits)
		return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		const char *power = p;
		p = skip_digits(p, end);
		if (p == power)
			return false;
	}
	return p == end;
}

/* strtod follows the locale's decimal point, but the command never sets a locale: it is "C". */
bool real_parse(const char *text, size_t length, double *value)
{
	char copy[400];

	if (length >= sizeof copy || !is_decimal(text, text + length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	double x = strtod(copy, NULL);
	if (!isfinite(x))
		return false;
	*value = x;
	return true;
}

static bool within(const option_row *row, double x)
{
	return (row->low_open ? x > row->low : x >= row->low) &&
	       (row->high_open ? x < row->high : x <= row->high);
}

static bool bounded_parse(const option_row *row, const char *text, size_t length, double *value)
{
	double x;

	if (!real_parse(text, length, &x) || !within(row, x))
		return false;
	*value = x;
	return true;
}

/* Digits only, so that 1e3 and 3.0 are not whole numbers and -0 is none either. */
static bool whole_parse(const option_row *row, const char *text, size_t length, double *value)
{
	double x;

	if (skip_digits(text, text + length) != text + length || !real_parse(text, length, &x) ||
	    x > 9007199254740992.0 || !within(row, x))
		return false;
	*value = x;
	return true;
}

static bool choice_parse(const char *names, const char *text, size_t length, int *value)
{
	for (int i = 0; *names; i++) {
		size_t n = strcspn(names, "|");
		if (n == length && !memcmp(names, text, n)) {
			*value = i;
			return true;
		}
		names += n + (names[n] == '|');
	}
	return false;
}

static bool list_parse(
    const option_row *row, const char *text, size_t most, bool whole, number_list *list)
{
	size_t count = 1;
	for (const char *p = text; *p; p++)
		count += *p == ',';
	if (count > most)
		return false;
	double *value = malloc(count * sizeof *value);
	if (!value)
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(text, ",");
		if (!(whole ? whole_parse : bounded_parse)(row, text, length, &value[i])) {
			free(value);
			return false;
		}
		text += length + 1;
	}
	*list = (number_list){count, value};
	return true;
}

/* MIN:MAX:COUNT, both ends included and exact. */
static bool sweep_parse(const option_row *row, const char *text, number_list *list)
{
	double low, high, count;
	size_t a = strcspn(text, ":"), b;

	if (!text[a] || !text[a + 1 + (b = strcspn(text + a + 1, ":"))])
		return false;
	const char *last = text + a + b + 2;
	static const option_row counts = {.low = 2, .high = MAX_INPUTS};
	if (!real_parse(text, a, &low) || !real_parse(text + a + 1, b, &high) ||
	    !whole_parse(&counts, last, strlen(last), &count) || !(low < high) ||
	    !within(row, low) || !within(row, high) || !isfinite(high - low))
		return false;
	size_t n = (size_t)count;
	double *value = malloc(n * sizeof *value);
	if (!value)
		return false;
	for (size_t i = 0; i < n; i++)
		value[i] = low + (high - low) * (double)i / (double)(n - 1);
	value[n - 1] = high;
	*list = (number_list){n, value};
	return true;
}

static bool span_parse(const option_row *row, const char *text, value_span *span)
{
	value_span s;
	size_t a = strcspn(text, ":");

	if (!text[a] || !real_parse(text, a, &s.low) ||
	    !real_parse(text + a + 1, strlen(text + a + 1), &s.high) || !(s.low < s.high) ||
	    !within(row, s.low) || !within(row, s.high))
		return false;
	*span = s;
	return true;
}

static bool pair_parse(const option_row *row, const char *text, bool whole, value_pair *pair)
{
	value_pair p;
	size_t a = strcspn(text, ","), last = text[a] ? a + 1 : 0;
	bool (*parse)(const option_row *, const char *, size_t, double *) =
	    whole ? whole_parse : bounded_parse;

	if (!parse(row, text, a, &p.y) || !parse(row, text + last, strlen(text + last), &p.x))
		return false;
	*pair = p;
	return true;
}

/* "opencl:1": which devices there are is the library's to say; which forms there are is known here.
 */
static bool device_parse(const option_row *row, const char *text)
{
	int which;
	size_t head = strcspn(text, ":");

	if (!choice_parse(row->names, text, head, &which))
		return false;
	return !text[head] || (!strncmp(text, "opencl", 6) && text[head + 1]);
}

static bool dataset_parse(const char *text)
{
	const onn_dataset_info *info;

	for (size_t i = 0; (info = onn_dataset_known(i)); i++)
		if (!strcmp(text, info->name))
			return true;
	return path_ends_in(text, ".npz");
}

bool value_parse(const option_row *row, const char *text, void *settings)
{
	void *value = (char *)settings + row->offset;
	double x;

	switch (row->kind) {
	case VALUE_SETTING:
		return setting_parse(row, text, settings);
	case VALUE_NONE:
		*(bool *)value = true;
		return true;
	case VALUE_DEVICE:
		if (!device_parse(row, text))
			return false;
		break;
	case VALUE_DATASET:
		if (!dataset_parse(text))
			return false;
		break;
	case VALUE_FILE:
	case VALUE_FOLDER:
		if (!*text)
			return false;
		break;
	case VALUE_CHOICE:
		return choice_parse(row->names, text, strlen(text), value);
	case VALUE_REAL:
		return bounded_parse(row, text, strlen(text), value);
	case VALUE_WHOLE:
		if (!whole_parse(row, text, strlen(text), &x))
			return false;
		*(uint64_t *)value = (uint64_t)x;
		return true;
	case VALUE_WHOLES:
		if (!strcmp(text, "none")) {
			*(number_list *)value = (number_list){0, NULL};
			return true;
		}
		return list_parse(row, text, MAX_WIDTHS, true, value);
	case VALUE_SPAN:
		return row->table ? setting_parse_span(row, text, settings)
		                  : span_parse(row, text, value);
	case VALUE_PAIR:
	case VALUE_WHOLE_PAIR:
		return pair_parse(row, text, row->kind == VALUE_WHOLE_PAIR, value);
	case VALUE_INPUTS:
		return strchr(text, ':') ? sweep_parse(row, text, value)
		                         : list_parse(row, text, MAX_INPUTS, false, value);
	}
	*(const char **)value = text;
	return true;
}

/* "digits|mnist|FILE.npz" */
static const char *dataset_names(void)
{
	static char text[256];
	const onn_dataset_info *info;
	size_t n = 0;

	for (size_t i = 0; (info = onn_dataset_known(i)) && n < sizeof text; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s|", info->name);
	if (n < sizeof text)
		snprintf(text + n, sizeof text - n, "FILE.npz");
	return text;
}

const char *value_names(const option_row *row)
{
	return row->kind == VALUE_DATASET   ? dataset_names()
	       : row->kind == VALUE_SETTING ? setting_names(row)
	                                    : row->names;
}

const char *value_shown(const option_row *row)
{
	if (row->kind == VALUE_NONE)
		return "";
	if (row->shown)
		return row->shown;
	return row->kind == VALUE_SETTING ? setting_shown(row) : value_names(row);
}

static void expected_real(const option_row *row, char *text, size_t room)
{
	char low[64] = "", high[64] = "";

	if (isfinite(row->low) && isfinite(row->high) && !row->low_open && !row->high_open) {
		snprintf(text, room, "a number from %g to %g", row->low, row->high);
		return;
	}
	if (isfinite(row->low))
		snprintf(
		    low, sizeof low, row->low_open ? " above %g" : " of at least %g", row->low);
	if (isfinite(row->high))
		snprintf(high, sizeof high, row->high_open ? "%s below %g" : "%s at most %g",
		    *low ? " and" : "", row->high);
	snprintf(text, room, "a number%s%s", low, high);
}

void value_expected(const option_row *row, char *text, size_t room)
{
	const char *structure;

	switch (row->kind) {
	case VALUE_SETTING:
		onn_setting_expected(text, room, setting_of(&structure, row, ""));
		break;
	case VALUE_NONE:
		snprintf(text, room, "no value");
		break;
	case VALUE_FILE:
		snprintf(text, room, "the name of a file");
		break;
	case VALUE_FOLDER:
		snprintf(text, room, "the name of a folder");
		break;
	case VALUE_DEVICE:
		snprintf(text, room,
		    "one of auto, c, reference, opencl, opencl:N, opencl:NAME, opencl-pure");
		break;
	case VALUE_DATASET:
	case VALUE_CHOICE: {
		size_t n = (size_t)snprintf(text, room, "one of ");
		for (const char *p = value_names(row); *p && n + 3 < room; p++)
			n += (size_t)snprintf(text + n, room - n, *p == '|' ? ", " : "%c", *p);
		break;
	}
	case VALUE_REAL:
		expected_real(row, text, room);
		break;
	case VALUE_PAIR: {
		char number[128];
		expected_real(row, number, sizeof number);
		snprintf(text, room, "%s, or Y,X, one for each axis", number);
		break;
	}
	case VALUE_WHOLE_PAIR:
		snprintf(text, room, "a whole number from %.0f to %.0f, or Y,X, one for each axis",
		    row->low, row->high);
		break;
	case VALUE_WHOLE:
		snprintf(text, room, "a whole number from %.0f to %.0f", row->low, row->high);
		break;
	case VALUE_WHOLES:
		snprintf(text, room,
		    "at most %d whole numbers from %.0f to %.0f with commas, such as %s, or none",
		    MAX_WIDTHS, row->low, row->high, row->standard);
		break;
	case VALUE_SPAN:
		snprintf(text, room, "A:B, two numbers with A below B, such as -1:1");
		break;
	case VALUE_INPUTS:
		snprintf(text, room,
		    "numbers with commas (1,2,5) or MIN:MAX:COUNT with MIN below MAX and COUNT "
		    "from 2 to %d",
		    MAX_INPUTS);
		break;
	}
}

static const char *list_text(char *text, size_t room, const size_t *number, size_t count)
{
	size_t n = (size_t)snprintf(text, room, "[");

	for (size_t i = 0; i < count && n < room; i++)
		n += (size_t)snprintf(text + n, room - n, "%s%zu", i ? ", " : "", number[i]);
	if (n < room)
		snprintf(text + n, room - n, "]");
	return text;
}

const char *shape_text(char *text, size_t room, const onn_array *a)
{
	return list_text(text, room, onn_array_shape(a), onn_array_ndim(a));
}

const char *place_text(char *text, size_t room, const onn_array *a, size_t element)
{
	size_t at[ONN_MAX_DIMS];

	for (size_t axis = onn_array_ndim(a); axis-- > 0; element /= onn_array_shape(a)[axis])
		at[axis] = element % onn_array_shape(a)[axis];
	return list_text(text, room, at, onn_array_ndim(a));
}
