/*
 * Training: epochs, evaluation, checkpoints; one run after another where there are several seeds.
 */
#include <onn/trainer.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/os.h"
#include "core/json.h"
#include "train/config.h"
#include "train/evaluate.h"
#include "train/folder.h"
#include "train/stepper.h"

/* One seed's run. */
typedef struct run {
	const onn_train_options *options; /* seed is this run's */
	const onn_dataset *dataset;
	onn_device *device;
	size_t number, count; /* which run of how many */
	onn_model *model;
	onn_stepper *stepper;
	onn_evaluator *evaluator;
	onn_folder *folder;
	onn_position at;
	double seconds; /* of the epoch at hand */
	onn_train_run *result;
} run;

static void say(const run *r, const char *format, ...) ONN_PRINTF(2, 3);
static void say(const run *r, const char *format, ...)
{
	char line[512];
	va_list arguments;
	if (!r->options->log)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	r->options->log(r->options->user, line);
}

/* ---- one epoch ---- */

/* True: the caller wants to stop. */
static bool report_progress(const run *r, size_t step, double seconds)
{
	const onn_train_options *o = r->options;
	if (!o->progress)
		return false;
	onn_train_progress p = {o->seed, r->number, r->count, r->at.epoch, o->epochs, step,
	    onn_stepper_steps(r->stepper), seconds};
	return o->progress(o->user, &p);
}

/* Steps to the end of the epoch, or until the callback has enough. */
static onn_status take_steps(run *r, double *loss, bool *stop)
{
	const onn_train_options *o = r->options;
	size_t bad, step = r->at.step, steps = onn_stepper_steps(r->stepper);
	double start = onn_clock() - r->seconds;
	onn_status status = onn_stepper_begin(r->stepper, r->at.epoch,
	    onn_optimizer_rate(&o->optimizer, r->at.epoch, o->epochs), step);
	while (step < steps && !status && !*stop) {
		status = onn_stepper_step(r->stepper);
		step++;
		if (!status)
			*stop = report_progress(r, step, onn_clock() - start);
	}
	if (!status)
		status = onn_stepper_wait(r->stepper, loss, &bad);
	r->seconds = onn_clock() - start;
	if (status)
		return status;
	if (bad != SIZE_MAX)
		return onn_error(ONN_ERROR_NUMERIC,
		    "onn_train: the loss is not finite at epoch %zu, step %zu (seed %llu); "
		    "expected a "
		    "smaller learning rate or other weights",
		    r->at.epoch + 1, bad + 1, (unsigned long long)o->seed);
	bool finite;
	status = onn_stepper_read(r->stepper, r->model, &finite);
	if (!status && !finite)
		status = onn_error(ONN_ERROR_NUMERIC,
		    "onn_train: a weight is not finite after epoch %zu, step %zu (seed %llu); "
		    "expected "
		    "a smaller learning rate or other weights",
		    r->at.epoch + 1, step, (unsigned long long)o->seed);
	if (!status)
		r->at.step = step;
	return status;
}

static void fill_result(const run *r)
{
	size_t count;
	const onn_metrics *row = onn_folder_rows(r->folder, &count);
	onn_train_run *out = r->result;
	out->seed = r->options->seed;
	out->epochs = r->at.epoch;
	out->best_epoch = r->at.best_epoch;
	out->train_loss = count ? row[count - 1].loss : NAN;
	out->selection_accuracy = r->at.best_epoch ? row[r->at.best_epoch - 1].selection : NAN;
	out->report_accuracy = r->at.best_epoch ? row[r->at.best_epoch - 1].report : NAN;
	out->seconds = r->at.step ? r->seconds : 0;
	for (size_t i = 0; i < count; i++)
		out->seconds += row[i].seconds;
}

/* Measures the epoch and saves: metrics, best, last, in this order (folder.h). */
static onn_status end_epoch(run *r, double loss)
{
	const onn_train_options *o = r->options;
	onn_accuracy accuracy;
	onn_status status = onn_evaluator_run(r->evaluator, &accuracy);
	if (status)
		return status;
	size_t count;
	const onn_metrics *row = onn_folder_rows(r->folder, &count);
	size_t best_epoch = r->at.best_epoch;
	/* the selection half is small and ties are common: the network that has trained longer wins
	 */
	bool best = !best_epoch || !(accuracy.selection < row[best_epoch - 1].selection);
	onn_metrics now = {loss, accuracy.selection, accuracy.report, r->seconds};
	status = onn_folder_add(r->folder, &now);
	if (!status && best)
		status = onn_folder_write_best(r->folder, r->model, r->at.epoch + 1);
	if (status)
		return status;
	r->at.epoch++;
	r->at.step = 0;
	r->at.best_epoch = best ? r->at.epoch : r->at.best_epoch;
	r->seconds = 0;
	status = onn_folder_write_last(r->folder, r->model, r->stepper, &r->at, 0);
	if (!status && o->epoch) {
		onn_train_epoch e = {o->seed, r->number, r->count, r->at.epoch, o->epochs, loss,
		    now.selection, now.report, now.seconds, best};
		o->epoch(o->user, &e);
	}
	return status;
}

