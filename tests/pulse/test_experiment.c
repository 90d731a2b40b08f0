/*
 * Experiments against closed forms: the slow absorber, the steady state, a Gaussian beam, probes.
 */
#include <onn/pulse_experiment.h>
#include <onn/saturable.h>

#include "device.h"
#include "testing.h"

static onn_device *device;

static onn_pulse_point point_of(double fluence, double depth, double t1)
{
	return (onn_pulse_point){.fluence = fluence, .width = 1, .depth = depth, .t1 = t1, .t2 = 1};
}

static onn_pulse_outcome outcome_of(const onn_pulse_experiment *e, const onn_pulse_point *p)
{
	onn_pulse_results *r = NULL;
	check_ok(onn_pulse_experiment_run(&r, device, e, p, 1));
	onn_pulse_outcome o = r->outcome[0];
	ck_assert(r->error <= r->tolerance || e->slots);
	onn_pulse_results_destroy(r);
	return o;
}

START_TEST(a_slow_absorber_is_that_of_the_closed_form_for_each_shape)
{
	for (int shape = ONN_PULSE_CW; shape <= ONN_PULSE_TRAIN; shape++) {
		onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
		onn_pulse_point p[4];
		onn_pulse_results *r;
		e.light.shape = (onn_pulse_shape)shape;
		for (int i = 0; i < 4; i++)
			p[i] = point_of(.1 * pow(10, i), 3, INFINITY);
		check_ok(onn_pulse_experiment_run(&r, device, &e, p, 4));
		for (int i = 0; i < 4; i++) {
			onn_pulse_outcome o = r->outcome[i];
			double f = p[i].fluence, probe = exp(-onn_pulse_slow_fluence(3, f));
			ck_assert(o.fluence_in == f);
			check_near(o.fluence_out / onn_pulse_slow_fluence(f, 3), 1, 1e-12);
			check_near(o.probe / probe, 1, 1e-12);
			check_near(o.derivative / o.probe, 1, 1e-12);
			check_near(o.transmission, o.fluence_out / f, 1e-15);
			check_near(o.bleached, -expm1(-f), 1e-12);
		}
		check_near(r->error, 0, 1e-12);
		onn_pulse_results_destroy(r);
	}
}
END_TEST

START_TEST(a_finite_lifetime_gives_the_known_value)
{
	/* square, of width T1, s = 1, a0 = 3; docs/physics.md */
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(1, 3, 1);
	e.light.shape = ONN_PULSE_SQUARE;
	e.tolerance = 1e-7;
	onn_pulse_outcome o = outcome_of(&e, &p);
	check_near(o.fluence_out, .0711787831266, 1e-7 * .07);
	check_near(o.probe, .0893743539027, 1e-7 * .09);
	check_near(o.derivative, .0970200696, 1e-7 * .1);
	ck_assert(o.error > 1e-12); /* it is an estimate, not nothing */
}
END_TEST

START_TEST(long_light_comes_to_the_steady_state)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(4 * 400, 10, 1);
	onn_absorber a = ONN_ABSORBER_INIT;
	onn_response steady;
	onn_pulse_results *r;
	double s = 4;
	e.light.shape = ONN_PULSE_CW;
	p.width = 400;
	e.tolerance = 1e-4;
	check_ok(onn_pulse_experiment_run(&r, device, &e, &p, 1));
	a.medium = ONN_MEDIUM_THICK;
	a.encoding = ONN_ENCODING_INTENSITY;
	check_ok(onn_absorber_response(&steady, &a, &s, 1));
	const double *out = onn_array_const_data(r->light_out);
	check_near(out[r->slots - 1] / r->outcome[0].slot / steady.output, 1, 1e-3);
	check_near(r->outcome[0].bleached, .8, 1e-3);
	onn_pulse_results_destroy(r);
}
END_TEST

START_TEST(the_error_that_is_told_is_the_one_that_is_made)
{
	static const double loss[] = {0, .5};
	for (int i = 0; i < 2; i++)
		for (unsigned slots = 32; slots <= 128; slots *= 2) {
			onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
			onn_pulse_point p = point_of(2, 3, .5);
			p.loss = loss[i];
			e.light.shape = ONN_PULSE_SQUARE;
			e.tolerance = 1e-5;
			double exact = outcome_of(&e, &p).fluence_out;
			e.slots = slots;
			e.cells = 16;
			onn_pulse_outcome o = outcome_of(&e, &p);
			double made = fabs(o.fluence_out / exact - 1);
			ck_assert_msg(o.error >= .7 * made && o.error <= 30 * made,
			    "told %g, made %g", o.error, made);
		}
}
END_TEST

