/*
 * Every gradient rule on ONN_TEST_DEVICE, through the cases of src/selftest in f64 and c128: first
 * and second derivatives against central differences, signed, and adjoint identities.
 *
 * With L real and g its gradient at z = x + iy, dL = Re(conj(g) dz): for an element that moves
 * along 1 the difference is Re g, along i it is Im g.
 */
#include "testing.h"

#include "device.h"
#include "core/philox.h"
#include "selftest/cases.h"

static onn_device *device;

/*
 * Differences at h and h/2 together have an error of h^4 times a fifth derivative, here below
 * 1e-10, and rounding of 1e-16 |L| / h.
 */
static const double h = 1e-3, tolerance = 1e-7;

/* A fixed random array like a node: what a result is multiplied by to make one number of it. */
static onn_node weights(onn_graph *g, onn_node like, uint32_t stream)
{
	onn_type type = onn_node_type(g, like);
	size_t parts = onn_type_is_complex(type) ? 2 : 1, n = onn_node_count(g, like) * parts;
	double *value = malloc((n + 1) * sizeof *value);
	onn_array *a = NULL;
	onn_node w;

	ck_assert(value && onn_type_real(type) == ONN_F64);
	for (size_t i = 0; i < n; i++)
		value[i] = 2 * onn_philox_uniform(99, 0, stream, (uint32_t)i) - 1;
	check_ok(onn_array_from(&a, type, onn_node_ndim(g, like), onn_node_shape(g, like), value));
	w = onn_constant(g, a);
	onn_array_destroy(a);
	free(value);
	return w;
}

/* Re sum(conj(w) x), 0-d. */
static onn_node inner(onn_graph *g, onn_node w, onn_node x)
{
	return onn_sum(g, onn_real(g, onn_mul(g, onn_conj(g, w), x)), NULL, 0, false);
}

static onn_node weighted_sum(onn_graph *g, const onn_node *x, size_t n, uint32_t stream)
{
	onn_node total = onn_scalar(g, ONN_F64, 0);

	for (size_t i = 0; i < n; i++)
		if (onn_type_is_float(onn_node_type(g, x[i])))
			total = onn_add(
			    g, total, inner(g, weights(g, x[i], stream + (uint32_t)i), x[i]));
	return total;
}

/* A case's L = weighted sum of its outputs, its gradient, H = weighted sum of that, and H's
 * gradient. */
typedef struct derived {
	onn_case_build b;
	size_t nwrt, wrt[ONN_CASE_MAX_INPUTS]; /* inputs that are differentiated */
	/* L, H, then nwrt gradients of L, then nwrt of H */
	onn_node node[2 + 2 * ONN_CASE_MAX_INPUTS];
	onn_case_run run;
} derived;

static bool derive(derived *d, const onn_case *c, onn_type type)
{
	onn_node value[ONN_CASE_MAX_OUTPUTS], wrt[ONN_CASE_MAX_INPUTS];
	onn_graph *g;

	memset(d, 0, sizeof *d);
	check_ok(onn_case_build_for(&d->b, c, type, ONN_CASES_SMALL));
	g = d->b.g;
	for (size_t i = 0; i < d->b.noutputs; i++)
		value[i] = d->b.output[i].value;
	for (size_t i = 0; i < d->b.ninputs; i++)
		if (d->b.input[i].differentiable) {
			wrt[d->nwrt] = d->b.input[i].node;
			d->wrt[d->nwrt++] = i;
		}
	if (d->nwrt == 0)
		return false;
	d->node[0] = weighted_sum(g, value, d->b.noutputs, 1000);
	check_ok(onn_gradient(d->node + 2, g, d->node[0], ONN_NULL_NODE, wrt, d->nwrt));
	d->node[1] = weighted_sum(g, d->node + 2, d->nwrt, 2000);
	check_ok(onn_gradient(d->node + 2 + d->nwrt, g, d->node[1], ONN_NULL_NODE, wrt, d->nwrt));
	check_ok(onn_case_prepare(&d->run, device, &d->b, d->node, 2 + 2 * d->nwrt, NULL));
	return true;
}

