/*
 * The dispatcher's contract: what a device can be asked. Plans and tensors call these through the
 * device; nobody above this line knows which backend answers.
 *
 * A device, a buffer and an executable are structures of the backend's own that start with the base
 * given here.
 */
#ifndef ONN_SRC_BACKEND_BACKEND_H
#define ONN_SRC_BACKEND_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/device.h>

#include "backend/schedule.h"

typedef struct onn_backend onn_backend;

struct onn_device {
	const onn_backend *backend;
	char name[64];
	char description[128];
	char remark[256]; /* onn_device_remark */
	int threads;
	bool profile;
	bool check;
	bool fp64;
};

typedef struct onn_buffer {
	onn_device *device;
	size_t bytes;
} onn_buffer;

typedef struct onn_executable {
	onn_device *device;
	const onn_schedule *schedule;
} onn_executable;

/* What a device's own kernels answer in a precision, f32 or f64, where it is known: wrong is "", or
 * says what is ("products off by 0.5"). */
typedef onn_status onn_ask(char *wrong, size_t room, onn_device *device, onn_type real);

struct onn_backend {
	/* Plans for this backend hold one operation a step. */
	bool unfused;
	/* Plans may have to compile a kernel for each step. */
	bool compiles;

	void (*close)(onn_device *device);

	/* bytes may be 0. Contents are zeros. Memory is aligned to at least ONN_VALUE_ALIGN. */
	onn_status (*buffer_create)(onn_buffer **buffer, onn_device *device, size_t bytes);
	void (*buffer_destroy)(onn_buffer *buffer);
	/* Both wait for earlier runs that touch the buffer, and return when the copy is done. */
	onn_status (*buffer_write)(
	    onn_buffer *buffer, size_t offset, const void *data, size_t bytes);
	onn_status (*buffer_read)(void *data, onn_buffer *buffer, size_t offset, size_t bytes);

	/* NULL, or what comes before the first plan with values of this precision: the device asks
	 * its own kernels. ONN_ERROR_DEVICE: it cannot do without what is wrong. */
	onn_status (*trust)(onn_device *device, onn_type real, onn_ask *ask);
	/* NULL: it takes no schedules of several copies. Whether a run of these is faster on the
	 * device than runs one by one; prepare may yet refuse one, ONN_ERROR_UNSUPPORTED. */
	bool (*copies)(const onn_device *device);
	/* Compiles, chooses, allocates: all that a run must not do. */
	onn_status (*prepare)(
	    onn_executable **executable, onn_device *device, const onn_schedule *schedule);
	void (*executable_destroy)(onn_executable *executable);
	/* Runs steps first ... first+count-1; buffers has schedule->nmemory entries. May return
	 * before the work is done. */
	onn_status (*run)(
	    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count);
	onn_status (*wait)(onn_device *device);
	/* How the device does a step, for people: "adam", "joined with 12"; "" where there is
	 * nothing to say. It lives as long as the executable. */
	const char *(*describe)(const onn_executable *executable, uint32_t step);
	/* NULL, or how many commands a run gives a queue for a step, and the bytes that these read
	 * and write; bytes stay as they are where nothing is queued at all. */
	void (*cost)(
	    size_t *launches, double *bytes, const onn_executable *executable, uint32_t step);
	/* Seconds that each step took over all runs (nsteps numbers), and the number of runs; only
	 * on a device opened with profile. */
	onn_status (*profile)(double *seconds, uint64_t *runs, onn_executable *executable);
};

/* Replaces 0 threads by ONN_THREADS, or by all processors; checks the number. */
onn_status onn_device_choose_threads(int *threads);

/* Openers of the backends; name is the part that dispatch.c did not use up. */
onn_status onn_reference_open(onn_device **device, const onn_device_options *options);
onn_status onn_c_open(onn_device **device, const onn_device_options *options);
/* rest: "", ":N" or ":NAME"; pure: no native kernels. */
onn_status onn_opencl_open(
    onn_device **device, const char *rest, bool pure, const onn_device_options *options);
/* True where an OpenCL GPU was found. Probes in a child process, once; false on any failure. */
bool onn_opencl_has_gpu(void);
/* onn_device_stuck. */
bool onn_opencl_is_stuck(void);
/* Lent: onn_device_amiss's text. */
const char *onn_opencl_amiss(void);
/* Appends a row per OpenCL device to list, which has room for `room`; returns how many there
 * are. */
size_t onn_opencl_list(onn_device_info *list, size_t room);
/* The texts of `onn devices` for the other two. */
void onn_c_info(onn_device_info *info);
void onn_reference_info(onn_device_info *info);

#endif
