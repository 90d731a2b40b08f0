/* Reliefs: where phases are cut. */
#include <onn/fabrication.h>

#include "core/philox.h"
#include "testing.h"

static const double pi = 3.14159265358979323846;

/* The relief of phases, checked: equal to them up to one constant and whole turns, the lowest 0. */
static onn_relief make(double *out, const double *phase, size_t ny, size_t nx, bool unwrap)
{
	onn_array *plate, *made;
	onn_relief r;

	check_ok(onn_array_from(&plate, ONN_F64, 2, (size_t[]){ny, nx}, phase));
	check_ok(onn_plate_relief(&made, &r, plate, unwrap));
	const double *p = onn_array_const_data(made);
	double low = p[0], high = p[0];
	for (size_t i = 0; i < ny * nx; i++) {
		check_near(remainder(p[i] - phase[i] - r.constant, 2 * pi), 0, 1e-12);
		low = fmin(low, p[i]);
		high = fmax(high, p[i]);
		out[i] = p[i];
	}
	ck_assert(low == 0 && high == r.range && r.constant >= 0 && r.constant < 2 * pi);
	ck_assert(unwrap || high < 2 * pi);
	ck_assert_uint_eq(r.pairs, ny * (nx - 1) + nx * (ny - 1));
	onn_array_destroy(plate);
	onn_array_destroy(made);
	return r;
}

/* Wrapped from 0 this is spikes of a wave. */
START_TEST(a_ripple_about_a_little_below_0_stays_a_ripple)
{
	enum { N = 40 };
	double phase[N * N], out[N * N];

	for (int shift = 0; shift < 7; shift++) {
		for (int i = 0; i < N * N; i++)
			phase[i] =
			    shift - .01 + .02 * onn_philox_uniform(3, 0, 0, (uint32_t)i) - .01;
		onn_relief r = make(out, phase, N, N, false);
		ck_assert_uint_eq(r.steps, 0);
		ck_assert_uint_eq(r.vortices, 0);
		ck_assert_msg(r.range < .02, "a ripple of .02 makes a relief of %g", r.range);
	}
}
END_TEST

START_TEST(a_flat_plate_is_0)
{
	static const double phase[] = {-1, -1, -1, -1, -1, -1};
	double out[6];
	onn_relief r = make(out, phase, 2, 3, false);

	ck_assert(r.range == 0 && r.steps == 0);
	check_near(r.constant, 1, 1e-15);
	r = make(out, phase, 6, 1, true);
	ck_assert(r.range == 0 && r.steps == 0);
}
END_TEST

/* Most pairs lie across 0, pairs along a line across 3: the cut is at neither, nor between. */
START_TEST(the_cut_is_where_the_fewest_pairs_lie)
{
	enum { N = 32 };
	double phase[N * N], out[N * N];
	size_t best = SIZE_MAX;

	for (int y = 0; y < N; y++)
		for (int x = 0; x < N; x++)
			phase[y * N + x] =
			    y < 28 ? ((x + y) % 2 ? .4 : -.4) : 2.8 + .4 * ((x + y) % 2);
	onn_relief r = make(out, phase, N, N, false);
	/* by hand: all cuts, to a thousandth of a turn */
	for (int k = 0; k < 1000; k++) {
		size_t steps = 0;
		for (int i = 0; i < N * N; i++)
			out[i] = fmod(phase[i] + 1 + 2 * pi * k / 1000, 2 * pi);
		for (int i = 0; i < N * N; i++) {
			steps += i % N + 1 < N && fabs(out[i] - out[i + 1]) > pi;
			steps += i + N < N * N && fabs(out[i] - out[i + N]) > pi;
		}
		best = steps < best ? steps : best;
	}
	ck_assert_uint_eq(r.steps, best);
	ck_assert_msg(best <= N, "%zu", best);
}
END_TEST

/* Phases that are evenly spread have no better cut, and no worse figures. */
START_TEST(noise_has_vortices_in_a_third_of_its_squares)
{
	enum { N = 128 };
	static double phase[N * N], out[N * N];

	for (int i = 0; i < N * N; i++)
		phase[i] = 2 * pi * onn_philox_uniform(4, 0, 0, (uint32_t)i);
	onn_relief r = make(out, phase, N, N, false);
	check_near((double)r.vortices / (N - 1) / (N - 1), 1. / 3, .02);
	/* two phases at random are further apart than half a turn in a quarter of all cases */
	check_near((double)r.steps / (double)r.pairs, .25, .01);
	onn_relief u = make(out, phase, N, N, true);
	ck_assert_uint_eq(u.vortices, r.vortices);
	ck_assert(u.steps > 0 && u.steps < r.steps);
}
END_TEST

START_TEST(two_levels_are_no_steps)
{
	enum { N = 16 };
	double phase[N * N], out[N * N];

	for (int i = 0; i < N * N; i++)
		phase[i] = onn_philox_uniform(5, 0, 0, (uint32_t)i) < .5 ? 0 : pi;
	onn_relief r = make(out, phase, N, N, false);
	ck_assert_uint_eq(r.steps, 0);
	check_near(r.range, pi, 1e-12);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	double nan_at_2[4] = {0, 0, NAN, 0};
	onn_array *a, *empty, *p;
	onn_relief r;

	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 2}, nan_at_2));
	check_error(onn_plate_relief(&p, &r, a, true), ONN_ERROR_ARGUMENT,
	    "onn_plate_relief: phase at row 1, column 0");
	check_error(onn_plate_relief(&p, NULL, NULL, false), ONN_ERROR_ARGUMENT, "nothing");
	ck_assert(p == NULL);
	check_ok(onn_array_create(&empty, ONN_F64, 2, (size_t[]){0, 2}));
	check_ok(onn_plate_relief(&p, &r, empty, true));
	ck_assert(r.pairs == 0 && r.range == 0);
	onn_array_destroy(p);
	onn_array_destroy(a);
	onn_array_destroy(empty);
}
END_TEST

TESTS("relief", a_ripple_about_a_little_below_0_stays_a_ripple, a_flat_plate_is_0,
    the_cut_is_where_the_fewest_pairs_lie, noise_has_vortices_in_a_third_of_its_squares,
    two_levels_are_no_steps, wrong_arguments_are_refused)