static void clear(derived *d)
{
	onn_case_finish(&d->run);
	onn_case_clear(&d->b);
}

/* L and H with variable `input` holding data. */
static void evaluate(derived *d, size_t input, const double *data, size_t bytes, double LH[2])
{
	check_ok(onn_tensor_write(d->run.variable[input], data, bytes));
	check_ok(onn_plan_run(d->run.plan));
	for (size_t i = 0; i < 2; i++)
		check_ok(onn_tensor_read(&LH[i], onn_plan_output(d->run.plan, i), sizeof LH[i]));
}

/* Richardson's combination of the differences of L and H along one part of one element. */
static void differences(
    derived *d, size_t input, double *data, size_t bytes, size_t part, double result[2])
{
	double x = data[part], plus[2], minus[2], slope[2][2];

	for (int k = 0; k < 2; k++) {
		double step = k ? h / 2 : h;
		data[part] = x + step;
		evaluate(d, input, data, bytes, plus);
		data[part] = x - step;
		evaluate(d, input, data, bytes, minus);
		for (int i = 0; i < 2; i++)
			slope[k][i] = (plus[i] - minus[i]) / (2 * step);
	}
	data[part] = x;
	check_ok(onn_tensor_write(d->run.variable[input], data, bytes));
	for (int i = 0; i < 2; i++)
		result[i] = (4 * slope[1][i] - slope[0][i]) / 3;
}

static double *read_doubles(const onn_tensor *t, size_t *parts)
{
	size_t size = onn_type_size(onn_tensor_type(t)), bytes = onn_tensor_count(t) * size;
	double *x = malloc(bytes + 1);

	ck_assert(x && onn_type_real(onn_tensor_type(t)) == ONN_F64);
	check_ok(onn_tensor_read(x, t, bytes));
	*parts = bytes / sizeof *x;
	return x;
}

/* Compares all elements of one input; true where all agree. */
static bool check_input(derived *d, size_t k, double *worst)
{
	size_t input = d->wrt[k], parts, n;
	bool good = true;

	check_ok(onn_plan_run(d->run.plan));
	double *x = read_doubles(d->run.variable[input], &parts);
	double *first = read_doubles(onn_plan_output(d->run.plan, 2 + k), &n);
	double *second = read_doubles(onn_plan_output(d->run.plan, 2 + d->nwrt + k), &n);
	ck_assert_uint_eq(n, parts);
	for (size_t part = 0; part < parts; part++) {
		double slope[2];
		differences(d, input, x, parts * sizeof *x, part, slope);
		for (int order = 0; order < 2; order++) {
			double got = order ? second[part] : first[part];
			double error = fabs(got - slope[order]) / fmax(1, fabs(slope[order]));
			*worst = fmax(*worst, error);
			if (!(error <= tolerance)) {
				printf("%s %s, %s, part %zu: derivative %d is %.10g, difference "
				       "%.10g\n",
				    d->b.self->name, onn_type_name(d->b.type),
				    d->b.input[input].name, part, order + 1, got, slope[order]);
				good = false;
				break;
			}
		}
		if (!good)
			break;
	}
	free(x);
	free(first);
	free(second);
	return good;
}

START_TEST(gradients_of_first_and_second_order_agree_with_central_differences)
{
	static const onn_type types[] = {ONN_F64, ONN_C128};
	int cases = 0, failed = 0;
	double worst = 0;

	for (const onn_case *const *table = onn_case_tables; *table; table++)
		for (const onn_case *c = *table; c->name; c++)
			for (size_t t = 0; t < COUNT(types); t++) {
				derived d;
				bool good = true;
				if (!(c->types & 1u << types[t]) || !(c->traits & ONN_CASE_SMOOTH))
					continue;
				if (derive(&d, c, types[t])) {
					cases++;
					for (size_t k = 0; good && k < d.nwrt; k++)
						good = check_input(&d, k, &worst);
				}
				failed += !good;
				clear(&d);
			}
	printf("%d cases, worst error %g\n", cases, worst);
	ck_assert_int_gt(cases, 50);
	ck_assert_int_eq(failed, 0);
}
END_TEST

