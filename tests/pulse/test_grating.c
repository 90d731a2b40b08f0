/*
 * A weak coherent copy of a pulse that runs back through the grating that both write.
 */
#include <onn/pulse_experiment.h>
#include <onn/saturable.h>

#include "device.h"
#include "testing.h"

static onn_device *device;

static onn_pulse_point point_of(double fluence, double depth, double t1, double width)
{
	return (onn_pulse_point){
	    .fluence = fluence, .width = width, .depth = depth, .t1 = t1, .t2 = 1};
}

static double probe_of(onn_pulse_shape shape, const onn_pulse_point *p, unsigned slots,
    unsigned cells, onn_pulse_weak_probe probe)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	double t;
	e.light.shape = shape;
	e.slots = slots;
	e.cells = cells;
	probe.counter = true;
	check_ok(onn_pulse_probe_run(&t, device, &e, p, 1, &probe, 1));
	return t;
}

/* Constant light from some lifetimes on: the transmission of the rest, from two durations. */
static double steady(double s, double depth, double loss, double eta, double time, unsigned fine)
{
	double energy[2];
	for (int k = 0; k < 2; k++) {
		double width = 20 * (1 + k);
		onn_pulse_point p = point_of(s * width, depth, 1, width);
		p.loss = loss;
		energy[k] =
		    width * probe_of(ONN_PULSE_CW, &p, (unsigned)(20 * width) * fine, 24 * fine,
		                (onn_pulse_weak_probe){.grating = eta, .grating_time = time});
	}
	return (energy[1] - energy[0]) / 20;
}

static double steady_limit(double s, double depth, double eta, double time, double error[2])
{
	double t[2] = {steady(s, depth, 0, eta, time, 1), steady(s, depth, 0, eta, time, 2)};
	double limit = (4 * t[1] - t[0]) / 3;
	error[0] = t[0] - limit;
	error[1] = t[1] - limit;
	return limit;
}

START_TEST(a_steady_pump_gives_the_thick_absorber_s_formula)
{
	static const double row[][3] = {{4, 10, 1}, {4, 10, .5}, {1, 3, 1}, {9, 5, .3}};
	for (size_t i = 0; i < COUNT(row); i++) {
		double s = row[i][0], depth = row[i][1], eta = row[i][2], error[2];
		onn_absorber a = ONN_ABSORBER_INIT;
		onn_response r;
		a.medium = ONN_MEDIUM_THICK;
		a.encoding = ONN_ENCODING_INTENSITY;
		a.depth = depth;
		a.grating = eta;
		check_ok(onn_absorber_response(&r, &a, &s, 1));
		double got = steady_limit(s, depth, eta, 0, error);
		check_near(got / r.probe, 1, 2e-5);
		check_near(error[0] / error[1], 4, .3);
		/* of full contrast it is the derivative of the intensity behind, and the amplitude
		 * the geometric mean of the incoherent probe's and the exact one */
		if (eta == 1)
			check_near(got / r.exact, 1, 2e-5);
	}
	double error[2];
	check_near(sqrt(steady_limit(4, 10, 1, 0, error)), .110242230421, 2e-6);
	check_near(sqrt(steady_limit(4, 10, .5, 0, error)), .0739037170229, 2e-6);
}
END_TEST

/* With a washing-out time Tg, r = 1 + T1/Tg: sqrt(T) [(r + s_in)/(r + s_out)]^(1/2). */
START_TEST(a_grating_that_washes_out_gives_its_steady_formula)
{
	for (double time = .05; time < 30; time *= 20) {
		double s = 4, depth = 3, error[2], r = 1 + 1 / time;
		onn_absorber a = ONN_ABSORBER_INIT;
		onn_response there;
		a.medium = ONN_MEDIUM_THICK;
		a.encoding = ONN_ENCODING_INTENSITY;
		a.depth = depth;
		check_ok(onn_absorber_response(&there, &a, &s, 1));
		double out = there.output;
		check_near(steady_limit(s, depth, 1, time, error) / (out / s * (r + s) / (r + out)),
		    1, 2e-5);
	}
}
END_TEST

