#include "train/seed.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/os.h"
#include "run/group.h"
#include "run/loop.h"
#include "train/config.h"
#include "train/evaluate.h"
#include "train/folder.h"
#include "train/stepper.h"

/* One seed's run. */
typedef struct run {
	const onn_seed_task *task;
	const onn_train_options *options;
	onn_model *model;
	onn_stepper *stepper;
	onn_evaluator *evaluator;
	onn_folder folder;
	onn_position at;
	size_t steps;          /* of an epoch */
	bool under_way;        /* an epoch has begun, and `start` is when */
	bool wants_stop, stop; /* the caller; of a group, any rank's caller */
	size_t done;           /* steps in all */
	double start;
	double seconds; /* that the epoch at hand has taken */
} run;

/* Alone, or the rank that keeps the files and tells the caller. */
static bool is_first(const run *r) { return !r->options->group || r->options->group->rank == 0; }

static void say(const run *r, const char *format, ...) ONN_PRINTF(2, 3);
static void say(const run *r, const char *format, ...)
{
	char line[512];
	va_list arguments;
	if (!r->options->log || !is_first(r))
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	r->options->log(r->options->user, line);
}

/* ---- steps ---- */

static onn_status take_step(void *self, size_t done)
{
	run *r = self;
	const onn_train_options *o = r->options;
	onn_status status = ONN_OK;
	if (!r->under_way) {
		r->under_way = true;
		r->start = onn_clock() - r->seconds;
		status = onn_stepper_begin(r->stepper, done / r->steps,
		    onn_optimizer_rate(&o->optimizer, done / r->steps, o->epochs), done % r->steps);
	}
	r->stop = r->wants_stop;
	return status ? status : onn_stepper_step(r->stepper, &r->stop);
}

/* The epoch whose step is the last one taken. */
static bool report(void *self, size_t done)
{
	run *r = self;
	const onn_train_options *o = r->options;
	r->done = done;
	if (!o->progress)
		return r->stop;
	onn_train_progress p = {o->seed, r->task->number, r->task->count, (done - 1) / r->steps,
	    o->epochs, (done - 1) % r->steps + 1, r->steps, onn_clock() - r->start};
	r->wants_stop = o->progress(o->user, &p);
	return o->group ? r->stop : r->wants_stop; /* of a group all stop behind the same step */
}

static bool is_end_of_epoch(const void *self, size_t done)
{
	return done % ((const run *)self)->steps == 0;
}

/* Waits for the steps, and looks whether loss and weights are numbers. */
static onn_status settle(run *r, double *loss, size_t step)
{
	static const char expected[] = "expected a smaller learning rate or other weights";
	unsigned long long seed = r->options->seed;
	size_t bad;
	bool finite;
	onn_status status = onn_stepper_wait(r->stepper, loss, &bad);
	r->seconds = onn_clock() - r->start;
	r->under_way = false;
	if (!status && bad != SIZE_MAX)
		return onn_error(ONN_ERROR_NUMERIC,
		    "onn_train: the loss is not finite at epoch %zu, step %zu (seed %llu); %s",
		    r->at.epoch + 1, bad + 1, seed, expected);
	if (!status)
		status = onn_stepper_read(r->stepper, r->model, &finite);
	if (!status && !finite)
		status = onn_error(ONN_ERROR_NUMERIC,
		    "onn_train: a weight is not finite after epoch %zu, step %zu (seed %llu); %s",
		    r->at.epoch + 1, step, seed, expected);
	return status;
}

/* Epoch i, from 0, of the history. */
static onn_train_epoch epoch_of(const run *r, size_t i, bool best)
{
	const double *row = onn_history_row(&r->folder.history, i);
	return (onn_train_epoch){r->options->seed, r->task->number, r->task->count, i + 1,
	    r->options->epochs, row[ONN_METRIC_LOSS], row[ONN_METRIC_SELECTION],
	    row[ONN_METRIC_REPORT], row[ONN_METRIC_SECONDS], best};
}

