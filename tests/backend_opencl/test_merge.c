/*
 * Work of several steps in one launch, on ONN_TEST_DEVICE against the reference: what is done side
 * by side, what in a chain, what neither, and that all of it keeps its order.
 */
#include "kernels.h"

#include "backend/opencl/opencl_backend.h"
#include "plan/plan.h"

enum { OUTPUTS_MAX = 24, RUNS = 3 };

typedef struct task {
	trial t;
	onn_node out[OUTPUTS_MAX];
	size_t count;
} task;

static void give(task *k, onn_node y)
{
	ck_assert_uint_lt(k->count, OUTPUTS_MAX);
	k->out[k->count++] = y;
}

/* Outputs and variables after some runs; how many launches a run has. */
static size_t run(const task *k, onn_device *on, onn_array **result, size_t *launches)
{
	onn_plan *plan;
	onn_tensor *tensor[TRIAL_INPUTS];
	size_t results = 0;

	check_ok(onn_graph_status(k->t.g));
	check_ok(onn_plan_create(&plan, on, k->t.g, k->out, k->count, NULL));
	for (int i = 0; i < k->t.inputs; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], on, k->t.array[i]));
		check_ok(onn_plan_bind(plan, k->t.name[i], tensor[i]));
	}
	for (int i = 0; i < RUNS; i++)
		check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < k->count + (size_t)k->t.inputs; i++) {
		const onn_tensor *x =
		    i < k->count ? onn_plan_output(plan, i) : tensor[i - k->count];
		onn_array *value;
		if (!x)
			continue;
		check_ok(onn_tensor_to_array(&value, x));
		check_ok(onn_array_convert(&result[results++], value, ONN_C128));
		onn_array_destroy(value);
	}
	if (launches)
		*launches = ((const onn_cl_executable *)plan->executable)->launches;
	onn_plan_destroy(plan);
	for (int i = 0; i < k->t.inputs; i++)
		onn_tensor_destroy(tensor[i]);
	return results;
}

/* The task's numbers, and its launches where kernels do its steps; ended here. */
static void check_task(const char *name, task *k, size_t wanted)
{
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS], *b[OUTPUTS_MAX + TRIAL_INPUTS];
	size_t launches, n = run(k, device, a, &launches);

	ck_assert_uint_eq(run(k, reference, b, NULL), n);
	for (size_t i = 0; i < n; i++) {
		double error = trial_difference(a[i], b[i]);
		ck_assert_msg(error <= 4 * close32, "%s: result %zu is off by %g", name, i, error);
		onn_array_destroy(a[i]);
		onn_array_destroy(b[i]);
	}
	/* the sizes below are of the largest groups */
	const onn_cl_device *d = (const onn_cl_device *)device;
	if (!d->native && d->group == 256)
		ck_assert_msg(
		    launches <= wanted, "%s: %zu launches, not %zu", name, launches, wanted);
	trial_end(&k->t);
}

/* A number of all elements that a pointwise program cannot take in. */
static onn_node total(task *k, onn_node x) { return onn_sum(k->t.g, x, NULL, 0, true); }

START_TEST(independent_steps_are_done_side_by_side)
{
	task k = {.t = trial_start()};

	for (size_t i = 0; i < 6; i++) {
		onn_node x = trial_input(&k.t, ONN_F32, 1, (size_t[]){3003 + 800 * i}, -1, 1);
		give(&k, i % 2 ? onn_sin(k.t.g, x) : onn_reduce_max(k.t.g, x, NULL, 0, false));
	}
	check_task("side by side", &k, 1);
}
END_TEST

START_TEST(small_steps_in_a_row_are_one_launch)
{
	task k = {.t = trial_start()};
	const size_t shape[] = {40, 10};
	onn_node x = trial_input(&k.t, ONN_F32, 2, shape, -1, 1), grad;
	onn_node i = trial_input(&k.t, ONN_I32, 1, (size_t[]){40}, 0, 10);
	onn_node likely = onn_log_softmax(k.t.g, x, 1);
	onn_node loss = onn_mean(
	    k.t.g, onn_mul(k.t.g, likely, onn_one_hot(k.t.g, i, 10, ONN_F32)), NULL, 0, false);

	check_ok(onn_gradient(&grad, k.t.g, loss, ONN_NULL_NODE, &x, 1));
	give(&k, loss);
	give(&k, onn_argmax(k.t.g, likely, 1));
	give(&k, onn_take(k.t.g, likely, i));
	give(&k, onn_scatter_add(k.t.g, i, likely, 10));
	give(&k, onn_assign(k.t.g, x, onn_sub(k.t.g, x, grad)));
	check_task("softmax", &k, 1);
}
END_TEST

