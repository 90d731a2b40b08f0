/* The device "reference": its buffers, and the table of its steps. */
#include "backend/reference/reference.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

typedef struct ref_executable {
	onn_executable base;
	uint64_t runs;
	double seconds[]; /* a number a step */
} ref_executable;

static void close_device(onn_device *device) { free(device); }

static onn_status prepare(
    onn_executable **executable, onn_device *device, const onn_schedule *schedule)
{
	size_t bytes = sizeof(ref_executable) + schedule->nsteps * sizeof(double);
	ref_executable *made = calloc(1, bytes);

	*executable = NULL;
	if (!made)
		return onn_error_memory("onn_plan_create", bytes);
	made->base = (onn_executable){device, schedule};
	*executable = &made->base;
	return ONN_OK;
}

static void executable_destroy(onn_executable *executable) { free(executable); }

static onn_status (*const step_function[])(const onn_ref_run *, const onn_step *) = {
#define ONN_STEP_KIND(id, name, ...) [ONN_STEP_##id] = onn_ref_##name,
#include "backend/step_kinds.def"
};

static onn_status run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	ref_executable *e = (ref_executable *)executable;
	onn_ref_run r = {executable->schedule, buffers};

	for (uint32_t i = first; i < first + count; i++) {
		double start = executable->device->profile ? onn_clock() : 0;
		const onn_step *step = &executable->schedule->step[i];
		onn_status status = step_function[step->kind](&r, step);
		if (status)
			return status;
		if (executable->device->profile)
			e->seconds[i] += onn_clock() - start;
	}
	/* a run may come in pieces; its last step counts it */
	e->runs += first + count == executable->schedule->nsteps;
	return ONN_OK;
}

static const char *describe(const onn_executable *executable, uint32_t step)
{
	(void)executable, (void)step;
	return "";
}

static onn_status profile(double *seconds, uint64_t *runs, onn_executable *executable)
{
	ref_executable *e = (ref_executable *)executable;

	memcpy(seconds, e->seconds, executable->schedule->nsteps * sizeof *seconds);
	*runs = e->runs;
	return ONN_OK;
}

static const onn_backend reference_backend = {
    .unfused = true,
    .close = close_device,
    ONN_HOST_BUFFERS,
    .prepare = prepare,
    .executable_destroy = executable_destroy,
    .run = run,
    .describe = describe,
    .profile = profile,
};

static const char description[] = "one thread, double precision, no fusion: for comparison";

onn_status onn_reference_open(onn_device **device, const onn_device_options *options)
{
	onn_device *made = calloc(1, sizeof *made);

	*device = NULL;
	if (!made)
		return onn_error_memory("onn_device_create", sizeof *made);
	made->backend = &reference_backend;
	strcpy(made->name, "reference");
	strcpy(made->description, description);
	made->threads = 1;
	made->profile = options->profile;
	made->check = options->check;
	made->fp64 = true;
	*device = made;
	return ONN_OK;
}

void onn_reference_info(onn_device_info *info)
{
	memset(info, 0, sizeof *info);
	strcpy(info->name, "reference");
	strcpy(info->description, description);
	info->memory = onn_physical_memory();
	info->units = 1;
	info->fp64 = true;
}
