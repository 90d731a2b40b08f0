/*
 * The compiled loops over blocks, once for each instruction set.
 *
 * kernel_table.inc is compiled three times; onn_kernels_choose picks the best table that the
 * processor runs.
 */
#ifndef ONN_SRC_BACKEND_C_KERNELS_H
#define ONN_SRC_BACKEND_C_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/schedule.h"

/*
 * y[i] = f(a[i], b[i], c[i]) for 0 <= i < n. y may be one of the operands, element for element,
 * where the sizes of their elements are equal (not for SINC and CUSTOM). An operand that the
 * variant takes as a scalar is one element.
 */
typedef void (*onn_kernel)(
    void *y, const void *a, const void *b, const void *c, size_t n, const onn_instr *instr);

/* Bit k of a variant's number: operand k is a scalar. */
enum { ONN_KERNEL_VARIANTS = 8 };

/* The most elements that a kernel is given at once. */
enum { ONN_BLOCK_MAX = 512 };

/* op(a) op(b) of own loops: panels of b and rows of a, packed. */
typedef struct onn_gemm_view {
	const void *data;
	ptrdiff_t row, column; /* strides in elements */
	int conjugate;
} onn_gemm_view;

/* Where a chain of two instructions t = a op1 b; y = t op2 c, or c op2 t, is one kernel. */
typedef enum onn_chain {
	ONN_CHAIN_MUL_ADD, /* a b + c */
	ONN_CHAIN_MUL_SUB, /* a b - c */
	ONN_CHAIN_SUB_MUL, /* c - a b */
	ONN_CHAIN_ADD_MUL, /* (a + b) c */
	ONN_CHAIN_DIF_MUL, /* (a - b) c */
	ONN_CHAIN_MUL_MUL, /* a b c */
	ONN_CHAIN_COUNT
} onn_chain;

/* Adam's update, see pointwise/adam.c: out is m', v', w'; in is m, v, w, g; s is of the kernel's
 * type. */
enum { ONN_ADAM_SCALARS = 6 };
typedef void (*onn_adam_kernel)(
    void *const out[3], const void *const in[4], const void *s, size_t n);

/* Rows of n elements: those of a are a_stride elements apart, all others `stride`. */
typedef struct onn_plate_rows {
	size_t rows, n, stride, a_stride;
} onn_plate_rows;

/* w' = w - s g/|g| with g = a conj(b), or a b where plain; 0 for g = 0; see pointwise/plate.c. c64.
 * */
typedef void (*onn_plate_kernel)(void *out, const void *w, const void *a, const void *b, bool plain,
    double s, const onn_plate_rows *rows);

typedef struct onn_kernels {
	const char *name;
	/* by operation and type of the operands; NULL where there is none */
	onn_kernel pointwise[ONN_OP_COUNT][ONN_TYPE_COUNT][ONN_KERNEL_VARIANTS];
	onn_kernel cast[ONN_TYPE_COUNT][ONN_TYPE_COUNT];
	onn_kernel chain[ONN_CHAIN_COUNT][ONN_TYPE_COUNT][ONN_KERNEL_VARIANTS];

	onn_adam_kernel adam[ONN_TYPE_COUNT];
	onn_plate_kernel plate; /* NULL where it would be no faster */

	/*
	 * total += sum of x[0 ... n-1]. Totals of f32 and c64 are kept in double, of integers in
	 * u32. For a maximum total is of x's type.
	 */
	void (*sum[ONN_TYPE_COUNT])(void *total, const void *x, size_t n);
	void (*maximum[ONN_TYPE_COUNT])(void *total, const void *x, size_t n);
	/* y[i] += x[i] in x's type; total[i] += x[i] in the total's */
	void (*gain[ONN_TYPE_COUNT])(void *y, const void *x, size_t n);
	void (*gain_total[ONN_TYPE_COUNT])(void *total, const void *x, size_t n);
	/* y[i] = max(y[i], x[i]) */
	void (*raise[ONN_TYPE_COUNT])(void *y, const void *x, size_t n);

	/*
	 * c[m, n] (row-major, ldc) = op(a) op(b) for float types; work has ONN_GEMM_WORK
	 * bytes, aligned to 64.
	 */
	void (*gemm[ONN_TYPE_COUNT])(const onn_gemm_view *a, const onn_gemm_view *b, void *c,
	    size_t ldc, size_t m, size_t n, size_t k, void *work);
} onn_kernels;

extern const onn_kernels onn_kernels_baseline;
extern const onn_kernels onn_kernels_avx2;
extern const onn_kernels onn_kernels_avx512;

/* The best that this processor runs, or the lesser one that ONN_ISA names. */
const onn_kernels *onn_kernels_choose(void);

/* Bytes of workspace that gemm needs. */
enum { ONN_GEMM_WORK = 256 * 1024 };

/* Bytes of a total of sum and gain_total. */
size_t onn_total_size(onn_type type);

#endif
