/*
 * A graph's inside: what builders, rules and plans share.
 */
#ifndef ONN_SRC_GRAPH_GRAPH_H
#define ONN_SRC_GRAPH_GRAPH_H

#include <stdarg.h>

#include <onn/graph.h>

#include "ops/op.h"

/*
 * What a node is beside its inputs. One structure for all operations: unused fields are 0, so that
 * two attributes are equal where their bytes are.
 */
typedef struct onn_attr {
	uint64_t seed;                    /* random, poisson */
	double re, im;                    /* scalar */
	size_t ndim, shape[ONN_MAX_DIMS]; /* leaves, reshape, broadcast, place, random */
	ptrdiff_t start[ONN_MAX_DIMS]; /* slice, place; permute: the order; filter: see ops.def */
	ptrdiff_t step[ONN_MAX_DIMS];  /* slice, place */
	size_t count[ONN_MAX_DIMS];    /* slice; scatter_add: count[0] rows; filter: the window */
	const onn_operation *custom;
	const onn_array *constant; /* owned by the graph */
	const char *name;          /* variable; owned by the graph */
	onn_type type;             /* leaves, cast, random */
	uint32_t axes;             /* sum, reduce_max: a bit an axis; argmax, concat: the axis; fft,
	                              filter: how many of the last axes are transformed */
	uint32_t order;            /* sinc */
	uint32_t stream;           /* random, poisson */
	int op_a, op_b;            /* matmul */
	int inverse;               /* fft */
	int conjugate;             /* filter: by the spectrum's conjugate */
} onn_attr;

typedef struct onn_node_data {
	onn_op op;
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
    onn_graph *g, onn_op op, const onn_node *input, size_t ninputs, const onn_attr *attr);
/* True where a builder can go on: no error so far, and x is a node of g; else records the error. */
bool onn_graph_ok(onn_graph *g, const char *function, onn_node x);

/*
 * A constant that is found again by its key: what it is and all that it was made from, as bytes
 * (structures need their padding zeroed). The first request makes it; its array then belongs to the
 * graph. A failure of make becomes the graph's error.
 */
typedef onn_status (*onn_make_table)(onn_array **table, const void *argument);
onn_node onn_keyed_constant(
    onn_graph *g, const void *key, size_t bytes, onn_make_table make, const void *argument);

bool onn_shape_equal(size_t na, const size_t *a, size_t nb, const size_t *b);
/* A number that every element of x equals, seen through broadcast and reshape. */
bool onn_node_uniform(double *re, double *im, const onn_graph *g, onn_node x);
/* The number of elements; shapes in a graph never overflow. */
size_t onn_data_count(const onn_node_data *n);
/* Axis -ndim ... ndim-1 to 0 ... ndim-1; false outside. */
bool onn_axis(size_t *out, int axis, size_t ndim);

/*
 * A node's replacement by something simpler, or the node itself: x + 0, x * 1, conj(conj(x)),
 * folded numbers. Called by onn_make before it makes a node; returns the null node where there is
 * none.
 */
onn_node onn_simplify(onn_graph *g, onn_op op, const onn_node *input, size_t ninputs,
    const onn_attr *attr, const onn_node_data *inferred);

/* Checks the invariants of every node; NULL, or what is wrong (thread-local text). For debug
 * builds. */
const char *onn_graph_verify(const onn_graph *g);

#endif
