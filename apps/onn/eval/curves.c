#include "eval/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

const char *const curve_name[CURVE_ERRORS] = {"weight-noise", "activation-noise", "phase-noise",
    "bits", "misalign", "shot-photons", "product-photons"};
static const char *const csv_name[CURVE_ERRORS] = {"weight_noise", "activation_noise",
    "phase_noise", "bits", "misalign", "photons", "product_photons"};
static const struct {
	const char *text, *unit;
} axis_of[CURVE_ERRORS] = {{"noise of weights / root mean square", NULL},
    {"noise of activations / root mean square", NULL}, {"error of phases", "rad"},
    {"bits of a weight", NULL}, {"shift of plates", "m"}, {"photons of an image", NULL},
    {"photons of a multiplication", NULL}};

bool curves_are_there(const curves *c)
{
	for (int i = 0; i < CURVE_ERRORS; i++)
		if (c->list[i].count > 1)
			return true;
	return false;
}

void curves_set(onn_evaluate_options *damage, curve_error error, double value)
{
	double *const real[CURVE_ERRORS] = {[CURVE_WEIGHTS] = &damage->weight_noise,
	    [CURVE_ACTIVATIONS] = &damage->activation_noise,
	    [CURVE_PHASES] = &damage->phase_noise,
	    [CURVE_SHIFTS] = &damage->misalign,
	    [CURVE_PHOTONS] = &damage->photons,
	    [CURVE_PRODUCTS] = &damage->product_photons};
	if (real[error])
		*real[error] = value;
	else
		damage->bits = (size_t)value;
}

/* The option's name belongs to the command, the range to the library's table. */
static int check(curve_error error, double value)
{
	onn_evaluate_options o = ONN_EVALUATE_OPTIONS_INIT;
	const char *expected = error == CURVE_BITS
	                           ? "whole numbers from 1 to 24, or 0 for any weight"
	                           : "finite numbers that are 0 or more";
	bool whole = error != CURVE_BITS || (value == floor(value) && value >= 0 && value <= 24);
	if (whole)
		curves_set(&o, error, value);
	if (whole && onn_settings_check(onn_evaluate_settings(), &o) == ONN_OK)
		return EXIT_OK;
	return command_usage(
	    &command_eval, "--%s has %g; expected %s", curve_name[error], value, expected);
}

int curves_take(const curves *c, onn_evaluate_options *damage)
{
	for (int i = 0; i < CURVE_ERRORS; i++) {
		for (size_t k = 0; k < c->list[i].count; k++)
			if (check((curve_error)i, c->list[i].value[k]))
				return EXIT_USAGE;
		if (c->list[i].count == 1)
			curves_set(damage, (curve_error)i, c->list[i].value[0]);
	}
	if ((c->csv || c->plot) && !curves_are_there(c))
		return command_usage(&command_eval,
		    "--%s goes with a list of errors, such as --weight-noise 0,.01,.03,.1",
		    c->csv ? "csv" : "plot");
	return plot_check_path(&command_eval, "--plot", c->plot, false);
}

int curves_list(curves *c)
{
	size_t count = 0;
	for (int e = 0; e < CURVE_ERRORS; e++)
		count += c->list[e].count > 1 ? c->list[e].count : 0;
	c->point = calloc(count, sizeof *c->point);
	if (!c->point)
		return command_fail(&command_eval, "no memory for %zu points", count);
	for (int e = 0; e < CURVE_ERRORS; e++)
		for (size_t k = 0; c->list[e].count > 1 && k < c->list[e].count; k++)
			c->point[c->count++] =
			    (curve_point){.error = (curve_error)e, .value = c->list[e].value[k]};
	return EXIT_OK;
}

bool curves_digest(char text[ONN_SHA256_TEXT], const char *run)
{
	unsigned char bytes[4096], digest[ONN_SHA256_BYTES];
	onn_sha256 sha;
	char *path = path_join(run, "best.npz");
	FILE *file = path ? fopen(path, "rb") : NULL;
	free(path);
	if (!file)
		return false;
	onn_sha256_start(&sha);
	for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
		onn_sha256_add(&sha, bytes, got);
	bool fine = !ferror(file);
	fclose(file);
	onn_sha256_finish(digest, &sha);
	onn_sha256_text(text, digest);
	return fine;
}

