/* What bounds the present device, by small plans of onn's own. */
#include <math.h>
#include <stdio.h>

#include "cards.h"

enum { FEW = 1, MANY = 129, SIDE = 768, NUMBERS = 16 };

/* Memory's speed shows where nothing stays in a cache. */
static const double far_beyond_caches = 192e6;

/* Seconds that a plan takes; its variables "x" and "y" have shape. */
static double time_plan(onn_device *device, onn_graph *g, onn_node out, size_t ndim,
    const size_t *shape, int repeat, size_t *launches)
{
	onn_plan *plan = bench_plan(device, g, &out, 1, true);
	if (!plan)
		bench_require(ONN_ERROR_UNSUPPORTED); /* f32, everywhere */
	onn_tensor *x = bench_bind(plan, device, "x", ONN_F32, ndim, shape);
	onn_tensor *y = bench_bind(plan, device, "y", ONN_F32, ndim, shape);
	bench_work work = {bench_run_plan, plan, NAN, NAN};
	bench_measure(&work, 1, repeat);
	*launches = onn_plan_steps(plan);
	onn_plan_destroy(plan);
	onn_tensor_destroy(x);
	onn_tensor_destroy(y);
	return work.seconds;
}

typedef struct variables {
	onn_graph *g;
	onn_node x, y;
} variables;

static variables make(size_t ndim, const size_t *shape)
{
	variables v;
	bench_require(onn_graph_create(&v.g));
	v.x = onn_variable(v.g, "x", ONN_F32, ndim, shape);
	v.y = onn_variable(v.g, "y", ONN_F32, ndim, shape);
	return v;
}

/* The slope over the number of steps that do next to nothing. */
static double launch_of(onn_device *device, int repeat)
{
	const size_t shape = NUMBERS, length[2] = {FEW, MANY};
	double seconds[2];
	size_t steps[2];
	for (int i = 0; i < 2; i++) {
		variables v = make(1, &shape);
		onn_node out = v.x;
		for (size_t k = 0; k < length[i]; k++)
			out = onn_add(v.g, out, v.y);
		seconds[i] = time_plan(device, v.g, out, 1, &shape, repeat, &steps[i]);
	}
	return fmax(seconds[1] - seconds[0], 0) / (double)(steps[1] - steps[0]);
}

static double rate_of(onn_device *device, int repeat)
{
	const size_t shape[2] = {SIDE, SIDE};
	size_t steps;
	variables v = make(2, shape);
	const onn_node out = onn_matmul(v.g, v.x, v.y);
	return 2. * SIDE * SIDE * SIDE / time_plan(device, v.g, out, 2, shape, repeat, &steps);
}

/* Two arrays read, one written. */
double bench_bandwidth_of(onn_device *device, double resident, int repeat)
{
	const double bytes = fmin(resident, far_beyond_caches);
	const size_t count = (size_t)(bytes / 12) + 1;
	size_t steps;
	variables v = make(1, &count);
	const onn_node out = onn_add(v.g, v.x, v.y);
	return 12. * (double)count / time_plan(device, v.g, out, 1, &count, repeat, &steps);
}

bench_limits bench_limits_of(onn_device *device, int repeat)
{
	return (bench_limits){.name = onn_device_name(device),
	    .launch = launch_of(device, repeat),
	    .f32 = rate_of(device, repeat)};
}
