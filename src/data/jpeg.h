/*
 * JPEG in memory, by libjpeg; without it, what needs it is ONN_ERROR_UNSUPPORTED.
 */
#ifndef ONN_SRC_DATA_JPEG_H
#define ONN_SRC_DATA_JPEG_H

#include <stddef.h>

#include "data/image.h"

/* file, bytes long, is lent; path is what messages call it. ONN_ERROR_FORMAT, ONN_ERROR_MEMORY, and
 * what the reader refuses. */
onn_status onn_jpeg_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes);
onn_status onn_jpeg_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes);

#endif
