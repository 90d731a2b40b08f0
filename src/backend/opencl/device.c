/* An OpenCL device: its context, queue and what it can do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "backend/opencl/opencl_backend.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

const onn_backend onn_cl_backend = {
    .compiles = true,
    .close = onn_cl_close,
    .buffer_create = onn_cl_buffer_create,
    .buffer_destroy = onn_cl_buffer_destroy,
    .buffer_write = onn_cl_buffer_write,
    .buffer_read = onn_cl_buffer_read,
    .trust = onn_cl_trust,
    .copies = onn_cl_copies,
    .prepare = onn_cl_prepare,
    .executable_destroy = onn_cl_executable_destroy,
    .run = onn_cl_run,
    .wait = onn_cl_wait,
    .describe = onn_cl_describe,
    .cost = onn_cl_cost,
    .profile = onn_cl_profile,
};

void onn_cl_device_text(char *text, size_t room, cl_device_id id, cl_device_info what)
{
	size_t size = 0;
	char *whole;

	text[0] = '\0';
	if (clGetDeviceInfo(id, what, 0, NULL, &size) || size == 0 || !(whole = malloc(size + 1)))
		return;
	if (clGetDeviceInfo(id, what, size, whole, NULL) == CL_SUCCESS) {
		whole[size] = '\0';
		snprintf(text, room, "%s", whole);
	}
	free(whole);
}

static cl_ulong device_number(cl_device_id id, cl_device_info what, size_t size)
{
	unsigned char bytes[8] = {0};
	cl_uint small;
	cl_ulong large;

	if (clGetDeviceInfo(id, what, size, bytes, NULL))
		return 0;
	memcpy(&small, bytes, sizeof small);
	memcpy(&large, bytes, sizeof large);
	return size == sizeof small ? small : large;
}

bool onn_cl_device_fp64(cl_device_id id)
{
	/* 1.2 reports a configuration of 0 where there is no fp64 */
	return device_number(id, CL_DEVICE_DOUBLE_FP_CONFIG, sizeof(cl_device_fp_config)) != 0;
}

bool onn_cl_device_native(cl_device_id id)
{
	cl_ulong type = device_number(id, CL_DEVICE_TYPE, sizeof(cl_device_type));
	cl_ulong can = device_number(
	    id, CL_DEVICE_EXECUTION_CAPABILITIES, sizeof(cl_device_exec_capabilities));

	return type & CL_DEVICE_TYPE_CPU && !(type & CL_DEVICE_TYPE_GPU) &&
	       can & CL_EXEC_NATIVE_KERNEL;
}

bool onn_cl_device_gpu(cl_device_id id)
{
	cl_ulong type = device_number(id, CL_DEVICE_TYPE, sizeof(cl_device_type));

	/* Oclgrind is of every type at once */
	return type & CL_DEVICE_TYPE_GPU && !(type & CL_DEVICE_TYPE_CPU);
}

/* Names: for people, and for the keys of cached programs. */
static void learn_names(onn_cl_device *d)
{
	char name[128], vendor[64], version[128], driver[64], platform_name[64] = "";
	cl_platform_id platform = NULL;

	onn_cl_device_text(name, sizeof name, d->id, CL_DEVICE_NAME);
	onn_cl_device_text(vendor, sizeof vendor, d->id, CL_DEVICE_VENDOR);
	onn_cl_device_text(version, sizeof version, d->id, CL_DEVICE_VERSION);
	onn_cl_device_text(driver, sizeof driver, d->id, CL_DRIVER_VERSION);
	clGetDeviceInfo(d->id, CL_DEVICE_PLATFORM, sizeof platform, &platform, NULL);
	clGetPlatformInfo(
	    platform, CL_PLATFORM_NAME, sizeof platform_name - 1, platform_name, NULL);
	snprintf(d->identity, sizeof d->identity, "%s|%s|%s|%s", name, vendor, version, driver);
	snprintf(d->base.description, sizeof d->base.description, "%.70s, %.35s %.20s", name,
	    platform_name, driver);
	/*
	 * PoCL keeps compiled kernels itself; asking it for a binary makes it compile each kernel
	 * once more, for groups of any size (0.06 s a kernel).
	 */
	d->cache = onn_cl_choice("ONN_OPENCL_CACHE", !strstr(version, "PoCL"));
}

