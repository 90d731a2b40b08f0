#include "train/config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/version.h>

#include "core/error.h"
#include "core/json.h"
#include "core/os.h"
#include "core/path.h"
#include "core/settings.h"
#include "nn/network.h"
#include "run/checkpoint.h"

/* ---- the table ---- */

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_train_config, member)
#define MEMBER_SIZE(member)     sizeof(((onn_train_config *)0)->member)
static const onn_setting rows[] = {
    {ROW("onn", TEXT, version), .length = MEMBER_SIZE(version)},
    {ROW("dataset", TEXT, dataset), .length = MEMBER_SIZE(dataset)},
    {ROW("height", SIZE, height)},
    {ROW("width", SIZE, width)},
    {ROW("scale", REAL, scale), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("range", REAL, range), .length = 2, .late = true},
    {ROW("train_count", SIZE, train_count)},
    {ROW("test_count", SIZE, test_count)},
    {ROW("digest", TEXT, digest), .length = MEMBER_SIZE(digest), .late = true},
    {ROW("device", TEXT, device), .length = MEMBER_SIZE(device)},
    {ROW("threads", UNSIGNED, threads), .low = 0, .high = 4096},
    {ROW("ranks", SIZE, ranks), .low = 1, .high = INT32_MAX, .late = true},
    {ROW("weights", TEXT, weights), .length = MEMBER_SIZE(weights), .late = true},
};

static const onn_settings *config_settings(void)
{
	ONN_RETURN_SETTINGS("run", rows, onn_train_config, NULL,
	    {.options = ONN_TRAIN_OPTIONS_INIT,
	        .version = "",
	        .scale = 1,
	        .range = {0, 1},
	        .ranks = 1});
}

/* What a run may be resumed with though it began with others. */
static const char *const may_differ[] = {"epochs", "seeds", "device", "threads", "ranks", "onn",
    "height", "width", "range", "digest", "weights", NULL};

/* ---- writing ---- */

static void describe(onn_train_config *c, const onn_train_options *options,
    const onn_dataset *dataset, const char *digest, const onn_device *device)
{
	const char *name = options->dataset ? options->dataset : dataset->name;
	memcpy(c, config_settings()->standard, sizeof *c);
	snprintf(c->version, sizeof c->version, "%s", ONN_VERSION);
	snprintf(c->dataset, sizeof c->dataset, "%s", name);
	snprintf(c->digest, sizeof c->digest, "%s", digest);
	snprintf(c->device, sizeof c->device, "%s", onn_device_name(device));
	snprintf(c->weights, sizeof c->weights, "%s", options->weights ? options->weights : "");
	c->height = dataset->height;
	c->width = dataset->width;
	c->scale = dataset->scale;
	onn_dataset_range(c->range, dataset);
	c->train_count = onn_array_count(dataset->train_y);
	c->test_count = onn_array_count(dataset->test_y);
	c->threads = (unsigned)onn_device_threads(device);
	c->ranks = options->group ? options->group->ranks : 1;
}

char *onn_config_text(const onn_network *network, const onn_train_options *options,
    const onn_dataset *dataset, const char *digest, const onn_device *device)
{
	onn_train_config *c = malloc(sizeof *c);
	cJSON *o = cJSON_CreateObject();
	char *description = onn_network_to_json(network), *text = NULL;
	if (c)
		describe(c, options, dataset, digest, device);
	bool fine = c && o && description && onn_settings_put(o, config_settings(), c) &&
	            cJSON_AddRawToObject(o, onn_network_model(network), description);
	cJSON *training = fine ? cJSON_AddObjectToObject(o, "training") : NULL;
	if (training && onn_settings_put(training, onn_train_settings(), options))
		text = onn_json_finish(o);
	else
		cJSON_Delete(o);
	onn_free(description);
	free(c);
	return text;
}

/* ---- reading ---- */

/* The network's part, under the name of its kind, by way of its own reader. */
static onn_status take_network(onn_network **network, const cJSON *o)
{
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(o, "network");
	for (size_t i = 0; onn_presets[i] && !part; i++)
		part = cJSON_GetObjectItemCaseSensitive(o, onn_presets[i]->name);
	if (!part)
		return onn_error(ONN_ERROR_FORMAT,
		    "there is no \"network\", nor one of the presets mlp and d2nn");
	char *text = cJSON_Print(part);
	if (!text)
		return onn_error(
		    ONN_ERROR_MEMORY, "the memory for the text of a network could not be had");
	onn_status status = onn_network_from_json(network, text);
	cJSON_free(text);
	return status ? onn_error(status, "%s: %s", part->string, onn_last_error()) : ONN_OK;
}

