/* onn pulse --fit: what a measured absorber is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "pulse/fit.h"
#include "result.h"

enum { CURVE = 400 };

static const char *const names[] = {ONN_PULSE_FIT_WORDS};

typedef struct work {
	const pulse_settings *s;
	onn_pulse_fit fit;
	onn_array *table;
	size_t count;
	double *x, *y, *sigma, *model; /* sigma: NULL without a third column */
	onn_pulse_fitted found;
} work;

static const char *unit_of(int parameter)
{
	return parameter == ONN_PULSE_FIT_T1                                      ? "s"
	       : parameter == ONN_PULSE_FIT_FSAT || parameter == ONN_PULSE_FIT_F2 ? "J/m^2"
	                                                                          : NULL;
}

static const char *unit_shown(int parameter)
{
	const char *unit = unit_of(parameter);
	return !unit ? "" : strcmp(unit, "s") == 0 ? " s" : " J/m²";
}

/* ---- what is asked for ---- */

/* "loss=0.01,f2": numbers become starts; `fix` says whether they are kept. */
static int take_list(onn_pulse_fit *fit, const char *option, const char *text, bool fix)
{
	while (*text) {
		size_t length = strcspn(text, ","), name = strcspn(text, "=,");
		onn_setting number = {.kind = ONN_SETTING_REAL, .infinite = true};
		int which = 0;
		while (which < ONN_PULSE_FIT_COUNT &&
		       (strlen(names[which]) != name || memcmp(names[which], text, name) != 0))
			which++;
		number.unit = unit_of(which);
		bool valued = name < length, fine = which < ONN_PULSE_FIT_COUNT && (valued || fix);
		if (fine && valued)
			fine = number_parse(
			    &fit->start[which], &number, text + name + 1, length - name - 1);
		if (!fine)
			return command_usage(&command_pulse,
			    "--%s has '%.*s'; expected %s of fsat, depth, loss, f2, t1, fluence "
			    "with commas, such as loss=0.01",
			    option, (int)length, text, fix ? "names or numbers" : "numbers");
		if (fix)
			fit->fixed[which] = true;
		text += length + (text[length] == ',');
	}
	return EXIT_OK;
}

static int set_up(work *w)
{
	const pulse_settings *s = w->s;
	w->fit = (onn_pulse_fit)ONN_PULSE_FIT_INIT;
	w->fit.data = (onn_pulse_data)s->r.fit_data;
	w->fit.profile = s->e.profile;
	if (w->fit.data == ONN_PULSE_DATA_DELAY) {
		if (s->fluence.count != 1 || s->fluence.with_unit)
			return command_usage(&command_pulse,
			    "--fit-data delay needs --fluence, one number: the pump's over Fsat");
		w->fit.start[ONN_PULSE_FIT_FLUENCE] = s->fluence.value[0];
	}
	int code = take_list(&w->fit, "start", s->r.start, false);
	return code ? code : take_list(&w->fit, "fix", s->r.fix, true);
}

/* In SI, whatever the first line says the numbers are in. */
static int read_table(work *w)
{
	static const pulse_column fluences[] = {{"fluences", "J/m^2", "(mJ/cm^2)", false},
	    {"transmissions", NULL, "(%)", false}, {"deviations", NULL, "(%)", false}},
	                          delays[] = {{"delays", "s", "(ps)", false},
	                              {"transmissions", NULL, "(%)", false},
	                              {"deviations", NULL, "(%)", false}};
	double factor[3] = {1, 1, 1};
	onn_status status = onn_pulse_table_load(&w->table, w->s->fit, 2);
	if (status)
		return command_status(&command_pulse, status);
	size_t columns = onn_array_shape(w->table)[1];
	if (columns > 3)
		return command_fail(&command_pulse,
		    "%s has %zu columns; expected 2 or 3: %s, transmission and, if it is known, "
		    "its standard deviation",
		    w->s->fit, columns,
		    w->fit.data == ONN_PULSE_DATA_FLUENCE ? "fluence" : "delay");
	int code = pulse_header(
	    factor, w->s->fit, w->fit.data == ONN_PULSE_DATA_FLUENCE ? fluences : delays, 3);
	if (!code)
		pulse_scale(w->table, factor, 3);
	return code;
}

