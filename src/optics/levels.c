/* Levels of a surface that is made in steps. */
#include <math.h>
#include <stdint.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/pi.h"
#include "optics/relief.h"

onn_status onn_relief_levels(onn_array **level, const onn_array *phase, size_t levels)
{
	static const char *const function = "onn_relief_levels";
	*level = NULL;
	if (levels < 2 || levels > 65536)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: %zu levels; expected 2 to 65536", function, levels);
	onn_status status = onn_phase_check(function, phase);
	if (status)
		return status;
	const size_t *shape = onn_array_shape(phase);
	status = onn_array_create(level, ONN_I32, 2, shape);
	if (status)
		return status;
	int32_t *to = onn_array_data(*level);
	for (size_t i = 0; i < onn_array_count(phase); i++) {
		double x = onn_part_get(onn_array_const_data(phase), onn_array_type(phase), i);
		double nearest = floor(x / ONN_TWO_PI * (double)levels + .5);
		if (x >= 0 && nearest <= INT32_MAX) {
			to[i] = (int32_t)nearest;
			continue;
		}
		onn_array_destroy(*level);
		*level = NULL;
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: phase at row %zu, column %zu is %g; expected finite values >= 0 of at "
		    "most %d levels",
		    function, i / shape[1], i % shape[1], x, INT32_MAX);
	}
	return ONN_OK;
}
