/*
 * Graphs that change their variables, run more than once, and how many launches a run has.
 */
#ifndef ONN_TESTS_BACKEND_OPENCL_STEPS_H
#define ONN_TESTS_BACKEND_OPENCL_STEPS_H

#include "trial.h"

#include "backend/opencl/opencl_backend.h"
#include "plan/plan.h"

enum { TRIAL_RUNS = 2 };

/* But those that add up the parts of a product's sums, which the device's size decides on. */
static inline size_t launches_of(const onn_plan *plan)
{
	size_t count = ((const onn_cl_executable *)plan->executable)->launches;
	char *text = onn_plan_describe(plan);

	for (const char *at = text; (at = strstr(at, "sums in ")) != NULL; at++)
		count--;
	onn_free(text);
	return count;
}

/* Outputs, those of assignments last and without results, and variables as TRIAL_RUNS runs leave
 * them, in c128; how many there are. *launches: of a run on a device of OpenCL; may be NULL. */
static inline size_t trial_steps(trial *t, onn_device *on, const onn_node *out, size_t count,
    onn_array **result, size_t *launches)
{
	onn_plan *plan;
	onn_tensor *tensor[TRIAL_INPUTS];
	onn_array *value;
	size_t results = 0;

	check_ok(onn_graph_status(t->g));
	check_ok(onn_plan_create(&plan, on, t->g, out, count, NULL));
	for (int i = 0; i < t->inputs; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], on, t->array[i]));
		check_ok(onn_plan_bind(plan, t->name[i], tensor[i]));
	}
	for (int i = 0; i < TRIAL_RUNS; i++)
		check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < count + (size_t)t->inputs; i++) {
		const onn_tensor *x = i < count ? onn_plan_output(plan, i) : tensor[i - count];
		if (!x)
			continue;
		check_ok(onn_tensor_to_array(&value, x));
		check_ok(onn_array_convert(&result[results++], value, ONN_C128));
		onn_array_destroy(value);
	}
	if (launches)
		*launches = launches_of(plan);
	onn_plan_destroy(plan);
	for (int i = 0; i < t->inputs; i++)
		onn_tensor_destroy(tensor[i]);
	return results;
}

#endif
