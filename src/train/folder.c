#include "train/folder.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/os.h"
#include "core/json.h"
#include "nn/model.h"
#include "train/config.h"

static const char header[] = "epoch,train_loss,selection_accuracy,report_accuracy,seconds\n";

struct onn_folder {
	char *path; /* NULL: no files */
	char *config;
	onn_metrics *row;
	size_t count, capacity;
};

char *onn_folder_path(const char *folder, const char *name)
{
	size_t room = strlen(folder) + strlen(name) + 2;
	char *path = malloc(room);
	if (path)
		snprintf(path, room, "%s/%s", folder, name);
	return path;
}

static char *copy_of(const char *text)
{
	char *copy = malloc(strlen(text) + 1);
	return copy ? strcpy(copy, text) : NULL;
}

onn_status onn_folder_create(onn_folder **out, const char *path, const char *config)
{
	*out = NULL;
	onn_folder *f = calloc(1, sizeof *f);
	if (!f)
		return onn_error_memory("onn_train", sizeof *f);
	f->path = path ? copy_of(path) : NULL;
	f->config = copy_of(config);
	if ((path && !f->path) || !f->config) {
		onn_folder_destroy(f);
		return onn_error_memory("onn_train", strlen(config));
	}
	*out = f;
	return ONN_OK;
}

void onn_folder_destroy(onn_folder *f)
{
	if (!f)
		return;
	free(f->path);
	free(f->config);
	free(f->row);
	free(f);
}

static bool has(const char *folder, const char *name)
{
	char *path = onn_folder_path(folder, name);
	bool found = path && onn_file_exists(path);
	free(path);
	return found;
}

bool onn_folder_has_checkpoint(const char *path) { return has(path, "last.npz"); }

static onn_status write_text(const onn_folder *f, const char *name, const char *text)
{
	char *path = onn_folder_path(f->path, name);
	if (!path)
		return onn_error_memory("onn_train", strlen(name));
	onn_status status = onn_file_write(path, text, strlen(text));
	free(path);
	return status;
}

static onn_status forget(const onn_folder *f, const char *name)
{
	if (!has(f->path, name))
		return ONN_OK;
	char *path = onn_folder_path(f->path, name);
	onn_status status = path ? onn_file_remove(path) : onn_error_memory("onn_train", 1);
	free(path);
	return status;
}

/* ---- metrics.csv ---- */

static onn_status write_metrics(const onn_folder *f)
{
	enum { ROW = 6 * 40 };
	size_t room = sizeof header + f->count * ROW;
	char *text = malloc(room), *at = text;
	if (!text)
		return onn_error_memory("onn_train", room);
	at += snprintf(at, room, "%s", header);
	for (size_t i = 0; i < f->count; i++) {
		char a[40], b[40], c[40], d[40];
		at += snprintf(at, ROW, "%zu,%s,%s,%s,%s\n", i + 1,
		    onn_number_format(a, "%.9g", f->row[i].loss),
		    onn_number_format(b, "%.9g", f->row[i].selection),
		    onn_number_format(c, "%.9g", f->row[i].report),
		    onn_number_format(d, "%.6f", f->row[i].seconds));
	}
	onn_status status = write_text(f, "metrics.csv", text);
	free(text);
	return status;
}

/* A decimal with a point, whatever the locale. */
static double parse_real(const char *text)
{
	double whole = 0, unit = 1;
	for (; *text >= '0' && *text <= '9'; text++)
		whole = 10 * whole + (*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++)
			whole += (*text - '0') * (unit /= 10);
	return whole;
}

/* The last column of the rows there are: the one thing that only metrics.csv knows. */
static void read_seconds(onn_folder *f)
{
	char *path = onn_folder_path(f->path, "metrics.csv");
	void *data = NULL;
	size_t bytes;
	if (path && onn_file_exists(path) && !onn_file_read(&data, &bytes, path)) {
		const char *line = strchr(data, '\n');
		for (size_t i = 0; i < f->count && line; i++) {
			const char *end = strchr(++line, '\n'), *comma = line;
			for (int k = 0; k < 4 && comma; k++)
				comma = strchr(comma + (k > 0), ',');
			if (!end || !comma || comma > end)
				break;
			f->row[i].seconds = parse_real(comma + 1);
			line = end;
		}
	}
	onn_free(data);
	free(path);
}

const onn_metrics *onn_folder_rows(const onn_folder *f, size_t *count)
{
	*count = f->count;
	return f->row;
}

onn_status onn_folder_add(onn_folder *f, const onn_metrics *row)
{
	if (!onn_grow(&f->row, &f->capacity, f->count + 1, sizeof *f->row))
		return onn_error_memory("onn_train", (f->count + 1) * sizeof *f->row);
	f->row[f->count++] = *row;
	return f->path ? write_metrics(f) : ONN_OK;
}

/* ---- checkpoints ---- */

/* loss, selection and report of each epoch: seconds stay out, so that equal runs write equal bytes
 */
static onn_status put_history(const onn_folder *f, onn_archive *archive)
{
	onn_array *a;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){f->count, 3});
	if (status)
		return status;
	double *x = onn_array_data(a);
	for (size_t i = 0; i < f->count; i++) {
		x[3 * i] = f->row[i].loss;
		x[3 * i + 1] = f->row[i].selection;
		x[3 * i + 2] = f->row[i].report;
	}
	status = onn_archive_put(archive, "history", a);
	onn_array_destroy(a);
	return status;
}

