/*
 * A network's weights in the host's memory, its forward pass as a graph, its files.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/model.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/streams.h"
#include "nn/model.h"

static const char description_name[] = "model.json";

struct onn_model {
	onn_network *network;
	size_t count;
	onn_array *weight[ONN_MODEL_MAX_WEIGHTS];
	char name[ONN_MODEL_MAX_WEIGHTS][ONN_WEIGHT_NAME];
	bool fixed[ONN_MODEL_MAX_WEIGHTS], bias[ONN_MODEL_MAX_WEIGHTS];
	onn_node (*within[ONN_MODEL_MAX_WEIGHTS])(onn_graph *g, onn_node w);
};

/* The first half of a weight holds angles: they become cosines there and sines in the second. */
static void make_phasors(onn_array *w)
{
	size_t n = onn_array_count(w) / 2;
	onn_type type = onn_array_type(w);
	void *data = onn_array_data(w);
	for (size_t i = 0; i < n; i++) {
		double angle = onn_part_get(data, type, i);
		onn_part_set(data, type, i, cos(angle));
		onn_part_set(data, type, n + i, sin(angle));
	}
}

static onn_status begin_weight(
    onn_model *model, size_t i, const onn_weight *w, const void *layer, uint64_t seed)
{
	onn_array *read;
	if (w->begin == ONN_BEGIN_ZERO)
		return ONN_OK;
	if (w->begin == ONN_BEGIN_FILE) {
		onn_status status = w->read(&read, layer, w);
		if (status)
			return status;
		onn_array_destroy(model->weight[i]);
		model->weight[i] = NULL;
		status =
		    onn_array_convert(&model->weight[i], read, model->network->options.precision);
		onn_array_destroy(read);
		return status;
	}
	onn_status status =
	    onn_start_weights(model->weight[i], w->start, seed, ONN_STREAM_WEIGHTS + (uint32_t)i);
	if (!status && w->begin == ONN_BEGIN_PHASORS)
		make_phasors(model->weight[i]);
	return status;
}

/* seed NULL: zeros, for those who bring the numbers. */
static onn_status make_weight(
    onn_model *model, const onn_weight *w, const void *layer, const uint64_t *seed)
{
	size_t i = model->count;
	if (i == ONN_MODEL_MAX_WEIGHTS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_model_create: a network of more than %d weights", ONN_MODEL_MAX_WEIGHTS);
	onn_status status = onn_weight_check(w);
	for (size_t k = 0; k < i && !status; k++)
		if (strcmp(model->name[k], w->name) == 0)
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "its weight %s has the name of another one; expected one of its own",
			    w->name);
	if (status)
		return status;
	status = onn_array_create(
	    &model->weight[i], model->network->options.precision, w->ndim, w->shape);
	if (status)
		return status;
	model->count++;
	memcpy(model->name[i], w->name, sizeof w->name);
	model->fixed[i] = w->fixed;
	model->bias[i] = w->bias;
	model->within[i] = w->within;
	return seed ? begin_weight(model, i, w, layer, *seed) : ONN_OK;
}

static onn_status make_weights(onn_model *model, const uint64_t *seed)
{
	const onn_network *n = model->network;
	onn_weight weight[ONN_LAYER_MAX_WEIGHTS];
	onn_signal *signal = malloc((n->count + 1) * sizeof *signal);
	onn_status status = signal ? onn_network_signals(signal, n, n->count)
	                           : onn_error_memory("onn_model_create", sizeof *signal);
	for (size_t i = 0; i < n->count && !status; i++) {
		const onn_layer *layer = &n->layer[i];
		size_t count = onn_layer_weights(
		    weight, layer->kind, layer->values, &signal[i], onn_network_ordinal(n, i));
		for (size_t k = 0; k < count && !status; k++)
			status = make_weight(model, &weight[k], layer->values, seed);
		status = onn_at_layer(status, n, i);
	}
	free(signal);
	return status;
}

static onn_status create(onn_model **out, const onn_network *network, const uint64_t *seed)
{
	*out = NULL;
	onn_status status = onn_network_check(network);
	if (status)
		return status;
	onn_model *model = calloc(1, sizeof *model);
	if (!model)
		return onn_error_memory("onn_model_create", sizeof *model);
	status = onn_network_copy(&model->network, network);
	if (!status)
		status = make_weights(model, seed);
	if (status)
		onn_model_destroy(model);
	else
		*out = model;
	return status;
}

onn_status onn_model_create(onn_model **model, const onn_network *network, uint64_t seed)
{
	return create(model, network, &seed);
}

void onn_model_destroy(onn_model *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->count; i++)
		onn_array_destroy(model->weight[i]);
	onn_network_destroy(model->network);
	free(model);
}

const onn_network *onn_model_network(const onn_model *model) { return model->network; }

size_t onn_model_count(const onn_model *model) { return model->count; }

const char *onn_model_name(const onn_model *model, size_t i)
{
	return i < model->count ? model->name[i] : NULL;
}

