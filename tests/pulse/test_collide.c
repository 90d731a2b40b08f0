/*
 * Two strong pulses against each other, to a tolerance.
 */
#include <onn/pulse_experiment.h>

#include "device.h"
#include "testing.h"

static onn_device *device;
static double fine; /* of what f32 leaves */

static const onn_pulse_point slow = {.fluence = 2, .width = 1, .depth = 3, .t1 = INFINITY, .t2 = 1};

static onn_pulse_experiment experiment(double tolerance)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	e.tolerance = tolerance;
	return e;
}

/* With nothing against it a pulse passes as ever. */
START_TEST(a_pulse_that_meets_none_is_that_of_the_experiment)
{
	const onn_pulse_counter none = {0, 0, .3};
	for (int kind = 0; kind < 3; kind++) {
		onn_pulse_experiment e = experiment(kind == 2 ? 1e-4 : 1e-5);
		onn_pulse_point p = slow;
		onn_pulse_results *r;
		onn_pulse_collision c;
		p.t1 = kind ? 1.5 : INFINITY;
		e.model = kind == 2 ? ONN_PULSE_BLOCH : ONN_PULSE_RATE;
		check_ok(onn_pulse_experiment_run(&r, device, &e, &p, 1));
		check_ok(onn_pulse_collide(&c, device, &e, &p, &none));
		double want = r->outcome[0].fluence_out;
		check_near(c.forward / want, 1, fmax(4 * e.tolerance, fine));
		ck_assert(c.backward == 0 && c.error <= c.tolerance);
		onn_pulse_results_destroy(r);
	}
}
END_TEST

START_TEST(pulses_that_are_alike_leave_alike)
{
	const onn_pulse_counter same = {slow.fluence, 0, .5};
	onn_pulse_experiment e = experiment(1e-5);
	onn_pulse_collision c, one;
	onn_pulse_point p = slow;
	p.t1 = 2;
	check_ok(onn_pulse_collide(&c, device, &e, &p, &same));
	check_near(c.forward / c.backward, 1, fmax(1e-9, fine));
	/* each finds what the other has bleached, and comes out brighter than alone */
	check_ok(onn_pulse_collide(&one, device, &e, &p, &(onn_pulse_counter){0, 0, .5}));
	ck_assert(c.forward > 1.2 * one.forward);
}
END_TEST

/* Long behind the first, in a medium that forgets nothing: Frantz and Nodvik's, one by one. */
START_TEST(a_late_pulse_finds_what_the_first_left)
{
	const onn_pulse_counter late = {.7, 8, .25};
	onn_pulse_experiment e = experiment(1e-5);
	onn_pulse_collision c;
	onn_pulse_point p = slow;
	p.t2 = 0; /* of the rate model it is not asked */
	check_ok(onn_pulse_collide(&c, device, &e, &p, &late));
	double left = onn_pulse_slow_fluence(slow.depth, slow.fluence);
	check_near(
	    c.forward / onn_pulse_slow_fluence(slow.fluence, slow.depth), 1, fmax(4e-5, fine));
	check_near(c.backward / onn_pulse_slow_fluence(late.fluence, left), 1, fmax(4e-5, fine));
}
END_TEST

START_TEST(what_cannot_meet_is_refused)
{
	onn_pulse_experiment e = experiment(1e-4);
	onn_pulse_point p = slow;
	onn_pulse_collision c;
	onn_pulse_counter b = {1, 0, 0};
	check_error(onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_ARGUMENT, "transit 0");
	b = (onn_pulse_counter){-1, 0, 1};
	check_error(onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_ARGUMENT, "fluence -1");
	b = (onn_pulse_counter){1, 0, 1e-9};
	check_error(onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_ARGUMENT, "lasts");
	b = (onn_pulse_counter){1, 0, 1};
	e.profile = ONN_PULSE_GAUSSIAN_BEAM;
	check_error(
	    onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_UNSUPPORTED, "profile gaussian");
	e.profile = ONN_PULSE_FLAT;
	p.depth = -1;
	check_error(onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_ARGUMENT, "-1");
	p = slow;
	p.two_photon = 1;
	check_error(onn_pulse_collide(&c, device, &e, &p, &b), ONN_ERROR_UNSUPPORTED, "two-photon");
	check_error(onn_pulse_collide(NULL, device, &e, &p, &b), ONN_ERROR_ARGUMENT, "NULL");
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	fine = onn_device_supports(device, ONN_F64) ? 0 : 1e-3;
	int failed = run_tests("pulses that meet",
	    (const TTest *[]){a_pulse_that_meets_none_is_that_of_the_experiment,
	        pulses_that_are_alike_leave_alike, a_late_pulse_finds_what_the_first_left,
	        what_cannot_meet_is_refused, NULL});
	onn_device_destroy(device);
	return failed;
}
