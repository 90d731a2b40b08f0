/*
 * The figure of a study: lines against its axis, or points above its words; what was published as
 * hollow marks of the same colour.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reproduce.h"

enum { COLOURS = 8, FEW = 12, WIDE = 980, HIGH = 520 };

/* As plot.c's three, further (Okabe and Ito). */
static const char *const colour[COLOURS] = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666", "#000000"};

/* A text in gnuplot's quotes, as it is. */
static void quote(FILE *script, const char *text)
{
	fputc('"', script);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', script);
		if (*text == '\n')
			fputs("\\n", script);
		else
			fputc(*text, script);
	}
	fputc('"', script);
}

static const char *number(char text[40], double value)
{
	if (isnan(value))
		snprintf(text, 40, "NaN");
	else
		snprintf(text, 40, "%.12g", value);
	return text;
}

/* Series beside each other above a word. */
static double shift(const onn_study_info *info, size_t series)
{
	bool beside = info->words || info->points == 0;
	return beside ? 0.6 * (((double)series + 0.5) / (double)info->series - 0.5) : 0;
}

/* A block for each series: x, mean, deviation, published. */
static void write_data(FILE *script, const onn_study_table *t, const onn_study_info *info)
{
	double unit = info->percent ? 100 : 1;
	char mean[40], published[40];

	for (size_t s = 0; s < info->series; s++) {
		fprintf(script, "$s%zu << END\n", s);
		for (size_t i = 0; i < t->count; i++) {
			const onn_study_cell *c = &t->cell[i];
			if (c->series != s)
				continue;
			fprintf(script, "%.12g %s %.12g %s\n",
			    (isnan(c->x) ? 0 : c->x) + shift(info, s), number(mean, unit * c->mean),
			    isnan(c->deviation) ? 0 : unit * c->deviation,
			    number(published, unit * c->published));
		}
		fputs("END\n", script);
	}
}

static bool is_flat(const onn_study_table *t, size_t series)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->cell[i].series == series)
			return t->cell[i].flat;
	return false;
}

/* x of the first series that has an axis. */
static size_t axis_series(const onn_study_table *t, const onn_study_info *info)
{
	size_t s = 0;
	while (s < info->series && is_flat(t, s))
		s++;
	return s;
}

static void write_ticks(FILE *script, const onn_study_table *t, const onn_study_info *info)
{
	const char *between = "set xtics (";
	size_t first = axis_series(t, info);

	for (size_t i = 0; i < t->count; i++) {
		const onn_study_cell *c = &t->cell[i];
		if (c->series != first)
			continue;
		fputs(between, script);
		quote(script, c->text);
		fprintf(script, " %.12g", c->x);
		between = ", ";
	}
	fputs(")\n", script);
}

static void write_axes(FILE *script, const onn_study_table *t, const onn_study_info *info)
{
	bool words = info->words || info->points == 0;
	/* 0 has no place on a logarithmic axis */
	bool log = info->x_log && !words;

	if (words)
		fprintf(script, "set xrange [-0.5:%zu.5]\n", info->points ? info->points - 1 : 0);
	if (info->words || (log && info->points <= FEW))
		write_ticks(script, t, info);
	else if (words)
		fputs("unset xtics\n", script);
	if (log) {
		double low = INFINITY, high = 0;
		for (size_t i = 0; i < t->count; i++) {
			low = fmin(low, t->cell[i].x);
			high = fmax(high, t->cell[i].x);
		}
		fprintf(
		    script, "set logscale x\nset xrange [%.9g:%.9g]\n", low / 1.15, high * 1.15);
	}
	if (info->y_log)
		fputs("set logscale y\nset format y '%g'\n", script);
	fputs("set xlabel ", script);
	quote(script, info->x_label);
	fputs(" noenhanced\nset ylabel ", script);
	char label[160];
	snprintf(label, sizeof label, "%s%s", info->y_label, info->percent ? " / %" : "");
	quote(script, label);
	fputs(" noenhanced\nset title ", script);
	char title[640];
	snprintf(title, sizeof title, "%s%s%s", info->title, t->quick ? "\nquick: " : "",
	    !t->quick      ? ""
	    : *info->quick ? info->quick
	                   : "as in full");
	quote(script, title);
	fputs(" noenhanced font ',11'\n", script);
}

