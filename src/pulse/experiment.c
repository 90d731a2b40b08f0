/* Experiments: as many slots and cells as the tolerance needs, and what comes of them. */
#include "pulse/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/pulse_regime.h>

#include "core/error.h"
#include "core/memory.h"
#include "pulse/measure.h"

static const char *const function = "onn_pulse_experiment_run";

/* Cell updates of a run at most, all rows together: half a minute on one core. */
static const double most_updates = 1e9, most_bloch_updates = 3e8;
/* What of the light is so little that its own digits do not count: the scheme's errors go with the
 * light that is there in the rate model, and with all of it in Bloch's. */
static const double least_part = 1e-15, least_bloch_part = 1e-6;
static const double least_in_f32 = 1e-4; /* of a tolerance: sums of some thousand slots */
enum { LANES = 8 };                      /* rows that cost as much as one */
enum { MOST_SLOTS = 1 << 20, MOST_CELLS = 1 << 12, LEAST_CELLS = 2 };

/* What a run with some slots and cells gives of each point. */
typedef struct solution {
	size_t slots;
	unsigned cells;
	double *out, *probe, *derivative; /* [count] */
	double *strong;                   /* [count], or NULL */
	double *light;                    /* [count, slots] behind */
	double *bleached;                 /* [count, cells] on the axis */
} solution;

static void solution_free(solution *s)
{
	onn_free_all(s->out, s->probe, s->derivative, s->strong, s->light, s->bleached);
	*s = (solution){0};
}

static bool solution_room(solution *s, size_t count, bool strong)
{
	s->out = malloc(count * sizeof(double));
	s->probe = malloc(count * sizeof(double));
	s->derivative = malloc(count * sizeof(double));
	s->strong = strong ? malloc(count * sizeof(double)) : NULL;
	s->light = malloc(count * s->slots * sizeof(double));
	s->bleached = malloc(count * s->cells * sizeof(double));
	return s->out && s->probe && s->derivative && (s->strong || !strong) && s->light &&
	       s->bleached;
}

static void average(solution *s, const onn_pulse_beams *b, const onn_pulse_left *left)
{
	for (size_t p = 0; p < b->count; p++) {
		size_t axis = (p + 1) * b->rings - 1;
		double sum = 0;
		for (size_t i = 0; i < s->slots; i++) {
			double f = onn_pulse_beams_fluence(b, left->light, p, s->slots, i);
			s->light[p * s->slots + i] = f;
			sum += f;
		}
		s->out[p] = sum;
		s->probe[p] = onn_pulse_beams_part(b, left->probe, p);
		s->derivative[p] =
		    onn_pulse_beams_part(b, left->light_by[ONN_PULSE_COLUMN_FLUENCE], p);
		if (s->strong)
			s->strong[p] = onn_pulse_beams_fluence(b, left->strong, p, 1, 0);
		memcpy(s->bleached + p * s->cells, left->bleached + axis * s->cells,
		    s->cells * sizeof(double));
	}
}

/* The derivative takes three times as long as the rest: until the counts stand it is left out. */
static onn_status solve(
    solution *s, onn_pulse_beams *b, onn_device *device, size_t slots, unsigned cells, bool derive)
{
	size_t rows = b->batch.rows;
	bool strong = b->experiment->probe_fraction > 0;
	onn_pulse_left left = {.light = malloc(rows * slots * sizeof(double)),
	    .bleached = malloc(rows * cells * sizeof(double)),
	    .probe = malloc(rows * sizeof(double)),
	    .strong = strong ? malloc(rows * sizeof(double)) : NULL};
	double *by = calloc(rows, sizeof(double));
	onn_status status = ONN_OK;

	solution_free(s);
	s->slots = slots;
	s->cells = cells;
	if (!left.light || !left.bleached || !left.probe || !by || (strong && !left.strong) ||
	    !solution_room(s, b->count, strong))
		status = onn_error_memory(function, rows * slots * sizeof(double));
	if (!status)
		status = onn_pulse_beams_cut(b, slots, cells);
	left.light_by[ONN_PULSE_COLUMN_FLUENCE] = derive ? by : NULL;
	if (!status)
		status = onn_pulse_batch_run(&left, device, &b->batch);
	left.light_by[ONN_PULSE_COLUMN_FLUENCE] = by;
	if (!status)
		average(s, b, &left);
	onn_free_all(left.light, left.bleached, left.probe, left.strong, by);
	return status;
}

/* ---- how far it is from the end ---- */

