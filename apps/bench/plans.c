/* Plans for benchmarks: made, bound to made-up numbers, run. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

onn_plan *bench_plan(
    onn_device *device, onn_graph *g, const onn_node *out, size_t count, bool no_fusion)
{
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	options.no_fusion = no_fusion;
	onn_plan *plan = NULL;
	onn_status status = onn_plan_create(&plan, device, g, out, count, &options);
	onn_graph_destroy(g);
	if (status != ONN_ERROR_UNSUPPORTED)
		bench_require(status);
	return status ? NULL : plan;
}

void bench_run_plan(void *plan)
{
	bench_require(onn_plan_run(plan));
	bench_require(onn_plan_wait(plan));
}

void bench_fill(onn_type type, void *data, size_t count)
{
	uint32_t state = 1; /* Numerical Recipes' ranqd1: any numbers do */
	size_t n = onn_type_is_complex(type) ? 2 * count : count;
	bool single = onn_type_real(type) == ONN_F32;
	for (size_t i = 0; i < n; i++) {
		state = state * 1664525u + 1013904223u;
		double x = 0.1 + 0.9 * (state >> 8) / 0x1p24;
		if (single)
			((float *)data)[i] = (float)x;
		else
			((double *)data)[i] = x;
	}
}

onn_tensor *bench_bind(onn_plan *plan, onn_device *device, const char *name, onn_type type,
    size_t ndim, const size_t *shape)
{
	onn_tensor *t;
	bench_require(onn_tensor_create(&t, device, type, ndim, shape));
	size_t count = onn_tensor_count(t), bytes = count * onn_type_size(type);
	void *data = bench_memory(bytes);
	bench_fill(type, data, count);
	bench_require(onn_tensor_write(t, data, bytes));
	bench_require(onn_plan_bind(plan, name, t));
	free(data);
	return t;
}
