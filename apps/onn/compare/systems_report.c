/* The figure and the page of several folders of onn simulate. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/systems.h"
#include "html.h"
#include "plot.h"
#include "simulate/curves.h"

/* ---- the figure ---- */

/* A curve for each camera of each scan; of single runs for each camera, along the folders. */
typedef struct curves {
	light_curves all;
	light_curve *curve;
	const char **place;
	double *x;
	onn_light_measure *measure;
	char (*name)[SYSTEMS_NAME];
} curves;

static size_t count_rows(const systems_work *w)
{
	size_t rows = 0;

	for (size_t i = 0; i < w->count; i++)
		rows += w->run[i].count;
	return rows;
}

static bool make_room(curves *f, const systems_work *w)
{
	size_t rows = count_rows(w); /* there are no more curves than that */

	*f = (curves){.curve = calloc(rows, sizeof *f->curve),
	    .place = calloc(w->count, sizeof *f->place),
	    .x = calloc(rows, sizeof *f->x),
	    .measure = calloc(rows, sizeof *f->measure),
	    .name = calloc(rows, sizeof *f->name)};
	f->all.curve = f->curve;
	return f->curve && f->place && f->x && f->measure && f->name;
}

static void release(curves *f)
{
	free(f->curve);
	free(f->place);
	free(f->x);
	free(f->measure);
	free(f->name);
}

/* Whether a curve of the camera has been made: of this run, or, of single runs, of one before. */
static bool is_known(const curves *f, size_t from, const char *camera, const systems_row *first[])
{
	for (size_t k = from; k < f->all.count; k++)
		if (!strcmp(first[k]->camera, camera))
			return true;
	return false;
}

/* All points of a camera in these runs. */
static void add_curve(curves *f, const systems_work *w, size_t from, size_t to, const char *camera)
{
	size_t at = 0;

	for (size_t k = 0; k < f->all.count; k++)
		at += f->curve[k].count;
	light_curve *c = &f->curve[f->all.count];
	*c = (light_curve){.x = f->x + at, .measure = f->measure + at};
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < w->run[i].count; k++) {
			const systems_row *row = &w->run[i].row[k];
			if (strcmp(row->camera, camera) != 0)
				continue;
			f->x[at + c->count] = systems_scanned(w) ? row->value : (double)i;
			f->measure[at + c->count++] = row->measure;
		}
	char *name = f->name[f->all.count++];
	bool scan = systems_scanned(w) != NULL;
	snprintf(name, SYSTEMS_NAME, "%.80s%s%s", scan ? w->run[from].folder : "",
	    scan && w->cameras ? ", " : "", scan && !w->cameras ? "" : camera);
	c->name = name;
}

static bool gather(curves *f, const systems_work *w)
{
	bool scan = systems_scanned(w) != NULL;
	const systems_row **first = calloc(count_rows(w), sizeof *first);
	bool fine = make_room(f, w) && first;

	for (size_t i = 0; i < w->count && fine; i++) {
		size_t from = scan ? f->all.count : 0;
		for (size_t k = 0; k < w->run[i].count; k++) {
			const systems_row *row = &w->run[i].row[k];
			if (is_known(f, from, row->camera, first))
				continue;
			first[f->all.count] = row;
			add_curve(f, w, scan ? i : 0, scan ? i + 1 : w->count, row->camera);
		}
		f->place[i] = w->run[i].folder;
	}
	free(first);
	if (scan) {
		f->all.x_name = w->run[0].scanned;
		f->all.x_unit = systems_scanned(w)->unit;
	} else {
		f->all.place = f->place;
		f->all.places = w->count;
	}
	return fine;
}

/* Into an open file, or, where it is NULL, into the one of that name. */
static plot_result draw(const systems_work *w, FILE *drawn, const char *name)
{
	curves f = {.curve = NULL};
	plot_result result = PLOT_FAILED;

	if (!gather(&f, w))
		command_status(w->c, command_no_memory());
	else if (drawn)
		result = plot_into(w->c, drawn, name, LIGHT_CURVES_WIDE, LIGHT_CURVES_HIGH,
		    light_curves_write, &f.all);
	else
		result = plot_draw(
		    w->c, name, LIGHT_CURVES_WIDE, LIGHT_CURVES_HIGH, light_curves_write, &f.all);
	release(&f);
	return result;
}

int systems_draw(const systems_work *w, const char *path)
{
	return plot_code(w->c, "--plot", draw(w, NULL, path));
}

