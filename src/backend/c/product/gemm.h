/*
 * Matrix products on one thread: oneDNN for f32, loops of our own for the other types, OpenBLAS
 * for those where the loops have no wide vectors. Threads may multiply at the same time.
 */
#ifndef ONN_SRC_BACKEND_C_PRODUCT_GEMM_H
#define ONN_SRC_BACKEND_C_PRODUCT_GEMM_H

#include <stdbool.h>

#include "backend/c/kernels.h"

/* c = op(a) op(b), row-major; op(a) is m x k, op(b) is k x n, each ONN_N, ONN_T, ONN_C or ONN_H. */
typedef struct onn_gemm {
	onn_type type; /* f32, f64, c64 or c128 */
	int op_a, op_b;
	size_t m, n, k;
	size_t lda, ldb, ldc;
	bool own; /* by loops of our own whatever libraries there are */
} onn_gemm;

/*
 * Whether loops of our own are the faster ones for a type. With AVX2 they are as fast as OpenBLAS,
 * with AVX-512 1.1 to 1.9 times (docs/performance.md), and threads need not wait for each other.
 */
bool onn_gemm_prefers_own(onn_type type, const onn_kernels *kernels);

/* What does it: "oneDNN", "OpenBLAS" or "own loops". */
const char *onn_gemm_library(const onn_gemm *g);
/* work: ONN_GEMM_WORK bytes, aligned to 64. */
void onn_gemm_run(const onn_gemm *g, const onn_kernels *kernels, const void *a, const void *b,
    void *c, void *work);

/*
 * The libraries below have threads of their own, which a pool's threads must not wake. Every thread
 * calls enter before it multiplies and hands what it returns to leave: the caller's own settings
 * come back.
 */
int onn_gemm_enter(void);
void onn_gemm_leave(int before);
/* Once, when a device opens. */
void onn_gemm_init(void);

/* "oneDNN 2.6.3, OpenBLAS 0.3.21" */
void onn_gemm_libraries(char *text, size_t room);

#endif
