/*
 * Training: one run after another where there are several seeds, and what they came to.
 */
#include <onn/trainer.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "data/files.h"
#include "run/folder.h"
#include "run/group.h"
#include "train/config.h"
#include "train/evaluate.h"
#include "train/seed.h"
#include "train/together.h"
#include "train/update.h"

/* OUT, or OUT/seed-N where there are several; NULL: no files. */
static const char *folder_of(char path[ONN_PATH_ROOM], const onn_train_options *o, uint64_t seed)
{
	char name[40];
	if (!o->out || o->seeds == 1)
		return o->out;
	snprintf(name, sizeof name, "seed-%llu", (unsigned long long)seed);
	onn_path_join(path, o->out, name);
	return path;
}

/* Whether out holds a run of one seed or of several, and whether that goes with resume. */
static onn_status check_out(const onn_train_options *o)
{
	onn_run_folder folder;
	char path[ONN_PATH_ROOM];
	onn_status status = onn_run_folder_open(&folder, o->out, "onn_train");
	if (status)
		return status;
	bool found = false;
	if (!o->out)
		return o->resume ? onn_run_folder_check(&folder, true) : ONN_OK;
	for (size_t i = 0; i < o->seeds && o->seeds > 1 && !found; i++)
		found = onn_run_folder_has_checkpoint(folder_of(path, o, o->seed + i));
	if (o->resume && o->seeds > 1)
		return found ? ONN_OK
		             : onn_error(ONN_ERROR_ARGUMENT,
		                   "onn_train: %s has no checkpoint last.npz in a folder seed-N to "
		                   "resume from",
		                   o->out);
	return found ? onn_run_folder_holds(&folder) : onn_run_folder_check(&folder, o->resume);
}

static void summarise(onn_train_result *r)
{
	double sum = 0, square = 0;
	for (size_t i = 0; i < r->count; i++)
		sum += r->run[i].report_accuracy;
	r->mean = r->count ? sum / (double)r->count : NAN;
	for (size_t i = 0; i < r->count; i++)
		square += pow(r->run[i].report_accuracy - r->mean, 2);
	r->deviation = r->count > 1 ? sqrt(square / (double)(r->count - 1)) : 0;
	r->was_finished = r->count > 0;
	for (size_t i = 0; i < r->count; i++)
		r->was_finished = r->was_finished && r->run[i].was_finished;
}

static bool put_run(cJSON *list, const onn_train_run *r)
{
	cJSON *o = cJSON_CreateObject();
	if (!o || !cJSON_AddItemToArray(list, o))
		return false;
	return onn_json_put_whole(o, "seed", r->seed) &&
	       onn_json_put_whole(o, "epochs", r->epochs) &&
	       onn_json_put_whole(o, "best_epoch", r->best_epoch) &&
	       onn_json_put_real(o, "selection_accuracy", r->selection_accuracy) &&
	       onn_json_put_real(o, "report_accuracy", r->report_accuracy);
}

static onn_status write_summary(const onn_run_folder *folder, const onn_train_result *r)
{
	cJSON *o = cJSON_CreateObject(), *list = o ? cJSON_AddArrayToObject(o, "runs") : NULL;
	bool fine = list && onn_json_put_real(o, "mean", r->mean) &&
	            onn_json_put_real(o, "deviation", r->deviation);
	for (size_t i = 0; i < r->count && fine; i++)
		fine = put_run(list, &r->run[i]);
	if (!fine)
		cJSON_Delete(o);
	char *json = fine ? onn_json_finish(o) : NULL;
	onn_status status =
	    onn_run_folder_write(folder, "summary.json", json ? onn_json_lines(json) : NULL);
	onn_free(json);
	return status;
}

/* A run of version 0.1.0 has no digest, and ends with the bytes that it would have had. */
static const char *digest_of_run(const char *digest, const char *out)
{
	onn_train_config config;
	if (onn_train_config_load(&config, out))
		return digest;
	if (!config.digest[0])
		digest = "";
	onn_train_config_clear(&config);
	return digest;
}

/* Where a run that goes on has its first weights from: they stay in its config.json, and seeds that
 * have not begun take them. */
static const char *weights_of_run(char *name, size_t room, const onn_train_options *options)
{
	onn_train_config config;
	if (options->weights || !options->resume || !options->out ||
	    onn_train_config_load(&config, options->out))
		return options->weights;
	snprintf(name, room, "%s", config.weights);
	onn_train_config_clear(&config);
	return *name ? name : NULL;
}

static void clear_runs(onn_train_run *run, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(run[i].epoch);
		run[i] = (onn_train_run){.epoch = NULL};
	}
}

/* Who asked for seeds together hears why they are not. */
static void tell_why(const onn_train_options *o)
{
	char line[600];
	if (!o->together || !o->log)
		return;
	snprintf(line, sizeof line, "seeds are trained one by one: %s", onn_last_error());
	o->log(o->user, line);
}

/* What each seed's run is told. */
typedef struct orders {
	onn_seed_task task;
	onn_train_options options;
	char path[ONN_PATH_ROOM];
} orders;

