/*
 * Executables: from a schedule to a list of launches and their kernels, and runs of that list.
 */
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

#include "backend/opencl/merge.h"
#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

/* ---- making the list ---- */

static onn_status (*const add[])(onn_cl_executable *, uint32_t) = {
#define ONN_STEP_KIND(id, name, ...) [ONN_STEP_##id] = onn_cl_add_##name,
#include "backend/step_kinds.def"
};

static onn_status add_all(onn_cl_executable *e)
{
	const onn_schedule *s = e->base.schedule;
	onn_status status = ONN_OK;

	for (uint32_t i = 0; !status && i < s->nsteps; i++) {
		status = onn_cl_fft_go_on(e, i);
		if (!status && !e->taken[i])
			status = add[s->step[i].kind](e, i);
	}
	return status ? status : onn_cl_fft_go_on(e, s->nsteps);
}

/* ---- building it ---- */

static bool uses_fp64(const onn_schedule *s)
{
	for (uint32_t i = 0; i < s->nvalues; i++)
		if (onn_type_real(s->value[i].type) == ONN_F64)
			return true;
	for (uint32_t i = 0; i < s->nsteps; i++) {
		const onn_step *step = &s->step[i];
		if (!onn_step_has_program(step->kind))
			continue;
		const onn_program *p = &step->u.pointwise.program;
		for (uint32_t j = 0; j < p->ninstrs; j++)
			if (onn_type_real(p->instr[j].type) == ONN_F64)
				return true;
		for (uint32_t j = 0; j < p->nimmediates; j++)
			if (onn_type_real(p->immediate[j].type) == ONN_F64)
				return true;
	}
	return false;
}

/* text with the number in place of each '@' */
static void print_section(onn_text *source, const char *text, size_t number)
{
	char part[256];

	while (*text) {
		size_t length = strcspn(text, "@");
		if (length > 0) {
			length = length < sizeof part ? length : sizeof part - 1;
			memcpy(part, text, length);
			part[length] = '\0';
			onn_text_add(source, "%s", part);
			text += length;
			continue;
		}
		onn_text_add(source, "%zu", number);
		text++;
	}
}

/* One program holds all kernels of a schedule. */
static onn_status build(onn_cl_executable *e, cl_program *program)
{
	onn_text source = {0};
	onn_status status;

	onn_text_add(
	    &source, "#define ONN_FP64 %d\n", e->fp64 || uses_fp64(e->base.schedule) ? 1 : 0);
	onn_text_add(&source, "%s", onn_cl_text_all);
	if (e->functions.data)
		onn_text_add(&source, "%s", e->functions.data);
	for (size_t i = 0; i < e->sections; i++)
		print_section(&source, e->section[i].text, i);
	if (source.failed || e->functions.failed)
		status = onn_error_memory("onn_plan_create", source.length);
	else
		status = onn_cl_program(program, e->device, source.data);
	onn_text_free(&source);
	return status;
}

/* Sets what no run changes: numbers, local and the executable's own memory. */
static onn_status set_numbers(onn_cl_executable *e, const onn_cl_launch *l)
{
	for (size_t i = 0; i < l->arguments; i++) {
		const onn_cl_argument *a = &e->argument[l->first_argument + i];
		cl_int code = CL_SUCCESS;
		if (a->kind == ONN_CL_BYTES)
			code = clSetKernelArg(l->kernel, (cl_uint)i, a->size, a->bytes);
		else if (a->kind == ONN_CL_LOCAL)
			code = clSetKernelArg(l->kernel, (cl_uint)i, a->size, NULL);
		else if (a->kind == ONN_CL_SCRATCH)
			code =
			    clSetKernelArg(l->kernel, (cl_uint)i, sizeof e->scratch, &e->scratch);
		else if (a->kind == ONN_CL_PLANE)
			code = clSetKernelArg(l->kernel, (cl_uint)i, sizeof e->plane, &e->plane);
		else if (a->kind == ONN_CL_TABLE)
			code = clSetKernelArg(
			    l->kernel, (cl_uint)i, sizeof(cl_mem), &e->table[a->memory].memory);
		if (code)
			return onn_cl_error("onn_plan_create", "clSetKernelArg", code);
	}
	return ONN_OK;
}