/* Thin media take h e^-F of the copy, which is what a slow absorber's derivative lacks of 1. */
START_TEST(of_thin_slow_media_full_contrast_gives_the_derivative)
{
	for (double f = .3; f < 5; f *= 3) {
		onn_pulse_point p = point_of(f, 1e-6, INFINITY, 1);
		double t[2];
		for (unsigned k = 0; k < 2; k++)
			t[k] = probe_of(
			    ONN_PULSE_SECH, &p, 400 << k, 2, (onn_pulse_weak_probe){.grating = 1});
		check_near((1 - (4 * t[1] - t[0]) / 3) / 1e-6, exp(-f), 1e-5);
	}
}
END_TEST

START_TEST(a_copy_without_contrast_goes_as_the_pulse)
{
	/* the same fractions are met at the same times, only from behind */
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_results *r;
	onn_pulse_point p = point_of(2, 3, 1.5, 1);
	p.loss = .4;
	e.slots = 256;
	e.cells = 16;
	check_ok(onn_pulse_experiment_run(&r, device, &e, &p, 1));
	double t =
	    probe_of(ONN_PULSE_GAUSSIAN, &p, 256, 16, (onn_pulse_weak_probe){.grating = 1e-13});
	check_near(t, r->outcome[0].transmission, 1e-9);
	/* washed out at once: the same */
	t = probe_of(ONN_PULSE_GAUSSIAN, &p, 256, 16,
	    (onn_pulse_weak_probe){.grating = 1, .grating_time = 1e-13});
	check_near(t, r->outcome[0].transmission, 1e-9);
	onn_pulse_results_destroy(r);
}
END_TEST

START_TEST(a_copy_apart_from_the_pulse_sees_no_grating)
{
	onn_pulse_point p = point_of(1, 3, INFINITY, 1);
	onn_pulse_weak_probe probe = {.grating = 1, .delay = -40};
	check_near(probe_of(ONN_PULSE_GAUSSIAN, &p, 200, 8, probe), exp(-3), 1e-9);
	probe.delay = 40;
	check_near(probe_of(ONN_PULSE_GAUSSIAN, &p, 200, 8, probe), .124669988291, 1e-9);
	/* launched late enough by the way itself: the medium's front is met two transits later */
	probe.delay = 0;
	probe.transit = 400;
	check_near(probe_of(ONN_PULSE_GAUSSIAN, &p, 200, 8, probe), .124669988291, 1e-3);
}
END_TEST

/*
 * Small steps of the equations as they stand, cells and slots to first order, extrapolated: probe
 * energy behind over that in front for sech pulses with a delay of the probe.
 */
static double by_small_steps(
    double f, double depth, double t1, double delay, size_t slots, size_t cells)
{
	static double pump[64][8000], rest[64][8000], e[8000];
	double span = 24, dt = span / (double)slots, h = depth / (double)cells, in = 0, out = 0;
	double width = 1 / (2 * acosh(sqrt(2)));
	ck_assert(slots <= 8000 && cells <= 64);
	for (size_t n = 0; n < slots; n++) {
		double t = ((double)n + .5) * dt - 10;
		pump[0][n] = f / (2 * width) / pow(cosh(t / width), 2);
		e[n] = 1 / cosh((t - delay) / width);
		in += e[n] * e[n];
	}
	for (size_t k = 0; k < cells; k++) {
		double q = 0;
		for (size_t n = 0; n < slots; n++) {
			rest[k][n] = 1 - q;
			q += dt * ((1 - q) * pump[k][n] - q / t1);
			if (k + 1 < cells)
				pump[k + 1][n] = pump[k][n] * (1 - h * rest[k][n]);
		}
	}
	for (size_t k = cells; k-- > 0;) {
		double c = 0;
		for (size_t n = 0; n < slots; n++) {
			double u = sqrt(pump[k][n]), left = rest[k][n] * e[n];
			double next = c + dt * (u * left - c / t1 - u * u * c);
			e[n] -= h / 2 * (left - u * c);
			c = next;
		}
	}
	for (size_t n = 0; n < slots; n++)
		out += e[n] * e[n];
	return out / in;
}

