/*
 * Steps on a CPU device: one native kernel enters the C backend's thread pool and works on the
 * device's memory.
 *
 * clEnqueueNativeKernel writes the address of each listed buffer into a copy of its arguments.
 * PoCL 3.1 sorts the list by creation first, so addresses land in the wrong places, and fails on a
 * buffer that is listed twice. Therefore each cl_mem is listed once, and its address is found out
 * when the buffer is made, by a native kernel for it alone; a run checks that the addresses written
 * are those, in any order. Should a driver move memory between runs, the places that the standard
 * promises are believed.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

/* What the native kernel gets; the driver copies it, so a later binding changes nothing here. */
typedef struct message {
	onn_cl_native *native;
	uint32_t first, count; /* steps */
	uint32_t buffers;      /* listed */
	bool check;
	/*
	 * buffers addresses that the driver writes, as many that are known; then for each piece of
	 * the schedule's memory its buffer's position, `buffers` where it has none.
	 */
	void *address[];
} message;

struct onn_cl_native {
	onn_c_executable *host;
	uint32_t count;   /* pieces of the schedule's memory */
	uint64_t *serial; /* per piece: the buffer bound now */
	cl_mem *list;
	const void **where; /* in the message, for each of the list */
	message *message;
	size_t bytes;
	/* used by one native kernel at a time: the queue is in order */
	void **memory;
	bool moves; /* the driver wrote other addresses than those known */
};

onn_status onn_cl_native_prepare(onn_cl_executable *e)
{
	const onn_schedule *s = e->base.schedule;
	size_t count = (size_t)s->nmemory + 1;
	size_t most = sizeof(message) + count * (2 * sizeof(void *) + sizeof(uint32_t));
	onn_cl_native *n = calloc(1, sizeof *n);

	if (!n)
		return onn_error_memory("onn_plan_create", sizeof *n);
	e->native = n;
	n->count = s->nmemory;
	n->serial = calloc(count, sizeof *n->serial);
	n->list = calloc(count, sizeof *n->list);
	n->where = calloc(count, sizeof(void *));
	n->memory = calloc(count, sizeof(void *));
	n->message = calloc(1, most);
	if (!n->serial || !n->list || !n->where || !n->memory || !n->message)
		return onn_error_memory("onn_plan_create", most);
	const onn_device *device = &e->device->base;
	onn_status status =
	    onn_c_executable_create(&n->host, s, e->device->pool, device->profile, device->check);
	for (uint32_t i = 0; i < s->nsteps && !status; i++) {
		const char *said = onn_c_executable_describe(n->host, i);
		onn_cl_say(e, i, "native%s%s", said[0] ? ": " : "", said);
	}
	return status;
}

void onn_cl_native_destroy(onn_cl_native *n)
{
	if (!n)
		return;
	onn_c_executable_destroy(n->host);
	onn_free_all(n->serial, n->list, n->where, n->memory, n->message, n);
}

static uint32_t *places(message *m) { return (uint32_t *)(m->address + 2 * (size_t)m->buffers); }

/* Whether the addresses that the driver wrote are those known, in some order. */
static bool all_known(const message *m)
{
	for (uint32_t i = 0; i < m->buffers; i++) {
		uint32_t j = 0;
		while (j < m->buffers && m->address[j] != m->address[m->buffers + i])
			j++;
		if (j == m->buffers)
			return false;
	}
	return true;
}

static void CL_CALLBACK enter(void *argument)
{
	message *m = argument;
	onn_cl_native *n = m->native;
	const uint32_t *place = places(m);

	if (m->check)
		n->moves = !all_known(m);
	void **address = m->address + (n->moves ? 0 : m->buffers);
	for (uint32_t i = 0; i < n->count; i++)
		n->memory[i] = place[i] < m->buffers ? address[place[i]] : NULL;
	onn_c_executable_run(n->host, n->memory, m->first, m->count);
}

static uint32_t position(const onn_cl_native *n, uint32_t listed, cl_mem memory)
{
	uint32_t i = 0;

	while (i < listed && n->list[i] != memory)
		i++;
	return i;
}

/* Writes the message anew where a buffer has changed since the last run. */
static void bind(onn_cl_native *n, onn_buffer *const *buffers)
{
	message *m = n->message;
	uint32_t listed = 0;
	bool changed = n->bytes == 0;

	for (uint32_t i = 0; i < n->count; i++) {
		uint64_t serial = buffers[i] ? ((onn_cl_buffer *)buffers[i])->serial : 0;
		changed |= serial != n->serial[i];
		n->serial[i] = serial;
	}
	m->check = changed;
	if (!changed)
		return;
	for (uint32_t i = 0; i < n->count; i++) {
		onn_cl_buffer *b = (onn_cl_buffer *)buffers[i];
		if (b && position(n, listed, b->memory) == listed)
			n->list[listed++] = b->memory;
	}
	m->native = n;
	m->buffers = listed;
	for (uint32_t i = 0; i < listed; i++)
		n->where[i] = &m->address[i];
	for (uint32_t i = 0; i < n->count; i++) {
		onn_cl_buffer *b = (onn_cl_buffer *)buffers[i];
		uint32_t at = b ? position(n, listed, b->memory) : listed;
		places(m)[i] = at;
		if (b)
			m->address[listed + at] = b->address;
	}
	n->bytes = (size_t)((char *)(places(m) + n->count) - (char *)m);
}

onn_status onn_cl_native_run(
    onn_cl_executable *e, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	onn_cl_native *n = e->native;

	if (count == 0)
		return ONN_OK;
	bind(n, buffers);
	n->message->first = first;
	n->message->count = count;
	uint32_t listed = n->message->buffers;
	cl_int code = clEnqueueNativeKernel(e->device->queue, enter, n->message, n->bytes, listed,
	    listed ? n->list : NULL, listed ? n->where : NULL, 0, NULL, NULL);
	if (!code)
		code = clFlush(e->device->queue);
	return code ? onn_cl_error("onn_plan_run", "clEnqueueNativeKernel", code) : ONN_OK;
}

onn_status onn_cl_native_profile(double *seconds, uint64_t *runs, onn_cl_executable *e)
{
	onn_status status = onn_cl_wait(e->base.device);

	if (!status)
		onn_c_executable_profile(seconds, runs, e->native->host);
	return status;
}

/* ---- where a buffer is ---- */

typedef struct question {
	void *address;
	void **answer;
} question;

static void CL_CALLBACK answer(void *argument)
{
	question *q = argument;

	*q->answer = q->address;
}

onn_status onn_cl_native_address(void **address, onn_cl_device *d, cl_mem memory)
{
	question q = {NULL, address};
	const void *where = &q.address;

	*address = NULL;
	cl_int code = clEnqueueNativeKernel(
	    d->queue, answer, &q, sizeof q, 1, &memory, &where, 0, NULL, NULL);
	if (!code)
		code = clFinish(d->queue);
	if (code)
		return onn_cl_error("onn_tensor_create", "clEnqueueNativeKernel", code);
	if (!*address)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_tensor_create: device %s hides its memory from native kernels; "
		    "ONN_OPENCL_NATIVE=0 does without them",
		    d->base.name);
	return ONN_OK;
}
