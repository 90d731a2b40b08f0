/* What cameras saw, as files: a folder, or one archive; measures as CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>

#include "core/formats.h"
#include "propagate/propagate.h"
#include "simulate.h"
#include "simulate/columns.h"
#include "system.h"

static const char system_name[] = "system.json", history_name[] = "history.csv",
                  measures_name[] = "cameras.csv";

/* ---- CSV ---- */

static void put(FILE *file, double value)
{
	if (isfinite(value))
		fprintf(file, ",%.12g", value);
	else
		fputc(',', file); /* nothing that can be said */
}

static void write_camera_row(FILE *file, const simulate_work *w, const onn_system_camera *c)
{
	fputs(onn_system_name(w->system, c->layer), file);
	put(file, c->z);
	for (size_t k = 0; k < LIGHT_COLUMNS; k++)
		put(file, light_column_get(&c->measure, k));
	fputc('\n', file);
}

static void write_rows(FILE *file, const simulate_work *w, bool all)
{
	size_t runs = w->seen ? w->value.count : 1;

	if (w->seen)
		fprintf(file, "%s,", w->name);
	fputs("camera,z", file);
	for (size_t k = 0; k < LIGHT_COLUMNS; k++)
		fprintf(file, ",%s", light_column_list[k].name);
	fputc('\n', file);
	for (size_t i = 0; i < runs * w->cameras; i++) {
		const onn_system_camera *c =
		    w->seen ? &w->seen[i] : onn_system_camera_at(w->result, i);
		if (!all && !simulate_is_shown(w, c))
			continue;
		if (w->seen)
			fprintf(file, "%.12g,", w->value.value[i / w->cameras]);
		write_camera_row(file, w, c);
	}
}

/* Of all cameras, as a folder has them; of the one that was named. */
static void write_all(FILE *file, const void *user) { write_rows(file, user, true); }
static void write_shown(FILE *file, const void *user) { write_rows(file, user, false); }

int simulate_write_csv(const simulate_work *w)
{
	if (strcmp(w->s->csv, "-") == 0) {
		write_shown(stdout, w);
		return EXIT_OK;
	}
	return path_write(&command_simulate, NULL, w->s->csv, write_shown, w);
}

static void write_history(FILE *file, const void *user)
{
	const simulate_work *w = user;
	const size_t *shape = onn_array_shape(w->history);
	const double *number = onn_array_const_data(w->history);

	fputs("step,loss", file);
	for (size_t i = 0; i + 1 < shape[1]; i++)
		fprintf(file, ",%s", onn_system_free(w->system, i));
	for (size_t i = 0; i < shape[0]; i++) {
		fprintf(file, "\n%zu", i);
		for (size_t k = 0; k < shape[1]; k++)
			fprintf(file, ",%.17g", *number++);
	}
	fputc('\n', file);
}

/* ---- arrays ---- */

/* An array of a camera: "camera", "camera.field". */
static onn_status put_array(
    onn_archive *archive, const char *camera, const char *ending, const onn_array *a)
{
	char name[ONN_SYSTEM_NAME + 16];

	snprintf(name, sizeof name, "%s%s", camera, ending);
	return onn_archive_put(archive, name, a);
}

static onn_status write_archive(const simulate_work *w, const char *json)
{
	onn_archive *archive;
	onn_status status = onn_archive_create(&archive);

	if (status)
		return status;
	for (size_t i = 0; i < onn_system_cameras(w->result) && !status; i++) {
		const onn_system_camera *c = onn_system_camera_at(w->result, i);
		const char *name = onn_system_name(w->system, c->layer);
		status = put_array(archive, name, "", c->intensity);
		if (!status)
			status = put_array(archive, name, ".field", c->field);
	}
	if (!status && w->history)
		status = onn_archive_put(archive, "history", w->history);
	if (!status)
		status = onn_archive_put_text(archive, system_name, json);
	if (!status)
		status = onn_archive_save(archive, w->s->out);
	onn_archive_destroy(archive);
	return status;
}

/* FILE.h5:/camera/intensity, or FILE.mat:camera_intensity: a point is no letter of MATLAB. */
static onn_status write_member(
    const simulate_work *w, const char *camera, const char *what, const onn_array *a)
{
	bool mat = path_ends_in(w->s->out, ".mat");
	size_t room = strlen(w->s->out) + 2 * ONN_SYSTEM_NAME;
	char *path = malloc(room);

	if (!path)
		return command_no_memory();
	int begin = snprintf(path, room, "%s:", w->s->out);
	snprintf(path + begin, room - (size_t)begin, "%s%s%s%s", mat ? "" : "/", camera,
	    !*camera ? ""
	    : mat    ? "_"
	             : "/",
	    what);
	for (char *c = path + begin; mat && *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *c))
			*c = '_';
	onn_status status = onn_array_save(a, path);
	free(path);
	return status;
}

/* In a file that is there they take the place of what has their names. */
static onn_status write_members(const simulate_work *w)
{
	onn_status status = ONN_OK;

	for (size_t i = 0; i < onn_system_cameras(w->result) && !status; i++) {
		const onn_system_camera *c = onn_system_camera_at(w->result, i);
		const char *name = onn_system_name(w->system, c->layer);
		status = write_member(w, name, "intensity", c->intensity);
		if (!status)
			status = write_member(w, name, "field", c->field);
	}
	if (!status && w->history)
		status = write_member(w, "", "history", w->history);
	return status;
}

bool simulate_is_file(const char *out)
{
	char path[ONN_FORMAT_PATH];
	const char *member;

	return onn_format_ending(path, &member, out) && !member;
}

