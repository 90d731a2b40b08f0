/*
 * custom_layer [FOLDER]: a kind of layer that the library does not have, with a setting and weights
 * of its own: a saturable absorber of which each neuron learns the saturation,
 *
 *     x exp(-(depth/2) / (1 + x^2 e^-w)).
 *
 * Once the kind is registered, a list in JSON names it like any other, it is trained on handwritten
 * digits into FOLDER, a run that stopped goes on there, and its checkpoint is read back.
 */
#include "example.h"

#include <math.h>
#include <string.h>

/* ---- the kind ---- */

typedef struct learning {
	double depth;
	onn_weight_start start;
} learning;

static const onn_setting rows[] = {
    {ONN_SETTING("depth", REAL, learning, depth), .low = 0, .high = 100},
    {ONN_SETTING(NULL, PART, learning, start), .part = onn_weight_start_settings},
};

static const onn_settings *learning_settings(void)
{
	ONN_RETURN_SETTINGS("learning-absorber", rows, learning, NULL,
	    {4, {sizeof(onn_weight_start), 0, 0.1, false}});
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const learning *l = layer;
	w[0].ndim = in->ndim;
	memcpy(w[0].shape, in->shape, in->ndim * sizeof *in->shape);
	w[0].start = &l->start;
	snprintf(w[0].name, sizeof w[0].name, "saturation%zu", ordinal);
	return 1;
}

/* Numbers come as [batch, n]; the weight, [n], is the same for each of the batch. */
static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const learning *l = call->layer;
	onn_graph *g = call->g;
	onn_node x = flow->x, w = call->weight[0];
	onn_node s = onn_mul(g, onn_square(g, x), onn_exp(g, onn_neg(g, w)));
	onn_node alpha = onn_mul_real(g, onn_recip(g, onn_add_real(g, s, 1)), -l->depth / 2);
	flow->x = onn_mul(g, x, onn_exp(g, alpha));
}

static const onn_layer_kind kind = {sizeof(onn_layer_kind), "learning-absorber",
    "a saturable absorber that learns its saturation", ONN_TAKES_LIST, learning_settings,
    .weights = weights, .forward = forward, .activates = true};

/* ---- its use ---- */

static const char list[] =
    "{\"loss\": \"nll\", \"layers\": ["
    "{\"layer\": \"flatten\"}, {\"layer\": \"linear\", \"outputs\": 64},"
    "{\"layer\": \"learning-absorber\", \"depth\": 6}, {\"layer\": \"linear\", \"outputs\": 10}]}";

static void tell(void *user, const onn_train_epoch *e)
{
	(void)user;
	if (e->epoch % 5 == 0)
		printf("epoch %zu: loss %.3f, %.1f %% right\n", e->epoch, e->train_loss,
		    100 * e->report_accuracy);
}

/* How many images of the test set the checkpoint names well, and the saturations it learnt. */
static double look(const char *checkpoint, onn_device *device, const onn_dataset *digits)
{
	onn_model *model = NULL;
	onn_accuracy right;
	double low = INFINITY, high = 0;

	must(onn_model_load(&model, checkpoint));
	must(onn_model_evaluate(&right, model, device, digits, NULL));
	for (size_t i = 0; i < onn_model_count(model); i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		const float *value = onn_array_const_data(w);
		bool is_own = strcmp(onn_model_name(model, i), "saturation0") == 0;
		for (size_t k = 0; is_own && k < onn_array_count(w); k++) {
			low = fmin(low, exp((double)value[k]));
			high = fmax(high, exp((double)value[k]));
		}
	}
	printf("%s: %.1f %% of %zu digits; saturation at %.2f to %.2f\n", checkpoint,
	    100 * right.all, right.count, low, high);
	onn_model_destroy(model);
	return low < 0.95 * high ? right.all : 0;
}

int main(int argc, char **argv)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	onn_network *network = NULL;
	onn_dataset *digits = NULL;
	onn_device *device = NULL;
	char path[512];

	must(onn_layer_register(&kind));
	must(onn_network_from_json(&network, list));
	must(onn_dataset_load(&digits, "digits", NULL, 0));
	must(onn_device_create(&device, NULL, NULL));

	o.out = argc > 1 ? argv[1] : "custom_layer.run";
	o.epochs = 20;
	o.optimizer.rate = 5e-3;
	o.epoch = tell;
	snprintf(path, sizeof path, "%s/last.npz", o.out);
	FILE *before = fopen(path, "rb");
	o.resume = before != NULL;
	if (before)
		fclose(before);
	must(onn_train(NULL, network, &o, digits, device));

	snprintf(path, sizeof path, "%s/best.npz", o.out);
	double right = look(path, device, digits);
	onn_network_destroy(network);
	onn_dataset_destroy(digits);
	onn_device_destroy(device);
	return !(right > 0.93);
}
