/*
 * Reproductions: tasks side by side, each by a thread with a device of its own; what they came to
 * is taken in the order of the tables, by the thread that called.
 *
 * Threads and not processes: data sets are in memory once, one lock holds the folder, and nothing
 * is left at work when the process is killed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/os.h"
#include "core/text.h"
#include "reproduce/forecast.h"
#include "reproduce/jobs.h"
#include "reproduce/task.h"
#include "run/folder.h"
#include "run/group.h"

static const double pause = 0.05; /* seconds between two looks at where it stands */

typedef enum stage { WAITS, AT_WORK, DONE } stage;

/* A task of all studies', in the order of the tables. */
typedef struct item {
	size_t study;
	const onn_task *task;
	stage stage;
	onn_status status;
	char *error; /* what happened, where something did and there was memory to say it */
} item;

/* A thread that does tasks. */
typedef struct worker {
	struct reproduction *all;
	onn_thread *thread;
	onn_device *device;
	item *item; /* at hand, or NULL */
	char run[32];
	onn_train_progress train; /* of the training at hand; all 0: none is */
	double start;             /* of it */
} worker;

typedef struct reproduction {
	onn_reproduce_options options;
	onn_work *work;
	size_t works;
	onn_case_sets sets;
	onn_jobs jobs;
	char folder[ONN_PATH_ROOM]; /* of trainings */
	onn_device *device;         /* the caller's */
	bool shares;                /* does its rank's part of the trainings, for another to find */
	/* the mutex guards what follows, and workers */
	onn_mutex *mutex;
	onn_condition *news; /* for the caller's thread */
	onn_condition *turn; /* for workers: a chain or a run is free */
	bool stopping;
	item *item;
	size_t items, taken, begun; /* taken: of items, those whose outcome is in a table */
	size_t *chain;              /* of each: tasks that are not done */
	size_t chains;              /* with such tasks */
	worker *worker;
	size_t workers, trained, trainings;
	double told;           /* when the caller's thread was last woken */
	double done, total;    /* seconds, as forecast */
	double took, expected; /* of trainings that were run here */
} reproduction;

/* ---- progress ---- */

static double part_of(const onn_train_progress *p)
{
	return ((double)p->epoch * (double)p->steps + (double)p->step) /
	       ((double)p->epochs * (double)p->steps);
}

/* Seconds, as forecast, that a worker has done of the training at hand. */
static double done_of(const reproduction *r, const worker *w)
{
	return w->train.steps
	           ? r->work[w->item->study].seconds * w->item->task->training * part_of(&w->train)
	           : 0;
}

/* Where all stands; the first worker's training stands for those at hand. */
static onn_reproduce_progress look(const reproduction *r)
{
	const item *next = &r->item[r->taken];
	double took = r->took, expected = r->expected, done = r->done, now = onn_clock();
	onn_reproduce_progress p = {.study = next->study,
	    .name = r->work[next->study].study->info.name,
	    .job = r->trained,
	    .jobs = r->trainings};
	for (size_t i = 0; i < r->workers; i++) {
		const worker *w = &r->worker[i];
		if (!w->train.steps)
			continue;
		if (!p.running++)
			p.train = w->train;
		took += now - w->start;
		expected += done_of(r, w);
		done += done_of(r, w);
	}
	double pace = took > 1 && expected > 0 ? took / expected : 1;
	double at_once = (double)onn_size_least(r->workers, r->chains ? r->chains : 1);
	p.done = r->total > 0 ? done / r->total : 0;
	p.left = (r->total - done) * pace / at_once;
	return p;
}

/* After a step of a worker's training. */
static bool tell(void *user, const onn_train_progress *p)
{
	worker *w = user;
	reproduction *r = w->all;
	double now = onn_clock();
	onn_mutex_lock(r->mutex);
	if (!w->train.steps)
		w->start = now;
	w->train = *p;
	if (now - r->told > pause) {
		r->told = now;
		onn_condition_broadcast(r->news);
	}
	bool stopping = r->stopping;
	onn_mutex_unlock(r->mutex);
	return stopping;
}

