/*
 * Probes that run back through a steady pump in a line of moving atoms: Lamb's dip, against the
 * steady state and its closed form in a thin medium.
 */
#include <onn/pulse_experiment.h>

#include "device.h"
#include "testing.h"

static onn_device *device;

enum { MOST = 64 };
static const double pi = 3.14159265358979323846;

/* The transmission of weak probes at these detunings behind some lifetimes of a resonant pump. */
static void probe_steady(
    double *t, const double *detuning, size_t count, double s, double depth, double doppler)
{
	onn_pulse_experiment e = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point p = {.fluence = 16 * s, .width = 16, .depth = depth, .t1 = 1, .t2 = 1};
	onn_pulse_weak_probe probe[MOST];
	e.light.shape = ONN_PULSE_CW;
	bool thin = depth < .1;
	e.slots = thin ? 1600 : 3200;
	e.cells = thin ? 2 : 48;
	e.classes = thin ? 3001 : 401;
	e.doppler = doppler;
	for (size_t i = 0; i < count; i++)
		probe[i] = (onn_pulse_weak_probe){.detuning = detuning[i], .counter = true};
	check_ok(onn_pulse_probe_run(t, device, &e, &p, 1, probe, count));
}

/* Holes in a line far wider than the homogeneous one: of the absorption the part s/(r (1 + r)), r =
 * sqrt(1 + s), is missing at the middle, and half of that 1 + r half linewidths beside it. */
START_TEST(a_thin_medium_s_dip_has_the_depth_and_width_of_its_closed_form)
{
	for (double s = .5; s < 10; s *= 4) {
		double r = sqrt(1 + s), depth = 1e-3, doppler = 200, t[3], hole[3];
		const double at[3] = {0, 1 + r, 15 * (1 + r)};
		/* the wings of the classes make a line's middle lower, and holes no smaller */
		double line = depth * sqrt(pi) / doppler, middle = 1 - 2 / (sqrt(pi) * doppler);
		probe_steady(t, at, 3, s, depth, doppler);
		for (int i = 0; i < 3; i++)
			hole[i] = middle + log(t[i]) / line * exp(pow(at[i] / doppler, 2));
		check_near(hole[0], s / (r * (1 + r)), .002);
		check_near(hole[1] / hole[0], .5, .003);
		check_near(hole[2] / hole[0], 1 / (1 + 225.), .005);
	}
}
END_TEST

/* Pump and probe through a thick medium, steady: ds/dz = -a s sum c/(1 + D^2 + s), and the probe's
 * depth a sum c (1 + D^2)/(1 + D^2 + s)/(1 + (d + D)^2), by the midpoint rule. */
static void integrate(
    double *t, const double *detuning, size_t count, double s, double depth, double doppler)
{
	enum { STEPS = 400, POINTS = 801 };
	double a = depth / STEPS, met[MOST] = {0}, norm = 0;
	static double d[POINTS], c[POINTS];
	for (int j = 0; j < POINTS; j++) {
		double x = 8. * j / (POINTS - 1) - 4;
		d[j] = doppler * x;
		c[j] = exp(-x * x);
		norm += c[j];
	}
	for (int k = 0; k < STEPS; k++) {
		double middle = s, fall;
		for (int half = 0; half < 2; half++) {
			fall = 0;
			for (int j = 0; j < POINTS; j++)
				fall += c[j] / norm / (1 + d[j] * d[j] + middle);
			if (!half)
				middle = s * exp(-a * fall / 2);
		}
		for (size_t i = 0; i < count; i++)
			for (int j = 0; j < POINTS; j++) {
				double wide = 1 + d[j] * d[j], off = detuning[i] + d[j];
				met[i] +=
				    a * c[j] / norm * wide / ((wide + middle) * (1 + off * off));
			}
		s *= exp(-a * fall);
	}
	for (size_t i = 0; i < count; i++)
		t[i] = exp(-met[i]);
}

START_TEST(a_thick_medium_s_dip_is_that_of_the_steady_state)
{
	enum { N = 41 };
	double detuning[N], got[N], want[N], height[2], half[2] = {0, 0};
	double s = 6, depth = 25, doppler = 20;
	for (int i = 0; i < N; i++)
		detuning[i] = i * .5;
	probe_steady(got, detuning, N, s, depth, doppler);
	integrate(want, detuning, N, s, depth, doppler);
	for (int i = 0; i < N; i++)
		check_near(got[i], want[i], 1e-4);
	/* height over the foot, and where half of it is left */
	for (int k = 0; k < 2; k++) {
		const double *t = k ? want : got;
		double foot = t[0];
		for (int i = 0; i < N; i++)
			foot = fmin(foot, t[i]);
		height[k] = t[0] - foot;
		for (int i = 0; i + 1 < N; i++) {
			double level = foot + height[k] / 2;
			if (t[i] >= level && t[i + 1] < level)
				half[k] = detuning[i] + .5 * (t[i] - level) / (t[i] - t[i + 1]);
		}
	}
	ck_assert(height[0] > .2 && half[0] > 1 && half[0] < 4);
	check_near(height[0] / height[1], 1, 5e-4);
	check_near(half[0] / half[1], 1, 1e-3);
}
END_TEST

TESTS_IN_F64("probe", a_thin_medium_s_dip_has_the_depth_and_width_of_its_closed_form,
    a_thick_medium_s_dip_is_that_of_the_steady_state)