/* camera.npy, camera.field.npy, and camera.png, its intensity over its peak. */
static int write_camera(const simulate_work *w, const onn_system_camera *c)
{
	static const char *const ending[] = {".npy", ".field.npy", ".png"};
	char name[ONN_SYSTEM_NAME + 16];
	double peak;
	int code = EXIT_OK;

	for (size_t k = 0; k < 3 && !code; k++) {
		snprintf(
		    name, sizeof name, "%s%s", onn_system_name(w->system, c->layer), ending[k]);
		char *path = path_join(w->s->out, name);
		if (!path)
			return command_status(&command_simulate, command_no_memory());
		if (k < 2) {
			onn_status status = onn_array_save(k ? c->field : c->intensity, path);
			code = status ? command_status(&command_simulate, status) : EXIT_OK;
		} else {
			onn_array *light = NULL;
			onn_status status = simulate_amplitude(&light, c);
			code = status ? command_status(&command_simulate, status)
			              : field_save(&command_simulate, path, light, &peak);
			onn_array_destroy(light);
		}
		free(path);
	}
	return code;
}

static void write_text(FILE *file, const void *user) { fprintf(file, "%s\n", (const char *)user); }

static int make_folder(const char *folder)
{
	if (system_make_folder(folder))
		return EXIT_OK;
	fputs("onn simulate: --out: ", stderr);
	system_error(folder);
	return EXIT_FAILED;
}

static int write_folder(const simulate_work *w, const char *json)
{
	int code = make_folder(w->s->out);

	for (size_t i = 0; i < onn_system_cameras(w->result) && !code; i++)
		code = write_camera(w, onn_system_camera_at(w->result, i));
	if (!code)
		code = path_write(&command_simulate, w->s->out, measures_name, write_all, w);
	if (!code && w->history)
		code = path_write(&command_simulate, w->s->out, history_name, write_history, w);
	return code ? code
	            : path_write(&command_simulate, w->s->out, system_name, write_text, json);
}

int simulate_write(const simulate_work *w)
{
	char *json = onn_system_to_json(w->system);
	int code;

	if (!json)
		return command_status(&command_simulate, command_no_memory());
	if (simulate_is_file(w->s->out)) {
		bool archive =
		    path_ends_in(w->s->out, ".npz") || path_ends_in(w->s->out, ".safetensors");
		onn_status status = archive ? write_archive(w, json) : write_members(w);
		code = status ? command_status(&command_simulate, status) : EXIT_OK;
	} else {
		code = write_folder(w, json);
	}
	onn_free(json);
	return code;
}

/* ---- scans ---- */

/* All that a camera sees: [value, y, x]. */
static onn_status stack_of(onn_array **stack, const simulate_work *w, size_t camera)
{
	const onn_grid *grid = &w->seen[camera].grid;
	size_t shape[3] = {w->value.count, grid->ny, grid->nx};
	onn_status status = onn_array_create(stack, ONN_F64, 3, shape);

	for (size_t i = 0; i < w->value.count && !status; i++)
		memcpy((double *)onn_array_data(*stack) + i * w->pixels,
		    simulate_scan_picture(w, i, camera), w->pixels * sizeof(double));
	return status;
}

static onn_status write_stack(onn_archive *archive, const simulate_work *w, size_t camera)
{
	const char *name = onn_system_name(w->system, w->seen[camera].layer);
	char file[ONN_SYSTEM_NAME + 16];
	onn_array *stack = NULL;
	onn_status status = stack_of(&stack, w, camera);

	if (!status && archive) {
		status = onn_archive_put(archive, name, stack);
	} else if (!status) {
		snprintf(file, sizeof file, "%s.npy", name);
		char *path = path_join(w->s->out, file);
		status = path ? onn_array_save(stack, path) : command_no_memory();
		free(path);
	}
	onn_array_destroy(stack);
	return status;
}

static onn_status write_scan_archive(const simulate_work *w, const char *json)
{
	onn_archive *archive;
	onn_array *values = NULL;
	onn_status status = onn_archive_create(&archive);

	for (size_t k = 0; k < w->cameras && !status; k++)
		status = write_stack(archive, w, k);
	if (!status)
		status = onn_array_from(&values, ONN_F64, 1, &w->value.count, w->value.value);
	if (!status)
		status = onn_archive_put(archive, w->name, values);
	if (!status)
		status = onn_archive_put_text(archive, system_name, json);
	if (!status)
		status = onn_archive_save(archive, w->s->out);
	onn_array_destroy(values);
	onn_archive_destroy(archive);
	return status;
}

static int write_scan_folder(const simulate_work *w, const char *json)
{
	int code = path_write(&command_simulate, w->s->out, "scan.csv", write_all, w);
	onn_status status = ONN_OK;

	for (size_t k = 0; k < w->cameras && !code && !status; k++)
		status = write_stack(NULL, w, k);
	if (status)
		return command_status(&command_simulate, status);
	char *path = path_join(w->s->out, "scan.png");
	if (!code)
		code = path ? simulate_draw_scan(w, path)
		            : command_status(&command_simulate, command_no_memory());
	free(path);
	return code ? code
	            : path_write(&command_simulate, w->s->out, system_name, write_text, json);
}

int simulate_write_scan(const simulate_work *w)
{
	char *json = onn_system_to_json(w->system);
	int code;

	if (!json)
		return command_status(&command_simulate, command_no_memory());
	if (path_ends_in(w->s->out, ".npz")) {
		onn_status status = write_scan_archive(w, json);
		code = status ? command_status(&command_simulate, status) : EXIT_OK;
	} else {
		code = write_scan_folder(w, json);
	}
	onn_free(json);
	return code;
}
