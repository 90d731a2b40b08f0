/*
 * Large random graphs whose units merge across one another, and that overwrite what they read: a
 * plan whose units waited for each other in a circle would not be made, one in a wrong order would
 * give other numbers than one step for each operation does.
 */
#include "testing.h"

#include <onn/graph.h>
#include <onn/plan.h>

#include "device.h"
#include "network.h"

enum { GRAPHS = 60, NODES = 400, VARIABLES = 4, WIDTH = 4, OUTPUTS = 12, RUNS = 2 };

static onn_device *device;

static unsigned drawn(uint64_t *state, unsigned below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*state >> 33) % below;
}

/* A node of earlier ones, now and then of one far back; single numbers and arrays alike. */
static onn_node grown(onn_graph *g, const onn_node *node, size_t count, uint64_t *state)
{
	size_t reach = drawn(state, 4) ? 12 : count;
	if (reach > count)
		reach = count;
	onn_node a = node[count - 1 - drawn(state, (unsigned)reach)],
	         b = node[count - 1 - drawn(state, (unsigned)reach)];
	switch (drawn(state, 9)) {
	case 0:
		return onn_sum(g, onn_mul_real(g, a, .25), NULL, 0, false);
	case 1:
		return onn_roll(
		    g, onn_add(g, a, onn_variable(g, "v0", ONN_F64, 1, (size_t[]){WIDTH})), 0, 1);
	case 2:
		return onn_mul(g, onn_sin(g, a), b);
	case 3:
		return onn_tanh(g, onn_sub(g, a, b));
	case 4:
		return onn_max(g, a, b);
	default:
		return onn_sin(g, onn_add(g, a, b));
	}
}

/* Runs a plan of it some times, from the same variables; numbers of all outputs and variables. */
static void run(double *value, const onn_graph *g, const onn_node *out, bool no_fusion)
{
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	onn_plan *plan;
	onn_tensor *v[VARIABLES];
	options.no_fusion = no_fusion;
	check_ok(onn_plan_create(&plan, device, g, out, OUTPUTS + VARIABLES, &options));
	for (int i = 0; i < VARIABLES; i++) {
		char name[8];
		double start[WIDTH];
		for (int k = 0; k < WIDTH; k++)
			start[k] = .1 * (i + 1) - .07 * k;
		snprintf(name, sizeof name, "v%d", i);
		check_ok(onn_tensor_create(&v[i], device, ONN_F64, 1, (size_t[]){WIDTH}));
		check_ok(onn_tensor_write(v[i], start, sizeof start));
		check_ok(onn_plan_bind(plan, name, v[i]));
	}
	for (int i = 0; i < RUNS; i++)
		check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < OUTPUTS; i++) {
		read_numbers(onn_plan_output(plan, i), value);
		value += WIDTH;
	}
	for (int i = 0; i < VARIABLES; i++) {
		read_numbers(v[i], value);
		value += WIDTH;
		onn_tensor_destroy(v[i]);
	}
	onn_plan_destroy(plan);
}

START_TEST(large_graphs_that_overwrite_what_they_read_are_right)
{
	for (unsigned seed = 0; seed < GRAPHS; seed++) {
		double fused[(OUTPUTS + VARIABLES) * WIDTH] = {0},
		                                     single[(OUTPUTS + VARIABLES) * WIDTH] = {0};
		uint64_t state = seed;
		onn_node node[NODES], out[OUTPUTS + VARIABLES];
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		for (int i = 0; i < VARIABLES; i++) {
			char name[8];
			snprintf(name, sizeof name, "v%d", i);
			node[i] = onn_variable(g, name, ONN_F64, 1, (size_t[]){WIDTH});
		}
		for (size_t i = VARIABLES; i < NODES; i++)
			node[i] = grown(g, node, i, &state);
		for (size_t i = 0; i < OUTPUTS; i++)
			out[i] = node[VARIABLES + drawn(&state, NODES - VARIABLES)];
		/* from nodes early and late, and from one another: one may overwrite at once */
		for (int i = 0; i < VARIABLES; i++) {
			onn_node last =
			    node[VARIABLES + drawn(&state, NODES / (i + 1) - VARIABLES)];
			last = onn_add(g, last, node[(i + 1) % VARIABLES]);
			out[OUTPUTS + i] =
			    onn_assign(g, node[i], onn_sin(g, onn_add(g, node[i], last)));
		}
		ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
		run(fused, g, out, false);
		run(single, g, out, true);
		for (size_t i = 0; i < COUNT(fused); i++)
			ck_assert_msg(fabs(fused[i] - single[i]) <= 1e-9 * (1 + fabs(single[i])),
			    "seed %u, number %zu: %g, alone %g", seed, i, fused[i], single[i]);
		onn_graph_destroy(g);
	}
}
END_TEST

TESTS_ON_DEVICE("ranks", large_graphs_that_overwrite_what_they_read_are_right)
