/*
 * Weak probes: each adds up what is left of the depth where it comes. docs/physics.md, pulses in
 * time.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "pulse/experiment.h"
#include "pulse/grating.h"
#include "pulse/medium.h"

static const char *const function = "onn_pulse_probe_run";

enum { USUAL_SLOTS = 1024, USUAL_CELLS = 64 };
static const size_t most_numbers = (size_t)1 << 25; /* of what is recorded at once */

/* Some pulses as probes meet them. */
typedef struct scene {
	onn_pulse_beams beams;
	size_t slots, cells, classes;
	double *state;  /* [rows, numbers]: after the pulse */
	double *record; /* [rows, slots + 1, cells]; NULL: no probe comes before the end */
} scene;

/* What a grating is not there for; NULL: all is well. */
static const char *lacks_grating(
    const scene *s, const onn_pulse_weak_probe *p, const onn_pulse_point *point)
{
	return !p->counter                                    ? "goes with the pulse"
	       : s->beams.experiment->model != ONN_PULSE_RATE ? "is one of the Bloch model"
	       : s->classes > 1                               ? "meets classes of velocity"
	       : p->detuning != 0 || point->detuning != 0     ? "is detuned, or the pulse is"
	       : point->two_photon != 0                       ? "meets two-photon absorption"
	                                                      : NULL;
}

static onn_status check_grating(
    const scene *s, const onn_pulse_weak_probe *p, const onn_pulse_point *point, size_t i)
{
	const char *lack = lacks_grating(s, p, point);
	if (!(p->grating >= 0 && p->grating <= 1) ||
	    !(p->grating_time >= 0 && isfinite(p->grating_time)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: probe %zu has grating %g and grating time %g; expected 0 to 1, and a "
		    "finite "
		    "time >= 0",
		    function, i, p->grating, p->grating_time);
	if (p->grating > 0 && lack)
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "%s: probe %zu has a grating and %s; expected one that runs back through the "
		    "rate model on resonance",
		    function, i, lack);
	return ONN_OK;
}

