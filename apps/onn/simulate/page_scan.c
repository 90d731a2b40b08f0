/* What became of a scan, in its page: curves, a row a value, pictures, gaps at each value. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "html.h"
#include "simulate.h"

static const onn_system_step *step_at(const simulate_work *w, size_t value, size_t layer)
{
	return &w->step[value * onn_system_layers(w->system) + layer];
}

static void put_value(FILE *page, const simulate_work *w, size_t i)
{
	char text[48];

	html_cell(page, simulate_number(text, sizeof text, w->row, w->value.value[i]));
}

/* ---- cameras ---- */

/* What of a camera is not the same at all values by itself. */
typedef struct shown {
	bool inside, overlap; /* it has a region, a target */
} shown;

static shown what_is_shown(const simulate_work *w)
{
	shown s = {false, false};

	for (size_t i = 0; i < w->value.count * w->cameras; i++) {
		s.inside |= w->seen[i].measure.inside != 1;
		s.overlap |= !isnan(w->seen[i].measure.overlap);
	}
	return s;
}

static void put_head(FILE *page, const simulate_work *w, const shown *s)
{
	int columns = 4 + s->inside + s->overlap;

	fprintf(page, "<div class=\"wide\"><table><tr><th rowspan=\"2\">%s</th>", w->name);
	for (size_t k = 0; k < w->cameras; k++)
		if (simulate_is_shown(w, &w->seen[k])) {
			fprintf(page, "<th colspan=\"%d\">", columns);
			html_text(page, onn_system_name(w->system, w->seen[k].layer));
			fputs("</th>", page);
		}
	fputs("</tr>\n<tr>", page);
	for (size_t k = 0; k < w->cameras; k++)
		if (simulate_is_shown(w, &w->seen[k]))
			fprintf(page,
			    "<th>light</th>%s<th>peak, arb. units</th><th>full width at half, "
			    "x</th><th>two "
			    "standard deviations, x</th>%s",
			    s->inside ? "<th>in its region</th>" : "",
			    s->overlap ? "<th>overlap</th>" : "");
	fputs("</tr>\n", page);
}

static void put_measures(FILE *page, const onn_light_measure *m, const shown *s)
{
	html_number(page, m->share, "%.2f %%", 100);
	if (s->inside)
		html_number(page, m->inside, "%.2f %%", 100);
	html_number(page, m->peak, "%.6g", 1);
	html_cell(page, isfinite(m->fwhm[1]) ? METRES(m->fwhm[1], 4) : "wider than the grid");
	html_cell(page, isfinite(m->width[1]) ? METRES(m->width[1], 4) : "-");
	if (s->overlap)
		html_number(page, m->overlap, "%.6f", 1);
}

static void put_table(FILE *page, const simulate_work *w)
{
	shown s = what_is_shown(w);

	put_head(page, w, &s);
	for (size_t i = 0; i < w->value.count; i++) {
		fputs("<tr>", page);
		put_value(page, w, i);
		for (size_t k = 0; k < w->cameras; k++)
			if (simulate_is_shown(w, &w->seen[k]))
				put_measures(page, &w->seen[i * w->cameras + k].measure, &s);
		fputs("</tr>\n", page);
	}
	fputs("</table></div>\n", page);
}

static int put_curves(FILE *page, const simulate_work *w)
{
	FILE *drawn = tmpfile();

	if (!drawn)
		return command_fail(&command_simulate, "cannot draw the scan: %s", strerror(errno));
	plot_result result = simulate_curves_into(w, drawn);
	if (result == PLOT_DRAWN)
		html_svg(page, drawn);
	fclose(drawn);
	return plot_code(&command_simulate, "--report", result);
}

/* ---- pictures ---- */

enum { MOST_FRAMES = 9 };

/* Which values are shown: all, or so many, evenly spaced. */
static size_t choose(size_t value[MOST_FRAMES], double along[MOST_FRAMES], const simulate_work *w)
{
	size_t all = w->value.count, count = all < MOST_FRAMES ? all : MOST_FRAMES;

	for (size_t i = 0; i < count; i++) {
		value[i] = count > 1 ? i * (all - 1) / (count - 1) : 0;
		along[i] = w->value.value[value[i]];
	}
	return count;
}

