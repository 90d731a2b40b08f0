/*
 * Reproductions: task after task, what is trained and measured kept in the folder.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/os.h"
#include "core/text.h"
#include "reproduce/data.h"
#include "reproduce/forecast.h"
#include "reproduce/work.h"
#include "run/folder.h"

typedef struct reproduction {
	onn_reproduce_options options;
	onn_device *device;
	onn_work *work;
	size_t count;
	onn_case_set set;
	char jobs[ONN_PATH_ROOM]; /* the folder of trainings */
	/* where it stands */
	size_t study, job, njobs;
	const onn_task *task;  /* at hand */
	double done, total;    /* seconds, as forecast */
	double took, expected; /* of trainings that were run here */
	double start;          /* of the one at hand; 0: none is */
} reproduction;

/* ---- progress ---- */

static double part_of(const onn_train_progress *p)
{
	return ((double)p->epoch * (double)p->steps + (double)p->step) /
	       ((double)p->epochs * (double)p->steps);
}

/* at: seconds, as forecast, that the training at hand has done. */
static bool ask(const reproduction *r, const onn_train_progress *train, double at)
{
	double now = r->start > 0 ? onn_clock() - r->start : 0;
	double took = r->took + now, expected = r->expected + at;
	double pace = took > 1 && expected > 0 ? took / expected : 1, done = r->done + at;
	const onn_reproduce_progress all = {.study = r->study,
	    .name = r->work[r->study].study->info.name,
	    .job = r->job,
	    .jobs = r->njobs,
	    .train = *train,
	    .done = r->total > 0 ? done / r->total : 0,
	    .left = (r->total - done) * pace};
	return r->options.progress && r->options.progress(r->options.user, &all);
}

static bool tell(void *user, const onn_train_progress *p)
{
	reproduction *r = user;
	if (r->start == 0)
		r->start = onn_clock();
	return ask(r, p, r->work[r->study].seconds * r->task->training * part_of(p));
}

static void say(const reproduction *r, const char *line)
{
	if (r->options.log)
		r->options.log(r->options.user, line);
}

/* ---- trainings ---- */

/* A folder's name: the kind of network, and what tells this training from all others. */
static onn_status name_run(
    char name[32], const onn_task *t, const onn_network *network, const char *digest, size_t epochs)
{
	unsigned char bytes[ONN_SHA256_BYTES];
	char hex[ONN_SHA256_TEXT];
	onn_train_options o = t->c->training;
	onn_sha256 sha;
	o.seed = t->seed;
	o.seeds = 1;
	o.epochs = epochs;
	char *what = onn_network_to_json(network);
	char *how = onn_settings_to_json(onn_train_settings(), &o);
	bool fine = what && how;
	if (fine) {
		onn_sha256_start(&sha);
		onn_sha256_add(&sha, what, strlen(what) + 1);
		onn_sha256_add(&sha, how, strlen(how) + 1);
		onn_sha256_add(&sha, digest, strlen(digest));
		onn_sha256_finish(bytes, &sha);
		onn_sha256_text(hex, bytes);
		snprintf(name, 32, "%.8s-%.16s", onn_network_model(network), hex);
	}
	onn_free(what);
	onn_free(how);
	return fine ? ONN_OK : onn_error_memory("onn_reproduce", 1);
}

static onn_status copy_file(const char *to, const char *from, const char *name)
{
	char source[ONN_PATH_ROOM], target[ONN_PATH_ROOM];
	void *data = NULL;
	size_t bytes;
	onn_path_join(source, from, name);
	onn_path_join(target, to, name);
	if (!onn_file_exists(source))
		return ONN_OK;
	onn_status status = onn_file_read(&data, &bytes, source);
	if (!status)
		status = onn_file_write(target, data, bytes);
	onn_free(data);
	return status;
}

/* A training that is like one of fewer epochs goes on from its end. */
static onn_status inherit(
    const reproduction *r, const onn_task *t, const onn_network *network, const char *folder)
{
	char name[32], from[ONN_PATH_ROOM], best[ONN_PATH_ROOM] = "";
	size_t most = 0;
	if (!onn_case_can_go_on(t->c))
		return ONN_OK;
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->work[i].count; k++) {
			const onn_task *o = &r->work[i].task[k];
			size_t epochs = o->c->training.epochs;
			if (strcmp(o->job, t->job) != 0 || epochs <= most ||
			    epochs >= t->c->training.epochs)
				continue;
			onn_status status = name_run(name, t, network, r->set.digest, epochs);
			if (status)
				return status;
			if (!onn_path_join(from, r->jobs, name) ||
			    !onn_run_folder_has_checkpoint(from))
				continue;
			most = epochs;
			snprintf(best, sizeof best, "%s", from);
		}
	if (!most)
		return ONN_OK;
	onn_status status = onn_directory_make(folder);
	if (!status)
		status = copy_file(folder, best, "best.npz");
	return status ? status : copy_file(folder, best, "last.npz"); /* which counts */
}

