#include "core/element.h"

#include <math.h>
#include <stdint.h>

size_t onn_type_parts(onn_type type) { return onn_type_is_complex(type) ? 2 : 1; }

double onn_part_get(const void *data, onn_type type, size_t i)
{
	switch (onn_type_real(type)) {
	case ONN_U8:
		return ((const uint8_t *)data)[i];
	case ONN_I32:
		return ((const int32_t *)data)[i];
	case ONN_U32:
		return ((const uint32_t *)data)[i];
	case ONN_F32:
		return (double)((const float *)data)[i];
	default:
		return ((const double *)data)[i];
	}
}

static double within(double x, double low, double high)
{
	if (isnan(x))
		return 0;
	return x < low ? low : x > high ? high : x;
}

void onn_part_set(void *data, onn_type type, size_t i, double x)
{
	switch (onn_type_real(type)) {
	case ONN_U8:
		((uint8_t *)data)[i] = (uint8_t)within(x, 0, UINT8_MAX);
		break;
	case ONN_I32:
		((int32_t *)data)[i] = (int32_t)within(x, INT32_MIN, INT32_MAX);
		break;
	case ONN_U32:
		((uint32_t *)data)[i] = (uint32_t)within(x, 0, UINT32_MAX);
		break;
	case ONN_F32:
		((float *)data)[i] = (float)x;
		break;
	default:
		((double *)data)[i] = x;
		break;
	}
}

size_t onn_first_not_finite(const onn_array *a)
{
	onn_type type = onn_array_type(a);
	const void *data = onn_array_const_data(a);
	size_t n = onn_type_parts(type) * onn_array_count(a);
	for (size_t i = 0; onn_type_is_float(type) && i < n; i++)
		if (!isfinite(onn_part_get(data, type, i)))
			return i;
	return SIZE_MAX;
}
