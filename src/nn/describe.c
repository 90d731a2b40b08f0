#include "nn/describe.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/settings.h"

bool onn_json_put_absorber(cJSON *o, const onn_absorber *a)
{
	return onn_settings_put(o, onn_absorber_settings(), a);
}

void onn_json_unknown(onn_status *status, const char *field, const char *value)
{
	if (!*status)
		*status = onn_error(
		    ONN_ERROR_FORMAT, "JSON: \"%s\" is \"%s\", which is not known", field, value);
}

void onn_json_get_absorber(const cJSON *o, onn_absorber *a, onn_status *status)
{
	if (!*status)
		*status = onn_settings_take(a, onn_absorber_settings(), o, true);
}

bool onn_json_put_start(cJSON *o, const onn_weight_start *start)
{
	return onn_settings_put(o, onn_weight_start_settings(), start);
}

void onn_json_get_start(const cJSON *o, onn_weight_start *start, onn_status *status)
{
	if (!*status)
		*status = onn_settings_take(start, onn_weight_start_settings(), o, false);
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