/* The most work items of a group, and of a group's rows: a driver may allow few along an axis. */
static void learn_groups(onn_cl_device *d)
{
	size_t group = 0, axes = 0, each[16] = {0};

	if (clGetDeviceInfo(d->id, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof group, &group, NULL))
		group = 1;
	d->rows = group;
	if (!clGetDeviceInfo(d->id, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof each, each, &axes) &&
	    axes >= 2 * sizeof each[0]) {
		group = group < each[0] ? group : each[0];
		d->rows = d->rows < each[1] ? d->rows : each[1];
	}
	for (d->group = ONN_CL_GROUP; d->group > group && d->group > 1; d->group /= 2)
		;
}

enum { INTEL = 0x8086, AMD = 0x1002 }; /* as vendors of PCI devices */

static void learn(onn_cl_device *d)
{
	d->base.fp64 = onn_cl_device_fp64(d->id);
	d->gpu = onn_cl_device_gpu(d->id);
	d->units = (cl_uint)device_number(d->id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(cl_uint));
	/* Intel counts what of others' units is an eighth: eight of its share a group's local
	 * memory */
	if (d->gpu && device_number(d->id, CL_DEVICE_VENDOR_ID, sizeof(cl_uint)) == INTEL)
		d->units /= 8;
	if (d->units == 0)
		d->units = 1;
	d->local = device_number(d->id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof(cl_ulong));
	d->lanes = device_number(d->id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, sizeof(cl_uint));
	d->max_alloc = device_number(d->id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof(cl_ulong));
	d->divide = device_number(d->id, CL_DEVICE_SINGLE_FP_CONFIG, sizeof(cl_device_fp_config)) &
	            CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;
	learn_groups(d);
}

onn_status onn_cl_check_size(const onn_cl_device *d, const char *what, size_t bytes)
{
	if (bytes <= d->max_alloc)
		return ONN_OK;
	const bool amd = device_number(d->id, CL_DEVICE_VENDOR_ID, sizeof(cl_uint)) == AMD;
	return onn_error(ONN_ERROR_MEMORY,
	    "%s %zu bytes; device %s (%s) takes at most %llu bytes in one piece%s", what, bytes,
	    d->base.name, d->base.description, (unsigned long long)d->max_alloc,
	    amd ? "; with GPU_SINGLE_ALLOC_PERCENT=100 in the environment its driver takes more"
	        : "");
}

/*
 * A program may end with work in the queue: PoCL's compiler, oneDNN and others would be torn down
 * under the threads that still use them, which ends in SIGABRT or SIGSEGV. So the end of the
 * process waits for all work, before all is torn down that was loaded or made before. The list is
 * under the process's one lock.
 */
static onn_cl_device *open_devices;

static void finish_all(void)
{
	onn_global_lock();
	for (onn_cl_device *d = open_devices; d; d = d->next)
		if (d->awaiting && !onn_cl_inherited(d)) {
			onn_cl_rest(d);
			onn_watch_destroy(d->watch);
			d->watch = NULL;
			d->process = 0; /* who destroys it later still asks no driver */
		}
	onn_global_unlock();
}

static void list_device(onn_cl_device *d)
{
	onn_global_lock();
	d->next = open_devices;
	open_devices = d;
	onn_global_unlock();
}

void onn_cl_finish_at_exit(void) { onn_at_exit(finish_all); }

static void unlist_device(onn_cl_device *d)
{
	onn_global_lock();
	onn_cl_device **at = &open_devices;
	while (*at && *at != d)
		at = &(*at)->next;
	if (*at)
		*at = d->next;
	onn_global_unlock();
}

onn_status onn_cl_claim(const char *function)
{
	static atomic_long owner;
	long here = onn_process(), now = 0;

	if (atomic_compare_exchange_strong(&owner, &now, here) || now == here)
		return ONN_OK;
	return onn_error(ONN_ERROR_DEVICE,
	    "%s: OpenCL was in use before fork(), and its drivers' threads are not in this "
	    "process; "
	    "expected device c or reference, OpenCL after fork() only, or exec",
	    function);
}

