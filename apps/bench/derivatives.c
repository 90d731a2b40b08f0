/* sin(x)/x and its derivatives to order 8 at 100,000 points: by onn_sinc, and by composition of a
 * sine and a quotient. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

enum { ORDERS = 9 };

static const size_t points = 100000;
static const double range = 31.4;

typedef struct outcome {
	double build, run, plan_bytes, peak;
	double all; /* from nothing to all numbers in the host's memory */
} outcome;

static onn_node compose(onn_graph *g, onn_node x) { return onn_div(g, onn_sin(g, x), x); }

/* An even number of points: 0, where the composition has no value, is none of them. */
static onn_tensor *abscissae(onn_device *device)
{
	onn_tensor *t;
	double *x = bench_memory(points * sizeof *x);
	for (size_t i = 0; i < points; i++)
		x[i] = range * (2 * (double)i / (double)(points - 1) - 1);
	bench_require(onn_tensor_create(&t, device, ONN_F64, 1, &points));
	bench_require(onn_tensor_write(t, x, points * sizeof *x));
	free(x);
	return t;
}

static outcome derive(onn_device *device, onn_node (*build)(onn_graph *g, onn_node x))
{
	static const char name[] = "x";
	onn_graph *g;
	onn_node y[ORDERS];
	outcome out;
	bench_peak_reset();
	double memory = bench_peak(), start = bench_clock();
	bench_require(onn_graph_create(&g));
	onn_node x = onn_variable(g, name, ONN_F64, 1, &points);
	onn_node one = onn_full(g, ONN_F64, 1, &points, 1);
	y[0] = build(g, x);
	for (int i = 1; i < ORDERS; i++)
		onn_gradient(&y[i], g, y[i - 1], one, &x, 1);
	onn_plan *plan = bench_plan(device, g, y, ORDERS, false);
	onn_tensor *t = abscissae(device);
	bench_require(onn_plan_bind(plan, name, t));
	double built = bench_clock();
	bench_run_plan(plan);
	double done = bench_clock();
	double *value = bench_memory(points * sizeof *value);
	for (size_t i = 0; i < ORDERS; i++)
		bench_require(
		    onn_tensor_read(value, onn_plan_output(plan, i), points * sizeof *value));
	out.all = bench_clock() - start;
	out.build = built - start;
	out.run = done - built;
	out.plan_bytes = (double)onn_plan_bytes(plan);
	out.peak = bench_peak() - memory;
	free(value);
	onn_plan_destroy(plan);
	onn_tensor_destroy(t);
	return out;
}

static void measure(
    const char *name, onn_device *device, onn_node (*build)(onn_graph *g, onn_node x), int repeat)
{
	double all[BENCH_MAX_REPEAT], run[BENCH_MAX_REPEAT], plan[BENCH_MAX_REPEAT];
	outcome first = {0};
	for (int i = 0; i < repeat; i++) {
		outcome x = derive(device, build);
		all[i] = x.all;
		plan[i] = x.build;
		run[i] = x.run;
		if (i == 0) /* later ones find memory that the first left behind */
			first = x;
	}
	printf("%-14s%9.4f%12.4f%10.4f%12.1f%14.1f\n", name, bench_median(all, (size_t)repeat),
	    bench_median(plan, (size_t)repeat), bench_median(run, (size_t)repeat),
	    first.plan_bytes / 1e6, first.peak);
}

void bench_derivatives(const bench_options *o)
{
	for (size_t i = 0; i < o->count; i++) {
		printf("\nsin(x)/x and its derivatives to order 8, %zu points, f64, on %s, %d "
		       "threads\n",
		    points, onn_device_name(o->device[i]), onn_device_threads(o->device[i]));
		if (!onn_device_supports(o->device[i], ONN_F64)) {
			printf("not on this device, which has no f64\n");
			continue;
		}
		printf("               seconds  graph, plan       run     plan MB  process + MB\n");
		measure("onn_sinc", o->device[i], onn_sinc, o->repeat);
		measure("sin(x) / x", o->device[i], compose, o->repeat);
	}
}
