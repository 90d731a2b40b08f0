/*
 * The settings of encode, for the preset that writes them, and where it puts an image.
 */
#ifndef ONN_SRC_NN_LAYERS_ENCODE_H
#define ONN_SRC_NN_LAYERS_ENCODE_H

#include <onn/d2nn.h>

#include "core/settings.h"

typedef struct onn_encode_values {
	size_t grid[2];
	double pitch[2], wavelength;
	size_t image; /* pixels that its longer side fills */
	onn_d2nn_encoding encoding;
} onn_encode_values;

const onn_settings *onn_encode_settings(void);
/* Pixels of the image's longer side, where 0 is as is best known. */
size_t onn_encode_side(size_t image, size_t grid);
onn_region onn_encode_region(const onn_encode_values *e, size_t height, size_t width);

#endif
