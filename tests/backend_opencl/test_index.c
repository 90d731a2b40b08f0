/* Argmax, rows by index and scattered sums of every form. */
#include "kernels.h"

START_TEST(argmax_takes_the_first_of_equals_in_short_and_long_rows)
{
	static const size_t shapes[][3] = {{50, 10, 1}, {3, 5000, 1}, {2, 4099, 3}, {1, 1, 1}};

	for (size_t i = 0; i < COUNT(shapes); i++) {
		trial t = trial_start();
		/* few different values, so that the largest comes often */
		onn_node x = trial_input(&t, ONN_I32, 3, shapes[i], 0, 9);
		check_trial(&t, onn_argmax(t.g, onn_cast(t.g, x, ONN_F32), 1), 0.0);
		trial_end(&t);
	}
}
END_TEST

START_TEST(indices_outside_count_as_the_nearest_row)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 2, (size_t[]){10, 3}, 0, 1);
	onn_node i = trial_input(&t, ONN_I32, 1, (size_t[]){300}, -20, 30);
	onn_node u = trial_input(&t, ONN_U32, 1, (size_t[]){300}, 0, 4294967295.0);

	check_trial(&t, onn_take(t.g, x, i), 0.0);
	check_trial(&t, onn_take(t.g, x, u), 0.0);
	trial_end(&t);
}
END_TEST

START_TEST(scattered_sums_agree_for_wide_and_narrow_rows)
{
	static const size_t shapes[][3] = {{10, 700, 1}, {5, 40, 600}, {1000, 30, 3}, {1, 9, 1}};

	for (size_t k = 0; k < COUNT(shapes); k++) {
		trial t = trial_start();
		onn_node i = trial_input(
		    &t, ONN_I32, 1, (size_t[]){shapes[k][1]}, -2, (double)shapes[k][0] + 2);
		onn_node x =
		    trial_input(&t, ONN_F32, 2, (size_t[]){shapes[k][1], shapes[k][2]}, 0, 1);
		check_trial(&t, onn_scatter_add(t.g, i, x, shapes[k][0]), close32 * 4);
		trial_end(&t);
	}
}
END_TEST

int main(void)
{
	return run_kernel_tests("opencl index",
	    (const TTest *[]){argmax_takes_the_first_of_equals_in_short_and_long_rows,
	        indices_outside_count_as_the_nearest_row,
	        scattered_sums_agree_for_wide_and_narrow_rows, NULL});
}
