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
#include "ops/rules.h"

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
	free(g->owned);
	free(g->constant);
	free(g->keyed);
	free(g->variable);
	free(g->bucket);
	free(g->node);
	free(g);
}

onn_status onn_graph_status(const onn_graph *g) { return g->status; }
const char *onn_graph_error(const onn_graph *g) { return g->error; }
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

static uint64_t hash_bytes(uint64_t h, const void *data, size_t bytes)
{
	/* FNV-1a by words where it can: attributes are a few hundred bytes */
	const unsigned char *p = data;
	for (; bytes >= 8; bytes -= 8, p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		h = (h ^ w) * 0x100000001b3u;
		h ^= h >> 29;
	}
	for (; bytes; bytes--, p++)
		h = (h ^ *p) * 0x100000001b3u;
	return h;
}

static uint64_t hash_node(onn_op op, const onn_node *input, size_t ninputs, const onn_attr *attr)
{
	uint64_t h = 0xcbf29ce484222325u;
	h = hash_bytes(h, &op, sizeof op);
	for (size_t i = 0; i < ninputs; i++)
		h = hash_bytes(h, &input[i].id, sizeof input[i].id);
	return attr == &no_attr ? h : hash_bytes(h, attr, sizeof *attr);
}

static uint32_t find(const onn_graph *g, uint64_t hash, onn_op op, const onn_node *input,
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
		if (i == ninputs && (n->attr == attr || memcmp(n->attr, attr, sizeof *attr) == 0))
			return id;
	}
	return 0;
}

/* Memory that goes with the graph; NULL with the graph's error set. */
static void *own(onn_graph *g, const void *data, size_t bytes)
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
	if (n->attr != &no_attr && !(n->attr = own(g, n->attr, sizeof *n->attr)))
		return false;
	if (n->ninputs <= 3)
		return true;
	uint32_t *list = own(g, input, n->ninputs * sizeof *list);
	n->input = list;
	return list != NULL;
}

onn_node onn_make(
    onn_graph *g, onn_op op, const onn_node *input, size_t ninputs, const onn_attr *attr)
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
			    onn_op_name(op), i, input[i].id, g->nnodes - 1);
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
		    "onn_%s: the result is %s %s; its bytes overflow", onn_op_name(op),
		    onn_shape_text(text, sizeof text, n.ndim, n.shape), onn_type_name(n.type));
	}
	onn_node simpler = onn_simplify(g, op, input, ninputs, attr, &n);
	if (simpler.id || g->status != ONN_OK)
		return simpler;
	if (g->nnodes >= UINT32_MAX ||
	    !onn_grow(&g->node, &g->capacity, g->nnodes + 1, sizeof *g->node) ||
	    !adopt(g, &n, input))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_%s: no memory for node %zu",
		    onn_op_name(op), g->nnodes);
	if (g->nnodes > g->nbuckets)
		rehash(g);
	n.next = g->bucket[hash & (g->nbuckets - 1)];
	g->bucket[hash & (g->nbuckets - 1)] = (uint32_t)g->nnodes;
	g->node[g->nnodes] = n;
	return (onn_node){(uint32_t)g->nnodes++};
}

bool onn_node_uniform(double *re, double *im, const onn_graph *g, onn_node x)
{
	const onn_node_data *n = look(g, x);
	while (n->op == ONN_OP_BROADCAST || n->op == ONN_OP_RESHAPE)
		n = &g->node[n->inline_input[0]];
	if (n->op != ONN_OP_SCALAR)
		return false;
	*re = n->attr->re;
	*im = n->attr->im;
	return true;
}

/* ---- leaves ---- */

bool infer_given(onn_graph *g, onn_node_data *n)
{
	(void)g;
	n->type = n->attr->type;
	n->ndim = (uint32_t)n->attr->ndim;
	memcpy(n->shape, n->attr->shape, n->ndim * sizeof n->shape[0]);
	return true;
}

/* Checks a type and a shape that a user gave, and puts them into attr. */
static bool give(onn_graph *g, const char *function, onn_attr *attr, onn_type type, size_t ndim,
    const size_t *shape)
{
	if (g->status != ONN_OK)
		return false;
	if (onn_type_size(type) == 0 || ndim > ONN_MAX_DIMS || (ndim > 0 && !shape)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: type %d with %zu axes%s; expected a type and 0 to %d axes", function,
		    (int)type, ndim, ndim > 0 && !shape ? " but no sizes" : "", ONN_MAX_DIMS);
		return false;
	}
	attr->type = type;
	attr->ndim = ndim;
	if (ndim)
		memcpy(attr->shape, shape, ndim * sizeof *shape);
	return true;
}

static onn_node same_variable(onn_graph *g, uint32_t id, const char *name, const onn_attr *attr)
{
	const onn_node_data *n = &g->node[id];
	char old[128], new[128];
	if (n->type == attr->type && onn_shape_equal(n->ndim, n->shape, attr->ndim, attr->shape))
		return (onn_node){id};
	return onn_fail(g, ONN_ERROR_ARGUMENT,
	    "onn_variable: \"%s\" is %s %s here; it was made as %s %s", name,
	    onn_shape_text(new, sizeof new, attr->ndim, attr->shape), onn_type_name(attr->type),
	    onn_shape_text(old, sizeof old, n->ndim, n->shape), onn_type_name(n->type));
}

