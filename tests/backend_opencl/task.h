/*
 * Plans of several outputs, run some times: their numbers against the reference's, and how many
 * launches they take.
 */
#ifndef ONN_TESTS_BACKEND_OPENCL_TASK_H
#define ONN_TESTS_BACKEND_OPENCL_TASK_H

#include "kernels.h"

#include "steps.h"

enum { OUTPUTS_MAX = 24 };

typedef struct task {
	trial t;
	onn_node out[OUTPUTS_MAX];
	size_t count;
} task;

static inline void give(task *k, onn_node y)
{
	ck_assert_uint_lt(k->count, OUTPUTS_MAX);
	k->out[k->count++] = y;
}

/* The task's numbers, and its launches where kernels do its steps; ended here. */
static inline void check_task(const char *name, task *k, size_t wanted)
{
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS], *b[OUTPUTS_MAX + TRIAL_INPUTS];
	size_t launches, n = trial_steps(&k->t, device, k->out, k->count, a, &launches);

	ck_assert_uint_eq(trial_steps(&k->t, reference, k->out, k->count, b, NULL), n);
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

#endif
