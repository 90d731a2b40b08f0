/*
 * Fits: the model at 40 digits, its slopes, what comes back of simulated data, what is refused.
 */
#include <onn/pulse_fit.h>

#include "core/philox.h"
#include "pulse/slow.h"
#include "testing.h"

enum { POINTS = 30 };

static double normal(uint64_t seed, size_t i) { return onn_philox_normal(seed, 0, 0, (uint32_t)i); }

static void spread(double *x, double low, double high)
{
	for (int i = 0; i < POINTS; i++)
		x[i] = low * pow(high / low, i / (POINTS - 1.));
}

/* Haiml's R(F): Rns ln[1 + (Rlin/Rns)(e^S - 1)]/S e^(-F/F2), by mpmath. */
START_TEST(reflectivities_are_those_of_haiml_at_forty_digits)
{
	static const double fluence[] = {.01, 1, 30, 300};
	static const double flat[] = {0.94208931782330267, 0.96366888421008447, 0.98297917151522062,
	    0.9322850406269592},
	                    beam[] = {0.94208885166240997, 0.96168798838596808, 0.98124608003080018,
	                        0.93253769834143843};
	const double value[ONN_PULSE_FIT_COUNT] = {.7, .05, .01, 5000, 1, 1};
	onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
	double y[4];
	check_ok(onn_pulse_fit_model(y, &fit, value, fluence, 4));
	for (int i = 0; i < 4; i++)
		check_near(y[i], flat[i], 1e-14);
	fit.profile = ONN_PULSE_GAUSSIAN_BEAM;
	check_ok(onn_pulse_fit_model(y, &fit, value, fluence, 4));
	for (int i = 0; i < 4; i++)
		check_near(y[i], beam[i], 1e-12);
}
END_TEST

START_TEST(a_trace_decays_as_the_closed_form_says)
{
	const double value[ONN_PULSE_FIT_COUNT] = {1, 3, 0, INFINITY, 2, 1};
	const double delay[] = {0, 2, 1e3};
	onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
	double y[3];
	fit.data = ONN_PULSE_DATA_DELAY;
	check_ok(onn_pulse_fit_model(y, &fit, value, delay, 3));
	check_near(y[0], .124669988291, 1e-12);
	check_near(y[1], .0697862702877, 1e-12);
	check_near(y[2], exp(-3), 1e-14);
}
END_TEST

START_TEST(slopes_are_those_of_differences)
{
	for (int data = 0; data < 2; data++)
		for (int profile = 0; profile < 2; profile++)
			for (double x = 1e-9; x < 100; x *= 30) {
				onn_slow_values v = {{.7, .8, .1, .01, 3, 1.5}};
				double slope[ONN_PULSE_FIT_COUNT], spare[ONN_PULSE_FIT_COUNT];
				onn_slow_model(
				    slope, (onn_pulse_data)data, (onn_pulse_profile)profile, &v, x);
				for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++) {
					onn_slow_values up = v, down = v;
					double h = 1e-5 * v.of[k];
					up.of[k] += h;
					down.of[k] -= h;
					double d = (onn_slow_model(spare, (onn_pulse_data)data,
					                (onn_pulse_profile)profile, &up, x) -
					               onn_slow_model(spare, (onn_pulse_data)data,
					                   (onn_pulse_profile)profile, &down, x)) /
					           (2 * h);
					check_near(slope[k], d, 1e-8 * fmax(1, fabs(d)));
				}
			}
}
END_TEST

/* How many of `draws` fits have each parameter within two of its standard errors. */
static void draw(int within[ONN_PULSE_FIT_COUNT], const onn_pulse_fit *fit, const double *truth,
    const double *x, int draws, bool told)
{
	double y[POINTS], noisy[POINTS], sigma[POINTS];
	check_ok(onn_pulse_fit_model(y, fit, truth, x, POINTS));
	memset(within, 0, ONN_PULSE_FIT_COUNT * sizeof *within);
	for (int n = 0; n < draws; n++) {
		onn_pulse_fitted f;
		for (int i = 0; i < POINTS; i++) {
			sigma[i] = .01 * (told ? y[i] : y[POINTS / 2]);
			noisy[i] = y[i] + sigma[i] * normal(7, (size_t)(n * POINTS + i));
		}
		check_ok(onn_pulse_fit_run(&f, fit, x, noisy, told ? sigma : NULL, POINTS));
		for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++) {
			double error = f.error[k], off = f.value[k] - truth[k];
			if (k == ONN_PULSE_FIT_F2 && f.free[k]) { /* the errors are 1/F2's */
				off = 1 / f.value[k] - 1 / truth[k];
				error = isinf(f.value[k]) ? (1 / f.f2_least) / 2
				                          : error / (f.value[k] * f.value[k]);
			}
			within[k] += !f.free[k] || fabs(off) <= 2 * error;
		}
	}
}

