/*
 * Launches: what steps add to an executable's list, and how one of them is enqueued.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/merge.h"
#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

/* ---- making the list ---- */

/* Whether a list of the executable, with its room, can take one more item. */
static bool has_room(onn_cl_executable *e, void *list, size_t *room, size_t count, size_t size)
{
	e->no_memory = e->no_memory || !onn_grow(list, room, count + 1, size);
	return !e->no_memory;
}

size_t onn_cl_add_section(onn_cl_executable *e, onn_text *text)
{
	if (text->failed || !text->data)
		e->no_memory = true;
	for (size_t i = 0; !e->no_memory && i < e->sections; i++)
		if (strcmp(e->section[i].text, text->data) == 0) {
			onn_text_free(text);
			return i;
		}
	if (!has_room(e, &e->section, &e->section_room, e->sections, sizeof *e->section)) {
		onn_text_free(text);
		return 0;
	}
	e->section[e->sections].text = text->data;
	memset(text, 0, sizeof *text);
	return e->sections++;
}

static onn_cl_launch *add_launch(onn_cl_executable *e)
{
	onn_cl_launch *l;

	if (!has_room(e, &e->launch, &e->launch_room, e->launches, sizeof *e->launch))
		return NULL;
	l = &e->launch[e->launches++];
	memset(l, 0, sizeof *l);
	l->first_argument = e->arguments;
	return l;
}

void onn_cl_say(onn_cl_executable *e, uint32_t step, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	onn_say(&e->said[step], format, arguments);
	va_end(arguments);
}

void onn_cl_add_launch(onn_cl_executable *e, onn_cl_launch_kind kind, uint32_t step)
{
	onn_cl_launch *l = add_launch(e);

	if (!l)
		return;
	l->kind = kind;
	l->step = step;
}

void onn_cl_add_kernel(
    onn_cl_executable *e, uint32_t step, size_t global, size_t local, const char *name, ...)
{
	onn_cl_launch *l = add_launch(e);
	va_list arguments;

	if (!l)
		return;
	l->kind = ONN_CL_KERNEL;
	l->step = step;
	va_start(arguments, name);
	vsnprintf(l->name, sizeof l->name, name, arguments);
	va_end(arguments);
	l->global[0] = (global + local - 1) / local * local;
	l->local[0] = local;
	l->global[1] = l->global[2] = l->local[1] = l->local[2] = 1;
}

void onn_cl_add_work(onn_cl_executable *e, uint32_t step, size_t groups, size_t local, size_t room,
    const char *name, ...)
{
	onn_cl_launch *l = add_launch(e);
	va_list arguments;

	if (!l)
		return;
	l->work = true;
	l->step = step;
	l->room = room;
	va_start(arguments, name);
	vsnprintf(l->name, sizeof l->name, name, arguments);
	va_end(arguments);
	l->global[0] = groups * local;
	l->local[0] = local;
	l->global[1] = l->global[2] = l->local[1] = l->local[2] = 1;
}

void onn_cl_keep_size(onn_cl_executable *e)
{
	if (!e->no_memory)
		e->launch[e->launches - 1].keeps = true;
}

void onn_cl_set_size(onn_cl_executable *e, const size_t global[3], const size_t local[3])
{
	if (e->no_memory)
		return;
	memcpy(e->launch[e->launches - 1].global, global, 3 * sizeof *global);
	memcpy(e->launch[e->launches - 1].local, local, 3 * sizeof *local);
}

void onn_cl_moves(onn_cl_executable *e, double bytes)
{
	if (!e->no_memory)
		e->launch[e->launches - 1].moves += bytes;
}

void onn_cl_count_moves(onn_cl_executable *e)
{
	for (size_t i = 0; i < e->launches; i++) {
		onn_cl_launch *l = &e->launch[i];
		const bool again = i > 0 && e->launch[i - 1].step == l->step;
		if (l->work && l->moves == 0 && !again)
			l->moves = e->base.schedule->step[l->step].bytes;
	}
}

