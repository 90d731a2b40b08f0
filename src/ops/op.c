/*
 * The tables that ops.def unfolds into.
 */
#include "ops/op.h"
#include "ops/rules.h"

/* ---- what graphs ask ---- */

static const onn_rule rule[ONN_OP_COUNT] = {
    [ONN_OP_NONE] = {"none", 0, ONN_ATTR_NONE, NULL, NULL},
#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient, ...)                       \
	[ONN_OP_##id] = {#text, arity, ONN_ATTR_NONE, infer_pointwise, gradient},
#define ONN_SPECIAL(id, text, arity, attributes, cost, infer, gradient)                            \
	[ONN_OP_##id] = {#text, arity, ONN_ATTR_##attributes, infer, gradient},
#define ONN_PRIMITIVE(id, text, arity, role, reads, attributes, infer, gradient)                   \
	[ONN_OP_##id] = {#text, arity, ONN_ATTR_##attributes, infer, gradient},
#include "ops/ops.def"
};

const onn_rule *onn_rule_of(uint32_t op) { return &rule[op]; }
const char *onn_op_name(onn_op op) { return op < ONN_OP_COUNT ? rule[op].name : "?"; }
int onn_op_arity(onn_op op) { return op < ONN_OP_COUNT ? rule[op].arity : 0; }

/* ---- what plans and backends ask ---- */

typedef struct traits {
	onn_role role;
	onn_reads reads;
	unsigned cost;
} traits;

enum { CHEAP, ROOT, LENGTH, LIBRARY, SERIES, SOLVER, COUNTS, NOTHING };

/* of real and of complex operands */
static const unsigned costs[][2] = {
    [CHEAP] = {1, 1},
    [ROOT] = {5, 5},
    [LENGTH] = {1, 5},
    [LIBRARY] = {15, 15},
    [SERIES] = {20, 20},
    [SOLVER] = {80, 80},
    [COUNTS] = {400, 400},
    [NOTHING] = {0, 0},
};

static const traits row[ONN_OP_COUNT] = {
    [ONN_OP_NONE] = {ONN_ROLE_NONE, ONN_READS_VIEWS, NOTHING},
#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient, ...)                       \
	[ONN_OP_##id] = {ONN_ROLE_POINTWISE, ONN_READS_VIEWS, cost},
#define ONN_SPECIAL(id, text, arity, attributes, cost, infer, gradient)                            \
	[ONN_OP_##id] = {ONN_ROLE_POINTWISE, ONN_READS_VIEWS, cost},
#define ONN_PRIMITIVE(id, text, arity, role, reads, ...)                                           \
	[ONN_OP_##id] = {ONN_ROLE_##role, ONN_READS_##reads, NOTHING},
#include "ops/ops.def"
};

static const traits *traits_of(onn_op op) { return &row[op < ONN_OP_COUNT ? op : ONN_OP_NONE]; }

onn_role onn_op_role(onn_op op) { return traits_of(op)->role; }
onn_reads onn_op_reads(onn_op op) { return traits_of(op)->reads; }

unsigned onn_op_cost(onn_op op, onn_type operands)
{
	return costs[traits_of(op)->cost][onn_type_is_complex(operands)];
}

/* ---- what shape rules ask of pointwise rows ---- */

#define CLASSES_R   ONN_CLASS_R
#define CLASSES_C   ONN_CLASS_C
#define CLASSES_RC  (ONN_CLASS_R | ONN_CLASS_C)
#define CLASSES_RI  (ONN_CLASS_R | ONN_CLASS_I)
#define CLASSES_RCI (ONN_CLASS_R | ONN_CLASS_C | ONN_CLASS_I)

static const struct {
	unsigned classes;
	int result;
} pointwise[ONN_OP_COUNT] = {
#define ONN_POINTWISE(id, text, arity, result, classes, ...)                                       \
	[ONN_OP_##id] = {CLASSES_##classes, ONN_RESULT_##result},
#include "ops/ops.def"
};

unsigned onn_op_classes(onn_op op) { return pointwise[op].classes; }
int onn_op_result(onn_op op) { return pointwise[op].result; }