/* Before each batch of one of its measurements. */
static bool is_stopping(void *user)
{
	const worker *w = user;
	onn_mutex_lock(w->all->mutex);
	bool stopping = w->all->stopping;
	onn_mutex_unlock(w->all->mutex);
	return stopping;
}

/* ---- workers ---- */

static bool has_run(const reproduction *r, const worker *self, const char *run)
{
	for (size_t i = 0; i < r->workers; i++) {
		const worker *w = &r->worker[i];
		if (w != self && w->item && strcmp(w->run, run) == 0)
			return true;
	}
	return false;
}

/* Two cells may say the same training in other words: then one waits for the other. */
static void claim(void *user, const char *run)
{
	worker *w = user;
	reproduction *r = w->all;
	onn_mutex_lock(r->mutex);
	while (has_run(r, w, run))
		onn_condition_wait(r->turn, r->mutex);
	snprintf(w->run, sizeof w->run, "%s", run);
	onn_mutex_unlock(r->mutex);
}

static bool is_busy(const reproduction *r, size_t chain)
{
	for (size_t i = 0; i < r->workers; i++)
		if (r->worker[i].item && r->worker[i].item->task->chain == chain)
			return true;
	return false;
}

/* The first task that waits for no other; NULL: there is none now. */
static item *choose(reproduction *r)
{
	for (size_t i = r->begun; i < r->items; i++) {
		if (r->item[i].stage == WAITS && !is_busy(r, r->item[i].task->chain))
			return &r->item[i];
		r->begun += i == r->begun && r->item[i].stage != WAITS;
	}
	return NULL;
}

static onn_status do_item(worker *w, const item *it)
{
	reproduction *r = w->all;
	onn_study_cell *cell = &r->work[it->study].table.cell[it->task->cell];
	const onn_workshop s = {w->device, r->work, r->works, &r->sets, r->folder,
	    r->options.data_dir, w, tell, is_stopping, claim};
	double value = NAN;
	onn_status status = onn_task_do(&value, cell->run[it->task->number], &s, it->task);
	if (!status)
		cell->value[it->task->number] = value;
	return status;
}

/* Of this thread; NULL without memory. */
static char *copy_error(void)
{
	onn_text text = ONN_TEXT_INIT;
	onn_text_add(&text, "%s", onn_last_error());
	return onn_text_take(&text);
}

static void end_item(reproduction *r, worker *w, onn_status status)
{
	item *it = w->item;
	double seconds = r->work[it->study].seconds;
	it->status = status;
	it->error = status ? copy_error() : NULL;
	it->stage = DONE;
	if (w->train.steps) {
		r->took += onn_clock() - w->start;
		r->expected += seconds * it->task->training;
	}
	r->done += seconds * (it->task->training + it->task->measuring);
	r->trained += it->task->first;
	r->chains -= --r->chain[it->task->chain] == 0;
	w->item = NULL;
	w->run[0] = '\0';
	w->train = (onn_train_progress){0};
	onn_condition_broadcast(r->news);
	onn_condition_broadcast(r->turn);
}

static void do_items(void *argument)
{
	worker *w = argument;
	reproduction *r = w->all;
	onn_mutex_lock(r->mutex);
	while (!r->stopping && r->begun < r->items) {
		w->item = choose(r);
		if (w->item) {
			w->item->stage = AT_WORK;
			onn_mutex_unlock(r->mutex);
			onn_status status = do_item(w, w->item);
			onn_mutex_lock(r->mutex);
			end_item(r, w, status);
		} else if (r->begun < r->items) {
			onn_condition_wait(r->turn, r->mutex);
		}
	}
	onn_mutex_unlock(r->mutex);
}

/* ---- the caller's thread ---- */

static void say(const reproduction *r, const char *line)
{
	if (r->options.log)
		r->options.log(r->options.user, line);
}

