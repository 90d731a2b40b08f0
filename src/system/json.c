/*
 * Systems as JSON.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/os.h"
#include "core/path.h"
#include "core/settings.h"
#include "nn/rows.h"
#include "system/system.h"

static const char *const layers_name = "layers", *const layer_name = "layer",
                         *const name_name = "name", *const objective_name = "objective",
                         *const optimize_name = "optimize";

/* ---- numbers that are free ---- */

static bool is_free(const cJSON *value)
{
	return cJSON_IsObject(value) && cJSON_HasObjectItem(value, optimize_name);
}

static bool read_number(double *value, const cJSON *item, const onn_setting *row)
{
	if (cJSON_IsNumber(item)) {
		*value = item->valuedouble;
		return !onn_setting_is_doubtful(row, *value);
	}
	if (!item || !cJSON_IsString(item) ||
	    !onn_quantity_read(value, item->valuestring, strlen(item->valuestring), row->unit))
		return !item;
	return true;
}

/* {"optimize": true, "start": ..., "step": ..., "low": ..., "high": ...} */
static onn_status take_one(onn_system *s, const onn_place *place, const cJSON *value)
{
	static const char *const name[] = {"step", "low", "high"};
	double number[3] = {NAN, NAN, NAN};
	char expected[256];
	const cJSON *item;
	cJSON_ArrayForEach(item, value)
	{
		bool known =
		    strcmp(item->string, optimize_name) == 0 || strcmp(item->string, "start") == 0;
		for (size_t k = 0; k < 3; k++)
			known |= strcmp(item->string, name[k]) == 0;
		if (!known)
			return onn_error(ONN_ERROR_FORMAT,
			    "%s: there is no \"%s\" of a free number; expected optimize, start, "
			    "step, "
			    "low and high",
			    place->name, item->string);
	}
	for (size_t k = 0; k < 3; k++) {
		item = cJSON_GetObjectItemCaseSensitive(value, name[k]);
		if (read_number(&number[k], item, place->row))
			continue;
		char *given = cJSON_PrintUnformatted(item);
		onn_status status = onn_error(ONN_ERROR_FORMAT, "%s: its %s is %.80s; expected %s",
		    place->name, name[k], given ? given : "?",
		    onn_setting_refusal(expected, sizeof expected, place->row, given ? given : ""));
		cJSON_free(given);
		return status;
	}
	if (number[0] <= 0)
		return onn_error(ONN_ERROR_FORMAT, "%s: its step is %g; expected one above 0",
		    place->name, number[0]);
	return onn_system_free_at(s, place, number[0], number[1], number[2]);
}

/* The value that a number starts from, as a value of its own, which the caller deletes. */
static onn_status start_of(cJSON **start, const char *name, const cJSON *value)
{
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(value, "start");
	const cJSON *optimize = cJSON_GetObjectItemCaseSensitive(value, optimize_name);
	*start = NULL;
	if (!given || !cJSON_IsBool(optimize))
		return onn_error(
		    ONN_ERROR_FORMAT, "%s: expected {\"optimize\": true, \"start\": ...}", name);
	*start = cJSON_Duplicate(given, true);
	return *start ? ONN_OK : onn_error_memory("onn_system_from_json", 1);
}

/* One member of a layer: what is free in it becomes what it starts from. found: whether anything
 * was. */
static onn_status settle_member(cJSON *object, const cJSON *member, bool *found)
{
	char name[64];
	cJSON *whole = NULL;
	onn_status status = ONN_OK;
	*found = false;
	snprintf(name, sizeof name, "%s", member->string);
	if (is_free(member)) {
		status = start_of(&whole, name, member);
	} else if (cJSON_IsArray(member)) {
		whole = cJSON_Duplicate(member, true);
		for (int k = 0; whole && k < cJSON_GetArraySize(member) && !status; k++) {
			cJSON *one = NULL;
			const cJSON *element = cJSON_GetArrayItem(member, k);
			if (!is_free(element))
				continue;
			*found = true;
			status = start_of(&one, name, element);
			if (!status)
				cJSON_ReplaceItemInArray(whole, k, one);
		}
	}
	*found |= is_free(member);
	if (whole && *found && !status)
		cJSON_ReplaceItemInObjectCaseSensitive(object, name, whole);
	else
		cJSON_Delete(whole);
	return status;
}

/* The same object without what is free; the caller deletes it. */
static onn_status settled(cJSON **plain, const cJSON *object)
{
	const cJSON *member;
	bool found;
	onn_status status = ONN_OK;
	*plain = cJSON_Duplicate(object, true);
	if (!*plain)
		return onn_error_memory("onn_system_from_json", 1);
	cJSON_ArrayForEach(member, object)
	{
		if (!status)
			status = settle_member(*plain, member, &found);
	}
	return status;
}

