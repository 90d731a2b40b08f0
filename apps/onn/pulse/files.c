/* What came of it, as files: CSV of pulses and of their course, and .npz of one pulse in space and
 * time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/archive.h>

#include "pulse/pulse.h"

static void put(FILE *file, const char *before, double value)
{
	fprintf(file, "%s%.12g", before, value);
}

static void write_row(FILE *file, const pulse_work *w, size_t i, size_t probe)
{
	const onn_pulse_outcome *o = &w->results->outcome[i];
	const onn_pulse_point *p = &w->point[i];
	size_t probes = pulse_probes(w->s);
	const double number[] = {o->fluence_in, o->fluence_out, o->probe, o->derivative,
	    o->transmission, o->fluence_in - o->fluence_out, p->depth, p->detuning, p->width,
	    o->width_in, o->width_out, o->shift, o->bleached, p->width / p->t2, p->width / p->t1,
	    o->area, o->deviation, o->error};

	for (size_t k = 0; k < sizeof number / sizeof *number; k++)
		put(file, k ? "," : "", number[k]);
	if (w->experiment.probe_fraction > 0)
		put(file, ",", o->strong_probe);
	if (isfinite(pulse_energy(w, 1))) {
		put(file, ",", pulse_energy(w, o->fluence_in));
		put(file, ",", pulse_energy(w, o->fluence_out));
	}
	if (w->met) {
		put(file, ",", w->s->r.against);
		put(file, ",", w->met[i].backward);
		put(file, ",", w->met[i].forward);
	}
	if (probes) {
		onn_pulse_weak_probe at = pulse_probe(w, p, probe);
		put(file, ",", at.delay);
		put(file, ",", at.detuning);
		put(file, ",", w->probe[i * probes + probe]);
	}
	fputc('\n', file);
}

static void write_csv(FILE *file, const void *user)
{
	const pulse_work *w = user;
	size_t probes = pulse_probes(w->s);

	fputs("fluence_in,fluence_out,probe_transmission,derivative,transmission,absorbed,od,"
	      "detuning,width,width_in,width_out,shift,bleached,width_over_t2,width_over_t1,area,"
	      "rate_deviation,error",
	    file);
	if (w->experiment.probe_fraction > 0)
		fputs(",strong_probe", file);
	if (isfinite(pulse_energy(w, 1)))
		fputs(",energy_in,energy_out", file);
	if (w->met)
		fputs(",counter_fluence_in,counter_fluence_out,fluence_out_against", file);
	fputs(probes ? ",probe_delay,probe_detuning,probe_at_delay\n" : "\n", file);
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; k < (probes ? probes : 1); k++)
			write_row(file, w, i, k);
}

/* A row a slot and pulse: when its middle is, powers over Isat T1 a second, that is Fsat/s. */
static void write_series(FILE *file, const void *user)
{
	const pulse_work *w = user;
	const onn_pulse_results *r = w->results;
	const double *in = onn_array_const_data(r->light_in),
	             *out = onn_array_const_data(r->light_out);

	fputs("pulse,time,power_in,power_out\n", file);
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->slots; k++) {
			const onn_pulse_outcome *o = &r->outcome[i];
			fprintf(file, "%zu", i);
			put(file, ",", o->start + ((double)k + .5) * o->slot);
			put(file, ",", in[i * r->slots + k] / o->slot);
			put(file, ",", out[i * r->slots + k] / o->slot);
			fputc('\n', file);
		}
}

static int write_file(
    const pulse_work *w, const char *path, void (*write)(FILE *file, const void *user))
{
	if (strcmp(path, "-") == 0) {
		write(stdout, w);
		return EXIT_OK;
	}
	return path_write(&command_pulse, NULL, path, write, w);
}

int pulse_write_csv(const pulse_work *w) { return write_file(w, w->s->csv, write_csv); }
int pulse_write_series(const pulse_work *w) { return write_file(w, w->s->series, write_series); }

/* ---- .npz ---- */

static onn_status put_axis(
    onn_archive *archive, const char *name, double first, double step, size_t count)
{
	onn_array *a = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 1, &count);

	for (size_t i = 0; i < count && !status; i++)
		((double *)onn_array_data(a))[i] = first + step * (double)i;
	if (!status)
		status = onn_archive_put(archive, name, a);
	onn_array_destroy(a);
	return status;
}

/* I(z, t) over Fsat a second, q(z, t), and their axes. */
static onn_status put_trace(onn_archive *archive, onn_pulse_trace *t)
{
	double *light = onn_array_data(t->light), n = (double)t->cells;

	for (size_t i = 0; i < onn_array_count(t->light); i++)
		light[i] /= t->slot;
	onn_status status = onn_archive_put(archive, "intensity", t->light);
	if (!status)
		status = onn_archive_put(archive, "bleached", t->bleached);
	if (!status)
		status = put_axis(archive, "time", t->start + t->slot / 2, t->slot, t->slots);
	if (!status)
		status = put_axis(archive, "time_bleached", t->start, t->slot, t->slots + 1);
	if (!status)
		status = put_axis(archive, "depth", 0, 1 / n, t->cells + 1);
	return status ? status : put_axis(archive, "depth_bleached", .5 / n, 1 / n, t->cells);
}

int pulse_write_archive(const pulse_work *w)
{
	onn_archive *archive = NULL;
	onn_pulse_trace *trace = NULL;
	onn_pulse_experiment e = w->experiment;

	if (w->count > 1)
		return command_usage(&command_pulse,
		    "--out holds one pulse in space and time, and the sweeps make %zu; expected "
		    "one, or --pulse-csv",
		    w->count);
	onn_status status = onn_pulse_trace_run(&trace, w->device, &e, w->point);
	if (!status)
		status = onn_archive_create(&archive);
	if (!status)
		status = put_trace(archive, trace);
	if (!status)
		status = onn_archive_save(archive, w->s->out);
	onn_archive_destroy(archive);
	onn_pulse_trace_destroy(trace);
	return status ? command_status(&command_pulse, status) : EXIT_OK;
}
