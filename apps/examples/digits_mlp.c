/*
 * digits_mlp [DEVICE [SET [FOLDER]]]: a perceptron with a tanh layer learns handwritten digits, on
 * the level of graphs and plans: the whole training step, from gathering the batch to the update,
 * is one plan. SET is "digits", which comes with the library, or another name that onn_dataset_load
 * knows, such as "mnist" with its files in FOLDER.
 *
 * 98.4 % of MNIST's test images come out right, 97.8 % of the 360 that the digits keep for testing.
 *
 * (onn_train in trainer.h does this and more in one call; here every part is in sight.)
 */
#include "example.h"

#include <math.h>

enum { HIDDEN = 256, BATCH = 32, PARAMETERS = 4 };

static const char *const parameter_name[PARAMETERS] = {"w0", "b0", "w1", "b1"};

/* Rows of a set of images as numbers in [0, 1]: [rows, pixels]. */
static onn_node gather(onn_graph *g, const onn_dataset *set, const onn_array *images, onn_node rows)
{
	size_t flat[] = {
	    onn_array_count(images) / (set->height * set->width), set->height * set->width};
	onn_node all = onn_variable(
	    g, "images", onn_array_type(images), onn_array_ndim(images), onn_array_shape(images));
	onn_node x = onn_take(g, onn_reshape(g, all, 2, flat), rows);
	return onn_mul_real(g, onn_cast(g, x, ONN_F32), 1 / set->scale);
}

/* Scores of the classes: [rows, classes]; p receives the parameters' variables. */
static onn_node network(onn_graph *g, const onn_dataset *set, onn_node x, onn_node p[PARAMETERS])
{
	size_t pixels = set->height * set->width;
	size_t shape[PARAMETERS][2] = {
	    {pixels, HIDDEN}, {HIDDEN}, {HIDDEN, set->classes}, {set->classes}};
	for (int i = 0; i < PARAMETERS; i++)
		p[i] = onn_variable(g, parameter_name[i], ONN_F32, i % 2 ? 1 : 2, shape[i]);
	onn_node hidden = onn_tanh(g, onn_linear_bias(g, x, p[0], p[1]));
	return onn_linear_bias(g, hidden, p[2], p[3]);
}

/* A tensor for each variable of a training run: zeros, but for the weights. */
typedef struct state {
	onn_tensor *parameter[PARAMETERS], *moment[2][PARAMETERS], *step;
} state;

static void state_create(state *s, onn_device *device, const onn_dataset *set)
{
	size_t pixels = set->height * set->width;
	size_t shape[PARAMETERS][2] = {
	    {pixels, HIDDEN}, {HIDDEN}, {HIDDEN, set->classes}, {set->classes}};
	for (int i = 0; i < PARAMETERS; i++) {
		size_t ndim = i % 2 ? 1 : 2;
		onn_weight_start init = ONN_WEIGHT_START_INIT;
		init.std = i % 2 ? 0 : 2 / sqrt((double)shape[i][0]);
		onn_array *a = NULL;
		must(onn_array_create(&a, ONN_F32, ndim, shape[i]));
		must(onn_start_weights(a, &init, 1, (uint32_t)i));
		must(onn_tensor_from_array(&s->parameter[i], device, a));
		onn_array_destroy(a);
		for (int slot = 0; slot < 2; slot++)
			must(onn_tensor_create(
			    &s->moment[slot][i], device, ONN_F32, ndim, shape[i]));
	}
	must(onn_tensor_create(&s->step, device, ONN_I32, 0, NULL));
}

static void state_destroy(state *s)
{
	for (int i = 0; i < PARAMETERS; i++) {
		onn_tensor_destroy(s->parameter[i]);
		onn_tensor_destroy(s->moment[0][i]);
		onn_tensor_destroy(s->moment[1][i]);
	}
	onn_tensor_destroy(s->step);
}

/* The plan of one step of Adam on the batch that "rows" names. Its first output is the loss. */
static onn_plan *training_step(
    onn_device *device, const onn_dataset *set, const onn_optimizer *adam, const state *s)
{
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_node p[PARAMETERS], gradient[PARAMETERS], updated[PARAMETERS];
	onn_node outputs[1 + PARAMETERS + 2 * PARAMETERS + 1];
	size_t batch[] = {BATCH}, nstate = 0, count = 0;

	must(onn_graph_create(&g));
	onn_node rows = onn_variable(g, "rows", ONN_I32, 1, batch);
	onn_node labels = onn_variable(g, "labels", ONN_I32, 1, onn_array_shape(set->train_y));
	onn_node scores = network(g, set, gather(g, set, set->train_x, rows), p);
	onn_node loss = onn_loss_of(g, ONN_LOSS_NLL, scores, onn_take(g, labels, rows));
	must(onn_gradient(gradient, g, loss, ONN_NULL_NODE, p, PARAMETERS));
	outputs[count++] = loss;
	must(onn_optimizer_build(g, adam, onn_variable(g, "rate", ONN_F32, 0, NULL), PARAMETERS,
	    parameter_name, p, gradient, updated, outputs + count, &nstate));
	count += nstate;
	for (int i = 0; i < PARAMETERS; i++)
		outputs[count++] = onn_assign(g, p[i], updated[i]);
	must(onn_plan_create(&plan, device, g, outputs, count, NULL));
	onn_graph_destroy(g);

	for (int i = 0; i < PARAMETERS; i++) {
		char name[64];
		must(onn_plan_bind(plan, parameter_name[i], s->parameter[i]));
		for (size_t slot = 0; slot < 2; slot++) {
			snprintf(name, sizeof name, "%s.%s", onn_optimizer_slot_name(adam, slot),
			    parameter_name[i]);
			must(onn_plan_bind(plan, name, s->moment[slot][i]));
		}
	}
	must(onn_plan_bind(plan, "adam.step", s->step));
	return plan;
}

