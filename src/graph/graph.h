/*
 * A graph's inside: what builders, rules and plans share.
 */
#ifndef ONN_SRC_GRAPH_GRAPH_H
#define ONN_SRC_GRAPH_GRAPH_H

#include <stdarg.h>

#include <onn/graph.h>

#include "graph/attr.h"

typedef struct onn_node_data {
	uint32_t op; /* an onn_op, which ops/op.h names */
	onn_type type;
	uint32_t ninputs;
	uint32_t inline_input[3];
	const uint32_t *input; /* where there are more than three; the graph owns them */
	uint32_t ndim;
	size_t shape[ONN_MAX_DIMS];
	const onn_attr *attr; /* never NULL */
	uint64_t hash;
	uint32_t next; /* in the hash bucket */
} onn_node_data;

/* A constant and the bytes that say what it was made from. */
typedef struct onn_keyed {
	uint64_t hash;
	const void *key; /* owned by the graph */
	size_t bytes;
	onn_node node;
} onn_keyed;

struct onn_graph {
	onn_status status;
	char error[512];
	onn_node_data *node; /* node[0] is the null node */
	size_t nnodes, capacity;
	uint32_t *bucket;
	size_t nbuckets;
	uint32_t *variable; /* ids, in the order of making */
	size_t nvariables, variable_capacity;
	void **owned; /* attributes, names, long input lists */
	size_t nowned, owned_capacity;
	onn_array **constant;
	size_t nconstants, constant_capacity;
	onn_keyed *keyed; /* constants found again by what they were made from */
	size_t nkeyed, keyed_capacity;
};

/* Lent until the next builder call. */
static inline const onn_node_data *onn_node_get(const onn_graph *g, uint32_t id)
{
	return &g->node[id];
}
static inline const uint32_t *onn_node_inputs(const onn_node_data *n)
{
	return n->ninputs <= 3 ? n->inline_input : n->input;
}

/* Checks inputs, infers type and shape, and finds or makes the node. attr may be NULL. */
onn_node onn_make(
    onn_graph *g, uint32_t op, const onn_node *input, size_t ninputs, const onn_attr *attr);
/* True where a builder can go on: no error so far, and x is a node of g; else records the error. */
bool onn_graph_ok(onn_graph *g, const char *function, onn_node x);

/* Memory that goes with the graph; NULL with the graph's error set. */
void *onn_graph_own(onn_graph *g, const void *data, size_t bytes);

/*
 * A constant that is found again by its key: what it is and all that it was made from, as bytes
 * (structures need their padding zeroed). The first request makes it; its array then belongs to the
 * graph. A failure of make becomes the graph's error.
 */
typedef onn_status (*onn_make_table)(onn_array **table, const void *argument);
onn_node onn_keyed_constant(
    onn_graph *g, const void *key, size_t bytes, onn_make_table make, const void *argument);

bool onn_shape_equal(size_t na, const size_t *a, size_t nb, const size_t *b);
/* The number of elements; shapes in a graph never overflow. */
size_t onn_data_count(const onn_node_data *n);
/* Axis -ndim ... ndim-1 to 0 ... ndim-1; false outside. */
bool onn_axis(size_t *out, int axis, size_t ndim);

/* Checks the invariants of every node; NULL, or what is wrong (thread-local text). For debug
 * builds. */
const char *onn_graph_verify(const onn_graph *g);

#endif
