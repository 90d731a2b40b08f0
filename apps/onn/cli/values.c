/* The values of options; shapes and places as text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>

#include "command.h"

enum { MAX_INPUTS = 1000000 };

/* Numbers that are no settings of a table; the library reads and describes them all the same. */
static const onn_setting any_thread_count = {.kind = ONN_SETTING_WHOLE, .low = 1, .high = 1024};
static const onn_setting any_input = {.kind = ONN_SETTING_REAL, .low = -1e150, .high = 1e150};
static const onn_setting any_count = {.kind = ONN_SETTING_SIZE, .low = 2, .high = MAX_INPUTS};

bool number_parse(void *number, const onn_setting *row, const char *text, size_t length)
{
	char copy[400];

	if (length >= sizeof copy)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return onn_setting_parse(number, row, copy);
}

static bool list_parse(const char *text, const onn_setting *number, number_list *list)
{
	size_t count = 1;
	for (const char *p = text; *p; p++)
		count += *p == ',';
	double *value = count > MAX_INPUTS ? NULL : malloc(count * sizeof *value);
	if (!value)
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(text, ",");
		if (!number_parse(&value[i], number, text, length)) {
			free(value);
			return false;
		}
		text += length + 1;
	}
	*list = (number_list){count, value, false, false};
	return true;
}

/* "MIN:MAX:COUNT" or "MIN:MAX:COUNT:log" into its numbers. */
static bool sweep_read(const char *text, const onn_setting *number, double *low, double *high,
    size_t *count, bool *logarithmic)
{
	size_t a = strcspn(text, ":"), b = text[a] ? strcspn(text + a + 1, ":") : 0;

	if (!text[a] || !text[a + 1 + b])
		return false;
	const char *last = text + a + b + 2;
	size_t c = strcspn(last, ":");
	*logarithmic = strcmp(last + c, ":log") == 0;
	return (!last[c] || *logarithmic) && number_parse(low, number, text, a) &&
	       number_parse(high, number, text + a + 1, b) &&
	       number_parse(count, &any_count, last, c) && *low < *high &&
	       (*low > 0 || !*logarithmic);
}

/* Equal steps, or equal factors; both ends included and exact. */
static bool sweep_parse(const char *text, const onn_setting *number, number_list *list)
{
	double low, high;
	size_t n;
	bool logarithmic;

	if (!sweep_read(text, number, &low, &high, &n, &logarithmic))
		return false;
	double *value = malloc(n * sizeof *value);
	if (!value)
		return false;
	for (size_t i = 0; i < n; i++) {
		double part = (double)i / (double)(n - 1);
		value[i] = logarithmic ? low * pow(high / low, part) : low + (high - low) * part;
	}
	value[n - 1] = high;
	*list = (number_list){n, value, false, false};
	return true;
}

bool number_list_parse(number_list *list, const char *text, const char *name, const char *unit)
{
	onn_setting number = any_input;

	number.name = name;
	number.unit = unit;
	bool fine =
	    strchr(text, ':') ? sweep_parse(text, &number, list) : list_parse(text, &number, list);
	size_t numbers = strchr(text, ':') ? 2 : SIZE_MAX; /* COUNT is another */
	for (const char *p = text; fine && *p && numbers-- > 0; p += *p != 0) {
		double plain;
		size_t length = strcspn(p, ",:");
		bool bare = onn_quantity_read(&plain, p, length, NULL);
		list->with_unit |= !bare;
		list->without |= bare;
		p += length;
	}
	return fine;
}

bool names_have(const char *names, const char *text, size_t length)
{
	for (; *names; names += *names == '|') {
		size_t n = strcspn(names, "|");
		if (n == length && !memcmp(names, text, n))
			return true;
		names += n;
	}
	return false;
}

/* "opencl:1": which devices there are is the library's to say; which forms there are is known here.
 */
static bool device_parse(const char *text)
{
	size_t head = strcspn(text, ":");

	if (!names_have(DEVICE_NAMES, text, head))
		return false;
	return !text[head] || (!strncmp(text, "opencl", 6) && text[head + 1]);
}

