/*
 * The settings of detect, for the preset that writes them, and where its regions are.
 */
#ifndef ONN_SRC_NN_LAYERS_DETECT_H
#define ONN_SRC_NN_LAYERS_DETECT_H

#include <onn/d2nn.h>

#include "core/settings.h"

typedef enum onn_detect_reading {
	ONN_READING_SHARE,    /* of the light in all regions */
	ONN_READING_FRACTION, /* of all light of the image */
	ONN_READING_POWER     /* the sum of |E|^2 */
} onn_detect_reading;
#define ONN_DETECT_READING_WORDS "share", "fraction", "power"

typedef struct onn_detect_values {
	size_t nregions, regions[2]; /* none: one a class; a number; rows and columns */
	size_t side;                 /* pixels of a region's side; 0: as is best known */
	size_t area;                 /* pixels of the square that holds them; 0: likewise */
	onn_d2nn_detection detection;
	onn_detect_reading reading;
} onn_detect_values;

const onn_settings *onn_detect_settings(void);
/* What 0 stands for on a grid of so many pixels, regions in rows. */
size_t onn_detect_side(size_t side, size_t grid);
size_t onn_detect_area(size_t area, size_t grid);

#endif
