/* Tiles of products of matrices, and of images with kernels. */
#ifndef ONN_SRC_BACKEND_OPENCL_PRODUCT_TILE_H
#define ONN_SRC_BACKEND_OPENCL_PRODUCT_TILE_H

#include "backend/opencl/opencl_backend.h"

/* A group of edge x edge work items, each of which computes work x work elements; `depth` terms of
 * the sum are in local memory at a time. */
typedef struct onn_cl_tile {
	size_t edge, work, depth;
} onn_cl_tile;

/* few: small tiles, since large ones are too few for the device. */
onn_cl_tile onn_cl_tile_of(const onn_cl_device *d, onn_type type, bool few);

#endif