START_TEST(simulated_data_come_back_within_two_standard_errors)
{
	double x[POINTS];
	int within[ONN_PULSE_FIT_COUNT];
	for (int told = 0; told < 2; told++)
		for (int profile = 0; profile < 2; profile++) {
			/* a deviation that is taken from 26 residuals is Student's: 94.4 % */
			double expected = told ? .9545 : .944;
			int draws = profile ? 200 : 1000;
			/* less three deviations of the count */
			double least = expected - 3 * sqrt(.05 * .95 / draws);
			onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
			const double truth[ONN_PULSE_FIT_COUNT] = {.5, .4, .05, 300, 1, NAN};
			fit.profile = (onn_pulse_profile)profile;
			spread(x, .005, 50);
			draw(within, &fit, truth, x, draws, told);
			for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++)
				ck_assert_msg(within[k] >= least * draws,
				    "fluence, parameter %d: %d of %d, told %d", k, within[k], draws,
				    told);
			const double trace[ONN_PULSE_FIT_COUNT] = {1, .8, .1, 1, 3e-12, 2};
			fit.data = ONN_PULSE_DATA_DELAY;
			fit.start[ONN_PULSE_FIT_FLUENCE] = 2;
			spread(x, 1e-14, 3e-11);
			draw(within, &fit, trace, x, draws, told);
			for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++)
				ck_assert_msg(within[k] >= least * draws,
				    "delay, parameter %d: %d of %d", k, within[k], draws);
		}
}
END_TEST

START_TEST(data_without_noise_come_back_exactly)
{
	double x[POINTS], y[POINTS];
	const double truth[ONN_PULSE_FIT_COUNT] = {2e-7, 1.4, .3, 4e-5, 1, 1};
	onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
	onn_pulse_fitted f;
	spread(x, 1e-9, 1e-5);
	check_ok(onn_pulse_fit_model(y, &fit, truth, x, POINTS));
	check_ok(onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS));
	for (int k = 0; k < 4; k++)
		check_near(f.value[k] / truth[k], 1, 1e-6);
	check_near(f.modulation, exp(-.3) * (1 - exp(-1.4)), 1e-8);
	check_near(f.lost, 1 - exp(-.3), 1e-8);
	ck_assert(f.parameters == 4 && f.points == POINTS && f.chi2 < 1e-14);
	/* one that is fixed stays, and has no error */
	fit.fixed[ONN_PULSE_FIT_LOSS] = true;
	fit.start[ONN_PULSE_FIT_LOSS] = .3;
	check_ok(onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS));
	ck_assert(f.value[ONN_PULSE_FIT_LOSS] == .3 && f.error[ONN_PULSE_FIT_LOSS] == 0 &&
	          !f.free[ONN_PULSE_FIT_LOSS] && f.parameters == 3);
	check_near(f.correlation[ONN_PULSE_FIT_FSAT][ONN_PULSE_FIT_FSAT], 1, 1e-12);
}
END_TEST

START_TEST(what_data_cannot_tell_is_refused_by_name)
{
	double x[POINTS], y[POINTS];
	const double truth[ONN_PULSE_FIT_COUNT] = {1, .5, .1, INFINITY, 1, 1};
	onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
	onn_pulse_fitted f;
	/* weak light: depth and loss are the same */
	spread(x, 1e-6, 1e-3);
	check_ok(onn_pulse_fit_model(y, &fit, truth, x, POINTS));
	for (int i = 0; i < POINTS; i++)
		y[i] *= 1 + .01 * normal(3, (size_t)i);
	fit.fixed[ONN_PULSE_FIT_F2] = true;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_NUMERIC, "cannot tell");
	/* a trace has the pump's fluence only together with the depth */
	fit = (onn_pulse_fit)ONN_PULSE_FIT_INIT;
	fit.data = ONN_PULSE_DATA_DELAY;
	fit.fixed[ONN_PULSE_FIT_FLUENCE] = false;
	fit.start[ONN_PULSE_FIT_FLUENCE] = 2;
	spread(x, .01, 10);
	check_ok(onn_pulse_fit_model(y, &fit, truth, x, POINTS));
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_NUMERIC, "fluence apart");
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
	double x[POINTS], y[POINTS], sigma[POINTS];
	onn_pulse_fit fit = ONN_PULSE_FIT_INIT;
	onn_pulse_fitted f;
	spread(x, 1, 10);
	for (int i = 0; i < POINTS; i++)
		y[i] = .5, sigma[i] = 1;
	check_error(onn_pulse_fit_run(&f, &fit, x, y, NULL, 4), ONN_ERROR_ARGUMENT,
	    "4 points and 4 parameters");
	x[3] = 0;
	check_error(onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT,
	    "point 3 is at fluence 0");
	x[3] = 1;
	y[2] = -1;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT, "transmission -1");
	y[2] = 50; /* per cent */
	check_error(onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT,
	    "point 2 has the transmission 50; expected a part of 1");
	y[2] = .5;
	sigma[5] = 0;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, sigma, POINTS), ONN_ERROR_ARGUMENT, "deviation 0");
	fit.start[ONN_PULSE_FIT_FSAT] = -1;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT, "fsat is -1");
	fit.data = ONN_PULSE_DATA_DELAY;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT, "fluence is nan");
	fit.size = 0;
	check_error(
	    onn_pulse_fit_run(&f, &fit, x, y, NULL, POINTS), ONN_ERROR_ARGUMENT, "of this version");
}
END_TEST

TESTS("fit", reflectivities_are_those_of_haiml_at_forty_digits,
    a_trace_decays_as_the_closed_form_says, slopes_are_those_of_differences,
    simulated_data_come_back_within_two_standard_errors, data_without_noise_come_back_exactly,
    what_data_cannot_tell_is_refused_by_name, what_cannot_be_is_refused)
