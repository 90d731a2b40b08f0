/*
 * What tests of builders share: numbers of a node, errors that stick to the graph, and gradients of
 * a real number against central differences, in double.
 */
#ifndef ONN_TESTS_OPTICS_DERIVATIVE_H
#define ONN_TESTS_OPTICS_DERIVATIVE_H

#include "device.h"
#include "network.h"

static inline onn_graph *new_graph(void)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	return g;
}

/* A node's numbers, to be freed; complex ones as pairs. */
static inline double *numbers_of(onn_device *device, onn_graph *g, onn_node x)
{
	ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
	size_t n = onn_node_count(g, x) * (onn_type_is_complex(onn_node_type(g, x)) ? 2 : 1);
	double *value = calloc(n + 1, sizeof *value);
	compute(device, g, &x, 1, &value);
	return value;
}

/* The call leaves an argument's error in the graph whose text holds that part. */
#define check_refused(g, part, call)                                                               \
	do {                                                                                       \
		call;                                                                              \
		ck_assert_msg(                                                                     \
		    onn_graph_status(g) == ONN_ERROR_ARGUMENT && strstr(onn_graph_error(g), part), \
		    "%s: no \"%s\" in: %s", #call, part, onn_graph_error(g));                      \
	} while (0)

/* The same in a graph g of its own, after some declarations, of which a call need not use any. */
#define check_refused_in_new_graph(part, call, ...)                                                \
	do {                                                                                       \
		onn_graph *g = new_graph();                                                        \
		__VA_ARGS__;                                                                       \
		check_refused(g, part, call);                                                      \
		onn_graph_destroy(g);                                                              \
	} while (0)

/* Builds some real node from an input. */
typedef onn_node (*derivative_builder)(onn_graph *g, onn_node x, const void *argument);

/* sum(cos(i + 1) y[i]) over all elements: no symmetry hides an error of sign. */
static inline onn_node weighed(onn_graph *g, onn_node y)
{
	size_t count = onn_node_count(g, y);
	onn_node w = onn_cos(g, onn_add_real(g, onn_iota(g, ONN_F64, count), 1));
	return onn_sum(g, onn_mul(g, onn_reshape(g, y, 1, &count), w), NULL, 0, false);
}

static inline double loss_at(onn_device *device, derivative_builder build, const void *argument,
    onn_type type, size_t ndim, const size_t *shape, const double *x)
{
	onn_graph *g;
	double loss;
	check_ok(onn_graph_create(&g));
	onn_node y = weighed(g, build(g, constant_of(g, type, ndim, shape, x), argument));
	ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
	compute(device, g, &y, 1, (double *[]){&loss});
	onn_graph_destroy(g);
	return loss;
}

/* Each element of the gradient with respect to x (f64; c128: pairs) against (L(x+h) - L(x-h))/(2h),
 * to a tolerance relative to the largest element. */
static inline void check_derivative(onn_device *device, derivative_builder build,
    const void *argument, onn_type type, size_t ndim, const size_t *shape, const double *x,
    double h, double tolerance)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, type, ndim, shape, x), grad;
	onn_node y = weighed(g, build(g, in, argument));
	ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
	check_ok(onn_gradient(&grad, g, y, ONN_NULL_NODE, &in, 1));
	size_t n = onn_node_count(g, in) * (onn_type_is_complex(type) ? 2 : 1);
	double *value = calloc(n, sizeof *value), *moved = calloc(n, sizeof *moved), largest = 0;
	compute(device, g, &grad, 1, &value);
	onn_graph_destroy(g);
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(value[i]));
	ck_assert(largest > 0);
	for (size_t i = 0; i < n; i++) {
		memcpy(moved, x, n * sizeof *x);
		moved[i] = x[i] + h;
		double up = loss_at(device, build, argument, type, ndim, shape, moved);
		moved[i] = x[i] - h;
		double down = loss_at(device, build, argument, type, ndim, shape, moved);
		double want = (up - down) / (2 * h);
		ck_assert_msg(fabs(value[i] - want) <= tolerance * largest,
		    "element %zu: gradient %.12g, differences %.12g, largest %g", i, value[i], want,
		    largest);
	}
	free(value);
	free(moved);
}

#endif
