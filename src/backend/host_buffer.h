/*
 * Buffers in the host's memory, for the backends that work there.
 */
#ifndef ONN_SRC_BACKEND_HOST_BUFFER_H
#define ONN_SRC_BACKEND_HOST_BUFFER_H

#include "backend/backend.h"

typedef struct onn_host_buffer {
	onn_buffer base;
	char *data; /* aligned to 64 bytes */
} onn_host_buffer;

/* As struct onn_backend wants them. A run is over when it returns, so the copies wait for
 * nothing. */
onn_status onn_host_buffer_create(onn_buffer **buffer, onn_device *device, size_t bytes);
void onn_host_buffer_destroy(onn_buffer *buffer);
onn_status onn_host_buffer_write(onn_buffer *buffer, size_t offset, const void *data, size_t bytes);
onn_status onn_host_buffer_read(void *data, onn_buffer *buffer, size_t offset, size_t bytes);
onn_status onn_host_wait(onn_device *device);

/* Their places in an onn_backend. */
#define ONN_HOST_BUFFERS                                                                           \
	.buffer_create = onn_host_buffer_create, .buffer_destroy = onn_host_buffer_destroy,        \
	.buffer_write = onn_host_buffer_write, .buffer_read = onn_host_buffer_read,                \
	.wait = onn_host_wait

#endif