/* ---- the page ---- */

static void put_row(FILE *page, const systems_work *w, const systems_run *r, const systems_row *row)
{
	const onn_light_measure *m = &row->measure;
	char text[256];

	fputs("<tr>", page);
	html_cell(page, r->folder);
	if (systems_scanned(w))
		html_cell(page,
		    onn_quantity_text(text, sizeof text, 6, row->value, systems_scanned(w)->unit));
	html_cell(page, row->camera);
	html_cell(page, METRES(row->z, 6));
	html_number(page, m->share, "%.2f %%", 100);
	html_number(page, m->inside, "%.2f %%", 100);
	html_number(page, m->peak, "%.6g", 1);
	html_cell(page, isfinite(m->fwhm[1]) ? METRES(m->fwhm[1], 4) : "wider than the grid");
	html_cell(page, isfinite(m->width[1]) ? METRES(m->width[1], 4) : "-");
	html_number(page, m->overlap, "%.6f", 1);
	for (size_t k = 0; k < w->ndiffering; k++)
		html_cell(page, systems_setting(text, sizeof text, r, w->differing[k]));
	fputs("</tr>\n", page);
}

static void put_table(FILE *page, const systems_work *w)
{
	fputs("<div class=\"wide\"><table><tr><th>folder</th>", page);
	if (systems_scanned(w))
		fprintf(page, "<th>%s</th>", w->run[0].scanned);
	fputs("<th>camera</th><th>z</th><th>light</th><th>in its region</th><th>peak, arb. "
	      "units</th><th>full width at half, x</th><th>two standard deviations, "
	      "x</th><th>overlap</th>",
	    page);
	for (size_t k = 0; k < w->ndiffering; k++) {
		fputs("<th>", page);
		html_text(page, w->differing[k]);
		fputs("</th>", page);
	}
	fputs("</tr>\n", page);
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; k < w->run[i].count; k++)
			put_row(page, w, &w->run[i], &w->run[i].row[k]);
	fputs("</table></div>\n", page);
}

/* A picture that the folder has. */
static void put_picture(FILE *page, const systems_run *r, const char *stem, const char *caption)
{
	char name[ONN_SYSTEM_NAME + 8], text[ONN_SYSTEM_NAME + 64];
	snprintf(name, sizeof name, "%s.png", stem);
	char *path = path_join(r->folder, name);
	FILE *picture = path ? fopen(path, "rb") : NULL;

	snprintf(text, sizeof text, "%s%s", name, caption);
	if (picture) {
		html_png(page, picture, name, text);
		fclose(picture);
	}
	free(path);
}

static void put_run(FILE *page, const systems_run *r)
{
	fputs("<h2>", page);
	html_text(page, r->folder);
	fputs("</h2>\n", page);
	if (*r->scanned)
		put_picture(page, r, "scan", "");
	for (size_t k = 0; k < r->count && !*r->scanned; k++)
		put_picture(page, r, r->row[k].camera, ", intensity over its peak");
	fprintf(page,
	    "<p>To repeat it, put the system below into system.json%s%s:</p>\n"
	    "<pre>onn simulate system.json --out again</pre>\n",
	    *r->scanned ? ", and say --scan with values of " : "", r->scanned);
	fputs("<details><summary>The system</summary>\n<pre>", page);
	html_text(page, r->text);
	fputs("</pre></details>\n", page);
}

typedef struct page_parts {
	const systems_work *w;
	FILE *figure; /* SVG; NULL: there is no gnuplot */
} page_parts;

static void write_page(FILE *page, const void *user)
{
	const page_parts *p = user;

	html_begin(page, p->w->run[0].folder, "Systems of light");
	put_table(page, p->w);
	if (p->figure)
		html_svg(page, p->figure);
	for (size_t i = 0; i < p->w->count; i++)
		put_run(page, &p->w->run[i]);
	html_end(page);
}

int systems_report(const systems_work *w, const char *path)
{
	FILE *figure = tmpfile();

	if (!figure)
		return command_fail(w->c, "cannot draw %s: %s", path, strerror(errno));
	plot_result drawn = draw(w, figure, "curves.svg");
	page_parts p = {w, drawn == PLOT_DRAWN ? figure : NULL};
	int code =
	    drawn == PLOT_FAILED ? EXIT_FAILED : path_write(w->c, NULL, path, write_page, &p);
	fclose(figure);
	return code;
}
