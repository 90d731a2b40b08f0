/*
 * Shapes that lead to each form of a kernel, on ONN_TEST_DEVICE against the reference. The
 * operations themselves are tests/ops' concern.
 */
#define _POSIX_C_SOURCE 200809L
#include "trial.h"

#include <locale.h>

#include "device.h"

static onn_device *device, *reference;
static bool
    simulated; /* by Oclgrind, which takes a microsecond for an instruction: no large shapes */

/* Rounding errors of sums grow with their length at worst; the numbers are positive, so nothing
 * cancels. */
static const double close32 = 2e-6, close64 = 1e-14;

static double close_for(onn_type type)
{
	return onn_type_real(type) == ONN_F64 ? close64 : close32;
}

#define check_trial(t, y, tolerance)                                                               \
	do {                                                                                       \
		double error_ = trial_error(t, device, reference, y);                              \
		ck_assert_msg(error_ <= (tolerance), "error %g, not %g", error_, tolerance);       \
	} while (0)

static const onn_type floats[] = {ONN_F32, ONN_F64, ONN_C64, ONN_C128};

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

START_TEST(a_product_over_nothing_is_zero)
{
	trial t = trial_start();
	onn_node a = trial_input(&t, ONN_F32, 2, (size_t[]){4, 0}, 0, 1);
	onn_node b = trial_input(&t, ONN_F32, 2, (size_t[]){0, 3}, 0, 1);

	check_trial(&t, onn_matmul(t.g, a, b), 0.0);
	trial_end(&t);
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

START_TEST(views_with_steps_backwards_and_broadcasts_agree)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 3, (size_t[]){5, 6, 7}, -1, 1);
	onn_node y = trial_input(&t, ONN_F32, 2, (size_t[]){6, 1}, -1, 1);
	onn_node z = onn_slice(t.g, onn_slice(t.g, x, 2, 6, 4, -2), 0, 1, 2, 3);

	check_trial(&t, onn_mul(t.g, z, onn_exp(t.g, y)), close32);
	check_trial(&t, onn_sin(t.g, onn_permute(t.g, x, (int[]){2, 0, 1})), close32);
	check_trial(&t, onn_roll(t.g, onn_square(t.g, x), 1, 2), close32);
	check_trial(&t, onn_concat(t.g, (onn_node[]){onn_neg(t.g, x), x}, 2, 1), 0.0);
	trial_end(&t);
}
END_TEST

START_TEST(no_locale_changes_a_number)
{
	char *old = strdup(setlocale(LC_ALL, NULL));
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){100}, 0, 1);
	onn_node y = onn_add_real(t.g, onn_mul_real(t.g, x, 0.625), 1e-3);

	/* where none of them is installed the test still checks "C" */
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		printf("no locale with a decimal comma is installed\n");
	check_trial(&t, y, close32);
	setlocale(LC_ALL, old);
	free(old);
	trial_end(&t);
}
END_TEST

static void copy32(float *y, const float *const x[], size_t n) { memcpy(y, x[0], n * sizeof *y); }
static void copy64(double *y, const double *const x[], size_t n) { memcpy(y, x[0], n * sizeof *y); }
static const onn_operation broken = {
    "broken", 1, copy32, copy64, "return a + no_such_thing;", NULL};
static const onn_operation silent = {"silent", 1, copy32, copy64, NULL, NULL};

START_TEST(an_operation_that_does_not_build_gives_the_compilers_log)
{
	onn_plan *plan = NULL;
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){4}, 0, 1);
	onn_node y = onn_custom(t.g, &broken, &x);

	check_error(
	    onn_plan_create(&plan, device, t.g, &y, 1, NULL), ONN_ERROR_DEVICE, "no_such_thing");
	ck_assert_ptr_null(plan);
	y = onn_custom(t.g, &silent, &x);
	check_error(
	    onn_plan_create(&plan, device, t.g, &y, 1, NULL), ONN_ERROR_UNSUPPORTED, "silent");
	trial_end(&t);
}
END_TEST

START_TEST(a_profile_counts_runs_and_seconds)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *timed;
	onn_plan *plan;
	onn_tensor *x;
	const size_t side = simulated ? 30 : 300, shape[] = {side, side};

	options.profile = true;
	check_ok(onn_device_create(&timed, onn_device_name(device), &options));
	trial t = trial_start();
	onn_node a = onn_variable(t.g, "a", ONN_F32, 2, shape);
	onn_node y = onn_sum(t.g, onn_exp(t.g, onn_matmul(t.g, a, a)), NULL, 0, false);
	check_ok(onn_plan_create(&plan, timed, t.g, &y, 1, NULL));
	check_ok(onn_tensor_create(&x, timed, ONN_F32, 2, shape));
	check_ok(onn_plan_bind(plan, "a", x));
	for (int i = 0; i < 3; i++)
		check_ok(onn_plan_run(plan));
	char *table = onn_plan_profile(plan);
	ck_assert_msg(table != NULL, "%s", onn_last_error());
	ck_assert_msg(strstr(table, "matmul"), "%s", table);
	onn_free(table);
	onn_plan_destroy(plan);
	onn_tensor_destroy(x);
	onn_device_destroy(timed);
	trial_end(&t);
}
END_TEST

int main(void)
{
	const TTest *const products[] = {products_of_every_form_agree, batches_broadcast,
	    a_product_forgets_what_its_memory_held, a_product_over_nothing_is_zero, NULL};

	device = open_test_device(NULL);
	simulated = strstr(onn_device_description(device), "Oclgrind") != NULL;
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	/* the user's text is compiled where kernels run; Oclgrind would report the failure, which
	 * is wanted */
	bool kernels = strncmp(onn_device_name(device), "opencl-pure", 11) == 0 && !simulated;
	/* CLBlast takes half a minute to compile for a CPU: no other test there */
	const char *clblast = getenv("ONN_OPENCL_CLBLAST");
	int result =
	    clblast
	        ? run_tests("opencl products", products)
	        : run_tests("opencl kernels",
	              (const TTest *[]){sums_of_every_form_agree, the_sum_of_nothing_is_zero,
	                  a_sum_repeats_to_the_bit, maxima_of_every_form_are_exact,
	                  argmax_takes_the_first_of_equals_in_short_and_long_rows,
	                  products_of_every_form_agree, batches_broadcast,
	                  a_product_forgets_what_its_memory_held, a_product_over_nothing_is_zero,
	                  indices_outside_count_as_the_nearest_row,
	                  scattered_sums_agree_for_wide_and_narrow_rows,
	                  views_with_steps_backwards_and_broadcasts_agree,
	                  no_locale_changes_a_number, a_profile_counts_runs_and_seconds,
	                  kernels ? an_operation_that_does_not_build_gives_the_compilers_log : NULL,
	                  NULL});
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}
