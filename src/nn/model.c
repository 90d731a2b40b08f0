/*
 * A network's weights in the host's memory, its forward pass as a graph, its files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/model.h>

#include "core/error.h"
#include "core/memory.h"
#include "nn/model.h"
#include "train/streams.h"

static const char description_name[] = "model.json";

struct onn_model {
	onn_mlp mlp;
	size_t count;
	onn_array **weight;
	char (*name)[16];
};

static size_t width(const onn_mlp *m, size_t layer)
{
	return layer == 0 ? m->inputs : layer > m->nhidden ? m->outputs : m->hidden[layer - 1];
}

static onn_status make_weight(onn_model *model, size_t layer, bool bias, uint64_t seed)
{
	const onn_mlp *m = &model->mlp;
	size_t i = model->count;
	size_t shape[2] = {width(m, layer), width(m, layer + 1)};
	onn_status status = bias ? onn_array_create(&model->weight[i], m->precision, 1, shape + 1)
	                         : onn_array_create(&model->weight[i], m->precision, 2, shape);
	if (status)
		return status;
	model->count++;
	snprintf(model->name[i], sizeof model->name[i], "%c%zu", bias ? 'b' : 'w', layer);
	/* biases begin at 0 */
	return bias ? ONN_OK
	            : onn_init_weights(
	                  model->weight[i], &m->init, seed, ONN_STREAM_WEIGHTS + (uint32_t)i);
}

onn_status onn_model_create(onn_model **out, const onn_mlp *mlp, uint64_t seed)
{
	*out = NULL;
	onn_status status = onn_mlp_check(mlp);
	if (status)
		return status;
	size_t most = 2 * (mlp->nhidden + 1);
	onn_model *model = calloc(1, sizeof *model);
	if (!model)
		return onn_error_memory("onn_model_create", sizeof *model);
	model->mlp = *mlp;
	model->weight = calloc(most, sizeof(onn_array *));
	model->name = calloc(most, sizeof *model->name);
	if (!model->weight || !model->name)
		status = onn_error_memory("onn_model_create", most * sizeof *model->name);
	for (size_t layer = 0; layer <= mlp->nhidden && !status; layer++) {
		status = make_weight(model, layer, false, seed);
		if (!status && mlp->bias)
			status = make_weight(model, layer, true, seed);
	}
	if (status)
		onn_model_destroy(model);
	else
		*out = model;
	return status;
}

void onn_model_destroy(onn_model *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->count; i++)
		onn_array_destroy(model->weight[i]);
	free(model->weight);
	free(model->name);
	free(model);
}

const onn_mlp *onn_model_mlp(const onn_model *model) { return &model->mlp; }
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

onn_node onn_model_forward(const onn_model *model, onn_graph *g, onn_node x, onn_node *variable)
{
	const onn_mlp *m = &model->mlp;
	onn_node leaf[2 * (ONN_MLP_MAX_HIDDEN + 1)];
	for (size_t i = 0; i < model->count; i++) {
		const onn_array *w = model->weight[i];
		leaf[i] = onn_variable(
		    g, model->name[i], m->precision, onn_array_ndim(w), onn_array_shape(w));
		if (variable)
			variable[i] = leaf[i];
	}
	for (size_t layer = 0, i = 0; layer <= m->nhidden; layer++) {
		x = onn_linear(g, x, leaf[i++]);
		if (m->bias)
			x = onn_add(g, x, leaf[i++]);
		if (layer < m->nhidden)
			x = onn_activate(g, x, m->activation, &m->absorber);
	}
	return x;
}

/* ---- files ---- */

onn_status onn_model_put(const onn_model *model, onn_archive *archive)
{
	char *json = onn_mlp_to_json(&model->mlp);
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
	onn_status status = onn_array_convert(&copy, from, model->mlp.precision);
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
	onn_mlp mlp;
	onn_archive *archive;
	*model = NULL;
	onn_status status = onn_archive_load(&archive, path);
	if (status)
		return status;
	const char *json = onn_archive_get_text(archive, description_name);
	status = json ? onn_mlp_from_json(&mlp, json)
	              : onn_error(ONN_ERROR_FORMAT,
	                    "%s: no %s in it; expected a checkpoint such as best.npz", path,
	                    description_name);
	if (!status)
		status = onn_model_create(model, &mlp, 0);
	if (!status)
		status = onn_model_take(*model, archive, path);
	onn_archive_destroy(archive);
	if (status) {
		onn_model_destroy(*model);
		*model = NULL;
	}
	return status;
}
