/*
 * Work of several steps in one launch, on ONN_TEST_DEVICE against the reference: what is done side
 * by side, what in a chain, what neither, and that all of it keeps its order.
 */
#include "task.h"

#include <onn/fourier.h>

#include "selftest/cases.h"

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

static bool is_four_bytes_or_one(onn_type type, void *user)
{
	(void)user;
	return onn_type_size(type) <= 4;
}

static bool check_close(const onn_case_result *r, void *user)
{
	(void)user;
	check_ok(r->status);
	ck_assert_msg(r->left_out || r->error <= onn_case_tolerance(r->self, r->type),
	    "%s %s: %g: %s", r->self->name, onn_type_name(r->type), r->error, r->text);
	return true;
}

/* All that a device tries of sums, in one kernel of hundreds of groups, on all of its threads at
 * once: each has local memory of its own. */
START_TEST(sums_of_many_groups_share_no_local_memory)
{
	onn_case sums[2] = {{.name = NULL}};
	const onn_case_devices on = {.device = device,
	    .reference = reference,
	    .extent = ONN_CASES_FEW,
	    .wanted = is_four_bytes_or_one,
	    .told = check_close};

	for (const onn_case *c = onn_cases_structure; c->name; c++)
		if (c->op == ONN_OP_SUM)
			sums[0] = *c;
	for (int again = 0; again < (simulated ? 1 : 8); again++)
		check_ok(onn_case_compare_all(sums, &on));
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
		give(&k, onn_sum(k.t.g, x, NULL, 0, true));
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

/* Twelve functions of unrolled loops in one kernel. */
START_TEST(many_products_are_done_side_by_side)
{
	task k = {.t = trial_start()};

	for (size_t i = 1; i <= 12; i++) {
		onn_node x = trial_input(&k.t, ONN_F32, 3, (size_t[]){i, 5, 20}, .5, 1);
		onn_node y = trial_input(&k.t, ONN_F32, 3, (size_t[]){i, 20, 7}, .5, 1);
		give(&k, onn_matmul(k.t.g, x, y));
	}
	check_task("products", &k, 2);
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

static void give_adam(task *k, onn_node w, onn_node grad, const size_t *shape)
{
	onn_graph *g = k->t.g;
	const onn_node m = trial_input(&k->t, ONN_F32, 2, shape, -1, 1);
	const onn_node v = trial_input(&k->t, ONN_F32, 2, shape, .5, 1);
	const onn_node m1 = onn_add(g, onn_mul_real(g, m, .9), onn_mul_real(g, grad, .1));
	const onn_node v1 =
	    onn_add(g, onn_mul_real(g, v, .999), onn_mul_real(g, onn_square(g, grad), .001));

	give(k, onn_assign(g, m, m1));
	give(k, onn_assign(g, v, v1));
	give(k, onn_assign(
	            g, w, onn_sub(g, w, onn_mul_real(g, onn_div(g, m1, onn_sqrt(g, v1)), .001))));
}

/* The light behind them in regions of ten classes, softmax and Adam: 11 launches there, 11 back. */
START_TEST(a_classifier_of_five_plates_is_35_launches_at_most)
{
	enum { LAYERS = 5, SIDE = 64, IMAGES = 4, CLASSES = 10 };
	const size_t field[] = {IMAGES, SIDE, SIDE}, corner[] = {SIDE / 2, SIDE / 2};
	const onn_window keep = {{SIDE / 2, SIDE / 2}, {SIDE, SIDE}};
	onn_node phase[LAYERS], grad[LAYERS];
	task k = {.t = trial_start()};
	onn_graph *g = k.t.g;

	onn_node e = onn_cast(g, trial_input(&k.t, ONN_F32, 3, field, 0, 1), ONN_C64);
	for (int i = 0; i < LAYERS; i++)
		phase[i] = trial_input(&k.t, ONN_F32, 2, field + 1, -1, 1);
	onn_node h = trial_input(&k.t, ONN_C64, 2, (size_t[]){2 * SIDE, 2 * SIDE}, -1, 1);
	for (int i = 0; i < LAYERS; i++)
		e = onn_filter(g, onn_mul(g, e, onn_expi(g, phase[i])), h, corner, &keep);
	onn_node light = onn_reshape(g, onn_abs2(g, e), 2, (size_t[]){IMAGES, SIDE * SIDE});
	onn_node power = onn_matmul(
	    g, light, trial_input(&k.t, ONN_F32, 2, (size_t[]){SIDE * SIDE, CLASSES}, 0, 1));
	onn_node part = onn_div(g, power, onn_sum(g, power, (int[]){1}, 1, true));
	onn_node label = trial_input(&k.t, ONN_I32, 1, field, 0, CLASSES);
	onn_node chosen = onn_mul(g, onn_log_softmax(g, onn_mul_real(g, part, 10), 1),
	    onn_one_hot(g, label, CLASSES, ONN_F32));
	give(&k, onn_mul_real(g, onn_sum(g, chosen, NULL, 0, false), -.25));
	check_ok(onn_gradient(grad, g, k.out[0], ONN_NULL_NODE, phase, LAYERS));
	for (int i = 0; i < LAYERS; i++)
		give_adam(&k, phase[i], grad[i], field + 1);
	check_task("five plates", &k, 35);
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_MERGE", "1", 1); /* on processors, too */
	return run_kernel_tests("opencl merge",
	    (const TTest *[]){independent_steps_are_done_side_by_side,
	        small_steps_in_a_row_are_one_launch, sums_share_local_memory_in_turn,
	        sums_of_many_groups_share_no_local_memory, what_is_written_is_read_before,
	        large_steps_wait_for_each_other,
	        more_arguments_than_a_kernel_takes_are_more_launches,
	        many_products_are_done_side_by_side, what_a_launch_holds_is_said,
	        a_classifier_of_five_plates_is_35_launches_at_most, NULL});
}
