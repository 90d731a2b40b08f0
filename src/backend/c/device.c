/* The device "c": its buffers are the host's memory, its steps run on a pool of threads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/host_buffer.h"
#include "backend/c/c_backend.h"
#include "backend/c/product/gemm.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

typedef struct c_device {
	onn_device base;
	onn_pool *pool;
} c_device;

typedef struct c_executable {
	onn_executable base;
	onn_c_executable *steps;
	void *memory[]; /* of a run */
} c_executable;

static void close_device(onn_device *device)
{
	c_device *d = (c_device *)device;
	onn_pool_destroy(d->pool);
	free(d);
}

static onn_status prepare(
    onn_executable **executable, onn_device *device, const onn_schedule *schedule)
{
	*executable = NULL;
	size_t bytes = sizeof(c_executable) + schedule->nmemory * sizeof(void *);
	c_executable *made = calloc(1, bytes);
	if (!made)
		return onn_error_memory("onn_plan_create", bytes);
	made->base = (onn_executable){device, schedule};
	onn_status status = onn_c_executable_create(
	    &made->steps, schedule, ((c_device *)device)->pool, device->profile, device->check);
	if (status) {
		free(made);
		return status;
	}
	*executable = &made->base;
	return ONN_OK;
}

static void executable_destroy(onn_executable *executable)
{
	if (!executable)
		return;
	onn_c_executable_destroy(((c_executable *)executable)->steps);
	free(executable);
}

static onn_status run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	c_executable *e = (c_executable *)executable;
	onn_status status = onn_pool_enter(((c_device *)e->base.device)->pool);
	if (status)
		return status;
	for (uint32_t i = 0; i < e->base.schedule->nmemory; i++)
		e->memory[i] = buffers[i] ? ((onn_host_buffer *)buffers[i])->data : NULL;
	onn_c_executable_run(e->steps, e->memory, first, count);
	return ONN_OK;
}

static const char *describe_step(const onn_executable *executable, uint32_t step)
{
	return onn_c_executable_describe(((const c_executable *)executable)->steps, step);
}

static onn_status profile(double *seconds, uint64_t *runs, onn_executable *executable)
{
	onn_c_executable_profile(seconds, runs, ((c_executable *)executable)->steps);
	return ONN_OK;
}

static const onn_backend c_backend = {
    .close = close_device,
    ONN_HOST_BUFFERS,
    .prepare = prepare,
    .executable_destroy = executable_destroy,
    .run = run,
    .describe = describe_step,
    .profile = profile,
};

static void describe(char *text, size_t room)
{
	char processor[96];
	onn_processor_name(processor, sizeof processor);
	snprintf(text, room, "%s%s%s", processor, processor[0] ? ", " : "", onn_c_isa());
}

onn_status onn_c_open(onn_device **device, const onn_device_options *options)
{
	*device = NULL;
	c_device *made = calloc(1, sizeof *made);
	if (!made)
		return onn_error_memory("onn_device_create", sizeof *made);
	onn_status status = onn_pool_create(&made->pool, options->threads, options->openmp);
	if (status) {
		free(made);
		return status;
	}
	onn_gemm_init();
	made->base.backend = &c_backend;
	made->base.threads = options->threads;
	made->base.profile = options->profile;
	made->base.check = options->check;
	made->base.fp64 = true;
	snprintf(made->base.name, sizeof made->base.name, "c");
	describe(made->base.description, sizeof made->base.description);
	*device = &made->base;
	return ONN_OK;
}

void onn_c_info(onn_device_info *info)
{
	memset(info, 0, sizeof *info);
	snprintf(info->name, sizeof info->name, "c");
	describe(info->description, sizeof info->description);
	onn_c_libraries(info->libraries, sizeof info->libraries);
	info->memory = onn_physical_memory();
	info->units = (unsigned)onn_processors();
	info->fp64 = true;
}
