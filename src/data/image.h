/*
 * Pictures row by row, for those who need not have them whole.
 */
#ifndef ONN_SRC_DATA_IMAGE_H
#define ONN_SRC_DATA_IMAGE_H

#include <onn/image.h>

typedef struct onn_image_reader {
	void *user;
	/* The size, before the first row; what is not ONN_OK, its text set, ends the reading. */
	onn_status (*begin)(void *user, size_t height, size_t width);
	/* Shades as onn_image_load has them, width numbers, lent; from the top. */
	void (*row)(void *user, size_t row, const double *grey);
	size_t most; /* bytes of an interlaced one, which is decoded whole; 0: any */
} onn_image_reader;

/* As onn_image_load; ONN_ERROR_UNSUPPORTED: interlaced, and too large. */
onn_status onn_image_read(const onn_image_reader *reader, const char *path);

#endif