static bool is_on(const cJSON *value)
{
	return is_free(value) &&
	       cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(value, optimize_name));
}

/* Frees the elements of a list that say so. */
static onn_status take_elements(onn_system *s, const char *name, const cJSON *list)
{
	const cJSON *element;
	onn_status status = ONN_OK;
	onn_place place;
	size_t k = 0;
	cJSON_ArrayForEach(element, list)
	{
		if (!status && is_on(element)) {
			status = onn_system_locate(&place, s, name);
			bool pair = !status && place.row->length == 2 && !place.row->counted;
			place.index = pair ? k : SIZE_MAX;
			status = status ? status : take_one(s, &place, element);
		}
		k++;
	}
	return status;
}

/* Frees what an object says is free; prefix: "lens." */
static onn_status take_free(onn_system *s, const char *prefix, const cJSON *object)
{
	const cJSON *member;
	onn_status status = ONN_OK;
	char name[ONN_SYSTEM_NAME + 64];
	onn_place place;
	cJSON_ArrayForEach(member, object)
	{
		if (status)
			break;
		snprintf(name, sizeof name, "%s%.60s", prefix, member->string);
		if (cJSON_IsArray(member))
			status = take_elements(s, name, member);
		else if (is_on(member))
			status = onn_system_locate(&place, s, name);
		if (!status && is_on(member))
			status = take_one(s, &place, member);
	}
	return status;
}

/* ---- reading ---- */

/* Files are named as they are from the system's folder. */
static onn_status place_file(char *file, size_t room, const char *folder)
{
	char path[ONN_PATH_ROOM];
	if (!file[0] || file[0] == '/' || !folder || !folder[0])
		return ONN_OK;
	if (!onn_path_join(path, folder, file) || strlen(path) >= room)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s/%s: a name that is too long; expected at most %zu bytes", folder, file,
		    room - 1);
	strcpy(file, path);
	return ONN_OK;
}

static onn_status place_files(onn_item *item, const char *folder)
{
	static const char *const name[] = {"file", "lut", "flatness"};
	onn_status status = place_file(item->watch.target, sizeof item->watch.target, folder);
	for (size_t i = 0; i < sizeof name / sizeof *name && !status; i++) {
		const onn_setting *row = onn_settings_find(NULL, item->kind->settings(), name[i]);
		if (row && row->kind == ONN_SETTING_TEXT)
			status =
			    place_file((char *)item->values + row->offset, row->length, folder);
	}
	return status;
}

/* Moves the members that a table has from one object to another. */
static void move_members(cJSON *to, cJSON *from, const onn_settings *settings)
{
	for (size_t i = 0; i < settings->count; i++) {
		const char *name = settings->row[i].name;
		cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(from, name);
		if (item)
			cJSON_AddItemToObject(to, name, item);
	}
}

static onn_status take_settings(onn_item *item, const cJSON *object)
{
	cJSON *own = NULL, *watch = cJSON_CreateObject();
	onn_status status = watch ? settled(&own, object) : onn_error_memory("onn_system", 1);
	if (!status) {
		cJSON_DeleteItemFromObjectCaseSensitive(own, layer_name);
		cJSON_DeleteItemFromObjectCaseSensitive(own, name_name);
		if (item->kind == &onn_camera_layer)
			move_members(watch, own, onn_watch_settings());
		status = onn_settings_take(item->values, item->kind->settings(), own, true);
	}
	if (!status)
		status = onn_settings_take(&item->watch, onn_watch_settings(), watch, true);
	cJSON_Delete(own);
	cJSON_Delete(watch);
	return status;
}

static onn_status begin_layer(onn_system *s, const cJSON *object)
{
	const char *kind =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, layer_name));
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(object, name_name);
	if (!kind)
		return onn_error(ONN_ERROR_FORMAT,
		    "layer %zu: no \"layer\"; expected an object that names its kind",
		    s->count + 1);
	onn_status status = onn_system_append(s, kind);
	if (!status && name) {
		const char *text = cJSON_GetStringValue(name);
		onn_item *item = &s->item[s->count - 1];
		snprintf(item->name, sizeof item->name, "%s", text ? text : "");
		if (!text || !text[0] || strlen(text) >= sizeof item->name)
			status = onn_error(ONN_ERROR_FORMAT,
			    "layer %zu: its name is no text of 1 to %d letters", s->count,
			    ONN_SYSTEM_NAME - 1);
	}
	return status;
}

