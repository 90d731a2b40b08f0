/*
 * The graph: nodes in the order they were made, each found again by a hash of what it is, so that
 * equal subexpressions are one node. Inputs have smaller numbers than their users: the order is
 * topological.
 */
#include "graph/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "graph/rule.h"

static const onn_attr no_attr;

onn_status onn_graph_create(onn_graph **out)
{
	*out = NULL;
	onn_graph *g = calloc(1, sizeof *g);
	if (!g)
		return onn_error_memory("onn_graph_create", sizeof *g);
	g->nbuckets = 256;
	g->bucket = calloc(g->nbuckets, sizeof *g->bucket);
	if (!g->bucket || !onn_grow(&g->node, &g->capacity, 256, sizeof *g->node)) {
		onn_graph_destroy(g);
		return onn_error_memory("onn_graph_create", 256 * sizeof *g->node);
	}
	memset(&g->node[0], 0, sizeof g->node[0]);
	g->node[0].attr = &no_attr;
	g->nnodes = 1;
	*out = g;
	return ONN_OK;
}

void onn_graph_destroy(onn_graph *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nowned; i++)
		free(g->owned[i]);
	for (size_t i = 0; i < g->nconstants; i++)
		onn_array_destroy(g->constant[i]);
	onn_free_all(g->owned, g->constant, g->keyed, g->variable, g->bucket, g->node, g);
}

onn_status onn_graph_status(const onn_graph *g) { return g->status; }
const char *onn_graph_error(const onn_graph *g) { return g->error; }
void onn_graph_recover(onn_graph *g)
{
	g->status = ONN_OK;
	g->error[0] = 0;
}
size_t onn_graph_size(const onn_graph *g) { return g->nnodes - 1; }

onn_node onn_fail(onn_graph *g, onn_status status, const char *format, ...)
{
	if (g->status == ONN_OK) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(g->error, sizeof g->error, format, arguments);
		va_end(arguments);
		g->status = status == ONN_OK ? ONN_ERROR_ARGUMENT : status;
		onn_error(g->status, "%s", g->error);
	}
	return ONN_NULL_NODE;
}

bool onn_graph_ok(onn_graph *g, const char *function, onn_node x)
{
	if (g->status != ONN_OK)
		return false;
	if (x.id == 0 || x.id >= g->nnodes) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: node %u is given; expected a node of this graph (1 to %zu)", function,
		    x.id, g->nnodes - 1);
		return false;
	}
	return true;
}

static const onn_node_data *look(const onn_graph *g, onn_node x)
{
	return &g->node[x.id < g->nnodes ? x.id : 0];
}

onn_type onn_node_type(const onn_graph *g, onn_node x) { return look(g, x)->type; }
size_t onn_node_ndim(const onn_graph *g, onn_node x) { return look(g, x)->ndim; }
const size_t *onn_node_shape(const onn_graph *g, onn_node x) { return look(g, x)->shape; }
size_t onn_node_count(const onn_graph *g, onn_node x) { return onn_data_count(look(g, x)); }

size_t onn_data_count(const onn_node_data *n)
{
	size_t count = 1;
	for (size_t i = 0; i < n->ndim; i++)
		count *= n->shape[i];
	return count;
}

bool onn_shape_equal(size_t na, const size_t *a, size_t nb, const size_t *b)
{
	return na == nb && (na == 0 || memcmp(a, b, na * sizeof *a) == 0);
}

bool onn_axis(size_t *out, int axis, size_t ndim)
{
	if (axis < -(int)ndim || axis >= (int)ndim)
		return false;
	*out = (size_t)(axis < 0 ? axis + (int)ndim : axis);
	return true;
}

/* ---- finding and making nodes ------------------------------------------------------------------
 */

static uint64_t hash_node(uint32_t op, const onn_node *input, size_t ninputs, const onn_attr *attr)
{
	uint64_t h = onn_hash(ONN_HASH_START, &op, sizeof op);
	for (size_t i = 0; i < ninputs; i++)
		h = onn_hash(h, &input[i].id, sizeof input[i].id);
	return onn_attr_hash(h, onn_rule_of(op)->attr, attr);
}

