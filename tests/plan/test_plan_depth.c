/*
 * Plans of graphs that are as deep as an unrolled recursion: what takes time by the square of the
 * depth takes minutes here, where the rest takes seconds.
 */
#include "testing.h"

#include <onn/graph.h>
#include <onn/plan.h>

#include "device.h"
#include "network.h"

enum { LINKS = 20000 };

static onn_device *device;

/* Runs the plan of y, its gradient by x, and x's assignment, x bound to a tensor of these
 * numbers. */
static void run_deep(onn_graph *g, onn_node y, onn_node x, double *value, double *gradient,
    const double *start, size_t count)
{
	onn_plan *plan;
	onn_tensor *t;
	onn_node out[3] = {y};
	check_ok(onn_gradient(&out[1], g, y, ONN_NULL_NODE, &x, 1));
	out[2] = onn_assign(g, x, onn_sub(g, x, out[1]));
	check_ok(onn_plan_create(&plan, device, g, out, 3, NULL));
	check_ok(onn_tensor_create(&t, device, ONN_F64, onn_node_ndim(g, x), onn_node_shape(g, x)));
	check_ok(onn_tensor_write(t, start, count * sizeof *start));
	check_ok(onn_plan_bind(plan, "x", t));
	check_ok(onn_plan_run(plan));
	double after[4];
	ck_assert(count <= COUNT(after));
	read_numbers(onn_plan_output(plan, 0), value);
	read_numbers(onn_plan_output(plan, 1), gradient);
	check_ok(onn_tensor_read(after, t, count * sizeof *after));
	for (size_t i = 0; i < count; i++)
		ck_assert(after[i] == start[i] - gradient[i]);
	onn_tensor_destroy(t);
	onn_plan_destroy(plan);
}

/* y = sin(y) + x / 2, which fuses, so that units merge all along. */
START_TEST(a_deep_chain_of_pointwise_links_is_planned_and_right)
{
	const double start = .75;
	double value, gradient, y = start, slope = 1;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F64, 0, NULL), node = x;
	for (int i = 0; i < LINKS; i++) {
		node = onn_add(g, onn_sin(g, node), onn_mul_real(g, x, .5));
		slope = cos(y) * slope + .5;
		y = sin(y) + start / 2;
	}
	run_deep(g, node, x, &value, &gradient, &start, 1);
	check_near(value, y, 1e-14);
	check_near(gradient, slope, 1e-13);
	onn_graph_destroy(g);
}
END_TEST

/* How many steps the plan of so many links and their gradient has. */
static size_t steps_of(int links)
{
	onn_graph *g;
	onn_plan *plan;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F64, 0, NULL), w, out[2] = {x};
	w = onn_variable(g, "w", ONN_F64, 0, NULL);
	for (int i = 0; i < links; i++)
		out[0] = onn_add(g, onn_sin(g, out[0]), onn_mul(g, w, x));
	check_ok(onn_gradient(&out[1], g, out[0], ONN_NULL_NODE, &x, 1));
	check_ok(onn_plan_create(&plan, device, g, out, 2, NULL));
	size_t steps = onn_plan_steps(plan);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	return steps;
}

/* What fuses in a short chain fuses in a long one. */
START_TEST(steps_grow_with_depth_and_no_faster)
{
	size_t few = steps_of(LINKS / 20), many = steps_of(LINKS);
	ck_assert_msg(
	    many <= 21 * few, "%zu steps of %d links, %zu of %d", few, LINKS / 20, many, LINKS);
}
END_TEST

/* y = tanh(y x) of 2 by 2 matrices: steps stay apart, and all y live to the way back. */
START_TEST(a_deep_chain_of_products_is_planned_and_right)
{
	const double start[4] = {.6, .8, -.8, .6};
	double value, other, gradient[4], none[4], shifted[4];
	const size_t shape[2] = {2, 2};
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F64, 2, shape), node = x;
	for (int i = 0; i < LINKS / 2; i++)
		node = onn_tanh(g, onn_mul_real(g, onn_matmul(g, node, x), 1.1));
	node = onn_sum(g, node, NULL, 0, false);
	run_deep(g, node, x, &value, gradient, start, 4);
	for (int i = 0; i < 4; i++)
		shifted[i] = start[i] + (i == 1 ? 1e-6 : 0);
	run_deep(g, node, x, &other, none, shifted, 4);
	ck_assert(isfinite(value));
	check_near((other - value) / 1e-6, gradient[1], 1e-3 * (1 + fabs(gradient[1])));
	onn_graph_destroy(g);
}
END_TEST

TESTS_ON_DEVICE("deep plans", a_deep_chain_of_pointwise_links_is_planned_and_right,
    steps_grow_with_depth_and_no_faster, a_deep_chain_of_products_is_planned_and_right)
