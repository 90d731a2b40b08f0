/*
 * The rules that ops.def names: shapes and gradients.
 */
#ifndef ONN_SRC_OPS_RULES_H
#define ONN_SRC_OPS_RULES_H

#include "graph/rule.h"
#include "ops/op.h"

/* Opens a gradient rule. */
#define ONN_RULE(name) void name(onn_node grad[], onn_graph *g, const onn_backward *b)

/* Of rows ONN_POINTWISE. */
enum { ONN_RESULT_SAME, ONN_RESULT_REAL, ONN_RESULT_COMPLEX };
enum { ONN_CLASS_R = 1, ONN_CLASS_C = 2, ONN_CLASS_I = 4 };
/* The operand types that have a body: bits ONN_CLASS_... */
unsigned onn_op_classes(onn_op op);
/* ONN_RESULT_... */
int onn_op_result(onn_op op);

/* What most shape rules end with: fills n's type and shape, and is true. */
bool onn_infer_as(onn_node_data *n, onn_type type, size_t ndim, const size_t *shape);

/* Brings n operands to one shape and, where promote says so, to one type; false on an error, which
 * names the function. */
bool onn_align(onn_node *x, size_t n, onn_graph *g, const char *function, bool promote);
/* Brings two to a type, and all their axes but the last two to one shape. */
bool onn_align_leading(onn_node x[2], onn_graph *g, const char *function, onn_type type);

/* A row ONN_POINTWISE of as many operands as it takes, which broadcast and promote. Errors name the
 * function. */
onn_node onn_pointwise(onn_graph *g, const char *function, onn_op op, const onn_node *operand);
bool infer_pointwise(onn_graph *g, onn_node_data *n);

#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient, ...) ONN_RULE(gradient);
#define ONN_SPECIAL(id, text, arity, attributes, cost, infer, gradient)                            \
	bool infer(onn_graph *g, onn_node_data *n);                                                \
	ONN_RULE(gradient);
#define ONN_PRIMITIVE(id, text, arity, role, reads, attributes, infer, gradient)                   \
	bool infer(onn_graph *g, onn_node_data *n);                                                \
	ONN_RULE(gradient);
#include "ops/ops.def"

#endif
