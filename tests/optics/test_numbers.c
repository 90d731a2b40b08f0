/*
 * Phase steps of numbers: what is too fine is found by how it goes on, and nothing else is.
 */
#include <onn/sampling.h>

#include "light.h"

enum { N = 128 };

static onn_phase_sampling measure(const number *e, size_t ny, size_t nx)
{
	onn_grid grid = {ny, nx, 8e-6, 8e-6, 0, 0};
	onn_phase_sampling s;
	onn_array *a;
	check_ok(onn_array_from(&a, ONN_C128, 2, (size_t[]){ny, nx}, e));
	check_ok(onn_numbers_sampling(&s, a, &grid));
	onn_array_destroy(a);
	return s;
}

/* A lens's phase whose step at the edge is so many half turns, in light of radius w pixels. */
static onn_phase_sampling of_lens(double half_turns, double w)
{
	static number e[N * N];
	for (int i = 0; i < N * N; i++) {
		double y = i / N - N / 2, x = i % N - N / 2, r2 = y * y + x * x;
		e[i] = exp(-r2 / (w * w)) * cexp(_Complex_I * (double)PI * half_turns * r2 / N);
	}
	return measure(e, N, N);
}

START_TEST(a_lens_that_is_too_strong_is_found_where_there_is_light)
{
	ck_assert(of_lens(.9, 1e9).enough);
	onn_phase_sampling s = of_lens(2, 1e9);
	ck_assert_msg(!s.enough && strstr(s.why, "the light turns by"), "%s", s.why);
	/* the step at the edge, to a pixel */
	for (int axis = 0; axis < 2; axis++)
		ck_assert_double_eq_tol(s.step[axis], 2 * (double)PI * (N - 2) / N, .05);
	ck_assert_double_eq_tol(s.pitch[0], 4e-6, 1e-7);
	ck_assert(!of_lens(8, 1e9).enough);
	/* dark where it is too strong: exp(-(r/w)^2) is 1e-2 at r = 2.15 w */
	ck_assert(of_lens(2, 10).enough);
	ck_assert(!of_lens(2, 40).enough);
}
END_TEST

START_TEST(what_is_uneven_is_taken_as_it_is)
{
	static number e[256 * 256];
	/* noise of all frequencies, a board of 0 and half a turn, a square, a steep ramp */
	for (unsigned seed = 0; seed < 8; seed++) {
		random_numbers(e, COUNT(e), seed);
		ck_assert_msg(measure(e, 256, 256).enough, "noise %u", seed);
	}
	for (int i = 0; i < N * N; i++)
		e[i] = (i / N + i % N) % 2 ? -1 : 1;
	ck_assert(measure(e, N, N).enough);
	for (int i = 0; i < N * N; i++)
		e[i] = abs(i / N - 64) < 20 && abs(i % N - 64) < 20;
	ck_assert(measure(e, N, N).enough);
	for (int i = 0; i < N * N; i++)
		e[i] = cexp(_Complex_I * 3 * (i % N));
	ck_assert(measure(e, N, N).enough);
	ck_assert_double_eq_tol(measure(e, N, N).step[1], 3, 1e-12);
	/* darkness, one pixel */
	memset(e, 0, sizeof e);
	ck_assert(measure(e, N, N).enough && measure(e, 1, 1).step[0] == 0);
}
END_TEST

START_TEST(phases_are_followed_over_their_jumps)
{
	static double phase[N];
	onn_grid row = {1, N, 1, 8e-6, 0, 0};
	onn_phase_sampling s;
	for (int strong = 0; strong < 2; strong++) {
		onn_array *a;
		for (int i = 0; i < N; i++)
			phase[i] =
			    fmod((double)PI * (strong ? 1.5 : .8) * (i - N / 2) * (i - N / 2) / N,
			        2 * (double)PI);
		check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, N}, phase));
		check_ok(onn_numbers_sampling(&s, a, &row));
		ck_assert_msg(s.enough == !strong && strstr(s.why, "the phase turns"), "%s", s.why);
		onn_array_destroy(a);
	}
}
END_TEST

START_TEST(wrong_numbers_are_refused)
{
	onn_grid grid = {4, 5, 1e-6, 1e-6, 0, 0}, empty = {0, 5, 1, 1, 0, 0};
	onn_phase_sampling s;
	onn_array *a;
	check_error(onn_numbers_sampling(&s, NULL, &grid), ONN_ERROR_ARGUMENT, "no numbers");
	check_ok(onn_array_create(&a, ONN_F64, 2, (size_t[]){5, 4}));
	check_error(onn_numbers_sampling(&s, a, &grid), ONN_ERROR_ARGUMENT,
	    "2 axes of f64; expected [..., 4, 5]");
	check_error(onn_numbers_sampling(&s, a, &empty), ONN_ERROR_ARGUMENT, "0 x 5");
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_I32, 2, (size_t[]){4, 5}));
	check_error(onn_numbers_sampling(&s, a, &grid), ONN_ERROR_ARGUMENT, "2 axes of i32");
	onn_array_destroy(a);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_lens_that_is_too_strong_is_found_where_there_is_light,
	    what_is_uneven_is_taken_as_it_is, phases_are_followed_over_their_jumps,
	    wrong_numbers_are_refused, NULL};
	return run_tests("numbers", tests);
}
