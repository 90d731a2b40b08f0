/* What the examples share. */
#ifndef ONN_EXAMPLE_H
#define ONN_EXAMPLE_H

#include <onn/onn.h>

#include <stdio.h>
#include <stdlib.h>

/* A program for people: the library's text, and the end. */
static inline void must(onn_status status)
{
	if (status != ONN_OK) {
		fprintf(stderr, "%s\n", onn_last_error());
		exit(1);
	}
}

/* A tensor on the device from numbers of the host. */
static inline onn_tensor *tensor_from(
    onn_device *device, onn_type type, size_t ndim, const size_t *shape, const void *data)
{
	onn_array *a = NULL;
	onn_tensor *t = NULL;
	must(onn_array_from(&a, type, ndim, shape, data));
	must(onn_tensor_from_array(&t, device, a));
	onn_array_destroy(a);
	return t;
}

/* Output i of the plan's latest run. */
static inline void output(const onn_plan *plan, size_t i, void *data, size_t bytes)
{
	must(onn_tensor_read(data, onn_plan_output(plan, i), bytes));
}

/* A node of a graph without variables, computed once on device c. */
static inline void evaluate(const onn_graph *g, onn_node y, void *data, size_t bytes)
{
	onn_device *device = NULL;
	onn_plan *plan = NULL;
	must(onn_device_create(&device, "c", NULL));
	must(onn_plan_create(&plan, device, g, &y, 1, NULL));
	must(onn_plan_run(plan));
	output(plan, 0, data, bytes);
	onn_plan_destroy(plan);
	onn_device_destroy(device);
}

#endif