onn_array *onn_model_weight(onn_model *model, size_t i)
{
	return i < model->count ? model->weight[i] : NULL;
}

const onn_array *onn_model_const_weight(const onn_model *model, size_t i)
{
	return i < model->count ? model->weight[i] : NULL;
}

bool onn_model_is_fixed(const onn_model *model, size_t i) { return model->fixed[i]; }

onn_node onn_model_bound(const onn_model *model, size_t i, onn_graph *g, onn_node updated,
    const onn_weight_limits *limits)
{
	onn_node w = model->bias[i] ? updated : onn_limit_weights(g, updated, limits);
	return model->within[i] ? model->within[i](g, w) : w;
}

bool onn_model_learns(const onn_model *model)
{
	bool found = false;
	for (size_t i = 0; i < onn_model_count(model); i++)
		found = found || !onn_model_is_fixed(model, i);
	return found;
}

void onn_model_leaves(const onn_model *model, onn_graph *g, onn_node *leaf)
{
	onn_type type = model->network->options.precision;
	for (size_t i = 0; i < model->count; i++) {
		const onn_array *w = model->weight[i];
		leaf[i] =
		    onn_variable(g, model->name[i], type, onn_array_ndim(w), onn_array_shape(w));
	}
}

/* The nearest of 2^bits values, as `quantise` of train/evaluate.c has them: a part of each step,
 * whose weights are other ones, and gradients go by it as if it were the weight. */
static onn_node rounded(onn_graph *g, onn_node w, size_t bits)
{
	onn_type type = onn_node_type(g, w);
	double steps = ldexp(1, (int)bits) - 1;
	onn_node most = onn_max(
	    g, onn_reduce_max(g, onn_abs(g, w), NULL, 0, false), onn_scalar(g, type, 1e-30));
	onn_node step = onn_mul_real(g, most, 2 / steps);
	onn_node count = onn_round(g, onn_div(g, onn_add(g, w, most), step));
	return onn_straight_through(g, onn_sub(g, onn_mul(g, count, step), most), w);
}

/* Gaussian noise in units of the root mean square, drawn by the step. */
static onn_node noisy(onn_graph *g, onn_node w, size_t i, const onn_run_condition *c)
{
	size_t shape[ONN_MAX_DIMS], ndim = onn_node_ndim(g, w);
	onn_type type = onn_node_type(g, w);
	memcpy(shape, onn_node_shape(g, w), ndim * sizeof *shape);
	onn_node size = onn_sqrt(g, onn_mean(g, onn_square(g, w), NULL, 0, false));
	onn_node noise = onn_random_normal(
	    g, type, ndim, shape, c->seed, ONN_STREAM_TRAINED + (uint32_t)i, c->step);
	noise = onn_mul_real(g, noise, c->damage.weight_noise);
	return onn_add(g, w, onn_mul(g, onn_stop(g, size), noise));
}

/* Weights as training has them: rounded, then, in its steps, with noise. */
static void disturb_leaves(
    const onn_model *model, onn_graph *g, onn_node *leaf, const onn_run_condition *c)
{
	for (size_t i = 0; i < model->count; i++) {
		if (onn_graph_status(g) || onn_model_is_fixed(model, i))
			continue;
		if (c->damage.bits)
			leaf[i] = rounded(g, leaf[i], c->damage.bits);
		if (c->damage.weight_noise > 0 && c->step.id)
			leaf[i] = noisy(g, leaf[i], i, c);
	}
}

onn_node onn_model_forward_in(const onn_model *model, onn_graph *g, onn_node x,
    const onn_run_condition *condition, onn_node *variable, onn_node *fraction)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS];
	onn_pass pass = {
	    .network = model->network, .condition = condition, .fractions = fraction != NULL};
	onn_model_leaves(model, g, leaf);
	if (variable)
		memcpy(variable, leaf, model->count * sizeof *leaf);
	disturb_leaves(model, g, leaf, condition);
	onn_node output = onn_pass_forward(&pass, g, x, leaf);
	if (fraction)
		*fraction = pass.readings;
	return output;
}

onn_node onn_model_forward(const onn_model *model, onn_graph *g, onn_node x, onn_node *variable)
{
	return onn_model_forward_in(
	    model, g, x, &(onn_run_condition){.damaged = false}, variable, NULL);
}

/* ---- files ---- */

onn_status onn_model_put(const onn_model *model, onn_archive *archive)
{
	char *json = onn_network_to_json(model->network);
	if (!json)
		return onn_error_memory("onn_model_put", 1);
	onn_status status = onn_archive_put_text(archive, description_name, json);
	onn_free(json);
	for (size_t i = 0; i < model->count && !status; i++)
		status = onn_archive_put(archive, model->name[i], model->weight[i]);
	return status;
}

onn_status onn_model_save(const onn_model *model, const char *path)
{
	onn_archive *archive;
	onn_status status = onn_archive_create(&archive);
	if (status)
		return status;
	status = onn_model_put(model, archive);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	return status;
}

