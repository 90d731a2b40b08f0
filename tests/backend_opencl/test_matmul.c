/* Matrix products of every form. */
#include "kernels.h"

/* Which compiles some seconds for a product: two sizes, a form of eleven, one long sum. */
static bool by_clblast(void)
{
	const char *asked = getenv("ONN_OPENCL_CLBLAST");
	return asked && strcmp(asked, "1") == 0;
}

START_TEST(products_of_every_form_agree)
{
	static const size_t sizes[][3] = {
	    {1, 1, 1}, {3, 5, 7}, {17, 33, 65}, {64, 128, 784}, {200, 130, 1}, {1, 300, 40}};

	/* the first ones; tests/ops has all operations with all types */
	for (size_t i = 0; i < (simulated ? 3 : COUNT(sizes)); i++)
		for (int op = (int)i % 3; op < 16; op += 3) {
			onn_type type = floats[(i + (size_t)op) % COUNT(floats)];
			int a_op = op / 4, b_op = op % 4;
			const size_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
			if (!onn_device_supports(device, type))
				type = onn_type_is_complex(type) ? ONN_C64 : ONN_F32;
			bool at = a_op == ONN_T || a_op == ONN_H,
			     bt = b_op == ONN_T || b_op == ONN_H;
			trial t = trial_start();
			onn_node a =
			    trial_input(&t, type, 2, (size_t[]){at ? k : m, at ? m : k}, 0.1, 1);
			onn_node b =
			    trial_input(&t, type, 2, (size_t[]){bt ? n : k, bt ? k : n}, 0.1, 1);
			check_trial(&t, onn_matmul_op(t.g, a, a_op, b, b_op), close_for(type) * 4);
			trial_end(&t);
		}
}
END_TEST

START_TEST(batches_broadcast)
{
	trial t = trial_start();
	onn_node a = trial_input(&t, ONN_F32, 4, (size_t[]){3, 1, 9, 4}, 0, 1);
	onn_node b = trial_input(&t, ONN_F32, 3, (size_t[]){5, 4, 11}, 0, 1);
	onn_node c = trial_input(&t, ONN_F32, 3, (size_t[]){6, 20, 11}, 0, 1);

	check_trial(&t, onn_matmul(t.g, a, b), close32);
	check_trial(&t, onn_matmul_op(t.g, c, ONN_N, c, ONN_T), close32);
	check_trial(
	    &t, onn_matmul(t.g, onn_slice(t.g, c, 1, 3, 4, 2), onn_transpose(t.g, c)), close32);
	trial_end(&t);
}
END_TEST

START_TEST(a_product_forgets_what_its_memory_held)
{
	onn_plan *plan;
	onn_tensor *a;
	float data[64 * 64];
	const size_t shape[] = {64, 64};

	trial t = trial_start();
	onn_node x = onn_variable(t.g, "a", ONN_F32, 2, shape);
	onn_node y = onn_matmul(t.g, x, x);
	check_ok(onn_plan_create(&plan, device, t.g, &y, 1, NULL));
	check_ok(onn_tensor_create(&a, device, ONN_F32, 2, shape));
	check_ok(onn_plan_bind(plan, "a", a));
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT(data); i++)
			data[i] = round ? 1.0f : NAN;
		check_ok(onn_tensor_write(a, data, sizeof data));
		check_ok(onn_plan_run(plan));
	}
	check_ok(onn_tensor_read(data, onn_plan_output(plan, 0), sizeof data));
	for (size_t i = 0; i < COUNT(data); i++)
		ck_assert_float_eq(data[i], 64);
	onn_plan_destroy(plan);
	onn_tensor_destroy(a);
	trial_end(&t);
}
END_TEST

/* Few results, each a long sum: parts of it keep the units busy. */
START_TEST(long_sums_are_cut_where_results_are_few)
{
	onn_plan *plan;

	for (size_t i = 0; i < (simulated ? 1 : COUNT(floats)); i++) {
		if (!onn_device_supports(device, floats[i]))
			continue;
		trial t = trial_start();
		onn_node a = trial_input(&t, floats[i], 3, (size_t[]){2, 5, 1111}, 0.1, 1);
		onn_node b = trial_input(&t, floats[i], 2, (size_t[]){3, 1111}, 0.1, 1);
		onn_node c = onn_matmul_op(t.g, a, ONN_N, b, ONN_T);
		check_trial(&t, c, close_for(floats[i]) * 4);
		check_ok(onn_plan_create(&plan, device, t.g, &c, 1, NULL));
		char *text = onn_plan_describe(plan);
		/* native kernels and CLBlast have their own ways; Oclgrind has one unit */
		if (!simulated && strstr(text, "kernel, tiles"))
			ck_assert_msg(strstr(text, "sums in "), "%s", text);
		onn_free(text);
		onn_plan_destroy(plan);
		trial_end(&t);
	}
}
END_TEST

START_TEST(a_product_over_nothing_is_zero)
{
	trial t = trial_start();
	onn_node a = trial_input(&t, ONN_F32, 2, (size_t[]){4, 0}, 0, 1);
	onn_node b = trial_input(&t, ONN_F32, 2, (size_t[]){0, 3}, 0, 1);

	check_trial(&t, onn_matmul(t.g, a, b), 0.0);
	trial_end(&t);
}
END_TEST

int main(void)
{
	/* Debian 12's CLBlast is wrong for some devices and no default; its kernels take half a
	 * minute to compile. What becomes of a library that is wrong, test_trust.c has. */
	if (by_clblast() && !is_thorough()) {
		printf("skipped: ONN_TEST_ALL=1 runs it\n");
		return 77;
	}
	return run_kernel_tests("opencl matmul",
	    (const TTest *[]){products_of_every_form_agree, batches_broadcast,
	        a_product_forgets_what_its_memory_held, a_product_over_nothing_is_zero,
	        long_sums_are_cut_where_results_are_few, NULL});
}
