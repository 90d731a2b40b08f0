/* Tensors: shapes and types over a device's buffers. */
#include "backend/tensor.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

static size_t size_in_bytes(const onn_tensor *t) { return t->count * onn_type_size(t->type); }

onn_status onn_tensor_over(onn_tensor **t, onn_type type, size_t ndim, const size_t *shape,
    onn_buffer *buffer, size_t offset, bool owns_buffer)
{
	onn_tensor *made = calloc(1, sizeof *made);

	*t = NULL;
	if (!made)
		return onn_error_memory("onn_tensor_create", sizeof *made);
	made->device = buffer->device;
	made->type = type;
	made->ndim = ndim;
	if (ndim > 0)
		memcpy(made->shape, shape, ndim * sizeof *shape);
	onn_size_product(&made->count, ndim, shape);
	made->buffer = buffer;
	made->offset = offset;
	made->owns_buffer = owns_buffer;
	*t = made;
	return ONN_OK;
}

onn_status onn_tensor_create(
    onn_tensor **t, onn_device *device, onn_type type, size_t ndim, const size_t *shape)
{
	size_t count, bytes;
	onn_buffer *buffer;
	onn_status status;

	if (!t)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_create: t is NULL; expected a place for the tensor");
	*t = NULL;
	if (!device)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_create: device is NULL; expected an open device");
	if (onn_type_size(type) == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_create: type is %d; expected one of onn_type's", (int)type);
	if (ndim > ONN_MAX_DIMS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_create: ndim is %zu; expected at most %d", ndim, ONN_MAX_DIMS);
	if (ndim > 0 && !shape)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_create: shape is NULL; expected %zu sizes", ndim);
	if (!onn_device_supports(device, type))
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_tensor_create: type is %s; device %s has no double precision",
		    onn_type_name(type), device->name);
	if (!onn_size_product(&count, ndim, shape) ||
	    !onn_size_mul(&bytes, count, onn_type_size(type))) {
		char text[128];
		return onn_error(ONN_ERROR_MEMORY,
		    "onn_tensor_create: shape is %s; expected a size in bytes that fits a size_t",
		    onn_shape_text(text, sizeof text, ndim, shape));
	}
	status = device->backend->buffer_create(&buffer, device, bytes);
	if (status)
		return status;
	status = onn_tensor_over(t, type, ndim, shape, buffer, 0, true);
	if (status)
		device->backend->buffer_destroy(buffer);
	return status;
}

onn_status onn_tensor_from_array(onn_tensor **t, onn_device *device, const onn_array *a)
{
	onn_status status;

	if (!t || !a)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_tensor_from_array: %s is NULL; expected %s", t ? "a" : "t",
		    t ? "an array" : "a place for the tensor");
	status =
	    onn_tensor_create(t, device, onn_array_type(a), onn_array_ndim(a), onn_array_shape(a));
	if (status)
		return status;
	status = onn_tensor_write(*t, onn_array_const_data(a), size_in_bytes(*t));
	if (status) {
		onn_tensor_destroy(*t);
		*t = NULL;
	}
	return status;
}

void onn_tensor_destroy(onn_tensor *t)
{
	if (!t)
		return;
	if (t->owns_buffer)
		t->device->backend->buffer_destroy(t->buffer);
	free(t);
}

onn_type onn_tensor_type(const onn_tensor *t) { return t->type; }
size_t onn_tensor_ndim(const onn_tensor *t) { return t->ndim; }
const size_t *onn_tensor_shape(const onn_tensor *t) { return t->shape; }
size_t onn_tensor_count(const onn_tensor *t) { return t->count; }
onn_device *onn_tensor_device(const onn_tensor *t) { return t->device; }

static onn_status check_copy(
    const char *function, const onn_tensor *t, const void *data, size_t bytes)
{
	if (!t)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: t is NULL; expected a tensor", function);
	if (bytes != size_in_bytes(t)) {
		char text[128];
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: bytes is %zu; expected %zu for %s of type %s", function, bytes,
		    size_in_bytes(t), onn_shape_text(text, sizeof text, t->ndim, t->shape),
		    onn_type_name(t->type));
	}
	if (!data && bytes > 0)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: data is NULL; expected %zu bytes", function, bytes);
	return ONN_OK;
}

onn_status onn_tensor_write(onn_tensor *t, const void *data, size_t bytes)
{
	onn_status status = check_copy("onn_tensor_write", t, data, bytes);

	if (status || bytes == 0)
		return status;
	return t->device->backend->buffer_write(t->buffer, t->offset, data, bytes);
}

onn_status onn_tensor_read(void *data, const onn_tensor *t, size_t bytes)
{
	onn_status status = check_copy("onn_tensor_read", t, data, bytes);

	if (status || bytes == 0)
		return status;
	return t->device->backend->buffer_read(data, t->buffer, t->offset, bytes);
}

onn_status onn_tensor_to_array(onn_array **a, const onn_tensor *t)
{
	onn_status status;

	if (!a || !t)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_tensor_to_array: %s is NULL; expected %s",
		    a ? "t" : "a", a ? "a tensor" : "a place for the array");
	status = onn_array_create(a, t->type, t->ndim, t->shape);
	if (status)
		return status;
	status = onn_tensor_read(onn_array_data(*a), t, size_in_bytes(t));
	if (status) {
		onn_array_destroy(*a);
		*a = NULL;
	}
	return status;
}
