/* The way of the light in a table, and what cameras see. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"
#include "simulate.h"

const char *simulate_number(char *text, size_t room, const onn_setting *row, double value)
{
	return onn_quantity_text(text, room, 6, value, row->unit);
}

void simulate_numbers(char *text, size_t room, const onn_setting *row, const char *from)
{
	char one[48];
	size_t n = strlen(text);

	for (const char *p = from;; p++) {
		char *end;
		double value = strtod(p, &end);
		bool number = end != p;
		if (n < room)
			n += (size_t)snprintf(text + n, room - n, "%s%.*s", p == from ? "" : ", ",
			    number ? 40 : (int)strcspn(p, ","),
			    number ? simulate_number(one, sizeof one, row, value) : p);
		p += strcspn(p, ",");
		if (!*p)
			return;
	}
}

onn_status simulate_layer_text(char *text, size_t room, const onn_system *s, size_t i)
{
	const onn_settings *table = onn_layer_settings(onn_system_kind(s, i));
	char name[128];

	text[0] = '\0';
	for (size_t k = 0; k < table->count; k++) {
		const onn_setting *row = &table->row[k];
		if (!row->name || row->kind == ONN_SETTING_PART)
			continue;
		snprintf(name, sizeof name, "%s.%s", onn_system_name(s, i), row->name);
		char *value = onn_system_get(s, name);
		char *standard = onn_settings_get(table, table->standard, row->name);
		if (!value || !standard)
			return command_no_memory();
		bool method = !strcmp(row->name, "method"); /* is told of each gap */
		size_t n = strlen(text);
		if (!method && (strcmp(value, standard) != 0 || !strcmp(row->name, "f") ||
		                   !strcmp(row->name, "distance"))) {
			snprintf(text + n, room - n, "%s%s ", n ? ", " : "", row->name);
			bool number = row->kind == ONN_SETTING_REAL;
			n = strlen(text);
			if (number)
				simulate_numbers(text, room, row, value);
			else
				snprintf(text + n, room - n, "%s", value);
		}
		onn_free(value);
		onn_free(standard);
	}
	return ONN_OK;
}

void simulate_gap_text(char *text, size_t room, const onn_measure *m)
{
	bool pads = m->method != ONN_METHOD_RS && m->method != ONN_METHOD_FRAUNHOFER;

	if (pads)
		snprintf(text, room, "%s padded by %zu x %zu", onn_method_name(m->method),
		    m->pad[0], m->pad[1]);
	else
		snprintf(text, room, "%s", onn_method_name(m->method));
}

/* "asm padded by 32 x 32, some 7e-04 of the peak is wrong" */
static void add_gap(char *text, size_t room, const onn_measure *m)
{
	char how[96];
	size_t n = strlen(text);

	simulate_gap_text(how, sizeof how, m);
	n += (size_t)snprintf(text + n, room - n, "; %s", how);
	if (n < room && isfinite(m->error) && m->error > 0)
		snprintf(text + n, room - n, ", some %.1e of the peak is wrong", m->error);
}

static void print_head(const simulate_work *w)
{
	const onn_system_options *o = onn_system_options_of(w->system);

	printf(
	    "%s: %zu x %zu pixels of %s", w->path, o->grid[0], o->grid[1], METRES(o->pitch[0], 6));
	if (o->pitch[0] != o->pitch[1])
		printf(" x %s", METRES(o->pitch[1], 6));
	for (size_t i = 0; i < o->nwavelengths; i++)
		printf(", %s", METRES(o->wavelength[i], 6));
	printf("; %s on %s\n\n", onn_type_name(o->precision), onn_device_name(w->device));
}

static onn_status print_layers(const simulate_work *w)
{
	const onn_system *s = w->system;
	char text[640];
	int wide = 5;

	for (size_t i = 0; i < onn_system_layers(s); i++)
		if ((int)strlen(onn_system_name(s, i)) > wide)
			wide = (int)strlen(onn_system_name(s, i));
	printf("%12s  %-*s  %7s\n", "z", wide, "layer", "light");
	for (size_t i = 0; i < onn_system_layers(s); i++) {
		const onn_system_step *step = onn_system_step_at(w->result, i);
		onn_status status = simulate_layer_text(text, sizeof text, s, i);
		if (status)
			return status;
		if (!strcmp(onn_system_kind(s, i), "space"))
			add_gap(text, sizeof text, &step->sampling);
		printf("%12s  %-*s  %5.1f %%%s%s\n", METRES(step->z, 6), wide,
		    onn_system_name(s, i), 100 * step->share, text[0] ? "  " : "", text);
	}
	return ONN_OK;
}

