/*
 * custom_layer: a layer that the library does not have, with weights of its own: a saturable
 * absorber of which each neuron learns the saturation,
 *
 *     x exp(-(depth/2) / (1 + x^2 e^-w)).
 *
 * A layer is a function that builds nodes of the graph; its weights are variables like any others,
 * so derivatives and updates come by themselves. Here two linear layers with it between them learn
 * which points of a square lie in a ring; the derivative by one w is compared with a difference.
 */
#include "example.h"

#include <math.h>

enum { SIDE = 16, POINTS = SIDE * SIDE, HIDDEN = 16, STEPS = 3000 };
enum { WEIGHTS = 3, STATES = 2 * WEIGHTS + 1 };

static const double depth = 4;
static const char *const name[WEIGHTS] = {"w1", "saturation", "w2"};
static const size_t shape[WEIGHTS][2] = {{3, HIDDEN}, {1, HIDDEN}, {HIDDEN, 1}};

static onn_node learning_absorber(onn_graph *g, onn_node x, onn_node w)
{
	onn_node s = onn_mul(g, onn_square(g, x), onn_exp(g, onn_neg(g, w)));
	onn_node alpha = onn_mul_real(g, onn_recip(g, onn_add_real(g, s, 1)), -depth / 2);
	return onn_mul(g, x, onn_exp(g, alpha));
}

/* Points [x, y, 1] of a square, and 1 for those in the ring. */
static void make_points(double in[POINTS][3], double wanted[POINTS])
{
	for (int i = 0; i < POINTS; i++) {
		in[i][0] = 3.0 * (i % SIDE) / (SIDE - 1) - 1.5;
		in[i][1] = 3.0 * (int)(i / SIDE) / (SIDE - 1) - 1.5;
		in[i][2] = 1;
		double r = hypot(in[i][0], in[i][1]);
		wanted[i] = r > 0.5 && r < 1.1;
	}
}

typedef struct training {
	onn_plan *step,
	    *look; /* an update; the output, the loss, its derivative by the saturations */
	onn_tensor *weight[WEIGHTS], *state[STATES];
} training;

/* What a plan has as variables: the points, the weights and, of a step, Adam's memory. */
static void bind(onn_plan *plan, onn_tensor *const data[2], const training *t)
{
	must(onn_plan_bind(plan, "x", data[0]));
	must(onn_plan_bind(plan, "wanted", data[1]));
	for (int i = 0; i < WEIGHTS; i++)
		must(onn_plan_bind(plan, name[i], t->weight[i]));
	for (int i = 0; plan == t->step && i < STATES; i++) {
		char of[32] = "adam.step";
		if (i < 2 * WEIGHTS)
			snprintf(of, sizeof of, "adam.%c.%s", i % 2 ? 'v' : 'm', name[i / 2]);
		must(onn_plan_bind(plan, of, t->state[i]));
	}
}

static void build(training *t, onn_device *device, onn_tensor *const data[2])
{
	onn_optimizer adam = ONN_OPTIMIZER_INIT;
	onn_graph *g = NULL;
	onn_node weight[WEIGHTS], gradient[WEIGHTS], updated[WEIGHTS], out[3 * WEIGHTS + 1];
	size_t in_shape[] = {POINTS, 3}, out_shape[] = {POINTS, 1}, states = 0;

	must(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F64, 2, in_shape);
	onn_node wanted = onn_variable(g, "wanted", ONN_F64, 2, out_shape);
	for (int i = 0; i < WEIGHTS; i++)
		weight[i] = onn_variable(g, name[i], ONN_F64, 2, shape[i]);
	onn_node hidden = learning_absorber(g, onn_matmul(g, x, weight[0]), weight[1]);
	onn_node y = onn_matmul(g, hidden, weight[2]);
	onn_node loss = onn_mean(g, onn_square(g, onn_sub(g, y, wanted)), NULL, 0, false);
	must(onn_gradient(gradient, g, loss, ONN_NULL_NODE, weight, WEIGHTS));
	must(onn_optimizer_build(g, &adam, onn_scalar(g, ONN_F64, 0.03), WEIGHTS, name, weight,
	    gradient, updated, out + WEIGHTS, &states));
	for (int i = 0; i < WEIGHTS; i++)
		out[i] = onn_assign(g, weight[i], updated[i]);
	must(onn_plan_create(&t->step, device, g, out, WEIGHTS + states, NULL));
	must(onn_plan_create(&t->look, device, g, (onn_node[]){y, loss, gradient[1]}, 3, NULL));
	onn_graph_destroy(g);
	bind(t->step, data, t);
	bind(t->look, data, t);
}