void curves_clear(curves *c)
{
	free(c->point);
	c->point = NULL;
}

/* ---- files ---- */

typedef struct sheet {
	const curves *c;
	double sound;
	size_t copies;
} sheet;

static void write_csv(FILE *file, const void *user)
{
	const sheet *s = user;
	fputs("error,value,accuracy,deviation,copies\n", file);
	fprintf(file, "none,0,%.6f,0,1\n", s->sound);
	for (size_t i = 0; i < s->c->count; i++) {
		const curve_point *p = &s->c->point[i];
		fprintf(file, "%s,%.12g,%.6f,%.6f,%zu\n", csv_name[p->error], p->value, p->mean,
		    p->deviation, s->copies);
	}
}

/* A panel an error: their units differ. Values over more than a decade are on a logarithmic axis,
 * where 0 has no place: the sound network is the line across. */
static void write_panel(FILE *script, const sheet *s, curve_error error)
{
	double low = INFINITY, high = 0;
	for (size_t i = 0; i < s->c->count; i++) {
		const curve_point *p = &s->c->point[i];
		if (p->error == error && p->value > 0) {
			low = fmin(low, p->value);
			high = fmax(high, p->value);
		}
	}
	plot_unit unit = plot_unit_of(high, axis_of[error].unit);
	fprintf(script, "set xlabel '%s%s%s'\n%s logscale x\n", axis_of[error].text,
	    unit.text[0] ? " / " : "", unit.text, high >= 10 * low ? "set" : "unset");
	fprintf(script,
	    "plot %.6f with lines lc rgb '#888888' dt 3 notitle, $e%d using ($1/%g):2:3 with "
	    "yerrorbars lt 1 notitle, $e%d using ($1/%g):2 with lines lt 1 notitle\n",
	    100 * s->sound, (int)error, unit.factor, (int)error, unit.factor);
}

static void write_figure(FILE *script, const void *user)
{
	const sheet *s = user;
	int panels = 0;
	for (int e = 0; e < CURVE_ERRORS; e++) {
		if (s->c->list[e].count < 2)
			continue;
		panels++;
		fprintf(script, "$e%d << END\n", e);
		for (size_t i = 0; i < s->c->count; i++) {
			const curve_point *p = &s->c->point[i];
			if (p->error == (curve_error)e)
				fprintf(script, "%.12g %.6f %.6f\n", p->value, 100 * p->mean,
				    100 * p->deviation);
		}
		fputs("END\n", script);
	}
	fprintf(script,
	    "set multiplot layout 1,%d\nset tmargin 2\nset bmargin 4\nset ylabel 'accuracy / %%'\n"
	    "set yrange [*:100]\nset offsets graph 0.05, graph 0.05, 0, graph 0.05\n",
	    panels);
	for (int e = 0; e < CURVE_ERRORS; e++)
		if (s->c->list[e].count > 1)
			write_panel(script, s, (curve_error)e);
	fputs("unset multiplot\n", script);
}

static int draw(const sheet *s, const char *path)
{
	int panels = 0;
	for (int e = 0; e < CURVE_ERRORS; e++)
		panels += s->c->list[e].count > 1;
	plot_result drawn = plot_draw(&command_eval, path, 480 * panels, 420, write_figure, s);
	/* a folder's picture is an addition */
	return drawn == PLOT_NO_GNUPLOT && path != s->c->plot
	           ? EXIT_OK
	           : plot_code(&command_eval, "--plot", drawn);
}

static int fill_folder(const sheet *s, const char *folder)
{
	int code = path_write(&command_eval, folder, "curves.csv", write_csv, s);
	char *path = path_join(folder, "curves.png");
	if (!code)
		code = path ? draw(s, path) : command_fail(&command_eval, "no memory");
	free(path);
	return code;
}

int curves_finish(const curves *c, double sound, size_t copies, const char *folder)
{
	const sheet s = {c, sound, copies};
	int code = EXIT_OK;
	if (c->csv)
		code = path_write(&command_eval, NULL, c->csv, write_csv, &s);
	if (!code && folder)
		code = fill_folder(&s, folder);
	return !code && c->plot ? draw(&s, c->plot) : code;
}
