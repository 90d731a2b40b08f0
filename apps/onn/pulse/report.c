/* What came of it, for people. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pulse/pulse.h"
#include "result.h"

enum { MOST_ROWS = 40 };

double pulse_prefix(const char **prefix, double largest)
{
	static const struct {
		double factor;
		const char *text;
	} row[] = {{1e-15, "f"}, {1e-12, "p"}, {1e-9, "n"}, {1e-6, "µ"}, {1e-3, "m"}, {1, ""},
	    {1e3, "k"}, {1e6, "M"}, {1e9, "G"}};
	size_t i = sizeof row / sizeof *row - 1;

	while (i > 0 && fabs(largest) < row[i].factor)
		i--;
	if (largest == 0 || !isfinite(largest))
		i = 5;
	*prefix = row[i].text;
	return row[i].factor;
}

const char *pulse_quantity(char *text, size_t room, double value, const char *unit)
{
	const char *prefix;
	double factor = pulse_prefix(&prefix, value);

	if (!isfinite(value))
		snprintf(text, room, "%s", isnan(value) ? "unknown" : "infinite");
	else
		snprintf(text, room, "%.4g %s%s", value / factor, prefix, unit);
	return text;
}

typedef char quantity[48];
#define TEXT(value, unit) pulse_quantity((quantity){0}, sizeof(quantity), value, unit)

static void tell_medium(const pulse_work *w, FILE *out)
{
	const onn_pulse_sample *m = &w->sample;
	const pulse_settings *s = w->s;
	bool own = s->r.medium == MEDIUM_OWN;

	fprintf(out, "medium   %s",
	    own ? "own" : onn_pulse_material_known((size_t)s->r.medium - 1)->title);
	if (s->depth.count != 1)
		fprintf(out, s->depth.count ? ": OD swept" : ": OD %.4g", m->depth);
	else
		fprintf(out, ": OD %.4g", s->depth.value[0]);
	fprintf(out, ", T1 %s", TEXT(m->t1, "s"));
	if (m->t2 > 0)
		fprintf(out, ", T2 %s", TEXT(m->t2, "s"));
	if (m->fsat > 0)
		fprintf(out, ", Fsat %.4g J/m²", m->fsat);
	if (m->isat > 0 && isfinite(m->t1))
		fprintf(out, ", Isat %.4g W/m²", m->isat);
	if (m->loss > 0)
		fprintf(out, ", loss %.3g", m->loss);
	if (m->density > 0)
		fprintf(out,
		    "\n         %.3g atoms/m³ at %.4g K, linewidth %s, Doppler %.4g half "
		    "linewidths",
		    m->density, s->cell.temperature, TEXT(m->linewidth, "Hz"), m->doppler);
	fputc('\n', out);
}

static void tell_light(const pulse_work *w, FILE *out)
{
	const onn_pulse_experiment *e = &w->experiment;
	const onn_pulse_point *p = &w->point[0];
	double joules = pulse_energy(w, p->fluence);

	fprintf(out, "light    %s", onn_pulse_shape_name(e->light.shape));
	if (e->light.shape != ONN_PULSE_SAMPLES)
		fprintf(out, w->s->width.count > 1 ? ", from %s" : ", %s", TEXT(p->width, "s"));
	if (w->s->fluence.count <= 1)
		fprintf(out, ", %.4g Fsat", p->fluence);
	if (isfinite(joules) && w->s->fluence.count <= 1)
		fprintf(out, " = %s", TEXT(joules, "J"));
	fprintf(out, ", %s beam\n",
	    e->profile == ONN_PULSE_FLAT ? "flat" : "Gaussian (twice the mean on the axis)");
	fputs("regime   ", out);
	if (w->count > 1)
		fprintf(out, "(that of %.3g Fsat, OD %.3g, %s) ", w->point[w->worst].fluence,
		    w->point[w->worst].depth, TEXT(w->point[w->worst].width, "s"));
	fprintf(out, "%s\n", w->regime.why);
	fprintf(out, "model    %s: %s", e->model == ONN_PULSE_RATE ? "rate" : "Bloch", w->why);
	if (e->classes > 1)
		fprintf(out, ", %u classes of velocity", e->classes);
	fprintf(out, "\nerror    %.2g (asked for %.2g), %zu slots, %zu cells, %s on %s\n",
	    w->results->error, w->results->tolerance, w->results->slots, w->results->cells,
	    onn_device_supports(w->device, ONN_F64) ? "f64" : "f32", onn_device_name(w->device));
}

static void tell_one(const pulse_work *w, FILE *out)
{
	const onn_pulse_outcome *o = w->results->outcome;
	double in = pulse_energy(w, o->fluence_in), left = pulse_energy(w, o->fluence_out);

	fprintf(out, "out      %.6g Fsat of %.6g", o->fluence_out, o->fluence_in);
	if (isfinite(in))
		fprintf(out, "; %s of %s", TEXT(left, "J"), TEXT(in, "J"));
	fprintf(out, "; transmission %.6g, absorbed %.6g Fsat\n", o->transmission,
	    o->fluence_in - o->fluence_out);
	fprintf(out, "pulse    %s wide, %s before; mean time %s later\n", TEXT(o->width_out, "s"),
	    TEXT(o->width_in, "s"), TEXT(o->shift, "s"));
	if (w->experiment.light.shape == ONN_PULSE_CW) {
		size_t last = w->results->slots - 1;
		const double *before = onn_array_const_data(w->results->light_in),
		             *behind = onn_array_const_data(w->results->light_out);
		fprintf(out, "steady   transmission %.6g in the last slot\n",
		    behind[last] / before[last]);
	}
	fprintf(out, "bleached %.4g at most\n", o->bleached);
	fprintf(out, "probe    %.6g right behind the pulse; exact derivative %.6g\n", o->probe,
	    o->derivative);
	if (isfinite(o->strong_probe))
		fprintf(out, "         %.6g of a probe of %g of the pulse\n", o->strong_probe,
		    w->experiment.probe_fraction);
	for (size_t i = 0; i < pulse_probes(w->s) && i < MOST_ROWS; i++) {
		onn_pulse_weak_probe p = pulse_probe(w, w->point, i);
		fprintf(out,
		    p.grating > 0 ? "         %.6g of a copy with a grating, %s behind it"
		                  : "         %.6g after %s",
		    w->probe[i], TEXT(p.delay, "s"));
		fprintf(out, p.detuning != 0 ? ", detuning %g\n" : "\n", p.detuning);
	}
}

static void tell_meeting(const pulse_work *w, size_t i, FILE *out)
{
	const onn_pulse_collision *c = &w->met[i];

	fprintf(out,
	    "against  %.6g Fsat from the exit, %s later: %.6g come out in front, %.6g of the "
	    "first behind\n         error %.2g, %zu slots, %zu cells\n",
	    w->s->r.against, TEXT(w->s->r.against_delay, "s"), c->backward, c->forward, c->error,
	    c->slots, c->cells);
	if (c->error > c->tolerance)
		fprintf(stderr,
		    "onn pulse: WARNING: the error of pulses that meet is %.2g, not %.2g\n",
		    c->error, c->tolerance);
}

static void tell_many(const pulse_work *w, FILE *out)
{
	const pulse_settings *s = w->s;
	size_t count = w->count < MOST_ROWS ? w->count : MOST_ROWS;

	fprintf(out,
	    "%s%s%s   fluence in          out transmission        probe   derivative   "
	    "width out        shift    bleached\n",
	    s->depth.count > 1 ? "      od" : "", s->detuning.count > 1 ? "  detuning" : "",
	    s->width.count > 1 ? "     width" : "");
	for (size_t i = 0; i < count; i++) {
		const onn_pulse_outcome *o = &w->results->outcome[i];
		const onn_pulse_point *p = &w->point[i];
		if (s->depth.count > 1)
			fprintf(out, "%8.4g", p->depth);
		if (s->detuning.count > 1)
			fprintf(out, "%10.4g", p->detuning);
		if (s->width.count > 1)
			fprintf(out, "%10s", TEXT(p->width, "s"));
		fprintf(out, "%13.6g%13.6g%13.6g%13.6g%13.6g%12s%13s%12.4g\n", o->fluence_in,
		    o->fluence_out, o->transmission, o->probe, o->derivative,
		    TEXT(o->width_out, "s"), TEXT(o->shift, "s"), o->bleached);
	}
	if (count < w->count)
		fprintf(out, "%zu more: --csv FILE has all of them\n", w->count - count);
}

static void add_outcome(result *r, const pulse_work *w, size_t i)
{
	const onn_pulse_outcome *o = &w->results->outcome[i];
	const onn_pulse_point *p = &w->point[i];
	size_t probes = pulse_probes(w->s);

	result_row(r, "pulses");
	result_real(r, "od", p->depth, NULL);
	result_real(r, "detuning", p->detuning, NULL);
	result_real(r, "width", p->width, "s");
	result_real(r, "fluence_in", o->fluence_in, "Fsat");
	result_real(r, "fluence_out", o->fluence_out, "Fsat");
	result_real(r, "energy_in", pulse_energy(w, o->fluence_in), "J");
	result_real(r, "transmission", o->transmission, NULL);
	result_real(r, "probe", o->probe, NULL);
	result_real(r, "derivative", o->derivative, NULL);
	result_real(r, "strong_probe", o->strong_probe, NULL);
	result_real(r, "bleached", o->bleached, NULL);
	result_real(r, "width_in", o->width_in, "s");
	result_real(r, "width_out", o->width_out, "s");
	result_real(r, "shift", o->shift, "s");
	result_real(r, "relative_error", o->error, NULL);
	if (w->met) {
		result_real(r, "counter_fluence_in", w->s->r.against, "Fsat");
		result_real(r, "counter_fluence_out", w->met[i].backward, "Fsat");
		result_real(r, "fluence_out_against", w->met[i].forward, "Fsat");
		result_real(r, "relative_error_against", w->met[i].error, NULL);
	}
	if (probes)
		result_reals(r, "probes", w->probe + i * probes, probes, NULL);
	result_leave(r);
}

static void warn_of_error(const pulse_work *w)
{
	if (w->results->error > w->results->tolerance)
		fprintf(stderr,
		    "onn pulse: WARNING: the error is %.2g, not %.2g, with %zu slots and %zu "
		    "cells\n",
		    w->results->error, w->results->tolerance, w->results->slots, w->results->cells);
}

int pulse_report_json(const pulse_work *w)
{
	const onn_pulse_sample *m = &w->sample;
	result r = result_begin(&command_pulse);

	result_text(&r, "model", w->experiment.model == ONN_PULSE_RATE ? "rate" : "bloch");
	result_text(&r, "why", w->why);
	result_text(&r, "regime", w->regime.why);
	result_text(&r, "shape", onn_pulse_shape_name(w->experiment.light.shape));
	result_real(&r, "t1", m->t1, "s");
	result_real(&r, "t2", m->t2, "s");
	result_real(&r, "fsat", m->fsat, "J/m^2");
	result_real(&r, "isat", m->isat, "W/m^2");
	result_real(&r, "error", w->results->error, NULL);
	result_real(&r, "tolerance", w->results->tolerance, NULL);
	result_whole(&r, "slots", w->results->slots);
	result_whole(&r, "cells", w->results->cells);
	result_text(&r, "device", onn_device_name(w->device));
	for (size_t i = 0; i < w->count; i++)
		add_outcome(&r, w, i);
	warn_of_error(w);
	return result_end(&r, EXIT_OK);
}

void pulse_report(const pulse_work *w, FILE *out)
{
	tell_medium(w, out);
	tell_light(w, out);
	if (w->count == 1)
		tell_one(w, out);
	else
		tell_many(w, out);
	for (size_t i = 0; w->met && i < w->count && i < MOST_ROWS; i++)
		tell_meeting(w, i, out);
	warn_of_error(w);
}
