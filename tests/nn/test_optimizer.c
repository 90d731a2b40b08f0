/*
 * Optimisers step by step against the textbook's formulas in double.
 */
#include <onn/optimizer.h>

#include "device.h"
#include "network.h"

enum { STEPS = 6 };

static onn_device *device;
static onn_type real = ONN_F64;
static double fine;

static const double start[3] = {1, -2, .5};

/* The gradient that the optimiser sees at w: something that changes from step to step. */
static double slope(double w) { return 3 * w * w - 1; }

/* w after STEPS steps on the device. */
static void descend(const onn_optimizer *o, double rate, double w[3])
{
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *tensor[8] = {NULL};
	size_t n = 3, nstate, tensors = 2;
	const char *name = "w";
	onn_node out[4], updated;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, name, real, 1, &n);
	onn_node lr = onn_variable(g, "lr", real, 0, NULL);
	onn_node grad = onn_add_real(g, onn_mul_real(g, onn_square(g, x), 3), -1);
	check_ok(onn_optimizer_build(g, o, lr, 1, &name, &x, &grad, &updated, out, &nstate));
	out[nstate++] = onn_assign(g, x, updated);
	check_ok(onn_plan_create(&plan, device, g, out, nstate, NULL));
	onn_graph_destroy(g);

	onn_array *a = array_of(real, 1, &n, start), *r = array_of(real, 0, NULL, &rate);
	check_ok(onn_tensor_from_array(&tensor[0], device, a));
	check_ok(onn_tensor_from_array(&tensor[1], device, r));
	check_ok(onn_plan_bind(plan, "w", tensor[0]));
	check_ok(onn_plan_bind(plan, "lr", tensor[1]));
	for (size_t slot = 0; slot < onn_optimizer_slots(o); slot++) {
		char text[32];
		snprintf(text, sizeof text, "%s.w", onn_optimizer_slot_name(o, slot));
		check_ok(onn_tensor_create(&tensor[tensors], device, real, 1, &n));
		check_ok(onn_plan_bind(plan, text, tensor[tensors++]));
	}
	if (onn_optimizer_counts_steps(o)) {
		check_ok(onn_tensor_create(&tensor[tensors], device, ONN_I32, 0, NULL));
		check_ok(onn_plan_bind(plan, "adam.step", tensor[tensors++]));
	}
	for (int i = 0; i < STEPS; i++)
		check_ok(onn_plan_run(plan));
	read_numbers(tensor[0], w);
	onn_plan_destroy(plan);
	for (size_t i = 0; i < tensors; i++)
		onn_tensor_destroy(tensor[i]);
	onn_array_destroy(a);
	onn_array_destroy(r);
}

START_TEST(adam_follows_its_formulas)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	double w[3], rate = .05;
	descend(&o, rate, w);
	for (int k = 0; k < 3; k++) {
		double x = start[k], m = 0, v = 0;
		for (int t = 1; t <= STEPS; t++) {
			double grad = slope(x);
			m = .9 * m + .1 * grad;
			v = .999 * v + .001 * grad * grad;
			x -= rate * m / (1 - pow(.9, t)) / (sqrt(v / (1 - pow(.999, t))) + 1e-8);
		}
		check_near(w[k], x, fine);
	}
}
END_TEST

START_TEST(sgd_follows_its_formulas_with_and_without_momentum)
{
	for (int i = 0; i < 2; i++) {
		onn_optimizer o = ONN_OPTIMIZER_INIT;
		double w[3], rate = .01;
		o.kind = ONN_OPTIMIZER_SGD;
		o.momentum = i * .9;
		ck_assert_uint_eq(onn_optimizer_slots(&o), (unsigned)i);
		descend(&o, rate, w);
		for (int k = 0; k < 3; k++) {
			double x = start[k], v = 0;
			for (int t = 0; t < STEPS; t++) {
				v = o.momentum * v + slope(x);
				x -= rate * v;
			}
			check_near(w[k], x, fine * (1 + fabs(x)));
		}
	}
}
END_TEST

START_TEST(rates_follow_their_schedule)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	ck_assert(onn_optimizer_rate(&o, 49, 50) == 5e-4);
	o.decay = ONN_DECAY_STEP;
	o.decay_epochs = 10;
	o.decay_factor = .5;
	ck_assert(onn_optimizer_rate(&o, 9, 50) == 5e-4);
	check_near(onn_optimizer_rate(&o, 10, 50), 2.5e-4, 1e-18);
	check_near(onn_optimizer_rate(&o, 39, 50), 5e-4 / 8, 1e-18);
	o.decay = ONN_DECAY_COSINE;
	ck_assert(onn_optimizer_rate(&o, 0, 50) == 5e-4);
	check_near(onn_optimizer_rate(&o, 25, 50), 2.5e-4, 1e-18);
	ck_assert(onn_optimizer_rate(&o, 49, 50) > 0);
	o.decay = ONN_DECAY_CONSTANT;
	o.warmup = 3;
	for (size_t epoch = 0; epoch < 3; epoch++)
		check_near(
		    onn_optimizer_rate(&o, epoch, 50), 5e-4 * (double)(epoch + 1) / 4, 1e-18);
	ck_assert(onn_optimizer_rate(&o, 3, 50) == 5e-4);
}
END_TEST

START_TEST(wrong_fields_are_named)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	o.rate = 0;
	check_error(onn_optimizer_check(&o), ONN_ERROR_ARGUMENT, "lr is 0");
	o.rate = NAN;
	check_error(onn_optimizer_check(&o), ONN_ERROR_ARGUMENT, "lr is");
	o.rate = 1;
	o.momentum = 1;
	check_error(onn_optimizer_check(&o), ONN_ERROR_ARGUMENT, "momentum is 1");
	o.momentum = 0;
	o.decay_epochs = 0;
	check_error(onn_optimizer_check(&o), ONN_ERROR_ARGUMENT, "decay_epochs");
	check_error(onn_optimizer_check(NULL), ONN_ERROR_ARGUMENT, "ONN_OPTIMIZER_INIT");
	ck_assert_ptr_null(onn_optimizer_slot_name(&o, 2));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {adam_follows_its_formulas,
	    sgd_follows_its_formulas_with_and_without_momentum, rates_follow_their_schedule,
	    wrong_fields_are_named, NULL};
	return run_in_each_precision(&device, tests, &real, &fine, 2e-6, 1e-12);
}
