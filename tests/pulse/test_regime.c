/*
 * Where the rate model holds: values at 40 digits, limits in closed form.
 */
#include <onn/pulse_regime.h>

#include "testing.h"

static onn_pulse_regime regime_of(
    onn_pulse_shape shape, double width, double f, double t1, double t2, double detuning)
{
	onn_pulse_light l = ONN_PULSE_LIGHT_INIT;
	onn_pulse_regime r;
	l.shape = shape;
	l.width = width;
	check_ok(onn_pulse_regime_of(&r, &l, f, t1, t2, detuning, .01));
	return r;
}

START_TEST(natural_rubidium_under_short_pulses_is_beyond_the_rate_model)
{
	static const struct {
		double ns, bloch, rate, error;
	} row[] = {{1, .00933, .622, 5e-4}, {5, .0430, .585, 5e-4}, {26, .148, .434, 5e-4},
	    {100, .1727, .2061, 5e-5}, {262, .09047, .09102, 5e-6}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_pulse_regime r =
		    regime_of(ONN_PULSE_SQUARE, row[i].ns, 1, 26.2348, 2 * 26.2348, 0);
		check_near(r.rate, row[i].rate, row[i].error);
		check_near(r.bloch, row[i].bloch, fmin(row[i].error, 5e-3 * row[i].bloch));
		ck_assert(!r.rate_holds);
		check_near(r.t2_ratio, row[i].ns / 52.4696, 1e-9);
		check_near(r.t1_ratio, row[i].ns / 26.2348, 1e-9);
		/* Omega tau = sqrt(f tau/T2) */
		check_near(r.area, sqrt(row[i].ns / 52.4696) / acos(-1), 1e-9);
	}
}
END_TEST

START_TEST(a_slow_absorber_tends_to_the_rate_model_as_the_pulse_grows_long)
{
	static const struct {
		double width, bleached[3];
	} row[] = {{1, {.0365, .3403, 1.2326}}, {5, {.07799, .6103, 1.0746}},
	    {10, {.08677, .6289, 1.0045}}, {20, {.09103, .6315, .9995}},
	    {50, {.09353, .6320, .9959}}};
	static const double fluence[] = {.1, 1, 5};
	for (size_t i = 0; i < COUNT(row); i++)
		for (size_t j = 0; j < 3; j++) {
			onn_pulse_regime r =
			    regime_of(ONN_PULSE_SQUARE, row[i].width, fluence[j], INFINITY, 1, 0);
			double digits = row[i].bleached[j] < .1 && i ? 6e-6 : 6e-5;
			check_near(r.bloch, row[i].bleached[j], digits);
			check_near(r.rate, -expm1(-fluence[j]), 1e-12);
		}
	double before = regime_of(ONN_PULSE_GAUSSIAN, 50, .1, INFINITY, 1, 0).deviation;
	double after = regime_of(ONN_PULSE_GAUSSIAN, 100, .1, INFINITY, 1, 0).deviation;
	check_near(before / after, 2, .1); /* first order in T2/width */
}
END_TEST

START_TEST(a_weak_square_pulse_is_that_of_the_closed_form)
{
	for (double width = .1; width < 200; width *= 3) {
		double f = 1e-6, expected = f * (1 - (1 - exp(-width)) / width);
		onn_pulse_regime r = regime_of(ONN_PULSE_SQUARE, width, f, INFINITY, 1, 0);
		check_near(r.bloch / expected, 1, 2e-4);
	}
}
END_TEST

START_TEST(detuned_light_bleaches_less_in_both)
{
	onn_pulse_regime r = regime_of(ONN_PULSE_GAUSSIAN, 300, .5, INFINITY, 1, 2);
	check_near(r.rate, -expm1(-.1), 1e-9); /* f/(1 + 2^2) */
	check_near(r.bloch, r.rate, 2e-3 * r.rate);
	ck_assert(r.rate_holds);
}
END_TEST

START_TEST(a_two_pi_pulse_leaves_nothing_bleached)
{
	/* sech of area 2 pi: Omega = (2/tp) sech(t/tp), fluence = T2 integral Omega^2 = 8 T2/tp */
	double tp = 1, t2 = 1e6, width = 2 * .881373587019543 * tp;
	onn_pulse_regime r = regime_of(ONN_PULSE_SECH, width, 8 * t2 / tp, INFINITY, t2, 0);
	check_near(r.area, 2, 5e-4);
	check_near(r.bloch_peak, 2, 1e-3); /* all atoms excited */
	check_near(r.bloch, 0, 1e-3);
	ck_assert(!r.rate_holds);
}
END_TEST

START_TEST(a_short_or_unknown_t2_is_the_rate_models)
{
	onn_pulse_regime r = regime_of(ONN_PULSE_GAUSSIAN, 1, 1, INFINITY, 0, 0);
	ck_assert(r.rate_holds && r.deviation == 0 && isnan(r.area) && isinf(r.t2_ratio));
	check_near(r.bloch, -expm1(-1), 1e-9);
	r = regime_of(ONN_PULSE_GAUSSIAN, 1, 1, 100, 1e-6, 0);
	check_near(r.deviation, 1e-6, 1e-18);
	ck_assert(r.rate_holds && r.area > 0);
	/* where one way to the answer follows on the other, they agree */
	double near = regime_of(ONN_PULSE_SQUARE, 3999, .01, INFINITY, 1, 0).deviation;
	double far = regime_of(ONN_PULSE_SQUARE, 4001, .01, INFINITY, 1, 0).deviation;
	check_near(near / far, 1, .1);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
	onn_pulse_light l = ONN_PULSE_LIGHT_INIT;
	onn_pulse_regime r;
	check_error(onn_pulse_regime_of(&r, &l, -1, 1, 1, 0, .1), ONN_ERROR_ARGUMENT, "fluence");
	check_error(onn_pulse_regime_of(&r, &l, 1, 0, 1, 0, .1), ONN_ERROR_ARGUMENT, "t1 is 0");
	check_error(onn_pulse_regime_of(&r, &l, 1, 1, -1, 0, .1), ONN_ERROR_ARGUMENT, "t2 is -1");
	check_error(
	    onn_pulse_regime_of(&r, &l, 1, 1, 1, NAN, .1), ONN_ERROR_ARGUMENT, "detuning is");
	check_error(onn_pulse_regime_of(&r, &l, 1, 1, 1, 0, 0), ONN_ERROR_ARGUMENT, "tolerance");
	l.width = -1;
	check_error(onn_pulse_regime_of(&r, &l, 1, 1, 1, 0, .1), ONN_ERROR_ARGUMENT, "width is -1");
}
END_TEST

TESTS("regime", natural_rubidium_under_short_pulses_is_beyond_the_rate_model,
    a_slow_absorber_tends_to_the_rate_model_as_the_pulse_grows_long,
    a_weak_square_pulse_is_that_of_the_closed_form, detuned_light_bleaches_less_in_both,
    a_two_pi_pulse_leaves_nothing_bleached, a_short_or_unknown_t2_is_the_rate_models,
    what_cannot_be_is_refused)
