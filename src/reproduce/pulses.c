/* What is measured of a single pulse through a medium. */
#include "reproduce/measure.h"

static onn_status run(onn_pulse_results **results, const onn_subject *s)
{
	return onn_pulse_experiment_run(results, s->device, &s->c->pulse, &s->c->medium, 1);
}

static onn_status send(onn_pulse_outcome *outcome, const onn_subject *s)
{
	onn_pulse_results *results = NULL;
	onn_status status = run(&results, s);
	if (!status)
		*outcome = results->outcome[0];
	onn_pulse_results_destroy(results);
	return status;
}

onn_status onn_measure_transmission(double *value, const onn_subject *s)
{
	onn_pulse_outcome outcome = {0};
	onn_status status = send(&outcome, s);
	*value = outcome.transmission;
	return status;
}

onn_status onn_measure_shift(double *value, const onn_subject *s)
{
	onn_pulse_outcome outcome = {0};
	onn_status status = send(&outcome, s);
	*value = outcome.shift;
	return status;
}

static double largest(const onn_array *a)
{
	const double *x = onn_array_const_data(a);
	double most = 0;
	for (size_t i = 0; i < onn_array_count(a); i++)
		most = x[i] > most ? x[i] : most;
	return most;
}

onn_status onn_measure_peak(double *value, const onn_subject *s)
{
	onn_pulse_results *results = NULL;
	onn_status status = run(&results, s);
	if (!status)
		*value = largest(results->light_out) / largest(results->light_in);
	onn_pulse_results_destroy(results);
	return status;
}

onn_status onn_measure_probe(double *value, const onn_subject *s)
{
	const onn_pulse_weak_probe probe = {.detuning = s->c->probe_detuning};
	return onn_pulse_probe_run(value, s->device, &s->c->pulse, &s->c->medium, 1, &probe, 1);
}
