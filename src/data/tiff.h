/*
 * TIFF in memory, by libtiff; without it, what needs it is ONN_ERROR_UNSUPPORTED.
 */
#ifndef ONN_SRC_DATA_TIFF_H
#define ONN_SRC_DATA_TIFF_H

#include <stddef.h>

#include "data/image.h"

/* file, bytes long, is lent; path is what messages call it. ONN_ERROR_FORMAT, ONN_ERROR_MEMORY, and
 * what the reader refuses. */
onn_status onn_tiff_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes);
onn_status onn_tiff_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes);

/* Pixels as they stand in a file: rows from the top, samples of 8 or 16 bits, or floats of 32, the
 * most significant byte first; 1 channel is grey, 3 are colours. */
typedef struct onn_tiff_pixels {
	size_t height, width;
	int channels, bits;
	unsigned char *data;
} onn_tiff_pixels;

/* *file is freed with free. ONN_ERROR_MEMORY. */
onn_status onn_tiff_encode(void **file, size_t *bytes, const onn_tiff_pixels *pixels);

#endif
