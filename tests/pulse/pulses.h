/*
 * What tests of pulses share: shapes of light, and derivatives against differences.
 */
#ifndef ONN_TESTS_PULSE_PULSES_H
#define ONN_TESTS_PULSE_PULSES_H

#include <onn/pulse.h>

#include "device.h"
#include "network.h"

/* Fluences of a sech^2 pulse over some slots, `fluence` in all, with its peak a little before the
 * middle. */
static inline void sech2_pulse(double *f, size_t slots, double fluence)
{
	double sum = 0;
	for (size_t m = 0; m < slots; m++) {
		double t = ((double)m + .5 - .45 * (double)slots) / (.12 * (double)slots);
		f[m] = 1 / (cosh(t) * cosh(t));
		sum += f[m];
	}
	for (size_t m = 0; m < slots; m++)
		f[m] *= fluence / sum;
}

/* G(u, v) = ln[1 + e^-v (e^u - 1)] in long double. */
static inline double frantz_nodvik(double u, double v)
{
	return (double)log1pl(expl(-(long double)v) * expm1l(u));
}

/* Variables of a graph, and what they hold. */
enum { PULSE_VARIABLES = 12 };
typedef struct variables {
	size_t count;
	onn_node node[PULSE_VARIABLES];
	onn_array *data[PULSE_VARIABLES];
	char name[PULSE_VARIABLES][8];
} variables;

static inline onn_node add_variable(variables *v, onn_graph *g, onn_type type, size_t ndim,
    const size_t *shape, const double *value)
{
	size_t i = v->count++;
	ck_assert(i < PULSE_VARIABLES);
	snprintf(v->name[i], sizeof v->name[i], "v%zu", i);
	v->data[i] = array_of(type, ndim, shape, value);
	return v->node[i] = onn_variable(g, v->name[i], type, ndim, shape);
}

static inline void clear_variables(variables *v)
{
	for (size_t i = 0; i < v->count; i++)
		onn_array_destroy(v->data[i]);
	v->count = 0;
}

/* Re sum(conj(w) x) with fixed numbers w, so that every element counts differently. */
static inline onn_node counted(onn_graph *g, onn_node x)
{
	onn_type type = onn_node_type(g, x);
	size_t parts = onn_type_is_complex(type) ? 2 : 1, n = parts * onn_node_count(g, x);
	double *w = malloc((n + 1) * sizeof *w);
	ck_assert(w);
	for (size_t i = 0; i < n; i++)
		w[i] = cos(1.7 * (double)i + .3);
	onn_node k = constant_of(g, type, onn_node_ndim(g, x), onn_node_shape(g, x), w);
	free(w);
	onn_node y = onn_mul(g, onn_conj(g, k), x);
	return onn_sum(g, parts == 2 ? onn_real(g, y) : y, NULL, 0, false);
}

/*
 * The gradient of a real 0-d y by every element of every variable, in f64, against central
 * differences at two steps, combined: errors of h^4. Steps are relative to `step` of each variable.
 */
static inline void check_gradient(
    onn_device *device, onn_graph *g, variables *v, onn_node y, double tolerance)
{
	onn_node node[1 + PULSE_VARIABLES] = {y};
	onn_tensor *tensor[PULSE_VARIABLES];
	onn_plan *plan;
	check_ok(onn_gradient(node + 1, g, y, ONN_NULL_NODE, v->node, v->count));
	check_ok(onn_plan_create(&plan, device, g, node, 1 + v->count, NULL));
	for (size_t i = 0; i < v->count; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], device, v->data[i]));
		check_ok(onn_plan_bind(plan, v->name[i], tensor[i]));
	}
	check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < v->count; i++) {
		size_t n = onn_array_count(v->data[i]) *
		           (onn_type_is_complex(onn_array_type(v->data[i])) ? 2 : 1);
		double *x = onn_array_data(v->data[i]), *got = malloc((n + 1) * sizeof *got);
		check_ok(onn_plan_run(plan));
		read_numbers(onn_plan_output(plan, 1 + i), got);
		for (size_t k = 0; k < n; k++) {
			double at = x[k], slope[2], value[2];
			for (int half = 0; half < 2; half++) {
				double h = 1e-3 * fmax(fabs(at), .05) / (1 + half);
				for (int side = 0; side < 2; side++) {
					x[k] = at + (side ? -h : h);
					check_ok(onn_tensor_write(tensor[i], x, n * sizeof *x));
					check_ok(onn_plan_run(plan));
					read_numbers(onn_plan_output(plan, 0), &value[side]);
				}
				slope[half] = (value[0] - value[1]) / (2 * h);
			}
			x[k] = at;
			double want = (4 * slope[1] - slope[0]) / 3;
			ck_assert_msg(fabs(got[k] - want) <= tolerance * fmax(1, fabs(want)),
			    "variable %zu, number %zu: derivative %.12g, difference %.12g", i, k,
			    got[k], want);
		}
		check_ok(onn_tensor_write(tensor[i], x, n * sizeof *x));
		free(got);
	}
	for (size_t i = 0; i < v->count; i++)
		onn_tensor_destroy(tensor[i]);
	onn_plan_destroy(plan);
}

#endif
