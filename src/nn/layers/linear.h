/*
 * The settings of linear, for the preset that writes them.
 */
#ifndef ONN_SRC_NN_LAYERS_LINEAR_H
#define ONN_SRC_NN_LAYERS_LINEAR_H

#include <onn/nn.h>

typedef struct onn_linear_values {
	size_t outputs;
	bool bias;
	onn_weight_start start;
} onn_linear_values;

#endif
