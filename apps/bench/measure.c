/* The clock, random inputs, and medians. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double bench_now(void)
{
	struct timespec t;
	timespec_get(&t, TIME_UTC);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_must(onn_status status)
{
	if (status != ONN_OK) {
		fprintf(stderr, "%s\n", onn_last_error());
		exit(1);
	}
}

void bench_begin(bench *b, onn_device *device)
{
	*b = (bench){.device = device};
	bench_must(onn_graph_create(&b->g));
}

onn_node bench_input(bench *b, onn_type type, size_t ndim, const size_t *shape)
{
	onn_init init = ONN_INIT_INIT;
	onn_array *a = NULL;
	size_t i = b->ninputs++;

	snprintf(b->name[i], sizeof b->name[i], "v%u", (unsigned)i % 100);
	bench_must(onn_array_create(&a, type, ndim, shape));
	bench_must(onn_init_weights(a, &init, 0, (uint32_t)i));
	bench_must(onn_tensor_from_array(&b->tensor[i], b->device, a));
	onn_array_destroy(a);
	return onn_variable(b->g, b->name[i], type, ndim, shape);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double seconds_of(onn_plan *plan, size_t runs)
{
	double start = bench_now();
	for (size_t i = 0; i < runs; i++)
		bench_must(onn_plan_run(plan));
	bench_must(onn_plan_wait(plan));
	return bench_now() - start;
}

/* The median of nine batches, each long enough, some 30 ms, for the clock not to matter. */
static double median_seconds(onn_plan *plan)
{
	enum { BATCHES = 9 };
	double seconds[BATCHES];
	size_t runs = 1;

	while (seconds_of(plan, runs) < 0.03 && runs < 1u << 24)
		runs *= 2;
	for (int i = 0; i < BATCHES; i++)
		seconds[i] = seconds_of(plan, runs) / (double)runs;
	qsort(seconds, BATCHES, sizeof *seconds, ascending);
	return seconds[BATCHES / 2];
}

double bench_end(bench *b, const onn_node *outputs, size_t count)
{
	onn_plan *plan = NULL;

	bench_must(onn_plan_create(&plan, b->device, b->g, outputs, count, NULL));
	for (size_t i = 0; i < b->ninputs; i++)
		bench_must(onn_plan_bind(plan, b->name[i], b->tensor[i]));
	double seconds = median_seconds(plan);
	onn_plan_destroy(plan);
	for (size_t i = 0; i < b->ninputs; i++)
		onn_tensor_destroy(b->tensor[i]);
	onn_graph_destroy(b->g);
	return seconds;
}
