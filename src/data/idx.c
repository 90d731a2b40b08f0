#include "data/files.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

/* IDX: two zeros, the type (8: bytes), the number of axes, then each size, most significant byte
 * first. */
static onn_status decode(
    onn_array **a, const char *path, size_t ndim, const unsigned char *p, size_t bytes)
{
	size_t shape[ONN_MAX_DIMS], start = 4 + 4 * ndim, count;
	if (bytes < start)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has %zu bytes; an IDX file's header has %zu", path, bytes,
		    start);
	if (p[0] != 0 || p[1] != 0 || p[2] != 8 || p[3] != ndim)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s starts with %02x %02x %02x %02x; expected 00 00 08 "
		    "%02zx, an IDX file of bytes with %zu axes",
		    path, p[0], p[1], p[2], p[3], ndim, ndim);
	for (size_t i = 0; i < ndim; i++) {
		const unsigned char *q = p + 4 + 4 * i;
		shape[i] = (size_t)q[0] << 24 | (size_t)q[1] << 16 | (size_t)q[2] << 8 | q[3];
	}
	if (!onn_size_product(ndim, shape, &count) || count == 0 || count != bytes - start) {
		char text[128];
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s says that its shape is %s, and has %zu bytes of data",
		    path, onn_shape_text(text, sizeof text, ndim, shape), bytes - start);
	}
	return onn_array_from(a, ONN_U8, ndim, shape, p + start);
}

onn_status onn_idx_load(onn_array **a, const char *path, size_t ndim)
{
	void *data;
	size_t bytes;
	*a = NULL;
	onn_status status = onn_inflated_read(path, &data, &bytes);
	if (status != ONN_OK)
		return status;
	status = decode(a, path, ndim, data, bytes);
	free(data);
	return status;
}
