/*
 * Networks as JSON: a preset's settings, or a list of layers; and what differs between two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/options.h"
#include "core/os.h"
#include "nn/network.h"
#include "nn/rows.h"

static const char list_name[] = "network";

/* ---- presets ---- */

const onn_preset *const onn_presets[] = {&onn_mlp_preset, &onn_cnn_preset, &onn_d2nn_preset, NULL};

const char *onn_network_model(const onn_network *n)
{
	return n->preset ? n->preset->name : list_name;
}

onn_status onn_network_of(onn_network **network, const onn_preset *preset, const void *values)
{
	const onn_settings *settings = preset->settings();
	*network = NULL;
	onn_status status = onn_settings_check(settings, values);
	if (status)
		return status;
	void *own = malloc(settings->size);
	if (!own)
		return onn_error_memory("onn_network_create", settings->size);
	memcpy(own, values, settings->size);
	if (preset->settle)
		preset->settle(own);
	status = onn_network_create(network, NULL);
	if (!status)
		status = preset->write(*network, own);
	if (!status)
		status = onn_network_check(*network);
	if (status) {
		free(own);
		onn_network_destroy(*network);
		*network = NULL;
		return status;
	}
	(*network)->preset = preset;
	(*network)->values = own;
	return ONN_OK;
}

onn_status onn_network_from(onn_network **network, const onn_preset *preset, const void *given)
{
	const onn_settings *settings = preset->settings();
	void *own = malloc(settings->size);
	*network = NULL;
	if (!own)
		return onn_error_memory(preset->check, settings->size);
	memcpy(own, settings->standard, settings->size);
	onn_status status = onn_options_take(own, given, preset->check, preset->init);
	if (!status)
		status = onn_network_of(network, preset, own);
	free(own);
	return status;
}

onn_status onn_preset_check(const onn_preset *preset, const void *given)
{
	onn_network *network;
	onn_status status = onn_network_from(&network, preset, given);
	onn_network_destroy(network);
	return status;
}

bool onn_network_is(const onn_network *network, const onn_preset *preset, void *values)
{
	if (network->preset != preset)
		return false;
	memcpy(values, network->values, preset->settings()->size);
	return true;
}

/* ---- writing ---- */

static bool put_layer(cJSON *list, const onn_layer *layer)
{
	cJSON *o = cJSON_CreateObject();
	if (!o || !cJSON_AddItemToArray(list, o))
		return false;
	return onn_json_put_text(o, "layer", layer->kind->name) &&
	       onn_settings_put(o, layer->kind->settings(), layer->values);
}

char *onn_network_list_to_json(const onn_network *n)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_json_put_text(o, "model", list_name) &&
	            onn_settings_put(o, onn_network_settings(), &n->options);
	cJSON *list = fine ? cJSON_AddArrayToObject(o, "layers") : NULL;
	fine = list != NULL;
	for (size_t i = 0; i < n->count && fine; i++)
		fine = put_layer(list, &n->layer[i]);
	if (fine)
		return onn_json_finish(o);
	cJSON_Delete(o);
	return NULL;
}

char *onn_network_to_json(const onn_network *n)
{
	return n->preset ? onn_settings_to_json(n->preset->settings(), n->values)
	                 : onn_network_list_to_json(n);
}

/* ---- reading ---- */

static onn_status take_layer(onn_network *n, const cJSON *item)
{
	cJSON *copy = cJSON_Duplicate(item, true);
	if (!copy)
		return onn_error_memory("onn_network_from_json", 1);
	const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(copy, "layer"));
	onn_status status =
	    kind ? onn_network_append(n, kind, NULL)
	         : onn_error(ONN_ERROR_FORMAT,
	               "layer %zu: no \"layer\"; expected an object that names its kind",
	               n->count + 1);
	cJSON_DeleteItemFromObjectCaseSensitive(copy, "layer");
	if (!status) {
		onn_layer *layer = &n->layer[n->count - 1];
		status = onn_settings_take(layer->values, layer->kind->settings(), copy, true);
		status = onn_at_layer(status, n, n->count - 1);
	}
	cJSON_Delete(copy);
	return status;
}

/* An object of options, "model" and "layers", which is taken apart. */
static onn_status take_list(onn_network *n, cJSON *o)
{
	const cJSON *item;
	onn_status status = ONN_OK;
	cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(o, "layers");
	cJSON_DeleteItemFromObjectCaseSensitive(o, "model");
	status = onn_rows_expand(list);
	if (!status)
		status = onn_settings_take(&n->options, onn_network_settings(), o, true);
	if (!status && !cJSON_IsArray(list))
		status = onn_error(
		    ONN_ERROR_FORMAT, "network: no \"layers\"; expected a list of layers");
	cJSON_ArrayForEach(item, list)
	{
		if (!status)
			status = take_layer(n, item);
	}
	cJSON_Delete(list);
	return status;
}

