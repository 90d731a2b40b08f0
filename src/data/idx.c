#include "data/files.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

enum { HEADER = 4, BYTES = 8, WORDS = 12 };

static size_t big_endian(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

size_t onn_idx_most(const unsigned char *head, size_t bytes)
{
	size_t shape[ONN_MAX_DIMS], ndim = head[3], most = 0;
	if (bytes < HEADER || ndim > ONN_MAX_DIMS || bytes < HEADER + 4 * ndim)
		return bytes;
	for (size_t i = 0; i < ndim; i++)
		shape[i] = big_endian(head + HEADER + 4 * i);
	if (!onn_size_product(&most, ndim, shape) ||
	    !onn_size_mul(&most, most, head[2] == WORDS ? 4 : 1) ||
	    !onn_size_add(&most, most, HEADER + 4 * ndim))
		return bytes;
	return most;
}

/* IDX: two zeros, the type (8: bytes, 12: 32-bit integers), the number of axes, then each size,
 * most significant byte first. Elements of `width` bytes follow at *start. */
static onn_status decode_shape(size_t *shape, size_t *start, const char *path, size_t ndim,
    size_t width, const unsigned char *p, size_t bytes)
{
	size_t count;
	*start = HEADER + 4 * ndim;
	if (bytes < *start)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has %zu bytes; an IDX file's header has %zu", path, bytes,
		    *start);
	for (size_t i = 0; i < ndim; i++)
		shape[i] = big_endian(p + HEADER + 4 * i);
	if (!onn_size_product(&count, ndim, shape) || count == 0 ||
	    count != (bytes - *start) / width || (bytes - *start) % width != 0) {
		char text[128];
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s says that its shape is %s, and has %zu bytes of data%s",
		    path, onn_shape_text(text, sizeof text, ndim, shape), bytes - *start,
		    bytes > onn_idx_most(p, bytes) ? " or more" : "");
	}
	return ONN_OK;
}

static onn_status decode_bytes(
    onn_array **a, const char *path, size_t ndim, const unsigned char *p, size_t bytes)
{
	size_t shape[ONN_MAX_DIMS], start;
	if (bytes >= HEADER && (p[0] != 0 || p[1] != 0 || p[2] != BYTES || p[3] != ndim))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s starts with %02x %02x %02x %02x; expected 00 00 08 "
		    "%02zx, an IDX file of bytes with %zu axes",
		    path, p[0], p[1], p[2], p[3], ndim, ndim);
	onn_status status = decode_shape(shape, &start, path, ndim, 1, p, bytes);
	return status == ONN_OK ? onn_array_from(a, ONN_U8, ndim, shape, p + start) : status;
}

static onn_status decode_words(
    onn_array **y, const char *path, const unsigned char *p, size_t bytes)
{
	size_t shape[ONN_MAX_DIMS], start, ndim = p[3];
	onn_status status = decode_shape(shape, &start, path, ndim, 4, p, bytes);
	if (status == ONN_OK)
		status = onn_array_create(y, ONN_I32, 1, shape);
	if (status != ONN_OK)
		return status;
	size_t columns = ndim == 2 ? shape[1] : 1;
	int32_t *label = onn_array_data(*y);
	for (size_t i = 0; i < shape[0]; i++)
		label[i] = (int32_t)(uint32_t)big_endian(p + start + 4 * columns * i);
	return ONN_OK;
}

static bool holds_words(const unsigned char *p, size_t bytes)
{
	return bytes >= HEADER && p[0] == 0 && p[1] == 0 && p[2] == WORDS &&
	       (p[3] == 1 || p[3] == 2);
}

onn_status onn_idx_load(onn_array **a, const char *path, size_t ndim)
{
	void *data;
	size_t bytes;
	*a = NULL;
	onn_status status = onn_inflated_read(&data, &bytes, path, onn_idx_most);
	if (status != ONN_OK)
		return status;
	status = decode_bytes(a, path, ndim, data, bytes);
	free(data);
	return status;
}

onn_status onn_idx_load_labels(onn_array **y, const char *path)
{
	void *data;
	size_t bytes;
	onn_array *narrow = NULL;
	*y = NULL;
	onn_status status = onn_inflated_read(&data, &bytes, path, onn_idx_most);
	if (status != ONN_OK)
		return status;
	if (holds_words(data, bytes))
		status = decode_words(y, path, data, bytes);
	else
		status = decode_bytes(&narrow, path, 1, data, bytes);
	if (narrow)
		status = onn_array_convert(y, narrow, ONN_I32);
	onn_array_destroy(narrow);
	free(data);
	return status;
}
