/*
 * The argument for optical backpropagation, as a number: the cosine between the gradient that flows
 * back through a network by its absorbers' rule and the true one, for the same weights and images.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/path.h"
#include "nn/model.h"
#include "reproduce/measure.h"

/* A batch of training images, as a network takes them. */
typedef struct batch {
	onn_array *x, *y; /* [count, inputs] of the network's precision, [count] */
} batch;

static onn_status take_batch(batch *b, const onn_subject *s, const onn_network *network)
{
	const onn_dataset *d = s->dataset;
	const onn_network_options *o = onn_network_options_of(network);
	onn_type from = onn_array_type(d->train_x);
	size_t inputs = d->height * d->width;
	size_t count = onn_size_least(s->c->images, onn_array_count(d->train_y));
	const void *pixels = onn_array_const_data(d->train_x);
	onn_status status = onn_array_create(&b->x, o->precision, 2, (size_t[]){count, inputs});
	if (!status)
		status =
		    onn_array_from(&b->y, ONN_I32, 1, &count, onn_array_const_data(d->train_y));
	for (size_t i = 0; i < count * inputs && !status; i++)
		onn_part_set(onn_array_data(b->x), o->precision, i,
		    onn_part_get(pixels, from, i) / d->scale * o->input_maximum);
	return status;
}

/* The gradients of a model's weights: plan's outputs. */
static onn_status make_plan(
    onn_plan **plan, const onn_model *model, const batch *b, onn_device *device)
{
	const onn_network *network = onn_model_network(model);
	onn_node weight[ONN_MODEL_MAX_WEIGHTS], gradient[ONN_MODEL_MAX_WEIGHTS];
	size_t count = onn_model_count(model);
	onn_graph *g = NULL;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	onn_node x = onn_variable(g, "images", onn_array_type(b->x), 2, onn_array_shape(b->x));
	onn_node y = onn_variable(g, "labels", ONN_I32, 1, onn_array_shape(b->y));
	onn_node loss = onn_network_loss(g, network, onn_model_forward(model, g, x, weight), y);
	status = onn_gradient(gradient, g, loss, ONN_NULL_NODE, weight, count);
	if (!status)
		status = onn_plan_create(plan, device, g, gradient, count, NULL);
	onn_graph_destroy(g);
	return status;
}

/* gradient: as many arrays as the model has weights, which the caller destroys. */
static onn_status gradients(
    onn_array **gradient, const onn_model *model, const batch *b, onn_device *device)
{
	size_t count = onn_model_count(model);
	onn_tensor *tensor[ONN_MODEL_MAX_WEIGHTS + 2] = {NULL};
	onn_plan *plan = NULL;
	onn_status status = make_plan(&plan, model, b, device);
	for (size_t i = 0; i < count + 2 && !status; i++) {
		const onn_array *a = i < count    ? onn_model_const_weight(model, i)
		                     : i == count ? b->x
		                                  : b->y;
		const char *name = i < count    ? onn_model_name(model, i)
		                   : i == count ? "images"
		                                : "labels";
		status = onn_tensor_from_array(&tensor[i], device, a);
		if (!status)
			status = onn_plan_bind(plan, name, tensor[i]);
	}
	if (!status)
		status = onn_plan_run(plan);
	for (size_t i = 0; i < count && !status; i++)
		status = onn_tensor_to_array(&gradient[i], onn_plan_output(plan, i));
	onn_plan_destroy(plan);
	for (size_t i = 0; i < count + 2; i++)
		onn_tensor_destroy(tensor[i]);
	return status;
}

/* The same weights in a network whose absorbers give the true derivative. */
static onn_status make_exact(onn_model **exact, const onn_model *model)
{
	onn_network *network = NULL;
	onn_status status = onn_network_copy(&network, onn_model_network(model));
	for (size_t i = 0; !status && i < onn_network_layers(network); i++) {
		const char *kind = onn_network_kind(network, i);
		if (strcmp(kind, "absorber") == 0 || strcmp(kind, "sheet") == 0)
			status = onn_network_set(network, i, "gradient", "exact");
	}
	if (!status)
		status = onn_model_create(exact, network, 0);
	for (size_t i = 0; !status && i < onn_model_count(model); i++) {
		const onn_array *from = onn_model_const_weight(model, i);
		memcpy(onn_array_data(onn_model_weight(*exact, i)), onn_array_const_data(from),
		    onn_array_count(from) * onn_type_size(onn_array_type(from)));
	}
	onn_network_destroy(network);
	return status;
}

static void add_products(double sum[3], const onn_array *a, const onn_array *b)
{
	onn_type type = onn_array_type(a);
	for (size_t i = 0; i < onn_array_count(a) * onn_type_parts(type); i++) {
		double x = onn_part_get(onn_array_const_data(a), type, i);
		double y = onn_part_get(onn_array_const_data(b), type, i);
		sum[0] += x * y;
		sum[1] += x * x;
		sum[2] += y * y;
	}
}

static onn_status compare(double *value, const onn_subject *s, const onn_model *model,
    onn_array *const *rule, onn_array *const *exact)
{
	double sum[3] = {0, 0, 0};
	bool found = false;
	for (size_t i = 0; i < onn_model_count(model); i++) {
		if (*s->c->weight && strcmp(s->c->weight, onn_model_name(model, i)) != 0)
			continue;
		found = true;
		add_products(sum, rule[i], exact[i]);
	}
	if (!found)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "cosine: the network has no weight %s; expected one such as %s", s->c->weight,
		    onn_model_count(model) ? onn_model_name(model, 0) : "w0");
	/* of no gradient, as by the rule "zero", there is no angle */
	*value = sum[1] > 0 && sum[2] > 0 ? sum[0] / sqrt(sum[1] * sum[2]) : NAN;
	return ONN_OK;
}

onn_status onn_measure_cosine(double *value, const onn_subject *s)
{
	enum { RULE, EXACT, BOTH };
	onn_array *gradient[BOTH][ONN_MODEL_MAX_WEIGHTS] = {{NULL}};
	onn_model *model[BOTH] = {NULL, NULL};
	batch b = {NULL, NULL};
	char path[ONN_PATH_ROOM];
	onn_path_join(path, s->folder, "last.npz");
	onn_status status = onn_model_load(&model[RULE], path);
	if (!status)
		status = make_exact(&model[EXACT], model[RULE]);
	if (!status)
		status = take_batch(&b, s, onn_model_network(model[RULE]));
	for (int k = 0; k < BOTH && !status; k++)
		status = gradients(gradient[k], model[k], &b, s->device);
	if (!status)
		status = compare(value, s, model[RULE], gradient[RULE], gradient[EXACT]);
	for (int k = 0; k < BOTH; k++) {
		for (size_t i = 0; i < ONN_MODEL_MAX_WEIGHTS; i++)
			onn_array_destroy(gradient[k][i]);
		onn_model_destroy(model[k]);
	}
	onn_array_destroy(b.x);
	onn_array_destroy(b.y);
	return status;
}