static onn_status train_epochs(run *r)
{
	const onn_train_options *o = r->options;
	bool stop = false;
	while (r->at.epoch < o->epochs) {
		double loss = 0;
		onn_status status = take_steps(r, &loss, &stop);
		if (!status && stop) {
			status = onn_folder_write_last(
			    r->folder, r->model, r->stepper, &r->at, r->seconds);
			return status ? status
			              : onn_error(ONN_CANCELLED,
			                    "onn_train: stopped at epoch %zu, step %zu",
			                    r->at.epoch + 1, r->at.step);
		}
		if (!status)
			status = end_epoch(r, loss);
		if (status)
			return status;
	}
	return ONN_OK;
}

/* ---- one run ---- */

static void warn_of_other_machine(const run *r, const onn_archive *archive)
{
	const char *text = onn_archive_get_text(archive, "config.json");
	onn_train_config *saved = malloc(sizeof *saved);
	if (saved && text && !onn_config_parse(saved, text, "last.npz")) {
		if (strcmp(saved->device, onn_device_name(r->device)) != 0 ||
		    saved->threads != (unsigned)onn_device_threads(r->device))
			say(r,
			    "the run began on %s with %u threads: it goes on with %s and %d, but "
			    "not to the same bits",
			    saved->device, saved->threads, onn_device_name(r->device),
			    onn_device_threads(r->device));
		onn_train_config_clear(saved);
	}
	free(saved);
}

/* Everything up to the first step. finished: there is nothing left to do. */
static onn_status prepare(run *r, const onn_network *network, bool resume, bool *finished)
{
	const onn_train_options *o = r->options;
	onn_evaluate_options measure = ONN_EVALUATE_OPTIONS_INIT;
	onn_archive *archive = NULL;
	measure.seed = o->seed;
	onn_status status = onn_model_create(&r->model, network, o->seed);
	if (!status && resume)
		status = onn_folder_resume(r->folder, r->model, &r->at, &r->seconds, &archive);
	else if (!status && o->weights)
		status = onn_model_import(r->model, o->weights);
	*finished = !status && r->at.epoch >= o->epochs;
	if (!status && *finished)
		say(r, "seed %llu: %zu epochs are done already", (unsigned long long)o->seed,
		    r->at.epoch);
	if (!status && !*finished)
		status = onn_stepper_create(&r->stepper, r->model, o, r->dataset, r->device);
	if (!status && !*finished)
		status = onn_evaluator_create(&r->evaluator, r->model, r->device, r->dataset,
		    &measure, false, onn_stepper_weights(r->stepper));
	if (!status && !*finished && resume) {
		warn_of_other_machine(r, archive);
		status = onn_stepper_take(r->stepper, archive, "last.npz");
		say(r, "seed %llu: goes on at epoch %zu, step %zu", (unsigned long long)o->seed,
		    r->at.epoch + 1, r->at.step + 1);
	} else if (!status && !resume) {
		status = onn_folder_start(r->folder);
		if (!status)
			status = onn_folder_write_last(r->folder, r->model, r->stepper, &r->at, 0);
	}
	onn_archive_destroy(archive);
	return status;
}

static onn_status train_one(onn_train_run *result, char **profile, const onn_network *network,
    const onn_train_options *options, const char *out, bool resume, size_t number, size_t count,
    const onn_dataset *dataset, onn_device *device)
{
	run r = {.options = options,
	    .dataset = dataset,
	    .device = device,
	    .number = number,
	    .count = count,
	    .result = result};
	bool finished = false;
	char *config = onn_config_text(network, options, dataset, device);
	onn_status status =
	    config ? onn_folder_create(&r.folder, out, config) : onn_error_memory("onn_train", 1);
	onn_free(config);
	if (!status)
		status = prepare(&r, network, resume, &finished);
	if (!status && !finished)
		status = train_epochs(&r);
	if (r.folder)
		fill_result(&r);
	result->was_finished = finished;
	if (profile && r.stepper && options->profile && !*profile)
		*profile = onn_plan_profile(onn_stepper_plan(r.stepper));
	onn_evaluator_destroy(r.evaluator);
	onn_stepper_destroy(r.stepper);
	onn_model_destroy(r.model);
	onn_folder_destroy(r.folder);
	return status;
}

