/*
 * The reference backend: each step as plainly as its definition reads, in double, on one thread.
 * The other backends are compared with it, so it shares no code with them.
 */
#ifndef ONN_SRC_BACKEND_REFERENCE_REFERENCE_H
#define ONN_SRC_BACKEND_REFERENCE_REFERENCE_H

#include <stddef.h>

#include "backend/host_buffer.h"

/* A number of any type: i32, u32 and u8 are exact in re; im is 0 unless the type is complex. */
typedef double _Complex onn_ref_number;

/* C11's CMPLX, which not every compiler's header has: re + i im loses signed zeros and makes NaN of
 * infinities. */
static inline onn_ref_number onn_ref_complex(double re, double im)
{
	union {
		double part[2];
		onn_ref_number number;
	} z = {{re, im}};

	return z.number;
}

/* What a step works on. */
typedef struct onn_ref_run {
	const onn_schedule *schedule;
	onn_buffer *const *buffers;
} onn_ref_run;

/* Element `index` of a value, converted from its type; and back, rounded to its type. */
onn_ref_number onn_ref_load(const onn_ref_run *run, uint32_t value, ptrdiff_t index);
void onn_ref_store(const onn_ref_run *run, uint32_t value, ptrdiff_t index, onn_ref_number number);
/* x as an element of that type holds it: rounded, truncated, or wrapped. */
onn_ref_number onn_ref_round(onn_type type, onn_ref_number x);

/* The result of one instruction; x holds its operands. Not rounded to its type. */
onn_ref_number onn_ref_apply(const onn_instr *instr, const onn_ref_number *x);

/* d^order/dx^order of sin(x)/x. */
double onn_ref_sinc(uint32_t order, double x);
/* The A that solves A + s (1 - exp(-A)) = depth, for s >= 0. */
double onn_ref_absorbance(double s, double depth);

/*
 * Steps index, the last axis fastest, through axes first ... last-1 of shape. False after the last
 * element; the index is then all zeros again on these axes.
 */
bool onn_ref_next_index(size_t *index, const size_t *shape, uint32_t first, uint32_t last);
/* Fills all registers of a program for one element. Nothing is rounded between instructions. */
void onn_ref_evaluate(onn_ref_number *reg, const onn_ref_run *run, const onn_program *p,
    uint32_t ndim, const size_t *index);

/* One function a step kind; those that need memory of their own may fail: ONN_ERROR_MEMORY. */
#define ONN_STEP_KIND(id, name, ...)                                                               \
	onn_status onn_ref_##name(const onn_ref_run *run, const onn_step *step);
#include "backend/step_kinds.def"

#endif