static int load(work *w)
{
	int code = read_table(w);
	if (code)
		return code;
	size_t columns = onn_array_shape(w->table)[1];
	const double *from = onn_array_const_data(w->table);
	w->count = onn_array_shape(w->table)[0];
	w->x = malloc(4 * w->count * sizeof *w->x);
	if (!w->x)
		return command_status(&command_pulse, command_no_memory());
	w->y = w->x + w->count;
	w->model = w->y + w->count;
	w->sigma = columns > 2 ? w->model + w->count : NULL;
	for (size_t i = 0; i < w->count; i++) {
		w->x[i] = from[i * columns];
		w->y[i] = from[i * columns + 1];
		if (w->sigma)
			w->sigma[i] = from[i * columns + 2];
	}
	return EXIT_OK;
}

/* ---- what is told ---- */

static void tell(const work *w, FILE *out)
{
	const onn_pulse_fitted *f = &w->found;
	char value[48], error[48];

	fprintf(out, "%zu points, %zu parameters, noise %.3g%s\n", f->points, f->parameters,
	    f->noise, w->sigma ? " of the deviations given" : " a point");
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++) {
		if (!f->free[i])
			continue;
		if (i == ONN_PULSE_FIT_F2 && f->error[i] == 0) {
			fprintf(out, "%-8s none seen; above %.4g J/m²\n", names[i], f->f2_least);
			continue;
		}
		snprintf(value, sizeof value, "%.6g", f->value[i]);
		snprintf(error, sizeof error, "%.2g", f->error[i]);
		fprintf(out, "%-8s %s ± %s%s", names[i], value, error, unit_shown(i));
		if (i == ONN_PULSE_FIT_F2)
			fprintf(out, ", above %.4g", f->f2_least);
		fputc('\n', out);
	}
	fprintf(out, "modulation depth %.5g ± %.2g, unsaturable loss %.5g ± %.2g\n", f->modulation,
	    f->modulation_error, f->lost, f->lost_error);
	fputs("correlations\n        ", out);
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++)
		if (f->free[i])
			fprintf(out, "%9s", names[i]);
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++) {
		if (!f->free[i])
			continue;
		fprintf(out, "\n%-8s", names[i]);
		for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++)
			if (f->free[k])
				fprintf(out, "%9.4f", f->correlation[i][k]);
	}
	fputc('\n', out);
}

static int tell_json(const work *w)
{
	const onn_pulse_fitted *f = &w->found;
	result r = result_begin(&command_pulse);

	result_text(&r, "fit", w->s->fit);
	result_whole(&r, "points", f->points);
	result_real(&r, "noise", f->noise, NULL);
	result_real(&r, "chi2", f->chi2, NULL);
	result_real(&r, "modulation", f->modulation, NULL);
	result_real(&r, "modulation_error", f->modulation_error, NULL);
	result_real(&r, "lost", f->lost, NULL);
	result_real(&r, "lost_error", f->lost_error, NULL);
	result_real(&r, "f2_least", f->f2_least, "J/m^2");
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++) {
		if (!f->free[i])
			continue;
		double row[ONN_PULSE_FIT_COUNT];
		size_t count = 0;
		for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++)
			if (f->free[k])
				row[count++] = f->correlation[i][k];
		result_row(&r, "parameters");
		result_text(&r, "name", names[i]);
		result_real(&r, "value", f->value[i], NULL);
		result_real(&r, "error", f->error[i], NULL);
		result_text(&r, "unit", unit_of(i) ? unit_of(i) : "");
		result_reals(&r, "correlations", row, count, NULL);
		result_leave(&r);
	}
	return result_end(&r, EXIT_OK);
}

static void write_csv(FILE *file, const void *user)
{
	const work *w = user;

	fprintf(file, "%s,measured,fit,residual\n",
	    w->fit.data == ONN_PULSE_DATA_FLUENCE ? "fluence" : "delay");
	for (size_t i = 0; i < w->count; i++)
		fprintf(file, "%.12g,%.12g,%.12g,%.12g\n", w->x[i], w->y[i], w->model[i],
		    w->y[i] - w->model[i]);
}

/* ---- the figure ---- */

