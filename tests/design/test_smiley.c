/* The face that designs aim at. */
#include <onn/design.h>

#include "testing.h"

START_TEST(a_smiley_looks_the_same_from_left_and_right_and_not_upside_down)
{
	enum { SIDE = 64 };
	onn_array *a;
	double sum = 0, most = 0;
	size_t differ = 0;

	check_ok(onn_design_smiley(&a, SIDE));
	const double *t = onn_array_const_data(a);
	for (size_t y = 0; y < SIDE; y++)
		for (size_t x = 0; x < SIDE; x++) {
			ck_assert(t[y * SIDE + x] == t[y * SIDE + SIDE - 1 - x]);
			ck_assert(t[y * SIDE + x] >= 0 && t[y * SIDE + x] <= 1);
			differ += t[y * SIDE + x] != t[(SIDE - 1 - y) * SIDE + x];
			sum += t[y * SIDE + x];
			most = fmax(most, t[y * SIDE + x]);
		}
	ck_assert(differ > 0 && most == 1);
	sum /= SIDE * SIDE;
	ck_assert_msg(sum > 0.04 && sum < 0.2, "%g of it is lit", sum);
	/* the face's edge on the axis, its dark middle, its background */
	ck_assert(t[32 * SIDE + 16] == 1 && t[32 * SIDE + 32] == 0 && t[0] == 0);
	onn_array_destroy(a);
	check_error(onn_design_smiley(&a, 0), ONN_ERROR_ARGUMENT, "0 pixels");
}
END_TEST

TESTS("smiley", a_smiley_looks_the_same_from_left_and_right_and_not_upside_down)
