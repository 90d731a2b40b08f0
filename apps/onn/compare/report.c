/* The page of one or more runs: settings, curves, pictures, times, how to repeat them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/design.h>
#include <onn/sampling.h>
#include <onn/trainer.h>
#include <onn/version.h>

#include "compare/compare.h"
#include "plot.h"

typedef struct page {
	const compare_work *w;
	const char *figure; /* SVG as a file; NULL: there is no gnuplot */
} page;

static void put(FILE *file, const char *text)
{
	for (; *text; text++)
		if (*text == '<')
			fputs("&lt;", file);
		else if (*text == '&')
			fputs("&amp;", file);
		else if (*text == '"')
			fputs("&quot;", file);
		else
			fputc(*text, file);
}

/* A file as it stands, from its first "<svg" on. */
static void put_svg(FILE *file, const char *path)
{
	FILE *svg = fopen(path, "rb");
	bool begun = false;
	char line[4096];

	while (svg && fgets(line, sizeof line, svg)) {
		begun = begun || strstr(line, "<svg");
		if (begun)
			fputs(line, file);
	}
	if (svg)
		fclose(svg);
}

static void put_base64(FILE *to, FILE *from)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char b[3];
	size_t n;

	while ((n = fread(b, 1, 3, from)) > 0) {
		for (size_t i = n; i < 3; i++)
			b[i] = 0;
		fputc(digit[b[0] >> 2], to);
		fputc(digit[(b[0] & 3) << 4 | b[1] >> 4], to);
		fputc(n > 1 ? digit[(b[1] & 15) << 2 | b[2] >> 6] : '=', to);
		fputc(n > 2 ? digit[b[2] & 63] : '=', to);
	}
}

static void put_pictures(FILE *file, const compare_run *r)
{
	static const char *const name[] = {"sheet.png", "progress.png", "plates.png",
	    "amplitudes.png", "masks.png", "filters.png", "light.png", "confusion.png"};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		char *path = path_join(r->folder, name[i]);
		FILE *picture = path ? fopen(path, "rb") : NULL;
		if (picture) {
			fprintf(
			    file, "<figure><img alt=\"%s\" src=\"data:image/png;base64,", name[i]);
			put_base64(file, picture);
			fprintf(file, "\"><figcaption>%s</figcaption></figure>\n", name[i]);
			fclose(picture);
		}
		free(path);
	}
}

/* ---- tables ---- */

static void put_number(FILE *file, double value, const char *format, double scale)
{
	fputs("<td>", file);
	if (isfinite(value))
		fprintf(file, format, scale * value);
	else
		fputs("-", file);
	fputs("</td>", file);
}

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
	for (size_t k = 0; k < w->ndiffering; k++) {
		fputs("<th>", file);
		put(file, w->differing[k]);
	}
	fputs("</tr>\n", file);
	for (size_t i = 0; i < w->count; i++) {
		const compare_run *r = &w->run[i];
		fputs("<tr><td>", file);
		put(file, r->folder);
		fprintf(file, "</td><td>%zu</td>", r->rows);
		if (design)
			put_number(file, compare_metric(r, r->best, ONN_DESIGN_LOSS), "%.6g", 1);
		else {
			put_number(file, compare_metric(r, r->best, ONN_TRAINING_EPOCH), "%.0f", 1);
			put_number(
			    file, compare_metric(r, r->rows - 1, ONN_TRAINING_LOSS), "%.6g", 1);
			put_number(
			    file, compare_metric(r, r->best, ONN_TRAINING_SELECTION), "%.2f", 100);
			put_number(
			    file, compare_metric(r, r->best, ONN_TRAINING_REPORT), "%.2f", 100);
			put_number(file, compare_seconds(r), "%.2f", 1);
		}
		for (size_t k = 0; k < w->ndiffering; k++) {
			fputs("<td>", file);
			put(file, compare_setting(text, sizeof text, r, w->differing[k]));
			fputs("</td>", file);
		}
		fputs("</tr>\n", file);
	}
	fputs("</table>\n", file);
}

static void put_space(FILE *file, const char *what, const onn_sampling *sampling)
{
	fprintf(file, "<li>%s: sampled %s: ", what,
	    sampling->enough ? "finely enough" : "<b>too coarsely</b>");
	put(file, sampling->why);
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
		snprintf(what, sizeof what, "the space in layer %zu", i);
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
	put(file, r->folder);
	fputs(
	    "</h2>\n<table><tr><th>onn<th>device<th>host threads<th>data or target</tr>\n<tr><td>",
	    file);
	put(file, compare_setting(text, sizeof text, r, "onn"));
	fputs("</td><td>", file);
	put(file, compare_setting(text, sizeof text, r, "device"));
	fputs("</td><td>", file);
	put(file, compare_setting(text, sizeof text, r, "threads"));
	fputs("</td><td>", file);
	put(file, compare_setting(text, sizeof text, r, r->design ? "target" : "dataset"));
	fputs("</td></tr></table>\n", file);
	put_pictures(file, r);
	put_sampling_and_command(file, r);
	fputs("<details open><summary>Settings</summary>\n<pre>", file);
	put(file, r->text);
	fputs("</pre></details>\n", file);
}

static void write_page(FILE *file, const void *user)
{
	const page *p = user;
	const compare_work *w = p->w;

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
	      "name=\"viewport\" content=\"width=device-width\">\n<title>onn: ",
	    file);
	put(file, w->run[0].folder);
	fputs("</title>\n<style>body{font:15px/1.5 sans-serif;max-width:70em;margin:2em "
	      "auto;padding:0 1em}table{border-collapse:collapse;margin:1em 0}td,th{border:1px "
	      "solid #bbb;padding:.2em "
	      ".6em;text-align:left}pre{background:#f4f4f4;padding:.8em;overflow:auto}img,svg{max-"
	      "width:100%;height:auto}figure{margin:1em 0}</style></head><body>\n<h1>",
	    file);
	fprintf(file, "%s</h1>\n", w->run[0].design ? "Design of plates" : "Training");
	put_results(file, w);
	if (p->figure)
		put_svg(file, p->figure);
	for (size_t i = 0; i < w->count; i++)
		put_run(file, &w->run[i]);
	fputs("<p>Written by onn " ONN_VERSION ".</p>\n</body></html>\n", file);
}

int compare_report(const compare_work *w, const char *path)
{
	page p = {.w = w};
	size_t room = strlen(path) + sizeof ".svg";
	char *figure = malloc(room);

	if (!figure)
		return command_fail(w->c, "no memory");
	snprintf(figure, room, "%s.svg", path);
	plot_result drawn =
	    plot_draw(w->c, figure, w->run[0].design ? 700 : 1000, 460, compare_write_figure, w);
	p.figure = drawn == PLOT_DRAWN ? figure : NULL;
	int code =
	    drawn == PLOT_FAILED ? EXIT_FAILED : path_write(w->c, NULL, path, write_page, &p);
	if (p.figure)
		remove(figure);
	free(figure);
	return code;
}