/* The first failure is the table's reason; what several tasks of a study met is told once. */
static void note_failure(reproduction *r, const item *it)
{
	onn_work *w = &r->work[it->study];
	const onn_study_cell *cell = &w->table.cell[it->task->cell];
	const char *error = it->error ? it->error : onn_status_name(it->status);
	char line[1400];
	for (const item *o = r->item; o < it; o++)
		if (o->study == it->study && o->error && strcmp(o->error, error) == 0)
			return;
	if (!*w->reason)
		snprintf(w->reason, sizeof w->reason, "%s", error);
	snprintf(line, sizeof line, "%s, %s%s%s: %s", w->study->info.name,
	    onn_study_series(w->study, cell->series), *cell->text ? ", " : "", cell->text, error);
	say(r, line);
}

/* What a task came to; with a study's last one, its table. */
static onn_status take(reproduction *r, const item *it)
{
	onn_work *w = &r->work[it->study];
	bool last = it + 1 == r->item + r->items || it[1].study != it->study;
	if (r->shares)
		return ONN_OK;
	if (it->status)
		note_failure(r, it);
	if (!last)
		return ONN_OK;
	onn_table_sum_up(&w->table);
	return r->options.table && !r->options.table(r->options.user, it->study, &w->table)
	           ? ONN_CANCELLED
	           : ONN_OK;
}

/* Callbacks are called without the mutex, that workers go on meanwhile. */
static onn_status follow(reproduction *r)
{
	onn_status status = ONN_OK;
	onn_mutex_lock(r->mutex);
	while (r->taken < r->items && !status) {
		const item *it = &r->item[r->taken];
		bool done = it->stage == DONE;
		const onn_reproduce_progress p = look(r);
		onn_mutex_unlock(r->mutex);
		if (r->options.progress && r->options.progress(r->options.user, &p))
			status = ONN_CANCELLED;
		else if (done)
			status = take(r, it);
		onn_mutex_lock(r->mutex);
		if (done && !status)
			r->taken++;
		else if (!status && it->stage != DONE) /* still */
			onn_condition_wait(r->news, r->mutex);
	}
	r->stopping = true;
	onn_condition_broadcast(r->turn);
	onn_mutex_unlock(r->mutex);
	return status;
}

static onn_status work(reproduction *r)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < r->jobs.count; i++) {
		r->worker[i].all = r;
		r->worker[i].device = r->jobs.device[i];
	}
	r->workers = r->jobs.count;
	for (size_t i = 0; i < r->workers && !status; i++)
		status = onn_thread_start(&r->worker[i].thread, do_items, &r->worker[i]);
	if (status) {
		onn_mutex_lock(r->mutex);
		r->stopping = true;
		onn_mutex_unlock(r->mutex);
	} else {
		status = follow(r);
	}
	for (size_t i = 0; i < r->workers; i++)
		onn_thread_join(r->worker[i].thread);
	return status;
}

/* ---- all of it ---- */

static onn_status make_room(reproduction *r)
{
	size_t items = 0;
	for (size_t i = 0; i < r->works; i++)
		items += r->work[i].count;
	r->item = calloc(items + 1, sizeof *r->item);
	r->chain = calloc(r->chains + 1, sizeof *r->chain);
	r->worker = calloc(r->jobs.count, sizeof *r->worker);
	if (!r->item || !r->chain || !r->worker)
		return onn_error_memory("onn_reproduce", items * sizeof *r->item);
	onn_status status = onn_case_sets_create(&r->sets);
	if (!status)
		status = onn_mutex_create(&r->mutex);
	if (!status)
		status = onn_condition_create(&r->news);
	return status ? status : onn_condition_create(&r->turn);
}

/* What is not kept is no other rank's to find. */
static bool is_mine(const reproduction *r, const onn_task *t)
{
	const onn_group *group = r->options.group;
	return !r->shares || (t->c->measure->trains && t->chain % group->ranks == group->rank);
}

