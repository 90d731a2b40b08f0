/* What is measured of a single pulse through a medium. */
#include "reproduce/measure.h"

static onn_status send(onn_pulse_outcome *outcome, const onn_subject *s)
{
	onn_pulse_results *results = NULL;
	onn_status status =
	    onn_pulse_experiment_run(&results, s->device, &s->c->pulse, &s->c->medium, 1);
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

onn_status onn_measure_probe(double *value, const onn_subject *s)
{
	const onn_pulse_weak_probe probe = {.detuning = s->c->probe_detuning};
	return onn_pulse_probe_run(value, s->device, &s->c->pulse, &s->c->medium, 1, &probe, 1);
}
