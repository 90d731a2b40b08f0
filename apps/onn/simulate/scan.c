/* A number of the system at many values: a run each, side by side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"
#include "system.h"

/* What a job has of a camera, in numbers: its measure, where it is, and all that it sees; and,
 * behind all cameras, how each layer went. */
enum {
	SEEN = (sizeof(onn_system_camera) + sizeof(double) - 1) / sizeof(double),
	STEP = (sizeof(onn_system_step) + sizeof(double) - 1) / sizeof(double)
};

/* ---- what is asked for ---- */

static size_t count_cameras(const onn_system *s)
{
	size_t count = 0;

	for (size_t i = 0; i < onn_system_layers(s); i++)
		count += !strcmp(onn_system_kind(s, i), "camera");
	return count;
}

/* Whether pictures are kept, and not measures alone. A page has them where they are of one size. */
static bool sees_all(const simulate_work *w)
{
	const simulate_settings *s = w->s;
	bool pictures = s->plot && (plot_is_film(s->plot) || s->view.kind >= SIMULATE_SIDE);

	return s->out || pictures || (s->report && strncmp(w->name, "grid", 4) != 0);
}

/* Before anything is begun: all pictures, and what the runs that are done at once take. */
static int check_memory(const simulate_work *w, double kept)
{
	double one, have = system_memory();
	onn_status status = onn_system_memory(&one, w->system);

	if (status)
		return command_status(&command_simulate, status);
	double need = one * (double)(w->s->scan ? w->jobs.at_once : 1) + kept;
	if (have > 0 && need > have)
		return command_fail(&command_simulate,
		    "%s takes at least %.0f bytes, and this machine has %.0f of memory; expected "
		    "fewer pixels, modes%s",
		    w->path, need, have, w->s->scan ? ", values or --jobs" : " or colours");
	return EXIT_OK;
}

int simulate_check_memory(const simulate_work *w)
{
	const size_t *grid = onn_system_options_of(w->system)->grid;
	double pictures = w->pixels ? (double)w->value.count * (double)w->cameras *
	                                  (double)grid[0] * (double)grid[1]
	                            : 0;

	return check_memory(w, pictures * sizeof(double));
}

int simulate_scan_prepare(simulate_work *w)
{
	const char *text = w->s->scan, *equals = strchr(text, '=');
	option_row list = {.kind = VALUE_INPUTS};
	char expected[384];

	w->name = malloc(strlen(text) + 1);
	if (!w->name)
		return command_status(&command_simulate, command_no_memory());
	snprintf(w->name, strlen(text) + 1, "%.*s", (int)(equals - text), text);
	w->row = onn_system_row(w->system, w->name);
	if (!w->row)
		return command_usage(&command_simulate, "--scan: %s", onn_last_error());
	list.name = w->row->name;
	list.unit = w->row->unit;
	if (!value_parse(&list, equals + 1, &w->value)) {
		value_refusal(&list, equals + 1, expected, sizeof expected);
		return command_usage(&command_simulate, "--scan: %s is '%s'; expected %s", w->name,
		    equals + 1, expected);
	}
	for (size_t i = 0; i < w->value.count; i++)
		if (onn_system_set_real(w->system, w->name, w->value.value[i]))
			return command_usage(&command_simulate, "--scan: %s", onn_last_error());
	const size_t *grid = onn_system_options_of(w->system)->grid;
	w->pixels = sees_all(w) ? grid[0] * grid[1] : 0;
	w->cameras = count_cameras(w->system);
	w->jobs =
	    (jobs){.c = &command_simulate, .count = w->value.count, .quiet = w->s->look.quiet};
	return jobs_share(&w->jobs, w->s->jobs.jobs, w->s->device, (size_t)w->s->threads);
}

/* ---- a run ---- */

static int keep(double *number, const simulate_work *w, const onn_system_result *result)
{
	for (size_t k = 0; k < w->cameras; k++, number += SEEN + w->pixels) {
		onn_system_camera seen = *onn_system_camera_at(result, k);
		const onn_array *intensity = seen.intensity;
		if (w->pixels && onn_array_count(intensity) != w->pixels)
			return command_fail(&command_simulate,
			    "%s has other pixels than the grid: expected a scan without pictures",
			    onn_system_name(w->system, seen.layer));
		seen.intensity = seen.field = NULL;
		memcpy(number, &seen, sizeof seen);
		if (w->pixels)
			memcpy(number + SEEN, onn_array_const_data(intensity),
			    w->pixels * sizeof *number);
	}
	for (size_t i = 0; i < onn_system_layers(w->system); i++, number += STEP)
		memcpy(number, onn_system_step_at(result, i), sizeof(onn_system_step));
	return EXIT_OK;
}

