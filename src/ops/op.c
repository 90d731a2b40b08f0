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

static const struct {
	const char *name;
	int arity;
	bool pointwise;
} row[ONN_OP_COUNT] = {
    [ONN_OP_NONE] = {"none", 0, false},
#define ONN_POINTWISE(id, text, arity, result, classes, gradient)                                  \
	[ONN_OP_##id] = {#text, arity, true},
#define ONN_SPECIAL(id, text, arity, infer, gradient)   [ONN_OP_##id] = {#text, arity, true},
#define ONN_PRIMITIVE(id, text, arity, infer, gradient) [ONN_OP_##id] = {#text, arity, false},
#include "ops/ops.def"
};

static const onn_rule rule[ONN_OP_COUNT] = {
#define ONN_POINTWISE(id, text, arity, result, classes, gradient)                                  \
	[ONN_OP_##id] = {infer_pointwise, gradient, CLASSES_##classes, ONN_RESULT_##result},
#define ONN_SPECIAL(id, text, arity, infer, gradient)   [ONN_OP_##id] = {infer, gradient, 0, 0},
#define ONN_PRIMITIVE(id, text, arity, infer, gradient) [ONN_OP_##id] = {infer, gradient, 0, 0},
#include "ops/ops.def"
};

const char *onn_op_name(onn_op op) { return op < ONN_OP_COUNT ? row[op].name : "?"; }
bool onn_op_is_pointwise(onn_op op) { return op < ONN_OP_COUNT && row[op].pointwise; }
int onn_op_arity(onn_op op) { return op < ONN_OP_COUNT ? row[op].arity : 0; }
const onn_rule *onn_rule_of(onn_op op) { return &rule[op]; }
