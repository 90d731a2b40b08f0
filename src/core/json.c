#include "core/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/number.h"
#include "core/text.h"

/* cJSON's own numbers come back to within a bit only. */
bool onn_json_put_real(cJSON *object, const char *name, double value)
{
	char text[ONN_NUMBER_ROOM];
	if (!isfinite(value))
		return cJSON_AddNullToObject(object, name) != NULL;
	return cJSON_AddRawToObject(object, name, onn_number_text(text, value)) != NULL;
}

bool onn_json_put_whole(cJSON *object, const char *name, uint64_t value)
{
	char text[32];
	/* readers keep numbers as doubles: larger ones are written as texts */
	bool small = value <= (UINT64_C(1) << 53);
	snprintf(text, sizeof text, small ? "%llu" : "\"%llu\"", (unsigned long long)value);
	return cJSON_AddRawToObject(object, name, text) != NULL;
}

bool onn_json_put_text(cJSON *object, const char *name, const char *value)
{
	return cJSON_AddStringToObject(object, name, value) != NULL;
}

bool onn_json_put_bool(cJSON *object, const char *name, bool value)
{
	return cJSON_AddBoolToObject(object, name, value) != NULL;
}

static void wrong(onn_status *status, const char *name, const char *expected)
{
	if (!*status)
		*status =
		    onn_error(ONN_ERROR_FORMAT, "JSON: field \"%s\" is not %s", name, expected);
}

void onn_json_get_real(const cJSON *object, const char *name, double *value, onn_status *status)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!item || cJSON_IsNull(item))
		return;
	if (!cJSON_IsNumber(item))
		wrong(status, name, "a number");
	else
		*value = item->valuedouble;
}

void onn_json_get_whole(const cJSON *object, const char *name, uint64_t *value, onn_status *status)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	char *end = NULL;
	if (!item)
		return;
	if (cJSON_IsString(item) && item->valuestring[0] >= '0' && item->valuestring[0] <= '9') {
		*value = strtoull(item->valuestring, &end, 10);
		if (*end == 0)
			return;
	}
	double x = cJSON_IsNumber(item) ? item->valuedouble : -1;
	if (!(x >= 0 && x <= 9007199254740992.0 && x == floor(x)))
		wrong(status, name, "a whole number >= 0");
	else
		*value = (uint64_t)x;
}

void onn_json_get_size(const cJSON *object, const char *name, size_t *value, onn_status *status)
{
	uint64_t x = *value;
	onn_json_get_whole(object, name, &x, status);
	*value = (size_t)x;
}

void onn_json_get_bool(const cJSON *object, const char *name, bool *value, onn_status *status)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!item)
		return;
	if (!cJSON_IsBool(item))
		wrong(status, name, "true or false");
	else
		*value = cJSON_IsTrue(item);
}

const char *onn_json_get_text(const cJSON *object, const char *name, onn_status *status)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!item)
		return NULL;
	if (!cJSON_IsString(item)) {
		wrong(status, name, "a text");
		return NULL;
	}
	return item->valuestring;
}

/* Where the text stops being JSON: "the text is not JSON from line 3, column 5 on: here". */
static onn_status no_json(const char *what, const char *json, const char *end)
{
	size_t line = 1;
	const char *begin = json;
	for (const char *c = json; c < end; c++)
		if (*c == '\n')
			line++, begin = c + 1;
	size_t length = strcspn(end, "\r\n");
	if (!*end)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: the text is not JSON: it ends in line %zu, before its object does", what,
		    line);
	return onn_error(ONN_ERROR_FORMAT,
	    "%s: the text is not JSON from line %zu, column %zu on: %.*s", what, line,
	    (size_t)(end - begin) + 1, length < 40 ? (int)length : 40, end);
}

cJSON *onn_json_parse(const char *what, const char *json, onn_status *status)
{
	const char *end = json;
	errno = 0; /* cJSON says of memory no more than malloc does */
	cJSON *object = json ? cJSON_ParseWithOpts(json, &end, true) : NULL;
	if (object && cJSON_IsObject(object))
		return object;
	if (!object && errno == ENOMEM) {
		*status = onn_error(
		    ONN_ERROR_MEMORY, "%s: the memory for its JSON could not be had", what);
		return NULL;
	}
	*status =
	    json && *json && !object
	        ? no_json(what, json, end)
	        : onn_error(ONN_ERROR_FORMAT, "%s: the text is not JSON; expected an object", what);
	cJSON_Delete(object);
	return NULL;
}

char *onn_json_finish(cJSON *object)
{
	char *own = object ? cJSON_Print(object) : NULL;
	cJSON_Delete(object);
	/* cJSON may have an allocator of its own: give a copy that onn_free takes */
	size_t bytes = own ? strlen(own) + 1 : 0;
	char *text = own ? malloc(bytes) : NULL;
	if (text)
		memcpy(text, own, bytes);
	cJSON_free(own);
	return text;
}

char *onn_json_lines(const char *json)
{
	onn_text text = ONN_TEXT_INIT;
	int depth = 0;
	while (*json) {
		size_t length = strcspn(json, "\n");
		const char *line = json + strspn(json, "\t ");
		bool quoted = false;
		int in = depth - (*line == '}' || *line == ']');
		if (line < json + length)
			onn_text_add(&text, "%.*s%.*s\n", in, "\t\t\t\t\t\t\t\t\t\t\t\t",
			    (int)(json + length - line), line);
		for (const char *c = line; c < json + length; c++) {
			if (*c == '\\' && quoted)
				c++;
			else if (*c == '"')
				quoted = !quoted;
			else if (!quoted)
				depth += (*c == '{' || *c == '[') - (*c == '}' || *c == ']');
		}
		json += length + (json[length] == '\n');
	}
	return onn_text_take(&text);
}
