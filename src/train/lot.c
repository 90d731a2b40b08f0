#include "train/lot.h"

#include <stdint.h>
#include <stdio.h>

#include "core/error.h"
#include "core/os.h"
#include "run/group.h"
#include "run/loop.h"

/* Alone, or the rank that keeps the files and tells the caller. */
static bool is_first(const onn_lot *l)
{
	return !l->options->group || l->options->group->rank == 0;
}

/* ---- steps ---- */

static onn_status take_step(void *self, size_t done)
{
	onn_lot *l = self;
	const onn_train_options *o = l->options;
	onn_status status = ONN_OK;
	if (!l->under_way) {
		l->under_way = true;
		l->start = onn_clock() - l->seconds;
		status = onn_stepper_begin(l->stepper, done / l->steps,
		    onn_optimizer_rate(&o->optimizer, done / l->steps, o->epochs), done % l->steps);
	}
	l->stop = l->wants_stop;
	return status ? status : onn_stepper_step(l->stepper, &l->stop);
}

/* The epoch whose step is the last one taken. */
static bool report(void *self, size_t done)
{
	onn_lot *l = self;
	const onn_train_options *o = l->options;
	const onn_seed_task *first = l->run[0].task;
	l->done = done;
	if (!o->progress)
		return l->stop;
	onn_train_progress p = {o->seed, first->number, first->count, (done - 1) / l->steps,
	    o->epochs, (done - 1) % l->steps + 1, l->steps, onn_clock() - l->start, l->count};
	l->wants_stop = o->progress(o->user, &p);
	return o->group ? l->stop : l->wants_stop; /* of a group all stop behind the same step */
}

static bool is_end_of_epoch(const void *self, size_t done)
{
	return done % ((const onn_lot *)self)->steps == 0;
}

/* Waits for the steps, and looks whether losses and weights are numbers. */
static onn_status settle(onn_lot *l, size_t step)
{
	static const char expected[] = "expected a smaller learning rate or other weights";
	size_t epoch = l->run[0].at.epoch + 1;
	onn_status status = onn_stepper_wait(l->stepper, l->loss, l->bad);
	l->seconds = onn_clock() - l->start;
	l->under_way = false;
	for (size_t i = 0; i < l->count && !status; i++) {
		unsigned long long seed = l->run[i].task->options->seed;
		bool finite;
		if (l->bad[i] != SIZE_MAX)
			return onn_error(ONN_ERROR_NUMERIC,
			    "onn_train: the loss is not finite at epoch %zu, step %zu (seed %llu); "
			    "%s",
			    epoch, l->bad[i] + 1, seed, expected);
		status = onn_stepper_read(l->stepper, i, l->model[i], &finite);
		if (!status && !finite)
			status = onn_error(ONN_ERROR_NUMERIC,
			    "onn_train: a weight is not finite after epoch %zu, step %zu (seed "
			    "%llu); %s",
			    epoch, step, seed, expected);
	}
	return status;
}

/* ---- epochs ---- */

onn_train_epoch onn_lot_epoch(const onn_lot_run *r, size_t i, bool best)
{
	const double *row = onn_history_row(&r->folder.history, i);
	const onn_train_options *o = r->task->options;
	return (onn_train_epoch){o->seed, r->task->number, r->task->count, i + 1, o->epochs,
	    row[ONN_METRIC_LOSS], row[ONN_METRIC_SELECTION], row[ONN_METRIC_REPORT],
	    row[ONN_METRIC_SECONDS], best};
}

bool onn_lot_is_best(const onn_lot_run *r, double selection, size_t best_epoch)
{
	const onn_history *h = &r->folder.history;
	return !best_epoch ||
	       !(selection < onn_history_row(h, best_epoch - 1)[ONN_METRIC_SELECTION]);
}

onn_status onn_lot_write_last(onn_lot *l, size_t i)
{
	onn_lot_run *r = &l->run[i];
	return onn_folder_write_last(&r->folder, l->model[i], l->stepper, i, &r->at,
	    r->at.step ? l->seconds / (double)l->count : 0);
}

/* Saves a run's epoch: metrics, best, last, in this order (folder.h). */
static onn_status end_epoch_of(onn_lot *l, size_t i, double seconds)
{
	onn_lot_run *r = &l->run[i];
	const onn_accuracy *a = &l->accuracy[i];
	bool best = onn_lot_is_best(r, a->selection, r->at.best_epoch);
	const double row[ONN_METRICS] = {l->loss[i], a->selection, a->report, seconds};
	onn_status status = onn_folder_add(&r->folder, row);
	if (!status && best)
		status = onn_folder_write_best(&r->folder, l->model[i], r->at.epoch + 1);
	if (status)
		return status;
	r->at.epoch++;
	r->at.step = 0;
	r->at.best_epoch = best ? r->at.epoch : r->at.best_epoch;
	return onn_lot_write_last(l, i);
}