bool onn_cl_inherited(const onn_cl_device *d)
{
	return d->process != onn_process() || atomic_load(&d->stuck);
}

onn_status onn_cl_enter(const char *function, const onn_cl_device *d)
{
	if (!onn_cl_inherited(d))
		return ONN_OK;
	if (d->process == onn_process())
		return onn_error(ONN_ERROR_DEVICE,
		    "%s: device %s has not answered within %g s (ONN_OPENCL_LIMIT), and is not "
		    "used any more",
		    function, d->base.name, d->limit);
	return onn_error(ONN_ERROR_DEVICE,
	    "%s: device %s was made before fork(), and its driver's threads are not in this "
	    "process, or the process is at its end",
	    function, d->base.name);
}

onn_status onn_cl_device_make(onn_device **device, cl_context context, cl_device_id id,
    cl_command_queue queue, bool pure, const onn_device_options *options)
{
	onn_cl_device *d = calloc(1, sizeof *d);
	onn_status status = ONN_OK;

	if (!d) {
		clReleaseCommandQueue(queue);
		clReleaseContext(context);
		return onn_error_memory("onn_device_create", sizeof *d);
	}
	d->base.backend = &onn_cl_backend;
	d->base.threads = 1;
	d->base.profile = options->profile;
	d->base.check = options->check;
	d->context = context;
	d->id = id;
	d->queue = queue;
	d->process = onn_process();
	list_device(d);
	onn_cl_finish_at_exit();
	learn_names(d);
	learn(d);
	status = onn_mutex_create(&d->lock);
	if (!status)
		status = onn_mutex_create(&d->asking);
	if (!status)
		status = onn_mutex_create(&d->awaiting);
	if (!status)
		status = onn_cl_limit(&d->limit);
	if (status)
		goto fail;
	d->serial_items = onn_cl_device_native(id);
	d->native = !pure && d->serial_items && onn_cl_choice("ONN_OPENCL_NATIVE", true);
	if (d->native) {
		status = onn_pool_create(&d->pool, options->threads, options->openmp);
		if (status)
			goto fail;
		d->base.threads = onn_pool_threads(d->pool);
	}
	status = onn_cl_fft_choose(d);
	if (status)
		goto fail;
	d->clblast = onn_cl_gemm_wanted(d->gpu);
	*device = &d->base;
	return ONN_OK;
fail:
	onn_cl_close(&d->base);
	return status;
}

/* Without a call of the driver. */
static void close_alone(onn_cl_device *d)
{
	if (d->process == onn_process())
		onn_watch_destroy(d->watch);
	else
		onn_watch_abandon(d->watch);
	onn_mutex_abandon(d->lock);
	onn_mutex_abandon(d->asking);
	onn_mutex_abandon(d->awaiting);
	onn_pool_destroy(d->pool);
	onn_free_all(d->gain, d->tried, d->mark, d);
}

void onn_cl_close(onn_device *device)
{
	onn_cl_device *d = (onn_cl_device *)device;

	unlist_device(d);
	if (d->lock && d->asking && d->awaiting && !onn_cl_inherited(d))
		onn_cl_rest(d);
	if (onn_cl_inherited(d) || atomic_load(&d->left)) {
		close_alone(d);
		return;
	}
	onn_watch_destroy(d->watch);
	for (size_t i = 0; i < ONN_CL_RECENT; i++)
		if (d->recent[i].program)
			clReleaseProgram(d->recent[i].program);
	onn_pool_destroy(d->pool);
	clReleaseCommandQueue(d->queue);
	clReleaseContext(d->context);
	onn_mutex_destroy(d->lock);
	onn_mutex_destroy(d->asking);
	onn_mutex_destroy(d->awaiting);
	onn_free_all(d->gain, d->tried, d->mark, d);
}

onn_status onn_cl_wait(onn_device *device)
{
	onn_cl_device *d = (onn_cl_device *)device;
	onn_status status = onn_cl_enter("onn_plan_wait", d);

	if (!status)
		status = onn_cl_settle(d, "onn_plan_wait");
	if (status)
		return status;
	cl_int code = clFinish(d->queue);
	if (!code)
		onn_cl_land(d);
	return code ? onn_cl_error("onn_plan_wait", "clFinish", code) : ONN_OK;
}
