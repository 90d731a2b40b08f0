#include "reproduce/task.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/os.h"
#include "core/path.h"
#include "core/text.h"
#include "run/folder.h"

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
static onn_status inherit(const onn_workshop *s, const onn_task *t, const onn_network *network,
    const char *digest, const char *folder)
{
	char name[32], from[ONN_PATH_ROOM], best[ONN_PATH_ROOM] = "";
	size_t most = 0;
	if (!onn_case_can_go_on(t->c))
		return ONN_OK;
	for (size_t i = 0; i < s->works; i++)
		for (size_t k = 0; k < s->work[i].count; k++) {
			const onn_task *o = &s->work[i].task[k];
			size_t epochs = o->c->training.epochs;
			if (o->chain != t->chain || epochs <= most ||
			    epochs >= t->c->training.epochs)
				continue;
			onn_status status = name_run(name, t, network, digest, epochs);
			if (status)
				return status;
			if (!onn_path_join(from, s->jobs, name) ||
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

static onn_status train(onn_train_result *result, const onn_workshop *s, const onn_task *t,
    const onn_network *network, const onn_case_set *set, const char *folder)
{
	onn_train_options o = t->c->training;
	onn_status status = ONN_OK;
	if (!onn_run_folder_has_checkpoint(folder))
		status = inherit(s, t, network, set->digest, folder);
	if (status)
		return status;
	o.seed = t->seed;
	o.seeds = 1;
	o.out = folder;
	o.resume = onn_run_folder_has_checkpoint(folder);
	o.dataset = t->c->data.dataset;
	o.user = s->user;
	o.progress = s->progress;
	o.stop = s->stop;
	return onn_train(result, network, &o, set->dataset, s->device);
}

/* ---- measurements ---- */

static onn_status too_long(const onn_workshop *s)
{
	return onn_error(
	    ONN_ERROR_FILE, "onn_reproduce: %.60s...: expected a shorter path", s->jobs);
}

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

static onn_status measure(double *value, const onn_workshop *s, const onn_task *t,
    const onn_network *network, const onn_case_set *set, const char *folder)
{
	char name[48], path[ONN_PATH_ROOM];
	onn_train_result result = {0};
	bool found = false;
	onn_status status = name_measurement(name, t->c);
	if (!status && !onn_path_join(path, folder, name))
		status = too_long(s);
	if (!status)
		recall(value, &found, path);
	if (status || found)
		return status;
	status = train(&result, s, t, network, set, folder);
	if (!status) {
		const onn_subject subject = {
		    t->c, s->device, set->dataset, &result.run[0], t->seed, folder};
		status = t->c->measure->read(value, &subject);
	}
	onn_train_result_clear(&result);
	return status ? status : keep(path, *value);
}

/* The run of a task: found, gone on with or begun; its measurement, found or made. */
static onn_status do_training(
    double *value, char run[32], const onn_workshop *s, const onn_task *t, const onn_case_set *set)
{
	char folder[ONN_PATH_ROOM];
	onn_network *network = NULL;
	const onn_dataset *d = set->dataset;
	onn_status status = onn_case_network(&network, t->c, d->height, d->width, d->classes);
	if (!status)
		status = name_run(run, t, network, set->digest, t->c->training.epochs);
	if (!status && !onn_path_join(folder, s->jobs, run))
		status = too_long(s);
	if (!status) {
		s->claim(s->user, run);
		status = measure(value, s, t, network, set, folder);
	}
	onn_network_destroy(network);
	return status;
}

onn_status onn_task_do(double *value, char run[32], const onn_workshop *s, const onn_task *t)
{
	const onn_subject subject = {.c = t->c, .device = s->device};
	const onn_case_set *set = NULL;
	if (!t->c->measure->trains)
		return t->c->measure->read(value, &subject);
	onn_status status = onn_case_sets_take(&set, s->sets, &t->c->data, s->data_dir);
	if (!status)
		status = do_training(value, run, s, t, set);
	onn_case_sets_give(s->sets, set);
	return status;
}
