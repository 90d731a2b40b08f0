/**
 * @file
 * OpenCL objects of your own as devices and tensors, and onn's as OpenCL objects.
 *
 * Not part of onn.h, since it needs OpenCL's headers (Debian: opencl-headers). In a build of onn
 * without OpenCL these functions are not there.
 *
 *     onn_opencl_device(&device, context, id, queue, NULL);
 *     onn_opencl_tensor(&x, device, memory, ONN_F32, 2, shape);
 *     onn_plan_bind(plan, "x", x);
 *     clEnqueueWriteBuffer(queue, memory, ...);
 *     onn_plan_run(plan);                    queue is in order, so nothing needs to wait
 *     onn_opencl_buffer(&result, &offset, onn_plan_output(plan, 0));
 *     clEnqueueReadBuffer(queue, result, CL_TRUE, offset, ...);
 */
#ifndef ONN_OPENCL_H
#define ONN_OPENCL_H

#ifdef __APPLE__
#include <OpenCL/cl.h>
#else
#include <CL/cl.h>
#endif

#include <onn/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a device over a context, a device of that context and a queue for it.
 *
 * The device retains the context and the queue and releases them when it is destroyed; the caller
 * keeps and releases its own references. All of onn's work goes into that queue, in order with the
 * caller's. Another thread may use the queue as OpenCL allows.
 *
 * @param device   receives the device; the caller destroys it after its tensors and plans
 * @param context  that the device belongs to
 * @param id       the device, of that context
 * @param queue    in order; made with CL_QUEUE_PROFILING_ENABLE where options ask for a profile
 * @param options  NULL for the defaults
 * @return ONN_ERROR_ARGUMENT (a queue of another device or context, out of order, or without
 *         profiling), ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 * @note   Its name is "opencl"; a CPU that runs native kernels runs plans in them, on threads of
 * onn's own, unless the environment sets ONN_OPENCL_NATIVE=0.
 */
ONN_API onn_status onn_opencl_device(onn_device **device, cl_context context, cl_device_id id,
    cl_command_queue queue, const onn_device_options *options);

/**
 * Makes a tensor whose elements are those of a buffer, from its start, dense and row-major. Nothing
 * is copied.
 *
 * The tensor retains the buffer and releases it when it is destroyed. Work of another queue on the
 * buffer must be done before onn's begins, and the other way round.
 *
 * @param t       receives the tensor; the caller destroys it, before the device
 * @param device  an OpenCL device of onn's over the buffer's context
 * @param memory  readable and writable, at least as large as the elements; for native kernels its
 *                memory must start at a multiple of 64, as all but CL_MEM_USE_HOST_PTR of odd
 *                addresses does
 * @param type    of its elements
 * @param ndim    0 to ONN_MAX_DIMS
 * @param shape   ndim sizes, read at once
 * @return ONN_ERROR_ARGUMENT (not an OpenCL device, another context, too small),
 * ONN_ERROR_UNSUPPORTED (a type that the device lacks), ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_opencl_tensor(onn_tensor **t, onn_device *device, cl_mem memory,
    onn_type type, size_t ndim, const size_t *shape);

/**
 * The buffer that a tensor lives in. Lent: valid as long as the tensor (a plan's output: as the
 * plan); retain it to keep it longer. Work that the caller enqueues in the device's queue is in
 * order with onn's.
 *
 * @param memory  receives the buffer
 * @param offset  receives where the tensor starts, in bytes
 * @param t       on an OpenCL device
 * @return ONN_ERROR_ARGUMENT (not on an OpenCL device)
 */
ONN_API onn_status onn_opencl_buffer(cl_mem *memory, size_t *offset, const onn_tensor *t);

/** Lent: the queue of an OpenCL device, as long as the device; ONN_ERROR_ARGUMENT for another. */
ONN_API onn_status onn_opencl_queue(cl_command_queue *queue, const onn_device *device);

#ifdef __cplusplus
}
#endif

#endif
