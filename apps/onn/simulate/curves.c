#include "simulate/curves.h"

#include <math.h>

#include "plot.h"

typedef enum measure { LIGHT, PEAK, HALF, WIDTH, OVERLAP, MEASURES } measure;

static double value_of(const onn_light_measure *m, measure which)
{
	const double value[MEASURES] = {[LIGHT] = 100 * m->share,
	    [PEAK] = m->peak,
	    [HALF] = m->fwhm[1],
	    [WIDTH] = m->width[1],
	    [OVERLAP] = m->overlap};
	return value[which];
}

static void reach(double end[2], double v)
{
	end[0] = fmin(end[0], v);
	end[1] = fmax(end[1], v);
}

/* The ends of a measure of all curves; both 0 where it is nowhere a number. */
static void ends_of(double end[2], const light_curves *all, measure which)
{
	end[0] = INFINITY, end[1] = -INFINITY;
	for (size_t k = 0; k < all->count; k++)
		for (size_t i = 0; i < all->curve[k].count; i++) {
			double v = value_of(&all->curve[k].measure[i], which);
			if (isfinite(v))
				reach(end, v);
		}
	if (end[0] > end[1])
		end[0] = end[1] = 0;
}

static void ends_of_x(double end[2], const light_curves *all)
{
	end[0] = INFINITY, end[1] = -INFINITY;
	for (size_t k = 0; k < all->count; k++)
		for (size_t i = 0; i < all->curve[k].count; i++)
			reach(end, all->curve[k].x[i]);
}

/* Numbers, or what stands at each. */
static plot_unit write_x_axis(FILE *script, const light_curves *all)
{
	double end[2];

	ends_of_x(end, all);
	plot_unit x = plot_unit_of(fmax(fabs(end[0]), fabs(end[1])), all->x_unit);
	fprintf(script, "set xlabel '%s%s%s'\n", all->x_name ? all->x_name : "",
	    x.text[0] ? " / " : "", x.text);
	if (!all->place) {
		if (end[0] > 0 && end[1] >= 20 * end[0])
			fputs("set logscale x\n", script);
		return x;
	}
	fprintf(script, "set xrange [-0.5:%zu.5]\nset xtics noenhanced rotate by -20 (",
	    all->places - 1);
	for (size_t i = 0; i < all->places; i++) {
		fputs(i ? ", " : "", script);
		plot_quote(script, all->place[i], 40);
		fprintf(script, " %zu", i);
	}
	fputs(")\n", script);
	return x;
}

static void write_points(
    FILE *script, const light_curve *c, double x_factor, double y_factor, measure which)
{
	for (size_t i = 0; i < c->count; i++) {
		double v = value_of(&c->measure[i], which);
		if (isfinite(v))
			fprintf(script, "%.9g %.9g\n", c->x[i] / x_factor, v / y_factor);
		else
			fprintf(script, "%.9g NaN\n", c->x[i] / x_factor);
	}
	fputs("END\n", script);
}

static void write_panel(FILE *script, const light_curves *all, measure which)
{
	static const char *const title[MEASURES] = {"light that arrives", "peak intensity",
	    "full width at half of the peak, x", "width (two standard deviations), x",
	    "overlap with the target"};
	bool length = which == HALF || which == WIDTH;
	double end[2];

	ends_of(end, all, which);
	plot_unit x = write_x_axis(script, all);
	plot_unit y = plot_unit_of(end[1], length ? "m" : which == LIGHT ? "%" : NULL);
	/* from 0 on, unless all of it is far above */
	bool near = end[0] >= 0 && end[0] < end[1] / 2;
	fputs(near ? "set yrange [0:*]\nset offsets 0, 0, graph 0.1, 0\n"
	           : "set autoscale y\nset offsets 0, 0, graph 0.1, graph 0.1\n",
	    script);
	fprintf(script, "set title '%s'\nset ylabel '%s'\n", title[which],
	    which == PEAK ? "|E|^2 / arb. units" : y.text);
	for (size_t k = 0; k < all->count; k++) {
		fprintf(script, "$m%d_%zu << END\n", (int)which, k);
		write_points(script, &all->curve[k], x.factor, y.factor, which);
	}
	fputs("plot ", script);
	for (size_t k = 0; k < all->count; k++) {
		fprintf(script, "%s$m%d_%zu using 1:2 with %s lt %zu title ", k ? ", " : "",
		    (int)which, k, all->place ? "points ps 1.2" : "linespoints", k + 1);
		plot_quote(script, all->curve[k].name, 60);
		fputs(" noenhanced", script);
	}
	fputc('\n', script);
}

void light_curves_write(FILE *script, const void *user)
{
	const light_curves *all = user;
	bool several = all->count > 1;
	double overlap[2];

	ends_of(overlap, all, OVERLAP);
	fprintf(script,
	    "set multiplot layout 2,2\nset tmargin 2.5\nset bmargin %d\nset lmargin 11\n"
	    "set rmargin 3\nset xlabel noenhanced\nset key %s\n",
	    (several ? 6 : 4) + (all->place ? 1 : 0),
	    several ? "outside bottom center horizontal samplen 2" : "off");
	write_panel(script, all, LIGHT);
	write_panel(script, all, PEAK);
	write_panel(script, all, HALF);
	write_panel(script, all, overlap[1] > 0 ? OVERLAP : WIDTH);
	fputs("unset multiplot\n", script);
}