static bool devices_parse(const char *text)
{
	char name[128];

	for (size_t length; *text; text += length + 1) {
		length = strcspn(text, ",");
		if (length == 0 || length >= sizeof name)
			return false;
		memcpy(name, text, length);
		name[length] = '\0';
		if (!device_parse(name))
			return false;
		if (!text[length])
			return true;
	}
	return false;
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

	switch (row->kind) {
	case VALUE_SETTING:
		return setting_parse(row, text, settings);
	case VALUE_SPAN:
		return setting_parse_span(row, text, settings);
	case VALUE_NONE:
		*(bool *)value = true;
		return true;
	case VALUE_THREADS:
		return onn_setting_parse(value, &any_thread_count, text);
	case VALUE_INPUTS:
		return number_list_parse(value, text, row->name, row->unit);
	case VALUE_DEVICE:
		if (!device_parse(text))
			return false;
		break;
	case VALUE_DEVICES:
		if (!devices_parse(text))
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
	case VALUE_CHANGE:
	case VALUE_CHANGES:
		if (*text == '=' || !strchr(text, '='))
			return false;
		if (row->kind == VALUE_CHANGE)
			break;
		((change_list *)value)->item[((change_list *)value)->count++] = text;
		return true;
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
	       : row->kind == VALUE_DEVICE  ? DEVICE_NAMES
	       : row->kind == VALUE_DEVICES ? DEVICE_NAMES
	       : row->kind == VALUE_SETTING ? setting_names(row)
	                                    : NULL;
}

const char *value_shown(const option_row *row)
{
	if (row->kind == VALUE_NONE)
		return "";
	if (row->shown)
		return row->shown;
	return row->kind == VALUE_SETTING ? setting_shown(row) : value_names(row);
}

static void inputs_expected(const option_row *row, char *text, size_t room)
{
	onn_setting one = {.kind = ONN_SETTING_REAL, .unit = row->unit};
	char number[96];

	int n = snprintf(text, room,
	    "numbers with commas (1,2,5) or MIN:MAX:COUNT with MIN below MAX and COUNT from 2 to "
	    "%d, or MIN:MAX:COUNT:log with MIN above 0",
	    MAX_INPUTS);
	if (row->plain && (size_t)n < room)
		snprintf(text + n, room - (size_t)n, "; each %s, or %s", row->plain,
		    onn_setting_expected(number, sizeof number, &one));
	else if (row->unit && (size_t)n < room)
		snprintf(text + n, room - (size_t)n, "; each %s",
		    onn_setting_expected(number, sizeof number, &one));
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
	case VALUE_DEVICES:
		snprintf(text, room,
		    "one of auto, c, reference, opencl, opencl:N, opencl:NAME, opencl-pure, or "
		    "several with commas between");
		break;
	case VALUE_DATASET: {
		size_t n = (size_t)snprintf(text, room, "one of ");
		for (const char *p = value_names(row); *p && n + 3 < room; p++)
			n += (size_t)snprintf(text + n, room - n, *p == '|' ? ", " : "%c", *p);
		break;
	}
	case VALUE_THREADS:
		onn_setting_expected(text, room, &any_thread_count);
		break;
	case VALUE_SPAN:
		snprintf(text, room, "A:B, two numbers with A below B, such as -1:1");
		break;
	case VALUE_INPUTS:
		inputs_expected(row, text, room);
		break;
	case VALUE_CHANGE:
	case VALUE_CHANGES:
		snprintf(text, room, "NAME=VALUE, such as lens.f=60mm");
		break;
	}
}

void value_refusal(const option_row *row, const char *given, char *text, size_t room)
{
	const char *structure;
	onn_setting number = any_input;

	number.name = row->name;
	number.unit = row->unit;
	const onn_setting *setting = row->kind == VALUE_INPUTS    ? &number
	                             : row->kind == VALUE_SETTING ? setting_of(&structure, row, "")
	                                                          : NULL;
	if (!setting || !onn_setting_lost_unit(text, room, setting, given))
		value_expected(row, text, room);
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
