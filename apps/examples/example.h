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
	must(onn_tensor_read(onn_plan_output(plan, i), data, bytes));
}

#endif