onn_node onn_variable(
    onn_graph *g, const char *name, onn_type type, size_t ndim, const size_t *shape)
{
	onn_attr attr;
	memset(&attr, 0, sizeof attr);
	if (!give(g, "onn_variable", &attr, type, ndim, shape))
		return ONN_NULL_NODE;
	if (!name || !*name)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_variable: no name; expected one to bind a tensor to");
	for (size_t i = 0; i < g->nvariables; i++)
		if (strcmp(g->node[g->variable[i]].attr->name, name) == 0)
			return same_variable(g, g->variable[i], name, &attr);
	attr.name = own(g, name, strlen(name) + 1);
	if (!attr.name)
		return ONN_NULL_NODE;
	if (!onn_grow(&g->variable, &g->variable_capacity, g->nvariables + 1, sizeof *g->variable))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_variable: no memory");
	onn_node x = onn_make(g, ONN_OP_VARIABLE, NULL, 0, &attr);
	if (x.id)
		g->variable[g->nvariables++] = x.id;
	return x;
}

/* A constant of an array that becomes the graph's, also after an error. */
static onn_node adopt_array(onn_graph *g, onn_array *a)
{
	onn_attr attr;
	memset(&attr, 0, sizeof attr);
	if (!onn_grow(
	        &g->constant, &g->constant_capacity, g->nconstants + 1, sizeof *g->constant)) {
		onn_array_destroy(a);
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_constant: no memory");
	}
	g->constant[g->nconstants++] = a;
	attr.constant = a;
	if (!give(
	        g, "onn_constant", &attr, onn_array_type(a), onn_array_ndim(a), onn_array_shape(a)))
		return ONN_NULL_NODE;
	return onn_make(g, ONN_OP_CONSTANT, NULL, 0, &attr);
}

onn_node onn_constant(onn_graph *g, const onn_array *a)
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	if (!a)
		return onn_fail(g, ONN_ERROR_ARGUMENT, "onn_constant: no array");
	onn_array *copy = NULL;
	if (onn_array_from(&copy, onn_array_type(a), onn_array_ndim(a), onn_array_shape(a),
	        onn_array_const_data(a)) != ONN_OK)
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_constant: no memory for %zu elements",
		    onn_array_count(a));
	return adopt_array(g, copy);
}

onn_node onn_keyed_constant(
    onn_graph *g, const void *key, size_t bytes, onn_make_table make, const void *argument)
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	uint64_t hash = hash_bytes(0xcbf29ce484222325u, key, bytes);
	for (size_t i = 0; i < g->nkeyed; i++) {
		const onn_keyed *k = &g->keyed[i];
		if (k->hash == hash && k->bytes == bytes && memcmp(k->key, key, bytes) == 0)
			return k->node;
	}
	onn_array *table = NULL;
	onn_status status = make(&table, argument);
	if (status != ONN_OK)
		return onn_fail(g, status, "%s", onn_last_error());
	onn_keyed made = {.hash = hash, .bytes = bytes, .node = adopt_array(g, table)};
	made.key = g->status == ONN_OK ? own(g, key, bytes) : NULL;
	if (!made.key)
		return ONN_NULL_NODE;
	if (!onn_grow(&g->keyed, &g->keyed_capacity, g->nkeyed + 1, sizeof *g->keyed))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_constant: no memory");
	g->keyed[g->nkeyed++] = made;
	return made.node;
}

/* Whether an integer type holds a number exactly. */
static bool holds(onn_type type, double value)
{
	switch (type) {
	case ONN_U8:
		return value >= 0 && value <= UINT8_MAX && value == (double)(uint8_t)value;
	case ONN_I32:
		return value >= INT32_MIN && value <= INT32_MAX && value == (double)(int32_t)value;
	case ONN_U32:
		return value >= 0 && value <= UINT32_MAX && value == (double)(uint32_t)value;
	default:
		return true;
	}
}

static onn_node scalar(onn_graph *g, const char *function, onn_type type, double re, double im)
{
	onn_attr attr;
	memset(&attr, 0, sizeof attr);
	if (!give(g, function, &attr, type, 0, NULL))
		return ONN_NULL_NODE;
	if (!holds(type, re))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %g is given; expected a number that %s holds", function, re,
		    onn_type_name(type));
	attr.re = re;
	attr.im = im;
	return onn_make(g, ONN_OP_SCALAR, NULL, 0, &attr);
}

onn_node onn_scalar(onn_graph *g, onn_type type, double value)
{
	return scalar(g, "onn_scalar", type, value, 0);
}

onn_node onn_complex_scalar(onn_graph *g, onn_type type, double re, double im)
{
	if (g->status == ONN_OK && !onn_type_is_complex(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_complex_scalar: type is %s; expected c64 or c128", onn_type_name(type));
	return scalar(g, "onn_complex_scalar", type, re, im);
}

onn_node onn_full(onn_graph *g, onn_type type, size_t ndim, const size_t *shape, double value)
{
	return onn_broadcast(g, scalar(g, "onn_full", type, value, 0), ndim, shape);
}

onn_node onn_iota(onn_graph *g, onn_type type, size_t count)
{
	onn_attr attr;
	memset(&attr, 0, sizeof attr);
	if (!give(g, "onn_iota", &attr, type, 1, &count))
		return ONN_NULL_NODE;
	if (type == ONN_U8 || onn_type_is_complex(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_iota: type is %s; expected i32, u32, f32 or f64", onn_type_name(type));
	/* f32 holds whole numbers to 2^24 */
	if (count > (type == ONN_F32 ? (size_t)1 << 24 : (size_t)INT32_MAX))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_iota: %zu elements; %s holds no such count", count, onn_type_name(type));
	return onn_make(g, ONN_OP_IOTA, NULL, 0, &attr);
}
