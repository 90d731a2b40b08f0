/*
 * What the library itself costs: plans of steps that do next to nothing, one after another, each
 * reading what the one before wrote. The slope over the number of steps is a step's cost, the rest
 * is a run's.
 */
#include <stdio.h>

#include "bench.h"

enum { FEW = 1, MANY = 257 };

typedef struct trivial {
	const char *name;
	size_t side; /* of the square arrays */
	onn_node (*build)(onn_graph *g, onn_node x, onn_node y);
} trivial;

static onn_node build_sum(onn_graph *g, onn_node x, onn_node y) { return onn_add(g, x, y); }

static onn_node build_product(onn_graph *g, onn_node x, onn_node y) { return onn_matmul(g, x, y); }

static onn_node build_roll(onn_graph *g, onn_node x, onn_node y)
{
	(void)y;
	return onn_roll(g, x, 0, 1);
}

typedef struct planned {
	onn_plan *plan;
	onn_tensor *x, *y;
} planned;

/* Without fusion, which would make one step of a chain of sums. */
static planned chain_of(const trivial *t, size_t steps, onn_device *device)
{
	const size_t shape[2] = {t->side, t->side};
	planned p;
	onn_graph *g;
	bench_require(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F32, 2, shape);
	onn_node y = onn_variable(g, "y", ONN_F32, 2, shape);
	for (size_t i = 0; i < steps; i++)
		x = t->build(g, x, y);
	p.plan = bench_plan(device, g, &x, 1, true);
	if (!p.plan)
		bench_require(ONN_ERROR_UNSUPPORTED); /* f32, everywhere */
	p.x = bench_bind(p.plan, device, "x", ONN_F32, 2, shape);
	p.y = bench_bind(p.plan, device, "y", ONN_F32, 2, shape);
	return p;
}

static void planned_clear(planned *p)
{
	onn_plan_destroy(p->plan);
	onn_tensor_destroy(p->x);
	onn_tensor_destroy(p->y);
}

static void measure(const trivial *t, onn_device *device, int repeat)
{
	planned few = chain_of(t, FEW, device), many = chain_of(t, MANY, device);
	double steps = (double)onn_plan_steps(many.plan), base = (double)onn_plan_steps(few.plan);
	bench_work work[2] = {{bench_run_plan, many.plan, 0, 0}, {bench_run_plan, few.plan, 0, 0}};
	bench_measure(work, 2, repeat);
	double step = (work[0].seconds - work[1].seconds) / (steps - base);
	printf("%-24s%7.0f%14.3f%13.2f\n", t->name, steps, step * 1e6,
	    (work[1].seconds - base * step) * 1e6);
	planned_clear(&few);
	planned_clear(&many);
}

void bench_overhead(const bench_options *o)
{
	static const trivial row[] = {
	    {"sum of 16 numbers", 4, build_sum}, {"roll of 16 numbers", 4, build_roll},
	    {"4 x 4 matrix product", 4, build_product},
	    {"sum of 16384 numbers", 128, build_sum}, /* shared among the threads: barriers */
	};
	for (size_t i = 0; i < o->count; i++) {
		printf("\nOverhead on %s, %d threads\n", onn_device_name(o->device[i]),
		    onn_device_threads(o->device[i]));
		printf("trivial step              steps   us a step     us a run\n");
		for (size_t j = 0; j < sizeof row / sizeof *row; j++)
			measure(&row[j], o->device[i], o->repeat);
	}
}
