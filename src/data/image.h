/*
 * Pictures row by row, for those who need not have them whole; and what files are pictures.
 */
#ifndef ONN_SRC_DATA_IMAGE_H
#define ONN_SRC_DATA_IMAGE_H

#include <stdbool.h>

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

/* Whether a name ends as those of pictures do: .png, .tif, .tiff, .jpg, .jpeg, in whatever case. */
bool onn_image_named(const char *path);
bool onn_tiff_named(const char *path);
bool onn_jpeg_named(const char *path); /* which are only read */
/* Or as those of arrays do, "a.npy", "a.h5:/field", or of OpticStudio's phases, "a.dat". */
bool onn_numbers_named(const char *path);
/* What the name says: a picture as onn_image_load has it, phases as onn_zemax_read, or else an
 * array as onn_array_load. */
onn_status onn_image_or_array_load(onn_array **a, const char *path);

/* One shade of grey, alpha, colours, or colours and alpha: 1 to 4 channels in [0, 1]. */
double onn_image_shade(const double channel[4], int channels);

#endif
