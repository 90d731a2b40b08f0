#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/systems.h"
#include "core/number.h"
#include "simulate/columns.h"
#include "simulate/simulate.h"

bool systems_is_folder(const char *folder)
{
	static const char *const table[] = {"cameras.csv", "scan.csv"};
	char *path = path_join(folder, "system.json");
	bool there = path && path_exists(path);

	free(path);
	for (size_t i = 0; i < 2 && there; i++) {
		path = path_join(folder, table[i]);
		bool found = path && path_exists(path);
		free(path);
		if (found)
			return true;
	}
	return false;
}

/* ---- a table ---- */

/* Splits a line at its commas, in place; how many cells there are. */
static size_t split(char *cell[], size_t most, char *line)
{
	size_t count = 0;

	for (; line && count < most; count++) {
		cell[count] = line;
		line = strchr(line, ',');
		if (line)
			*line++ = '\0';
	}
	return line ? most + 1 : count;
}

static bool read_number(double *value, const char *cell)
{
	return onn_number_read(value, cell, strlen(cell));
}

/* The value of a scan, the camera, z, and what it measured; what is empty is none. */
static bool read_row(systems_row *row, char *line, bool scan)
{
	char *cell[LIGHT_COLUMNS + 3];
	size_t wanted = LIGHT_COLUMNS + 2 + scan;
	double value;

	if (split(cell, wanted, line) != wanted)
		return false;
	*row = (systems_row){.z = NAN};
	snprintf(row->camera, sizeof row->camera, "%s", cell[scan]);
	if ((scan && !read_number(&row->value, cell[0])) ||
	    (*cell[scan + 1] && !read_number(&row->z, cell[scan + 1])))
		return false;
	for (size_t k = 0; k < LIGHT_COLUMNS; k++) {
		const char *text = cell[scan + 2 + k];
		value = light_column_list[k].none;
		if (*text && !read_number(&value, text))
			return false;
		light_column_set(&row->measure, k, value);
	}
	return true;
}

/* "lens.f,camera,z,..." of a scan, else "camera,z,..." */
static bool read_head(systems_run *r, const char *line)
{
	char columns[256] = "camera,z";

	for (size_t k = 0; k < LIGHT_COLUMNS; k++) {
		size_t taken = strlen(columns);
		snprintf(columns + taken, sizeof columns - taken, ",%s", light_column_list[k].name);
	}
	size_t n = strlen(line), m = strlen(columns);
	if (n < m || strcmp(line + n - m, columns) != 0 || n - m > sizeof r->scanned)
		return false;
	if (n > m)
		snprintf(r->scanned, sizeof r->scanned, "%.*s", (int)(n - m - 1), line);
	return true;
}

static int read_table(systems_run *r, const command *c, char *text, const char *name)
{
	size_t lines = 1;

	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	r->row = calloc(lines, sizeof *r->row);
	if (!r->row)
		return command_status(c, command_no_memory());
	char *next = text;
	for (size_t i = 1; next && *next; i++) {
		char *line = next;
		next += strcspn(next, "\r\n");
		for (; *next == '\r' || *next == '\n'; next++)
			*next = '\0';
		if (i == 1 ? !read_head(r, line)
		           : !read_row(&r->row[r->count++], line, *r->scanned))
			return command_fail(c,
			    "%s/%s: line %zu is not that of a table of cameras; expected what onn "
			    "simulate --out writes",
			    r->folder, name, i);
	}
	return r->count ? EXIT_OK : command_fail(c, "%s/%s has no row", r->folder, name);
}

static int load_run(systems_run *r, const command *c)
{
	const char *name = "scan.csv";
	char *table = path_read(r->folder, name), *path = path_join(r->folder, "system.json");

	if (!table)
		table = path_read(r->folder, name = "cameras.csv");
	r->text = path_read(r->folder, "system.json");
	int code = EXIT_OK;
	if (!table || !path || !r->text)
		code = command_fail(c, "%s cannot be read: %s", r->folder, strerror(errno));
	onn_status status = code ? ONN_OK : onn_system_load(&r->system, path);
	if (status)
		code = command_status(c, status);
	if (!code)
		code = read_table(r, c, table, name);
	if (!code && *r->scanned && !onn_system_row(r->system, r->scanned))
		code = command_fail(c, "%s/scan.csv is of %s, which its system.json does not have",
		    r->folder, r->scanned);
	free(table);
	free(path);
	return code;
}

/* ---- settings ---- */

