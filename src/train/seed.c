#include "train/seed.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "run/group.h"
#include "train/config.h"
#include "train/lot.h"

static void say(const onn_seed_task *t, const char *format, ...) ONN_PRINTF(2, 3);
static void say(const onn_seed_task *t, const char *format, ...)
{
	const onn_train_options *o = t->options;
	char line[512];
	va_list arguments;
	if (!o->log || (o->group && o->group->rank))
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	o->log(o->user, line);
}

static void warn_of_other_machine(const onn_seed_task *t, const onn_archive *archive)
{
	const char *text = onn_archive_get_text(archive, "config.json");
	const onn_device *device = t->device;
	onn_train_config *saved = malloc(sizeof *saved);
	if (saved && text && !onn_config_parse(saved, text, "last.npz")) {
		size_t ranks = t->options->group ? t->options->group->ranks : 1;
		if (saved->ranks != ranks)
			say(t,
			    "the run began with %zu rank%s: it goes on with %zu, but not to the "
			    "same bits",
			    saved->ranks, saved->ranks == 1 ? "" : "s", ranks);
		else if (strcmp(saved->device, onn_device_name(device)) != 0 ||
		         saved->threads != (unsigned)onn_device_threads(device))
			say(t,
			    "the run began on %s with %u threads: it goes on with %s and %d, but "
			    "not to the same bits",
			    saved->device, saved->threads, onn_device_name(device),
			    onn_device_threads(device));
		onn_train_config_clear(saved);
	}
	free(saved);
}

/* What steps and their measurement need. */
static onn_status make_ready(onn_lot *l)
{
	const onn_seed_task *t = l->run[0].task;
	onn_evaluate_options measure = ONN_EVALUATE_OPTIONS_INIT;
	measure.seed = l->options->seed;
	measure.bits = l->options->bits;
	onn_status status =
	    onn_stepper_create(&l->stepper, l->model, l->count, l->options, t->dataset, t->device);
	if (!status && l->options->planned)
		l->options->planned(l->options->user, onn_stepper_plan(l->stepper));
	if (status)
		return status;
	const onn_measured measured = {l->model[0], l->count, onn_stepper_weights(l->stepper),
	    &measure, false, l->options->group, l->options->stop, l->options->user};
	return onn_evaluator_create(&l->evaluator, &measured, t->device, t->dataset);
}

/* A run as its checkpoint left it; its stepper's part is in *archive. */
static onn_status recall(onn_lot *l, size_t i, onn_archive **archive)
{
	onn_lot_run *r = &l->run[i];
	double seconds = 0;
	onn_status status = onn_folder_resume(&r->folder, l->model[i], &r->at, &seconds, archive);
	l->seconds += seconds;
	return status;
}

/* Goes on with that run, once all are there to be stepped. */
static onn_status go_on(onn_lot *l, size_t i, const onn_archive *archive)
{
	const onn_lot_run *r = &l->run[i];
	if (r->at.step > onn_stepper_steps(l->stepper))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_train: last.npz: state.json says that step is %zu; expected at most %zu",
		    r->at.step, onn_stepper_steps(l->stepper));
	warn_of_other_machine(r->task, archive);
	onn_status status = onn_stepper_take(l->stepper, i, archive, "last.npz");
	say(r->task, "seed %llu: goes on at epoch %zu, step %zu",
	    (unsigned long long)r->task->options->seed, r->at.epoch + 1, r->at.step + 1);
	return status;
}

static onn_status start(onn_lot *l, size_t i)
{
	onn_status status = onn_folder_start(&l->run[i].folder);
	return status ? status : onn_lot_write_last(l, i);
}

/* Everything up to the first step. finished: there is nothing left to do. */
static onn_status begin(onn_lot *l, bool *finished)
{
	onn_archive **archive = calloc(l->count, sizeof *archive);
	onn_status status =
	    archive ? ONN_OK : onn_error_memory("onn_train", l->count * sizeof *archive);
	for (size_t i = 0; i < l->count && !status; i++) {
		if (l->run[i].task->resume)
			status = recall(l, i, &archive[i]);
		else if (l->options->weights)
			status = onn_model_import(l->model[i], l->options->weights);
	}
	*finished = !status && l->run[0].task->resume && l->run[0].at.epoch >= l->options->epochs;
	for (size_t i = 0; i < l->count && *finished; i++)
		say(l->run[i].task, "seed %llu: %zu epochs are done already",
		    (unsigned long long)l->run[i].task->options->seed, l->run[i].at.epoch);
	if (!status && !*finished)
		status = make_ready(l);
	for (size_t i = 0; i < l->count && !status && !*finished; i++)
		status = archive[i] ? go_on(l, i, archive[i]) : start(l, i);
	for (size_t i = 0; archive && i < l->count; i++)
		onn_archive_destroy(archive[i]);
	free(archive);
	return status;
}

/* ---- a group ---- */

