#include "train/config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/version.h>

#include "core/error.h"
#include "core/os.h"
#include "core/settings.h"
#include "nn/describe.h"

char *onn_config_text(const onn_network *network, const onn_train_options *options,
    const onn_dataset *dataset, const onn_device *device)
{
	cJSON *o = cJSON_CreateObject();
	char *description = onn_network_to_json(network);
	const char *name = options->dataset ? options->dataset : dataset->name;
	bool fine = o && description && onn_json_put_text(o, "onn", ONN_VERSION) &&
	            onn_json_put_text(o, "dataset", name) &&
	            onn_json_put_whole(o, "height", dataset->height) &&
	            onn_json_put_whole(o, "width", dataset->width) &&
	            onn_json_put_real(o, "scale", dataset->scale) &&
	            onn_json_put_whole(o, "train_count", onn_array_count(dataset->train_y)) &&
	            onn_json_put_whole(o, "test_count", onn_array_count(dataset->test_y)) &&
	            onn_json_put_text(o, "device", onn_device_name(device)) &&
	            onn_json_put_whole(o, "threads", (uint64_t)onn_device_threads(device)) &&
	            cJSON_AddRawToObject(o, onn_network_kind_name(network->kind), description);
	cJSON *training = fine ? cJSON_AddObjectToObject(o, "training") : NULL;
	fine = training && onn_settings_put(training, onn_train_settings(), options);
	onn_free(description);
	if (!fine) {
		cJSON_Delete(o);
		return NULL;
	}
	return onn_json_finish(o);
}

/* The network's part, under the name of its kind, by way of its own reader. */
static void get_network(const cJSON *o, onn_network *network, onn_status *status)
{
	const cJSON *part = NULL;
	for (int kind = 0; kind <= ONN_NETWORK_D2NN && !part; kind++)
		part = cJSON_GetObjectItemCaseSensitive(
		    o, onn_network_kind_name((onn_network_kind)kind));
	char *text = part ? cJSON_Print(part) : NULL;
	onn_status found = onn_network_from_json(network, text);
	if (!*status)
		*status = found;
	cJSON_free(text);
}

static void copy_text(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%s", from ? from : "");
}

onn_status onn_config_parse(onn_train_config *config, const char *text, const char *path)
{
	onn_status status = ONN_OK;
	memset(config, 0, sizeof *config);
	config->network = (onn_network)ONN_NETWORK_INIT;
	config->options = (onn_train_options)ONN_TRAIN_OPTIONS_INIT;
	config->scale = 1;
	cJSON *o = cJSON_Parse(text);
	const cJSON *training = cJSON_GetObjectItemCaseSensitive(o, "training");
	if (!training) {
		cJSON_Delete(o);
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: no JSON object with \"training\"; expected a run's config.json", path);
	}
	uint64_t threads = 0;
	get_network(o, &config->network, &status);
	if (!status)
		status = onn_settings_take(&config->options, onn_train_settings(), training, true);
	copy_text(
	    config->dataset, sizeof config->dataset, onn_json_get_text(o, "dataset", &status));
	copy_text(config->device, sizeof config->device, onn_json_get_text(o, "device", &status));
	onn_json_get_size(o, "height", &config->height, &status);
	onn_json_get_size(o, "width", &config->width, &status);
	onn_json_get_real(o, "scale", &config->scale, &status);
	onn_json_get_whole(o, "threads", &threads, &status);
	config->threads = threads > 4096 ? 4096 : (int)threads;
	cJSON_Delete(o);
	if (!status && onn_train_options_check(&config->options))
		status = ONN_ERROR_FORMAT;
	if (!status)
		return ONN_OK;
	char reason[300];
	copy_text(reason, sizeof reason, onn_last_error());
	return onn_error(ONN_ERROR_FORMAT, "%s: %s", path, reason);
}

onn_status onn_train_config_load(onn_train_config *config, const char *directory)
{
	size_t room = strlen(directory) + sizeof "/config.json", bytes;
	char *path = malloc(room);
	void *text = NULL;
	if (!path)
		return onn_error_memory("onn_train_config_load", room);
	snprintf(path, room, "%s/config.json", directory);
	onn_status status = onn_file_read(&text, &bytes, path);
	if (!status)
		status = onn_config_parse(config, text, path);
	onn_free(text);
	free(path);
	return status;
}

static bool may_differ(const char *field)
{
	static const char *const fields[] = {
	    "epochs", "seeds", "device", "threads", "onn", "height", "width"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(field, fields[i]) == 0)
			return true;
	return false;
}

/* The first item of asked that saved has otherwise; NULL: none. *other is saved's. */
static const cJSON *difference(const cJSON *saved, const cJSON *asked, const cJSON **other)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, asked)
	{
		*other = cJSON_GetObjectItemCaseSensitive(saved, item->string);
		const cJSON *below = NULL;
		if (may_differ(item->string))
			continue;
		if (cJSON_IsObject(item) && cJSON_IsObject(*other)) {
			const cJSON *inner = NULL;
			below = difference(*other, item, &inner);
			*other = inner;
		} else if (!cJSON_Compare(item, *other, true)) {
			below = item;
		}
		if (below)
			return below;
	}
	return NULL;
}

onn_status onn_config_compare(const char *saved, const char *asked, const char *path)
{
	cJSON *a = cJSON_Parse(saved), *b = cJSON_Parse(asked);
	const cJSON *other = NULL, *item = difference(a, b, &other);
	onn_status status = ONN_OK;
	if (!a || !b)
		status = onn_error(ONN_ERROR_FORMAT, "%s: its config.json is not JSON", path);
	else if (item) {
		char *had = other ? cJSON_PrintUnformatted(other) : NULL;
		char *want = cJSON_PrintUnformatted(item);
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %s was trained with %s %s, and %s is asked for; a run goes on as "
		    "it "
		    "began",
		    path, item->string, had ? had : "unset", want ? want : "?");
		cJSON_free(had);
		cJSON_free(want);
	}
	cJSON_Delete(a);
	cJSON_Delete(b);
	return status;
}
