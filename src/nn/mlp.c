/*
 * Perceptrons: their checks, their JSON, their graph.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/model.h>

#include "core/error.h"
#include "core/settings.h"
#include "nn/describe.h"
#include "nn/model.h"

static const char *const function = "onn_mlp_check";

static onn_status check_widths(const onn_mlp *m)
{
	if (m->nhidden > ONN_MLP_MAX_HIDDEN)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %zu hidden layers; expected at most %d",
		    function, m->nhidden, ONN_MLP_MAX_HIDDEN);
	for (size_t i = 0; i < m->nhidden + 2; i++) {
		size_t width = i == 0                ? m->inputs
		               : i == m->nhidden + 1 ? m->outputs
		                                     : m->hidden[i - 1];
		if (width == 0 || width > 1u << 24)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: layer %zu has width %zu; expected 1 to 2^24", function, i, width);
	}
	return ONN_OK;
}

onn_status onn_mlp_check(const onn_mlp *m)
{
	if (!m || m->size != sizeof *m)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: no description of this version; expected one made by ONN_MLP_INIT",
		    function);
	onn_status status = check_widths(m);
	if (status)
		return status;
	if ((size_t)m->activation > ONN_ACTIVATION_SIGMOID || (size_t)m->loss > ONN_LOSS_NLL)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: activation %d, loss %d; expected values of their enumerations", function,
		    (int)m->activation, (int)m->loss);
	status = onn_check_precision(function, m->precision);
	if (status)
		return status;
	if (!(m->input_maximum > 0 && isfinite(m->input_maximum)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: input_maximum is %g; expected a finite value > 0", function,
		    m->input_maximum);
	status = onn_settings_check(onn_weight_start_settings(), &m->start);
	if (status)
		return status;
	if (m->activation != ONN_ACTIVATION_SA)
		return ONN_OK;
	if (m->absorber.detuning != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: detuning is %g; expected 0: the network's fields are real", function,
		    m->absorber.detuning);
	return onn_absorber_check(&m->absorber);
}

static bool put_widths(cJSON *o, const onn_mlp *m)
{
	cJSON *hidden = cJSON_AddArrayToObject(o, "hidden");
	for (size_t i = 0; hidden && i < m->nhidden; i++)
		if (!cJSON_AddItemToArray(hidden, cJSON_CreateNumber((double)m->hidden[i])))
			return false;
	return hidden && onn_json_put_whole(o, "inputs", m->inputs) &&
	       onn_json_put_whole(o, "outputs", m->outputs);
}

char *onn_mlp_to_json(const onn_mlp *m)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_json_put_text(o, "model", "mlp") && put_widths(o, m) &&
	            onn_json_put_text(o, "activation", onn_activation_name(m->activation)) &&
	            onn_json_put_text(o, "loss", onn_loss_name(m->loss)) &&
	            onn_json_put_bool(o, "bias", m->bias) &&
	            onn_json_put_text(o, "precision", onn_type_name(m->precision)) &&
	            onn_json_put_real(o, "input_maximum", m->input_maximum) &&
	            onn_json_put_start(o, &m->start);
	if (fine && m->activation == ONN_ACTIVATION_SA) {
		cJSON *absorber = cJSON_AddObjectToObject(o, "absorber");
		fine = absorber && onn_json_put_absorber(absorber, &m->absorber);
	}
	if (!fine) {
		cJSON_Delete(o);
		return NULL;
	}
	return onn_json_finish(o);
}

static void get_widths(const cJSON *o, onn_mlp *m, onn_status *status)
{
	onn_json_get_size(o, "inputs", &m->inputs, status);
	onn_json_get_size(o, "outputs", &m->outputs, status);
	const cJSON *hidden = cJSON_GetObjectItemCaseSensitive(o, "hidden"), *item;
	if (!hidden)
		return;
	m->nhidden = 0;
	cJSON_ArrayForEach(item, hidden)
	{
		if (m->nhidden == ONN_MLP_MAX_HIDDEN || !cJSON_IsNumber(item) ||
		    !(item->valuedouble >= 1 && item->valuedouble <= 1 << 24)) {
			*status = onn_error(ONN_ERROR_FORMAT,
			    "onn_mlp_from_json: \"hidden\" is not a list of at most %d widths",
			    ONN_MLP_MAX_HIDDEN);
			return;
		}
		m->hidden[m->nhidden++] = (size_t)item->valuedouble;
	}
}

static void get_mlp(const cJSON *o, onn_mlp *m, onn_status *status)
{
	const char *kind = onn_json_get_text(o, "model", status);
	if (kind && strcmp(kind, "mlp") != 0)
		onn_json_unknown(status, "model", kind);
	get_widths(o, m, status);
	ONN_JSON_WORD(o, "activation", &m->activation, onn_activation_from_name);
	ONN_JSON_WORD(o, "loss", &m->loss, onn_loss_from_name);
	ONN_JSON_WORD(o, "precision", &m->precision, onn_precision_from_name);
	onn_json_get_bool(o, "bias", &m->bias, status);
	onn_json_get_real(o, "input_maximum", &m->input_maximum, status);
	onn_json_get_start(o, &m->start, status);
	const cJSON *absorber = cJSON_GetObjectItemCaseSensitive(o, "absorber");
	if (absorber)
		onn_json_get_absorber(absorber, &m->absorber, status);
}

onn_status onn_mlp_from_json(onn_mlp *mlp, const char *json)
{
	static const char *const name = "onn_mlp_from_json";
	onn_status status = ONN_OK;
	*mlp = (onn_mlp)ONN_MLP_INIT;
	cJSON *o = onn_json_parse(name, json, &status);
	if (!o)
		return status;
	get_mlp(o, mlp, &status);
	cJSON_Delete(o);
	return status ? status : onn_mlp_check(mlp) ? onn_json_refuse(name) : ONN_OK;
}

/* ---- the network ---- */

static size_t width(const onn_mlp *m, size_t layer)
{
	return layer == 0 ? m->inputs : layer > m->nhidden ? m->outputs : m->hidden[layer - 1];
}

size_t onn_mlp_weights(const onn_mlp *m, onn_weight *weight)
{
	size_t n = 0;
	for (size_t layer = 0; layer <= m->nhidden; layer++) {
		size_t out = width(m, layer + 1);
		onn_weight *w = &weight[n++];
		*w = (onn_weight){.ndim = 2, .shape = {width(m, layer), out}};
		snprintf(w->name, sizeof w->name, "w%zu", layer);
		if (!m->bias)
			continue;
		w = &weight[n++];
		*w = (onn_weight){.ndim = 1, .shape = {out}, .start = ONN_START_ZERO};
		snprintf(w->name, sizeof w->name, "b%zu", layer);
	}
	return n;
}

onn_node onn_mlp_forward(const onn_mlp *m, onn_graph *g, onn_node x, const onn_node *leaf)
{
	for (size_t layer = 0, i = 0; layer <= m->nhidden; layer++) {
		x = onn_linear(g, x, leaf[i++]);
		if (m->bias)
			x = onn_add(g, x, leaf[i++]);
		if (layer < m->nhidden)
			x = onn_activate(g, x, m->activation, &m->absorber);
	}
	return x;
}