static onn_cl_argument *add_argument(onn_cl_executable *e, onn_cl_argument_kind kind)
{
	onn_cl_argument *a;

	if (!has_room(e, &e->argument, &e->argument_room, e->arguments, sizeof *e->argument))
		return NULL;
	a = &e->argument[e->arguments++];
	memset(a, 0, sizeof *a);
	a->kind = kind;
	e->launch[e->launches - 1].arguments++;
	return a;
}

static void pass_typed(
    onn_cl_executable *e, const void *bytes, size_t size, const char *mark, const char *type)
{
	onn_cl_argument *a = add_argument(e, ONN_CL_BYTES);

	if (!a)
		return;
	memcpy(a->bytes, bytes, size);
	a->size = size;
	snprintf(a->type, sizeof a->type, "%s%s", mark, type);
}

void onn_cl_pass_bytes(onn_cl_executable *e, const void *bytes, size_t size)
{
	pass_typed(e, bytes, size, "", "");
}

void onn_cl_pass_number(onn_cl_executable *e, onn_type type, const void *bytes)
{
	pass_typed(e, bytes, onn_type_size(type), "pw_", onn_type_name(type));
}

void onn_cl_pass_int(onn_cl_executable *e, cl_int number)
{
	pass_typed(e, &number, sizeof number, "", "int");
}

void onn_cl_pass_uint(onn_cl_executable *e, size_t number)
{
	cl_uint word = (cl_uint)number;

	pass_typed(e, &word, sizeof word, "", "uint");
}

void onn_cl_pass_ulong(onn_cl_executable *e, size_t number)
{
	cl_ulong word = number;

	pass_typed(e, &word, sizeof word, "", "ulong");
}

void onn_cl_pass_long(onn_cl_executable *e, ptrdiff_t number)
{
	cl_long word = number;

	pass_typed(e, &word, sizeof word, "", "long");
}

/* What the argument that was added last has of its own for each copy. */
static void set_apart(onn_cl_executable *e, size_t elements, onn_cl_seed seed)
{
	if (e->no_memory)
		return;
	e->argument[e->arguments - 1].apart = elements;
	e->argument[e->arguments - 1].seed = seed;
}

void onn_cl_pass_seed(onn_cl_executable *e, uint64_t seed)
{
	onn_cl_pass_uint(e, (size_t)(seed & 0xffffffffu));
	set_apart(e, 0, ONN_CL_SEED_LOW);
	onn_cl_pass_uint(e, (size_t)(seed >> 32));
	set_apart(e, 0, ONN_CL_SEED_HIGH);
}

static void pass_value(onn_cl_executable *e, uint32_t value, ptrdiff_t offset, bool written)
{
	const onn_value *v = &e->base.schedule->value[value];
	const size_t size = onn_type_size(v->type);
	onn_cl_argument *a = add_argument(e, ONN_CL_MEMORY);

	if (a) {
		a->memory = v->memory;
		a->value = value;
		a->written = written;
	}
	onn_cl_pass_long(e, (ptrdiff_t)(v->offset / size) + offset);
	set_apart(e, e->base.schedule->memory[v->memory].apart / size, ONN_CL_NO_SEED);
}

void onn_cl_pass_value(onn_cl_executable *e, uint32_t value, ptrdiff_t offset)
{
	pass_value(e, value, offset, true);
}

void onn_cl_pass_input(onn_cl_executable *e, uint32_t value, ptrdiff_t offset)
{
	pass_value(e, value, offset, false);
}

void onn_cl_pass_scratch(onn_cl_executable *e, size_t bytes, size_t size, size_t element)
{
	onn_cl_argument *a = add_argument(e, ONN_CL_SCRATCH);

	if (a)
		a->size = size;
	if (e->scratch_bytes < bytes)
		e->scratch_bytes = bytes;
	onn_cl_pass_ulong(e, element);
}

void onn_cl_pass_plane(onn_cl_executable *e, size_t bytes)
{
	add_argument(e, ONN_CL_PLANE);
	if (e->plane_bytes < bytes)
		e->plane_bytes = bytes;
}

