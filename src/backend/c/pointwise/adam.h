/*
 * Adam's update as one loop:
 *
 *     m' = m s0 + g s1    v' = v s2 + g g s3    w' = w - m' / (sqrt(v') + s4) s5
 */
#ifndef ONN_SRC_BACKEND_C_POINTWISE_ADAM_H
#define ONN_SRC_BACKEND_C_POINTWISE_ADAM_H

#include "backend/c/builder.h"

/* A scalar operand: in memory, or an immediate. */
typedef struct onn_c_scalar {
	bool immediate;
	double value;
	onn_c_place place;
} onn_c_scalar;

typedef struct onn_c_adam {
	onn_adam_kernel kernel;
	onn_type type;
	size_t count, size;        /* size: of an element, bytes */
	onn_c_place in[4], out[3]; /* m, v, w, g; m', v', w': dense, of equal shapes */
	onn_c_scalar scalar[ONN_ADAM_SCALARS];
} onn_c_adam;

/* The path of a pointwise step: an onn_c_adam is its subject. */
bool onn_c_find_adam(const onn_c_builder *b, const onn_step *step, void *subject);
onn_status onn_c_prepare_adam(onn_c_builder *b, const onn_step *step, void *subject);

#endif