/* The selection half is small and ties are common: the network that has trained longer wins. */
static bool is_best(const run *r, double selection, size_t best_epoch)
{
	const onn_history *h = &r->folder.history;
	return !best_epoch ||
	       !(selection < onn_history_row(h, best_epoch - 1)[ONN_METRIC_SELECTION]);
}

/* Measures the epoch and saves: metrics, best, last, in this order (folder.h). */
static onn_status end_epoch(run *r, double loss)
{
	const onn_train_options *o = r->options;
	onn_accuracy accuracy;
	onn_status status = onn_evaluator_run(r->evaluator, &accuracy);
	if (status)
		return status;
	bool best = is_best(r, accuracy.selection, r->at.best_epoch);
	const double row[ONN_METRICS] = {loss, accuracy.selection, accuracy.report, r->seconds};
	status = onn_folder_add(&r->folder, row);
	if (!status && best)
		status = onn_folder_write_best(&r->folder, r->model, r->at.epoch + 1);
	if (status)
		return status;
	r->at.epoch++;
	r->at.step = 0;
	r->at.best_epoch = best ? r->at.epoch : r->at.best_epoch;
	r->seconds = 0;
	status = onn_folder_write_last(&r->folder, r->model, r->stepper, &r->at, 0);
	if (!status && o->epoch && is_first(r)) {
		onn_train_epoch e = epoch_of(r, r->at.epoch - 1, best);
		o->epoch(o->user, &e);
	}
	return status;
}

static onn_status save_here(run *r, size_t done)
{
	double loss = 0;
	bool whole = is_end_of_epoch(r, done);
	onn_status status = settle(r, &loss, whole ? r->steps : done % r->steps);
	if (status)
		return status;
	if (whole)
		return end_epoch(r, loss);
	r->at.step = done % r->steps;
	return onn_folder_write_last(&r->folder, r->model, r->stepper, &r->at, r->seconds);
}

static onn_status save(void *self, size_t done)
{
	run *r = self;
	return onn_group_agree(r->options->group, "onn_train", save_here(r, done));
}

/* Another rank is lost: what was done before is kept, and why it ended is what is told. */
static void keep(run *r)
{
	char reason[512];
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	if (!is_end_of_epoch(r, r->done) && !save_here(r, r->done))
		onn_error(ONN_ERROR_DEVICE, "%s; kept up to epoch %zu, step %zu", reason,
		    r->at.epoch + 1, r->at.step);
	else
		onn_error(ONN_ERROR_DEVICE, "%s", reason);
}

/* What last.npz holds, where it is the device that failed. */
static void remind(const run *r, onn_status status)
{
	char kept[64];
	size_t n = (size_t)snprintf(kept, sizeof kept, "epoch %zu", r->at.epoch + (r->at.step > 0));
	if (r->at.step > 0)
		snprintf(kept + n, sizeof kept - n, ", step %zu", r->at.step);
	onn_run_folder_remind(&r->folder.files, status, kept);
}

/* Where a run was stopped behind an epoch's last step, that epoch has yet to be measured. */
static onn_status end_stopped_epoch(run *r)
{
	double loss;
	size_t done = (r->at.epoch + 1) * r->steps, epoch = r->at.epoch;
	if (r->at.step < r->steps)
		return ONN_OK;
	r->start = onn_clock() - r->seconds;
	onn_status status = onn_stepper_begin(r->stepper, epoch,
	    onn_optimizer_rate(&r->options->optimizer, epoch, r->options->epochs), r->steps);
	if (!status)
		status = settle(r, &loss, done % r->steps);
	return status ? status : end_epoch(r, loss);
}

