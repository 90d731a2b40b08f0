/*
 * The names of the primitives, from ops.def. What backends, plans and graphs all know.
 */
#ifndef ONN_SRC_OPS_OP_H
#define ONN_SRC_OPS_OP_H

#include <stdbool.h>

#include <onn/array.h>

typedef enum onn_op {
	ONN_OP_NONE = 0,
#define ONN_POINTWISE(id, text, arity, result, classes, gradient) ONN_OP_##id,
#define ONN_SPECIAL(id, text, arity, infer, gradient)             ONN_OP_##id,
#define ONN_PRIMITIVE(id, text, arity, infer, gradient)           ONN_OP_##id,
#include "ops/ops.def"
	ONN_OP_COUNT
} onn_op;

/* The row's text: "exp". Never NULL. */
const char *onn_op_name(onn_op op);
/* True for ONN_POINTWISE and ONN_SPECIAL rows: what a fused program can hold. */
bool onn_op_is_pointwise(onn_op op);
/* Inputs; -1 for any number. */
int onn_op_arity(onn_op op);

#endif
