#include <math.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/pi.h"

/* The phase of element i. */
static double phase_of(const onn_array *plate, size_t i)
{
	const void *data = onn_array_const_data(plate);
	onn_type type = onn_array_type(plate);
	if (!onn_type_is_complex(type))
		return onn_part_get(data, type, i);
	return atan2(onn_part_get(data, type, 2 * i + 1), onn_part_get(data, type, 2 * i));
}

/* A little below 0 rounds to a whole turn: that is 0. */
static double wrapped(double phase)
{
	double rest = fmod(phase, ONN_TWO_PI);
	if (rest < 0)
		rest += ONN_TWO_PI;
	return rest < ONN_TWO_PI ? rest : 0;
}

/* times: what each phase is multiplied by. */
static onn_status map_phase(
    onn_array **map, const char *function, const onn_array *plate, double times)
{
	*map = NULL;
	if (!plate || onn_array_ndim(plate) != 2 || !onn_type_is_float(onn_array_type(plate)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: plate has %zu axes of %s; expected [ny, nx], real or complex", function,
		    plate ? onn_array_ndim(plate) : 0,
		    plate ? onn_type_name(onn_array_type(plate)) : "nothing");
	const size_t *shape = onn_array_shape(plate);
	onn_status status = onn_array_create(map, ONN_F64, 2, shape);
	if (status)
		return status;
	double *x = onn_array_data(*map);
	for (size_t i = 0; i < onn_array_count(plate); i++) {
		double phase = phase_of(plate, i);
		if (!isfinite(phase)) {
			onn_array_destroy(*map);
			*map = NULL;
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: phase at row %zu, column %zu is %g; expected a finite value",
			    function, i / shape[1], i % shape[1], phase);
		}
		x[i] = wrapped(phase) * times;
	}
	return ONN_OK;
}

onn_status onn_plate_phase(onn_array **phase, const onn_array *plate)
{
	return map_phase(phase, "onn_plate_phase", plate, 1);
}

onn_status onn_height_map(
    onn_array **height, const onn_array *plate, double wavelength, double index)
{
	static const char *const function = "onn_height_map";
	*height = NULL;
	if (!(wavelength > 0 && isfinite(wavelength)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: wavelength is %g m; expected a finite value > 0", function, wavelength);
	if (!(index > 1 && isfinite(index)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: refractive index is %g; expected a finite value > 1", function, index);
	return map_phase(height, function, plate, wavelength / (index - 1) / ONN_TWO_PI);
}
