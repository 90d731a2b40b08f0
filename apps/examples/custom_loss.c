/*
 * custom_loss: measures an absorber. The optical depth and the saturation of a thin saturable
 * absorber are found from 64 measured points, four of which are badly wrong, by minimising a loss
 * of our own: the pseudo-Huber loss, which is quadratic for small residuals r and linear for large
 * ones,
 *
 *     delta^2 (sqrt(1 + (r/delta)^2) - 1).
 *
 * A loss is nothing but nodes of the graph, so its gradient comes by itself.
 */
#include "example.h"

#include <math.h>
#include <string.h>

enum { POINTS = 64, STEPS = 3000 };

static const double true_depth = 6, true_saturation = 1.5;

/* Amplitude behind the absorber: x exp(-(depth/2) / (1 + x^2/saturation)). */
static onn_node response(onn_graph *g, onn_node x, onn_node depth, onn_node saturation)
{
	onn_node s = onn_div(g, onn_square(g, x), saturation);
	onn_node exponent = onn_div(g, onn_mul_real(g, depth, -0.5), onn_add_real(g, s, 1));
	return onn_mul(g, x, onn_exp(g, exponent));
}

static onn_node pseudo_huber(onn_graph *g, onn_node residual, double delta)
{
	onn_node r = onn_mul_real(g, residual, 1 / delta);
	onn_node root = onn_sqrt(g, onn_add_real(g, onn_square(g, r), 1));
	return onn_mul_real(
	    g, onn_mean(g, onn_add_real(g, root, -1), NULL, 0, false), delta * delta);
}

static void measure(double *x, double *y)
{
	for (int i = 0; i < POINTS; i++) {
		x[i] = 4.0 * (i + 1) / POINTS;
		y[i] = x[i] * exp(-true_depth / 2 / (1 + x[i] * x[i] / true_saturation));
		if (i % 16 == 7)
			y[i] += 1.5; /* dust on the camera */
	}
}

/* Minimises the loss over depth and saturation, from 1 and 1; found receives both. */
static void fit(onn_device *device, const double *x, const double *y, bool robust, double found[2])
{
	static const char *const name[] = {"depth", "saturation"};
	onn_optimizer adam = ONN_OPTIMIZER_INIT;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	size_t shape[] = {POINTS}, nstate = 0;

	must(onn_graph_create(&g));
	onn_node in = onn_variable(g, "x", ONN_F64, 1, shape);
	onn_node seen = onn_variable(g, "y", ONN_F64, 1, shape);
	onn_node parameter[2] = {
	    onn_variable(g, name[0], ONN_F64, 0, NULL), onn_variable(g, name[1], ONN_F64, 0, NULL)};
	onn_node residual = onn_sub(g, response(g, in, parameter[0], parameter[1]), seen);
	onn_node loss = robust ? pseudo_huber(g, residual, 0.02)
	                       : onn_mean(g, onn_square(g, residual), NULL, 0, false);
	onn_node gradient[2], updated[2], outputs[2 + 5];
	must(onn_gradient(gradient, g, loss, ONN_NULL_NODE, parameter, 2));
	must(onn_optimizer_build(g, &adam, onn_scalar(g, ONN_F64, 0.02), 2, name, parameter,
	    gradient, updated, outputs + 2, &nstate));
	for (int i = 0; i < 2; i++)
		outputs[i] = onn_assign(g, parameter[i], updated[i]);
	must(onn_plan_create(&plan, device, g, outputs, 2 + nstate, NULL));

	/* Variables start at 0 but for the data and the two parameters. */
	static const double start = 1;
	onn_tensor *t[9] = {tensor_from(device, ONN_F64, 1, shape, x),
	    tensor_from(device, ONN_F64, 1, shape, y),
	    tensor_from(device, ONN_F64, 0, NULL, &start),
	    tensor_from(device, ONN_F64, 0, NULL, &start)};
	static const char *const bound[9] = {"x", "y", "depth", "saturation", "adam.m.depth",
	    "adam.m.saturation", "adam.v.depth", "adam.v.saturation", "adam.step"};
	for (int i = 0; i < 9; i++) {
		if (!t[i])
			must(onn_tensor_create(&t[i], device,
			    strcmp(bound[i], "adam.step") ? ONN_F64 : ONN_I32, 0, NULL));
		must(onn_plan_bind(plan, bound[i], t[i]));
	}
	for (int i = 0; i < STEPS; i++)
		must(onn_plan_run(plan));
	must(onn_tensor_read(&found[0], t[2], sizeof found[0]));
	must(onn_tensor_read(&found[1], t[3], sizeof found[1]));

	onn_plan_destroy(plan);
	for (int i = 0; i < 9; i++)
		onn_tensor_destroy(t[i]);
	onn_graph_destroy(g);
}

int main(void)
{
	double x[POINTS], y[POINTS], squares[2], robust[2];
	onn_device *device = NULL;

	measure(x, y);
	must(onn_device_create(&device, "c", NULL));
	fit(device, x, y, false, squares);
	fit(device, x, y, true, robust);
	onn_device_destroy(device);

	printf("                    depth  saturation\n");
	printf("true              %7.3f  %10.3f\n", true_depth, true_saturation);
	printf("squared residual  %7.3f  %10.3f\n", squares[0], squares[1]);
	printf("pseudo-Huber      %7.3f  %10.3f\n", robust[0], robust[1]);
	return !(fabs(robust[0] / true_depth - 1) < 0.02 &&
	         fabs(robust[1] / true_saturation - 1) < 0.02);
}
