/* Levels of surfaces. */
#include <onn/fabrication.h>

#include "testing.h"

static const double turn = 6.283185307179586476925286766559;

START_TEST(a_phase_has_the_level_that_is_nearest)
{
	const double phase[] = {
	    0, turn / 8, turn / 17, turn * 1.01 / 16, 7.49 * turn / 8, 3 * turn};
	static const int32_t expected[] = {0, 1, 0, 1, 7, 24};
	onn_array *a, *level;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 3}, phase));
	check_ok(onn_relief_levels(&level, a, 8));
	ck_assert(onn_array_type(level) == ONN_I32);
	for (size_t i = 0; i < COUNT(phase); i++)
		ck_assert_int_eq(((const int32_t *)onn_array_const_data(level))[i], expected[i]);
	onn_array_destroy(level);
	onn_array_destroy(a);
}
END_TEST

START_TEST(levels_of_a_plate_come_back_from_its_relief)
{
	enum { N = 16, M = 5 };
	float phase[N * N];
	onn_array *plate, *surface, *level;
	for (int i = 0; i < N * N; i++)
		phase[i] = (float)(turn * ((i * i / 7) % M) / M);
	check_ok(onn_array_from(&plate, ONN_F32, 2, (size_t[]){N, N}, phase));
	check_ok(onn_plate_relief(&surface, NULL, plate, false));
	check_ok(onn_relief_levels(&level, surface, M));
	const int32_t *l = onn_array_const_data(level);
	for (int i = 0; i < N * N; i++) {
		ck_assert(l[i] >= 0 && l[i] < M);
		ck_assert_int_eq((l[i] - l[0] + M) % M, ((i * i / 7) % M) % M);
	}
	onn_array_destroy(level);
	onn_array_destroy(surface);
	onn_array_destroy(plate);
}
END_TEST

START_TEST(what_has_no_level_is_refused)
{
	const double phase[2] = {1, -1e-3};
	onn_array *a, *level;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, 2}, phase));
	check_error(onn_relief_levels(&level, a, 1), ONN_ERROR_ARGUMENT, "1 levels");
	check_error(onn_relief_levels(&level, a, 16), ONN_ERROR_ARGUMENT,
	    "phase at row 0, column 1 is -0.001");
	ck_assert_ptr_null(level);
	((double *)onn_array_data(a))[1] = NAN;
	check_error(onn_relief_levels(&level, a, 16), ONN_ERROR_ARGUMENT, "column 1 is nan");
	((double *)onn_array_data(a))[1] = 1e300;
	check_error(onn_relief_levels(&level, a, 16), ONN_ERROR_ARGUMENT, "column 1 is 1e+300");
	check_error(onn_relief_levels(&level, NULL, 16), ONN_ERROR_ARGUMENT, "nothing");
	onn_array_destroy(a);
}
END_TEST

TESTS("levels", a_phase_has_the_level_that_is_nearest, levels_of_a_plate_come_back_from_its_relief,
    what_has_no_level_is_refused)
