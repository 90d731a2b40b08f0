/* Pulses that meet others in the medium: as many cells, and with them slots, as it takes. */
#include "pulse/experiment.h"

#include <math.h>
#include <stdlib.h>

#include <onn/plan.h>

#include "core/element.h"
#include "core/error.h"

static const char *const function = "onn_pulse_collide";

/* Cell updates of a run at most. */
static const double most_updates = 3e8, most_bloch_updates = 1e8;
static const double least_in_f32 = 1e-4;
enum { FIRST_CELLS = 4, MOST_CELLS = 1 << 12 };

typedef struct encounter {
	const onn_pulse_experiment *experiment;
	const onn_pulse_point *point;
	const onn_pulse_counter *counter;
	onn_device *device;
	onn_type type;
	onn_pulse_light light;
	double window[2]; /* of both, in the time of the first */
} encounter;

static size_t slots_of(const encounter *e, unsigned cells)
{
	return (size_t)ceil((e->window[1] - e->window[0]) * cells / e->counter->transit);
}

/* Fluences of slots, in the Bloch model fields; `later` than the first pulse. */
static onn_node beam(
    onn_graph *g, const encounter *e, double fluence, double later, size_t slots, double slot)
{
	const double window[2] = {
	    e->window[0] - later, e->window[0] - later + slot * (double)slots};
	onn_array *a = NULL, *own = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){1, slots});
	if (!status)
		status = onn_pulse_window_shares(onn_array_data(a), &e->light, window, slots);
	for (size_t i = 0; i < slots && !status; i++) {
		double *x = (double *)onn_array_data(a) + i;
		*x *= fluence;
		if (e->experiment->model == ONN_PULSE_BLOCH)
			*x = sqrt(*x / (slot * e->point->t2));
	}
	if (!status)
		status = onn_array_convert(&own, a, e->type);
	onn_node node = status ? onn_fail(g, status, "%s", onn_last_error()) : onn_constant(g, own);
	onn_array_destroy(a);
	onn_array_destroy(own);
	return node;
}

static onn_node fluence_of(onn_graph *g, const encounter *e, onn_node light, double slot)
{
	if (e->experiment->model == ONN_PULSE_BLOCH && !onn_graph_status(g))
		light = onn_mul_real(g, onn_abs2(g, light), slot * e->point->t2);
	return onn_sum(g, light, NULL, 0, false);
}

static onn_pulse_medium medium_of(const encounter *e, unsigned cells)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.model = e->experiment->model;
	m.cells = cells;
	m.depth = e->point->depth;
	m.t1 = e->point->t1;
	m.t2 = e->point->t2 > 0 ? e->point->t2 : m.t2; /* not known: the rate model needs none */
	m.detuning = e->point->detuning;
	m.loss = e->point->loss;
	m.two_photon = e->point->two_photon;
	m.doppler = e->experiment->doppler;
	m.classes = e->experiment->classes;
	return m;
}

static onn_status build(onn_node out[2], onn_graph *g, const encounter *e, unsigned cells)
{
	double slot = e->counter->transit / cells;
	size_t slots = slots_of(e, cells);
	onn_pulse_medium medium = medium_of(e, cells);
	onn_pulse_meeting met;
	onn_node f = beam(g, e, e->point->fluence, 0, slots, slot);
	onn_node b = beam(g, e, e->counter->fluence, e->counter->delay, slots, slot);
	onn_status status =
	    onn_pulse_meet(&met, g, f, b, slot, ONN_NULL_NODE, &medium, NULL, false);
	if (status)
		return onn_error(status, "%s", onn_graph_error(g));
	out[0] = fluence_of(g, e, met.forward, slot);
	out[1] = fluence_of(g, e, met.backward, slot);
	return ONN_OK;
}

