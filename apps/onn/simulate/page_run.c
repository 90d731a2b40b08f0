/* What became of one run, in its page: an optimisation, the light's way, and cameras. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "html.h"
#include "simulate.h"

/* ---- the optimisation ---- */

static void put_found(FILE *page, const simulate_work *w)
{
	const size_t *shape = onn_array_shape(w->history);
	const double *first = onn_array_const_data(w->history);
	const double *last = first + (shape[0] - 1) * shape[1];
	char text[48];

	fprintf(page,
	    "<table><tr><th>number</th><th>at the start</th><th>found</th></tr>\n"
	    "<tr><td>loss</td><td>%.6g</td><td>%.6g</td></tr>\n",
	    first[0], last[0]);
	for (size_t i = 0; i + 1 < shape[1]; i++) {
		const char *name = onn_system_free(w->system, i);
		const onn_setting *row = onn_system_row(w->system, name);
		fputs("<tr>", page);
		html_cell(page, name);
		html_cell(page, simulate_number(text, sizeof text, row, first[i + 1]));
		html_cell(page, simulate_number(text, sizeof text, row, last[i + 1]));
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
}

static int put_history(FILE *page, const simulate_work *w)
{
	FILE *drawn = tmpfile();

	if (!drawn)
		return command_fail(
		    &command_simulate, "cannot draw the optimization: %s", strerror(errno));
	fprintf(page, "<h2>Optimization in %zu steps</h2>\n", onn_array_shape(w->history)[0] - 1);
	put_found(page, w);
	plot_result result = simulate_history_into(w, drawn);
	if (result == PLOT_DRAWN)
		html_svg(page, drawn);
	fclose(drawn);
	return plot_code(&command_simulate, "--report", result);
}

/* ---- the light's way ---- */

static void put_way(FILE *page, const simulate_work *w)
{
	char how[96];

	fputs(
	    "<h2>Where everything stands</h2>\n<table><tr><th>z</th><th>layer</th><th>light behind "
	    "it</th><th>computed by</th><th>expected error, of the largest amplitude</th></tr>\n",
	    page);
	for (size_t i = 0; i < onn_system_layers(w->system); i++) {
		const onn_system_step *step = onn_system_step_at(w->result, i);
		bool gap = !strcmp(onn_system_kind(w->system, i), "space");
		fputs("<tr>", page);
		html_cell(page, METRES(step->z, 6));
		html_cell(page, onn_system_name(w->system, i));
		html_number(page, step->share, "%.2f %%", 100);
		if (gap)
			simulate_gap_text(how, sizeof how, &step->sampling);
		html_cell(page, gap ? how : "");
		if (gap)
			html_number(page, step->sampling.error, "%.1e", 1);
		else
			html_cell(page, "");
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
}

static void put_warnings(FILE *page, const simulate_work *w)
{
	bool any = false;

	for (size_t i = 0; i < onn_system_layers(w->system); i++) {
		const onn_system_step *step = onn_system_step_at(w->result, i);
		const char *text[2] = {
		    step->sampling.enough ? "" : step->sampling.why, step->misfit};
		for (int k = 0; k < 2; k++) {
			if (!text[k][0])
				continue;
			fputs(any ? "<li><b>" : "<ul>\n<li><b>", page);
			html_text(page, onn_system_name(w->system, i));
			fputs(k ? "</b>: " : "</b> is sampled too coarsely: ", page);
			html_text(page, text[k]);
			fputs("</li>\n", page);
			any = true;
		}
	}
	fputs(any ? "</ul>\n" : "<p>All layers are sampled finely enough.</p>\n", page);
}

/* ---- cameras ---- */

static int put_picture(FILE *page, const simulate_work *w, const onn_system_camera *c)
{
	const char *name = onn_system_name(w->system, c->layer);
	picture_look look = simulate_look(w);
	onn_array *light = NULL;
	onn_status status = simulate_amplitude(&light, c);
	picture_source p = {.a = light};

	picture_axes(p.axis, &c->grid);
	int code = status ? command_status(&command_simulate, status)
	                  : simulate_page_picture(page, name, &p, &look);
	onn_array_destroy(light);
	return code;
}

static int put_camera(FILE *page, const simulate_work *w, const onn_system_camera *c)
{
	simulate_line line[SIMULATE_LINES];
	size_t count = simulate_measures(line, c);

	fputs("<h2>", page);
	html_text(page, onn_system_name(w->system, c->layer));
	fprintf(page, " at z = %s</h2>\n<p>%zu x %zu pixels of %s x %s; pairs are y, x</p>\n",
	    METRES(c->z, 6), c->grid.ny, c->grid.nx, METRES(c->grid.dy, 6), METRES(c->grid.dx, 6));
	int code = put_picture(page, w, c);
	fputs("<table>\n", page);
	for (size_t i = 0; i < count; i++) {
		fprintf(page, "<tr><th>%s</th>", line[i].name);
		html_cell(page, line[i].text);
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
	return code;
}

int simulate_page_run(FILE *page, const simulate_work *w)
{
	int code = w->history ? put_history(page, w) : EXIT_OK;

	put_way(page, w);
	put_warnings(page, w);
	for (size_t i = 0; i < onn_system_cameras(w->result) && !code; i++) {
		const onn_system_camera *c = onn_system_camera_at(w->result, i);
		if (simulate_is_shown(w, c))
			code = put_camera(page, w, c);
	}
	return code;
}