/* The epoch at hand, that many steps of it. */
static onn_status write_part(onn_lot *l, size_t step)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < l->count && !status; i++) {
		l->run[i].at.step = step;
		status = onn_lot_write_last(l, i);
	}
	return status;
}

/* Measures the epoch and saves. A run's seconds are its share of those that all have taken. Who is
 * stopped in between keeps all steps, and measures when it goes on. */
static onn_status end_epoch(onn_lot *l)
{
	const onn_train_options *o = l->options;
	double seconds = l->seconds / (double)l->count;
	onn_status status = onn_evaluator_run(l->evaluator, l->accuracy);
	if (status == ONN_CANCELLED) {
		onn_status kept = write_part(l, l->steps);
		return kept ? kept : status;
	}
	if (!status)
		l->seconds = 0;
	for (size_t i = 0; i < l->count && !status; i++)
		status = end_epoch_of(l, i, seconds);
	for (size_t i = 0; i < l->count && !status && o->epoch && is_first(l); i++) {
		const onn_lot_run *r = &l->run[i];
		onn_train_epoch e =
		    onn_lot_epoch(r, r->at.epoch - 1, r->at.best_epoch == r->at.epoch);
		o->epoch(o->user, &e);
	}
	return status;
}

static onn_status save_here(onn_lot *l, size_t done)
{
	bool whole = is_end_of_epoch(l, done);
	onn_status status = settle(l, whole ? l->steps : done % l->steps);
	if (status)
		return status;
	return whole ? end_epoch(l) : write_part(l, done % l->steps);
}

static onn_status save(void *self, size_t done)
{
	onn_lot *l = self;
	return onn_group_agree(l->options->group, "onn_train", save_here(l, done));
}

/* ---- ends ---- */

/* Another rank is lost: what was done before is kept, and why it ended is what is told. */
static void keep(onn_lot *l)
{
	char reason[512];
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	if (!is_end_of_epoch(l, l->done) && !save_here(l, l->done))
		onn_error(ONN_ERROR_DEVICE, "%s; kept up to epoch %zu, step %zu", reason,
		    l->run[0].at.epoch + 1, l->run[0].at.step);
	else
		onn_error(ONN_ERROR_DEVICE, "%s", reason);
}

/* What last.npz holds, where it is the device that failed. */
static void remind(const onn_lot *l, onn_status status)
{
	const onn_position *at = &l->run[0].at;
	char kept[64];
	size_t n = (size_t)snprintf(kept, sizeof kept, "epoch %zu", at->epoch + (at->step > 0));
	if (at->step > 0)
		snprintf(kept + n, sizeof kept - n, ", step %zu", at->step);
	onn_run_folder_remind(&l->run[0].folder.files, status, kept);
}

/* Where a run was stopped behind an epoch's last step, that epoch has yet to be measured. */
static onn_status end_stopped_epoch(onn_lot *l)
{
	size_t epoch = l->run[0].at.epoch;
	if (l->run[0].at.step < l->steps)
		return ONN_OK;
	l->start = onn_clock() - l->seconds;
	onn_status status = onn_stepper_begin(l->stepper, epoch,
	    onn_optimizer_rate(&l->options->optimizer, epoch, l->options->epochs), l->steps);
	if (!status)
		status = settle(l, 0);
	return status ? status : end_epoch(l);
}

onn_status onn_lot_train(onn_lot *l)
{
	static const onn_loop loop = {take_step, report, is_end_of_epoch, save};
	const onn_position *at = &l->run[0].at;
	l->steps = onn_stepper_steps(l->stepper);
	onn_status status = end_stopped_epoch(l);
	l->done = at->epoch * l->steps + at->step;
	if (!status)
		status = onn_loop_run(&loop, l, l->done, l->options->epochs * l->steps);
	if (status && status != ONN_CANCELLED && onn_stepper_lost(l->stepper))
		keep(l);
	else
		remind(l, status);
	if (status == ONN_CANCELLED)
		onn_error(
		    status, "onn_train: stopped at epoch %zu, step %zu", at->epoch + 1, at->step);
	return status;
}
