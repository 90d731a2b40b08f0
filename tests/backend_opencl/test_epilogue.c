/*
 * Products with what follows them, on ONN_TEST_DEVICE against the reference: their launches do both
 * where they may, whatever else reads or writes the same memory.
 */
#include "kernels.h"
#include "steps.h"

#include <onn/dataset.h>
#include <onn/mlp.h>

#include "train/stepper.h"

enum { OUTPUTS_MAX = 6, MLP_LAUNCHES = 9 };

/* A graph's outputs, those of assignments last; its inputs are the trial's. */
typedef size_t builder(trial *t, onn_type type, onn_node out[OUTPUTS_MAX]);

static onn_node matrix(trial *t, onn_type type, size_t rows, size_t columns)
{
	return trial_input(t, type, 2, (size_t[]){rows, columns}, -1, 1);
}

static onn_node tanh_of(trial *t, onn_node x) { return onn_tanh(t->g, x); }

static size_t one_function(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	out[0] = tanh_of(t, onn_matmul(t->g, matrix(t, type, 20, 35), matrix(t, type, 35, 18)));
	return 1;
}

static size_t broadcast_numbers(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node y = onn_matmul(t->g, matrix(t, type, 20, 35), matrix(t, type, 35, 18));
	y = onn_add(t->g, y, trial_input(t, type, 1, (size_t[]){18}, -1, 1));
	out[0] = onn_mul(t->g, tanh_of(t, y), trial_input(t, type, 2, (size_t[]){20, 1}, -1, 1));
	return 1;
}

static size_t a_batch(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node a = trial_input(t, type, 3, (size_t[]){3, 17, 5}, -1, 1);
	out[0] = tanh_of(t, onn_matmul(t->g, a, matrix(t, type, 5, 19)));
	return 1;
}

/* Of an absorber and its derivative, and a product of that: what a layer keeps. */
static size_t two_layers(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node w = matrix(t, type, 18, 18);
	onn_node y = onn_matmul(t->g, matrix(t, type, 20, 18), w);
	onn_node z = onn_matmul(t->g, tanh_of(t, y), w);
	onn_node back = onn_matmul_op(t->g, z, ONN_N, w, ONN_T);
	out[0] = onn_mul(t->g, back, onn_mul(t->g, onn_exp(t->g, y), y));
	out[1] = z;
	return 2;
}

/* An update where the gradient is made; the step counts, so that two runs differ. */
static size_t update(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node x = matrix(t, type, 33, 20), w = matrix(t, type, 20, 18);
	onn_node m = matrix(t, type, 20, 18);
	onn_node y = tanh_of(t, onn_matmul(t->g, x, w));
	onn_node grad = onn_matmul_op(t->g, x, ONN_T, y, ONN_N);
	onn_node moment = onn_add(t->g, onn_mul_real(t->g, m, 0.9), onn_mul_real(t->g, grad, 0.1));
	out[0] = onn_assign(t->g, m, moment);
	out[1] = onn_assign(t->g, w, onn_sub(t->g, w, onn_mul_real(t->g, moment, 0.01)));
	return 2;
}

/* What is written is a factor: groups that are not done still read it. */
static size_t update_of_a_factor(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node w = matrix(t, type, 34, 34);
	onn_node y = onn_matmul(t->g, w, w);
	out[0] = onn_assign(t->g, w, tanh_of(t, onn_add(t->g, y, w)));
	return 1;
}

/* The product is an output, is summed up, and is seen from its other side. */
static size_t read_by_others(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node y = onn_matmul(t->g, matrix(t, type, 20, 35), matrix(t, type, 35, 20));
	out[0] = tanh_of(t, y);
	out[1] = onn_sum(t->g, y, (int[]){-1}, 1, false);
	out[2] = onn_mul(t->g, y, onn_transpose(t->g, y));
	out[3] = y;
	return 4;
}