static int put_frames(FILE *page, const simulate_work *w, size_t camera)
{
	const char *name = onn_system_name(w->system, w->seen[camera].layer);
	picture_look look = simulate_look(w);
	onn_array *frames = NULL;
	size_t value[MOST_FRAMES];
	double along[MOST_FRAMES];

	fputs("<h2>What ", page);
	html_text(page, name);
	fprintf(page, " sees, by %s</h2>\n", w->name);
	if (!w->pixels || !simulate_same_pixels(w, camera)) {
		fputs("<p>Its pixels are not the same at all values: there is no picture.</p>\n",
		    page);
		return EXIT_OK;
	}
	size_t count = choose(value, along, w);
	onn_status status = simulate_frames(&frames, w, camera, value, count);
	picture_source p = {.a = frames,
	    .along = count > 1 ? along : NULL,
	    .along_name = w->name,
	    .along_unit = w->row->unit};
	picture_axes(p.axis, &w->seen[camera].grid);
	int code = status ? command_status(&command_simulate, status)
	                  : simulate_page_picture(page, name, &p, &look);
	onn_array_destroy(frames);
	return code;
}

/* ---- gaps ---- */

static bool is_gap(const simulate_work *w, size_t layer)
{
	return !strcmp(onn_system_kind(w->system, layer), "space");
}

static void put_gap(FILE *page, const onn_measure *m)
{
	char how[96];

	simulate_gap_text(how, sizeof how, m);
	html_cell(page, how);
	html_number(page, m->error, "%.1e", 1);
}

static void put_gaps(FILE *page, const simulate_work *w)
{
	size_t layers = onn_system_layers(w->system);

	fprintf(page,
	    "<h2>How gaps were computed</h2>\n<p>With the error to expect, of the largest "
	    "amplitude.</p>\n<div class=\"wide\"><table><tr><th>%s</th>",
	    w->name);
	for (size_t k = 0; k < layers; k++)
		if (is_gap(w, k)) {
			fputs("<th>", page);
			html_text(page, onn_system_name(w->system, k));
			fputs("</th><th>error</th>", page);
		}
	fputs("</tr>\n", page);
	for (size_t i = 0; i < w->value.count; i++) {
		fputs("<tr>", page);
		put_value(page, w, i);
		for (size_t k = 0; k < layers; k++)
			if (is_gap(w, k))
				put_gap(page, &step_at(w, i, k)->sampling);
		fputs("</tr>\n", page);
	}
	fputs("</table></div>\n", page);
}

/* ---- warnings ---- */

static const char *warning(const onn_system_step *step, bool misfit)
{
	return misfit ? step->misfit : step->sampling.enough ? "" : step->sampling.why;
}

/* A layer's, at all values that have it; the reason is that of the first. */
static bool put_warning(FILE *page, const simulate_work *w, size_t layer, bool misfit)
{
	const char *why = NULL;
	char text[48];

	for (size_t i = 0; i < w->value.count; i++) {
		const char *here = warning(step_at(w, i, layer), misfit);
		if (!*here)
			continue;
		if (!why) {
			fputs("<li><b>", page);
			html_text(page, onn_system_name(w->system, layer));
			fprintf(page, "</b>%s at %s = ", misfit ? "" : " is sampled too coarsely",
			    w->name);
		}
		fprintf(page, "%s%s", why ? ", " : "",
		    simulate_number(text, sizeof text, w->row, w->value.value[i]));
		why = why ? why : here;
	}
	if (!why)
		return false;
	fputs(": ", page);
	html_text(page, why);
	fputs("</li>\n", page);
	return true;
}

static void put_warnings(FILE *page, const simulate_work *w)
{
	bool any = false;

	fputs("<ul>\n", page);
	for (size_t k = 0; k < onn_system_layers(w->system); k++)
		for (int misfit = 0; misfit < 2; misfit++)
			any |= put_warning(page, w, k, misfit);
	fputs(
	    any ? "</ul>\n" : "</ul>\n<p>All layers are sampled finely enough at all values.</p>\n",
	    page);
}

int simulate_page_scan(FILE *page, const simulate_work *w)
{
	fputs("<h2>Scan of ", page);
	html_text(page, w->name);
	fputs("</h2>\n", page);
	int code = put_curves(page, w);
	put_table(page, w);
	put_warnings(page, w);
	for (size_t k = 0; k < w->cameras && !code; k++)
		if (simulate_is_shown(w, &w->seen[k]))
			code = put_frames(page, w, k);
	put_gaps(page, w);
	return code;
}