/* From 0 where all begins near it, and accuracies up to 100 %; else close about what there is. */
static void write_range(FILE *script, const onn_study_table *t, const onn_study_info *info)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < t->count; i++) {
		const onn_study_cell *c = &t->cell[i];
		low = fmin(low, fmin(c->mean, c->published));
		high = fmax(high, fmax(c->mean, c->published));
	}
	bool from0 = low >= 0 && low < 0.2 * high && !info->y_log;
	bool to100 = info->percent && high > 0.8 && high <= 1;
	fprintf(script, "set offsets 0, 0, %s, %s\nset yrange [%s:%s]\n",
	    to100 ? "0" : "graph 0.06", from0 ? "0" : "graph 0.06", from0 ? "0" : "*",
	    to100 ? "100" : "*");
}

static bool any_published(const onn_study_table *t, size_t series)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->cell[i].series == series && !isnan(t->cell[i].published))
			return true;
	return false;
}

static bool any_deviation(const onn_study_table *t, size_t series)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->cell[i].series == series && t->cell[i].deviation > 0)
			return true;
	return false;
}

/* A flat series is a level across the whole axis. */
static void plot_flat(FILE *script, const onn_study_table *t, size_t series, const char *hue)
{
	onn_study_info info = onn_study_about(t->study);
	double unit = info.percent ? 100 : 1;

	for (size_t i = 0; i < t->count; i++)
		if (t->cell[i].series == series && t->cell[i].measured) {
			fprintf(script, "%.12g with lines lw 2 dt 2 lc rgb '%s' title ",
			    unit * t->cell[i].mean, hue);
			quote(script, onn_study_series(t->study, series));
			fputs(" noenhanced, ", script);
		}
	if (any_published(t, series))
		for (size_t i = 0; i < t->count; i++)
			if (t->cell[i].series == series)
				fprintf(script, "%.12g with lines lw 1 dt 3 lc rgb '%s' notitle, ",
				    unit * t->cell[i].published, hue);
}

static void plot_series(FILE *script, const onn_study_table *t, size_t series, const char *hue)
{
	onn_study_info info = onn_study_about(t->study);
	bool words = info.words || info.points == 0;
	bool many = info.points > FEW;

	if (any_deviation(t, series))
		fprintf(script,
		    "$s%zu using 1:2:3 with yerrorbars ps 0 lw 1.5 dt 1 lc rgb '%s' notitle, ",
		    series, hue);
	fprintf(script, "$s%zu using 1:2 with %s lw 2 dt 1 lc rgb '%s' %s title ", series,
	    words  ? "points"
	    : many ? "lines"
	           : "linespoints",
	    hue, many && !words ? "" : "pt 7 ps 1");
	quote(script, onn_study_series(t->study, series));
	fputs(" noenhanced, ", script);
	if (any_published(t, series))
		fprintf(script,
		    "$s%zu using 1:4 with points pt 6 ps %s lw 1.5 lc rgb '%s' notitle, ", series,
		    many ? "0.8" : "1.6", hue);
}

static void write_figure(FILE *script, const void *user)
{
	const onn_study_table *t = user;
	onn_study_info info = onn_study_about(t->study);
	bool published = false;

	write_data(script, t, &info);
	write_axes(script, t, &info);
	write_range(script, t, &info);
	fputs("set datafile missing 'NaN'\n"
	      "set key outside right center vertical Left reverse samplen 2 spacing 1.2\n"
	      "plot ",
	    script);
	for (size_t s = 0; s < info.series; s++) {
		const char *hue = colour[s % COLOURS];
		published = published || any_published(t, s);
		if (is_flat(t, s) && info.points > 0)
			plot_flat(script, t, s, hue);
		else
			plot_series(script, t, s, hue);
	}
	fprintf(script, "NaN with points pt 6 ps 1.6 lw 1.5 lc rgb '#444444' %s\n",
	    published ? "title 'published'" : "notitle");
}

plot_result reproduce_figure(const onn_study_table *table, const char *folder)
{
	static const char *const name[] = {"plot.svg", "plot.png"};
	plot_result result = PLOT_DRAWN;
	bool measured = false;

	for (size_t i = 0; i < table->count; i++)
		measured = measured || table->cell[i].measured;
	if (!measured)
		return PLOT_DRAWN; /* there is nothing to be seen */
	for (size_t i = 0; i < sizeof name / sizeof *name && result == PLOT_DRAWN; i++) {
		char *path = path_join(folder, name[i]);
		if (!path)
			command_fail(&command_reproduce, "no memory");
		result = path ? plot_draw(&command_reproduce, path, WIDE, HIGH, write_figure, table)
		              : PLOT_FAILED;
		free(path);
	}
	return result;
}
