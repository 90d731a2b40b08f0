/*
 * Buffers in the host's memory.
 */
#include "backend/host_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

onn_status onn_host_buffer_create(onn_buffer **buffer, onn_device *device, size_t bytes)
{
	*buffer = NULL;
	onn_host_buffer *made = malloc(sizeof *made);
	char *data = onn_aligned_alloc(bytes);
	if (!made || !data) {
		free(made);
		onn_aligned_free(data);
		return onn_error_memory("onn_tensor_create", bytes);
	}
	*made = (onn_host_buffer){{device, bytes}, data};
	*buffer = &made->base;
	return ONN_OK;
}

void onn_host_buffer_destroy(onn_buffer *buffer)
{
	if (!buffer)
		return;
	onn_aligned_free(((onn_host_buffer *)buffer)->data);
	free(buffer);
}

onn_status onn_host_buffer_write(onn_buffer *buffer, size_t offset, const void *data, size_t bytes)
{
	if (bytes > 0)
		memcpy(((onn_host_buffer *)buffer)->data + offset, data, bytes);
	return ONN_OK;
}

onn_status onn_host_buffer_read(void *data, onn_buffer *buffer, size_t offset, size_t bytes)
{
	if (bytes > 0)
		memcpy(data, ((onn_host_buffer *)buffer)->data + offset, bytes);
	return ONN_OK;
}

onn_status onn_host_wait(onn_device *device)
{
	(void)device; /* a run returns when its work is done */
	return ONN_OK;
}