/* (1/(2F)) times the integral of the transmission over fluences from 0 to 2 F. */
START_TEST(a_gaussian_beam_is_the_mean_over_its_fluences)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	e.profile = ONN_PULSE_GAUSSIAN_BEAM;
	for (double f = .1; f < 200; f *= 10) {
		onn_pulse_point p = point_of(f, 2, INFINITY);
		onn_pulse_outcome o = outcome_of(&e, &p);
		enum { PARTS = 200000 };
		double sum = 0, probe = 0;
		for (int i = 0; i < PARTS; i++) {
			double at = 2 * f * (i + .5) / PARTS;
			sum += onn_pulse_slow_fluence(at, 2) / at / PARTS;
			probe += exp(-onn_pulse_slow_fluence(2, at)) / PARTS;
		}
		check_near(o.transmission / sum, 1, 1e-6);
		check_near(o.probe / probe, 1, 1e-6);
		check_near(o.derivative / o.probe, 1, 1e-11);
		check_near(o.bleached, -expm1(-2 * f), 1e-12); /* twice the mean on the axis */
	}
}
END_TEST

START_TEST(a_probe_of_finite_strength_gets_what_the_pulse_would_have_had_more)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(1, 3, INFINITY);
	e.probe_fraction = .7;
	check_near(outcome_of(&e, &p).strong_probe * .7, .119012979561, 1e-12);
	e.probe_fraction = 0;
	ck_assert(isnan(outcome_of(&e, &p).strong_probe));
}
END_TEST

static double probe_of(
    const onn_pulse_experiment *e, const onn_pulse_point *p, onn_pulse_weak_probe probe)
{
	double t = NAN;
	check_ok(onn_pulse_probe_run(&t, device, e, p, 1, &probe, 1));
	return t;
}

START_TEST(probes_see_the_medium_recover)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(1, 3, 1e6);
	e.light.shape = ONN_PULSE_SQUARE;
	e.slots = 64;
	e.cells = 256;
	check_near(probe_of(&e, &p, (onn_pulse_weak_probe){0}), .124669988291, 1e-6);
	check_near(probe_of(&e, &p, (onn_pulse_weak_probe){.delay = 1e6}), .0697862702877, 1e-6);
	/* against the pump, whose end it meets first: L/(v T1) = .01 and .2 */
	onn_pulse_weak_probe back = {.counter = true, .transit = .01e6};
	check_near(probe_of(&e, &p, back), .123188868969, 2e-6);
	back.transit = .2e6;
	check_near(probe_of(&e, &p, back), .101250034225, 2e-6);
	/* before the pulse nothing is bleached; in its middle half of the light has come */
	check_near(probe_of(&e, &p, (onn_pulse_weak_probe){.delay = -5}), exp(-3), 1e-12);
	check_near(probe_of(&e, &p, (onn_pulse_weak_probe){.delay = -.5}),
	    exp(-onn_pulse_slow_fluence(3, .5)), 1e-6);
	/* off resonance it meets less */
	check_near(
	    probe_of(&e, &p, (onn_pulse_weak_probe){.detuning = 2}), pow(.124669988291, .2), 1e-6);
}
END_TEST

START_TEST(probes_of_many_pulses_are_those_of_each)
{
	for (int profile = 0; profile < 2; profile++) {
		onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
		onn_pulse_point p[3] = {point_of(.5, 3, 2), point_of(4, 1, .5), point_of(2, 2, 1)};
		onn_pulse_weak_probe probe[6];
		double together[6], alone[2];
		p[1].width = 3;
		e.profile = (onn_pulse_profile)profile;
		e.slots = 64;
		e.cells = 8;
		for (int i = 0; i < 6; i++)
			probe[i] = (onn_pulse_weak_probe){.delay = i % 2 ? -2 : .3 * i};
		check_ok(onn_pulse_probe_run(together, device, &e, p, 3, probe, 2));
		for (int i = 0; i < 3; i++) {
			check_ok(
			    onn_pulse_probe_run(alone, device, &e, &p[i], 1, &probe[2 * i], 2));
			/* rings are those that the steepest pulse needs */
			check_near(together[2 * i] / alone[0], 1, 1e-6);
			check_near(together[2 * i + 1] / alone[1], 1, 1e-6);
		}
	}
}
END_TEST

START_TEST(a_trace_is_the_experiments_pulse_cell_by_cell)
{
	for (int model = ONN_PULSE_RATE; model <= ONN_PULSE_BLOCH; model++) {
		onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
		onn_pulse_point p = point_of(3, 2, 4);
		onn_pulse_results *r;
		onn_pulse_trace *t;
		e.model = (onn_pulse_model)model;
		e.slots = 128;
		e.cells = 16;
		check_ok(onn_pulse_experiment_run(&r, device, &e, &p, 1));
		check_ok(onn_pulse_trace_run(&t, device, &e, &p));
		const double *in = onn_array_const_data(r->light_in),
		             *out = onn_array_const_data(r->light_out),
		             *q = onn_array_const_data(r->bleached),
		             *light = onn_array_const_data(t->light),
		             *bleached = onn_array_const_data(t->bleached);
		ck_assert(t->slots == 128 && t->cells == 16 && t->slot == r->outcome[0].slot);
		for (size_t i = 0; i < 128; i++) {
			check_near(light[i], in[i], 1e-13);
			check_near(light[16 * 128 + i], out[i], 1e-12);
		}
		for (size_t k = 0; k < 16; k++) {
			ck_assert(bleached[k * 129] == 0);
			check_near(bleached[k * 129 + 128], q[k], 1e-12);
		}
		onn_pulse_trace_destroy(t);
		onn_pulse_results_destroy(r);
	}
}
END_TEST

