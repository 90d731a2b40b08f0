/*
 * Settings as JSON: an object whose members are the rows, numbers to the bit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/settings.h"
#include "core/json.h"
#include "core/number.h"

/* ---- writing ---- */

/* A plain number that would not be taken back is a text with its unit. */
static cJSON *new_number(const onn_setting *row, double x)
{
	char text[ONN_NUMBER_ROOM];
	onn_setting_number_text(text, row, x);
	return onn_setting_is_doubtful(row, x) ? cJSON_CreateString(text) : cJSON_CreateRaw(text);
}

static bool put_array(cJSON *object, const onn_setting *row, const void *structure)
{
	cJSON *list = cJSON_AddArrayToObject(object, row->name);
	size_t count = list ? onn_setting_length(row, structure) : 0;
	for (size_t i = 0; i < count; i++)
		if (!cJSON_AddItemToArray(
		        list, new_number(row, onn_setting_number(row, structure, i))))
			return false;
	return list != NULL;
}

static bool put_row(cJSON *object, const onn_setting *row, const char *structure)
{
	const char *member = structure + row->offset;
	switch (row->kind) {
	case ONN_SETTING_BOOL:
		return onn_json_put_bool(object, row->name, *(const bool *)member);
	case ONN_SETTING_WORD:
		return onn_json_put_text(
		    object, row->name, onn_words_name(row->words, *(const int *)member));
	case ONN_SETTING_TEXT:
		return onn_json_put_text(object, row->name, member);
	case ONN_SETTING_MARK:
		return onn_json_put_text(object, row->name, row->words->word[0]);
	default:
		break;
	}
	if (row->length)
		return put_array(object, row, structure);
	if (row->word && onn_setting_is_word(row, onn_setting_number(row, structure, 0)))
		return onn_json_put_text(object, row->name, row->word);
	if (onn_setting_is_doubtful(row, onn_setting_number(row, structure, 0)))
		return onn_json_put_text(object, row->name,
		    onn_setting_number_text(
		        (char[ONN_NUMBER_ROOM]){0}, row, *(const double *)member));
	if (row->kind == ONN_SETTING_REAL)
		return onn_json_put_real(object, row->name, *(const double *)member);
	return onn_json_put_whole(object, row->name,
	    row->kind == ONN_SETTING_WHOLE ? *(const uint64_t *)member
	                                   : (uint64_t)onn_setting_number(row, structure, 0));
}

static bool put_part(cJSON *object, const onn_setting *row, const char *structure)
{
	cJSON *below = row->name ? cJSON_AddObjectToObject(object, row->name) : object;
	return below && onn_settings_put(below, row->part(), structure + row->offset);
}

/* What came late and says nothing new stays out: files are as they were before it came. */
static bool is_silent(const onn_setting *row, const onn_settings *settings, const void *values)
{
	char name[128];
	const onn_settings alone = {.row = row, .count = 1};
	return row->late &&
	       !onn_settings_difference(name, sizeof name, &alone, values, settings->standard);
}

bool onn_settings_put(cJSON *object, const onn_settings *settings, const void *values)
{
	bool fine = true;
	for (size_t i = 0; i < settings->count && fine; i++) {
		const onn_setting *row = &settings->row[i];
		if (is_silent(row, settings, values))
			continue;
		if (row->kind != ONN_SETTING_PART)
			fine = put_row(object, row, values);
		else if (onn_setting_counts(row, settings, values))
			fine = put_part(object, row, values);
	}
	return fine;
}

char *onn_settings_to_json(const onn_settings *settings, const void *values)
{
	cJSON *object = cJSON_CreateObject();
	if (object && onn_settings_put(object, settings, values))
		return onn_json_finish(object);
	cJSON_Delete(object);
	return NULL;
}

/* ---- reading ---- */

/* What stands in the file, for a message. */
static onn_status refuse(const char *what, const onn_setting *row, const cJSON *item)
{
	char expected[256];
	char *given = cJSON_PrintUnformatted(item);
	onn_status status = onn_error(ONN_ERROR_FORMAT, "%s: %s is %.80s; expected %s", what,
	    row->name, given ? given : "?",
	    onn_setting_refusal(expected, sizeof expected, row, given ? given : ""));
	cJSON_free(given);
	return status;
}