static void list_items(reproduction *r)
{
	r->chains = 0;
	for (size_t i = 0; i < r->works; i++)
		for (size_t k = 0; k < r->work[i].count; k++) {
			const onn_task *t = &r->work[i].task[k];
			if (!is_mine(r, t))
				continue;
			r->item[r->items++] = (item){.study = i, .task = t};
			r->total += r->work[i].seconds * (t->training + t->measuring);
			r->trainings += t->first;
			r->chains += r->chain[t->chain]++ == 0;
		}
}

static onn_status do_all(reproduction *r, const onn_study *const *study)
{
	const onn_reproduce_options *o = &r->options;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < r->works && !status; i++)
		status = onn_work_create(&r->work[i], study[i], o->quick, o->seeds, o->data_dir);
	if (status)
		return status;
	r->chains = onn_work_join(r->work, r->works);
	status = onn_jobs_create(&r->jobs, r->work, r->works, r->chains, o, r->device);
	/* what cannot be timed fails below, and is told there */
	for (size_t i = 0; i < r->works && !status; i++)
		onn_forecast_unit(&r->work[i].seconds, &r->work[i], o->data_dir, r->jobs.device[0]);
	if (!status)
		status = make_room(r);
	if (status)
		return status;
	list_items(r);
	return work(r);
}

static void clear(reproduction *r)
{
	for (size_t i = 0; i < r->items; i++)
		onn_free(r->item[i].error);
	for (size_t i = 0; r->work && i < r->works; i++)
		onn_work_clear(&r->work[i]);
	if (r->sets.mutex)
		onn_case_sets_clear(&r->sets);
	onn_jobs_clear(&r->jobs);
	onn_condition_destroy(r->turn);
	onn_condition_destroy(r->news);
	onn_mutex_destroy(r->mutex);
	free(r->worker);
	free(r->chain);
	free(r->item);
	free(r->work);
}

/* All tasks, and their tables; or this rank's part of what is kept. */
static onn_status do_tasks(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device, const onn_run_folder *folder,
    bool shares)
{
	reproduction r = {.options = *options, .device = device, .works = count, .shares = shares};
	onn_status status = ONN_OK;
	onn_run_folder_path(r.folder, folder, "jobs");
	r.work = calloc(count ? count : 1, sizeof *r.work);
	if (!r.work)
		status = onn_error_memory("onn_reproduce", count * sizeof *r.work);
	if (!status)
		status = do_all(&r, study);
	clear(&r);
	return status;
}

/* The trainings by all ranks; the tables by the first, which finds them done. */
static onn_status do_ranks(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device, const onn_run_folder *folder)
{
	const onn_group *group = options->group;
	onn_status status = ONN_OK;
	if (group && group->ranks > 1) {
		status = do_tasks(study, count, options, device, folder, true);
		status = onn_group_agree(group, "onn_reproduce", status);
	}
	if (status || (group && group->rank > 0))
		return status;
	return do_tasks(study, count, options, device, folder, false);
}

onn_status onn_reproduce(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device)
{
	onn_reproduce_options o = ONN_REPRODUCE_OPTIONS_INIT;
	onn_run_folder folder;
	if (!device || !options || (count && !study))
		return onn_error(ONN_ERROR_ARGUMENT, "onn_reproduce: no %s; expected one",
		    !device    ? "device"
		    : !options ? "options"
		               : "study");
	onn_status status =
	    onn_options_take(&o, options, "onn_reproduce", "ONN_REPRODUCE_OPTIONS_INIT");
	if (!status && !o.out)
		status = onn_error(ONN_ERROR_ARGUMENT, "onn_reproduce: no out; expected a folder");
	if (status)
		return status;
	const bool first = !o.group || o.group->rank == 0;
	status = onn_run_folder_open(&folder, o.out, "onn_reproduce");
	if (!status && first) /* of all ranks */
		status = onn_run_folder_hold(&folder);
	status = onn_group_agree(o.group, "onn_reproduce", status);
	if (!status)
		status = do_ranks(study, count, &o, device, &folder);
	onn_run_folder_close(&folder);
	return status;
}
