/* Height maps of plates. */
#include <onn/fabrication.h>

#include "testing.h"

START_TEST(a_height_gives_its_phase_back_up_to_a_constant)
{
	static const double phase[] = {0, 1, -1, 6.3, -20, 100, 3.14159265358979, -1e-20};
	onn_array *plate, *complex_plate, *single, *height[3];
	double pairs[16];
	size_t shape[2] = {2, 4};
	for (size_t i = 0; i < COUNT(phase); i++) {
		pairs[2 * i] = 3 * cos(phase[i]);
		pairs[2 * i + 1] = 3 * sin(phase[i]);
	}
	check_ok(onn_array_from(&plate, ONN_F64, 2, shape, phase));
	check_ok(onn_array_from(&complex_plate, ONN_C128, 2, shape, pairs));
	check_ok(onn_array_convert(&single, complex_plate, ONN_C64));
	check_ok(onn_height_map(&height[0], plate, 500e-9, 1.5));
	check_ok(onn_height_map(&height[1], complex_plate, 500e-9, 1.5));
	check_ok(onn_height_map(&height[2], single, 500e-9, 1.5));
	for (int k = 0; k < 3; k++) {
		const double *h = onn_array_const_data(height[k]);
		ck_assert(onn_array_type(height[k]) == ONN_F64);
		for (size_t i = 0; i < COUNT(phase); i++) {
			double back = 2 * 3.14159265358979323846 * .5 * h[i] / 500e-9;
			ck_assert(h[i] >= 0 && h[i] < 1e-6);
			double first = 2 * 3.14159265358979323846 * .5 * h[0] / 500e-9;
			check_near(sin((back - first - phase[i]) / 2), 0, k == 2 ? 1e-6 : 1e-13);
		}
		onn_array_destroy(height[k]);
	}
	onn_array_destroy(plate);
	onn_array_destroy(complex_plate);
	onn_array_destroy(single);
}
END_TEST

START_TEST(a_phase_is_wrapped_to_one_turn)
{
	static const double turn = 2 * 3.14159265358979323846;
	double given[] = {0, -0.25, 3.5, 20, -1e-20, turn};
	double wrapped[] = {0, turn - 0.25, 3.5, 20 - 3 * turn, 0, 0};
	onn_array *plate, *phase;
	check_ok(onn_array_from(&plate, ONN_F64, 2, (size_t[]){3, 2}, given));
	check_ok(onn_plate_phase(&phase, plate));
	ck_assert(onn_array_type(phase) == ONN_F64 && onn_array_shape(phase)[0] == 3);
	for (size_t i = 0; i < COUNT(given); i++)
		check_near(((const double *)onn_array_const_data(phase))[i], wrapped[i], 1e-14);
	onn_array_destroy(plate);
	onn_array_destroy(phase);
}
END_TEST

START_TEST(heights_are_in_proportion)
{
	static const double phase[] = {0, 1, -1, 6.3, -20, 100};
	onn_array *plate, *single, *height;
	check_ok(onn_array_from(&plate, ONN_F64, 2, (size_t[]){2, 3}, phase));
	check_ok(onn_array_convert(&single, plate, ONN_F32));
	check_ok(onn_relief_height(&height, single, 600e-9, 1.25));
	for (size_t i = 0; i < COUNT(phase); i++)
		check_near(((const double *)onn_array_const_data(height))[i],
		    (double)(float)phase[i] * 600e-9 / .25 / (2 * 3.14159265358979323846), 1e-20);
	onn_array_destroy(plate);
	onn_array_destroy(single);
	onn_array_destroy(height);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	double nan_at_2[4] = {0, 0, NAN, 0}, zero[4] = {0};
	onn_array *a, *good, *line, *h;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 2}, nan_at_2));
	check_ok(onn_array_from(&good, ONN_F64, 2, (size_t[]){2, 2}, zero));
	check_ok(onn_array_from(&line, ONN_F64, 1, (size_t[]){4}, zero));
	check_error(onn_height_map(&h, a, 1e-6, 1.5), ONN_ERROR_ARGUMENT, "row 1, column 0");
	check_error(onn_height_map(&h, line, 1e-6, 1.5), ONN_ERROR_ARGUMENT, "1 axes of f64");
	check_error(onn_plate_phase(&h, a), ONN_ERROR_ARGUMENT, "onn_plate_phase: phase at row 1");
	ck_assert(h == NULL);
	check_error(onn_height_map(&h, NULL, 1e-6, 1.5), ONN_ERROR_ARGUMENT, "nothing");
	check_error(onn_height_map(&h, good, 0, 1.5), ONN_ERROR_ARGUMENT, "wavelength is 0");
	check_error(onn_height_map(&h, good, 1e-6, 1), ONN_ERROR_ARGUMENT, "index is 1");
	check_error(onn_relief_height(&h, a, 1e-6, 1.5), ONN_ERROR_ARGUMENT, "row 1, column 0");
	check_error(onn_relief_height(&h, line, 1e-6, 1.5), ONN_ERROR_ARGUMENT, "1 axes of f64");
	check_error(onn_relief_height(&h, good, -1, 1.5), ONN_ERROR_ARGUMENT, "wavelength is -1");
	ck_assert(h == NULL);
	onn_array_destroy(a);
	onn_array_destroy(good);
	onn_array_destroy(line);
}
END_TEST

TESTS("heights", a_height_gives_its_phase_back_up_to_a_constant, heights_are_in_proportion,
    a_phase_is_wrapped_to_one_turn, wrong_arguments_are_refused)
