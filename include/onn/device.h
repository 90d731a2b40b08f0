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
 * After fork() the child may go on with devices of its parent's that are "c" or "reference", and
 * starts threads of its own for them. OpenCL's drivers lose theirs: there all but destroying is
 * ONN_ERROR_DEVICE, also opening OpenCL devices anew, if the parent had one open. Fork first.
 *
 * NULL means the environment variable ONN_DEVICE, or "auto" where that is unset or empty.
 *
 * A program that runs parallel regions of OpenMP between runs of plans gives the name of OpenMP's
 * library, such as "libgomp.so.1", or of one that depends on it: behind a region its threads look
 * for the next one for milliseconds, and threads of the device's own would wait for a processor.
 * Host steps then run on those; on the device's own where a run gets fewer than it has, as inside
 * of a region, and after fork().
 */
#ifndef ONN_DEVICE_H
#define ONN_DEVICE_H

#include <stdint.h>

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What runs plans: a processor, a GPU. */
typedef struct onn_device onn_device;
/** Elements of one type in a dense row-major shape, on a device. */
typedef struct onn_tensor onn_tensor;

/** How to open a device. */
typedef struct onn_device_options {
	size_t size;  /**< sizeof(onn_device_options): see onn.h */
	int threads;  /**< host threads, 0: ONN_THREADS or else all cores */
	bool profile; /**< keep the time of each step for onn_plan_profile */
	bool check;   /**< run every plan step on the reference too; name the first that differs */
	const char *openmp; /**< NULL, or a library whose threads host steps run on: see above */
} onn_device_options;

/** The usual number of threads, the device's own; no profile, no check. */
#define ONN_DEVICE_OPTIONS_INIT                                                                    \
	{                                                                                          \
		sizeof(onn_device_options), 0, false, false, NULL                                  \
	}

/**
 * Opens a device. The caller destroys it after all its tensors and plans.
 *
 * Devices may be shared by threads; a tensor or a plan belongs to one thread at a time.
 *
 * @param device   receives the device
 * @param name     see above; NULL for the environment's choice
 * @param options  NULL for the defaults
 * @return ONN_ERROR_ARGUMENT (no such name: the text lists what there is),
 *         ONN_ERROR_UNSUPPORTED (the build has no OpenCL; no such library of OpenMP),
 *         ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_device_create(
    onn_device **device, const char *name, const onn_device_options *options);
/** Closes a device. Its tensors and plans are to be destroyed before. NULL is fine. */
ONN_API void onn_device_destroy(onn_device *device);

/** Lent: the name to open this very device again, such as "c" or "opencl:1". */
ONN_API const char *onn_device_name(const onn_device *device);
/** Lent: what stands behind it, such as the processor's name and the instruction set in use. */
ONN_API const char *onn_device_description(const onn_device *device);
/**
 * Lent, and changes as plans are made: what was found wrong on the device and is done otherwise, a
 * line for people: "VkFFT, c128 2 of 1080 x 1920: off by 4.2; own kernels do it". "" where all is
 * well. Libraries and our own kernels are tried on known numbers before a plan uses them
 * (docs/architecture.md).
 */
ONN_API const char *onn_device_remark(const onn_device *device);
/** Whether elements of this type can be worked on: f64 and c128 need fp64 on the device. */
ONN_API bool onn_device_supports(const onn_device *device, onn_type type);
/** Host threads that the device's steps run on. */
ONN_API int onn_device_threads(const onn_device *device);

/** One row of `onn devices`. Texts are cut to fit. */
typedef struct onn_device_info {
	char name[64];         /**< what onn_device_create takes */
	char description[128]; /**< processor or GPU */
	char platform[128];    /**< OpenCL platform and its version; "" for the others */
	char driver[64];       /**< the driver's version; "" for the others */
	char libraries[128];   /**< what works below: "oneDNN 2.6.3, OpenBLAS 0.3.21" */
	uint64_t memory;       /**< bytes */
	unsigned units;        /**< cores or compute units */
	bool fp64;             /**< f64 and c128 can be worked on */
	bool gpu;              /**< a graphics processor */
	char trials[512]; /**< OpenCL: what trials of its kernels and libraries came to, which are
	                          kept beside cached programs: "own kernels in f32: right"; "": none
	                          yet */
} onn_device_info;