/* Sums by groups of 64 to 256 items, each through the others' local memory. */
START_TEST(sums_share_local_memory_in_turn)
{
	task k = {.t = trial_start()};
	onn_node x = trial_input(&k.t, ONN_F32, 2, (size_t[]){6, 300}, .5, 1);

	for (size_t n = 300; n > 40; n -= 50) {
		onn_node part = onn_slice(k.t.g, x, 1, 0, n, 1);
		onn_node s = onn_sum(k.t.g, part, (int[]){1}, 1, true);
		x = onn_sqrt(k.t.g, onn_div(k.t.g, onn_mul_real(k.t.g, x, 40), s));
		give(&k, s);
	}
	give(&k, onn_reduce_max(k.t.g, x, NULL, 0, false));
	check_task("sums", &k, 1);
}
END_TEST

START_TEST(what_is_written_is_read_before)
{
	for (size_t n = 50; n <= 50000; n *= 1000) {
		task k = {.t = trial_start()};
		onn_node x = trial_input(&k.t, ONN_F32, 1, &n, -1, 1);
		onn_node y = trial_input(&k.t, ONN_F32, 1, &n, -1, 1);
		onn_node turned = onn_slice(k.t.g, x, 0, (ptrdiff_t)n - 1, n, -1);

		give(&k, onn_add(k.t.g, turned, y));
		give(&k, onn_assign(k.t.g, x, onn_mul_real(k.t.g, y, .5)));
		give(&k, onn_assign(k.t.g, y, onn_add(k.t.g, turned, x)));
		check_task("turns", &k, n == 50 ? 1 : 4);
	}
}
END_TEST

START_TEST(large_steps_wait_for_each_other)
{
	task k = {.t = trial_start()};
	onn_node x = trial_input(&k.t, ONN_F32, 2, (size_t[]){300, 200}, .5, 1);

	for (int i = 0; i < 3; i++) {
		x = onn_div(k.t.g, x, onn_sum(k.t.g, x, (int[]){i % 2}, 1, true));
		give(&k, total(&k, x));
	}
	check_task("large", &k, 99);
}
END_TEST

START_TEST(more_arguments_than_a_kernel_takes_are_more_launches)
{
	task k = {.t = trial_start()};

	for (size_t i = 0; i < 22; i++) {
		onn_node x = trial_input(&k.t, ONN_F32, 1, (size_t[]){3000 + i}, .5, 1);
		give(&k, onn_pow(k.t.g, onn_add_real(k.t.g, x, (double)i), onn_sin(k.t.g, x)));
	}
	check_task("many", &k, 3);
}
END_TEST

START_TEST(what_a_launch_holds_is_said)
{
	task k = {.t = trial_start()};
	onn_plan *plan;

	give(&k, onn_sin(k.t.g, trial_input(&k.t, ONN_F32, 1, (size_t[]){5000}, -1, 1)));
	give(&k, onn_cos(k.t.g, trial_input(&k.t, ONN_F32, 1, (size_t[]){6000}, -1, 1)));
	check_ok(onn_plan_create(&plan, device, k.t.g, k.out, k.count, NULL));
	char *text = onn_plan_describe(plan);
	ck_assert_ptr_nonnull(text);
	if (!((const onn_cl_device *)device)->native)
		ck_assert_msg(strstr(text, "kernel, with 0") != NULL, "%s", text);
	onn_free(text);
	onn_plan_destroy(plan);
	trial_end(&k.t);
}
END_TEST

int main(void)
{
	return run_kernel_tests("opencl merge",
	    (const TTest *[]){independent_steps_are_done_side_by_side,
	        small_steps_in_a_row_are_one_launch, sums_share_local_memory_in_turn,
	        what_is_written_is_read_before, large_steps_wait_for_each_other,
	        more_arguments_than_a_kernel_takes_are_more_launches, what_a_launch_holds_is_said,
	        NULL});
}
