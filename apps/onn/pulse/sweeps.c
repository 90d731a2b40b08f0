/*
 * Panels of sweeps: what depends on what, with the limits that are known in closed form.
 */
#include <math.h>
#include <stdio.h>

#include <onn/saturable.h>

#include "pulse/figure.h"

enum { MEAN_PARTS = 200 };

/* Fluence over Fsat becomes joules where Fsat is known. */
static double fluence_axis(FILE *script, const figure *f, double largest)
{
	double fsat = f->w->sample.fsat;
	if (fsat > 0)
		return figure_axis(script, "x", "fluence", largest * fsat, "J/m²") / fsat;
	fputs("set xlabel 'fluence / F_{sat}'\n", script);
	return 1;
}

static double largest_of(const number_list *list)
{
	double most = 0;
	for (size_t i = 0; i < list->count; i++)
		most = fmax(most, fabs(list->value[i]));
	return most;
}

static bool is_logarithmic(const number_list *list)
{
	double low = INFINITY, high = 0;
	for (size_t i = 0; i < list->count; i++) {
		low = fmin(low, list->value[i]);
		high = fmax(high, list->value[i]);
	}
	return low > 0 && high >= 20 * low;
}

/* ---- sweeps ---- */

/* Where an axis of the points goes: they are depth, detuning, width, fluence, the last fastest. */
typedef struct sweep {
	const number_list *list;
	size_t stride; /* from one of its values to the next */
} sweep;

static size_t length(const number_list *l) { return l->count ? l->count : 1; }

static sweep sweep_of(const figure *f, const number_list *list)
{
	const pulse_settings *s = f->w->s;
	const number_list *const order[] = {&s->fluence, &s->width, &s->detuning, &s->depth};
	size_t stride = 1;
	for (size_t i = 0; i < 4 && order[i] != list; i++)
		stride *= length(order[i]);
	return (sweep){list, stride};
}

/* The first point of curve c: those along the sweep are left out of the count. */
static size_t first_of(const sweep *s, size_t c)
{
	return c / s->stride * s->stride * s->list->count + c % s->stride;
}

static size_t curves(const figure *f, const sweep *s)
{
	size_t n = f->w->count / s->list->count;
	return n < MOST_CURVES ? n : MOST_CURVES;
}

/* What tells a curve from the others. */
static void curve_title(FILE *script, const figure *f, const sweep *s, size_t point)
{
	const pulse_settings *all = f->w->s;
	const onn_pulse_point *p = &f->w->point[point];
	const char *between = "";
	char text[48];

	if (all->depth.count > 1 && s->list != &all->depth)
		fprintf(script, " OD %.3g", p->depth), between = ",";
	if (all->detuning.count > 1 && s->list != &all->detuning)
		fprintf(script, "%s Δ %.3g", between, p->detuning), between = ",";
	if (all->width.count > 1 && s->list != &all->width)
		fprintf(script, "%s %s", between, pulse_quantity(text, sizeof text, p->width, "s")),
		    between = ",";
	if (all->fluence.count > 1 && s->list != &all->fluence)
		fprintf(script, "%s %.3g F_{sat}", between, p->fluence);
}

/* ---- limits ---- */

static double steady(double s, double depth, double loss)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	onn_response r;
	a.medium = ONN_MEDIUM_THICK;
	a.encoding = ONN_ENCODING_INTENSITY;
	a.depth = depth;
	a.loss = loss;
	return onn_absorber_response(&r, &a, &s, 1) ? NAN : r.output / s;
}

/* A limit of the transmission, of a Gaussian beam its mean; NaN: none in closed form. */
static double limit_at(const figure *f, const onn_pulse_point *p, double fluence, bool of_slow)
{
	bool beam = f->w->experiment.profile == ONN_PULSE_GAUSSIAN_BEAM;
	size_t parts = beam ? MEAN_PARTS : 1;
	double wide = 1 + p->detuning * p->detuning, sum = 0;
	onn_pulse_light l = f->w->experiment.light;

	l.width = p->width;
	for (size_t i = 0; i < parts; i++) {
		double at = beam ? 2 * fluence * ((double)i + .5) / (double)parts : fluence;
		double s = at * onn_pulse_light_peak(&l) * p->t1;
		sum += of_slow ? exp(-p->loss) *
		                     onn_pulse_slow_fluence(at / wide, p->depth / wide) * wide / at
		               : (isinf(p->t1) ? NAN : steady(s / wide, p->depth / wide, p->loss));
	}
	return sum / (double)parts;
}