static uint32_t find(const onn_graph *g, uint64_t hash, uint32_t op, const onn_node *input,
    size_t ninputs, const onn_attr *attr)
{
	for (uint32_t id = g->bucket[hash & (g->nbuckets - 1)]; id; id = g->node[id].next) {
		const onn_node_data *n = &g->node[id];
		if (n->hash != hash || n->op != op || n->ninputs != ninputs)
			continue;
		const uint32_t *in = onn_node_inputs(n);
		size_t i = 0;
		while (i < ninputs && in[i] == input[i].id)
			i++;
		if (i == ninputs && onn_attr_equal(onn_rule_of(op)->attr, n->attr, attr))
			return id;
	}
	return 0;
}

void *onn_graph_own(onn_graph *g, const void *data, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);
	if (!copy || !onn_grow(&g->owned, &g->owned_capacity, g->nowned + 1, sizeof *g->owned)) {
		free(copy);
		onn_fail(g, ONN_ERROR_MEMORY, "graph: no memory for %zu bytes", bytes);
		return NULL;
	}
	memcpy(copy, data, bytes);
	g->owned[g->nowned++] = copy;
	return copy;
}

static void rehash(onn_graph *g)
{
	size_t nbuckets = g->nbuckets * 4;
	uint32_t *bucket = calloc(nbuckets, sizeof *bucket);
	if (!bucket)
		return; /* longer chains, nothing worse */
	free(g->bucket);
	g->bucket = bucket;
	g->nbuckets = nbuckets;
	for (uint32_t id = 1; id < g->nnodes; id++) {
		uint32_t *head = &bucket[g->node[id].hash & (nbuckets - 1)];
		g->node[id].next = *head;
		*head = id;
	}
}

/* Attributes, names and long input lists move into the graph's memory; false without memory. */
static bool adopt(onn_graph *g, onn_node_data *n, const onn_node *input)
{
	if (n->attr != &no_attr && !(n->attr = onn_graph_own(g, n->attr, sizeof *n->attr)))
		return false;
	if (n->ninputs <= 3)
		return true;
	uint32_t *list = onn_graph_own(g, input, n->ninputs * sizeof *list);
	n->input = list;
	return list != NULL;
}

onn_node onn_make(
    onn_graph *g, uint32_t op, const onn_node *input, size_t ninputs, const onn_attr *attr)
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	if (!attr)
		attr = &no_attr;
	for (size_t i = 0; i < ninputs; i++) {
		if (input[i].id == 0 || input[i].id >= g->nnodes)
			return onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_%s: input %zu is node %u; expected a node of this graph (1 to "
			    "%zu)",
			    onn_rule_of(op)->name, i, input[i].id, g->nnodes - 1);
	}
	uint64_t hash = hash_node(op, input, ninputs, attr);
	uint32_t id = find(g, hash, op, input, ninputs, attr);
	if (id)
		return (onn_node){id};

	onn_node_data n = {.op = op, .ninputs = (uint32_t)ninputs, .attr = attr, .hash = hash};
	if (ninputs <= 3)
		for (size_t i = 0; i < ninputs; i++)
			n.inline_input[i] = input[i].id;
	else
		n.input = (const uint32_t *)input; /* an onn_node is one uint32_t */
	if (!onn_rule_of(op)->infer(g, &n))
		return ONN_NULL_NODE;
	size_t count = 0;
	if (!onn_size_product(&count, n.ndim, n.shape) ||
	    !onn_size_mul(&count, count, onn_type_size(n.type))) {
		char text[128];
		return onn_fail(g, ONN_ERROR_MEMORY,
		    "onn_%s: the result is %s %s; its bytes overflow", onn_rule_of(op)->name,
		    onn_shape_text(text, sizeof text, n.ndim, n.shape), onn_type_name(n.type));
	}
	onn_node simpler = onn_simplify(g, op, input, ninputs, attr, &n);
	if (simpler.id || g->status != ONN_OK)
		return simpler;
	if (g->nnodes >= UINT32_MAX ||
	    !onn_grow(&g->node, &g->capacity, g->nnodes + 1, sizeof *g->node) ||
	    !adopt(g, &n, input))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_%s: no memory for node %zu",
		    onn_rule_of(op)->name, g->nnodes);
	if (g->nnodes > g->nbuckets)
		rehash(g);
	n.next = g->bucket[hash & (g->nbuckets - 1)];
	g->bucket[hash & (g->nbuckets - 1)] = (uint32_t)g->nnodes;
	g->node[g->nnodes] = n;
	return (onn_node){(uint32_t)g->nnodes++};
}