static onn_status solve(double left[2], const encounter *e, unsigned cells)
{
	onn_graph *g;
	onn_plan *plan = NULL;
	onn_node out[2];
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	status = build(out, g, e, cells);
	if (!status)
		status = onn_plan_create(&plan, e->device, g, out, 2, NULL);
	if (!status)
		status = onn_plan_run(plan);
	for (size_t i = 0; i < 2 && !status; i++) {
		char number[sizeof(double)];
		status = onn_tensor_read(number, onn_plan_output(plan, i), onn_type_size(e->type));
		if (!status)
			left[i] = onn_part_get(number, e->type, 0);
	}
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	if (!status && !(isfinite(left[0]) && isfinite(left[1])))
		status = onn_error(
		    ONN_ERROR_NUMERIC, "%s: the light behind the medium is not finite", function);
	return status;
}

/* A third of the difference to half as many, relative to what comes out, or to little light. */
static double apart(double fine, double coarse, double fluence)
{
	double least = 1e-6 * fluence;
	return fluence > 0 ? fabs(fine - coarse) / (3 * fmax(fabs(fine), least)) : 0;
}

static onn_status refine(onn_pulse_collision *out, const encounter *e)
{
	double coarse[2], fine[2], tolerance = onn_pulse_tolerance(e->experiment);
	double most = e->experiment->model == ONN_PULSE_RATE ? most_updates : most_bloch_updates;
	unsigned cells = FIRST_CELLS;
	if (e->type == ONN_F32)
		tolerance = fmax(tolerance, least_in_f32);
	onn_status status = solve(fine, e, cells);
	while (!status) {
		coarse[0] = fine[0];
		coarse[1] = fine[1];
		cells *= 2;
		status = solve(fine, e, cells);
		double error = fmax(apart(fine[0], coarse[0], e->point->fluence),
		    apart(fine[1], coarse[1], e->counter->fluence));
		*out = (onn_pulse_collision){
		    fine[0], fine[1], error, tolerance, slots_of(e, cells), cells};
		double next = 4. * cells * (double)out->slots * e->experiment->classes;
		if (error <= tolerance || cells >= MOST_CELLS || next > most)
			break;
	}
	return status;
}

/* window: receives when there is light of the first. */
static onn_status check(double window[2], const onn_pulse_experiment *e, const onn_pulse_point *p,
    const onn_pulse_counter *c)
{
	onn_pulse_beams beams = {0};
	onn_status status = onn_pulse_beams_create(&beams, e, p, 1);
	for (int i = 0; i < 2 && !status; i++)
		window[i] = beams.window[i];
	onn_pulse_beams_destroy(&beams);
	if (status)
		return status;
	if (!(c->fluence >= 0 && isfinite(c->fluence)) || !isfinite(c->delay) ||
	    !(c->transit > 0 && isfinite(c->transit)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the second pulse has fluence %g, delay %g and transit %g; expected a "
		    "fluence >= 0, a finite delay, and a transit above 0",
		    function, c->fluence, c->delay, c->transit);
	if (e->profile != ONN_PULSE_FLAT)
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "%s: profile %s; expected flat: a Gaussian beam's radii are not followed",
		    function, onn_pulse_profile_name(e->profile));
	return ONN_OK;
}

onn_status onn_pulse_collide(onn_pulse_collision *out, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point,
    const onn_pulse_counter *counter)
{
	if (!out || !device || !experiment || !point || !counter)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: NULL for an argument; expected all five", function);
	double window[2];
	onn_status status = check(window, experiment, point, counter);
	if (status)
		return status;
	encounter e = {.experiment = experiment,
	    .point = point,
	    .counter = counter,
	    .device = device,
	    .type = onn_device_supports(device, ONN_F64) ? ONN_F64 : ONN_F32,
	    .light = experiment->light,
	    .window = {window[0] + fmin(counter->delay, 0), window[1] + fmax(counter->delay, 0)}};
	e.light.width = point->width;
	double updates = (double)slots_of(&e, 2 * FIRST_CELLS) * 2 * FIRST_CELLS;
	if (updates > most_updates)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: light takes %g through the medium and lasts %g; expected at most some "
		    "million times as long",
		    function, counter->transit, e.window[1] - e.window[0]);
	return refine(out, &e);
}
