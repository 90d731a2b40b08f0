/*
 * The settings of conv2d, pool and dropout, for the preset that writes them.
 */
#ifndef ONN_SRC_NN_LAYERS_CONV2D_H
#define ONN_SRC_NN_LAYERS_CONV2D_H

#include <onn/convolution.h>
#include <onn/nn.h>

typedef struct onn_conv2d_values {
	size_t outputs, kernel[2];
	size_t stride[2], padding[2], dilation[2], groups;
	bool bias;
	onn_weight_start start;
} onn_conv2d_values;

typedef struct onn_pool_values {
	onn_pooling kind;
	size_t window[2], stride[2], padding[2];
} onn_pool_values;

typedef struct onn_dropout_values {
	double rate;
} onn_dropout_values;

#endif