static void give_orders(orders *o, const onn_network *network, const onn_train_options *options,
    const onn_dataset *dataset, const char *digest, onn_device *device, size_t i)
{
	o->options = *options;
	o->options.seed = options->seed + i;
	o->options.seeds = 1;
	const char *out = folder_of(o->path, options, o->options.seed);
	bool resume = out && options->resume && onn_run_folder_has_checkpoint(out);
	o->task = (onn_seed_task){network, &o->options, dataset,
	    resume ? digest_of_run(digest, out) : digest, device, out, resume, i, options->seeds};
}

/* Seed by seed, or several together. */
static onn_status train_lots(onn_train_result *result, const onn_network *network,
    const onn_train_options *options, const onn_dataset *dataset, const char *digest,
    onn_device *device)
{
	const size_t seeds = options->seeds;
	size_t most = onn_together_most(network, options, device);
	orders *o = calloc(most, sizeof *o);
	onn_seed_task *task = calloc(most, sizeof *task);
	onn_status status = o && task ? ONN_OK : onn_error_memory("onn_train", most * sizeof *o);
	while (result->count < seeds && !status) {
		const size_t done = result->count, ahead = onn_size_least(most, seeds - done);
		for (size_t i = 0; i < ahead; i++) {
			give_orders(&o[i], network, options, dataset, digest, device, done + i);
			task[i] = o[i].task;
		}
		const size_t n = onn_together_count(task, ahead, most);
		status = onn_train_seeds(&result->run[done], &result->profile, task, n);
		if (status == ONN_ERROR_UNSUPPORTED && n > 1) { /* one by one, then */
			tell_why(options);
			clear_runs(&result->run[done], n);
			most = 1;
			status = ONN_OK;
		} else {
			result->count += n;
		}
	}
	onn_free_all(o, task);
	return status;
}

static onn_status train_all(onn_train_result *result, const onn_network *network,
    onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	static const char *const nothing[] = {NULL};
	char weights[ONN_PATH_ROOM];
	options->weights = weights_of_run(weights, sizeof weights, options);
	onn_run_folder folder;
	bool several = options->seeds > 1 && options->out;
	onn_status status =
	    onn_run_folder_open(&folder, several ? options->out : NULL, "onn_train");
	char digest[ONN_SHA256_TEXT] = "";
	if (options->out)
		onn_dataset_digest(digest, dataset);
	char *config = onn_config_text(network, options, dataset, digest, device);
	char *lines = config ? onn_json_lines(config) : NULL;
	if (!status)
		status = lines ? onn_run_folder_start(&folder, lines, nothing)
		               : onn_error_memory("onn_train", 1);
	onn_free(config);
	onn_free(lines);
	status = onn_group_agree(options->group, "onn_train", status);
	if (!status)
		status = train_lots(result, network, options, dataset, digest, device);
	summarise(result);
	if (!status)
		status = write_summary(&folder, result);
	onn_run_folder_close(&folder);
	return status;
}

/* The network with what it leaves open, by the data set. */
static onn_status fit(onn_network **fitted, const onn_network *network, const onn_dataset *dataset)
{
	*fitted = NULL;
	if (!network)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_train: no network; expected one");
	onn_status status = onn_fit_to(fitted, "onn_train", network, dataset);
	return status ? status : onn_network_check(*fitted);
}

static onn_status check_device(const onn_device *device, onn_type precision)
{
	if (onn_device_supports(device, precision))
		return ONN_OK;
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "onn_train: device %s has no %s; expected f32 or another device",
	    onn_device_name(device), onn_type_name(precision));
}

onn_status onn_train(onn_train_result *result, const onn_network *network,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_train_result own = {0};
	onn_train_options o;
	onn_network *fitted = NULL;
	if (result)
		memset(result, 0, sizeof *result);
	if (!dataset || !device)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_train: no %s; expected one",
		    dataset ? "device" : "data set");
	onn_status status = onn_train_options_take(&o, options);
	const onn_group *group = status ? NULL : o.group;
	if (group && group->rank) { /* rank 0's to read and write */
		o.out = o.weights = NULL;
		o.resume = false;
	}
	if (!status)
		status = fit(&fitted, network, dataset);
	if (!status)
		status = onn_train_check_errors(fitted, &o);
	if (!status)
		status = check_device(device, onn_network_options_of(fitted)->precision);
	if (!status)
		status = check_out(&o);
	status = onn_group_agree(group, "onn_train", status);
	if (!status && !(own.run = calloc(o.seeds, sizeof *own.run)))
		status = onn_error_memory("onn_train", o.seeds * sizeof *own.run);
	if (!status) {
		status = train_all(&own, fitted, &o, dataset, device);
		if (result)
			*result = own;
		else
			onn_train_result_clear(&own);
	}
	onn_network_destroy(fitted);
	return status;
}

void onn_train_result_clear(onn_train_result *result)
{
	if (!result)
		return;
	clear_runs(result->run, result->count);
	free(result->run);
	onn_free(result->profile);
	memset(result, 0, sizeof *result);
}
