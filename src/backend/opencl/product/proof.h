/* A library's product on trial: proof.c. */
#ifndef ONN_SRC_BACKEND_OPENCL_PRODUCT_PROOF_H
#define ONN_SRC_BACKEND_OPENCL_PRODUCT_PROOF_H

#include "backend/opencl/opencl_backend.h"

/* A matrix in memory, row-major; offset, ld and stride (from matrix to matrix of a batch) in
 * elements. */
typedef struct onn_cl_factor {
	int op; /* ONN_N ... */
	size_t offset, ld, stride;
} onn_cl_factor;

/* c = op(a) op(b): op(a) is m x k, op(b) k x n. */
typedef struct onn_cl_product {
	const char *library;
	onn_type type;
	size_t m, n, k, batches;
	onn_cl_factor a, b, c;
	/* Enqueues it on these three; 0, or the library's code. event may be NULL. */
	int (*multiply)(onn_cl_device *d, const struct onn_cl_product *p, const cl_mem memory[3],
	    cl_event *event);
} onn_cl_product;

/* Whether the library multiplies such matrices rightly; tried once a device. False too where there
 * is no memory for a trial. */
bool onn_cl_product_is_right(onn_cl_device *d, const onn_cl_product *p);

#endif
