/*
 * The tables that ops.def unfolds into.
 */
#include "ops/op.h"
#include "ops/rules.h"

#define CLASSES_R   ONN_CLASS_R
#define CLASSES_C   ONN_CLASS_C
#define CLASSES_RC  (ONN_CLASS_R | ONN_CLASS_C)
#define CLASSES_RI  (ONN_CLASS_R | ONN_CLASS_I)
#define CLASSES_RCI (ONN_CLASS_R | ONN_CLASS_C | ONN_CLASS_I)

/* of real and of complex operands */
#define COST_CHEAP                                                                                 \
	{                                                                                          \
		1, 1                                                                               \
	}
#define COST_ROOT                                                                                  \
	{                                                                                          \
		5, 5                                                                               \
	}
#define COST_LENGTH                                                                                \
	{                                                                                          \
		1, 5                                                                               \
	}
#define COST_LIBRARY                                                                               \
	{                                                                                          \
		15, 15                                                                             \
	}
#define COST_SERIES                                                                                \
	{                                                                                          \
		20, 20                                                                             \
	}
#define COST_SOLVER                                                                                \
	{                                                                                          \
		80, 80                                                                             \
	}
#define COST_COUNTS                                                                                \
	{                                                                                          \
		400, 400                                                                           \
	}

typedef struct traits {
	const char *name;
	int arity;
	onn_role role;
	onn_reads reads;
	unsigned cost[2];
} traits;

#define FUSED(text, arity, cost)                                                                   \
	{                                                                                          \
#text, arity, ONN_ROLE_POINTWISE, ONN_READS_VIEWS, COST_##cost                     \
	}

static const traits row[ONN_OP_COUNT] = {
    [ONN_OP_NONE] = {"none", 0, ONN_ROLE_NONE, ONN_READS_VIEWS, {0, 0}},
#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient)                            \
	[ONN_OP_##id] = FUSED(text, arity, cost),
#define ONN_SPECIAL(id, text, arity, cost, infer, gradient)                                        \
	[ONN_OP_##id] = FUSED(text, arity, cost),
#define ONN_PRIMITIVE(id, text, arity, role, reads, infer, gradient)                               \
	[ONN_OP_##id] = {#text, arity, ONN_ROLE_##role, ONN_READS_##reads, {0, 0}},
#include "ops/ops.def"
};

static const onn_rule rule[ONN_OP_COUNT] = {
#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient)                            \
	[ONN_OP_##id] = {infer_pointwise, gradient, CLASSES_##classes, ONN_RESULT_##result},
#define ONN_SPECIAL(id, text, arity, cost, infer, gradient) [ONN_OP_##id] = {infer, gradient, 0, 0},
#define ONN_PRIMITIVE(id, text, arity, role, reads, infer, gradient)                               \
	[ONN_OP_##id] = {infer, gradient, 0, 0},
#include "ops/ops.def"
};

static const traits *traits_of(onn_op op) { return &row[op < ONN_OP_COUNT ? op : ONN_OP_NONE]; }

const char *onn_op_name(onn_op op) { return op < ONN_OP_COUNT ? row[op].name : "?"; }
int onn_op_arity(onn_op op) { return traits_of(op)->arity; }
onn_role onn_op_role(onn_op op) { return traits_of(op)->role; }
onn_reads onn_op_reads(onn_op op) { return traits_of(op)->reads; }
unsigned onn_op_cost(onn_op op, onn_type operands)
{
	return traits_of(op)->cost[onn_type_is_complex(operands)];
}
const onn_rule *onn_rule_of(onn_op op) { return &rule[op]; }