START_TEST(blochs_model_tends_to_the_rate_model_and_has_its_two_pi_pulse)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(1, 3, INFINITY);
	double gap[2];
	e.model = ONN_PULSE_BLOCH;
	for (int i = 0; i < 2; i++) {
		p.t2 = .04 / (i + 1);
		gap[i] = fabs(outcome_of(&e, &p).fluence_out / onn_pulse_slow_fluence(1, 3) - 1);
	}
	check_near(gap[0] / gap[1], 2, .4);
	/* sech of area 2 pi: sech of tp = 1, fluence 8 T2/tp, passes unchanged */
	e.light.shape = ONN_PULSE_SECH;
	e.tolerance = 1e-3;
	p = point_of(8e6, 2e6, INFINITY); /* a0/(2 T2) = 1 */
	p.t2 = 1e6;
	p.width = 2 * .881373587019543;
	onn_pulse_outcome o = outcome_of(&e, &p);
	check_near(o.transmission, 1, 2e-3);
	check_near(o.width_out / o.width_in, 1, 5e-3);
	check_near(o.shift, 1, 5e-3); /* g tp^2 */
	check_near(o.area, 2, 1e-3);
}
END_TEST

START_TEST(what_cannot_be_is_refused_by_name)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(-1, 3, 1);
	onn_pulse_results *r;
	double t;
	check_error(onn_pulse_experiment_run(&r, device, &e, &p, 1), ONN_ERROR_ARGUMENT,
	    "point 0 has fluence -1");
	ck_assert(!r);
	p = point_of(1, 3, 0);
	check_error(onn_pulse_experiment_run(&r, device, &e, &p, 1), ONN_ERROR_ARGUMENT, "t1 0");
	p = point_of(1, 3, 1);
	check_error(
	    onn_pulse_experiment_run(&r, device, &e, &p, 0), ONN_ERROR_ARGUMENT, "no points");
	e.tolerance = -1;
	check_error(
	    onn_pulse_experiment_run(&r, device, &e, &p, 1), ONN_ERROR_ARGUMENT, "tolerance is -1");
	e.tolerance = 0;
	e.model = ONN_PULSE_BLOCH;
	p.two_photon = 1;
	check_error(onn_pulse_experiment_run(&r, device, &e, &p, 1), ONN_ERROR_ARGUMENT,
	    "in the Bloch model 0");
	p = point_of(1, 3, 1);
	e.classes = 3;
	e.doppler = 1;
	check_error(
	    onn_pulse_probe_run(&t, device, &e, &p, 1, &(onn_pulse_weak_probe){.delay = -1}, 1),
	    ONN_ERROR_UNSUPPORTED, "classes of velocity");
	check_error(
	    onn_pulse_probe_run(&t, device, &e, &p, 1, &(onn_pulse_weak_probe){.transit = -1}, 1),
	    ONN_ERROR_ARGUMENT, "transit time -1");
}
END_TEST

/* What was told, in order. */
typedef struct watch {
	size_t count, slots, cells, last;
	double error;
} watch;

static void look(const onn_pulse_progress *p, void *user)
{
	watch *w = user;
	ck_assert(w->last == 0);
	ck_assert(isnan(p->error) ? w->count < 3 : p->error >= 0);
	w->count++;
	w->last += p->last;
	w->slots = p->slots;
	w->cells = p->cells;
	w->error = p->error;
	ck_assert(p->tolerance == 1e-5);
}

START_TEST(who_looks_on_is_told_each_run)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = point_of(2, 4, 1);
	onn_pulse_results *r;
	watch w = {0};
	e.tolerance = 1e-5;
	e.progress = look;
	e.user = &w;
	check_ok(onn_pulse_experiment_run(&r, device, &e, &p, 1));
	ck_assert(w.last == 1 && w.count % 3 == 1);
	ck_assert(w.slots == r->slots && w.cells == r->cells);
	ck_assert(w.error <= r->tolerance && w.error >= r->error);
	onn_pulse_results_destroy(r);
}
END_TEST

TESTS_IN_F64("experiment", a_slow_absorber_is_that_of_the_closed_form_for_each_shape,
    a_finite_lifetime_gives_the_known_value, long_light_comes_to_the_steady_state,
    the_error_that_is_told_is_the_one_that_is_made, a_gaussian_beam_is_the_mean_over_its_fluences,
    a_probe_of_finite_strength_gets_what_the_pulse_would_have_had_more,
    probes_see_the_medium_recover, probes_of_many_pulses_are_those_of_each,
    a_trace_is_the_experiments_pulse_cell_by_cell,
    blochs_model_tends_to_the_rate_model_and_has_its_two_pi_pulse, who_looks_on_is_told_each_run,
    what_cannot_be_is_refused_by_name)
