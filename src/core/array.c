#include <onn/array.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
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
	size_t there = onn_type_parts(from->type), here = onn_type_parts(type);
	for (size_t i = 0; i < from->count; i++) {
		onn_part_set(
		    (*a)->data, type, here * i, onn_part_get(from->data, from->type, there * i));
		if (here == 2)
			onn_part_set((*a)->data, type, 2 * i + 1,
			    there == 2 ? onn_part_get(from->data, from->type, 2 * i + 1) : 0);
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
