#include <math.h>
#include <stdint.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/pi.h"
#include "optics/relief.h"

/* The phase of element i. */
static double phase_of(const onn_array *plate, size_t i)
{
	const void *data = onn_array_const_data(plate);
	onn_type type = onn_array_type(plate);
	if (!onn_type_is_complex(type))
		return onn_part_get(data, type, i);
	return atan2(onn_part_get(data, type, 2 * i + 1), onn_part_get(data, type, 2 * i));
}

onn_status onn_phase_check(const char *function, const onn_array *phase)
{
	if (!phase || onn_array_ndim(phase) != 2 || !onn_type_is_float(onn_array_type(phase)) ||
	    onn_type_is_complex(onn_array_type(phase)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: phase has %zu axes of %s; expected [ny, nx], real", function,
		    phase ? onn_array_ndim(phase) : 0,
		    phase ? onn_type_name(onn_array_type(phase)) : "nothing");
	return ONN_OK;
}

onn_status onn_phases_take(onn_array **map, const char *function, const onn_array *plate)
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
		x[i] = onn_phase_wrap(phase);
	}
	return ONN_OK;
}

onn_status onn_plate_phase(onn_array **phase, const onn_array *plate)
{
	return onn_phases_take(phase, "onn_plate_phase", plate);
}

/* What a radian is in metres. */
static onn_status take_radian(double *radian, const char *function, double wavelength, double index)
{
	if (!(wavelength > 0 && isfinite(wavelength)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: wavelength is %g m; expected a finite value > 0", function, wavelength);
	if (!(index > 1 && isfinite(index)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: refractive index is %g; expected a finite value > 1", function, index);
	*radian = wavelength / (index - 1) / ONN_TWO_PI;
	return ONN_OK;
}

static void multiply(onn_array *f64, double by)
{
	double *x = onn_array_data(f64);

	for (size_t i = 0; i < onn_array_count(f64); i++)
		x[i] *= by;
}

onn_status onn_relief_height(
    onn_array **height, const onn_array *phase, double wavelength, double index)
{
	static const char *const function = "onn_relief_height";
	double radian = 0;

	*height = NULL;
	onn_status status = take_radian(&radian, function, wavelength, index);
	if (!status)
		status = onn_phase_check(function, phase);
	if (status)
		return status;
	status = onn_array_convert(height, phase, ONN_F64);
	if (status)
		return status;
	size_t at = onn_first_not_finite(*height);
	if (at == SIZE_MAX) {
		multiply(*height, radian);
		return ONN_OK;
	}
	status = onn_error(ONN_ERROR_ARGUMENT,
	    "%s: phase at row %zu, column %zu is %g; expected a finite value", function,
	    at / onn_array_shape(phase)[1], at % onn_array_shape(phase)[1],
	    ((const double *)onn_array_const_data(*height))[at]);
	onn_array_destroy(*height);
	*height = NULL;
	return status;
}

onn_status onn_height_map(
    onn_array **height, const onn_array *plate, double wavelength, double index)
{
	static const char *const function = "onn_height_map";
	double radian = 0;

	*height = NULL;
	onn_status status = take_radian(&radian, function, wavelength, index);
	if (!status)
		status = onn_phases_take(height, function, plate);
	if (!status)
		status = onn_relief_make(*height, NULL, false);
	if (!status) {
		multiply(*height, radian);
		return ONN_OK;
	}
	onn_array_destroy(*height);
	*height = NULL;
	return status;
}