static onn_status take_history(onn_folder *f, const onn_archive *archive, size_t epochs)
{
	const onn_array *a = onn_archive_get(archive, "history");
	if (!a || onn_array_type(a) != ONN_F64 || onn_array_count(a) != 3 * epochs)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s/last.npz: array history is not there or not f64 [%zu, 3]", f->path, epochs);
	if (!onn_grow(&f->row, &f->capacity, epochs, sizeof *f->row))
		return onn_error_memory("onn_train", epochs * sizeof *f->row);
	const double *x = onn_array_const_data(a);
	for (size_t i = 0; i < epochs; i++)
		f->row[i] = (onn_metrics){x[3 * i], x[3 * i + 1], x[3 * i + 2], 0};
	f->count = epochs;
	return ONN_OK;
}

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

static onn_status take_position(const onn_archive *archive, onn_position *p, const char *path)
{
	const char *text = onn_archive_get_text(archive, "state.json");
	cJSON *o = text ? cJSON_Parse(text) : NULL;
	onn_status status = o ? ONN_OK
	                      : onn_error(ONN_ERROR_FORMAT,
	                            "%s: no state.json in it; expected a run's last.npz", path);
	*p = (onn_position){0, 0, 0};
	if (!status) {
		onn_json_get_size(o, "epoch", &p->epoch, &status);
		onn_json_get_size(o, "step", &p->step, &status);
		onn_json_get_size(o, "best_epoch", &p->best_epoch, &status);
	}
	if (!status && (p->best_epoch > p->epoch || p->epoch > SIZE_MAX / 64))
		status =
		    onn_error(ONN_ERROR_FORMAT, "%s: state.json says best epoch %zu of %zu done",
		        path, p->best_epoch, p->epoch);
	cJSON_Delete(o);
	return status;
}

/* An archive with what every checkpoint holds. */
static onn_status open_checkpoint(
    const onn_folder *f, const onn_model *model, const onn_position *p, onn_archive **archive)
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

static onn_status save(const onn_folder *f, const char *name, const onn_archive *archive)
{
	char *path = onn_folder_path(f->path, name);
	if (!path)
		return onn_error_memory("onn_train", strlen(name));
	onn_status status = onn_archive_save(archive, path);
	free(path);
	return status;
}

onn_status onn_folder_write_best(onn_folder *f, const onn_model *model, size_t epoch)
{
	onn_archive *archive = NULL;
	if (!f->path)
		return ONN_OK;
	onn_status status = open_checkpoint(f, model, &(onn_position){epoch, 0, epoch}, &archive);
	if (!status)
		status = save(f, "best.npz", archive);
	onn_archive_destroy(archive);
	return status;
}

/* Times stay out of checkpoints: those of an interrupted epoch have a file of their own. */
static onn_status write_partial(const onn_folder *f, const onn_position *p, double seconds)
{
	char text[128], number[40];
	if (p->step == 0)
		return forget(f, "interrupted.csv");
	snprintf(text, sizeof text, "epoch,step,seconds\n%zu,%zu,%s\n", p->epoch + 1, p->step,
	    onn_number_format(number, "%.6f", seconds));
	return write_text(f, "interrupted.csv", text);
}

static double read_partial(const onn_folder *f, const onn_position *p)
{
	char *path = onn_folder_path(f->path, "interrupted.csv");
	void *data = NULL;
	size_t bytes, epoch, step;
	int at = 0;
	double seconds = 0;
	if (path && onn_file_exists(path) && !onn_file_read(&data, &bytes, path) &&
	    sscanf(data, "epoch,step,seconds %zu,%zu,%n", &epoch, &step, &at) == 2 && at > 0 &&
	    epoch == p->epoch + 1 && step == p->step)
		seconds = parse_real((const char *)data + at);
	onn_free(data);
	free(path);
	return seconds;
}

onn_status onn_folder_write_last(onn_folder *f, const onn_model *model, const onn_stepper *stepper,
    const onn_position *position, double partial)
{
	onn_archive *archive = NULL;
	if (!f->path)
		return ONN_OK;
	onn_status status = position->step ? write_partial(f, position, partial) : ONN_OK;
	if (!status)
		status = open_checkpoint(f, model, position, &archive);
	if (!status)
		status = put_history(f, archive);
	if (!status)
		status = onn_stepper_put(stepper, archive);
	if (!status)
		status = save(f, "last.npz", archive);
	onn_archive_destroy(archive);
	if (!status && position->step == 0)
		status = write_partial(f, position, 0);
	return status;
}

/* ---- beginnings ---- */

onn_status onn_folder_start(onn_folder *f)
{
	f->count = 0;
	if (!f->path)
		return ONN_OK;
	onn_status status = onn_directory_make(f->path);
	if (!status)
		status = write_text(f, "config.json", f->config);
	if (!status)
		status = write_metrics(f);
	if (!status)
		status = forget(f, "best.npz");
	return status ? status : forget(f, "interrupted.csv");
}

onn_status onn_folder_resume(
    onn_folder *f, onn_model *model, onn_position *position, double *partial, onn_archive **archive)
{
	*archive = NULL;
	char *path = onn_folder_path(f->path, "last.npz");
	if (!path)
		return onn_error_memory("onn_train", strlen(f->path));
	onn_status status = onn_archive_load(archive, path);
	const char *saved = status ? NULL : onn_archive_get_text(*archive, "config.json");
	if (!status)
		status = saved ? onn_config_compare(saved, f->config, path)
		               : onn_error(ONN_ERROR_FORMAT,
		                     "%s: no config.json in it; expected a run's last.npz", path);
	if (!status)
		status = take_position(*archive, position, path);
	if (!status)
		status = take_history(f, *archive, position->epoch);
	if (!status)
		status = onn_model_take(model, *archive, path);
	free(path);
	if (status)
		return status;
	read_seconds(f);
	*partial = position->step ? read_partial(f, position) : 0;
	status = write_text(f, "config.json", f->config);
	return status ? status : write_metrics(f);
}
