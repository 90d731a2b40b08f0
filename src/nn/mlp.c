/*
 * The description of a network: its checks, and JSON.
 */
#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/model.h>

#include "core/error.h"
#include "nn/json.h"

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
	if (m->precision != ONN_F32 && m->precision != ONN_F64)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: precision is %s; expected f32 or f64",
		    function, onn_type_name(m->precision));
	if (!(m->input_maximum > 0 && isfinite(m->input_maximum)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: input_maximum is %g; expected a finite value > 0", function,
		    m->input_maximum);
	if (m->init.size != sizeof m->init || !isfinite(m->init.mean) ||
	    !(m->init.std >= 0 && isfinite(m->init.std)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: weights begin with mean %g and std %g; expected finite values, std >= 0",
		    function, m->init.mean, m->init.std);
	if (m->activation != ONN_ACTIVATION_SA)
		return ONN_OK;
	if (m->absorber.detuning != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: detuning is %g; expected 0: the network's fields are real", function,
		    m->absorber.detuning);
	return onn_absorber_check(&m->absorber);
}

static bool put_absorber(cJSON *o, const onn_absorber *a)
{
	return onn_json_put_text(o, "medium", onn_medium_name(a->medium)) &&
	       onn_json_put_text(o, "encoding", onn_encoding_name(a->encoding)) &&
	       onn_json_put_text(o, "gradient", onn_gradient_mode_name(a->gradient)) &&
	       onn_json_put_real(o, "od", a->depth) && onn_json_put_real(o, "isat", a->isat) &&
	       onn_json_put_real(o, "detuning", a->detuning) &&
	       onn_json_put_real(o, "loss", a->loss) &&
	       onn_json_put_real(o, "grating", a->grating) &&
	       onn_json_put_whole(o, "slices", a->slices) &&
	       onn_json_put_bool(o, "doppler", a->doppler);
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
	            onn_json_put_real(o, "init_mean", m->init.mean) &&
	            onn_json_put_real(o, "init_std", m->init.std) &&
	            onn_json_put_bool(o, "init_random_sign", m->init.random_sign);
	if (fine && m->activation == ONN_ACTIVATION_SA) {
		cJSON *absorber = cJSON_AddObjectToObject(o, "absorber");
		fine = absorber && put_absorber(absorber, &m->absorber);
	}
	if (!fine) {
		cJSON_Delete(o);
		return NULL;
	}
	return onn_json_finish(o);
}

static void unknown(onn_status *status, const char *field, const char *value)
{
	if (!*status)
		*status = onn_error(ONN_ERROR_FORMAT,
		    "onn_mlp_from_json: \"%s\" is \"%s\", which is not known", field, value);
}

/* Reads a word by its enumeration's function. */
#define WORD(object, field, place, from_name)                                                      \
	do {                                                                                       \
		const char *word_ = onn_json_get_text(object, field, status);                      \
		if (word_ && !from_name(place, word_))                                             \
			unknown(status, field, word_);                                             \
	} while (0)

static bool precision_from_name(onn_type *type, const char *name)
{
	*type = strcmp(name, "f64") == 0 ? ONN_F64 : ONN_F32;
	return strcmp(name, onn_type_name(*type)) == 0;
}

static void get_absorber(const cJSON *o, onn_absorber *a, onn_status *status)
{
	uint64_t slices = a->slices;
	WORD(o, "medium", &a->medium, onn_medium_from_name);
	WORD(o, "encoding", &a->encoding, onn_encoding_from_name);
	WORD(o, "gradient", &a->gradient, onn_gradient_mode_from_name);
	onn_json_get_real(o, "od", &a->depth, status);
	onn_json_get_real(o, "isat", &a->isat, status);
	onn_json_get_real(o, "detuning", &a->detuning, status);
	onn_json_get_real(o, "loss", &a->loss, status);
	onn_json_get_real(o, "grating", &a->grating, status);
	onn_json_get_whole(o, "slices", &slices, status);
	onn_json_get_bool(o, "doppler", &a->doppler, status);
	a->slices = slices > UINT32_MAX ? UINT32_MAX : (unsigned)slices;
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
		unknown(status, "model", kind);
	get_widths(o, m, status);
	WORD(o, "activation", &m->activation, onn_activation_from_name);
	WORD(o, "loss", &m->loss, onn_loss_from_name);
	WORD(o, "precision", &m->precision, precision_from_name);
	onn_json_get_bool(o, "bias", &m->bias, status);
	onn_json_get_real(o, "input_maximum", &m->input_maximum, status);
	onn_json_get_real(o, "init_mean", &m->init.mean, status);
	onn_json_get_real(o, "init_std", &m->init.std, status);
	onn_json_get_bool(o, "init_random_sign", &m->init.random_sign, status);
	const cJSON *absorber = cJSON_GetObjectItemCaseSensitive(o, "absorber");
	if (absorber)
		get_absorber(absorber, &m->absorber, status);
}

onn_status onn_mlp_from_json(onn_mlp *mlp, const char *json)
{
	*mlp = (onn_mlp)ONN_MLP_INIT;
	cJSON *o = json ? cJSON_Parse(json) : NULL;
	if (!o || !cJSON_IsObject(o)) {
		cJSON_Delete(o);
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_mlp_from_json: the text is not JSON; expected an object");
	}
	onn_status status = ONN_OK;
	get_mlp(o, mlp, &status);
	cJSON_Delete(o);
	if (!status && onn_mlp_check(mlp)) {
		char reason[256];
		strncpy(reason, onn_last_error(), sizeof reason - 1);
		reason[sizeof reason - 1] = 0;
		status = onn_error(ONN_ERROR_FORMAT, "onn_mlp_from_json: %s", reason);
	}
	return status;
}
