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

/* Rows without updates, rows of many, few updates of many rows, indices outside; row counts that
 * need from one to three digits to sort by. The device c adds up in the order of the index, and so
 * do kernels: to the bit. */
START_TEST(sorted_sums_have_the_bits_of_the_index_order)
{
	static const struct {
		size_t rows, count, row;
		onn_type index, type;
	} shapes[] = {{100000, 900, 2, ONN_I32, ONN_F32}, {100000, 2000, 2, ONN_I32, ONN_F32},
	    {100000, 30000, 1, ONN_I32, ONN_F32}, {10, 40000, 3, ONN_I32, ONN_F32},
	    {1, 5000, 2, ONN_I32, ONN_F32}, {64, 4000, 1, ONN_U32, ONN_F32},
	    {65, 4000, 5, ONN_I32, ONN_C64}, {4096, 600, 1, ONN_I32, ONN_F32},
	    {4097, 513, 1, ONN_U32, ONN_I32}, {300, 2000, 7, ONN_I32, ONN_F64},
	    {5, 1000, 3, ONN_I32, ONN_C128}};
	onn_device *c;

	check_ok(onn_device_create(&c, "c", NULL));
	for (size_t k = 0; k < COUNT(shapes); k++) {
		const bool fp64 = onn_type_real(shapes[k].type) == ONN_F64;
		const double high = (double)shapes[k].rows * 1.1 + 2;
		if ((simulated && shapes[k].rows + shapes[k].count > 5000) ||
		    (fp64 && !onn_device_supports(device, ONN_F64)))
			continue;
		trial t = trial_start();
		onn_node i = trial_input(&t, shapes[k].index, 1, &shapes[k].count,
		    shapes[k].index == ONN_U32 ? 0 : -2, high);
		onn_node x = trial_input(
		    &t, shapes[k].type, 2, (size_t[]){shapes[k].count, shapes[k].row}, -1000, 1000);
		double error =
		    trial_error(&t, device, c, onn_scatter_add(t.g, i, x, shapes[k].rows));
		ck_assert_msg(error == 0, "%zu rows are off by %g", shapes[k].rows, error);
		trial_end(&t);
	}
	onn_device_destroy(c);
}
END_TEST

/* Its kernels share launches with others, and its list is whole before it is read. */
START_TEST(sorted_sums_go_with_other_work)
{
	trial t = trial_start();
	onn_node out[4];
	onn_array *a[4], *b[4];
	const size_t n = simulated ? 600 : 3000;
	onn_node i = trial_input(&t, ONN_I32, 1, &n, 0, 200);
	onn_node j = trial_input(&t, ONN_I32, 1, &n, 0, 7);
	onn_node x = trial_input(&t, ONN_F32, 1, &n, 1, 2);

	out[0] = onn_scatter_add(t.g, i, x, 200);
	out[1] = onn_scatter_add(t.g, j, onn_sin(t.g, x), 7);
	out[2] = onn_take(t.g, out[0], i);
	out[3] = onn_scatter_add(t.g, j, onn_mul(t.g, out[2], x), 7);
	trial_run_all(&t, device, out, 4, a);
	trial_run_all(&t, reference, out, 4, b);
	for (size_t k = 0; k < 4; k++) {
		double error = trial_difference(a[k], b[k]);
		ck_assert_msg(error <= 40 * close32, "result %zu is off by %g", k, error);
		onn_array_destroy(a[k]);
		onn_array_destroy(b[k]);
	}
	trial_end(&t);
}
END_TEST

int main(void)
{
	return run_kernel_tests("opencl index",
	    (const TTest *[]){argmax_takes_the_first_of_equals_in_short_and_long_rows,
	        indices_outside_count_as_the_nearest_row,
	        scattered_sums_agree_for_wide_and_narrow_rows,
	        sorted_sums_have_the_bits_of_the_index_order, sorted_sums_go_with_other_work,
	        NULL});
}