/* ---- adjoints ---- */

/* Re<A x, y> = Re<x, A'y> for a linear A with all its inputs x and outputs together, and y
 * random. */
static double adjoint_error(const onn_case *c, onn_type type)
{
	onn_case_build b;
	onn_case_run run;
	onn_node wrt[ONN_CASE_MAX_INPUTS], grad[ONN_CASE_MAX_INPUTS], node[2], sides;
	onn_node value[ONN_CASE_MAX_OUTPUTS];
	size_t n = 0;
	double left, right;

	check_ok(onn_case_build_for(&b, c, type, ONN_CASES_SMALL));
	for (size_t i = 0; i < b.ninputs; i++)
		if (b.input[i].differentiable)
			wrt[n++] = b.input[i].node;
	for (size_t i = 0; i < b.noutputs; i++)
		value[i] = b.output[i].value;
	sides = onn_scalar(b.g, ONN_F64, 0);
	node[0] = weighted_sum(b.g, value, b.noutputs, 3000);
	check_ok(onn_gradient(grad, b.g, node[0], ONN_NULL_NODE, wrt, n));
	for (size_t i = 0; i < n; i++)
		sides = onn_add(b.g, sides, inner(b.g, wrt[i], grad[i]));
	node[1] = sides;
	check_ok(onn_case_prepare(&run, device, &b, node, 2, NULL));
	check_ok(onn_plan_run(run.plan));
	check_ok(onn_tensor_read(&left, onn_plan_output(run.plan, 0), sizeof left));
	check_ok(onn_tensor_read(&right, onn_plan_output(run.plan, 1), sizeof right));
	onn_case_finish(&run);
	onn_case_clear(&b);
	return fabs(left - right) / fmax(1, fabs(left));
}

START_TEST(gradients_of_linear_operations_are_their_adjoints)
{
	static const onn_type types[] = {ONN_F64, ONN_C128};
	int cases = 0;

	for (const onn_case *const *table = onn_case_tables; *table; table++)
		for (const onn_case *c = *table; c->name; c++)
			for (size_t t = 0; t < COUNT(types); t++) {
				if (!(c->types & 1u << types[t]) || !(c->traits & ONN_CASE_LINEAR))
					continue;
				double error = adjoint_error(c, types[t]);
				cases++;
				ck_assert_msg(error <= 1e-12, "%s %s: the two sides differ by %g",
				    c->name, onn_type_name(types[t]), error);
			}
	ck_assert_int_gt(cases, 20);
}
END_TEST

/* ---- what differences can't tell ---- */

/* Runs node with x of f64 [3] bound and reads its n numbers. */
static void run_at(onn_graph *g, onn_node node, const double *x, size_t n, double *result)
{
	onn_plan *plan;
	onn_tensor *t;

	check_ok(onn_plan_create(&plan, device, g, &node, 1, NULL));
	check_ok(onn_tensor_create(&t, device, ONN_F64, 1, &(size_t){3}));
	check_ok(onn_tensor_write(t, x, 3 * sizeof *x));
	check_ok(onn_plan_bind(plan, "x", t));
	check_ok(onn_plan_run(plan));
	check_ok(onn_tensor_read(result, onn_plan_output(plan, 0), n * sizeof *result));
	onn_tensor_destroy(t);
	onn_plan_destroy(plan);
}

/* The derivative of f's sum at x. */
static void derivative(onn_node (*f)(onn_graph *, onn_node), const double x[3], double result[3])
{
	onn_graph *g;
	onn_node in, out, grad;

	check_ok(onn_graph_create(&g));
	in = onn_variable(g, "x", ONN_F64, 1, &(size_t){3});
	out = onn_sum(g, f(g, in), NULL, 0, false);
	check_ok(onn_gradient(&grad, g, out, ONN_NULL_NODE, &in, 1));
	run_at(g, grad, x, 3, result);
	onn_graph_destroy(g);
}

