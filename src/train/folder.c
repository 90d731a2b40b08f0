#include "train/folder.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/os.h"
#include "nn/model.h"
#include "run/checkpoint.h"
#include "train/config.h"

static const onn_history_column columns[ONN_METRICS] = {
    [ONN_METRIC_LOSS] = {"train_loss", "%.9g"},
    [ONN_METRIC_SELECTION] = {"selection_accuracy", "%.9g"},
    [ONN_METRIC_REPORT] = {"report_accuracy", "%.9g"},
    [ONN_METRIC_SECONDS] = {"seconds", "%.6f"},
};
static const char seconds_name[] = "seconds.npy";

onn_status onn_folder_open(onn_folder *f, const char *path, const char *config)
{
	size_t bytes = strlen(config) + 1;
	*f = (onn_folder){.history = {.index = "epoch",
	                      .array = "history",
	                      .columns = ONN_METRICS,
	                      .kept = ONN_METRIC_SECONDS,
	                      .column = columns}};
	onn_status status = onn_run_folder_open(&f->files, path, "onn_train");
	f->config = status ? NULL : malloc(bytes);
	if (!status && !f->config)
		status = onn_error_memory("onn_train", bytes);
	if (!status)
		memcpy(f->config, config, bytes);
	return status;
}

void onn_folder_close(onn_folder *f)
{
	free(f->config);
	onn_run_folder_close(&f->files);
	onn_history_free(&f->history);
}

onn_status onn_folder_add(onn_folder *f, const double row[ONN_METRICS])
{
	onn_status status = onn_history_add(&f->history, row);
	return status ? status : onn_history_write(&f->files, &f->history);
}

/* ---- seconds ---- */

/* Of each epoch done, and of the one that is interrupted: f64 [epochs + 1]. */
static onn_status write_seconds(const onn_folder *f, double partial)
{
	size_t n = f->history.count + 1;
	char path[ONN_PATH_ROOM];
	onn_array *a;
	if (!onn_run_folder_is_kept(&f->files))
		return ONN_OK;
	onn_status status = onn_array_create(&a, ONN_F64, 1, &n);
	if (status)
		return status;
	double *x = onn_array_data(a);
	for (size_t i = 0; i + 1 < n; i++)
		x[i] = onn_history_row(&f->history, i)[ONN_METRIC_SECONDS];
	x[n - 1] = partial;
	onn_run_folder_path(path, &f->files, seconds_name);
	status = onn_array_save(a, path);
	onn_array_destroy(a);
	return status;
}

/* A run without the file, of an earlier version, has taken no time that is known. Killed between
 * the two, a run has the seconds of more epochs than its checkpoint. */
static double read_seconds(onn_folder *f)
{
	char path[ONN_PATH_ROOM];
	onn_array *a = NULL;
	double partial = 0;
	size_t n = f->history.count;
	onn_run_folder_path(path, &f->files, seconds_name);
	if (!onn_file_exists(path) || onn_array_load(&a, path))
		return 0;
	if (onn_array_type(a) == ONN_F64 && onn_array_count(a) > n) {
		const double *x = onn_array_const_data(a);
		for (size_t i = 0; i < n; i++)
			f->history.row[i * ONN_METRICS + ONN_METRIC_SECONDS] = x[i];
		partial = onn_array_count(a) == n + 1 ? x[n] : 0;
	}
	onn_array_destroy(a);
	return partial;
}

/* ---- checkpoints ---- */

static onn_status put_position(onn_archive *archive, const onn_position *p)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_json_put_whole(o, "epoch", p->epoch) &&
	            onn_json_put_whole(o, "step", p->step) &&
	            onn_json_put_whole(o, "best_epoch", p->best_epoch);
	char *text = NULL;
	if (fine)
		text = onn_json_finish(o);
	else
		cJSON_Delete(o);
	if (!text)
		return onn_error_memory("onn_train", 1);
	onn_status status = onn_archive_put_text(archive, "state.json", text);
	onn_free(text);
	return status;
}

/* A checkpoint says all three: none has a standard value. */
static onn_status take_size(size_t *value, const cJSON *o, const char *name, const char *path)
{
	onn_status status = ONN_OK;
	if (!cJSON_GetObjectItemCaseSensitive(o, name))
		return onn_error(
		    ONN_ERROR_FORMAT, "%s: state.json has no \"%s\"; expected it", path, name);
	onn_json_get_size(o, name, value, &status);
	return status ? onn_error(status, "%s: state.json: %s", path, onn_last_error()) : ONN_OK;
}

static onn_status parse_position(onn_position *p, const char *text, const char *path)
{
	onn_status status = ONN_OK;
	*p = (onn_position){0, 0, 0};
	cJSON *o = onn_json_parse(path, text, &status);
	if (!status)
		status = take_size(&p->epoch, o, "epoch", path);
	if (!status)
		status = take_size(&p->step, o, "step", path);
	if (!status)
		status = take_size(&p->best_epoch, o, "best_epoch", path);
	if (!status && (p->best_epoch > p->epoch || p->epoch > SIZE_MAX / 64))
		status = onn_error(ONN_ERROR_FORMAT,
		    "%s: state.json says that best_epoch is %zu and epoch, those done, %zu", path,
		    p->best_epoch, p->epoch);
	cJSON_Delete(o);
	return status;
}

