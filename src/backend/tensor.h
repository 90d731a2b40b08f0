/*
 * What a tensor is made of: for plans, which bind its buffer, and for wrapped OpenCL memory.
 */
#ifndef ONN_SRC_BACKEND_TENSOR_H
#define ONN_SRC_BACKEND_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include <onn/device.h>

#include "backend/backend.h"

struct onn_tensor {
	onn_device *device;
	onn_type type;
	size_t ndim;
	size_t shape[ONN_MAX_DIMS];
	size_t count;
	onn_buffer *buffer;
	size_t offset;    /* bytes into buffer; a multiple of ONN_VALUE_ALIGN */
	bool owns_buffer; /* destroyed with the tensor */
};

/*
 * A tensor over a buffer that exists: a plan's output (owns false), or memory that the user
 * wrapped. On failure the buffer stays the caller's. The caller has checked that the elements fit.
 */
onn_status onn_tensor_over(onn_tensor **t, onn_type type, size_t ndim, const size_t *shape,
    onn_buffer *buffer, size_t offset, bool owns_buffer);

#endif
