/*
 * The rules that ops.def names: shapes and gradients.
 */
#ifndef ONN_SRC_OPS_RULES_H
#define ONN_SRC_OPS_RULES_H

#include "graph/graph.h"

/* Fills n->type, ndim and shape from its op, inputs and attributes; on a wrong input records
 * the error in g and returns false. */
typedef bool (*onn_infer)(onn_graph *g, onn_node_data *n);

/* What a gradient rule sees: a node and the gradient dy that flows into it. */
typedef struct onn_backward {
	const onn_node *in; /* the node's inputs */
	size_t nin;
	onn_node y;           /* the node */
	onn_node dy;          /* y's type and shape */
	const onn_attr *attr; /* y's attributes; lent for the length of the call */
} onn_backward;

/* Builds grad[i] for each input; the null node, which grad holds at entry, means 0. */
typedef void (*onn_grad)(onn_node grad[], onn_graph *g, const onn_backward *b);
/* Opens the rule of that name. */
#define ONN_RULE(name) void name(onn_node grad[], onn_graph *g, const onn_backward *b)

enum { ONN_RESULT_SAME, ONN_RESULT_REAL, ONN_RESULT_COMPLEX };
enum { ONN_CLASS_R = 1, ONN_CLASS_C = 2, ONN_CLASS_I = 4 };

typedef struct onn_rule {
	onn_infer infer;
	onn_grad gradient;
	unsigned classes; /* pointwise rows: the operand types that have a body */
	int result;       /* pointwise rows: ONN_RESULT_... */
} onn_rule;

const onn_rule *onn_rule_of(onn_op op);

bool infer_pointwise(onn_graph *g, onn_node_data *n);

#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient) ONN_RULE(gradient);
#define ONN_SPECIAL(id, text, arity, cost, infer, gradient)                                        \
	bool infer(onn_graph *g, onn_node_data *n);                                                \
	ONN_RULE(gradient);
#define ONN_PRIMITIVE(id, text, arity, role, reads, infer, gradient)                               \
	bool infer(onn_graph *g, onn_node_data *n);                                                \
	ONN_RULE(gradient);
#include "ops/ops.def"

#endif
