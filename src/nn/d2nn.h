/*
 * Where things stand on a diffractive network's grid.
 */
#ifndef ONN_SRC_NN_D2NN_H
#define ONN_SRC_NN_D2NN_H

#include <onn/d2nn.h>

onn_grid onn_d2nn_grid(const onn_d2nn *d);
/* Zeros on each side. */
size_t onn_d2nn_padding(const onn_d2nn *d);
/* The least rectangle that holds some regions. */
onn_region onn_d2nn_detector_box(const onn_region *region, size_t count);

#endif
