/*
 * What a graph asks of its operations; src/ops answers. A graph itself knows none of them by name.
 */
#ifndef ONN_SRC_GRAPH_RULE_H
#define ONN_SRC_GRAPH_RULE_H

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

typedef struct onn_rule {
	const char *name;
	int arity; /* inputs; -1 for any number */
	onn_attr_group attr;
	onn_infer infer;
	onn_grad gradient;
} onn_rule;

const onn_rule *onn_rule_of(uint32_t op);

/*
 * A node's replacement by something simpler, or the node itself: x + 0, x * 1, conj(conj(x)),
 * folded numbers. Called by onn_make before it makes a node; returns the null node where there is
 * none.
 */
onn_node onn_simplify(onn_graph *g, uint32_t op, const onn_node *input, size_t ninputs,
    const onn_attr *attr, const onn_node_data *inferred);
/* A number that every element of x equals, seen through broadcast and reshape. */
bool onn_node_uniform(double *re, double *im, const onn_graph *g, onn_node x);

#endif
