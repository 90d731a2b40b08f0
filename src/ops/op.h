/*
 * The primitives by name, and their traits, from ops.def. What backends, plans and graphs all know.
 */
#ifndef ONN_SRC_OPS_OP_H
#define ONN_SRC_OPS_OP_H

#include <stdbool.h>

#include <onn/array.h>

typedef enum onn_op {
	ONN_OP_NONE = 0,
#define ONN_POINTWISE(id, ...) ONN_OP_##id,
#define ONN_SPECIAL(id, ...)   ONN_OP_##id,
#define ONN_PRIMITIVE(id, ...) ONN_OP_##id,
#include "ops/ops.def"
	ONN_OP_COUNT
} onn_op;

/* What a plan makes of a node. */
typedef enum onn_role {
	ONN_ROLE_NONE,
	ONN_ROLE_NUMBER,    /* an immediate of programs */
	ONN_ROLE_VALUE,     /* memory that stands before a run */
	ONN_ROLE_ALIAS,     /* its first input */
	ONN_ROLE_VIEW,      /* strides over its input's value, copied where a reader needs that */
	ONN_ROLE_POINTWISE, /* part of a program; rows ONN_POINTWISE and ONN_SPECIAL */
	ONN_ROLE_REDUCTION, /* a step over axes, behind a program */
	ONN_ROLE_TRANSFORM, /* a step over fields, behind a program */
	ONN_ROLE_PRODUCT,   /* a step over matrices, or images with kernels */
	ONN_ROLE_INDEX,     /* a step by places in its input */
	ONN_ROLE_PULSE,     /* a step over rows, each by itself */
	ONN_ROLE_COPY,      /* copies, side by side */
	ONN_ROLE_ASSIGN     /* a value's way into a variable */
} onn_role;

/* How operands may lie in memory; one that lies otherwise is copied before. */
typedef enum onn_reads {
	ONN_READS_VIEWS,    /* in any strides */
	ONN_READS_DENSE,    /* row after row, all of them */
	ONN_READS_ROWS,     /* the first with dense rows at any distance, the others dense */
	ONN_READS_MATRICES, /* dense rows or dense columns */
	ONN_READS_SPECTRUM  /* the second with its last two axes dense, the first in any strides */
} onn_reads;

/* The row's text: "exp". Never NULL. */
const char *onn_op_name(onn_op op);
/* Inputs; -1 for any number. */
int onn_op_arity(onn_op op);
onn_role onn_op_role(onn_op op);
onn_reads onn_op_reads(onn_op op);

/*
 * The work for one element of operands of this type, in additions; 0 but for pointwise rows. By it
 * plans decide what to compute again instead of reading it back, and backends how to share work.
 *
 *     CHEAP    1                                  an instruction or two
 *     ROOT     5                                  a division or a square root
 *     LENGTH   1 of a real number, 5 of a complex one
 *     LIBRARY  15                                 a function of the mathematical library
 *     SERIES   20                                 for a function, and for each derivative of it
 *     SOLVER   80                                 an iteration
 *     COUNTS   400                                a loop over random numbers
 */
unsigned onn_op_cost(onn_op op, onn_type operands);

/* What a fused program can hold. */
static inline bool onn_op_is_pointwise(onn_op op) { return onn_op_role(op) == ONN_ROLE_POINTWISE; }
/* Steps whose first operand may be a program. */
static inline bool onn_op_has_prologue(onn_op op)
{
	return onn_op_role(op) == ONN_ROLE_REDUCTION || onn_op_role(op) == ONN_ROLE_TRANSFORM;
}

#endif