static void write_curve(FILE *script, const work *w, double low, double high, double factor)
{
	bool logarithmic = w->fit.data == ONN_PULSE_DATA_FLUENCE;

	fputs("$fit << END\n", script);
	for (int i = 0; i <= CURVE; i++) {
		double part = i / (double)CURVE, y;
		double x = logarithmic ? low * pow(high / low, part) : low + (high - low) * part;
		if (onn_pulse_fit_model(&y, &w->fit, w->found.value, &x, 1))
			break;
		fprintf(script, "%.9g %.9g\n", x / factor, y);
	}
	fputs("END\n$data << END\n", script);
	for (size_t i = 0; i < w->count; i++)
		fprintf(script, "%.9g %.9g %.9g %.9g\n", w->x[i] / factor, w->y[i],
		    w->sigma ? w->sigma[i] : 0, w->y[i] - w->model[i]);
	fputs("END\n", script);
}

static void write_figure(FILE *script, const void *user)
{
	const work *w = user;
	bool fluence = w->fit.data == ONN_PULSE_DATA_FLUENCE;
	const char *prefix, *points = w->sigma ? "yerrorbars" : "points";
	const int main_one = fluence ? ONN_PULSE_FIT_FSAT : ONN_PULSE_FIT_T1;
	double low = INFINITY, high = 0, most = 1e-12;
	char value[48], error[48];

	for (size_t i = 0; i < w->count; i++) {
		low = fmin(low, w->x[i]);
		high = fmax(high, w->x[i]);
		most = fmax(most, fabs(w->y[i] - w->model[i]));
	}
	double factor = pulse_prefix(&prefix, high);
	write_curve(script, w, low, high, factor);
	fprintf(script,
	    "set multiplot\nset lmargin 12\nset rmargin 4\nset origin 0,0.3\nset size 1,0.7\n"
	    "set bmargin 1\nset format x ''\nset key %s\n%sset xrange [%.9g:%.9g]\n"
	    "set ylabel 'transmission'\nset title 'Modulation depth %.4g ± %.2g, %s %s ± %s'\n"
	    "plot $fit with lines lt 1 title 'fit', $data using 1:2%s with %s lt 2 dt 1 title "
	    "'measured'\n",
	    fluence ? "left top" : "right top", fluence ? "set logscale x\n" : "", low / factor,
	    high / factor, w->found.modulation, w->found.modulation_error,
	    fluence ? "F_{sat}" : "T_1",
	    pulse_quantity(value, sizeof value, w->found.value[main_one], fluence ? "J/m²" : "s"),
	    pulse_quantity(error, sizeof error, w->found.error[main_one], fluence ? "J/m²" : "s"),
	    w->sigma ? ":3" : "", points);
	fprintf(script,
	    "set origin 0,0\nset size 1,0.3\nset tmargin 0.5\nset bmargin 3.5\nunset title\n"
	    "set format x '%%g'\nset ylabel 'residual'\nset xlabel '%s / %s%s'\nunset key\n"
	    "set ytics %.1g\nset zeroaxis lt 1 lw 1\n"
	    "plot $data using 1:4%s with %s lt 2 dt 1\nunset multiplot\n",
	    fluence ? "fluence" : "delay", prefix, fluence ? "J/m²" : "s", most,
	    w->sigma ? ":3" : "", points);
}

static int draw(const work *w)
{
	return plot_code(&command_pulse, "--plot",
	    plot_draw(&command_pulse, w->s->plot, 800, 620, write_figure, w));
}

static int run_fit(work *w)
{
	int code = set_up(w);

	if (!code)
		code = load(w);
	if (code)
		return code;
	onn_status status = onn_pulse_fit_run(&w->found, &w->fit, w->x, w->y, w->sigma, w->count);
	if (!status)
		status = onn_pulse_fit_model(w->model, &w->fit, w->found.value, w->x, w->count);
	if (status)
		return command_status(&command_pulse, status);
	bool taken = w->s->csv && strcmp(w->s->csv, "-") == 0;
	if (w->s->json)
		code = tell_json(w);
	else
		tell(w, taken ? stderr : stdout);
	if (code)
		return code;
	if (taken)
		write_csv(stdout, w);
	else if (w->s->csv)
		code = path_write(&command_pulse, NULL, w->s->csv, write_csv, w);
	return !code && w->s->plot ? draw(w) : code;
}

int pulse_fit(const pulse_settings *s)
{
	work w = {.s = s};
	int code = run_fit(&w);

	onn_array_destroy(w.table);
	free(w.x);
	return code;
}