/* "34.2 um x 34.1 um" of a pair (y, x), which is told as x, y would be by eye: y first, as all
 * pairs are. */
static const char *pair(char *text, size_t room, const double value[2])
{
	if (!isfinite(value[0]) && !isfinite(value[1]))
		snprintf(text, room, "wider than the grid");
	else
		snprintf(text, room, "%s x %s", METRES(value[0], 4), METRES(value[1], 4));
	return text;
}

/* The next line, to be filled. */
static char *add_line(simulate_line line[], size_t *count, const char *name)
{
	line[*count].name = name;
	return line[(*count)++].text;
}

size_t simulate_measures(simulate_line line[SIMULATE_LINES], const onn_system_camera *c)
{
	const onn_light_measure *m = &c->measure;
	enum { ROOM = sizeof line->text };
	char two[96];
	size_t n = 0;

	char *text = add_line(line, &n, "power");
	snprintf(text, ROOM, "%.6g m^2, %.2f %% of the light", m->power, 100 * m->share);
	if (m->inside != 1)
		snprintf(text + strlen(text), ROOM - strlen(text), "; %.2f %% of it in its region",
		    100 * m->inside);
	snprintf(add_line(line, &n, "peak"), ROOM, "%.6g arb. units at y = %s, x = %s", m->peak,
	    METRES(m->at[0], 6), METRES(m->at[1], 6));
	snprintf(add_line(line, &n, "half"), ROOM, "%s full width at half of the peak",
	    pair(two, sizeof two, m->fwhm));
	snprintf(add_line(line, &n, "width"), ROOM,
	    "%s (two standard deviations) about y = %s, x = %s", pair(two, sizeof two, m->width),
	    METRES(m->mean[0], 4), METRES(m->mean[1], 4));
	if (!isnan(m->overlap))
		snprintf(add_line(line, &n, "overlap"), ROOM, "%.6f with its target", m->overlap);
	return n;
}

static void print_camera(const simulate_work *w, const onn_system_camera *c)
{
	simulate_line line[SIMULATE_LINES];
	size_t count = simulate_measures(line, c);

	printf("\n%s at z = %s, %zu x %zu pixels of %s\n", onn_system_name(w->system, c->layer),
	    METRES(c->z, 6), c->grid.ny, c->grid.nx, METRES(c->grid.dy, 6));
	for (size_t i = 0; i < count; i++)
		printf("  %-7s  %s\n", line[i].name, line[i].text);
}

int simulate_report(const simulate_work *w)
{
	print_head(w);
	onn_status status = print_layers(w);
	if (status)
		return command_status(&command_simulate, status);
	for (size_t i = 0; i < onn_system_cameras(w->result); i++)
		if (simulate_is_shown(w, onn_system_camera_at(w->result, i)))
			print_camera(w, onn_system_camera_at(w->result, i));
	return EXIT_OK;
}

/* ---- for programs ---- */

static void add_camera(result *r, const simulate_work *w, const onn_system_camera *c)
{
	const onn_light_measure *m = &c->measure;

	result_text(r, "name", onn_system_name(w->system, c->layer));
	result_real(r, "z", c->z, "m");
	result_reals(r, "size", (double[]){(double)c->grid.ny, (double)c->grid.nx}, 2, NULL);
	result_reals(r, "pitch", (double[]){c->grid.dy, c->grid.dx}, 2, "m");
	result_real(r, "power", m->power, "m^2");
	result_real(r, "share", m->share, NULL);
	result_real(r, "inside", m->inside, NULL);
	result_real(r, "peak", m->peak, NULL);
	result_reals(r, "at", m->at, 2, "m");
	result_reals(r, "mean", m->mean, 2, "m");
	result_reals(r, "width", m->width, 2, "m");
	result_reals(r, "fwhm", m->fwhm, 2, "m");
	result_real(r, "overlap", m->overlap, NULL);
	result_leave(r);
}

static void add_layer(result *r, const simulate_work *w, size_t i)
{
	const onn_system_step *step = onn_system_step_at(w->result, i);

	result_row(r, "layers");
	result_text(r, "name", onn_system_name(w->system, i));
	result_text(r, "kind", onn_system_kind(w->system, i));
	result_real(r, "z", step->z, "m");
	result_real(r, "share", step->share, NULL);
	result_bool(r, "enough", step->sampling.enough);
	if (!strcmp(onn_system_kind(w->system, i), "space")) {
		result_text(r, "method", onn_method_name(step->sampling.method));
		result_real(r, "error", step->sampling.error, NULL);
	}
	result_leave(r);
}

