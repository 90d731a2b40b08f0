/*
 * A graph with random inputs that runs on the test's device and on the reference.
 */
#ifndef ONN_TESTS_BACKEND_OPENCL_TRIAL_H
#define ONN_TESTS_BACKEND_OPENCL_TRIAL_H

#include "testing.h"

#include <onn/graph.h>
#include <onn/plan.h>

#include "core/philox.h"

enum { TRIAL_INPUTS = 32 };

typedef struct trial {
	onn_graph *g;
	int inputs;
	char name[TRIAL_INPUTS][16];
	onn_array *array[TRIAL_INPUTS];
} trial;

static inline trial trial_start(void)
{
	trial t;

	memset(&t, 0, sizeof t);
	check_ok(onn_graph_create(&t.g));
	return t;
}

static inline void trial_end(trial *t)
{
	for (int i = 0; i < t->inputs; i++)
		onn_array_destroy(t->array[i]);
	onn_graph_destroy(t->g);
}

static inline double trial_number(int stream, size_t i, double low, double high)
{
	return low + (high - low) * onn_philox_uniform(7, 0, (uint32_t)stream, (uint32_t)i);
}

/* A variable of random numbers in [low, high); integers are cut. */
static inline onn_node trial_input(
    trial *t, onn_type type, size_t ndim, const size_t *shape, double low, double high)
{
	int n = t->inputs++;
	onn_array *wide;

	ck_assert_int_lt(n, TRIAL_INPUTS);
	snprintf(t->name[n], sizeof t->name[n], "x%d", n);
	check_ok(onn_array_create(&wide, ONN_C128, ndim, shape));
	double *z = onn_array_data(wide);
	for (size_t i = 0; i < 2 * onn_array_count(wide); i++)
		z[i] = trial_number(n, i, low, high);
	check_ok(onn_array_convert(&t->array[n], wide, type));
	onn_array_destroy(wide);
	return onn_variable(t->g, t->name[n], type, ndim, shape);
}

/* The values of count nodes on a device, by one plan, in c128. */
static inline void trial_run_all(
    const trial *t, onn_device *device, const onn_node *y, size_t count, onn_array **result)
{
	onn_plan *plan;
	onn_tensor *tensor[TRIAL_INPUTS];

	check_ok(onn_graph_status(t->g));
	check_ok(onn_plan_create(&plan, device, t->g, y, count, NULL));
	for (int i = 0; i < t->inputs; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], device, t->array[i]));
		check_ok(onn_plan_bind(plan, t->name[i], tensor[i]));
	}
	check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < count; i++) {
		onn_array *value;
		check_ok(onn_tensor_to_array(&value, onn_plan_output(plan, i)));
		check_ok(onn_array_convert(&result[i], value, ONN_C128));
		onn_array_destroy(value);
	}
	onn_plan_destroy(plan);
	for (int i = 0; i < t->inputs; i++)
		onn_tensor_destroy(tensor[i]);
}

static inline onn_array *trial_run(const trial *t, onn_device *device, onn_node y)
{
	onn_array *result;

	trial_run_all(t, device, &y, 1, &result);
	return result;
}

/* The largest difference of two arrays over the largest element of the second; NaN where one is
 * NaN. */
static inline double trial_difference(const onn_array *a, const onn_array *b)
{
	const double *x = onn_array_const_data(a), *y = onn_array_const_data(b);
	double worst = 0, largest = 0;

	ck_assert_uint_eq(onn_array_count(a), onn_array_count(b));
	for (size_t i = 0; i < 2 * onn_array_count(b); i++) {
		double d = fabs(x[i] - y[i]);
		if (!(d <= worst))
			worst = d;
		if (fabs(y[i]) > largest)
			largest = fabs(y[i]);
	}
	return largest > 0 ? worst / largest : worst;
}

static inline double trial_error(
    const trial *t, onn_device *device, onn_device *reference, onn_node y)
{
	onn_array *a = trial_run(t, device, y), *b = trial_run(t, reference, y);
	double error = trial_difference(a, b);

	onn_array_destroy(a);
	onn_array_destroy(b);
	return error;
}

/*
 * What onn_plan_profile says of some runs of y, which depends on one f32 or c64 variable, on a
 * device like this one; free it with onn_free.
 */
static inline char *trial_profile(const trial *t, const onn_device *like, onn_node y, int runs)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *timed;
	onn_plan *plan;
	onn_tensor *x;

	options.profile = true;
	check_ok(onn_device_create(&timed, onn_device_name(like), &options));
	check_ok(onn_plan_create(&plan, timed, t->g, &y, 1, NULL));
	check_ok(onn_tensor_from_array(&x, timed, t->array[0]));
	check_ok(onn_plan_bind(plan, t->name[0], x));
	for (int i = 0; i < runs; i++)
		check_ok(onn_plan_run(plan));
	char *table = onn_plan_profile(plan);
	ck_assert_msg(table != NULL, "%s", onn_last_error());
	onn_plan_destroy(plan);
	onn_tensor_destroy(x);
	onn_device_destroy(timed);
	return table;
}

#endif
