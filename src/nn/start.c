/*
 * How weights begin.
 */
#include <math.h>

#include <onn/nn.h>

#include "core/element.h"
#include "core/error.h"
#include "core/options.h"
#include "core/philox.h"
#include "core/settings.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_weight_start, member)
static const onn_setting rows[] = {
    {ROW("init_mean", REAL, mean)},
    {ROW("init_std", REAL, std), .low = 0, .high = INFINITY},
    {ROW("init_random_sign", BOOL, random_sign)},
};

const onn_settings *onn_weight_start_settings(void)
{
	ONN_RETURN_SETTINGS("first weights", rows, onn_weight_start, NULL, ONN_WEIGHT_START_INIT);
}

onn_status onn_start_weights(
    onn_array *w, const onn_weight_start *start, uint64_t seed, uint32_t stream)
{
	onn_type type = onn_array_type(w);
	size_t count = onn_array_count(w);
	if (type != ONN_F32 && type != ONN_F64)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_start_weights: w is %s; expected f32 or f64", onn_type_name(type));
	onn_status status = onn_options_exact(
	    start, sizeof *start, "onn_start_weights", "start", "ONN_WEIGHT_START_INIT");
	if (!status)
		status = onn_settings_check(onn_weight_start_settings(), start);
	if (status)
		return status;
	if (count > UINT32_MAX)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_start_weights: w has %zu elements; expected fewer than 2^32", count);
	for (size_t i = 0; i < count; i++) {
		double x =
		    start->mean + start->std * onn_philox_normal(seed, 0, stream, (uint32_t)i);
		if (start->random_sign && onn_philox_uniform(seed, 1, stream, (uint32_t)i) < 0.5)
			x = -x;
		onn_part_set(onn_array_data(w), type, i, x);
	}
	return ONN_OK;
}
