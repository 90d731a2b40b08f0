#include <onn/array.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

struct onn_array {
	onn_type type;
	size_t ndim, count;
	size_t shape[ONN_MAX_DIMS];
	void *data;
};

static const struct {
	const char *name;
	size_t size;
	onn_type real, complex;
} types[ONN_TYPE_COUNT] = {
    [ONN_U8] = {"u8", 1, ONN_U8, ONN_C64},
    [ONN_I32] = {"i32", 4, ONN_I32, ONN_C64},
    [ONN_U32] = {"u32", 4, ONN_U32, ONN_C64},
    [ONN_F32] = {"f32", 4, ONN_F32, ONN_C64},
    [ONN_F64] = {"f64", 8, ONN_F64, ONN_C128},
    [ONN_C64] = {"c64", 8, ONN_F32, ONN_C64},
    [ONN_C128] = {"c128", 16, ONN_F64, ONN_C128},
};

static bool is_type(onn_type type) { return (unsigned)type < ONN_TYPE_COUNT; }

const char *onn_type_name(onn_type type) { return is_type(type) ? types[type].name : "?"; }

size_t onn_type_size(onn_type type) { return is_type(type) ? types[type].size : 0; }

bool onn_type_is_complex(onn_type type) { return type == ONN_C64 || type == ONN_C128; }

bool onn_type_is_float(onn_type type) { return is_type(type) && type >= ONN_F32; }

onn_type onn_type_real(onn_type type) { return is_type(type) ? types[type].real : type; }

onn_type onn_type_complex(onn_type type) { return is_type(type) ? types[type].complex : type; }

onn_type onn_type_promote(onn_type a, onn_type b)
{
	onn_type low = a < b ? a : b, high = a < b ? b : a;
	/* The order of the enum, but for double precision beside single-precision complex. */
	return low == ONN_F64 && high == ONN_C64 ? ONN_C128 : high;
}

onn_status onn_array_create(onn_array **a, onn_type type, size_t ndim, const size_t *shape)
{
	*a = NULL;
	if (!is_type(type))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_array_create: type is %d; expected 0 to %d", (int)type,
		    ONN_TYPE_COUNT - 1);
	if (ndim > ONN_MAX_DIMS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_array_create: ndim is %zu; expected at most %d", ndim, ONN_MAX_DIMS);
	if (ndim > 0 && !shape)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_array_create: shape is NULL; expected %zu sizes", ndim);

	size_t count, bytes;
	if (!onn_size_product(&count, ndim, shape) ||
	    !onn_size_mul(&bytes, count, types[type].size)) {
		char text[128];
		return onn_error(ONN_ERROR_MEMORY,
		    "onn_array_create: shape is %s; expected a size in bytes below 2^%zu",
		    onn_shape_text(text, sizeof text, ndim, shape), 8 * sizeof(size_t));
	}
	onn_array *made = calloc(1, sizeof *made);
	if (!made)
		return onn_error_memory("onn_array_create", sizeof *made);
	made->data = onn_aligned_alloc(bytes);
	if (!made->data) {
		free(made);
		return onn_error_memory("onn_array_create", bytes);
	}
	made->type = type;
	made->ndim = ndim;
	made->count = count;
	for (size_t i = 0; i < ndim; i++)
		made->shape[i] = shape[i];
	*a = made;
	return ONN_OK;
}

onn_status onn_array_from(
    onn_array **a, onn_type type, size_t ndim, const size_t *shape, const void *data)
{
	onn_status status = onn_array_create(a, type, ndim, shape);
	if (status != ONN_OK || (*a)->count == 0)
		return status;
	if (!data) {
		onn_array_destroy(*a);
		*a = NULL;
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_array_from: data is NULL; expected elements");
	}
	memcpy((*a)->data, data, (*a)->count * types[type].size);
	return ONN_OK;
}

/* Element i as a complex number in double, which holds every type exactly. */
static void get_element(const onn_array *a, size_t i, double *re, double *im)
{
	*re = *im = 0;
	switch (a->type) {
	case ONN_U8:
		*re = ((const uint8_t *)a->data)[i];
		break;
	case ONN_I32:
		*re = ((const int32_t *)a->data)[i];
		break;
	case ONN_U32:
		*re = ((const uint32_t *)a->data)[i];
		break;
	case ONN_F32:
		*re = (double)((const float *)a->data)[i];
		break;
	case ONN_F64:
		*re = ((const double *)a->data)[i];
		break;
	case ONN_C64:
		*re = (double)((const float *)a->data)[2 * i];
		*im = (double)((const float *)a->data)[2 * i + 1];
		break;
	case ONN_C128:
		*re = ((const double *)a->data)[2 * i];
		*im = ((const double *)a->data)[2 * i + 1];
		break;
	}
}

/* C leaves a float outside an integer's range undefined: such values stop at the range's ends, NaN
 * at 0. */
static double clamp(double x, double low, double high)
{
	if (isnan(x))
		return 0;
	return x < low ? low : x > high ? high : x;
}

static void set_element(onn_array *a, size_t i, double re, double im)
{
	switch (a->type) {
	case ONN_U8:
		((uint8_t *)a->data)[i] = (uint8_t)clamp(re, 0, UINT8_MAX);
		break;
	case ONN_I32:
		((int32_t *)a->data)[i] = (int32_t)clamp(re, INT32_MIN, INT32_MAX);
		break;
	case ONN_U32:
		((uint32_t *)a->data)[i] = (uint32_t)clamp(re, 0, UINT32_MAX);
		break;
	case ONN_F32:
		((float *)a->data)[i] = (float)re;
		break;
	case ONN_F64:
		((double *)a->data)[i] = re;
		break;
	case ONN_C64:
		((float *)a->data)[2 * i] = (float)re;
		((float *)a->data)[2 * i + 1] = (float)im;
		break;
	case ONN_C128:
		((double *)a->data)[2 * i] = re;
		((double *)a->data)[2 * i + 1] = im;
		break;
	}
}

onn_status onn_array_convert(onn_array **a, const onn_array *from, onn_type type)
{
	onn_status status = onn_array_create(a, type, from->ndim, from->shape);
	if (status != ONN_OK)
		return status;
	if (type == from->type) {
		if (from->count > 0)
			memcpy((*a)->data, from->data, from->count * types[type].size);
		return ONN_OK;
	}
	for (size_t i = 0; i < from->count; i++) {
		double re, im;
		get_element(from, i, &re, &im);
		set_element(*a, i, re, im);
	}
	return ONN_OK;
}

void onn_array_destroy(onn_array *a)
{
	if (!a)
		return;
	onn_aligned_free(a->data);
	free(a);
}

onn_type onn_array_type(const onn_array *a) { return a->type; }

size_t onn_array_ndim(const onn_array *a) { return a->ndim; }

const size_t *onn_array_shape(const onn_array *a) { return a->shape; }

size_t onn_array_count(const onn_array *a) { return a->count; }

void *onn_array_data(onn_array *a) { return a->data; }

const void *onn_array_const_data(const onn_array *a) { return a->data; }