const char *systems_setting(char *text, size_t room, const systems_run *r, const char *name)
{
	const onn_setting *row = onn_system_row(r->system, name);
	char *value = onn_system_get(r->system, name);

	text[0] = '\0';
	if (row && value && *value && row->kind == ONN_SETTING_REAL)
		simulate_numbers(text, room, row, value);
	else
		snprintf(text, room, "%s", value ? value : "-");
	onn_free(value);
	return text;
}

/* Whether all have it, and not alike. */
static bool differs(const systems_work *w, const char *name)
{
	char *first = onn_system_get(w->run[0].system, name);
	bool all = first != NULL, alike = true;

	for (size_t i = 1; i < w->count && all; i++) {
		char *other = onn_system_get(w->run[i].system, name);
		all = other != NULL;
		alike &= all && !strcmp(first, other);
		onn_free(other);
	}
	onn_free(first);
	return all && !alike;
}

static bool add(systems_work *w, const char *layer, const char *name)
{
	char path[SYSTEMS_NAME];

	snprintf(path, sizeof path, "%s%s%s", layer, *layer ? "." : "", name);
	if (!differs(w, path) || !strcmp(path, w->run[0].scanned))
		return true;
	void *grown = realloc(w->differing, (w->ndiffering + 1) * sizeof *w->differing);
	if (!grown)
		return false;
	w->differing = grown;
	memcpy(w->differing[w->ndiffering++], path, sizeof path);
	return true;
}

static bool add_table(systems_work *w, const char *layer, const onn_settings *table)
{
	bool fine = true;

	for (size_t k = 0; k < table->count && fine; k++)
		if (table->row[k].name && table->row[k].kind != ONN_SETTING_PART)
			fine = add(w, layer, table->row[k].name);
	return fine;
}

static int find_differing(systems_work *w)
{
	const onn_system *s = w->run[0].system;
	bool fine = add_table(w, "", onn_system_settings());

	for (size_t i = 0; i < onn_system_layers(s) && fine; i++)
		fine =
		    add_table(w, onn_system_name(s, i), onn_layer_settings(onn_system_kind(s, i)));
	return fine ? EXIT_OK : command_status(w->c, command_no_memory());
}

/* ---- the whole ---- */

const onn_setting *systems_scanned(const systems_work *w)
{
	return *w->run[0].scanned ? onn_system_row(w->run[0].system, w->run[0].scanned) : NULL;
}

static const char *what(char *text, size_t room, const systems_run *r)
{
	snprintf(text, room, "%s%s", *r->scanned ? "a scan of " : "one run", r->scanned);
	return text;
}

static int check_kinds(const systems_work *w)
{
	const systems_run *first = &w->run[0];
	char a[SYSTEMS_NAME + 16], b[SYSTEMS_NAME + 16];

	for (size_t i = 1; i < w->count; i++)
		if (strcmp(first->scanned, w->run[i].scanned) != 0)
			return command_fail(w->c,
			    "%s is %s and %s %s; expected single runs, or scans of one number",
			    first->folder, what(a, sizeof a, first), w->run[i].folder,
			    what(b, sizeof b, &w->run[i]));
	return EXIT_OK;
}

int systems_load(systems_work *w, const char *const folder[], size_t count)
{
	int code = EXIT_OK;

	w->run = calloc(count, sizeof *w->run);
	if (!w->run)
		return command_status(w->c, command_no_memory());
	for (; w->count < count && !code; w->count++) {
		systems_run *r = &w->run[w->count];
		r->folder = folder[w->count];
		code = load_run(r, w->c);
		for (size_t i = 1; i < r->count; i++)
			w->cameras |= strcmp(r->row[0].camera, r->row[i].camera) != 0;
	}
	if (!code)
		code = check_kinds(w);
	return code ? code : find_differing(w);
}

void systems_clear(systems_work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		onn_system_destroy(w->run[i].system);
		free(w->run[i].text);
		free(w->run[i].row);
	}
	free(w->run);
	free(w->differing);
}

int systems_compare(const compare_request *s, const char *const folder[], size_t count)
{
	systems_work w = {.c = &command_compare};
	int code = systems_load(&w, folder, count);

	if (!code && s->json)
		code = systems_print_json(&w);
	else if (!code)
		systems_print(&w);
	if (!code && s->csv)
		code = path_write(w.c, NULL, s->csv, systems_write_csv, &w);
	if (!code && s->plot)
		code = systems_draw(&w, s->plot);
	if (!code && s->report)
		code = systems_report(&w, s->report);
	systems_clear(&w);
	return code;
}
