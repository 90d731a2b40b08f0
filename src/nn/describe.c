#include "nn/describe.h"

#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"

bool onn_json_put_absorber(cJSON *o, const onn_absorber *a)
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

void onn_json_unknown(onn_status *status, const char *field, const char *value)
{
	if (!*status)
		*status = onn_error(
		    ONN_ERROR_FORMAT, "JSON: \"%s\" is \"%s\", which is not known", field, value);
}

void onn_json_get_absorber(const cJSON *o, onn_absorber *a, onn_status *status)
{
	uint64_t slices = a->slices;
	ONN_JSON_WORD(o, "medium", &a->medium, onn_medium_from_name);
	ONN_JSON_WORD(o, "encoding", &a->encoding, onn_encoding_from_name);
	ONN_JSON_WORD(o, "gradient", &a->gradient, onn_gradient_mode_from_name);
	onn_json_get_real(o, "od", &a->depth, status);
	onn_json_get_real(o, "isat", &a->isat, status);
	onn_json_get_real(o, "detuning", &a->detuning, status);
	onn_json_get_real(o, "loss", &a->loss, status);
	onn_json_get_real(o, "grating", &a->grating, status);
	onn_json_get_whole(o, "slices", &slices, status);
	onn_json_get_bool(o, "doppler", &a->doppler, status);
	a->slices = slices > UINT32_MAX ? UINT32_MAX : (unsigned)slices;
}

bool onn_json_put_init(cJSON *o, const onn_init *init)
{
	return onn_json_put_real(o, "init_mean", init->mean) &&
	       onn_json_put_real(o, "init_std", init->std) &&
	       onn_json_put_bool(o, "init_random_sign", init->random_sign);
}

void onn_json_get_init(const cJSON *o, onn_init *init, onn_status *status)
{
	onn_json_get_real(o, "init_mean", &init->mean, status);
	onn_json_get_real(o, "init_std", &init->std, status);
	onn_json_get_bool(o, "init_random_sign", &init->random_sign, status);
}

bool onn_precision_from_name(onn_type *type, const char *name)
{
	*type = strcmp(name, "f64") == 0 ? ONN_F64 : ONN_F32;
	return strcmp(name, onn_type_name(*type)) == 0;
}

onn_status onn_json_refuse(const char *function)
{
	char reason[256];
	strncpy(reason, onn_last_error(), sizeof reason - 1);
	reason[sizeof reason - 1] = 0;
	return onn_error(ONN_ERROR_FORMAT, "%s: %s", function, reason);
}

onn_status onn_check_precision(const char *function, onn_type precision)
{
	if (precision == ONN_F32 || precision == ONN_F64)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: precision is %s; expected f32 or f64", function,
	    onn_type_name(precision));
}

onn_status onn_check_init(const char *function, const onn_init *init)
{
	if (init->size == sizeof *init && isfinite(init->mean) && init->std >= 0 &&
	    isfinite(init->std))
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT,
	    "%s: weights begin with mean %g and std %g; expected finite values, std >= 0", function,
	    init->mean, init->std);
}