static onn_status train_epochs(run *r)
{
	static const onn_loop loop = {take_step, report, is_end_of_epoch, save};
	r->steps = onn_stepper_steps(r->stepper);
	onn_status status = end_stopped_epoch(r);
	r->done = r->at.epoch * r->steps + r->at.step;
	if (!status)
		status = onn_loop_run(&loop, r, r->done, r->options->epochs * r->steps);
	if (status && status != ONN_CANCELLED && onn_stepper_lost(r->stepper))
		keep(r);
	else
		remind(r, status);
	if (status == ONN_CANCELLED)
		onn_error(status, "onn_train: stopped at epoch %zu, step %zu", r->at.epoch + 1,
		    r->at.step);
	return status;
}

/* ---- one run ---- */

static void warn_of_other_machine(const run *r, const onn_archive *archive)
{
	const char *text = onn_archive_get_text(archive, "config.json");
	const onn_device *device = r->task->device;
	onn_train_config *saved = malloc(sizeof *saved);
	if (saved && text && !onn_config_parse(saved, text, "last.npz")) {
		size_t ranks = r->options->group ? r->options->group->ranks : 1;
		if (saved->ranks != ranks)
			say(r,
			    "the run began with %zu rank%s: it goes on with %zu, but not to the "
			    "same bits",
			    saved->ranks, saved->ranks == 1 ? "" : "s", ranks);
		else if (strcmp(saved->device, onn_device_name(device)) != 0 ||
		         saved->threads != (unsigned)onn_device_threads(device))
			say(r,
			    "the run began on %s with %u threads: it goes on with %s and %d, but "
			    "not to the same bits",
			    saved->device, saved->threads, onn_device_name(device),
			    onn_device_threads(device));
		onn_train_config_clear(saved);
	}
	free(saved);
}

/* What steps and their measurement need. */
static onn_status make_ready(run *r)
{
	const onn_seed_task *t = r->task;
	onn_evaluate_options measure = ONN_EVALUATE_OPTIONS_INIT;
	measure.seed = r->options->seed;
	measure.bits = r->options->bits;
	onn_status status =
	    onn_stepper_create(&r->stepper, r->model, r->options, t->dataset, t->device);
	if (!status && r->options->planned)
		r->options->planned(r->options->user, onn_stepper_plan(r->stepper));
	if (!status)
		status = onn_evaluator_create(&r->evaluator, r->model, t->device, t->dataset,
		    &measure, false, onn_stepper_weights(r->stepper), r->options->group);
	return status;
}

/* Everything up to the first step. finished: there is nothing left to do. */
static onn_status resume(run *r, bool *finished)
{
	unsigned long long seed = r->options->seed;
	onn_archive *archive = NULL;
	onn_status status = onn_folder_resume(&r->folder, r->model, &r->at, &r->seconds, &archive);
	*finished = !status && r->at.epoch >= r->options->epochs;
	if (*finished)
		say(r, "seed %llu: %zu epochs are done already", seed, r->at.epoch);
	else if (!status)
		status = make_ready(r);
	if (!status && !*finished && r->at.step > onn_stepper_steps(r->stepper))
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_train: last.npz: state.json says that step is %zu; expected at most %zu",
		    r->at.step, onn_stepper_steps(r->stepper));
	if (!status && !*finished) {
		warn_of_other_machine(r, archive);
		status = onn_stepper_take(r->stepper, archive, "last.npz");
		say(r, "seed %llu: goes on at epoch %zu, step %zu", seed, r->at.epoch + 1,
		    r->at.step + 1);
	}
	onn_archive_destroy(archive);
	return status;
}

static onn_status begin(run *r)
{
	onn_status status = ONN_OK;
	if (r->options->weights)
		status = onn_model_import(r->model, r->options->weights);
	if (!status)
		status = make_ready(r);
	if (!status)
		status = onn_folder_start(&r->folder);
	if (!status)
		status = onn_folder_write_last(&r->folder, r->model, r->stepper, &r->at, 0);
	return status;
}

/* ---- a group ---- */

