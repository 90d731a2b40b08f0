/*
 * A network's weights in the host's memory, its forward pass as a graph, its files.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/model.h>

#include "core/error.h"
#include "core/memory.h"
#include "nn/model.h"
#include "train/streams.h"

static const char description_name[] = "model.json";

struct onn_model {
	onn_network network;
	size_t count;
	onn_array *weight[ONN_MODEL_MAX_WEIGHTS];
	char name[ONN_MODEL_MAX_WEIGHTS][16];
};

/* The first half of a weight holds angles: they become cosines there and sines in the second. */
static void make_phasors(onn_array *w)
{
	size_t n = onn_array_count(w) / 2;
	float *f = onn_array_data(w);
	double *d = onn_array_data(w);
	bool single = onn_array_type(w) == ONN_F32;
	for (size_t i = 0; i < n; i++) {
		double angle = single ? (double)f[i] : d[i];
		if (single) {
			f[i] = (float)cos(angle);
			f[n + i] = (float)sin(angle);
		} else {
			d[i] = cos(angle);
			d[n + i] = sin(angle);
		}
	}
}

static onn_status make_weight(onn_model *model, const onn_weight *w, uint64_t seed)
{
	const onn_network *network = &model->network;
	const onn_weight_start *init =
	    network->kind == ONN_NETWORK_D2NN ? &network->d2nn.start : &network->mlp.start;
	size_t i = model->count;
	onn_status status =
	    onn_array_create(&model->weight[i], onn_network_precision(network), w->ndim, w->shape);
	if (status)
		return status;
	model->count++;
	memcpy(model->name[i], w->name, sizeof w->name);
	if (w->start != ONN_START_ZERO)
		status = onn_start_weights(
		    model->weight[i], init, seed, ONN_STREAM_WEIGHTS + (uint32_t)i);
	if (!status && w->start == ONN_START_PHASOR)
		make_phasors(model->weight[i]);
	return status;
}

onn_status onn_model_create_network(onn_model **out, const onn_network *network, uint64_t seed)
{
	onn_weight weight[ONN_MODEL_MAX_WEIGHTS];
	*out = NULL;
	onn_status status = onn_network_check(network);
	if (status)
		return status;
	onn_model *model = calloc(1, sizeof *model);
	if (!model)
		return onn_error_memory("onn_model_create", sizeof *model);
	model->network = *network;
	size_t count = network->kind == ONN_NETWORK_D2NN ? onn_d2nn_weights(&network->d2nn, weight)
	                                                 : onn_mlp_weights(&network->mlp, weight);
	for (size_t i = 0; i < count && !status; i++)
		status = make_weight(model, &weight[i], seed);
	if (status)
		onn_model_destroy(model);
	else
		*out = model;
	return status;
}

onn_status onn_model_create(onn_model **out, const onn_mlp *mlp, uint64_t seed)
{
	*out = NULL;
	onn_status status = onn_mlp_check(mlp);
	if (status)
		return status;
	onn_network network = onn_network_of_mlp(mlp);
	return onn_model_create_network(out, &network, seed);
}

void onn_model_destroy(onn_model *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->count; i++)
		onn_array_destroy(model->weight[i]);
	free(model);
}

const onn_network *onn_model_network(const onn_model *model) { return &model->network; }

const onn_mlp *onn_model_mlp(const onn_model *model)
{
	return model->network.kind == ONN_NETWORK_MLP ? &model->network.mlp : NULL;
}

const onn_d2nn *onn_model_d2nn(const onn_model *model)
{
	return model->network.kind == ONN_NETWORK_D2NN ? &model->network.d2nn : NULL;
}

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

void onn_model_leaves(const onn_model *model, onn_graph *g, onn_node *leaf)
{
	onn_type type = onn_network_precision(&model->network);
	for (size_t i = 0; i < model->count; i++) {
		const onn_array *w = model->weight[i];
		leaf[i] =
		    onn_variable(g, model->name[i], type, onn_array_ndim(w), onn_array_shape(w));
	}
}

onn_node onn_model_forward_in(const onn_model *model, onn_graph *g, onn_node x,
    const onn_condition *condition, onn_node *variable)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS];
	onn_model_leaves(model, g, leaf);
	if (variable)
		memcpy(variable, leaf, model->count * sizeof *leaf);
	if (model->network.kind == ONN_NETWORK_D2NN)
		return onn_d2nn_forward(&model->network.d2nn, g, x, leaf, condition);
	return onn_mlp_forward(&model->network.mlp, g, x, leaf);
}

onn_node onn_model_forward(const onn_model *model, onn_graph *g, onn_node x, onn_node *variable)
{
	return onn_model_forward_in(model, g, x, &(onn_condition){.damaged = false}, variable);
}

/* ---- files ---- */

onn_status onn_model_put(const onn_model *model, onn_archive *archive)
{
	char *json = onn_network_to_json(&model->network);
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

static onn_status take_weight(
    onn_model *model, size_t i, const onn_archive *archive, const char *path)
{
	const onn_array *from = onn_archive_get(archive, model->name[i]);
	onn_array *to = model->weight[i];
	size_t ndim = onn_array_ndim(to);
	char have[96], want[96];
	onn_shape_text(want, sizeof want, ndim, onn_array_shape(to));
	if (!from)
		return onn_error(ONN_ERROR_FORMAT, "%s: no array %s; expected one of shape %s",
		    path, model->name[i], want);
	onn_shape_text(have, sizeof have, onn_array_ndim(from), onn_array_shape(from));
	if (strcmp(have, want) != 0 || onn_type_is_complex(onn_array_type(from)))
		return onn_error(ONN_ERROR_FORMAT, "%s: array %s is %s %s; expected a real %s",
		    path, model->name[i], onn_type_name(onn_array_type(from)), have, want);
	onn_array *copy;
	onn_status status = onn_array_convert(&copy, from, onn_network_precision(&model->network));
	if (status)
		return status;
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
	onn_network network;
	onn_archive *archive;
	*model = NULL;
	onn_status status = onn_archive_load(&archive, path);
	if (status)
		return status;
	const char *json = onn_archive_get_text(archive, description_name);
	status = json ? onn_network_from_json(&network, json)
	              : onn_error(ONN_ERROR_FORMAT,
	                    "%s: no %s in it; expected a checkpoint such as best.npz", path,
	                    description_name);
	if (!status)
		status = onn_model_create_network(model, &network, 0);
	if (!status)
		status = onn_model_take(*model, archive, path);
	onn_archive_destroy(archive);
	if (status) {
		onn_model_destroy(*model);
		*model = NULL;
	}
	return status;
}