static onn_status check_probe(
    const scene *s, const onn_pulse_weak_probe *p, const onn_pulse_point *point, size_t i)
{
	if (!isfinite(p->delay) || !isfinite(p->detuning))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: probe %zu has delay %g and detuning %g; expected finite numbers", function,
		    i, p->delay, p->detuning);
	if (!(p->transit >= 0 && isfinite(p->transit)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: probe %zu has transit time %g; expected a finite one >= 0", function, i,
		    p->transit);
	if (p->grating != 0 || p->grating_time != 0)
		return check_grating(s, p, point, i);
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
static double rest_later(const scene *s, size_t at_row, size_t cell, size_t class, double later)
{
	bool bloch = s->beams.experiment->model == ONN_PULSE_BLOCH;
	size_t each = s->cells * s->classes, at = cell * s->classes + class;
	const double *row = s->state + at_row * each * (bloch ? 3 : 1);
	double t1 = s->beams.point[at_row / s->beams.rings].t1;
	double rest = bloch ? -row[2 * each + at] : row[at];
	return 1 - (1 - rest) * exp(-later / t1);
}

/* The same while the pulse is there, by straight lines between the ends of slots. */
static double rest_before(const scene *s, size_t at_row, size_t cell, double delay)
{
	double slot = s->beams.column[ONN_PULSE_COLUMN_SLOT][at_row];
	double at = (double)s->slots + delay / slot;
	const double *row = s->record + at_row * (s->slots + 1) * s->cells + cell;
	if (at <= 0)
		return 1;
	size_t low = onn_size_least((size_t)at, s->slots - 1);
	double part = at - (double)low;
	return 1 - (1 - part) * row[low * s->cells] - part * row[(low + 1) * s->cells];
}

static double depth_met(const scene *s, size_t at_row, const onn_pulse_weak_probe *p)
{
	const onn_pulse_experiment *e = s->beams.experiment;
	const onn_pulse_point *point = &s->beams.point[at_row / s->beams.rings];
	double sum = 0, n = (double)s->cells, spread, weight;

	for (size_t j = 0; j < s->classes; j++) {
		onn_pulse_class(&spread, &weight, (unsigned)j, (unsigned)s->classes);
		/* light that runs back meets the opposite velocity */
		double off = p->detuning + (p->counter ? -1 : 1) * e->doppler * spread;
		double strength = weight / (1 + off * off);
		for (size_t k = 0; k < s->cells; k++) {
			double way = p->counter ? 2 * (1 - ((double)k + .5) / n) * p->transit : 0;
			sum +=
			    strength * (p->delay < 0 ? rest_before(s, at_row, k, p->delay)
			                             : rest_later(s, at_row, k, j, p->delay + way));
		}
	}
	return point->loss + point->depth * sum / n;
}

static onn_status prepare(scene *s, onn_device *device, bool recorded)
{
	bool bloch = s->beams.experiment->model == ONN_PULSE_BLOCH;
	size_t rows = s->beams.batch.rows, each = s->cells * s->classes * (bloch ? 3 : 1);
	size_t numbers = recorded ? rows * (s->slots + 1) * s->cells : 0;
	onn_status status = onn_pulse_beams_cut(&s->beams, s->slots, (unsigned)s->cells);

	if (status)
		return status;
	s->state = malloc(rows * each * sizeof *s->state);
	s->record = recorded ? malloc(numbers * sizeof *s->record) : NULL;
	if (!s->state || (recorded && !s->record))
		return onn_error_memory(function, (rows * each + numbers) * sizeof(double));
	const onn_pulse_left left = {.state = s->state, .record = s->record};
	return onn_pulse_batch_run(&left, device, &s->beams.batch);
}

/* Adds what the probes of a point see of row `at_row`: one of the beam's rings. */
static onn_status send(double *transmission, const scene *s, size_t at_row, double weight,
    const onn_pulse_weak_probe *probe, size_t count)
{
	const onn_pulse_point *point = &s->beams.point[at_row / s->beams.rings];
	const onn_pulse_way way = {.slots = s->slots,
	    .cells = s->cells,
	    .slot = s->beams.column[ONN_PULSE_COLUMN_SLOT][at_row],
	    .depth = point->depth,
	    .loss = point->loss,
	    .t1 = point->t1,
	    .share = s->beams.share + at_row * s->slots,
	    .fluence = s->beams.column[ONN_PULSE_COLUMN_FLUENCE][at_row],
	    .bleached = s->record ? s->record + at_row * (s->slots + 1) * s->cells : NULL};
	onn_pulse_scenery *scenery = NULL;
	onn_status status = ONN_OK;

	for (size_t i = 0; i < count && !status; i++) {
		bool copy = probe[i].grating > 0;
		if (copy && !scenery)
			status = onn_pulse_scenery_create(&scenery, &way);
		if (!status)
			transmission[i] +=
			    weight * (copy ? onn_pulse_scenery_probe(scenery, &probe[i])
			                   : exp(-depth_met(s, at_row, &probe[i])));
	}
	onn_pulse_scenery_destroy(scenery);
	return status;
}

/* Some of the points at once. */
static onn_status run_block(double *transmission, onn_device *device, const onn_pulse_experiment *e,
    const onn_pulse_point *point, size_t points, const onn_pulse_weak_probe *probe, size_t count)
{
	scene s = {.slots = e->slots ? e->slots : USUAL_SLOTS,
	    .cells = e->cells ? e->cells : USUAL_CELLS,
	    .classes = e->classes};
	bool recorded = false;
	onn_status status = onn_pulse_beams_create(&s.beams, e, point, points);

	for (size_t i = 0; i < points * count && !status; i++) {
		status = check_probe(&s, &probe[i], &point[i / count], i);
		recorded |= probe[i].delay < 0 || probe[i].grating > 0;
	}
	if (!status && count > 0)
		status = prepare(&s, device, recorded);
	for (size_t i = 0; i < points * count; i++)
		transmission[i] = 0;
	for (size_t row = 0; count > 0 && row < points * s.beams.rings && !status; row++) {
		size_t first = row / s.beams.rings * count;
		status = send(transmission + first, &s, row, s.beams.weight[row % s.beams.rings],
		    &probe[first], count);
	}
	onn_free_all(s.state, s.record);
	onn_pulse_beams_destroy(&s.beams);
	return status;
}

onn_status onn_pulse_probe_run(double *transmission, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point, size_t points,
    const onn_pulse_weak_probe *probe, size_t count)
{
	onn_status status = onn_options_exact(
	    experiment, sizeof *experiment, function, "experiment", "ONN_PULSE_EXPERIMENT_INIT");
	if (status)
		return status;
	size_t slots = experiment->slots ? experiment->slots : USUAL_SLOTS;
	size_t cells = experiment->cells ? experiment->cells : USUAL_CELLS;
	bool flat = experiment->profile == ONN_PULSE_FLAT;
	size_t rings = flat ? 1 : ONN_PULSE_MOST_RINGS + 1;
	size_t block = most_numbers / ((slots + 1) * cells * rings) + 1;

	if (points == 0)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: no points; expected at least one", function);
	for (size_t first = 0; first < points && !status; first += block)
		status = run_block(transmission + first * count, device, experiment, point + first,
		    onn_size_least(block, points - first), probe + first * count, count);
	return status;
}