/* Where rank 0 stands. */
static onn_status share_position(run *r, bool *finished)
{
	const onn_group *group = r->options->group;
	onn_history *h = &r->folder.history;
	size_t count = group->rank ? 0 : h->count;
	double row[ONN_METRICS];
	onn_status added = ONN_OK; /* of this rank alone: the others go on copying */
	onn_status status = group->copy(group->user, finished, sizeof *finished);
	if (!status)
		status = group->copy(group->user, &r->at, sizeof r->at);
	if (!status)
		status = group->copy(group->user, &r->seconds, sizeof r->seconds);
	if (!status)
		status = group->copy(group->user, &count, sizeof count);
	for (size_t i = 0; i < count && !status; i++) {
		if (group->rank == 0)
			memcpy(row, onn_history_row(h, i), sizeof row);
		status = group->copy(group->user, row, sizeof row);
		if (!status && !added && group->rank)
			added = onn_history_add(h, row);
	}
	return onn_group_agree(group, "onn_train", status ? status : added);
}

/* All ranks begin where rank 0 does, which alone reads and writes files. */
static onn_status share(run *r, bool *finished, onn_status status)
{
	if (!r->options->group)
		return status;
	status = onn_group_agree(r->options->group, "onn_train", status);
	if (!status)
		status = share_position(r, finished);
	return status || *finished ? status : onn_stepper_share(r->stepper);
}

static onn_status fill_epochs(onn_train_run *out, const run *r)
{
	const onn_history *h = &r->folder.history;
	size_t best = 0, count = r->at.epoch;
	out->epoch = calloc(count + 1, sizeof *out->epoch);
	if (!out->epoch)
		return onn_error_memory("onn_train", (count + 1) * sizeof *out->epoch);
	for (size_t i = 0; i < count; i++) {
		bool better = is_best(r, onn_history_row(h, i)[ONN_METRIC_SELECTION], best);
		out->epoch[i] = epoch_of(r, i, better);
		best = better ? i + 1 : best;
	}
	out->epochs = count;
	return ONN_OK;
}

static onn_status fill_result(onn_train_run *out, const run *r)
{
	const onn_history *h = &r->folder.history;
	const double *best = r->at.best_epoch ? onn_history_row(h, r->at.best_epoch - 1) : NULL;
	out->seed = r->options->seed;
	out->best_epoch = r->at.best_epoch;
	out->train_loss = h->count ? onn_history_row(h, h->count - 1)[ONN_METRIC_LOSS] : NAN;
	out->selection_accuracy = best ? best[ONN_METRIC_SELECTION] : NAN;
	out->report_accuracy = best ? best[ONN_METRIC_REPORT] : NAN;
	out->seconds = r->at.step ? r->seconds : 0;
	for (size_t i = 0; i < h->count; i++)
		out->seconds += onn_history_row(h, i)[ONN_METRIC_SECONDS];
	return fill_epochs(out, r);
}

onn_status onn_train_seed(onn_train_run *result, char **profile, const onn_seed_task *task)
{
	run r = {.task = task, .options = task->options};
	bool finished = false;
	char *config = onn_config_text(
	    task->network, task->options, task->dataset, task->digest, task->device);
	onn_status status = config ? onn_folder_open(&r.folder, task->out, config)
	                           : onn_error_memory("onn_train", 1);
	onn_free(config);
	if (!status)
		status = onn_model_create(&r.model, task->network, task->options->seed);
	if (!status)
		status = task->resume ? resume(&r, &finished) : begin(&r);
	status = share(&r, &finished, status);
	if (!status && !finished)
		status = train_epochs(&r);
	onn_status filled = fill_result(result, &r);
	result->was_finished = finished;
	if (r.stepper && task->options->profile && !*profile)
		*profile = onn_plan_profile(onn_stepper_plan(r.stepper));
	onn_evaluator_destroy(r.evaluator);
	onn_stepper_destroy(r.stepper);
	onn_model_destroy(r.model);
	onn_folder_close(&r.folder);
	return status ? status : filled;
}
