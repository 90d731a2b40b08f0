/*
 * What is read off a pulse in slots; a Gaussian beam's mean; the slow absorber in closed form.
 */
#include "pulse/measure.h"

#include <onn/pulse.h>

#include "pulse/rings.h"
#include "testing.h"

START_TEST(width_and_mean_time_are_those_of_the_shape)
{
	enum { SLOTS = 4000 };
	static double f[SLOTS];
	double slot = 20. / SLOTS;
	for (int i = 0; i < SLOTS; i++) {
		double t = (i + .5) * slot - 7.3;
		f[i] = exp(-4 * log(2) * t * t / 4);
	}
	check_near(onn_pulse_width(f, SLOTS, slot), 2, 1e-5);
	check_near(onn_pulse_mean_time(f, SLOTS, slot), 7.3, 1e-9);
	memset(f, 0, sizeof f);
	ck_assert(
	    onn_pulse_width(f, SLOTS, slot) == 0 && isnan(onn_pulse_mean_time(f, SLOTS, slot)));
	f[3] = 1; /* half of it is met in the middle of its neighbours' way */
	check_near(onn_pulse_width(f, SLOTS, 1), 1, 1e-15);
	check_near(onn_pulse_width((const double[]){1, 1, 1}, 3, 2), 6, 1e-15);
	/* two pulses: from the first to the last time of half the power */
	check_near(onn_pulse_width((const double[]){0, 1, 0, 0, 0, 1, 0}, 7, 1), 5, 1e-15);
}
END_TEST

START_TEST(the_slow_absorber_keeps_its_digits_for_any_light_and_depth)
{
	check_near(onn_pulse_slow_fluence(1, 3), .0820851265481, 5e-14);
	check_near(exp(-onn_pulse_slow_fluence(3, 1)), .124669988291, 5e-13);
	check_near(onn_pulse_slow_fluence(.001, 100) / 3.72193663418e-47, 1, 1e-11);
	check_near(onn_pulse_slow_fluence(50, 100) / 1.92874984796e-22, 1, 1e-11);
	check_near(onn_pulse_slow_fluence(1e4, 3), 9997, 1e-9);
	ck_assert(onn_pulse_slow_fluence(0, 3) == 0 && onn_pulse_slow_fluence(2, 0) == 2);
	for (double f = 1e-3; f < 1e3; f *= 3) /* photons and depth are lost alike */
		check_near((f - onn_pulse_slow_fluence(f, 7)) - (7 - onn_pulse_slow_fluence(7, f)),
		    0, 1e-12);
}
END_TEST

START_TEST(points_of_gauss_integrate_polynomials_exactly)
{
	for (size_t n = 1; n <= ONN_PULSE_MOST_RINGS; n = n < 8 ? n + 1 : 2 * n) {
		double x[ONN_PULSE_MOST_RINGS], w[ONN_PULSE_MOST_RINGS], sum[4] = {0};
		onn_gauss_legendre(x, w, n);
		for (size_t i = 0; i < n; i++) {
			ck_assert(x[i] > 0 && x[i] < 1 && w[i] > 0);
			sum[0] += w[i];
			sum[1] += w[i] * x[i];
			sum[2] += w[i] * pow(x[i], 2 * (double)n - 1);
		}
		check_near(sum[0], 1, 1e-14);
		check_near(sum[1], .5, 1e-14);
		check_near(sum[2], .5 / (double)n, 1e-14);
	}
}
END_TEST

START_TEST(rings_have_the_mean_of_a_gaussian_beam)
{
	for (double f = .01; f < 1e4; f *= 10) {
		double scale[ONN_PULSE_MOST_RINGS], weight[ONN_PULSE_MOST_RINGS];
		size_t n = onn_pulse_rings_needed(3, f, 1e-8);
		double mean = 0, energy = 0, sum = 0, parts = 200000;
		onn_pulse_rings(scale, weight, n);
		for (size_t i = 0; i < n; i++) {
			mean +=
			    weight[i] * onn_pulse_slow_fluence(scale[i] * f, 3) / (scale[i] * f);
			energy += weight[i];
		}
		check_near(energy, 1, 1e-13);
		/* over the area: x = 2 r^2/w^2, fluence 2 f e^-x */
		for (double i = .5; i < parts; i++)
			sum += onn_pulse_slow_fluence(2 * f * exp(-40 * i / parts), 3) * 40 / parts;
		check_near(mean * 2 * f / sum, 1, 1e-7);
	}
}
END_TEST

TESTS("measure", width_and_mean_time_are_those_of_the_shape,
    the_slow_absorber_keeps_its_digits_for_any_light_and_depth,
    points_of_gauss_integrate_polynomials_exactly, rings_have_the_mean_of_a_gaussian_beam)