static double loss_of(const training *t)
{
	double loss = 0;
	must(onn_plan_run(t->look));
	output(t->look, 1, &loss, sizeof loss);
	return loss;
}

/* How far the derivative by the first saturation is off a central difference, of its size. */
static double derivative_error(const training *t)
{
	static const double h = 1e-5;
	double w[HIDDEN], slope[HIDDEN], loss[2];

	loss_of(t);
	output(t->look, 2, slope, sizeof slope);
	must(onn_tensor_read(w, t->weight[1], sizeof w));
	for (int i = 0; i < 2; i++) {
		w[0] += i ? -2 * h : h;
		must(onn_tensor_write(t->weight[1], w, sizeof w));
		loss[i] = loss_of(t);
	}
	w[0] += h;
	must(onn_tensor_write(t->weight[1], w, sizeof w));
	return fabs((loss[0] - loss[1]) / (2 * h) - slope[0]) / fabs(slope[0]);
}

/* Weights to begin with: any will do that differ. */
static onn_tensor *draw(onn_device *device, const size_t *of, double scale)
{
	double w[3 * HIDDEN];

	for (int i = 0; i < 3 * HIDDEN; i++)
		w[i] = scale * sin(1 + 5.0 * i * i);
	return tensor_from(device, ONN_F64, 2, of, w);
}

int main(void)
{
	static double in[POINTS][3], wanted[POINTS], y[POINTS];
	static const double scale[WEIGHTS] = {3, 1, 0.05};
	size_t in_shape[] = {POINTS, 3}, out_shape[] = {POINTS, 1};
	onn_device *device = NULL;
	training t = {0};
	int right = 0;

	make_points(in, wanted);
	must(onn_device_create(&device, "c", NULL));
	onn_tensor *data[2] = {tensor_from(device, ONN_F64, 2, in_shape, in),
	    tensor_from(device, ONN_F64, 2, out_shape, wanted)};
	for (int i = 0; i < WEIGHTS; i++)
		t.weight[i] = draw(device, shape[i], scale[i]);
	for (int i = 0; i < STATES; i++) /* which begin at 0 */
		must(onn_tensor_create(&t.state[i], device, i < 2 * WEIGHTS ? ONN_F64 : ONN_I32,
		    i < 2 * WEIGHTS ? 2 : 0, shape[i / 2 % WEIGHTS]));
	build(&t, device, data);

	double error = derivative_error(&t);
	printf("derivative by a saturation: off by %.1e of itself\nloss %.4f", error, loss_of(&t));
	for (int i = 0; i < STEPS; i++)
		must(onn_plan_run(t.step));
	printf(", after %d steps %.4f", STEPS, loss_of(&t));
	output(t.look, 0, y, sizeof y);
	for (int i = 0; i < POINTS; i++)
		right += (y[i] > 0.5) == (wanted[i] > 0.5);
	printf("; %d of %d points are right\n", right, POINTS);

	onn_plan_destroy(t.step);
	onn_plan_destroy(t.look);
	for (int i = 0; i < WEIGHTS; i++)
		onn_tensor_destroy(t.weight[i]);
	for (int i = 0; i < STATES; i++)
		onn_tensor_destroy(t.state[i]);
	onn_tensor_destroy(data[0]);
	onn_tensor_destroy(data[1]);
	onn_device_destroy(device);
	return !(error <= 1e-6 && right >= 0.95 * POINTS);
}
