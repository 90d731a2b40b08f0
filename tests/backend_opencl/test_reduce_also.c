/*
 * Steps that are done where sums are made, on ONN_TEST_DEVICE against the reference: what goes on
 * from results is in their launch, and what must wait for all of them is not.
 */
#include "task.h"

/* Sums of every form: an item for each, a group for each, parts of each. */
static const struct {
	const char *name;
	size_t rows, columns;
	int axis;
	size_t launches;
} sums[] = {{"items", 9, 5000, 0, 1}, {"groups", 40, 600, 1, 1}, {"parts", 2, 20000, 1, 2}};

static onn_node variable(task *k, onn_type type, size_t n)
{
	return trial_input(&k->t, type, 1, &n, .5, 1);
}

/* The sums of a matrix, and how many they are. */
static onn_node sum_of(task *k, size_t i, onn_type type, onn_node *x, size_t *n)
{
	*x = trial_input(&k->t, type, 2, (size_t[]){sums[i].rows, sums[i].columns}, .5, 1);
	*n = sums[i].axis ? sums[i].rows : sums[i].columns;
	return onn_sum(k->t.g, *x, &sums[i].axis, 1, false);
}

START_TEST(an_update_is_done_where_its_gradient_is_made)
{
	for (size_t i = 0; i < COUNT(sums); i++)
		for (int complex = 0; complex < 2; complex++) {
			const onn_type type = complex ? ONN_C64 : ONN_F32;
			task k = {.t = trial_start()};
			onn_node x;
			size_t n;
			onn_node s = sum_of(&k, i, type, &x, &n);
			onn_node w = variable(&k, type, n), v = variable(&k, type, n);
			onn_node v1 = onn_add(k.t.g, onn_mul_real(k.t.g, v, .9), s);
			give(&k, onn_assign(k.t.g, v, v1));
			give(&k,
			    onn_assign(k.t.g, w, onn_sub(k.t.g, w, onn_mul_real(k.t.g, v1, 1e-3))));
			check_task(sums[i].name, &k, sums[i].launches);
		}
}
END_TEST

START_TEST(results_that_others_read_are_stored_besides)
{
	for (size_t i = 0; i < COUNT(sums); i++) {
		task k = {.t = trial_start()};
		onn_node x;
		size_t n;
		onn_node s = sum_of(&k, i, ONN_F32, &x, &n);
		onn_node w = variable(&k, ONN_F32, n);
		give(&k, onn_assign(k.t.g, w, onn_add(k.t.g, w, s)));
		give(&k, s);
		give(&k, onn_slice(k.t.g, s, 0, (ptrdiff_t)n - 1, n, -1));
		check_task(sums[i].name, &k, sums[i].launches + 1);
	}
}
END_TEST

/* The sums read it whole, and each is a number of its first row. */
START_TEST(what_the_sums_read_is_written_behind_them)
{
	for (size_t i = 0; i < COUNT(sums); i++) {
		task k = {.t = trial_start()};
		onn_node w =
		    trial_input(&k.t, ONN_F32, 2, (size_t[]){sums[i].rows, sums[i].columns}, .5, 1);
		onn_node s = onn_mean(k.t.g, w, &sums[i].axis, 1, true);
		give(&k, onn_assign(k.t.g, w, onn_mul_real(k.t.g, onn_add(k.t.g, w, s), .5)));
		check_task(sums[i].name, &k, 9);
	}
	task k = {.t = trial_start()};
	onn_node w = variable(&k, ONN_F32, 3000), turned[4];
	for (int i = 0; i < 4; i++)
		turned[i] = onn_reshape(k.t.g,
		    onn_slice(k.t.g, w, 0, i % 2 ? 2999 : 0, 3000, i % 2 ? -1 : 1), 2,
		    (size_t[]){1, 3000});
	onn_node s = onn_sum(k.t.g, onn_concat(k.t.g, turned, 4, 0), (int[]){0}, 1, false);
	give(&k, onn_assign(k.t.g, w, onn_mul_real(k.t.g, s, .25)));
	check_task("turned", &k, 9);
}
END_TEST

START_TEST(a_later_part_of_a_plan_is_not_done_in_the_first)
{
	task k = {.t = trial_start()};
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	onn_plan *plan;
	onn_tensor *tensor[2];
	onn_node x;
	size_t n;
	float no[40], y[40], w_is[40], sum[40];

	give(&k, sum_of(&k, 1, ONN_F32, &x, &n));
	ck_assert_uint_eq(n, COUNT(no));
	give(&k, onn_mul(k.t.g, variable(&k, ONN_F32, n), k.out[0]));
	options.early = 1;
	check_ok(onn_plan_create(&plan, device, k.t.g, k.out, k.count, &options));
	for (int i = 0; i < 2; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], device, k.t.array[i]));
		check_ok(onn_plan_bind(plan, k.t.name[i], tensor[i]));
	}
	for (size_t i = 0; i < n; i++) {
		no[i] = NAN;
		w_is[i] = (float)i;
	}
	/* what the second part needs is not known yet */
	check_ok(onn_tensor_write(tensor[1], no, sizeof no));
	check_ok(onn_plan_run_part(plan, 0));
	check_ok(onn_tensor_write(tensor[1], w_is, sizeof w_is));
	check_ok(onn_plan_run_part(plan, 1));
	check_ok(onn_tensor_read(sum, onn_plan_output(plan, 0), sizeof sum));
	check_ok(onn_tensor_read(y, onn_plan_output(plan, 1), sizeof y));
	for (size_t i = 0; i < n; i++)
		ck_assert_float_eq_tol(y[i], w_is[i] * sum[i], 1e-5f * sum[i]);
	onn_plan_destroy(plan);
	for (int i = 0; i < 2; i++)
		onn_tensor_destroy(tensor[i]);
	trial_end(&k.t);
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_MERGE", "1", 1); /* on processors, too */
	return run_kernel_tests(
	    "opencl reduce also", (const TTest *[]){an_update_is_done_where_its_gradient_is_made,
	                              results_that_others_read_are_stored_besides,
	                              what_the_sums_read_is_written_behind_them,
	                              a_later_part_of_a_plan_is_not_done_in_the_first, NULL});
}