static onn_status train(onn_train_result *result, reproduction *r, const onn_task *t,
    const onn_network *network, const char *folder)
{
	onn_train_options o = t->c->training;
	onn_status status = ONN_OK;
	if (!onn_run_folder_has_checkpoint(folder))
		status = inherit(r, t, network, folder);
	if (status)
		return status;
	o.seed = t->seed;
	o.seeds = 1;
	o.out = folder;
	o.resume = onn_run_folder_has_checkpoint(folder);
	o.dataset = t->c->data.dataset;
	o.user = r;
	o.progress = tell;
	r->start = 0;
	status = onn_train(result, network, &o, r->set.dataset, r->device);
	if (r->start > 0) {
		r->took += onn_clock() - r->start;
		r->expected += r->work[r->study].seconds * t->training;
		r->start = 0;
	}
	return status;
}

/* ---- measurements ---- */

/* Where a measurement of a run is kept. */
static onn_status name_measurement(char name[48], const onn_case *c)
{
	unsigned char bytes[ONN_SHA256_BYTES];
	char hex[ONN_SHA256_TEXT];
	onn_text text = ONN_TEXT_INIT;
	onn_sha256 sha;
	char *evaluation = onn_settings_to_json(onn_evaluate_settings(), &c->evaluation);
	onn_text_add(
	    &text, "%s %zu %s %zu", evaluation ? evaluation : "", c->copies, c->weight, c->images);
	char *whole = onn_text_take(&text);
	bool fine = evaluation && whole;
	if (fine) {
		onn_sha256_start(&sha);
		onn_sha256_add(&sha, whole, strlen(whole));
		onn_sha256_finish(bytes, &sha);
		onn_sha256_text(hex, bytes);
		snprintf(name, 48, "%.23s-%.12s.json", c->measure->name, hex);
	}
	onn_free(evaluation);
	onn_free(whole);
	return fine ? ONN_OK : onn_error_memory("onn_reproduce", 1);
}

static onn_status keep(const char *path, double value)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_json_put_real(o, "value", value);
	if (!fine)
		cJSON_Delete(o);
	char *json = fine ? onn_json_finish(o) : NULL;
	char *lines = json ? onn_json_lines(json) : NULL;
	onn_status status = lines ? onn_file_write(path, lines, strlen(lines))
	                          : onn_error_memory("onn_reproduce", 1);
	onn_free(json);
	onn_free(lines);
	return status;
}

/* *found: it was kept. A file that cannot be read is measured anew. */
static void recall(double *value, bool *found, const char *path)
{
	void *text = NULL;
	size_t bytes;
	onn_status status = ONN_OK;
	*value = NAN;
	*found = false;
	if (!onn_file_exists(path) || onn_file_read(&text, &bytes, path))
		return;
	cJSON *o = onn_json_parse(path, text, &status);
	*found = o && cJSON_HasObjectItem(o, "value");
	onn_json_get_real(o, "value", value, &status);
	*found = *found && !status;
	cJSON_Delete(o);
	onn_free(text);
}

static onn_status measure(double *value, reproduction *r, const onn_task *t,
    const onn_network *network, const char *folder, const char *path)
{
	onn_train_result result = {0};
	onn_status status = train(&result, r, t, network, folder);
	if (!status) {
		const onn_subject s = {
		    t->c, r->device, r->set.dataset, &result.run[0], t->seed, folder};
		status = t->c->measure->read(value, &s);
	}
	onn_train_result_clear(&result);
	return status ? status : keep(path, *value);
}

/* The run of a task: found, gone on with or begun; its measurement, found or made. */
static onn_status do_training(double *value, reproduction *r, const onn_task *t, char run[32])
{
	char folder[ONN_PATH_ROOM], path[ONN_PATH_ROOM], name[48];
	onn_network *network = NULL;
	bool found = false;
	onn_status status = onn_case_set_load(&r->set, &t->c->data, r->options.data_dir);
	const onn_dataset *d = r->set.dataset;
	if (!status)
		status = onn_case_network(&network, t->c, d->height, d->width, d->classes);
	if (!status)
		status = name_run(run, t, network, r->set.digest, t->c->training.epochs);
	if (!status)
		status = name_measurement(name, t->c);
	if (!status && (!onn_path_join(folder, r->jobs, run) || !onn_path_join(path, folder, name)))
		status = onn_error(
		    ONN_ERROR_FILE, "onn_reproduce: %.60s...: expected a shorter path", r->jobs);
	if (!status)
		recall(value, &found, path);
	if (!status && !found)
		status = measure(value, r, t, network, folder, path);
	onn_network_destroy(network);
	return status;
}

