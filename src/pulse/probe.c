/*
 * Weak probes: each adds up what is left of the depth where it comes. docs/physics.md, pulses in
 * time.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "pulse/experiment.h"
#include "pulse/medium.h"

static const char *const function = "onn_pulse_probe_run";

enum { USUAL_SLOTS = 1024, USUAL_CELLS = 64 };

/* A pulse as probes meet it. */
typedef struct scene {
	onn_pulse_beams beams;
	size_t slots, cells, classes;
	double slot;
	double *state;  /* [rings, numbers]: after the pulse */
	double *record; /* [rings, slots + 1, cells]; NULL: no probe comes before the end */
} scene;

static onn_status check_probe(const scene *s, const onn_pulse_weak_probe *p, size_t i)
{
	if (!isfinite(p->delay) || !isfinite(p->detuning))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: probe %zu has delay %g and detuning %g; expected finite numbers", function,
		    i, p->delay, p->detuning);
	if (!(p->transit >= 0 && isfinite(p->transit)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: probe %zu has transit time %g; expected a finite one >= 0", function, i,
		    p->transit);
	if (p->delay < 0 && (s->classes > 1 || (p->counter && p->transit > 0)))
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "%s: probe %zu comes %g before the pulse has passed%s; expected a delay of at "
		    "least 0",
		    function, i, -p->delay,
		    s->classes > 1 ? ", in a medium with classes of velocity"
		                   : " and meets it on its way back");
	return ONN_OK;
}

/* What of a class of a cell absorbs, a while behind the pulse. */
static double rest_later(const scene *s, size_t ring, size_t cell, size_t class, double later)
{
	bool bloch = s->beams.experiment->model == ONN_PULSE_BLOCH;
	size_t each = s->cells * s->classes, at = cell * s->classes + class;
	const double *row = s->state + ring * each * (bloch ? 3 : 1);
	double rest = bloch ? -row[2 * each + at] : row[at];
	return 1 - (1 - rest) * exp(-later / s->beams.point->t1);
}

/* The same while the pulse is there, by straight lines between the ends of slots. */
static double rest_before(const scene *s, size_t ring, size_t cell, double delay)
{
	double at = (double)s->slots + delay / s->slot;
	const double *row = s->record + ring * (s->slots + 1) * s->cells + cell;
	if (at <= 0)
		return 1;
	size_t low = onn_size_least((size_t)at, s->slots - 1);
	double part = at - (double)low;
	return 1 - (1 - part) * row[low * s->cells] - part * row[(low + 1) * s->cells];
}

static double depth_met(const scene *s, size_t ring, const onn_pulse_weak_probe *p)
{
	const onn_pulse_experiment *e = s->beams.experiment;
	double sum = 0, n = (double)s->cells, spread, weight;

	for (size_t j = 0; j < s->classes; j++) {
		onn_pulse_class(&spread, &weight, (unsigned)j, (unsigned)s->classes);
		/* light that runs back meets the opposite velocity */
		double off = p->detuning + (p->counter ? -1 : 1) * e->doppler * spread;
		double strength = weight / (1 + off * off);
		for (size_t k = 0; k < s->cells; k++) {
			double way = p->counter ? 2 * (1 - ((double)k + .5) / n) * p->transit : 0;
			sum +=
			    strength * (p->delay < 0 ? rest_before(s, ring, k, p->delay)
			                             : rest_later(s, ring, k, j, p->delay + way));
		}
	}
	return s->beams.point->loss + s->beams.point->depth * sum / n;
}

static onn_status prepare(scene *s, onn_device *device, bool recorded)
{
	bool bloch = s->beams.experiment->model == ONN_PULSE_BLOCH;
	size_t rings = s->beams.rings, each = s->cells * s->classes * (bloch ? 3 : 1);
	size_t numbers = recorded ? rings * (s->slots + 1) * s->cells : 0;
	onn_status status = onn_pulse_beams_cut(&s->beams, s->slots, (unsigned)s->cells);

	if (status)
		return status;
	s->slot = (s->beams.window[1] - s->beams.window[0]) / (double)s->slots;
	s->state = malloc(rings * each * sizeof *s->state);
	s->record = recorded ? malloc(numbers * sizeof *s->record) : NULL;
	if (!s->state || (recorded && !s->record))
		return onn_error_memory(function, (rings * each + numbers) * sizeof(double));
	const onn_pulse_left left = {.state = s->state, .record = s->record};
	return onn_pulse_batch_run(&left, device, &s->beams.batch);
}

onn_status onn_pulse_probe_run(double *transmission, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point,
    const onn_pulse_weak_probe *probe, size_t count)
{
	scene s = {.slots = USUAL_SLOTS, .cells = USUAL_CELLS};
	bool recorded = false;
	onn_status status = onn_pulse_beams_create(&s.beams, experiment, point, 1);

	if (!status) {
		s.slots = experiment->slots ? experiment->slots : s.slots;
		s.cells = experiment->cells ? experiment->cells : s.cells;
		s.classes = experiment->classes;
	}
	for (size_t i = 0; i < count && !status; i++) {
		status = check_probe(&s, &probe[i], i);
		recorded |= probe[i].delay < 0;
	}
	if (!status && count > 0)
		status = prepare(&s, device, recorded);
	for (size_t i = 0; i < count && !status; i++) {
		transmission[i] = 0;
		for (size_t r = 0; r < s.beams.rings; r++)
			transmission[i] += s.beams.weight[r] * exp(-depth_met(&s, r, &probe[i]));
	}
	onn_free_all(s.state, s.record);
	onn_pulse_beams_destroy(&s.beams);
	return status;
}
