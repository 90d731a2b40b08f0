/*
 * Figures: a pulse before and behind the medium and what it bleaches; sweeps. All axes are in real
 * units, where the medium has them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot.h"
#include "pulse/figure.h"

enum { MAP_SLOTS = 256, MAP_CELLS = 48 };

double figure_axis(
    FILE *script, const char *which, const char *what, double largest, const char *unit)
{
	const char *prefix;
	double factor = pulse_prefix(&prefix, largest);
	fprintf(script, "set %slabel '%s / %s%s'\n", which, what, prefix, unit);
	return factor;
}

void figure_range(FILE *script, double low, double high)
{
	fputs(low < high / 2 ? "set yrange [0:*]\n" : "set autoscale y\n", script);
}

/* ---- one pulse ---- */

/* Intensities are in W/m^2, or over Isat, or (a slow absorber has none) in Fsat a unit of time. */
static double intensity_axis(FILE *script, const figure *f, double time, double most)
{
	double fsat = f->w->sample.fsat, t1 = f->w->sample.t1;
	const char *prefix;

	if (fsat > 0)
		return figure_axis(script, "y", "intensity", most * fsat, "W/m²") / fsat;
	pulse_prefix(&prefix, time);
	if (isfinite(t1))
		fputs("set ylabel 'intensity / I_{sat}'\n", script);
	else
		fprintf(script, "set ylabel 'intensity / F_{sat} per %ss'\n", prefix);
	return isfinite(t1) ? 1 / t1 : 1 / time;
}

static void draw_pulse(FILE *script, const figure *f)
{
	const onn_pulse_results *r = f->w->results;
	const onn_pulse_outcome *o = &r->outcome[0];
	const double *in = onn_array_const_data(r->light_in),
	             *out = onn_array_const_data(r->light_out);
	double end = o->start + o->slot * (double)r->slots, most = 0;

	for (size_t i = 0; i < r->slots; i++)
		most = fmax(most, in[i] / o->slot);
	double time = figure_axis(script, "x", "time", fmax(fabs(o->start), fabs(end)), "s");
	double power = intensity_axis(script, f, time, most);
	fputs("$pulse << END\n", script);
	for (size_t i = 0; i < r->slots; i++)
		fprintf(script, "%.9g %.9g %.9g\n", (o->start + ((double)i + .5) * o->slot) / time,
		    in[i] / o->slot / power, out[i] / o->slot / power);
	fprintf(script,
	    "END\nset title 'Pulse: transmission %.4g'\nset yrange [0:*]\n"
	    "set xrange [%.9g:%.9g]\n"
	    "plot $pulse using 1:2 with filledcurves x1 fc rgb '#dddddd' title 'in', "
	    "$pulse using 1:3 with lines lt 1 title 'out'\nset autoscale\n",
	    o->transmission, o->start / time, end / time);
}

static void draw_map(FILE *script, const figure *f)
{
	const onn_pulse_trace *t = f->trace;
	const double *q = onn_array_const_data(t->bleached);
	double end = t->start + t->slot * (double)t->slots;
	double time = figure_axis(script, "x", "time", fmax(fabs(t->start), fabs(end)), "s");

	fputs("$map << END\n", script);
	for (size_t k = 0; k < t->cells; k++)
		for (size_t i = 0; i <= t->slots; i++)
			fprintf(
			    script, "%.6g%c", q[k * (t->slots + 1) + i], i < t->slots ? ' ' : '\n');
	fprintf(script,
	    "END\nset ylabel 'depth in the medium'\nset title 'Bleached fraction q'\n"
	    "set yrange [0:1]\nset xrange [%.9g:%.9g]\nset cbrange [0:*]\nunset grid\n"
	    "set palette defined (0 '#14142a', 1 '#0072b2', 2 '#e69f00', 3 '#ffffcc')\n"
	    "plot $map matrix using ((%.9g + $1 * %.9g)):(($2 + 0.5) / %zu.) : 3 with image "
	    "notitle\n"
	    "set autoscale\nset grid\n",
	    t->start / time, end / time, t->start / time, t->slot / time, t->cells);
}

/* ---- the figure ---- */

enum { LABELS = 4 }; /* lines below an axis, for its numbers and its name */

static void add(figure *f, bool wanted, panel draw)
{
	if (wanted && f->panels < MOST_PANELS)
		f->panel[f->panels++] = draw;
}

static size_t count_panels(const figure *f)
{
	size_t panels = f->panels;
	for (size_t i = 0; i < f->panels; i++)
		panels += f->panel[i] == draw_fluence; /* which are two */
	return panels;
}

/* Lines that the names of curves take below a panel at most: each may have one of its own. */
static size_t key_lines(const figure *f)
{
	size_t curves = 1, longest = 1, all = f->w->count;
	const number_list *const list[] = {
	    &f->w->s->fluence, &f->w->s->width, &f->w->s->detuning, &f->w->s->depth};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (list[i]->count > 2 && all / list[i]->count > curves)
			curves = all / list[i]->count;
	for (size_t i = 0; i < f->panels; i++)
		longest = f->panel[i] == draw_fluence ? 4 : longest; /* and its limits */
	curves = (curves < MOST_CURVES ? curves : MOST_CURVES) + 1;
	return curves > longest ? curves : longest;
}

static void write_figure(FILE *script, const void *user)
{
	const figure *f = user;
	size_t panels = count_panels(f);
	fprintf(script,
	    "set multiplot layout %d,%zu\n" FIGURE_KEY
	    "set tmargin 2.5\nset bmargin %d\nset lmargin 10\nset rmargin 4\n",
	    panels > 2 ? 2 : 1, panels > 2 ? (panels + 1) / 2 : panels, LABELS + (int)key_lines(f));
	for (size_t i = 0; i < f->panels; i++)
		f->panel[i](script, f);
	fputs("unset multiplot\n", script);
}

/* A sweep of two values has no curve of its own, unless it is all that there is. */
static void choose_panels(figure *f)
{
	const pulse_settings *s = f->w->s;
	bool one = f->w->count == 1;

	add(f, one, draw_pulse);
	add(f, one, draw_map);
	add(f, s->delay.count > 1, draw_delays);
	add(f, s->probe_detuning.count > 2, draw_probes);
	for (size_t least = 3; least == 3 || (least == 2 && f->panels == 0); least--) {
		add(f, s->fluence.count >= least, draw_fluence);
		add(f, s->detuning.count >= least, draw_detuning);
		add(f, s->depth.count >= least, draw_depth);
		add(f, s->width.count >= least, draw_width);
	}
}

int pulse_draw(const pulse_work *w)
{
	const pulse_settings *s = w->s;
	figure f = {.w = w};
	onn_pulse_experiment e = w->experiment;
	onn_status status = ONN_OK;
	int code = EXIT_OK;

	e.slots = MAP_SLOTS > w->results->slots ? (unsigned)w->results->slots : MAP_SLOTS;
	e.cells = MAP_CELLS;
	choose_panels(&f);
	if (w->count == 1)
		status = onn_pulse_trace_run(&f.trace, w->device, &e, w->point);
	if (status)
		return command_status(&command_pulse, status);
	size_t panels = count_panels(&f);
	int wide = panels > 2 ? 550 * (int)((panels + 1) / 2) : panels == 2 ? 1100 : 650;
	int height = (panels > 2 ? 2 : 1) * (400 + 20 * (int)key_lines(&f));
	code = plot_code(&command_pulse, "--plot",
	    plot_draw(&command_pulse, s->plot, wide, height, write_figure, &f));
	onn_pulse_trace_destroy(f.trace);
	return code;
}