/* Memory of the executable's own, where it needs any. */
static onn_status make_room(onn_cl_executable *e, cl_mem *memory, size_t bytes)
{
	cl_int code;

	if (bytes == 0)
		return ONN_OK;
	onn_status status = onn_cl_check_size(e->device, "onn_plan_create: room for", bytes);
	if (status)
		return status;
	*memory = clCreateBuffer(e->device->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
	return *memory ? ONN_OK : onn_cl_error("onn_plan_create", "clCreateBuffer", code);
}

static onn_status make_kernels(onn_cl_executable *e)
{
	cl_program program = NULL;
	cl_int code;
	onn_status status = make_room(e, &e->scratch, e->scratch_bytes * e->base.schedule->copies);

	if (!status)
		status = make_room(e, &e->plane, e->plane_bytes);
	if (status || e->sections == 0)
		return status;
	status = build(e, &program);
	for (size_t i = 0; !status && i < e->launches; i++) {
		onn_cl_launch *l = &e->launch[i];
		if (l->kind != ONN_CL_KERNEL)
			continue;
		l->kernel = clCreateKernel(program, l->name, &code);
		status =
		    l->kernel ? set_numbers(e, l) : onn_cl_error("onn_plan_create", l->name, code);
	}
	if (program)
		clReleaseProgram(program);
	return status;
}

static void free_drafts(onn_cl_executable *e)
{
	for (size_t i = 0; i < e->sections; i++)
		free(e->section[i].text);
	free(e->section);
	free(e->operation);
	onn_text_free(&e->functions);
	free(e->taken);
	free(e->joint);
	free(e->trial);
	e->taken = NULL;
	e->joint = NULL;
	e->trial = NULL;
	e->section = NULL;
	e->operation = NULL;
	e->sections = e->operations = 0;
}

onn_status onn_cl_prepare(
    onn_executable **executable, onn_device *device, const onn_schedule *schedule)
{
	onn_cl_device *d = (onn_cl_device *)device;
	onn_cl_executable *e;
	onn_status status = onn_cl_enter("onn_plan_create", d);

	if (status)
		return status;
	if (!device->fp64 && uses_fp64(schedule))
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_plan_create: the graph works in f64 or c128; device %s (%s) has no fp64",
		    device->name, device->description);
	e = calloc(1, sizeof *e);
	if (!e)
		return onn_error_memory("onn_plan_create", sizeof *e);
	e->base.device = device;
	e->base.schedule = schedule;
	e->device = d;
	e->allowed = 1;
	e->bound = calloc(schedule->nmemory + 1, sizeof *e->bound);
	e->said = calloc(schedule->nsteps + 1, sizeof *e->said);
	e->seconds = calloc(schedule->nsteps + 1, sizeof *e->seconds);
	e->taken = calloc(schedule->nsteps + 1, sizeof *e->taken);
	if (!e->bound || !e->said || !e->seconds || !e->taken)
		e->no_memory = true;
	else if (d->native)
		status = onn_cl_native_prepare(e);
	else
		status = add_all(e);
	if (!status)
		status = onn_cl_prepare_copies(e);
	if (!status)
		status = onn_cl_merge(e);
	if (!status && e->no_memory)
		status = onn_error_memory("onn_plan_create", sizeof *e);
	if (!status)
		status = make_kernels(e);
	if (!status)
		status = onn_cl_gain_correct(e);
	free_drafts(e);
	if (status) {
		onn_cl_executable_destroy(&e->base);
		return status;
	}
	*executable = &e->base;
	return ONN_OK;
}