static onn_status take_layers(onn_system *s, const cJSON *list, const char *folder)
{
	const cJSON *object;
	char prefix[ONN_SYSTEM_NAME + 2];
	onn_status status = cJSON_IsArray(list)
	                        ? ONN_OK
	                        : onn_error(ONN_ERROR_FORMAT,
	                              "system: no \"layers\"; expected a list that begins with a "
	                              "source");
	cJSON_ArrayForEach(object, list)
	{
		if (!status)
			status = begin_layer(s, object);
	}
	if (!status)
		status = onn_system_name_all(s);
	size_t i = 0;
	cJSON_ArrayForEach(object, list)
	{
		if (status)
			break;
		status = take_settings(&s->item[i], object);
		if (!status)
			status = place_files(&s->item[i], folder);
		snprintf(prefix, sizeof prefix, "%s.", s->item[i].name);
		if (!status)
			status = take_free(s, prefix, object);
		status = onn_at_item(status, s, i++);
	}
	return status;
}

/* The object is taken apart. */
static onn_status take_system(onn_system *s, cJSON *o, const char *folder)
{
	cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(o, layers_name);
	cJSON *objective = cJSON_DetachItemFromObjectCaseSensitive(o, objective_name);
	cJSON *plain = NULL;
	onn_status status = settled(&plain, o);
	if (!status)
		status = onn_settings_take(&s->options, onn_system_settings(), plain, true);
	if (!status && objective)
		status = cJSON_IsObject(objective)
		             ? onn_settings_take(
		                   &s->objective, onn_objective_settings(), objective, true)
		             : onn_error(ONN_ERROR_FORMAT, "objective: expected an object");
	if (!status)
		status = onn_rows_expand(list);
	if (!status)
		status = take_layers(s, list, folder);
	if (!status)
		status = take_free(s, "", o);
	if (!status)
		status = onn_system_check(s);
	cJSON_Delete(list);
	cJSON_Delete(objective);
	cJSON_Delete(plain);
	return status;
}

onn_status onn_system_from_json(onn_system **system, const char *json, const char *folder)
{
	onn_status status = ONN_OK;
	*system = NULL;
	cJSON *o = onn_json_parse("system", json, &status);
	if (!o)
		return status;
	onn_system *s = calloc(1, sizeof *s);
	if (s) {
		s->options = *(const onn_system_options *)onn_system_settings()->standard;
		s->objective = *(const onn_objective *)onn_objective_settings()->standard;
		status = take_system(s, o, folder);
	} else {
		status = onn_error_memory("onn_system_from_json", sizeof *s);
	}
	cJSON_Delete(o);
	if (status)
		onn_system_destroy(s);
	else
		*system = s;
	/* a failed check is here what is wrong with a file */
	return status == ONN_ERROR_ARGUMENT ? ONN_ERROR_FORMAT : status;
}

onn_status onn_system_load(onn_system **system, const char *path)
{
	void *text = NULL;
	size_t bytes;
	char folder[ONN_PATH_ROOM] = "";
	*system = NULL;
	onn_status status = onn_file_read(&text, &bytes, path);
	if (status)
		return status;
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;
	if (slash && length < sizeof folder) {
		memcpy(folder, length ? path : "/", length ? length : 1);
		folder[length ? length : 1] = 0;
	}
	status = onn_system_from_json(system, text, folder);
	onn_free(text);
	return status ? onn_error(status, "%s: %s", path, onn_last_error()) : ONN_OK;
}

/* ---- writing ---- */

static bool put_layer(cJSON *list, const onn_item *item)
{
	cJSON *o = cJSON_CreateObject();
	if (!o || !cJSON_AddItemToArray(list, o))
		return false;
	return onn_json_put_text(o, layer_name, item->kind->name) &&
	       onn_json_put_text(o, name_name, item->name) &&
	       onn_settings_put(o, item->kind->settings(), item->values) &&
	       (item->kind != &onn_camera_layer ||
	           onn_settings_put(o, onn_watch_settings(), &item->watch));
}

char *onn_system_to_json(const onn_system *s)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_settings_put(o, onn_system_settings(), &s->options);
	cJSON *list = fine ? cJSON_AddArrayToObject(o, layers_name) : NULL;
	fine = list != NULL;
	for (size_t i = 0; i < s->count && fine; i++)
		fine = put_layer(list, &s->item[i]);
	if (fine)
		return onn_json_finish(o);
	cJSON_Delete(o);
	return NULL;
}