static void write_fluences(FILE *script, const figure *f, const sweep *s, double unit)
{
	for (size_t c = 0; c < curves(f, s); c++) {
		fprintf(script, "$t%zu << END\n", c);
		for (size_t i = 0; i < s->list->count; i++) {
			size_t at = first_of(s, c) + i * s->stride;
			const onn_pulse_outcome *o = &f->w->results->outcome[at];
			const onn_pulse_point *p = &f->w->point[at];
			double wide = 1 + p->detuning * p->detuning;
			fprintf(script, "%.9g %.9g %.9g %.9g %.9g %.9g %.9g\n", p->fluence / unit,
			    o->transmission, exp(-p->depth / wide - p->loss),
			    limit_at(f, p, fmax(p->fluence, 1e-12), true),
			    limit_at(f, p, fmax(p->fluence, 1e-12), false), o->probe,
			    o->derivative);
		}
		fputs("END\n", script);
	}
}

void draw_fluence(FILE *script, const figure *f)
{
	const number_list *list = &f->w->s->fluence;
	sweep s = sweep_of(f, list);
	size_t n = curves(f, &s);
	bool limits = n == 1 && f->w->experiment.classes == 1;
	double unit = fluence_axis(script, f, largest_of(list));

	write_fluences(script, f, &s, unit);
	if (is_logarithmic(list))
		fprintf(script, "set logscale x\nset xrange [%.9g:%.9g]\n",
		    f->w->point[0].fluence / unit,
		    f->w->point[(list->count - 1) * s.stride].fluence / unit);
	const onn_pulse_outcome *o = f->w->results->outcome;
	figure_range(script, o[0].transmission, o[f->w->count - 1].transmission);
	fputs("set ylabel 'transmission'\nset title 'Transmission against fluence'\n" FIGURE_KEY
	      "plot ",
	    script);
	if (limits) {
		fputs(
		    "$t0 using 1:3 with lines lc rgb '#888888' dt 3 lw 2 title 'linear', ", script);
		fputs("$t0 using 1:4 with lines lc rgb '#009e73' dt 2 lw 2 title 'slow "
		      "absorber (Frantz, Nodvik)', ",
		    script);
		if (isfinite(f->w->sample.t1))
			fputs("$t0 using 1:5 with lines lc rgb '#d55e00' dt 4 lw 2 title 'steady "
			      "state at the peak', ",
			    script);
	}
	for (size_t c = 0; c < n; c++) {
		fprintf(script, "%s$t%zu using 1:2 with linespoints lt 1 lc %zu title 'pulse",
		    c ? ", " : "", c, n == 1 ? 1 : c + 1);
		curve_title(script, f, &s, first_of(&s, c));
		fputs("'", script);
	}
	fputs("\nset autoscale y\nset title 'What the probe measures'\n"
	      "set ylabel 'd(fluence out)/d(fluence in)'\nplot ",
	    script);
	for (size_t c = 0; c < n; c++) {
		fprintf(script, "%s$t%zu using 1:7 with lines lw 2 lc %zu title 'derivative",
		    c ? ", " : "", c, c + 1);
		curve_title(script, f, &s, first_of(&s, c));
		fprintf(script, "', $t%zu using 1:6 with points pt 6 lc %zu title '%s'", c, c + 1,
		    c ? "" : "probe right behind the pulse");
	}
	fprintf(script, "\nunset logscale\nset autoscale\n" FIGURE_KEY);
}