void onn_cl_pass_table(onn_cl_executable *e, uint32_t table)
{
	onn_cl_argument *a = add_argument(e, ONN_CL_TABLE);

	if (a)
		a->memory = table;
}

void onn_cl_add_fill(onn_cl_executable *e, uint32_t step, uint32_t value)
{
	const onn_value *v = &e->base.schedule->value[value];
	size_t bytes = v->count * onn_type_size(v->type);
	onn_cl_launch *l = bytes ? add_launch(e) : NULL;

	if (!l)
		return;
	onn_cl_say(e, step, "fill");
	l->kind = ONN_CL_FILL;
	l->step = step;
	l->memory = v->memory;
	l->offset = v->offset;
	l->bytes = bytes;
}

/* ---- running it ---- */

onn_status onn_cl_bind(onn_cl_executable *e, onn_buffer *const *buffers)
{
	const uint32_t count = e->base.schedule->nmemory;
	bool changed = false;

	for (uint32_t i = 0; i < count; i++)
		changed |= buffers[i] && ((onn_cl_buffer *)buffers[i])->serial != e->bound[i];
	if (!changed)
		return ONN_OK;
	for (size_t i = 0; i < e->launches; i++) {
		const onn_cl_launch *l = &e->launch[i];
		for (size_t j = 0; j < l->arguments; j++) {
			const onn_cl_argument *a = &e->argument[l->first_argument + j];
			if (a->kind != ONN_CL_MEMORY || !buffers[a->memory])
				continue;
			onn_cl_buffer *b = (onn_cl_buffer *)buffers[a->memory];
			if (b->serial == e->bound[a->memory])
				continue;
			cl_int code =
			    clSetKernelArg(l->kernel, (cl_uint)j, sizeof b->memory, &b->memory);
			if (code) {
				/* some hold the new memory: none counts as set */
				memset(e->bound, 0, count * sizeof *e->bound);
				return onn_cl_error("onn_plan_run", "clSetKernelArg", code);
			}
		}
	}
	for (uint32_t i = 0; i < count; i++)
		if (buffers[i])
			e->bound[i] = ((onn_cl_buffer *)buffers[i])->serial;
	return ONN_OK;
}

onn_status onn_cl_enqueue(
    onn_cl_executable *e, const onn_cl_launch *l, onn_buffer *const *buffers, cl_event *event)
{
	static const cl_uchar zero = 0;
	const onn_schedule *s = e->base.schedule;
	const uint32_t times = s->copies > 1 && !l->work ? s->copies : 1;
	cl_command_queue queue = e->device->queue;
	cl_int code = CL_SUCCESS;

	switch (l->kind) {
	case ONN_CL_KERNEL:
		for (uint32_t i = 0; i < times && !code; i++) {
			code = times > 1 ? onn_cl_set_copy(e, l, i) : CL_SUCCESS;
			if (!code)
				code = clEnqueueNDRangeKernel(queue, l->kernel, 3, NULL, l->global,
				    l->local, 0, NULL, i + 1 == times ? event : NULL);
		}
		break;
	case ONN_CL_FILL:
		for (uint32_t i = 0; i < times && !code; i++)
			code = clEnqueueFillBuffer(queue,
			    ((onn_cl_buffer *)buffers[l->memory])->memory, &zero, sizeof zero,
			    l->offset + i * s->memory[l->memory].apart, l->bytes, 0, NULL,
			    i + 1 == times ? event : NULL);
		break;
	case ONN_CL_GEMM:
		return onn_cl_gemm_run(e, l->step, buffers, event);
	case ONN_CL_FFT:
		return onn_cl_fft_run(e, l);
	}
	if (code)
		return onn_error(ONN_ERROR_DEVICE, "onn_plan_run: step %u (%s): %s on device %s",
		    (unsigned)l->step, e->base.schedule->step[l->step].label,
		    onn_cl_error_name(code), e->base.device->name);
	return ONN_OK;
}
