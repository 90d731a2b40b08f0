#include <math.h>
#include <stdio.h>

#include "compare/compare.h"
#include "plot.h"

/* Points of one column of one run; what is not known is left out. */
static void write_data(FILE *script, const compare_run *r, size_t i, size_t column)
{
	fprintf(script, "$d%zu_%zu << END\n", i, column);
	for (size_t row = 0; row < r->rows; row++) {
		double y = compare_metric(r, row, column);
		if (isfinite(y))
			fprintf(script, "%.9g %.9g\n", compare_metric(r, row, 0), y);
	}
	fputs("END\n", script);
}

/* As of one run: a loss that falls far is read on a logarithmic axis, another from 0. */
static void write_loss_axis(FILE *script, const compare_work *w, size_t column)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < w->count; i++)
		for (size_t row = 0; row < w->run[i].rows; row++) {
			low = fmin(low, compare_metric(&w->run[i], row, column));
			high = fmax(high, compare_metric(&w->run[i], row, column));
		}
	if (low > 0 && high > 20 * low)
		plot_log_axis(script, low, high);
	else if (isfinite(low) && isfinite(high))
		fprintf(script, "set yrange [%.9g:%.9g]\n", fmin(0, 1.05 * low),
		    high > 0 ? 1.05 * high : 1);
}

static void write_panel(FILE *script, const compare_work *w, size_t column, const char *scale)
{
	/* of curves that coincide those below are seen at the sides and between dashes */
	double most = w->count > 1 ? (double)(w->count - 1) : 1;

	fputs("plot ", script);
	for (size_t i = 0; i < w->count; i++) {
		fprintf(script,
		    "%s$d%zu_%zu using 1:(%s$2) with lines lw %.2f lt %zu dt %zu title ",
		    i ? ", " : "", i, column, scale, 1.5 + 2.5 * (most - (double)i) / most, i + 1,
		    i % 5 + 1);
		plot_quote(script, w->run[i].folder, 60);
		fputs(" noenhanced", script);
	}
	fputc('\n', script);
}

void compare_write_figure(FILE *script, const void *user)
{
	const compare_work *w = user;
	bool design = w->run[0].design;

	for (size_t i = 0; i < w->count; i++) {
		write_data(script, &w->run[i], i, design ? ONN_DESIGN_LOSS : ONN_TRAINING_LOSS);
		if (!design)
			write_data(script, &w->run[i], i, ONN_TRAINING_REPORT);
	}
	double last = 0;
	for (size_t i = 0; i < w->count; i++)
		last = fmax(last, compare_metric(&w->run[i], w->run[i].rows - 1, 0));
	fprintf(script,
	    "set multiplot layout 1,%d\nset key outside bottom center vertical samplen 3\n"
	    "set bmargin %zu\nset xrange [%g:%g]\nset xlabel '%s'\nset ylabel 'loss'\n",
	    design ? 1 : 2, w->count + 5, last > 1 ? 1.0 : 0.5, last > 1 ? last : 1.5,
	    design ? "step" : "epoch");
	write_loss_axis(script, w, design ? ONN_DESIGN_LOSS : ONN_TRAINING_LOSS);
	write_panel(script, w, design ? ONN_DESIGN_LOSS : ONN_TRAINING_LOSS, "");
	if (!design) {
		fputs("unset logscale y\nset yrange [*:100]\nset ytics autofreq\nset format y "
		      "'%g'\nset offsets 0, 0, 0, graph 0.05\nset ylabel 'accuracy on the "
		      "report half, %'\n",
		    script);
		write_panel(script, w, ONN_TRAINING_REPORT, "100*");
	}
	fputs("unset multiplot\n", script);
}
