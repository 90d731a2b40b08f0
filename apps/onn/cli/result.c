#include "result.h"

#include <math.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include <onn/version.h>

#include "core/number.h"

static void note(result *r, bool fine)
{
	if (!fine)
		r->no_memory = true;
}

result result_begin(const command *c)
{
	result r = {.c = c, .object = cJSON_CreateObject(), .units = cJSON_CreateObject()};

	r.at = r.object;
	note(&r, r.object && r.units);
	result_text(&r, "command", c->name);
	result_text(&r, "onn", ONN_VERSION);
	return r;
}

static void name_unit(result *r, const char *name, const char *unit)
{
	if (unit && !cJSON_HasObjectItem(r->units, name))
		note(r, cJSON_AddStringToObject(r->units, name, unit) != NULL);
}

void result_real(result *r, const char *name, double value, const char *unit)
{
	char text[ONN_NUMBER_ROOM];

	/* cJSON's own numbers may differ in the last bit, and JSON has no infinity */
	note(r, isfinite(value)
	            ? cJSON_AddRawToObject(r->at, name, onn_number_text(text, value)) != NULL
	            : cJSON_AddNullToObject(r->at, name) != NULL);
	name_unit(r, name, unit);
}

void result_reals(result *r, const char *name, const double *value, size_t count, const char *unit)
{
	cJSON *list = cJSON_CreateDoubleArray(value, (int)count);

	if (!cJSON_AddItemToObject(r->at, name, list)) {
		cJSON_Delete(list);
		r->no_memory = true;
	}
	name_unit(r, name, unit);
}

void result_whole(result *r, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	note(r, cJSON_AddRawToObject(r->at, name, text) != NULL);
}

void result_text(result *r, const char *name, const char *text)
{
	note(r, cJSON_AddStringToObject(r->at, name, text) != NULL);
}

void result_bool(result *r, const char *name, bool value)
{
	note(r, cJSON_AddBoolToObject(r->at, name, value) != NULL);
}

void result_list(result *r, const char *name)
{
	if (!cJSON_GetObjectItemCaseSensitive(r->object, name))
		note(r, cJSON_AddArrayToObject(r->object, name) != NULL);
}

void result_row(result *r, const char *name)
{
	result_list(r, name);
	cJSON *row = cJSON_CreateObject();
	if (!cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(r->object, name), row)) {
		cJSON_Delete(row);
		row = NULL;
	}
	note(r, row != NULL);
	r->at = row;
}

void result_enter(result *r, const char *name)
{
	r->at = cJSON_AddObjectToObject(r->object, name);
	note(r, r->at != NULL);
}

void result_leave(result *r) { r->at = r->object; }

int result_end(result *r, int code)
{
	char *text = NULL;

	if (!r->no_memory && !code && cJSON_GetArraySize(r->units) > 0 &&
	    cJSON_AddItemToObject(r->object, "units", r->units))
		r->units = NULL;
	if (!r->no_memory && !code)
		text = cJSON_Print(r->object);
	if (text)
		puts(text);
	else if (!code)
		code = command_fail(r->c, "no memory");
	cJSON_free(text);
	cJSON_Delete(r->object);
	cJSON_Delete(r->units);
	return code;
}
