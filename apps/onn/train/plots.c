/* Loss and accuracy over the epochs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot.h"
#include "train.h"

typedef struct curves {
	const onn_train_run *run;
	bool accuracy;
} curves;

static void plot_loss(FILE *script, const onn_train_run *run, const char *style)
{
	double low = run->epoch[0].train_loss, high = low;

	for (size_t i = 1; i < run->epochs; i++) {
		low = fmin(low, run->epoch[i].train_loss);
		high = fmax(high, run->epoch[i].train_loss);
	}
	fputs("set title 'Loss on the training set'\nset ylabel 'mean loss of an epoch'\n", script);
	/* A loss that falls far is read on a logarithmic axis, another from 0. */
	if (low > 0 && high > 20 * low)
		plot_log_axis(script, low, high);
	else
		fprintf(script, "set yrange [%.9g:%.9g]\n", fmin(0, 1.05 * low),
		    high > 0 ? 1.05 * high : 1);
	fprintf(script, "plot $m using 1:2 with %s lt 1 notitle\n", style);
}

static void write_curves(FILE *script, const void *user)
{
	const curves *c = user;
	size_t epochs = c->run->epochs;

	fputs("$m << END\n", script);
	for (size_t i = 0; i < epochs; i++) {
		const onn_train_epoch *e = &c->run->epoch[i];
		fprintf(script, "%zu %.9g %.9g %.9g\n", e->epoch, e->train_loss,
		    e->selection_accuracy, e->report_accuracy);
	}
	/* A single epoch has no extent: gnuplot would warn. */
	fprintf(script,
	    "END\nset xrange [%g:%g]\nset xlabel 'epoch'\n"
	    "set key outside bottom center horizontal samplen 3\nset bmargin %s\n",
	    epochs > 1 ? 1.0 : 0.5, epochs > 1 ? (double)epochs : 1.5, c->accuracy ? "5.5" : "3.5");
	if (epochs < 10)
		fputs("set xtics 1\n", script);
	const char *style = epochs < 40 ? "linespoints" : "lines";
	/* both lines are whole: dashes of a curve with many turns look like dots */
	if (c->accuracy)
		fprintf(script,
		    "set title 'Accuracy on the two halves of the test set'\n"
		    "set ylabel 'accuracy / %%'\nset offsets 0, 0, 0, graph 0.05\n"
		    "set yrange [*:100]\n"
		    "plot $m using 1:(100*$3) with %s lt 1 title 'selection half', $m using "
		    "1:(100*$4) with %s lt 2 dt 1 title 'report half'\n",
		    style, style);
	else
		plot_loss(script, c->run, style);
}

plot_result train_plots(const command *owner, const char *folder, const onn_train_run *run)
{
	static const struct {
		const char *name;
		bool accuracy;
	} figure[] = {{"loss.svg", false}, {"loss.png", false}, {"accuracy.svg", true},
	    {"accuracy.png", true}};
	plot_result all = PLOT_DRAWN;

	for (size_t i = 0;
	     run->epochs && all != PLOT_NO_GNUPLOT && i < sizeof figure / sizeof *figure; i++) {
		plot_result one = PLOT_FAILED;
		const curves c = {run, figure[i].accuracy};
		char *path = path_join(folder, figure[i].name);
		if (path)
			one = plot_draw(owner, path, 760, 480, write_curves, &c);
		else
			command_fail(owner, "%s is not drawn: no memory", figure[i].name);
		free(path);
		if (one != PLOT_DRAWN)
			all = one;
	}
	return all;
}
