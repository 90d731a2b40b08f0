/*
 * Numbers from files, placed on a grid: what masks, modulators and pictures as sources share.
 */
#ifndef ONN_SRC_NN_LAYERS_PLACED_H
#define ONN_SRC_NN_LAYERS_PLACED_H

#include "nn/layer.h"

/*
 * Reads an .npy, .png or .tif as real numbers f64 [ny, nx], or, of complex ones, as their parts
 * [2, ny, nx].
 *
 * side: metres that the longer side takes, in the middle and bilinear, zeros around it; 0: a pixel
 * of the file is one of the grid, and exact: all of it, or else in the middle of zeros.
 * ONN_ERROR_FILE, ONN_ERROR_FORMAT: another shape or type, or it does not fit.
 */
onn_status onn_placed_read(onn_array **array, const char *file, double side, bool exact,
    bool complex, const onn_grid *grid);

/* A weight that `read` reads so, and that is not trained: "mask0". */
onn_weight onn_placed_weight(const char *name, size_t ordinal, bool complex, const onn_grid *grid,
    onn_status (*read)(onn_array **array, const void *layer, const onn_weight *weight));

#endif