static onn_status do_task(reproduction *r, const onn_task *t)
{
	onn_study_cell *cell = &r->work[r->study].table.cell[t->cell];
	double value = NAN;
	onn_status status;
	if (t->c->measure->trains) {
		status = do_training(&value, r, t, cell->run[t->number]);
	} else {
		const onn_subject s = {.c = t->c, .device = r->device};
		status = t->c->measure->read(&value, &s);
	}
	if (!status)
		cell->value[t->number] = value;
	return status;
}

/* ---- studies ---- */

/* The first failure is the table's reason; each other one is told once in a row. */
static void note_failure(reproduction *r, const onn_task *t)
{
	onn_work *w = &r->work[r->study];
	const onn_study_cell *cell = &w->table.cell[t->cell];
	const char *error = onn_last_error();
	char line[1400];
	if (strcmp(w->reason, error) == 0)
		return;
	if (!*w->reason)
		snprintf(w->reason, sizeof w->reason, "%s", error);
	snprintf(line, sizeof line, "%s, %s%s%s: %s", w->study->info.name,
	    onn_study_series(w->study, cell->series), *cell->text ? ", " : "", cell->text, error);
	say(r, line);
}

static onn_status do_study(reproduction *r)
{
	onn_work *w = &r->work[r->study];
	onn_status status = ONN_OK;
	for (size_t i = 0; i < w->count; i++) {
		static const onn_train_progress none = {0};
		r->task = &w->task[i];
		status = ask(r, &none, 0) ? ONN_CANCELLED : do_task(r, r->task);
		if (status == ONN_CANCELLED)
			break;
		if (status)
			note_failure(r, r->task);
		r->done += w->seconds * (r->task->training + r->task->measuring);
		r->job += r->task->first;
	}
	if (status == ONN_CANCELLED)
		return status;
	onn_table_sum_up(&w->table);
	return r->options.table && !r->options.table(r->options.user, r->study, &w->table)
	           ? ONN_CANCELLED
	           : ONN_OK;
}

static void add_up(reproduction *r)
{
	onn_work_join(r->work, r->count);
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->work[i].count; k++) {
			const onn_task *t = &r->work[i].task[k];
			r->total += r->work[i].seconds * (t->training + t->measuring);
			r->njobs += t->first;
		}
}

static onn_status do_all(reproduction *r, const onn_study *const *study)
{
	const onn_reproduce_options *o = &r->options;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < r->count && !status; i++) {
		status = onn_work_create(&r->work[i], study[i], o->quick, o->seeds, o->data_dir);
		/* what cannot be timed fails below, and is told there */
		if (!status)
			onn_forecast_unit(&r->work[i].seconds, &r->work[i], o->data_dir, r->device);
	}
	if (!status)
		add_up(r);
	for (r->study = 0; r->study < r->count && !status; r->study++)
		status = do_study(r);
	for (size_t i = 0; i < r->count; i++)
		onn_work_clear(&r->work[i]);
	return status;
}

onn_status onn_reproduce(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device)
{
	reproduction r = {.options = ONN_REPRODUCE_OPTIONS_INIT, .device = device, .count = count};
	onn_run_folder folder;
	if (!device || !options || (count && !study))
		return onn_error(ONN_ERROR_ARGUMENT, "onn_reproduce: no %s; expected one",
		    !device    ? "device"
		    : !options ? "options"
		               : "study");
	onn_status status =
	    onn_options_take(&r.options, options, "onn_reproduce", "ONN_REPRODUCE_OPTIONS_INIT");
	if (!status && !r.options.out)
		status = onn_error(ONN_ERROR_ARGUMENT, "onn_reproduce: no out; expected a folder");
	if (status)
		return status;
	status = onn_run_folder_open(&folder, r.options.out, "onn_reproduce");
	if (!status)
		status = onn_run_folder_hold(&folder);
	onn_run_folder_path(r.jobs, &folder, "jobs");
	r.work = calloc(count ? count : 1, sizeof *r.work);
	if (!status && !r.work)
		status = onn_error_memory("onn_reproduce", count * sizeof *r.work);
	if (!status)
		status = do_all(&r, study);
	onn_case_set_clear(&r.set);
	free(r.work);
	onn_run_folder_close(&folder);
	return status;
}