/* Where rank 0 stands. */
static onn_status share_position(onn_lot *l, bool *finished)
{
	const onn_group *group = l->options->group;
	onn_lot_run *r = &l->run[0];
	onn_history *h = &r->folder.history;
	size_t count = group->rank ? 0 : h->count;
	double row[ONN_METRICS];
	onn_status added = ONN_OK; /* of this rank alone: the others go on copying */
	onn_status status = group->copy(group->user, finished, sizeof *finished);
	if (!status)
		status = group->copy(group->user, &r->at, sizeof r->at);
	if (!status)
		status = group->copy(group->user, &l->seconds, sizeof l->seconds);
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
static onn_status share(onn_lot *l, bool *finished, onn_status status)
{
	if (!l->options->group)
		return status;
	status = onn_group_agree(l->options->group, "onn_train", status);
	if (!status)
		status = share_position(l, finished);
	return status || *finished ? status : onn_stepper_share(l->stepper);
}

/* ---- what they came to ---- */

static onn_status fill_epochs(onn_train_run *out, const onn_lot_run *r)
{
	const onn_history *h = &r->folder.history;
	size_t best = 0, count = r->at.epoch;
	out->epoch = calloc(count + 1, sizeof *out->epoch);
	if (!out->epoch)
		return onn_error_memory("onn_train", (count + 1) * sizeof *out->epoch);
	for (size_t i = 0; i < count; i++) {
		bool better = onn_lot_is_best(r, onn_history_row(h, i)[ONN_METRIC_SELECTION], best);
		out->epoch[i] = onn_lot_epoch(r, i, better);
		best = better ? i + 1 : best;
	}
	out->epochs = count;
	return ONN_OK;
}

/* partial: seconds of the epoch at hand */
static onn_status fill_result(onn_train_run *out, const onn_lot_run *r, double partial)
{
	const onn_history *h = &r->folder.history;
	const double *best = r->at.best_epoch ? onn_history_row(h, r->at.best_epoch - 1) : NULL;
	out->seed = r->task->options->seed;
	out->best_epoch = r->at.best_epoch;
	out->train_loss = h->count ? onn_history_row(h, h->count - 1)[ONN_METRIC_LOSS] : NAN;
	out->selection_accuracy = best ? best[ONN_METRIC_SELECTION] : NAN;
	out->report_accuracy = best ? best[ONN_METRIC_REPORT] : NAN;
	out->seconds = r->at.step ? partial : 0;
	for (size_t i = 0; i < h->count; i++)
		out->seconds += onn_history_row(h, i)[ONN_METRIC_SECONDS];
	return fill_epochs(out, r);
}

/* ---- the lot ---- */

static onn_status open_run(onn_lot *l, size_t i, const onn_seed_task *t)
{
	l->run[i].task = t;
	char *config = onn_config_text(t->network, t->options, t->dataset, t->digest, t->device);
	onn_status status = config ? onn_folder_open(&l->run[i].folder, t->out, config)
	                           : onn_error_memory("onn_train", 1);
	onn_free(config);
	return status ? status : onn_model_create(&l->model[i], t->network, t->options->seed);
}

static onn_status make_lot(onn_lot *l, const onn_seed_task *task, size_t count)
{
	*l = (onn_lot){.options = task->options, .count = count};
	l->run = calloc(count, sizeof *l->run);
	l->model = calloc(count, sizeof(onn_model *));
	l->loss = calloc(count, sizeof *l->loss);
	l->bad = calloc(count, sizeof *l->bad);
	l->accuracy = calloc(count, sizeof *l->accuracy);
	if (l->run && l->model && l->loss && l->bad && l->accuracy)
		return ONN_OK;
	l->count = 0;
	return onn_error_memory("onn_train", count * sizeof *l->run);
}

static void clear_lot(onn_lot *l)
{
	onn_evaluator_destroy(l->evaluator);
	onn_stepper_destroy(l->stepper);
	for (size_t i = 0; i < l->count; i++) {
		onn_model_destroy(l->model[i]);
		onn_folder_close(&l->run[i].folder);
	}
	onn_free_all(l->run, l->model, l->loss, l->bad, l->accuracy);
}

onn_status onn_train_seeds(
    onn_train_run *result, char **profile, const onn_seed_task *task, size_t count)
{
	onn_lot l;
	bool finished = false;
	size_t opened = 0;
	onn_status status = make_lot(&l, task, count);
	for (; opened < l.count && !status; opened++)
		status = open_run(&l, opened, &task[opened]);
	if (!status)
		status = begin(&l, &finished);
	status = share(&l, &finished, status);
	if (!status && !finished)
		status = onn_lot_train(&l);
	onn_status filled = ONN_OK;
	for (size_t i = 0; i < opened && !filled; i++) {
		filled = fill_result(&result[i], &l.run[i], l.seconds / (double)count);
		result[i].was_finished = finished;
	}
	if (l.stepper && task->options->profile && !*profile)
		*profile = onn_plan_profile(onn_stepper_plan(l.stepper));
	clear_lot(&l);
	return status ? status : filled;
}