/* ---- several seeds ---- */

/* OUT, or OUT/seed-N where there are several; NULL with *status where memory is short. */
static char *folder_of(const onn_train_options *o, uint64_t seed, onn_status *status)
{
	char name[40] = ".";
	if (!o->out)
		return NULL;
	snprintf(name, sizeof name, "seed-%llu", (unsigned long long)seed);
	char *path = o->seeds > 1 ? onn_folder_path(o->out, name) : malloc(strlen(o->out) + 1);
	if (path && o->seeds == 1)
		strcpy(path, o->out);
	if (!path)
		*status = onn_error_memory("onn_train", strlen(o->out));
	return path;
}

/* Whether out holds a run of one seed or of several, and whether that goes with resume. */
static onn_status check_out(const onn_train_options *o)
{
	if (!o->out)
		return ONN_OK;
	onn_status status = ONN_OK;
	bool single = onn_folder_has_checkpoint(o->out), found = o->seeds == 1 && single;
	for (size_t i = 0; i < o->seeds && o->seeds > 1 && !found && !status; i++) {
		char *path = folder_of(o, o->seed + i, &status);
		found = path && onn_folder_has_checkpoint(path);
		free(path);
	}
	if (status)
		return status;
	if (!o->resume && (found || single))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %s holds a run already; expected resume to go on with it, or "
		    "another "
		    "folder",
		    o->out);
	if (o->resume && !found)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %s has no checkpoint last.npz%s to resume from", o->out,
		    o->seeds > 1 ? " in a folder seed-N" : "");
	return ONN_OK;
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

/* OUT/config.json before, OUT/summary.json after the runs. */
static onn_status write_to(const char *folder, const char *name, char *text)
{
	char *path = onn_folder_path(folder, name);
	onn_status status = text && path ? onn_file_write(path, text, strlen(text))
	                                 : onn_error_memory("onn_train", strlen(folder));
	free(path);
	onn_free(text);
	return status;
}

static onn_status write_summary(const char *folder, const onn_train_result *r)
{
	cJSON *o = cJSON_CreateObject(), *list = o ? cJSON_AddArrayToObject(o, "runs") : NULL;
	bool fine = list && onn_json_put_real(o, "mean", r->mean) &&
	            onn_json_put_real(o, "deviation", r->deviation);
	for (size_t i = 0; i < r->count && fine; i++)
		fine = put_run(list, &r->run[i]);
	if (!fine)
		cJSON_Delete(o);
	return write_to(folder, "summary.json", fine ? onn_json_finish(o) : NULL);
}

static onn_status train_all(onn_train_result *result, const onn_network *network,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_status status = ONN_OK;
	bool several = options->seeds > 1 && options->out;
	if (several) {
		status = onn_directory_make(options->out);
		if (!status)
			status = write_to(options->out, "config.json",
			    onn_config_text(network, options, dataset, device));
	}
	for (size_t i = 0; i < options->seeds && !status; i++) {
		onn_train_options one = *options;
		one.seed = options->seed + i;
		one.seeds = 1;
		char *out = folder_of(options, one.seed, &status);
		bool resume = out && options->resume && onn_folder_has_checkpoint(out);
		if (!status)
			status = train_one(&result->run[i], &result->profile, network, &one, out,
			    resume, i, options->seeds, dataset, device);
		result->count = i + 1;
		free(out);
	}
	summarise(result);
	return !status && several ? write_summary(options->out, result) : status;
}

/* The network with what it leaves open, by the data set. */
static onn_status fit(onn_network **fitted, const onn_network *network, const onn_dataset *dataset)
{
	*fitted = NULL;
	if (!network)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_train: no network; expected one");
	onn_status status = onn_check_fit("onn_train", network, dataset);
	if (!status)
		status = onn_network_copy(fitted, network);
	if (!status)
		status =
		    onn_network_fit(*fitted, dataset->height, dataset->width, dataset->classes);
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
	onn_network *fitted = NULL;
	if (result)
		memset(result, 0, sizeof *result);
	if (!dataset || !device)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_train: no %s; expected one",
		    dataset ? "device" : "data set");
	onn_status status = onn_train_options_check(options);
	if (!status)
		status = fit(&fitted, network, dataset);
	if (!status)
		status = check_device(device, onn_network_options_of(fitted)->precision);
	if (!status)
		status = check_out(options);
	if (!status && !(own.run = calloc(options->seeds, sizeof *own.run)))
		status = onn_error_memory("onn_train", options->seeds * sizeof *own.run);
	if (!status) {
		status = train_all(&own, fitted, options, dataset, device);
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
	free(result->run);
	onn_free(result->profile);
	memset(result, 0, sizeof *result);
}
