/*
 * Pulses through media, and their gradients, a row at a time in double: docs/physics.md, "Pulses in
 * time", as it reads. The way back keeps everything that the way forward came by.
 */
#include <complex.h>
#include <stdlib.h>

#include "backend/reference/pulse.h"
#include "core/error.h"

/* ---- rows of numbers ---- */

static void load_row(double *to, const onn_ref_run *run, uint32_t value, size_t row, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = creal(onn_ref_load(run, value, (ptrdiff_t)(row * count + i)));
}

static void store_row(
    const onn_ref_run *run, uint32_t value, size_t row, const double *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		onn_ref_store(run, value, (ptrdiff_t)(row * count + i), from[i]);
}

bool onn_ref_pulse_sample_at(size_t *sample, const onn_pulse_rows *p, int beam, size_t n, size_t k)
{
	size_t delay = p->beams == 1 ? 0 : beam == 0 ? k : p->cells - 1 - k;
	*sample = n - delay;
	return n >= delay && n - delay < p->slots && beam < (int)p->beams;
}

/* ---- by model ---- */

static size_t tape_of(const onn_pulse_rows *kind)
{
	return kind->model ? onn_ref_pulse_bloch_tape(kind) : onn_ref_pulse_rate_tape(kind);
}

static void forward(onn_ref_pulse_row *r)
{
	if (r->kind->model)
		onn_ref_pulse_bloch_forward(r);
	else
		onn_ref_pulse_rate_forward(r);
}

static void backward(onn_ref_pulse_row *r)
{
	if (r->kind->model)
		onn_ref_pulse_bloch_backward(r);
	else
		onn_ref_pulse_rate_backward(r);
}

/* ---- the step ---- */

onn_status onn_ref_pulse(const onn_ref_run *run, const onn_step *step)
{
	const onn_pulse_rows *kind = &step->u.pulse.kind;
	size_t light = onn_pulse_rows_light(kind), state = onn_pulse_rows_state(kind);
	size_t parameters = onn_pulse_rows_parameters(kind), given = onn_pulse_rows_given(kind);
	size_t gradients = onn_pulse_rows_gradients(kind), tape = tape_of(kind);
	size_t numbers = light + state + parameters + given + gradients + tape;
	double *x = malloc(numbers * sizeof *x);
	if (!x)
		return onn_error_memory("onn_plan_run", numbers * sizeof *x);
	onn_ref_pulse_row r = {.kind = kind, .light = x};
	r.state = r.light + light;
	r.parameters = r.state + state;
	r.given = r.parameters + parameters;
	r.gradients = r.given + given;
	r.tape = r.gradients + gradients;
	for (size_t row = 0; row < step->u.pulse.rows; row++) {
		load_row(r.light, run, step->u.pulse.light, row, light);
		load_row(
		    r.state, run, step->u.pulse.state, step->u.pulse.one_state ? 0 : row, state);
		load_row(r.parameters, run, step->u.pulse.parameters,
		    step->u.pulse.one_parameters ? 0 : row, parameters);
		forward(&r);
		if (step->u.pulse.adjoint) {
			load_row(r.given, run, step->u.pulse.cotangent, row, given);
			backward(&r);
		}
		store_row(run, step->u.pulse.out, row,
		    step->u.pulse.adjoint ? r.gradients : r.given,
		    step->u.pulse.adjoint ? gradients : given);
	}
	free(x);
	return ONN_OK;
}