static onn_status take_position(onn_position *p, const onn_archive *archive, const char *path)
{
	const char *text;
	onn_status status = onn_checkpoint_text(&text, archive, "state.json", path);
	return status ? status : parse_position(p, text, path);
}

onn_status onn_folder_position(onn_position *p, const char *folder)
{
	char path[ONN_PATH_ROOM], *text = NULL;
	onn_path_join(path, folder, "last.npz");
	onn_status status = onn_archive_load_text(&text, path, "state.json");
	if (!status)
		status = parse_position(p, text, path);
	onn_free(text);
	return status;
}

/* An archive with what every checkpoint holds. */
static onn_status open_checkpoint(
    onn_archive **archive, const onn_folder *f, const onn_model *model, const onn_position *p)
{
	onn_status status = onn_archive_create(archive);
	if (!status)
		status = onn_model_put(model, *archive);
	if (!status)
		status = onn_archive_put_text(*archive, "config.json", f->config);
	if (!status)
		status = put_position(*archive, p);
	return status;
}

onn_status onn_folder_write_best(onn_folder *f, const onn_model *model, size_t epoch)
{
	onn_archive *archive = NULL;
	if (!onn_run_folder_is_kept(&f->files))
		return ONN_OK;
	onn_status status = open_checkpoint(&archive, f, model, &(onn_position){epoch, 0, epoch});
	if (!status)
		status = onn_run_folder_save(&f->files, "best.npz", archive);
	onn_archive_destroy(archive);
	return status;
}

onn_status onn_folder_write_last(onn_folder *f, const onn_model *model, const onn_stepper *stepper,
    size_t copy, const onn_position *position, double partial)
{
	onn_archive *archive = NULL;
	if (!onn_run_folder_is_kept(&f->files))
		return ONN_OK;
	onn_status status = write_seconds(f, partial);
	if (!status)
		status = open_checkpoint(&archive, f, model, position);
	if (!status)
		status = onn_history_put(archive, &f->history, f->history.count);
	if (!status)
		status = onn_stepper_put(stepper, copy, archive);
	if (!status)
		status = onn_run_folder_save(&f->files, "last.npz", archive);
	onn_archive_destroy(archive);
	return status;
}

/* ---- beginnings ---- */

onn_status onn_folder_start(onn_folder *f)
{
	static const char *const left[] = {"best.npz", seconds_name, NULL};
	f->history.count = 0;
	char *config = onn_json_lines(f->config);
	onn_status status =
	    config ? onn_run_folder_start(&f->files, config, left) : ONN_ERROR_MEMORY;
	onn_free(config);
	return status ? status : onn_history_write(&f->files, &f->history);
}

/* Losses are numbers, accuracies parts of 1, or NaN where there was no image to measure; of equal
 * ones the latest is the best. */
static onn_status check_history(
    const onn_history *h, const onn_position *position, const char *path)
{
	size_t best = 0;
	for (size_t i = 0; i < h->count; i++) {
		const double *row = onn_history_row(h, i);
		double selection = row[ONN_METRIC_SELECTION], report = row[ONN_METRIC_REPORT];
		if (!isfinite(row[ONN_METRIC_LOSS]) || selection < 0 || selection > 1 ||
		    report < 0 || report > 1)
			return onn_error(ONN_ERROR_FORMAT,
			    "%s: array history has loss %g and accuracies %g and %g in row %zu; "
			    "expected a finite loss and accuracies from 0 to 1",
			    path, row[ONN_METRIC_LOSS], selection, report, i);
		if (!best || !(selection < onn_history_row(h, best - 1)[ONN_METRIC_SELECTION]))
			best = i + 1;
	}
	if (best == position->best_epoch)
		return ONN_OK;
	return onn_error(ONN_ERROR_FORMAT,
	    "%s: state.json says that best_epoch is %zu; by its history it is %zu", path,
	    position->best_epoch, best);
}

onn_status onn_folder_resume(
    onn_folder *f, onn_model *model, onn_position *position, double *partial, onn_archive **archive)
{
	char path[ONN_PATH_ROOM];
	*archive = NULL;
	onn_run_folder_path(path, &f->files, "last.npz");
	onn_status status = onn_run_folder_load(archive, &f->files);
	const char *saved = NULL;
	if (!status)
		status = onn_checkpoint_text(&saved, *archive, "config.json", path);
	if (!status)
		status = onn_config_compare(saved, f->config, path);
	if (!status)
		status = take_position(position, *archive, path);
	if (!status)
		status = onn_history_take(&f->history, *archive, position->epoch, path);
	if (!status)
		status = check_history(&f->history, position, path);
	if (!status)
		status = onn_model_take_own(model, *archive, path);
	if (status) { /* it has come nowhere: no epoch of it is there to be told of */
		*position = (onn_position){0, 0, 0};
		f->history.count = 0;
		return status;
	}
	double seconds = read_seconds(f);
	*partial = position->step ? seconds : 0;
	/* what earlier versions kept of an interrupted epoch */
	status = onn_run_folder_forget(&f->files, "interrupted.csv");
	if (!status)
		status = onn_run_folder_write(&f->files, "config.json", onn_json_lines(f->config));
	return status ? status : onn_history_write(&f->files, &f->history);
}
