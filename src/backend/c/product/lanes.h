/*
 * Kernels of convolutions in single precision: rows of numbers, one in each lane of a vector.
 */
#ifndef ONN_SRC_BACKEND_C_PRODUCT_LANES_H
#define ONN_SRC_BACKEND_C_PRODUCT_LANES_H

#include "backend/c/builder.h"

/* Rows of a matrix that `mix` takes at a time: it is packed in blocks of so many, term by term. */
enum { ONN_LANE_ROWS = 8 };

/* Rows of lanes: the first, and how far apart they and their sets are, in numbers. */
typedef struct onn_lane_rows {
	float *first;
	size_t step, next;
} onn_lane_rows;

/* c[i] = sum over j < terms of a[i, j] b[j], rows of `vectors` vectors; distances in numbers. */
typedef struct onn_lane_product {
	const float *a, *b;
	float *c;
	size_t a_row, a_column, b_row, c_row;
	size_t rows, terms, vectors;
} onn_lane_product;

typedef struct onn_lane_kernels {
	size_t lanes;
	/* y[i] = sum over j < terms of m[i, j] x[j], i < rows, for each of `count` sets */
	void (*mix)(onn_lane_rows y, onn_lane_rows x, const float *m, size_t rows, size_t terms,
	    size_t count);
	void (*product)(const onn_lane_product *p);
	/* to[j * step] lane k = from[k * apart + j], j < n; lanes from `used` on are 0 */
	void (*load)(
	    float *to, size_t step, const float *from, size_t apart, size_t used, size_t n);
	/* to[k * apart + j] = from[j] lane k, k < used */
	void (*store)(float *to, const float *from, size_t apart, size_t used, size_t n);
	/* rows of n numbers, `apart` from each other, one behind the other */
	void (*pack)(float *to, const float *from, size_t apart, size_t n, size_t rows);
} onn_lane_kernels;

extern const onn_lane_kernels onn_lanes_baseline_f32, onn_lanes_avx2_f32, onn_lanes_avx512_f32;

/* Those of the builder's instruction set. */
const onn_lane_kernels *onn_lane_kernels_choose(const onn_c_builder *b);

#endif
