/* Device memory. */
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

static onn_cl_device *device_of(const onn_buffer *b) { return (onn_cl_device *)b->device; }

static uint64_t next_serial(onn_cl_device *d)
{
	onn_mutex_lock(d->lock);
	uint64_t serial = ++d->serial;
	onn_mutex_unlock(d->lock);
	return serial;
}

static onn_status fill_with_zeros(onn_cl_device *d, cl_mem memory, size_t bytes)
{
	static const cl_uint zero = 0;
	cl_int code =
	    clEnqueueFillBuffer(d->queue, memory, &zero, sizeof zero, 0, bytes, 0, NULL, NULL);

	atomic_store(&d->filled, true);
	return code ? onn_cl_error("onn_tensor_create", "clEnqueueFillBuffer", code) : ONN_OK;
}

/*
 * Native kernels work on memory of the host's, which comes from onn_aligned_alloc: huge pages make
 * the steps as fast as the C backend's own. Kernels of such a device see the same memory.
 */
onn_status onn_cl_buffer_create(onn_buffer **buffer, onn_device *device, size_t bytes)
{
	onn_cl_device *d = (onn_cl_device *)device;
	size_t room = (bytes + 63) / 64 * 64; /* a fill of whole words, and no buffer of 0 bytes */
	onn_cl_buffer *b = NULL;
	onn_status status;
	cl_int code;

	status = onn_cl_enter("onn_tensor_create", d);
	if (status)
		return status;
	if (room == 0)
		room = 64;
	status = onn_cl_check_size(d, "onn_tensor_create:", room < bytes ? bytes : room);
	if (status)
		return status;
	b = calloc(1, sizeof *b);
	if (!b)
		return onn_error_memory("onn_tensor_create", sizeof *b);
	b->base.device = device;
	b->base.bytes = bytes;
	b->room = room;
	cl_mem_flags flags = CL_MEM_READ_WRITE;
	if (d->native) {
		b->host = onn_aligned_alloc(room);
		if (!b->host) {
			free(b);
			return onn_error_memory("onn_tensor_create", room);
		}
		flags |= CL_MEM_USE_HOST_PTR;
	}
	b->serial = next_serial(d);
	b->memory = clCreateBuffer(d->context, flags, room, b->host, &code);
	if (!b->memory) {
		status = onn_cl_error("onn_tensor_create", "clCreateBuffer", code);
		goto fail;
	}
	/* onn_aligned_alloc's memory is zeros already */
	status = d->native ? onn_cl_native_address(&b->address, d, b->memory)
	                   : fill_with_zeros(d, b->memory, room);
	if (status)
		goto fail;
	*buffer = &b->base;
	return ONN_OK;
fail:
	onn_cl_buffer_destroy(&b->base);
	return status;
}

onn_status onn_cl_buffer_wrap(onn_buffer **buffer, onn_cl_device *d, cl_mem memory, size_t bytes)
{
	onn_cl_buffer *b = calloc(1, sizeof *b);

	if (!b)
		return onn_error_memory("onn_opencl_tensor", sizeof *b);
	cl_int code = clRetainMemObject(memory);
	if (code) {
		free(b);
		return onn_cl_error("onn_opencl_tensor", "clRetainMemObject", code);
	}
	b->base.device = &d->base;
	b->base.bytes = bytes;
	b->memory = memory;
	b->serial = next_serial(d);
	onn_status status = d->native ? onn_cl_native_address(&b->address, d, memory) : ONN_OK;
	if (!status && (uintptr_t)b->address % ONN_VALUE_ALIGN != 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: the buffer's memory is at %p; expected a multiple of %d "
		    "for native "
		    "kernels",
		    b->address, ONN_VALUE_ALIGN);
	if (status) {
		onn_cl_buffer_destroy(&b->base);
		return status;
	}
	*buffer = &b->base;
	return ONN_OK;
}

void onn_cl_buffer_destroy(onn_buffer *buffer)
{
	onn_cl_buffer *b = (onn_cl_buffer *)buffer;

	if (!b)
		return;
	if (onn_cl_inherited(device_of(buffer))) {
		onn_aligned_free(b->host); /* a device that works on it is never stuck */
		free(b);
		return;
	}
	/* The driver keeps a buffer until its commands are done, but knows nothing of our memory.
	 */
	if (b->host && b->memory)
		clFinish(device_of(buffer)->queue);
	if (b->memory)
		clReleaseMemObject(b->memory);
	onn_aligned_free(b->host);
	free(b);
}

onn_status onn_cl_buffer_write(onn_buffer *buffer, size_t offset, const void *data, size_t bytes)
{
	onn_cl_buffer *b = (onn_cl_buffer *)buffer;

	onn_status status = onn_cl_enter("onn_tensor_write", device_of(buffer));
	if (!status && bytes > 0)
		status = onn_cl_settle(device_of(buffer), "onn_tensor_write");
	if (status || bytes == 0)
		return status;
	cl_int code = clEnqueueWriteBuffer(
	    device_of(buffer)->queue, b->memory, CL_TRUE, offset, bytes, data, 0, NULL, NULL);
	return code ? onn_cl_error("onn_tensor_write", "clEnqueueWriteBuffer", code) : ONN_OK;
}

onn_status onn_cl_buffer_read(void *data, onn_buffer *buffer, size_t offset, size_t bytes)
{
	onn_cl_buffer *b = (onn_cl_buffer *)buffer;

	onn_status status = onn_cl_enter("onn_tensor_read", device_of(buffer));
	if (!status && bytes > 0)
		status = onn_cl_settle(device_of(buffer), "onn_tensor_read");
	if (status || bytes == 0)
		return status;
	cl_int code = clEnqueueReadBuffer(
	    device_of(buffer)->queue, b->memory, CL_TRUE, offset, bytes, data, 0, NULL, NULL);
	return code ? onn_cl_error("onn_tensor_read", "clEnqueueReadBuffer", code) : ONN_OK;
}