START_TEST(a_pulse_s_grating_is_that_of_small_steps)
{
	static const double row[][4] = {{1, 2, 1, 0}, {4, 3, 2, 0}, {3, 2, .7, .5}, {3, 2, 2, -.5}};
	for (size_t i = 0; i < COUNT(row); i++) {
		double f = row[i][0], depth = row[i][1], t1 = row[i][2], delay = row[i][3], t[2];
		double one = by_small_steps(f, depth, t1, delay, 2000, 16);
		double two = by_small_steps(f, depth, t1, delay, 4000, 32);
		double four = by_small_steps(f, depth, t1, delay, 8000, 64);
		double want = (8 * four - 6 * two + one) / 3;
		onn_pulse_point p = point_of(f, depth, t1, 1);
		for (unsigned k = 0; k < 2; k++)
			t[k] = probe_of(ONN_PULSE_SECH, &p, 512 << k, 16 << k,
			    (onn_pulse_weak_probe){.grating = 1, .delay = delay});
		check_near((4 * t[1] - t[0]) / 3, want, 2e-4 * want);
	}
}
END_TEST

START_TEST(errors_are_of_second_order_in_slots_and_cells)
{
	onn_pulse_point p = point_of(4, 3, 2, 1);
	double t[3];
	for (unsigned k = 0; k < 3; k++)
		t[k] = probe_of(
		    ONN_PULSE_SECH, &p, 128 << k, 8 << k, (onn_pulse_weak_probe){.grating = 1});
	check_near((t[0] - t[1]) / (t[1] - t[2]), 4, .4);
}
END_TEST

START_TEST(strong_light_and_long_slots_keep_the_probe_between_0_and_1)
{
	for (double f = 1; f < 1e5; f *= 100)
		for (double t1 = .01; t1 < 1e3; t1 *= 1e4) {
			onn_pulse_point p = point_of(f, 100, t1, 1);
			double t = probe_of(
			    ONN_PULSE_GAUSSIAN, &p, 32, 4, (onn_pulse_weak_probe){.grating = 1});
			ck_assert_msg(t >= 0 && t <= 1 + 1e-12, "fluence %g, T1 %g: %g", f, t1, t);
		}
}
END_TEST

START_TEST(what_has_no_grating_is_named)
{
	static const struct {
		onn_status status;
		const char *part;
	} row[] = {{ONN_ERROR_ARGUMENT, "grating 2"}, {ONN_ERROR_ARGUMENT, "grating time -1"},
	    {ONN_ERROR_UNSUPPORTED, "goes with the pulse"}, {ONN_ERROR_UNSUPPORTED, "Bloch"},
	    {ONN_ERROR_UNSUPPORTED, "detuned"}, {ONN_ERROR_UNSUPPORTED, "detuned"},
	    {ONN_ERROR_UNSUPPORTED, "two-photon"}, {ONN_ERROR_UNSUPPORTED, "classes"}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
		onn_pulse_point p = point_of(1, 1, 1, 1);
		onn_pulse_weak_probe probe = {.counter = i != 2,
		    .grating = i == 0 ? 2 : 1,
		    .grating_time = i == 1 ? -1 : 0,
		    .detuning = i == 4};
		double t;
		e.model = i == 3 ? ONN_PULSE_BLOCH : ONN_PULSE_RATE;
		e.slots = e.cells = 8;
		e.classes = i == 7 ? 3 : 1;
		e.doppler = i == 7;
		p.detuning = i == 5;
		p.two_photon = i == 6;
		onn_status status = onn_pulse_probe_run(&t, device, &e, &p, 1, &probe, 1);
		ck_assert_msg(status == row[i].status && strstr(onn_last_error(), row[i].part),
		    "%zu: %s", i, onn_last_error());
	}
}
END_TEST

TESTS_IN_F64("grating", a_steady_pump_gives_the_thick_absorber_s_formula,
    a_grating_that_washes_out_gives_its_steady_formula,
    of_thin_slow_media_full_contrast_gives_the_derivative,
    a_copy_without_contrast_goes_as_the_pulse, a_copy_apart_from_the_pulse_sees_no_grating,
    a_pulse_s_grating_is_that_of_small_steps, errors_are_of_second_order_in_slots_and_cells,
    strong_light_and_long_slots_keep_the_probe_between_0_and_1, what_has_no_grating_is_named)