/* Transmission along detuning, depth or width. */
static void draw_along(FILE *script, const figure *f, const number_list *list, const char *title,
    const char *label, const char *unit)
{
	sweep s = sweep_of(f, list);
	size_t n = curves(f, &s);
	double factor = 1;

	if (unit)
		factor = figure_axis(script, "x", label, largest_of(list), unit);
	else
		fprintf(script, "set xlabel '%s'\n", label);
	for (size_t c = 0; c < n; c++) {
		fprintf(script, "$a%zu << END\n", c);
		for (size_t i = 0; i < list->count; i++) {
			const onn_pulse_outcome *o =
			    &f->w->results->outcome[first_of(&s, c) + i * s.stride];
			fprintf(script, "%.9g %.9g %.9g\n", list->value[i] / factor,
			    o->transmission, o->probe);
		}
		fputs("END\n", script);
	}
	if (is_logarithmic(list))
		fputs("set logscale x\n", script);
	fprintf(script, "set ylabel 'transmission'\nset title '%s'\nplot ", title);
	for (size_t c = 0; c < n; c++) {
		fprintf(script,
		    "%s$a%zu using 1:2 smooth unique with linespoints lt 1 lc %zu title "
		    "'pulse",
		    c ? ", " : "", c, c + 1);
		curve_title(script, f, &s, first_of(&s, c));
		fprintf(script,
		    "', $a%zu using 1:3 smooth unique with lines lt 2 lc %zu title '%s'", c, c + 1,
		    c ? "" : "weak probe behind it");
	}
	fputs("\nunset logscale\n", script);
}

void draw_detuning(FILE *script, const figure *f)
{
	draw_along(script, f, &f->w->s->detuning, "Transmission against detuning",
	    "detuning / half linewidths", NULL);
}

void draw_depth(FILE *script, const figure *f)
{
	draw_along(script, f, &f->w->s->depth, "Transmission against optical depth",
	    "optical depth a_0", NULL);
}

void draw_width(FILE *script, const figure *f)
{
	draw_along(
	    script, f, &f->w->s->width, "Transmission against pulse width", "pulse width", "s");
}

/* ---- probes ---- */

/* The first probe of the delay that is nearest to the end of the pulse. */
static size_t right_behind(const pulse_settings *s)
{
	size_t found = 0;
	for (size_t i = 1; i < s->delay.count; i++)
		if (fabs(s->delay.value[i]) < fabs(s->delay.value[found]))
			found = i;
	return found * length(&s->probe_detuning);
}

static void draw_probe_list(FILE *script, const figure *f, bool delays)
{
	const pulse_settings *s = f->w->s;
	const number_list *along = delays ? &s->delay : &s->probe_detuning;
	size_t probes = pulse_probes(s), detunings = length(&s->probe_detuning);
	size_t stride = delays ? detunings : 1, first = delays ? 0 : right_behind(s);
	size_t n = f->w->count;
	double factor = 1, lowest = INFINITY, highest = 0;

	n = n < MOST_CURVES ? n : MOST_CURVES;
	if (delays)
		factor = figure_axis(script, "x",
		    s->r.grating > 0 ? "delay behind the pulse"
		                     : "delay behind the end of the pulse",
		    largest_of(along), "s");
	else
		fputs("set xlabel 'detuning of the probe / half linewidths'\n", script);
	for (size_t c = 0; c < n; c++) {
		fprintf(script, "$p%zu << END\n", c);
		for (size_t i = 0; i < along->count; i++) {
			double seen = f->w->probe[c * probes + first + i * stride];
			fprintf(script, "%.9g %.9g\n", along->value[i] / factor, seen);
			lowest = fmin(lowest, seen);
			highest = fmax(highest, seen);
		}
		fputs("END\n", script);
	}
	figure_range(script, lowest, highest);
	fprintf(script, "set ylabel 'transmission of a weak probe'\nset title '%s'\nplot ",
	    delays ? "Pump and probe" : "The probe against its detuning");
	for (size_t c = 0; c < n; c++) {
		sweep none = {NULL, 1};
		fprintf(script,
		    "%s$p%zu using 1:2 smooth unique with linespoints lt 1 lc %zu title '",
		    c ? ", " : "", c, c + 1);
		curve_title(script, f, &none, c);
		fputs("'", script);
	}
	fputs("\nset autoscale y\n", script);
}

void draw_delays(FILE *script, const figure *f) { draw_probe_list(script, f, true); }
void draw_probes(FILE *script, const figure *f) { draw_probe_list(script, f, false); }