/* Nothing can be told apart by weights that are none. */
static onn_status check_finite(const onn_array *w, const char *name, const char *path)
{
	onn_type type = onn_array_type(w);
	size_t at = onn_first_not_finite(w);
	return at == SIZE_MAX
	           ? ONN_OK
	           : onn_error(ONN_ERROR_FORMAT,
	                 "%s: array %s holds %g at %zu; expected numbers that %s can hold", path,
	                 name, onn_part_get(onn_array_const_data(w), type, at), at,
	                 onn_type_name(type));
}

static onn_status take_weight(
    onn_model *model, size_t i, const onn_archive *archive, const char *path)
{
	const onn_array *from;
	onn_status status = onn_archive_find(&from, archive, model->name[i]);
	onn_array *to = model->weight[i];
	size_t ndim = onn_array_ndim(to);
	char have[96], want[96];
	onn_shape_text(want, sizeof want, ndim, onn_array_shape(to));
	if (status)
		return status;
	if (!from)
		return onn_error(ONN_ERROR_FORMAT, "%s: no array %s; expected one of shape %s",
		    path, model->name[i], want);
	onn_shape_text(have, sizeof have, onn_array_ndim(from), onn_array_shape(from));
	if (strcmp(have, want) != 0 || onn_type_is_complex(onn_array_type(from)))
		return onn_error(ONN_ERROR_FORMAT, "%s: array %s is %s %s; expected a real %s",
		    path, model->name[i], onn_type_name(onn_array_type(from)), have, want);
	onn_array *copy;
	status = onn_array_convert(&copy, from, model->network->options.precision);
	if (!status)
		status = check_finite(copy, model->name[i], path);
	if (status) {
		onn_array_destroy(copy);
		return status;
	}
	onn_array_destroy(model->weight[i]);
	model->weight[i] = copy;
	return ONN_OK;
}

onn_status onn_model_take(onn_model *model, const onn_archive *archive, const char *path)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < model->count && !status; i++)
		status = take_weight(model, i, archive, path);
	return status;
}

/* Both are read from texts, which leave out what does not count. */
static onn_status compare_description(const onn_model *model, const char *json)
{
	onn_network *is = NULL, *own = NULL;
	char *text = onn_network_to_json(model->network);
	onn_status status = onn_network_from_json(&is, json);
	if (!status)
		status = text ? onn_network_from_json(&own, text)
		              : onn_error_memory("onn_model_load", 1);
	if (!status)
		status = onn_network_compare(is, own);
	onn_network_destroy(is);
	onn_network_destroy(own);
	onn_free(text);
	return status;
}

static onn_status check_description(
    const onn_model *model, const onn_archive *archive, const char *path)
{
	const char *json;
	onn_status status = onn_archive_find_text(&json, archive, description_name);
	if (status)
		return status;
	status = json ? compare_description(model, json)
	              : onn_error(ONN_ERROR_FORMAT, "it is not there");
	if (!status)
		return ONN_OK;
	return onn_error(status == ONN_ERROR_MEMORY ? status : ONN_ERROR_FORMAT, "%s: %s: %s", path,
	    description_name, onn_last_error());
}

onn_status onn_model_take_own(onn_model *model, const onn_archive *archive, const char *path)
{
	onn_status status = check_description(model, archive, path);
	for (size_t i = 0; i < model->count && !status; i++) {
		const onn_array *from;
		onn_type own = onn_array_type(model->weight[i]);
		status = onn_archive_find(&from, archive, model->name[i]);
		if (!status && from && onn_array_type(from) != own)
			status = onn_error(ONN_ERROR_FORMAT, "%s: array %s is %s; expected %s",
			    path, model->name[i], onn_type_name(onn_array_type(from)),
			    onn_type_name(own));
	}
	return status ? status : onn_model_take(model, archive, path);
}

onn_status onn_model_import(onn_model *model, const char *path)
{
	onn_archive *archive;
	onn_status status = onn_archive_load(&archive, path);
	if (status)
		return status;
	status = onn_model_take(model, archive, path);
	onn_archive_destroy(archive);
	return status;
}

onn_status onn_model_load(onn_model **model, const char *path)
{
	onn_network *network = NULL;
	onn_archive *archive;
	*model = NULL;
	onn_status status = onn_archive_load(&archive, path);
	if (status)
		return status;
	const char *json;
	status = onn_archive_find_text(&json, archive, description_name);
	if (!status)
		status = json ? onn_network_from_json(&network, json)
		              : onn_error(ONN_ERROR_FORMAT,
		                    "%s: no %s in it; expected a checkpoint such as best.npz", path,
		                    description_name);
	if (!status)
		status = create(model, network, NULL);
	if (!status)
		status = onn_model_take(*model, archive, path);
	onn_archive_destroy(archive);
	onn_network_destroy(network);
	if (status) {
		onn_model_destroy(*model);
		*model = NULL;
	}
	return status;
}
