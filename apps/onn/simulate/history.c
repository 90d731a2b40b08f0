/* How an optimisation went: the loss and each free number by step. */
#include <math.h>
#include <stdio.h>

#include "simulate.h"

enum { COLUMNS = 2, WIDE = 1000, HIGH = 260 };

/* The ends of a column of the history. */
static void ends_of(double end[2], const simulate_work *w, size_t column)
{
	const size_t *shape = onn_array_shape(w->history);
	const double *number = onn_array_const_data(w->history);

	end[0] = INFINITY, end[1] = -INFINITY;
	for (size_t i = 0; i < shape[0]; i++) {
		end[0] = fmin(end[0], number[i * shape[1] + column]);
		end[1] = fmax(end[1], number[i * shape[1] + column]);
	}
}

static void write_panel(FILE *script, const simulate_work *w, size_t column)
{
	const size_t *shape = onn_array_shape(w->history);
	const double *number = onn_array_const_data(w->history);
	const char *name = column ? onn_system_free(w->system, column - 1) : "loss";
	const char *unit = column ? onn_system_row(w->system, name)->unit : NULL;
	double end[2];

	ends_of(end, w, column);
	plot_unit y = plot_unit_of(fmax(fabs(end[0]), fabs(end[1])), unit);
	fprintf(script, "set ylabel '%s%s%s'\n$h%zu << END\n", name, y.text[0] ? " / " : "", y.text,
	    column);
	for (size_t i = 0; i < shape[0]; i++)
		fprintf(script, "%zu %.9g\n", i, number[i * shape[1] + column] / y.factor);
	fprintf(script, "END\nplot $h%zu using 1:2 with lines lt %zu dt 1 notitle\n", column,
	    column % 7 + 1);
}

static void write_history(FILE *script, const void *user)
{
	const simulate_work *w = user;
	size_t count = onn_array_shape(w->history)[1];

	fprintf(script,
	    "set multiplot layout %zu,%d\nset lmargin 11\nset rmargin 3\nset key off\n"
	    "set xlabel 'step'\nset ylabel noenhanced\nset offsets 0, 0, graph 0.1, graph 0.1\n",
	    (count + COLUMNS - 1) / COLUMNS, COLUMNS);
	for (size_t i = 0; i < count; i++)
		write_panel(script, w, i);
	fputs("unset multiplot\n", script);
}

plot_result simulate_history_into(const simulate_work *w, FILE *drawn)
{
	size_t rows = (onn_array_shape(w->history)[1] + COLUMNS - 1) / COLUMNS;

	return plot_into(
	    &command_simulate, drawn, "history.svg", WIDE, HIGH * (int)rows, write_history, w);
}