/* A number; a text of digits where a double would not hold it, or with a unit. */
static bool take_number(const onn_setting *row, const cJSON *item, double *value)
{
	uint64_t whole;
	if (cJSON_IsString(item) && row->kind == ONN_SETTING_WHOLE &&
	    onn_number_read_whole(&whole, item->valuestring, strlen(item->valuestring)))
		*value = (double)whole;
	else if (row->word && cJSON_IsString(item) && strcmp(item->valuestring, row->word) == 0)
		*value = (double)SIZE_MAX;
	else if (cJSON_IsNumber(item))
		*value = item->valuedouble;
	else if (!row->unit || !cJSON_IsString(item) ||
	         !onn_quantity_read(value, item->valuestring, strlen(item->valuestring), row->unit))
		return false;
	if (cJSON_IsNumber(item) && onn_setting_is_word(row, *value))
		return false; /* it is a word's to say */
	if (cJSON_IsNumber(item) && onn_setting_is_doubtful(row, *value))
		return false;
	if (onn_setting_is_whole(row) && *value != floor(*value))
		return false;
	return onn_setting_within(row, *value);
}

static bool take_numbers(void *structure, const onn_setting *row, const cJSON *item)
{
	double value[64] = {0};
	size_t count = 0, most = row->length ? row->length : 1;
	const cJSON *one;
	if (most > sizeof value / sizeof *value)
		return false;
	if (!cJSON_IsArray(item)) {
		if (!take_number(row, item, value))
			return false;
		count = 1;
	} else if (row->length) {
		cJSON_ArrayForEach(one, item)
		{
			if (count == most || !take_number(row, one, &value[count]))
				return false;
			count++;
		}
	}
	return onn_setting_set_numbers(structure, row, value, count);
}

static bool take_row(void *structure, const onn_setting *row, const cJSON *item)
{
	char *member = (char *)structure + row->offset;
	const char *text = cJSON_GetStringValue(item);
	switch (row->kind) {
	case ONN_SETTING_BOOL:
		if (!cJSON_IsBool(item))
			return false;
		*(bool *)member = cJSON_IsTrue(item);
		return true;
	case ONN_SETTING_MARK:
		return text && strcmp(text, row->words->word[0]) == 0;
	case ONN_SETTING_WORD:
	case ONN_SETTING_TEXT:
		return text && onn_setting_parse(structure, row, text);
	case ONN_SETTING_WHOLE:
		if (text && !row->length)
			return onn_setting_parse(structure, row, text);
		break;
	default:
		break;
	}
	/* an infinite number was written so, and the standard is */
	if (cJSON_IsNull(item) && row->infinite)
		return true;
	return take_numbers(structure, row, item);
}

static onn_status take_part(void *structure, const onn_setting *row, const cJSON *item, bool strict)
{
	if (!cJSON_IsObject(item))
		return refuse(row->part()->what, row, item);
	return onn_settings_take((char *)structure + row->offset, row->part(), item, strict);
}

/* Of the members that are there, those of the rows. */
static onn_status take_members(
    void *values, const onn_settings *settings, const cJSON *object, bool strict)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < settings->count && !status; i++) {
		const onn_setting *row = &settings->row[i];
		if (!row->name) {
			status =
			    take_members((char *)values + row->offset, row->part(), object, strict);
			continue;
		}
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, row->name);
		if (item && row->kind == ONN_SETTING_PART)
			status = take_part(values, row, item, strict);
		else if (item && !take_row(values, row, item))
			status = refuse(settings->what, row, item);
	}
	return status;
}

/* Whether a name is one of the object's own: not of a setting within a named part. */
static bool is_member(const onn_settings *settings, const char *name)
{
	return !strchr(name, '.') && onn_settings_find(NULL, settings, name);
}

onn_status onn_settings_take(
    void *values, const onn_settings *settings, const cJSON *object, bool strict)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, object)
	{
		if (strict && !is_member(settings, item->string))
			return onn_error(ONN_ERROR_FORMAT, "%s: there is no setting \"%s\"",
			    settings->what, item->string);
	}
	return take_members(values, settings, object, strict);
}

onn_status onn_settings_complete(
    const onn_settings *settings, const void *values, const cJSON *object)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < settings->count && !status; i++) {
		const onn_setting *row = &settings->row[i];
		const char *at = (const char *)values + row->offset;
		const cJSON *item =
		    row->name ? cJSON_GetObjectItemCaseSensitive(object, row->name) : object;
		bool part = row->kind == ONN_SETTING_PART;
		if (row->late || (part && !onn_setting_counts(row, settings, values)))
			continue;
		if (!item)
			status = onn_error(ONN_ERROR_FORMAT,
			    "%s: there is no \"%s\"; expected all "
			    "that a run was told",
			    settings->what, row->name);
		else if (part)
			status = onn_settings_complete(row->part(), at, item);
	}
	return status;
}

onn_status onn_settings_from_json(void *values, const onn_settings *settings, const char *json)
{
	onn_status status = ONN_OK;
	memcpy(values, settings->standard, settings->size);
	cJSON *object = onn_json_parse(settings->what, json, &status);
	if (object)
		status = onn_settings_take(values, settings, object, true);
	cJSON_Delete(object);
	if (!status && onn_settings_check(settings, values))
		status = ONN_ERROR_FORMAT;
	return status;
}