static onn_node stop_half(onn_graph *g, onn_node x) { return onn_mul(g, x, onn_stop(g, x)); }
static onn_node quantise(onn_graph *g, onn_node x)
{
	return onn_straight_through(g, onn_round(g, x), onn_mul_real(g, x, 2));
}
/* half a unit more than flows in, and the sign of x */
static onn_node half_more(onn_graph *g, onn_node x, onn_node dy, const void *data)
{
	return onn_add(g, onn_sign(g, x), onn_add_real(g, dy, *(const double *)data));
}
static onn_node ruled(onn_graph *g, onn_node x)
{
	double half = .5;
	onn_node y = onn_ruled(g, onn_round(g, x), x, half_more, &half, sizeof half);
	half = 0;
	return onn_mul_real(g, y, 2);
}
static onn_node stepwise(onn_graph *g, onn_node x)
{
	return onn_add(
	    g, onn_add(g, onn_floor(g, x), onn_sign(g, x)), onn_less(g, x, onn_neg(g, x)));
}
static onn_node abs_of(onn_graph *g, onn_node x) { return onn_abs(g, x); }
static onn_node max_with_one(onn_graph *g, onn_node x)
{
	return onn_max(g, x, onn_scalar(g, ONN_F64, 1));
}
static onn_node largest(onn_graph *g, onn_node x) { return onn_reduce_max(g, x, NULL, 0, false); }
static onn_node relu_of(onn_graph *g, onn_node x) { return onn_relu(g, x); }

START_TEST(derivatives_that_are_defined_otherwise_are_as_the_header_says)
{
	static const struct {
		const char *name;
		onn_node (*f)(onn_graph *, onn_node);
		double x[3], expected[3];
	} row[] = {
	    {"x stop(x)", stop_half, {2, -3, 0}, {2, -3, 0}},
	    {"straight_through(round(x), 2 x)", quantise, {0.2, -3, 7.5}, {2, 2, 2}},
	    {"2 ruled(round(x))", ruled, {0.2, -3, 7.5}, {3.5, 1.5, 3.5}},
	    {"steps", stepwise, {0.2, -3, 0}, {0, 0, 0}},
	    {"abs", abs_of, {-2, 0, 3}, {-1, 0, 1}},
	    {"max(x, 1)", max_with_one, {0, 1, 2}, {0, 0.5, 1}},
	    {"reduce_max of ties", largest, {4, 4, 1}, {0.5, 0.5, 0}},
	    {"relu", relu_of, {-1, 0, 2}, {0, 0, 1}},
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		double got[3];
		derivative(row[i].f, row[i].x, got);
		for (int k = 0; k < 3; k++)
			ck_assert_msg(got[k] == row[i].expected[k], "%s at %g: %g, not %g",
			    row[i].name, row[i].x[k], got[k], row[i].expected[k]);
	}
}
END_TEST

START_TEST(an_operation_without_a_derivative_is_an_error_with_its_name)
{
	static const onn_operation plain = {.name = "plain", .arity = 1};
	onn_graph *g;
	onn_node x, grad;

	check_ok(onn_graph_create(&g));
	x = onn_variable(g, "x", ONN_F64, 0, NULL);
	onn_custom(g, &plain, &x);
	ck_assert_int_eq(onn_graph_status(g), ONN_ERROR_ARGUMENT);
	onn_graph_destroy(g);

	check_ok(onn_graph_create(&g));
	x = onn_variable(g, "x", ONN_F64, 0, NULL);
	check_error(onn_gradient(&grad, g, onn_assign(g, x, onn_sin(g, x)), ONN_NULL_NODE, &x, 1),
	    ONN_ERROR_UNSUPPORTED, "assign");
	onn_graph_destroy(g);
}
END_TEST

TESTS_IN_F64("gradients", gradients_of_first_and_second_order_agree_with_central_differences,
    gradients_of_linear_operations_are_their_adjoints,
    derivatives_that_are_defined_otherwise_are_as_the_header_says,
    an_operation_without_a_derivative_is_an_error_with_its_name)
