/*
 * The settings of space, for the preset that writes them.
 */
#ifndef ONN_SRC_NN_LAYERS_SPACE_H
#define ONN_SRC_NN_LAYERS_SPACE_H

#include <onn/d2nn.h>

#include "core/settings.h"

typedef struct onn_space_values {
	double distance; /* metres */
	size_t padding;  /* zeros on each side; ONN_D2NN_PADDING_HALF */
	onn_method method;
	onn_evanescent evanescent;
	double pitch[2]; /* scaled: behind it, metres; 0: the grid's */
} onn_space_values;

const onn_settings *onn_space_settings(void);

#endif
