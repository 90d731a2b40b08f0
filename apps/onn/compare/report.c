/* The page of one or more runs: settings, curves, pictures, times, how to repeat them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/design.h>
#include <onn/sampling.h>
#include <onn/trainer.h>

#include "compare/compare.h"
#include "html.h"
#include "plot.h"

typedef struct page {
	const compare_work *w;
	FILE *figure; /* SVG; NULL: there is no gnuplot */
} page;

static void put_pictures(FILE *file, const compare_run *r)
{
	static const char *const name[] = {"sheet.png", "progress.png", "plates.png",
	    "amplitudes.png", "masks.png", "filters.png", "light.png", "confusion.png"};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		char *path = path_join(r->folder, name[i]);
		FILE *picture = path ? fopen(path, "rb") : NULL;
		if (picture) {
			html_png(file, picture, name[i], name[i]);
			fclose(picture);
		}
		free(path);
	}
}

/* ---- tables ---- */

static void put_results(FILE *file, const compare_work *w)
{
	bool design = w->run[0].design;
	char text[96];

	fputs(
	    design
	        ? "<table><tr><th>run<th>steps<th>loss"
	        : "<table><tr><th>run<th>epochs<th>best epoch<th>training loss<th>selection half, "
	          "%<th>report half, %<th>training, s",
	    file);
	for (size_t k = 0; k < w->nshared; k++) {
		fputs("<th>", file);
		html_text(file, w->differing[k]);
	}
	fputs("</tr>\n", file);
	for (size_t i = 0; i < w->count; i++) {
		const compare_run *r = &w->run[i];
		fputs("<tr><td>", file);
		html_text(file, r->folder);
		fprintf(file, "</td><td>%zu</td>", r->rows);
		if (design)
			html_number(file, compare_metric(r, r->best, ONN_DESIGN_LOSS), "%.6g", 1);
		else {
			html_number(
			    file, compare_metric(r, r->best, ONN_TRAINING_EPOCH), "%.0f", 1);
			html_number(
			    file, compare_metric(r, r->rows - 1, ONN_TRAINING_LOSS), "%.6g", 1);
			html_number(
			    file, compare_metric(r, r->best, ONN_TRAINING_SELECTION), "%.2f", 100);
			html_number(
			    file, compare_metric(r, r->best, ONN_TRAINING_REPORT), "%.2f", 100);
			html_number(file, compare_seconds(r), "%.2f", 1);
		}
		for (size_t k = 0; k < w->nshared; k++)
			html_cell(file, compare_setting(text, sizeof text, r, w->differing[k]));
		fputs("</tr>\n", file);
	}
	fputs("</table>\n", file);
}

static void put_space(FILE *file, const char *what, const onn_sampling *sampling)
{
	fprintf(file, "<li>%s: sampled %s: ", what,
	    sampling->enough ? "finely enough" : "<b>too coarsely</b>");
	html_text(file, sampling->why);
	fputs("</li>\n", file);
}

static void put_train_sampling(FILE *file, const onn_network *n)
{
	onn_sampling sampling;
	char what[64];

	for (size_t i = onn_network_find(n, "space", 0); i != SIZE_MAX;
	     i = onn_network_find(n, "space", i + 1)) {
		if (onn_network_sampling(&sampling, n, i))
			continue;
		sampling_place(what, sizeof what, n, i);
		put_space(file, what, &sampling);
	}
}

/* How the spaces are sampled, and the command, "onn train d2nn", that reads the settings. */
static void put_sampling_and_command(FILE *file, const compare_run *r)
{
	onn_train_config training;
	onn_design_config design;
	onn_sampling sampling;
	const char *word = r->design ? "design" : "train", *network = "";
	char *path = path_join(r->folder, "config.json");
	bool known = path && (r->design ? onn_design_config_read(&design, path)
	                                : onn_train_config_read(&training, path)) == ONN_OK;

	free(path);
	fputs("<ul>\n", file);
	if (known && r->design && !onn_design_sampling(&sampling, &design.design))
		put_space(file, "the space behind a plate", &sampling);
	if (known && !r->design) {
		put_train_sampling(file, training.network);
		network = onn_network_model(training.network);
		network = strcmp(network, "network") ? network : "net";
	}
	fprintf(file,
	    "</ul>\n<p>To repeat it, put the settings below into config.json:</p>\n"
	    "<pre>onn %s%s%s --config config.json --out again</pre>\n",
	    word, *network ? " " : "", network);
	if (known && !r->design)
		onn_train_config_clear(&training);
}

static void put_run(FILE *file, const compare_run *r)
{
	char text[96];

	fputs("<h2>", file);
	html_text(file, r->folder);
	fputs(
	    "</h2>\n<table><tr><th>onn<th>device<th>host threads<th>data or target</tr>\n<tr><td>",
	    file);
	html_text(file, compare_setting(text, sizeof text, r, "onn"));
	fputs("</td><td>", file);
	html_text(file, compare_setting(text, sizeof text, r, "device"));
	fputs("</td><td>", file);
	html_text(file, compare_setting(text, sizeof text, r, "threads"));
	fputs("</td><td>", file);
	html_text(file, compare_setting(text, sizeof text, r, r->design ? "target" : "dataset"));
	fputs("</td></tr></table>\n", file);
	put_pictures(file, r);
	put_sampling_and_command(file, r);
	fputs("<details open><summary>Settings</summary>\n<pre>", file);
	html_text(file, r->text);
	fputs("</pre></details>\n", file);
}

static void write_page(FILE *file, const void *user)
{
	const page *p = user;
	const compare_work *w = p->w;

	html_begin(file, w->run[0].folder, w->run[0].design ? "Design of plates" : "Training");
	put_results(file, w);
	if (p->figure)
		html_svg(file, p->figure);
	for (size_t i = 0; i < w->count; i++)
		put_run(file, &w->run[i]);
	html_end(file);
}

int compare_report(const compare_work *w, const char *path)
{
	FILE *figure = tmpfile();

	if (!figure)
		return command_fail(w->c, "cannot draw %s: %s", path, strerror(errno));
	plot_result drawn = plot_into(w->c, figure, "curves.svg", w->run[0].design ? 700 : 1000,
	    460, compare_write_figure, w);
	page p = {.w = w, .figure = drawn == PLOT_DRAWN ? figure : NULL};
	int code =
	    drawn == PLOT_FAILED ? EXIT_FAILED : path_write(w->c, NULL, path, write_page, &p);
	fclose(figure);
	return code;
}