/* A third of the difference to half as many, relative. */
static double apart(double fine, double coarse, double least)
{
	return fabs(fine - coarse) / (3 * fmax(fabs(fine), least));
}

static double distance(
    const onn_pulse_beams *b, const solution *fine, const solution *coarse, double *each)
{
	double most = 0;
	double least = b->experiment->model == ONN_PULSE_BLOCH ? least_bloch_part : least_part;

	for (size_t p = 0; p < b->count; p++) {
		double f = b->point[p].fluence;
		double e = f > 0 ? apart(fine->out[p], coarse->out[p], least * f) : 0;
		e = fmax(e, apart(fine->probe[p], coarse->probe[p], least));
		each[p] += e;
		most = fmax(most, e);
	}
	return most;
}

typedef struct refinement {
	onn_pulse_beams *beams;
	onn_device *device;
	solution fine, coarse;
	double *error; /* [count] */
	size_t slots;
	unsigned cells;
	double tolerance, before; /* aimed at; the error of the turn before */
	int stuck;                /* turns without progress */
} refinement;

static bool is_affordable(const refinement *r, size_t slots, unsigned cells)
{
	const onn_pulse_experiment *e = r->beams->experiment;
	bool bloch = e->model == ONN_PULSE_BLOCH;
	double rows = (double)onn_size_round_up(r->beams->batch.rows, LANES) * e->classes;
	return rows * (double)slots * cells <= (bloch ? most_bloch_updates : most_updates) &&
	       slots <= MOST_SLOTS && cells <= MOST_CELLS;
}

static void tell(const refinement *r, size_t slots, unsigned cells, bool last)
{
	const onn_pulse_experiment *e = r->beams->experiment;
	const onn_pulse_progress p = {
	    slots, cells, last, isfinite(r->before) ? r->before : NAN, r->tolerance};
	if (e->progress)
		e->progress(&p, e->user);
}

static onn_status solve_for(refinement *r, solution *s, size_t slots, unsigned cells, bool derive)
{
	tell(r, slots, cells, derive);
	return solve(s, r->beams, r->device, slots, cells, derive);
}

/* One turn: the errors of slots and cells apart, then more of what lacks. */
static onn_status refine(refinement *r, bool *done)
{
	const onn_pulse_experiment *e = r->beams->experiment;
	size_t slots = r->slots;
	unsigned cells = r->cells;
	double of_cells = 0, of_slots = 0, enough = r->tolerance / 2;

	memset(r->error, 0, r->beams->count * sizeof *r->error);
	onn_status status = solve_for(r, &r->fine, slots, cells, false);
	if (!status)
		status = solve_for(r, &r->coarse, slots / 2, cells, false);
	if (!status)
		of_slots = distance(r->beams, &r->fine, &r->coarse, r->error);
	if (!status)
		status = solve_for(r, &r->coarse, slots, cells / 2, false);
	if (!status)
		of_cells = distance(r->beams, &r->fine, &r->coarse, r->error);
	if (!(of_slots <= enough) && e->slots == 0)
		r->slots *= 2;
	if (!(of_cells <= enough) && e->cells == 0)
		r->cells *= 2;
	/* twice no better: what is left is rounding */
	r->stuck = of_slots + of_cells > .8 * r->before ? r->stuck + 1 : 0;
	r->before = of_slots + of_cells;
	*done = (r->slots == slots && r->cells == cells) || r->stuck == 2 ||
	        !is_affordable(r, r->slots, r->cells);
	return status;
}

/* ---- results ---- */

static double axis_scale(const onn_pulse_beams *b) { return b->rings > 1 ? 2 : 1; }

