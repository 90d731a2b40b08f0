/* Loss and accuracy over the epochs, from metrics.csv. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "train.h"

typedef struct curves {
	char *csv; /* the rows, without the head */
	size_t epochs;
	bool accuracy;
} curves;

static void write_curves(FILE *script, const void *user)
{
	const curves *c = user;

	/* A single epoch has no extent: gnuplot would warn. */
	fprintf(script,
	    "$m << END\n%sEND\nset datafile separator ','\n"
	    "set xrange [%g:%g]\nset xlabel 'epoch'\nset key outside bottom center horizontal "
	    "samplen 3\nset bmargin %s\n",
	    c->csv, c->epochs > 1 ? 1.0 : 0.5, c->epochs > 1 ? (double)c->epochs : 1.5,
	    c->accuracy ? "5.5" : "3.5");
	if (c->epochs < 10)
		fputs("set xtics 1\n", script);
	const char *style = c->epochs < 40 ? "linespoints" : "lines";
	if (c->accuracy)
		fprintf(script,
		    "set title 'Accuracy on the two halves of the test set'\n"
		    "set ylabel 'accuracy / %%'\nset offsets 0, 0, 0, graph 0.05\n"
		    "set yrange [*:100]\n"
		    "plot $m using 1:(100*$3) with %s lt 1 title 'selection half', "
		    "$m using 1:(100*$4) with %s lt 2 title 'report half'\n",
		    style, style);
	else
		/* A loss that falls far is read on a logarithmic axis, another from 0. */
		fprintf(script,
		    "set title 'Loss on the training set'\nset ylabel 'mean loss of an epoch'\n"
		    "stats $m using 2 nooutput\n"
		    "if (STATS_max > 20 * STATS_min) { set logscale y; "
		    "set yrange [0.8 * STATS_min : 1.25 * STATS_max] } "
		    "else { set yrange [0 : 1.05 * STATS_max] }\n"
		    "plot $m using 1:2 with %s lt 1 notitle\n",
		    style);
}

static char *read_rows(const char *path, size_t *count)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	long size;

	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0 && (text = malloc((size_t)size + 1)))
		text[fread(text, 1, (size_t)size, file)] = '\0';
	fclose(file);
	if (!text)
		return NULL;
	char *rows = strchr(text, '\n');
	rows = rows ? rows + 1 : text + strlen(text);
	memmove(text, rows, strlen(rows) + 1);
	*count = 0;
	for (const char *p = text; *p; p++)
		*count += *p == '\n';
	return text;
}

bool train_plots(const command *owner, const char *folder)
{
	static const struct {
		const char *name;
		bool accuracy;
	} figure[] = {{"loss.svg", false}, {"loss.png", false}, {"accuracy.svg", true},
	    {"accuracy.png", true}};
	char *path = path_join(folder, "metrics.csv");
	curves c = {0};
	bool installed = true;

	if (path)
		c.csv = read_rows(path, &c.epochs);
	free(path);
	for (size_t i = 0; c.csv && c.epochs && installed && i < sizeof figure / sizeof *figure;
	     i++) {
		path = path_join(folder, figure[i].name);
		c.accuracy = figure[i].accuracy;
		if (path)
			installed =
			    plot_draw(owner, path, 760, 480, write_curves, &c) != PLOT_NO_GNUPLOT;
		free(path);
	}
	free(c.csv);
	return installed;
}