static void add_history(result *r, const simulate_work *w)
{
	const size_t *shape = onn_array_shape(w->history);
	const double *first = onn_array_const_data(w->history);
	const double *last = first + (shape[0] - 1) * shape[1];

	result_enter(r, "optimized");
	result_whole(r, "steps", shape[0] - 1);
	result_reals(r, "loss", (double[]){first[0], last[0]}, 2, NULL);
	for (size_t i = 0; i + 1 < shape[1]; i++)
		result_real(r, onn_system_free(w->system, i), last[i + 1],
		    onn_system_row(w->system, onn_system_free(w->system, i))->unit);
	result_leave(r);
}

int simulate_report_json(const simulate_work *w)
{
	result r = result_begin(&command_simulate);
	char devices[1024];

	result_text(&r, "system", w->path);
	result_text(&r, "device",
	    w->seen ? jobs_devices(&w->jobs, devices, sizeof devices) : onn_device_name(w->device));
	result_text(&r, "precision", onn_type_name(onn_system_options_of(w->system)->precision));
	if (w->history)
		add_history(&r, w);
	for (size_t i = 0; w->result && i < onn_system_layers(w->system); i++)
		add_layer(&r, w, i);
	for (size_t i = 0; w->result && i < onn_system_cameras(w->result); i++) {
		result_row(&r, "cameras");
		add_camera(&r, w, onn_system_camera_at(w->result, i));
	}
	for (size_t i = 0; w->seen && i < w->value.count * w->cameras; i++) {
		result_row(&r, "cameras");
		result_real(&r, w->name, w->value.value[i / w->cameras], w->row->unit);
		add_camera(&r, w, &w->seen[i]);
	}
	return result_end(&r, EXIT_OK);
}

void simulate_report_history(const simulate_work *w)
{
	const size_t *shape = onn_array_shape(w->history);
	const double *first = onn_array_const_data(w->history);
	const double *last = first + (shape[0] - 1) * shape[1];
	char a[48], b[48];

	printf("optimized in %zu steps: loss %.6g to %.6g\n", shape[0] - 1, first[0], last[0]);
	for (size_t i = 0; i + 1 < shape[1]; i++) {
		const char *name = onn_system_free(w->system, i);
		const onn_setting *row = onn_system_row(w->system, name);
		printf("  %s: %s to %s\n", name, simulate_number(a, sizeof a, row, first[i + 1]),
		    simulate_number(b, sizeof b, row, last[i + 1]));
	}
	putchar('\n');
}

void simulate_warn(const simulate_work *w, const onn_system_result *of, const char *where)
{
	const onn_system_step *step;

	for (size_t i = 0; (step = onn_system_step_at(of, i)); i++) {
		const char *name = onn_system_name(w->system, i);
		if (!step->sampling.enough)
			fprintf(stderr, "onn simulate: WARNING: %s%s is sampled too coarsely: %s\n",
			    name, where, step->sampling.why);
		if (step->misfit[0])
			fprintf(
			    stderr, "onn simulate: WARNING: %s%s: %s\n", name, where, step->misfit);
	}
}

bool simulate_is_shown(const simulate_work *w, const onn_system_camera *c)
{
	return !w->s->camera || !strcmp(w->s->camera, onn_system_name(w->system, c->layer));
}

int simulate_check_camera(const simulate_work *w)
{
	char names[1024] = "", hint[96];
	size_t n = 0;

	for (size_t i = 0; i < onn_system_layers(w->system) && n < sizeof names; i++) {
		const char *name = onn_system_name(w->system, i);
		if (strcmp(onn_system_kind(w->system, i), "camera") != 0)
			continue;
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", n ? "|" : "", name);
		if (w->s->camera && !strcmp(name, w->s->camera))
			return EXIT_OK;
	}
	if (!n && (w->s->plot || w->s->csv || w->s->out || w->s->scan))
		return command_fail(&command_simulate,
		    "%s has no camera; expected {\"layer\": \"camera\"} where light is to be seen",
		    w->path);
	if (!w->s->camera)
		return EXIT_OK;
	return command_usage(&command_simulate, "--camera is '%s'; expected one of %s%s",
	    w->s->camera, names, nearest_hint(hint, sizeof hint, w->s->camera, names));
}
