/*
 * Graphs run on a test's device with plain numbers in and out, in double; for tests of layers and
 * training.
 */
#ifndef ONN_TESTS_NETWORK_H
#define ONN_TESTS_NETWORK_H

#include <onn/graph.h>
#include <onn/plan.h>

#include "testing.h"

/* An array of real numbers in a type; complex types take pairs. */
static inline onn_array *array_of(
    onn_type type, size_t ndim, const size_t *shape, const double *value)
{
	onn_array *a;
	check_ok(onn_array_create(&a, type, ndim, shape));
	size_t n = onn_array_count(a) * (onn_type_is_complex(type) ? 2 : 1);
	for (size_t i = 0; i < n; i++) {
		if (type == ONN_F32 || type == ONN_C64)
			((float *)onn_array_data(a))[i] = (float)value[i];
		else if (type == ONN_F64 || type == ONN_C128)
			((double *)onn_array_data(a))[i] = value[i];
		else if (type == ONN_I32)
			((int32_t *)onn_array_data(a))[i] = (int32_t)value[i];
		else
			ck_abort_msg("array_of: type %s", onn_type_name(type));
	}
	return a;
}

static inline onn_node constant_of(
    onn_graph *g, onn_type type, size_t ndim, const size_t *shape, const double *value)
{
	onn_array *a = array_of(type, ndim, shape, value);
	onn_node x = onn_constant(g, a);
	onn_array_destroy(a);
	return x;
}

/* A tensor's elements as doubles; complex ones as pairs. */
static inline void read_numbers(const onn_tensor *t, double *value)
{
	onn_array *a;
	check_ok(onn_tensor_to_array(&a, t));
	onn_type type = onn_array_type(a);
	size_t n = onn_array_count(a) * (onn_type_is_complex(type) ? 2 : 1);
	for (size_t i = 0; i < n; i++) {
		const void *data = onn_array_const_data(a);
		value[i] = type == ONN_F32 || type == ONN_C64    ? ((const float *)data)[i]
		           : type == ONN_F64 || type == ONN_C128 ? ((const double *)data)[i]
		           : type == ONN_I32                     ? ((const int32_t *)data)[i]
		                                                 : NAN;
	}
	onn_array_destroy(a);
}

/* Computes nodes without variables, one list of numbers each. */
static inline void compute(onn_device *device, const onn_graph *g, const onn_node *node,
    size_t count, double *const value[])
{
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, node, count, NULL));
	check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < count; i++)
		read_numbers(onn_plan_output(plan, i), value[i]);
	onn_plan_destroy(plan);
}

/* stem-DEVICE: a file or folder of this test's own, where the same test runs on other devices
 * beside it. */
static inline char *own_name(char *text, size_t room, const char *stem)
{
	const char *device = getenv("ONN_TEST_DEVICE");
	snprintf(text, room, "%s-%s", stem, device ? device : "c");
	for (char *c = text; *c; c++)
		if (*c == ':' || *c == '/')
			*c = '-';
	return text;
}

#endif