/* The plan that counts the right answers on the test images. */
static onn_plan *test_plan(onn_device *device, const onn_dataset *set, const state *s)
{
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_node p[PARAMETERS];

	must(onn_graph_create(&g));
	onn_node rows = onn_iota(g, ONN_I32, onn_array_count(set->test_y));
	onn_node labels = onn_variable(g, "labels", ONN_I32, 1, onn_array_shape(set->test_y));
	onn_node scores = network(g, set, gather(g, set, set->test_x, rows), p);
	onn_node accuracy = onn_mean(g, onn_hits(g, scores, labels), NULL, 0, false);
	must(onn_plan_create(&plan, device, g, &accuracy, 1, NULL));
	onn_graph_destroy(g);
	for (int i = 0; i < PARAMETERS; i++)
		must(onn_plan_bind(plan, parameter_name[i], s->parameter[i]));
	return plan;
}

/* Fisher and Yates's shuffle by a linear congruential generator: the same on every machine. */
static void shuffle(int32_t *rows, size_t count)
{
	static uint64_t random = 1;
	for (size_t i = count - 1; i > 0; i--) {
		random = random * 6364136223846793005U + 1442695040888963407U;
		size_t j = (size_t)(random >> 33) % (i + 1);
		int32_t swap = rows[i];
		rows[i] = rows[j];
		rows[j] = swap;
	}
}

static void bind_set(
    onn_device *device, onn_plan *plan, const onn_array *x, const onn_array *y, onn_tensor *set[2])
{
	must(onn_tensor_from_array(&set[0], device, x));
	must(onn_tensor_from_array(&set[1], device, y));
	must(onn_plan_bind(plan, "images", set[0]));
	must(onn_plan_bind(plan, "labels", set[1]));
}

/* So many epochs in batches of the training images; the accuracy at the end. */
static float learn(
    onn_device *device, onn_plan *step, onn_plan *test, const onn_optimizer *adam, size_t count)
{
	size_t epochs = count < 10000 ? 60 : 20, batch[] = {BATCH};
	int32_t *order = malloc(count * sizeof *order);
	onn_tensor *rows = NULL, *rate = NULL;
	float loss = 0, accuracy = 0;

	must(onn_tensor_create(&rows, device, ONN_I32, 1, batch));
	must(onn_tensor_create(&rate, device, ONN_F32, 0, NULL));
	must(onn_plan_bind(step, "rows", rows));
	must(onn_plan_bind(step, "rate", rate));
	for (size_t i = 0; order && i < count; i++)
		order[i] = (int32_t)i;
	for (size_t epoch = 0; order && epoch < epochs; epoch++) {
		float r = (float)onn_optimizer_rate(adam, epoch, epochs);
		must(onn_tensor_write(rate, &r, sizeof r));
		shuffle(order, count);
		for (size_t first = 0; first + BATCH <= count; first += BATCH) {
			must(onn_tensor_write(rows, order + first, BATCH * sizeof *order));
			must(onn_plan_run(step));
		}
		if (epoch % 10 == 9) {
			must(onn_plan_run(test));
			output(step, 0, &loss, sizeof loss);
			output(test, 0, &accuracy, sizeof accuracy);
			printf("epoch %2zu  loss %.5f  accuracy %.2f %%\n", epoch + 1, (double)loss,
			    100 * (double)accuracy);
		}
	}
	free(order);
	onn_tensor_destroy(rows);
	onn_tensor_destroy(rate);
	return accuracy;
}

int main(int argc, char **argv)
{
	onn_optimizer adam = ONN_OPTIMIZER_INIT;
	onn_device *device = NULL;
	onn_dataset *set = NULL;
	onn_tensor *training[2], *testing[2];
	state s;

	must(onn_device_create(&device, argc > 1 ? argv[1] : NULL, NULL));
	must(onn_dataset_load(&set, argc > 2 ? argv[2] : "digits", argc > 3 ? argv[3] : NULL, 0));
	adam.rate = 2e-3;
	adam.decay = ONN_DECAY_COSINE;
	state_create(&s, device, set);
	onn_plan *step = training_step(device, set, &adam, &s);
	onn_plan *test = test_plan(device, set, &s);
	bind_set(device, step, set->train_x, set->train_y, training);
	bind_set(device, test, set->test_x, set->test_y, testing);
	float accuracy = learn(device, step, test, &adam, onn_array_count(set->train_y));

	for (int i = 0; i < 2; i++) {
		onn_tensor_destroy(training[i]);
		onn_tensor_destroy(testing[i]);
	}
	onn_plan_destroy(step);
	onn_plan_destroy(test);
	state_destroy(&s);
	onn_dataset_destroy(set);
	onn_device_destroy(device);
	return !(accuracy >= 0.97F);
}