/* What follows also needs a sum that is made later. */
static size_t later_operand(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node y = onn_matmul(t->g, matrix(t, type, 20, 35), matrix(t, type, 35, 20));
	out[0] = onn_mul(t->g, y, onn_sum(t->g, y, (int[]){-1}, 1, true));
	return 1;
}

/* Pixels of some images, made numbers where they are gathered. */
static size_t gathered_rows(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node x = trial_input(t, ONN_U8, 2, (size_t[]){30, 21}, 0, 255);
	onn_node index = trial_input(t, ONN_I32, 1, (size_t[]){12}, 0, 30);
	onn_node pixel = onn_cast(t->g, onn_take(t->g, x, index), type);
	out[0] = onn_matmul(t->g, onn_mul_real(t->g, pixel, 1.0 / 255), matrix(t, type, 21, 7));
	out[1] = onn_take(t->g, x, onn_add(t->g, index, onn_scalar(t->g, ONN_I32, 1)));
	return 2;
}

static size_t parts_of_a_sum(trial *t, onn_type type, onn_node out[OUTPUTS_MAX])
{
	onn_node y = onn_matmul(t->g, matrix(t, type, 5, 1111), matrix(t, type, 1111, 3));
	onn_node b = trial_input(t, type, 1, (size_t[]){3}, -1, 1);
	out[0] = tanh_of(t, onn_mul_real(t->g, onn_add(t->g, y, b), 0.02));
	return 1;
}

typedef struct task {
	const char *name;
	builder *build;
	size_t launches; /* at most, but those that add up the parts of sums */
} task;

static const task tasks[] = {
    {"a function", one_function, 1},
    {"numbers for rows and columns", broadcast_numbers, 1},
    {"a batch", a_batch, 1},
    {"two layers", two_layers, 3},
    {"an update", update, 2},
    {"an update of a factor", update_of_a_factor, 3},
    {"what others read", read_by_others, 3},
    {"an operand that comes later", later_operand, 3},
    {"gathered rows", gathered_rows, 3},
    {"parts of a sum", parts_of_a_sum, 1},
};

static bool is_native(void) { return ((const onn_cl_device *)device)->native; }

static void check_task(const task *k, onn_type type)
{
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS], *b[OUTPUTS_MAX + TRIAL_INPUTS];
	onn_node out[OUTPUTS_MAX];
	trial t = trial_start();
	const size_t count = k->build(&t, type, out);
	size_t launches;
	const size_t n = trial_steps(&t, device, out, count, a, &launches);

	ck_assert_uint_eq(trial_steps(&t, reference, out, count, b, NULL), n);
	for (size_t i = 0; i < n; i++) {
		const double error = trial_difference(a[i], b[i]);
		/* what is subtracted in sums loses digits */
		ck_assert_msg(error <= 20 * close_for(type), "%s in %s: result %zu is off by %g",
		    k->name, onn_type_name(type), i, error);
		onn_array_destroy(a[i]);
		onn_array_destroy(b[i]);
	}
	if (!is_native())
		ck_assert_msg(launches <= k->launches, "%s in %s: %zu launches, not %zu", k->name,
		    onn_type_name(type), launches, k->launches);
	trial_end(&t);
}

START_TEST(what_follows_a_product_is_done_in_its_launch)
{
	for (size_t i = 0; i < (simulated ? 4 : COUNT(tasks)); i++) {
		onn_type type = simulated ? ONN_F32 : floats[i % COUNT(floats)];
		if (!onn_device_supports(device, type))
			type = onn_type_is_complex(type) ? ONN_C64 : ONN_F32;
		check_task(&tasks[i], type);
	}
}
END_TEST

