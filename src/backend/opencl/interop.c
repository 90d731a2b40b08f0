/* OpenCL objects of the user's own as devices and tensors. */
#include <stdio.h>

/* before the public header, which leaves OpenCL's version to its user */
#include "backend/opencl/opencl_backend.h"

#include <onn/opencl.h>

#include "backend/tensor.h"
#include "core/memory.h"
#include "core/options.h"

static onn_status check_queue(
    cl_context context, cl_device_id id, cl_command_queue queue, bool profile)
{
	cl_context its_context = NULL;
	cl_device_id its_id = NULL;
	cl_command_queue_properties can = 0;

	cl_int code =
	    clGetCommandQueueInfo(queue, CL_QUEUE_CONTEXT, sizeof its_context, &its_context, NULL);
	if (!code)
		code = clGetCommandQueueInfo(queue, CL_QUEUE_DEVICE, sizeof its_id, &its_id, NULL);
	if (!code)
		code = clGetCommandQueueInfo(queue, CL_QUEUE_PROPERTIES, sizeof can, &can, NULL);
	if (code)
		return onn_cl_error("onn_opencl_device", "clGetCommandQueueInfo", code);
	if (its_context != context || its_id != id)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_device: the queue is for another %s; expected one for those given",
		    its_context != context ? "context" : "device");
	if (can & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_device: the queue is out of order; expected one in order");
	if (profile && !(can & CL_QUEUE_PROFILING_ENABLE))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_device: the options ask for a profile; expected a queue with "
		    "CL_QUEUE_PROFILING_ENABLE");
	return ONN_OK;
}

onn_status onn_opencl_device(onn_device **device, cl_context context, cl_device_id id,
    cl_command_queue queue, const onn_device_options *options)
{
	onn_device_options chosen = ONN_DEVICE_OPTIONS_INIT;

	if (!device || !context || !id || !queue)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_device: %s is NULL; expected device, context, id and queue",
		    !device    ? "device"
		    : !context ? "context"
		    : !id      ? "id"
		               : "queue");
	*device = NULL;
	onn_status status =
	    onn_options_take(&chosen, options, "onn_opencl_device", "ONN_DEVICE_OPTIONS_INIT");
	if (!status)
		status = onn_device_choose_threads(&chosen.threads);
	if (!status)
		status = onn_cl_claim("onn_opencl_device");
	if (!status)
		status = check_queue(context, id, queue, chosen.profile);
	if (status)
		return status;
	cl_int code = clRetainContext(context);
	if (code)
		return onn_cl_error("onn_opencl_device", "clRetainContext", code);
	code = clRetainCommandQueue(queue);
	if (code) {
		clReleaseContext(context);
		return onn_cl_error("onn_opencl_device", "clRetainCommandQueue", code);
	}
	status = onn_cl_device_make(device, context, id, queue, false, &chosen);
	if (!status)
		snprintf((*device)->name, sizeof(*device)->name, "opencl");
	return status;
}

static onn_status check_device(const char *function, const onn_device *device)
{
	if (!device)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: device is NULL; expected an OpenCL device", function);
	if (device->backend != &onn_cl_backend)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the device is %s; expected an OpenCL device", function, device->name);
	return onn_cl_enter(function, (const onn_cl_device *)device);
}

static onn_status check_memory(const onn_cl_device *d, cl_mem memory, size_t bytes)
{
	cl_context context = NULL;
	cl_mem_object_type kind = 0;
	size_t size = 0;

	cl_int code = clGetMemObjectInfo(memory, CL_MEM_CONTEXT, sizeof context, &context, NULL);
	if (!code)
		code = clGetMemObjectInfo(memory, CL_MEM_TYPE, sizeof kind, &kind, NULL);
	if (!code)
		code = clGetMemObjectInfo(memory, CL_MEM_SIZE, sizeof size, &size, NULL);
	if (code)
		return onn_cl_error("onn_opencl_tensor", "clGetMemObjectInfo", code);
	if (context != d->context)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: the buffer is of another context; expected the device's");
	if (kind != CL_MEM_OBJECT_BUFFER)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: the memory is an image; expected a buffer");
	if (size < bytes)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: the buffer has %zu bytes; expected at least %zu", size,
		    bytes);
	return ONN_OK;
}

onn_status onn_opencl_tensor(onn_tensor **t, onn_device *device, cl_mem memory, onn_type type,
    size_t ndim, const size_t *shape)
{
	size_t bytes;
	onn_buffer *buffer = NULL;

	if (!t || !memory || (ndim > 0 && !shape))
		return onn_error(ONN_ERROR_ARGUMENT, "onn_opencl_tensor: %s is NULL",
		    !t        ? "t"
		    : !memory ? "memory"
		              : "shape");
	*t = NULL;
	onn_status status = check_device("onn_opencl_tensor", device);
	if (status)
		return status;
	if (onn_type_size(type) == 0 || ndim > ONN_MAX_DIMS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: type %d, %zu axes; expected a type and at most %d axes",
		    (int)type, ndim, ONN_MAX_DIMS);
	if (!onn_device_supports(device, type))
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_opencl_tensor: type %s; device %s (%s) has no fp64", onn_type_name(type),
		    device->name, device->description);
	if (!onn_size_product(&bytes, ndim, shape) ||
	    !onn_size_mul(&bytes, bytes, onn_type_size(type)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_opencl_tensor: the shape has too many elements to count");
	status = check_memory((onn_cl_device *)device, memory, bytes);
	if (!status)
		status = onn_cl_buffer_wrap(&buffer, (onn_cl_device *)device, memory, bytes);
	if (!status)
		status = onn_tensor_over(t, type, ndim, shape, buffer, 0, true);
	if (status)
		onn_cl_buffer_destroy(buffer);
	return status;
}

onn_status onn_opencl_buffer(cl_mem *memory, size_t *offset, const onn_tensor *t)
{
	if (!t || !memory || !offset)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_opencl_buffer: %s is NULL",
		    !t        ? "t"
		    : !memory ? "memory"
		              : "offset");
	onn_status status = check_device("onn_opencl_buffer", t->device);
	if (status)
		return status;
	*memory = ((onn_cl_buffer *)t->buffer)->memory;
	*offset = t->offset;
	return ONN_OK;
}

onn_status onn_opencl_queue(cl_command_queue *queue, const onn_device *device)
{
	if (!queue)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_opencl_queue: queue is NULL");
	onn_status status = check_device("onn_opencl_queue", device);
	if (!status)
		*queue = ((const onn_cl_device *)device)->queue;
	return status;
}
