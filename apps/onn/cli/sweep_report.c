/* What the runs of lists came to: a table and a figure. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "sweep_work.h"

enum { LABEL = 80 };

static void write_table(FILE *file, const void *user)
{
	const sweep *s = user;
	char name[SWEEP_NAME];

	for (size_t k = 0; k < s->axes; k++)
		fprintf(file, "%s%s", k ? "," : "", s->axis[k].row->name);
	for (size_t f = 0; f < s->kind->kept; f++)
		fprintf(file, ",%s", s->kind->figure[f]);
	fprintf(file, "%s\n", s->kind->file ? ",file" : "");
	for (size_t run = 0; run < s->runs; run++) {
		for (size_t k = 0; k < s->axes; k++)
			fprintf(
			    file, "%s%.9g", k ? "," : "", s->axis[k].value[sweep_place(s, run, k)]);
		for (size_t f = 0; f < s->kind->kept; f++) {
			double x = jobs_numbers(&s->jobs, run)[f];
			if (isnan(x))
				fputc(',', file);
			else
				fprintf(file, ",%.9g", x);
		}
		sweep_name(name, s, run, false);
		if (s->kind->file) /* it may have commas */
			fprintf(file, ",\"%s%s\"", name, s->kind->file);
		fputc('\n', file);
	}
}

static void print_table(const sweep *s)
{
	putchar('\n');
	for (size_t k = 0; k < s->axes; k++)
		printf("%14s", s->axis[k].row->name);
	for (size_t f = 0; f < s->kind->figures; f++)
		printf("  %18s", s->kind->figure[f]);
	putchar('\n');
	for (size_t run = 0; run < s->runs; run++) {
		for (size_t k = 0; k < s->axes; k++)
			printf("%14s", s->axis[k].name[sweep_place(s, run, k)]);
		for (size_t f = 0; f < s->kind->figures; f++) {
			double x = jobs_numbers(&s->jobs, run)[f];
			if (isnan(x))
				printf("  %18s", "-");
			else if (s->kind->part && s->kind->part[f])
				printf("  %16.2f %%", 100 * x);
			else
				printf("  %18.6g", x);
		}
		putchar('\n');
	}
}

/* The ends of the numbers along an axis. */
typedef struct span {
	double low, high;
	plot_unit unit; /* that its labels are in */
} span;

static void reach(span *s, double value)
{
	s->low = fmin(s->low, value);
	s->high = fmax(s->high, value);
}

static span settle(span s, const char *unit)
{
	s.unit = plot_unit_of(fmax(fabs(s.low), fabs(s.high)), unit);
	s.low /= s.unit.factor;
	s.high /= s.unit.factor;
	return s;
}

static double drawn(const sweep *s, size_t run)
{
	return s->kind->factor * jobs_numbers(&s->jobs, run)[0];
}

/* What a person calls an option. */
static const char *label_of(char label[LABEL], const option_row *row)
{
	snprintf(label, LABEL, "%s", row->label ? row->label : row->name);
	for (char *c = label; !row->label && *c; c++)
		if (*c == '-')
			*c = ' ';
	return label;
}

static void write_label(FILE *script, char axis, const char *label, const plot_unit *unit)
{
	fprintf(script, "set %clabel \"%s%s%s\" noenhanced\n", axis, label,
	    unit->text[0] ? " / " : "", unit->text);
}

static void write_axes(FILE *script, const sweep *s, const span *x, const span *y)
{
	char label[LABEL];
	double beyond = 0.04 * (x->high - x->low), factor = pow(x->high / x->low, 0.04);
	bool logarithmic = x->low > 0 && x->high > 20 * x->low;

	if (logarithmic)
		fputs("set logscale x\nset format x '%g'\n", script);
	fprintf(script, "set xrange [%.9g:%.9g]\nset offsets 0, 0, graph 0.05, graph 0.05\n",
	    logarithmic ? x->low / factor : x->low - beyond,
	    logarithmic ? x->high * factor : x->high + beyond);
	write_label(script, 'x', label_of(label, s->axis[0].row), &x->unit);
	write_label(script, 'y', s->kind->label, &y->unit);
}

/* The values of the other lists. */
static void write_title(FILE *script, const sweep *s, size_t curve)
{
	char label[LABEL];

	if (s->axes == 1) {
		fputs("notitle", script);
		return;
	}
	for (size_t k = 1; k < s->axes; k++)
		fprintf(script, "%s%s %s", k > 1 ? ", " : "title \"",
		    label_of(label, s->axis[k].row), s->axis[k].name[sweep_place(s, curve, k)]);
	fputs("\" noenhanced", script);
}

/* The longest list along x, a curve for each of the others' values. */
static void write_figure(FILE *script, const void *user)
{
	const sweep *s = user;
	const sweep_axis *a = &s->axis[0];
	size_t curves = s->runs / a->count;
	span x = {INFINITY, -INFINITY, {1, ""}}, y = x;

	for (size_t i = 0; i < a->count; i++)
		reach(&x, a->value[i]);
	for (size_t run = 0; run < s->runs; run++)
		reach(&y, drawn(s, run));
	x = settle(x, sweep_number(a->row)->unit);
	y = settle(y, s->kind->unit);
	write_axes(script, s, &x, &y);
	for (size_t j = 0; j < curves; j++) {
		fprintf(script, "$c%zu << END\n", j);
		for (size_t i = 0; i < a->count; i++)
			fprintf(script, "%.9g %.9g\n", a->value[i] / x.unit.factor,
			    drawn(s, i * curves + j) / y.unit.factor);
		fputs("END\n", script);
	}
	/* beside the curves, which go anywhere */
	fputs("set key outside right top vertical samplen 2\nplot ", script);
	for (size_t j = 0; j < curves; j++) {
		fprintf(script, "%s$c%zu using 1:2 with linespoints lt %zu dt 1 ps 0.8 ",
		    j ? ", " : "", j, j + 1);
		write_title(script, s, j);
	}
	fputc('\n', script);
}

int sweep_report(const sweep *s)
{
	static const char *const figure[] = {"sweep.svg", "sweep.png"};
	int code = path_write(s->c, s->out, "sweep.csv", write_table, s);

	if (!code)
		print_table(s);
	for (size_t i = 0; i < 2 && !code; i++) {
		char *path = path_join(s->out, figure[i]);
		if (!path)
			return command_fail(s->c, "no memory");
		plot_result result = plot_draw(s->c, path, 800, 520, write_figure, s);
		free(path);
		if (result == PLOT_NO_GNUPLOT)
			break;
		code = result == PLOT_DRAWN ? EXIT_OK : EXIT_FAILED;
	}
	return code;
}