/**
 * Lists the devices of this machine. OpenCL platforms are first probed in a child process, since a
 * broken driver may end the process that asks it.
 *
 * @param list   receives an array; free it with onn_free
 * @param count  receives its length; at least 2 ("c" and "reference")
 * @return ONN_ERROR_ARGUMENT (a NULL), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_device_list(onn_device_info **list, size_t *count);

/**
 * Lent, until the process ends: what onn_device_list and "auto" leave out that should be a device,
 * for people: a driver that ends the process that asks it, a platform or device that is there and
 * of no use, with the cause where it is known. "" where nothing is amiss. "auto" goes on to the
 * next best device without an error; a program tells its user with this.
 */
ONN_API const char *onn_device_amiss(void);

/**
 * Whether a device of this process did not come back from a launch or a build within the seconds of
 * ONN_OPENCL_LIMIT (300; 0: no limit). What was asked of it failed with ONN_ERROR_DEVICE, all that
 * is asked of it later does, too, and what it was given stays lost: its driver is not called any
 * more. exit() calls what drivers want done at the end, which may not come back either: a program
 * that is to end then does so by _Exit(), behind fflush(NULL).
 */
ONN_API bool onn_device_stuck(void);

/**
 * Makes a tensor of zeros on a device. The caller destroys it, before the device.
 *
 * @param t       receives the tensor
 * @param device  where it lives
 * @param type    of its elements
 * @param ndim    0 to ONN_MAX_DIMS
 * @param shape   ndim sizes, read at once; sizes of 0 are fine
 * @return ONN_ERROR_ARGUMENT, ONN_ERROR_UNSUPPORTED (a type that the device lacks),
 *         ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_tensor_create(
    onn_tensor **t, onn_device *device, onn_type type, size_t ndim, const size_t *shape);
/** Makes a tensor with an array's type, shape and elements, which are copied. Errors as
 * onn_tensor_create. */
ONN_API onn_status onn_tensor_from_array(onn_tensor **t, onn_device *device, const onn_array *a);
/** Frees a tensor. No plan that it is bound to may run after that. NULL is fine. */
ONN_API void onn_tensor_destroy(onn_tensor *t);

/** Type of its elements. */
ONN_API onn_type onn_tensor_type(const onn_tensor *t);
/** Number of axes. */
ONN_API size_t onn_tensor_ndim(const onn_tensor *t);
/** Lent: ndim sizes. */
ONN_API const size_t *onn_tensor_shape(const onn_tensor *t);
/** Number of elements: the product of the sizes, 1 for ndim 0. */
ONN_API size_t onn_tensor_count(const onn_tensor *t);
/** Lent: the device that it lives on. */
ONN_API onn_device *onn_tensor_device(const onn_tensor *t);

/** Copies all elements in; bytes must be the tensor's size in bytes exactly. ONN_ERROR_ARGUMENT,
 * ONN_ERROR_DEVICE. */
ONN_API onn_status onn_tensor_write(onn_tensor *t, const void *data, size_t bytes);
/** Waits for work that writes the tensor, then copies all elements out; bytes as in
 * onn_tensor_write. ONN_ERROR_ARGUMENT, ONN_ERROR_DEVICE. */
ONN_API onn_status onn_tensor_read(void *data, const onn_tensor *t, size_t bytes);
/** The tensor as a new host array, which the caller destroys. ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY,
 * ONN_ERROR_DEVICE. */
ONN_API onn_status onn_tensor_to_array(onn_array **a, const onn_tensor *t);

#ifdef __cplusplus
}
#endif

#endif
