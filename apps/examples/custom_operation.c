/*
 * custom_operation [DEVICE]: adds an operation that the library does not have, softplus(x) = log(1
 * + exp(x)), with a body in C for each precision, one in OpenCL C, and a rule for its derivative.
 *
 * The rule builds graph: it uses operations that have rules themselves, so derivatives of every
 * order follow.
 */
#include "example.h"

#include <math.h>

/* max(x, 0) + log1p(exp(-|x|)): exp(x) itself would overflow. */
static void softplus_f32(float *y, const float *const x[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = fmaxf(x[0][i], 0) + log1pf(expf(-fabsf(x[0][i])));
}

static void softplus_f64(double *y, const double *const x[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = fmax(x[0][i], 0) + log1p(exp(-fabs(x[0][i])));
}

/* d softplus / dx = 1 / (1 + exp(-x)) */
static void softplus_gradient(
    onn_node grad[], onn_graph *g, const onn_node x[], onn_node y, onn_node dy)
{
	(void)y;
	grad[0] = onn_mul(g, dy, onn_sigmoid(g, x[0]));
}

static const onn_operation softplus = {
    .name = "softplus",
    .arity = 1,
    .f32 = softplus_f32,
    .f64 = softplus_f64,
    .opencl = "return fmax(a, R(0.0)) + log1p(exp(-fabs(a)));",
    .gradient = softplus_gradient,
};

int main(int argc, char **argv)
{
	static const float x[] = {-100, -2, -0.5F, 0, 0.5F, 2, 100};
	enum { COUNT = sizeof x / sizeof *x, ORDERS = 3 };
	float y[ORDERS][COUNT];
	size_t shape[] = {COUNT};
	onn_device *device = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	int wrong = 0;

	must(onn_device_create(&device, argc > 1 ? argv[1] : "c", NULL));
	must(onn_graph_create(&g));
	onn_node in = onn_variable(g, "x", ONN_F32, 1, shape);
	onn_node one = onn_full(g, ONN_F32, 1, shape, 1);
	onn_node order[ORDERS] = {onn_custom(g, &softplus, &in)};
	for (int n = 1; n < ORDERS; n++)
		must(onn_gradient(&order[n], g, order[n - 1], one, &in, 1));

	onn_tensor *points = tensor_from(device, ONN_F32, 1, shape, x);
	must(onn_plan_create(&plan, device, g, order, ORDERS, NULL));
	must(onn_plan_bind(plan, "x", points));
	must(onn_plan_run(plan));
	for (int n = 0; n < ORDERS; n++)
		output(plan, n, y[n], sizeof y[n]);

	printf("softplus on %s\n%8s  %12s  %12s  %12s\n", onn_device_name(device), "x", "value",
	    "derivative", "second");
	for (int i = 0; i < COUNT; i++) {
		double p = 1 / (1 + exp(-(double)x[i]));
		double expected[ORDERS] = {
		    fmax(x[i], 0) + log1p(exp(-fabs((double)x[i]))), p, p * (1 - p)};
		printf("%8g  %12.6g  %12.6g  %12.6g\n", (double)x[i], (double)y[0][i],
		    (double)y[1][i], (double)y[2][i]);
		for (int n = 0; n < ORDERS; n++)
			wrong += !(
			    fabs((double)y[n][i] - expected[n]) <= 1e-6 * (1 + fabs(expected[n])));
	}
	onn_plan_destroy(plan);
	onn_tensor_destroy(points);
	onn_graph_destroy(g);
	onn_device_destroy(device);
	return wrong != 0;
}