static int run_one(double *number, void *user, size_t i)
{
	simulate_work *w = user;
	onn_system_result *result = NULL;
	char where[128], text[48];
	onn_status status = w->device ? ONN_OK : simulate_open_device(w, false);

	if (!status)
		status = onn_system_set_real(w->system, w->name, w->value.value[i]);
	if (!status)
		status = onn_system_run_watched(&result, w->system, w->device, simulate_watch, w);
	if (status)
		return simulate_status(status);
	snprintf(where, sizeof where, " at %s = %s", w->name,
	    simulate_number(text, sizeof text, w->row, w->value.value[i]));
	simulate_warn(w, result, where);
	int code = keep(number, w, result);
	jobs_tell_device(&w->jobs, i, w->device);
	onn_system_result_destroy(result);
	return code;
}

static int run_all(simulate_work *w)
{
	char *json = onn_system_to_json(w->system);
	bool folder = w->s->out && !simulate_is_file(w->s->out);
	jobs *j = &w->jobs;

	/* runs of another system, or of other values, are others */
	j->record = record_begin(&command_simulate);
	record_add(&j->record, "scan", w->s->scan);
	record_add(&j->record, "system", json);
	j->reals = w->cameras * (SEEN + w->pixels) + onn_system_layers(w->system) * STEP;
	j->what = "runs";
	j->work = run_one;
	j->user = w;
	j->folder = folder ? w->s->out : NULL;
	j->kept = folder;
	int code = jobs_run(j);
	onn_free(json);
	return code;
}

int simulate_scan_run(simulate_work *w)
{
	double begun = system_clock();
	size_t layers = onn_system_layers(w->system);
	int code = run_all(w);

	w->seen = calloc(w->value.count * w->cameras, sizeof *w->seen);
	w->step = calloc(w->value.count * layers, sizeof *w->step);
	if (!code && (!w->seen || !w->step))
		code = command_status(&command_simulate, command_no_memory());
	for (size_t i = 0; i < w->value.count && !code; i++) {
		const double *number = jobs_numbers(&w->jobs, i);
		for (size_t k = 0; k < w->cameras; k++, number += SEEN + w->pixels)
			memcpy(&w->seen[i * w->cameras + k], number, sizeof *w->seen);
		for (size_t k = 0; k < layers; k++, number += STEP)
			memcpy(&w->step[i * layers + k], number, sizeof *w->step);
	}
	w->running = system_clock() - begun;
	return code;
}

const double *simulate_scan_picture(const simulate_work *w, size_t i, size_t camera)
{
	return jobs_numbers(&w->jobs, i) + camera * (SEEN + w->pixels) + SEEN;
}

/* ---- what came of them ---- */

enum { MOST_ROWS = 40 /* of a table that is read on a screen */ };

static void print_row(const simulate_work *w, size_t i, const onn_system_camera *c)
{
	const onn_light_measure *m = &c->measure;
	char number[48], fwhm[48];

	snprintf(fwhm, sizeof fwhm, "%s", isfinite(m->fwhm[1]) ? METRES(m->fwhm[1], 4) : "-");
	printf("%14s  %-12s  %6.2f %%  %6.2f %%  %16.6g  %12s",
	    simulate_number(number, sizeof number, w->row, w->value.value[i]),
	    onn_system_name(w->system, c->layer), 100 * m->share, 100 * m->inside, m->peak, fwhm);
	if (isnan(m->overlap))
		printf("  %8s\n", "-");
	else
		printf("  %8.6f\n", m->overlap);
}

/* Of many values some, evenly spaced from the first to the last, and where all are. */
void simulate_scan_report(const simulate_work *w)
{
	size_t rows = w->s->camera ? 1 : w->cameras, count = w->value.count;
	size_t most = MOST_ROWS / rows > 2 ? MOST_ROWS / rows : 2;
	size_t shown = count < most ? count : most;
	bool folder = w->s->out && !simulate_is_file(w->s->out);

	printf("%14s  %-12s  %8s  %8s  %16s  %12s  %8s\n", w->name, "camera", "light", "inside",
	    "peak, arb. units", "half width", "overlap");
	for (size_t k = 0; k < shown; k++) {
		size_t i = shown > 1 ? k * (count - 1) / (shown - 1) : 0;
		for (size_t camera = 0; camera < w->cameras; camera++) {
			const onn_system_camera *c = &w->seen[i * w->cameras + camera];
			if (simulate_is_shown(w, c))
				print_row(w, i, c);
		}
	}
	if (shown == count)
		return;
	printf("these are %zu of %zu values, evenly spaced; ", shown, count);
	if (w->s->csv || folder)
		printf("all are in %s%s\n", w->s->csv ? w->s->csv : w->s->out,
		    w->s->csv ? "" : "/scan.csv");
	else
		printf("--csv FILE has all\n");
}