static onn_status fill_outcome(
    onn_pulse_outcome *o, const refinement *r, const double *in, size_t p)
{
	const onn_pulse_beams *b = r->beams;
	const onn_pulse_experiment *e = b->experiment;
	const onn_pulse_point *point = &b->point[p];
	const double *out = r->fine.light + p * r->fine.slots, *w = &b->window[2 * p];
	size_t slots = r->fine.slots;
	onn_pulse_regime regime;
	onn_pulse_light light = e->light;

	light.width = point->width;
	onn_status status = onn_pulse_regime_of(&regime, &light, axis_scale(b) * point->fluence,
	    point->t1, point->t2, point->detuning, 1);
	if (status)
		return status;
	double f = point->fluence, slot = (w[1] - w[0]) / (double)slots;
	*o = (onn_pulse_outcome){.fluence_in = f,
	    .fluence_out = f > 0 ? r->fine.out[p] : 0,
	    .probe = r->fine.probe[p],
	    .derivative = r->fine.derivative[p],
	    .transmission = f > 0 ? r->fine.out[p] / f : r->fine.derivative[p],
	    .strong_probe =
	        r->fine.strong && f > 0 ? r->fine.strong[p] / (f * e->probe_fraction) : NAN,
	    .bleached = e->model == ONN_PULSE_BLOCH ? regime.bloch_peak : regime.rate_peak,
	    .width_in = onn_pulse_width(in, slots, slot),
	    .width_out = onn_pulse_width(out, slots, slot),
	    .shift = onn_pulse_mean_time(out, slots, slot) - onn_pulse_mean_time(in, slots, slot),
	    .area = regime.area,
	    .deviation = regime.deviation,
	    .error = r->error[p],
	    .start = w[0],
	    .slot = slot};
	if (e->classes > 1) /* at the entrance only those at rest are followed */
		for (size_t k = 0; k < r->fine.cells; k++)
			o->bleached =
			    k == 0 ? r->fine.bleached[p * r->fine.cells]
			           : fmax(o->bleached, r->fine.bleached[p * r->fine.cells + k]);
	return isfinite(o->fluence_out) && isfinite(o->probe) && isfinite(o->derivative)
	           ? ONN_OK
	           : onn_error(ONN_ERROR_NUMERIC,
	                 "%s: point %zu gives a fluence of %g and a probe of %g; expected finite "
	                 "numbers",
	                 function, p, o->fluence_out, o->probe);
}

static onn_status make_results(onn_pulse_results *out, refinement *r)
{
	const onn_pulse_beams *b = r->beams;
	size_t count = b->count, slots = r->fine.slots, cells = r->fine.cells;
	const size_t shape[2] = {count, slots};
	onn_status status = onn_array_create(&out->light_in, ONN_F64, 2, shape);

	out->count = count;
	out->slots = slots;
	out->cells = cells;
	out->tolerance = r->tolerance;
	out->outcome = calloc(count, sizeof *out->outcome);
	if (!status && !out->outcome)
		status = onn_error_memory(function, count * sizeof *out->outcome);
	if (!status)
		status = onn_array_from(&out->light_out, ONN_F64, 2, shape, r->fine.light);
	if (!status)
		status = onn_array_from(
		    &out->bleached, ONN_F64, 2, (size_t[]){count, cells}, r->fine.bleached);
	if (!status)
		status = onn_pulse_beams_cut(r->beams, slots, r->fine.cells);
	for (size_t p = 0; p < count && !status; p++) {
		double *in = (double *)onn_array_data(out->light_in) + p * slots;
		const double *share = b->share + p * b->rings * slots;
		for (size_t i = 0; i < slots; i++)
			in[i] = b->point[p].fluence * share[i];
		status = fill_outcome(&out->outcome[p], r, in, p);
		out->error = fmax(out->error, out->outcome[p].error);
	}
	return status;
}

onn_status onn_pulse_experiment_run(onn_pulse_results **results, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point, size_t count)
{
	onn_pulse_beams beams;
	refinement r = {.beams = &beams, .device = device, .before = INFINITY};
	bool done = false;

	*results = NULL;
	onn_status status = onn_pulse_beams_create(&beams, experiment, point, count);
	if (!status) {
		double least = onn_device_supports(device, ONN_F64) ? 0 : least_in_f32;
		r.tolerance = fmax(onn_pulse_tolerance(experiment), least);
		onn_pulse_beams_first(&beams, &r.slots, &r.cells);
		r.error = malloc(count * sizeof *r.error);
		*results = calloc(1, sizeof **results);
		if (!r.error || !*results)
			status = onn_error_memory(function, count * sizeof *r.error);
	}
	while (!done && !status)
		status = refine(&r, &done);
	if (!status)
		status = solve_for(&r, &r.fine, r.fine.slots, r.fine.cells, true);
	if (!status)
		status = make_results(*results, &r);
	if (status) {
		onn_pulse_results_destroy(*results);
		*results = NULL;
	}
	solution_free(&r.fine);
	solution_free(&r.coarse);
	free(r.error);
	onn_pulse_beams_destroy(&beams);
	return status;
}

void onn_pulse_results_destroy(onn_pulse_results *results)
{
	if (!results)
		return;
	onn_array_destroy(results->light_in);
	onn_array_destroy(results->light_out);
	onn_array_destroy(results->bleached);
	onn_free_all(results->outcome, results);
}