/* Step by step as the check mode has it, each against the reference. */
START_TEST(checked_steps_are_launched_alone)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *checked;
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS];
	onn_node out[OUTPUTS_MAX];

	options.check = true;
	check_ok(onn_device_create(&checked, onn_device_name(device), &options));
	trial t = trial_start();
	size_t count = two_layers(&t, ONN_F32, out);
	size_t n = trial_steps(&t, checked, out, count, a, NULL);
	while (n > 0)
		onn_array_destroy(a[--n]);
	trial_end(&t);
	onn_device_destroy(checked);
}
END_TEST

/* ---- a training step ---- */

enum { IMAGES = 256, PIXELS = 784, CLASSES = 10 };

static onn_dataset noise(void)
{
	const size_t count = IMAGES;
	onn_dataset d = {
	    .name = "noise", .height = 28, .width = 28, .classes = CLASSES, .scale = 255};

	check_ok(onn_array_create(&d.train_x, ONN_U8, 3, (size_t[]){IMAGES, 28, 28}));
	check_ok(onn_array_create(&d.train_y, ONN_I32, 1, &count));
	for (size_t i = 0; i < IMAGES * PIXELS; i++)
		((uint8_t *)onn_array_data(d.train_x))[i] = (uint8_t)trial_number(1, i, 0, 256);
	for (size_t i = 0; i < IMAGES; i++)
		((int32_t *)onn_array_data(d.train_y))[i] = (int32_t)trial_number(2, i, 0, CLASSES);
	return d;
}

/* The loss of an epoch of the perceptron, whose weights end in *model; the launches of a step. */
static double train(onn_model **model, size_t *launches, onn_device *on, const onn_dataset *data)
{
	const onn_mlp mlp = ONN_MLP_INIT;
	const onn_train_options options = ONN_TRAIN_OPTIONS_INIT;
	onn_network *network;
	onn_stepper *stepper;
	bool stop = false, finite;
	double loss;
	size_t bad;

	check_ok(onn_network_of_mlp(&network, &mlp));
	check_ok(onn_model_create(model, network, 3));
	check_ok(onn_stepper_create(&stepper, model, 1, &options, data, on));
	*launches = on == reference ? 0 : launches_of(onn_stepper_plan(stepper));
	check_ok(onn_stepper_begin(stepper, 0, 1e-3, 0));
	for (size_t i = 0; i < onn_stepper_steps(stepper); i++)
		check_ok(onn_stepper_step(stepper, &stop));
	check_ok(onn_stepper_wait(stepper, &loss, &bad));
	check_ok(onn_stepper_read(stepper, 0, *model, &finite));
	ck_assert(finite);
	onn_stepper_destroy(stepper);
	onn_network_destroy(network);
	return loss;
}

START_TEST(a_perceptrons_step_has_few_launches)
{
	onn_dataset data = noise();
	onn_model *a, *b;
	size_t launches, none;

	if (simulated)
		return;
	const double loss = train(&a, &launches, device, &data);
	const double known = train(&b, &none, reference, &data);
	ck_assert_double_le(fabs(loss - known), 1e-5 * known);
	for (size_t i = 0; i < onn_model_count(a); i++) {
		onn_array *x, *y;
		check_ok(onn_array_convert(&x, onn_model_const_weight(a, i), ONN_C128));
		check_ok(onn_array_convert(&y, onn_model_const_weight(b, i), ONN_C128));
		/* Adam divides small gradients by their own size */
		ck_assert_double_le(trial_difference(x, y), 1e-3);
		onn_array_destroy(x);
		onn_array_destroy(y);
	}
	if (!is_native())
		ck_assert_msg(launches <= MLP_LAUNCHES, "%zu launches a step", launches);
	onn_model_destroy(a);
	onn_model_destroy(b);
	onn_array_destroy(data.train_x);
	onn_array_destroy(data.train_y);
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_MERGE", "1", 1); /* on processors, too */
	return run_kernel_tests("opencl epilogue",
	    (const TTest *[]){what_follows_a_product_is_done_in_its_launch,
	        checked_steps_are_launched_alone, a_perceptrons_step_has_few_launches, NULL});
}
