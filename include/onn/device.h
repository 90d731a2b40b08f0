/**
 * @file
 * Devices, and the tensors that live on them.
 *
 * A device is named by a string:
 *
 *   "auto"         the first OpenCL GPU, else "c"
 *   "c"            plain C on all cores, vectorised for the processor at run time
 *   "reference"    one thread, double precision inside, no fusion: slow, and the truth
 *   "opencl"       the first OpenCL device, a GPU before a CPU
 *   "opencl:N"     the N-th OpenCL device of `onn devices`, from 0
 *   "opencl:NAME"  the first whose device or platform name contains NAME, letter case ignored
 *   "opencl-pure"  as "opencl", but kernels only, also where the device is the host's own
 *                  processor; takes ":N" and ":NAME" too
 *
 * NULL means the environment variable ONN_DEVICE, or "auto" where that is unset or empty.
 */
#ifndef ONN_DEVICE_H
#define ONN_DEVICE_H

#include <stdint.h>

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct onn_device onn_device;
typedef struct onn_tensor onn_tensor;

typedef struct onn_device_options {
	size_t size;  /**< sizeof(onn_device_options): see onn.h */
	int threads;  /**< host threads, 0: ONN_THREADS or else all cores */
	bool profile; /**< keep the time of each step for onn_plan_profile */
	bool check;   /**< run every plan step on the reference too; name the first that differs */
} onn_device_options;

#define ONN_DEVICE_OPTIONS_INIT                                                                    \
	{                                                                                          \
		sizeof(onn_device_options), 0, false, false                                        \
	}

/**
 * Opens a device. The caller destroys it after all its tensors and plans.
 *
 * Devices may be shared by threads; a tensor or a plan belongs to one thread at a time.
 *
 * @param name     see above; NULL for the environment's choice
 * @param options  NULL for the defaults
 * @return ONN_ERROR_ARGUMENT (no such name: the text lists what there is),
 *         ONN_ERROR_UNSUPPORTED (the build has no OpenCL), ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_device_create(
    onn_device **device, const char *name, const onn_device_options *options);
ONN_API void onn_device_destroy(onn_device *device);

/** Lent: the name to open this very device again, such as "c" or "opencl:1". */
ONN_API const char *onn_device_name(const onn_device *device);
/** Lent: what stands behind it, such as the processor's name and the instruction set in use. */
ONN_API const char *onn_device_description(const onn_device *device);
/** Whether elements of this type can be worked on: f64 and c128 need fp64 on the device. */
ONN_API bool onn_device_supports(const onn_device *device, onn_type type);
/** Host threads that the device's steps run on. */
ONN_API int onn_device_threads(const onn_device *device);

/** One row of `onn devices`. Texts are cut to fit. */
typedef struct onn_device_info {
	char name[64];         /**< what onn_device_create takes */
	char description[128]; /**< processor or GPU */
	char platform[128];    /**< OpenCL platform and its version; "" for the others */
	char driver[64];
	char libraries[128]; /**< what works below: "oneDNN 2.6.3, OpenBLAS 0.3.21" */
	uint64_t memory;     /**< bytes */
	unsigned units;      /**< cores or compute units */
	bool fp64;
	bool gpu;
} onn_device_info;

/**
 * Lists the devices of this machine. OpenCL platforms are first probed in a child process, since a
 * broken driver may end the process that asks it.
 *
 * @param list   receives an array; free it with onn_free
 * @param count  receives its length; at least 2 ("c" and "reference")
 */
ONN_API onn_status onn_device_list(onn_device_info **list, size_t *count);

/**
 * Makes a tensor of zeros on a device. The caller destroys it, before the device.
 *
 * @return ONN_ERROR_ARGUMENT, ONN_ERROR_UNSUPPORTED (a type that the device lacks),
 *         ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_tensor_create(
    onn_tensor **t, onn_device *device, onn_type type, size_t ndim, const size_t *shape);
/** Makes a tensor with an array's type, shape and elements. */
ONN_API onn_status onn_tensor_from_array(onn_tensor **t, onn_device *device, const onn_array *a);
ONN_API void onn_tensor_destroy(onn_tensor *t);

ONN_API onn_type onn_tensor_type(const onn_tensor *t);
ONN_API size_t onn_tensor_ndim(const onn_tensor *t);
ONN_API const size_t *onn_tensor_shape(const onn_tensor *t);
ONN_API size_t onn_tensor_count(const onn_tensor *t);
ONN_API onn_device *onn_tensor_device(const onn_tensor *t);

/** Copies all elements in; bytes must be the tensor's size in bytes exactly. */
ONN_API onn_status onn_tensor_write(onn_tensor *t, const void *data, size_t bytes);
/** Waits for work that writes the tensor, then copies all elements out. */
ONN_API onn_status onn_tensor_read(void *data, const onn_tensor *t, size_t bytes);
/** The tensor as a new host array. */
ONN_API onn_status onn_tensor_to_array(onn_array **a, const onn_tensor *t);

#ifdef __cplusplus
}
#endif

#endif
