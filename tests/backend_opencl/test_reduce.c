/* Sums and maxima of every form. */
#include "kernels.h"

START_TEST(sums_of_every_form_agree)
{
	static const struct {
		size_t ndim, shape[4];
		int axes[2];
		size_t naxes;
	} rows[] = {
	    {1, {1}, {0}, 1},             /* one */
	    {2, {1500, 20}, {1}, 1},      /* a work item for each */
	    {2, {20, 1500}, {0}, 1},      /* the same, across rows */
	    {2, {7, 1000}, {1}, 1},       /* a group for each */
	    {2, {700, 5}, {0}, 1},        /* across rows */
	    {1, {100003}, {0}, 1},        /* parts, a prime */
	    {3, {3, 50, 257}, {0, 2}, 2}, /* axes apart */
	    {4, {2, 3, 5, 7}, {1, 3}, 2}, /* a result axis between them */
	    {3, {1, 30000, 1}, {1}, 1},   /* axes of size 1 */
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = i % 2; k < COUNT(floats); k += 2) {
			if (!onn_device_supports(device, floats[k]) ||
			    (simulated && rows[i].shape[0] > 9999))
				continue;
			trial t = trial_start();
			onn_node x = trial_input(&t, floats[k], rows[i].ndim, rows[i].shape, 0, 1);
			x = onn_mul(t.g, x, x);
			check_trial(&t, onn_sum(t.g, x, rows[i].axes, rows[i].naxes, false),
			    close_for(floats[k]));
			trial_end(&t);
		}
}
END_TEST

/* Each addition of equal numbers is rounded the same way: a sum one by one loses four digits here.
 * The forms are those above. */
START_TEST(sums_of_many_equal_numbers_keep_their_digits)
{
	static const struct {
		size_t ndim, shape[2];
		int axis;
	} rows[] = {
	    {1, {1 << 24}, 0}, {2, {1 << 14, 1024}, 0}, {2, {3, 1 << 22}, 1}, {2, {1 << 21, 5}, 0}};
	for (size_t i = 0; i < COUNT(rows) && !simulated; i++) {
		onn_graph *g;
		onn_plan *plan;
		onn_tensor *x;
		size_t n = rows[i].shape[0] * (rows[i].ndim > 1 ? rows[i].shape[1] : 1);
		float *v = malloc(n * sizeof *v), y[1024];
		ck_assert_ptr_nonnull(v);
		for (size_t k = 0; k < n; k++)
			v[k] = 0.1f;
		check_ok(onn_graph_create(&g));
		onn_node in = onn_variable(g, "x", ONN_F32, rows[i].ndim, rows[i].shape);
		onn_node out = onn_sum(g, in, &rows[i].axis, 1, false);
		check_ok(onn_plan_create(&plan, device, g, &out, 1, NULL));
		check_ok(onn_tensor_create(&x, device, ONN_F32, rows[i].ndim, rows[i].shape));
		check_ok(onn_tensor_write(x, v, n * sizeof *v));
		check_ok(onn_plan_bind(plan, "x", x));
		check_ok(onn_plan_run(plan));
		size_t results = n / rows[i].shape[rows[i].axis];
		check_ok(onn_tensor_read(y, onn_plan_output(plan, 0), results * sizeof *y));
		double right = 0.1f * (double)rows[i].shape[rows[i].axis];
		for (size_t k = 0; k < results; k++)
			ck_assert_msg(fabs(y[k] / right - 1) <= 1e-6, "row %zu: off by %g", i,
			    y[k] / right - 1);
		onn_tensor_destroy(x);
		onn_plan_destroy(plan);
		onn_graph_destroy(g);
		free(v);
	}
}
END_TEST

START_TEST(the_sum_of_nothing_is_zero)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 2, (size_t[]){5, 0}, 0, 1);

	check_trial(&t, onn_sum(t.g, x, (int[]){1}, 1, false), 0.0);
	trial_end(&t);
}
END_TEST

START_TEST(a_sum_repeats_to_the_bit)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){simulated ? 9001 : 300007}, -1, 1);
	onn_node y = onn_sum(t.g, x, NULL, 0, false);
	onn_array *first = trial_run(&t, device, y);

	for (int i = 0; i < 5; i++) {
		onn_array *again = trial_run(&t, device, y);
		ck_assert_mem_eq(onn_array_const_data(again), onn_array_const_data(first), 16);
		onn_array_destroy(again);
	}
	onn_array_destroy(first);
	trial_end(&t);
}
END_TEST

START_TEST(maxima_of_every_form_are_exact)
{
	static const onn_type types[] = {ONN_I32, ONN_U32, ONN_F32, ONN_F64};
	static const size_t shapes[][2] = {{1500, 20}, {7, 1000}, {1, 100003}};

	for (size_t i = simulated; i < COUNT(shapes) - simulated; i++)
		for (size_t k = 0; k < COUNT(types); k++) {
			if (!onn_device_supports(device, types[k]))
				continue;
			trial t = trial_start();
			double low = types[k] == ONN_U32 ? 5 : -1e6;
			onn_node x = trial_input(
			    &t, types[k], 2, shapes[i], low, types[k] == ONN_U32 ? 1e6 : -5);
			check_trial(&t, onn_reduce_max(t.g, x, (int[]){1}, 1, false), 0.0);
			trial_end(&t);
		}
}
END_TEST

int main(void)
{
	return run_kernel_tests("opencl reduce",
	    (const TTest *[]){sums_of_every_form_agree,
	        sums_of_many_equal_numbers_keep_their_digits, the_sum_of_nothing_is_zero,
	        a_sum_repeats_to_the_bit, maxima_of_every_form_are_exact, NULL});
}
