/*
 * The settings of plate, for the preset that writes them.
 */
#ifndef ONN_SRC_NN_LAYERS_PLATE_H
#define ONN_SRC_NN_LAYERS_PLATE_H

#include <onn/d2nn.h>

#include "core/settings.h"

typedef struct onn_plate_values {
	onn_d2nn_modulation modulation;
	double misalign; /* while training: deviation of its shift, metres */
	unsigned levels; /* of phase that it can show; 0: any */
	onn_weight_start start;
} onn_plate_values;

const onn_settings *onn_plate_settings(void);
/* A transmission of its real and imaginary parts [2, ny, nx]. */
onn_node onn_complex_of_parts(onn_graph *g, onn_node parts, const onn_grid *grid);

#endif
