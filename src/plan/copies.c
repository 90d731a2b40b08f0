/* The variables of a plan's copies, and how far apart they are. */
#include "plan/copies.h"

#include <stdlib.h>
#include <string.h>

#include "backend/tensor.h"
#include "core/error.h"
#include "core/memory.h"
#include "plan/planner.h"

bool onn_device_gains_by_copies(const onn_device *device)
{
	return device->backend->copies && device->backend->copies(device);
}

static onn_status create_all(onn_tensor **t, size_t copies, onn_device *device, onn_type type,
    size_t ndim, const size_t *shape)
{
	onn_buffer *buffer;
	size_t count, bytes;

	if (!onn_size_product(&count, ndim, shape) ||
	    !onn_size_mul(&bytes, count, onn_type_size(type)) ||
	    !onn_size_mul(&bytes, onn_copy_apart(bytes), copies))
		return onn_error_memory("onn_plan_create", SIZE_MAX);
	onn_status status = device->backend->buffer_create(&buffer, device, bytes);
	if (status)
		return status;
	status = onn_tensor_over(&t[0], type, ndim, shape, buffer, 0, true);
	if (status)
		device->backend->buffer_destroy(buffer);
	for (size_t i = 1; i < copies && !status; i++)
		status =
		    onn_tensor_over(&t[i], type, ndim, shape, buffer, i * (bytes / copies), false);
	return status;
}

onn_status onn_copies_create(onn_tensor ***t, size_t copies, onn_device *device, onn_type type,
    size_t ndim, const size_t *shape)
{
	*t = calloc(copies, sizeof **t);
	if (!*t)
		return onn_error_memory("onn_plan_create", copies * sizeof **t);
	return copies == 1 ? onn_tensor_create(*t, device, type, ndim, shape)
	                   : create_all(*t, copies, device, type, ndim, shape);
}

void onn_copies_destroy(onn_tensor **t, size_t copies)
{
	for (size_t i = copies; t && i > 0; i--) /* the first owns the memory */
		onn_tensor_destroy(t[i - 1]);
	free(t);
}

static bool is_shared(const onn_plan_copies *copies, const char *name)
{
	for (size_t i = 0; copies->shared[i]; i++)
		if (strcmp(copies->shared[i], name) == 0)
			return true;
	return false;
}

onn_status onn_plan_set_apart(onn_planner *p)
{
	onn_schedule *s = p->schedule;

	s->copies = p->copies ? (uint32_t)p->copies->count : 1;
	for (uint32_t i = 0; i < s->nmemory && s->copies > 1; i++) {
		onn_memory *m = &s->memory[i];
		if (m->kind == ONN_MEMORY_OUTPUT)
			return onn_error(ONN_ERROR_UNSUPPORTED,
			    "onn_plan_create: an output of a plan of %u copies; expected assigns",
			    (unsigned)s->copies);
		if (m->kind == ONN_MEMORY_ARENA ||
		    (m->kind == ONN_MEMORY_VARIABLE && !is_shared(p->copies, m->name)))
			m->apart = onn_copy_apart(m->bytes);
	}
	return ONN_OK;
}