static onn_status read_list(onn_network **network, cJSON *o)
{
	onn_status status = onn_network_create(network, NULL);
	if (!status)
		status = take_list(*network, o);
	if (status) {
		onn_network_destroy(*network);
		*network = NULL;
	}
	return status;
}

static onn_status read_preset(onn_network **network, const onn_preset *preset, const cJSON *o)
{
	const onn_settings *settings = preset->settings();
	void *values = malloc(settings->size);
	if (!values)
		return onn_error_memory("onn_network_from_json", settings->size);
	memcpy(values, settings->standard, settings->size);
	onn_status status = onn_settings_take(values, settings, o, true);
	if (!status)
		status = onn_network_of(network, preset, values);
	free(values);
	return status;
}

static const onn_preset *preset_of(const char *name)
{
	for (size_t i = 0; onn_presets[i]; i++)
		if (strcmp(onn_presets[i]->name, name) == 0)
			return onn_presets[i];
	return NULL;
}

/* A failed check is here what is wrong with a file. */
static onn_status as_format(onn_status status)
{
	return status == ONN_ERROR_ARGUMENT ? ONN_ERROR_FORMAT : status;
}

onn_status onn_network_from_json(onn_network **network, const char *json)
{
	onn_status status = ONN_OK;
	*network = NULL;
	cJSON *o = onn_json_parse("network", json, &status);
	if (!o)
		return status;
	const char *model = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "model"));
	bool list = cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(o, "layers"));
	if (!model)
		model = list ? list_name : onn_mlp_preset.name;
	const onn_preset *preset = preset_of(model);
	if (preset)
		status = read_preset(network, preset, o);
	else if (strcmp(model, list_name) == 0)
		status = read_list(network, o);
	else
		status = onn_error(ONN_ERROR_FORMAT,
		    "network: \"model\" is \"%s\"; expected mlp, cnn, d2nn or network", model);
	cJSON_Delete(o);
	return as_format(status);
}

onn_status onn_network_load(onn_network **network, const char *path)
{
	void *text = NULL;
	size_t bytes;
	*network = NULL;
	onn_status status = onn_file_read(&text, &bytes, path);
	if (status)
		return status;
	status = onn_network_from_json(network, text);
	onn_free(text);
	return status ? onn_error(status, "%s: %s", path, onn_last_error()) : ONN_OK;
}

/* ---- differences ---- */

/* "distance was 0.03 and is 0.04", by the first setting that differs; false where none does. */
static bool differ(
    char *text, size_t room, const onn_settings *settings, const void *is, const void *was)
{
	char name[128];
	if (!onn_settings_difference(name, sizeof name, settings, is, was))
		return false;
	char *now = onn_settings_get(settings, is, name),
	     *then = onn_settings_get(settings, was, name);
	snprintf(text, room, "%s was %s and is %s", name, then ? then : "?", now ? now : "?");
	onn_free(now);
	onn_free(then);
	return true;
}

static onn_status refuse(const char *what, const char *difference)
{
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s", what, difference);
}

onn_status onn_network_compare(const onn_network *is, const onn_network *was)
{
	char text[320], where[64];
	const char *now = onn_network_model(is), *then = onn_network_model(was);
	if (strcmp(now, then) != 0)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: it was %s and is %s", list_name, then, now);
	if (is->preset)
		return differ(text, sizeof text, is->preset->settings(), is->values, was->values)
		           ? refuse(is->preset->name, text)
		           : ONN_OK;
	if (differ(text, sizeof text, onn_network_settings(), &is->options, &was->options))
		return refuse(list_name, text);
	for (size_t i = 0; i < is->count && i < was->count; i++) {
		const onn_layer *a = &is->layer[i], *b = &was->layer[i];
		onn_layer_text(where, sizeof where, is, i);
		if (a->kind != b->kind) {
			snprintf(text, sizeof text, "it was %s", b->kind->name);
			return refuse(where, text);
		}
		if (differ(text, sizeof text, a->kind->settings(), a->values, b->values))
			return refuse(where, text);
	}
	if (is->count == was->count)
		return ONN_OK;
	snprintf(text, sizeof text, "it had %zu layers and has %zu", was->count, is->count);
	return refuse(list_name, text);
}