void onn_cl_executable_destroy(onn_executable *executable)
{
	onn_cl_executable *e = (onn_cl_executable *)executable;

	if (!e)
		return;
	if (!onn_cl_inherited(e->device))
		onn_cl_rest(e->device);
	if (!onn_cl_inherited(e->device)) {
		for (size_t i = 0; i < e->launches; i++)
			if (e->launch[i].kernel)
				clReleaseKernel(e->launch[i].kernel);
		if (e->scratch)
			clReleaseMemObject(e->scratch);
		if (e->plane)
			clReleaseMemObject(e->plane);
		onn_cl_fft_destroy(e);
	}
	onn_cl_native_destroy(e->native);
	free_drafts(e);
	onn_free_all(e->launch, e->argument, e->bound, e->said, e->seconds, e);
}

/* ---- running it ---- */

/* Waits for the event, which is another's to release, and adds its time to the step's. */
static onn_status account(onn_cl_executable *e, const onn_cl_launch *l, cl_event event)
{
	cl_ulong start = 0, end = 0;
	onn_status status = onn_cl_await(e->device, "onn_plan_run", event);

	if (status)
		return status;
	cl_int code =
	    clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof start, &start, NULL);
	if (!code)
		code = clGetEventProfilingInfo(
		    event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
	if (code)
		return onn_cl_error("onn_plan_run", "clGetEventProfilingInfo", code);
	e->seconds[l->step] += (double)(end - start) * 1e-9;
	return ONN_OK;
}

static onn_status run_launches(
    onn_cl_executable *e, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	const bool profile = e->base.device->profile, marked = profile || onn_cl_is_marked(e);
	onn_status status = onn_cl_bind(e, buffers);

	for (size_t i = 0; !status && i < e->launches; i++) {
		const onn_cl_launch *l = &e->launch[i];
		cl_event event = NULL;
		if (l->step < first || l->step - first >= count)
			continue;
		status = onn_cl_enqueue(e, l, buffers, marked ? &event : NULL);
		if (!event)
			continue;
		const bool held = profile && !clRetainEvent(event);
		onn_cl_mark(e->device, event, l, e->base.schedule->step[l->step].label);
		if (!status && held)
			status = account(e, l, event);
		if (held && !onn_cl_inherited(e->device))
			clReleaseEvent(event);
	}
	if (first == 0)
		e->runs++;
	return status ? status : onn_cl_take_off(e->device, e);
}

onn_status onn_cl_run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	onn_cl_executable *e = (onn_cl_executable *)executable;

	onn_status status = onn_cl_enter("onn_plan_run", e->device);
	if (status)
		return status;
	status = e->native ? onn_cl_native_run(e, buffers, first, count)
	                   : run_launches(e, buffers, first, count);
	if (!status && !e->settled) {
		status = onn_cl_wait(e->base.device);
		onn_cl_finish_at_exit();
		e->settled = true;
	}
	return status;
}

void onn_cl_cost(size_t *launches, double *bytes, const onn_executable *executable, uint32_t step)
{
	const onn_cl_executable *e = (const onn_cl_executable *)executable;

	*launches = 0;
	if (e->native)
		return;
	*bytes = 0;
	for (size_t i = 0; i < e->launches; i++)
		if (e->launch[i].step == step) {
			*launches += e->launch[i].work ? 1 : e->base.schedule->copies;
			*bytes += e->launch[i].moves;
		}
	if (*launches > 0 && *bytes == 0)
		*bytes = e->base.schedule->step[step].bytes;
	*bytes *= e->base.schedule->copies;
}

const char *onn_cl_describe(const onn_executable *executable, uint32_t step)
{
	return ((const onn_cl_executable *)executable)->said[step].text;
}

onn_status onn_cl_profile(double *seconds, uint64_t *runs, onn_executable *executable)
{
	onn_cl_executable *e = (onn_cl_executable *)executable;

	if (!e->base.device->profile)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_profile: device %s was not opened with profile",
		    e->base.device->name);
	if (e->native)
		return onn_cl_native_profile(seconds, runs, e);
	memcpy(seconds, e->seconds, e->base.schedule->nsteps * sizeof *seconds);
	*runs = e->runs;
	return ONN_OK;
}