onn_status onn_config_parse(onn_train_config *config, const char *text, const char *path)
{
	onn_status status = ONN_OK;
	memcpy(config, config_settings()->standard, sizeof *config);
	cJSON *o = onn_json_parse(path, text, &status);
	if (!o)
		return status;
	const cJSON *training = cJSON_GetObjectItemCaseSensitive(o, "training");
	if (!cJSON_IsObject(training)) {
		cJSON_Delete(o);
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: no JSON object with \"training\"; expected a run's config.json", path);
	}
	status = take_network(&config->network, o);
	if (!status)
		status = onn_settings_take(&config->options, onn_train_settings(), training, true);
	if (!status)
		status = onn_settings_take(config, config_settings(), o, false);
	if (!status)
		status = onn_settings_complete(config_settings(), config, o);
	if (!status)
		status = onn_settings_complete(onn_train_settings(), &config->options, training);
	cJSON_Delete(o);
	if (!status && onn_train_options_check(&config->options))
		status = ONN_ERROR_FORMAT;
	if (!status)
		return ONN_OK;
	onn_train_config_clear(config);
	return onn_error(status == ONN_ERROR_MEMORY ? status : ONN_ERROR_FORMAT, "%s: %s", path,
	    onn_last_error());
}

void onn_train_config_clear(onn_train_config *config)
{
	onn_network_destroy(config->network);
	config->network = NULL;
}

onn_status onn_train_config_load(onn_train_config *config, const char *directory)
{
	char path[ONN_PATH_ROOM];
	if (!onn_path_join(path, directory, "config.json"))
		return onn_error(ONN_ERROR_FILE,
		    "onn_train_config_load: folder \"%.60s\"; expected one of 1 to %d characters",
		    directory ? directory : "", ONN_PATH_ROOM - 13);
	return onn_train_config_read(config, path);
}

onn_status onn_train_config_read(onn_train_config *config, const char *path)
{
	void *text = NULL;
	size_t bytes;
	memcpy(config, config_settings()->standard, sizeof *config);
	onn_status status = onn_file_read(&text, &bytes, path);
	if (!status)
		status = onn_config_parse(config, text, path);
	onn_free(text);
	return status;
}

/* ---- comparing ---- */

/* What says more than that two settings differ. */
static onn_status compare_ends(
    const onn_train_config *saved, const onn_train_config *asked, const char *what)
{
	size_t had = saved->options.epochs, want = asked->options.epochs;
	if (*saved->digest && *asked->digest && strcmp(saved->digest, asked->digest) != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s on other data of the name %s and the same counts (digest %.12s..., now "
		    "%.12s...); a run goes on as it began",
		    what, saved->dataset, saved->digest, asked->digest);
	if (saved->options.optimizer.decay == ONN_DECAY_COSINE && had != want)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s with schedule cosine over epochs %zu, and %zu is asked for, which would "
		    "have had another learning rate from the first epoch on; a run goes on as it "
		    "began",
		    what, had, want);
	return ONN_OK;
}

static onn_status compare(
    const onn_train_config *saved, const onn_train_config *asked, const char *path)
{
	char what[ONN_PATH_ROOM + 32];
	snprintf(what, sizeof what, "onn_train: %s was trained", path);
	onn_status status =
	    onn_checkpoint_compare(config_settings(), saved, asked, may_differ, what);
	if (status)
		return status;
	if (onn_network_compare(asked->network, saved->network))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s with another network: %s; a run goes on as it began", what,
		    onn_last_error());
	status = onn_checkpoint_compare(
	    onn_train_settings(), &saved->options, &asked->options, may_differ, what);
	return status ? status : compare_ends(saved, asked, what);
}

onn_status onn_config_compare(const char *saved, const char *asked, const char *path)
{
	onn_train_config *c = calloc(2, sizeof *c);
	if (!c)
		return onn_error_memory("onn_train", 2 * sizeof *c);
	onn_status status = onn_config_parse(&c[0], saved, path);
	if (!status)
		status = onn_config_parse(&c[1], asked, path);
	if (!status)
		status = compare(&c[0], &c[1], path);
	onn_train_config_clear(&c[0]);
	onn_train_config_clear(&c[1]);
	free(c);
	return status;
}
