/*
 * Leaves: variables, constants, numbers and counts.
 */
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "ops/rules.h"

/* Whether a type and a shape that a user gave are ones; else records the error. */
static bool given(
    onn_graph *g, const char *function, onn_type type, size_t ndim, const size_t *shape)
{
	if (g->status != ONN_OK)
		return false;
	if (onn_type_size(type) == 0 || ndim > ONN_MAX_DIMS || (ndim > 0 && !shape)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: type %d with %zu axes%s; expected a type and 0 to %d axes", function,
		    (int)type, ndim, ndim > 0 && !shape ? " but no sizes" : "", ONN_MAX_DIMS);
		return false;
	}
	return true;
}

/* ---- variables ---- */

static onn_node same_variable(
    onn_graph *g, uint32_t id, onn_type type, size_t ndim, const size_t *shape)
{
	const onn_node_data *n = onn_node_get(g, id);
	char old[128], new[128];
	if (n->type == type && onn_shape_equal(n->ndim, n->shape, ndim, shape))
		return (onn_node){id};
	return onn_fail(g, ONN_ERROR_ARGUMENT,
	    "onn_variable: \"%s\" is %s %s here; it was made as %s %s", n->attr->variable.name,
	    onn_shape_text(new, sizeof new, ndim, shape), onn_type_name(type),
	    onn_shape_text(old, sizeof old, n->ndim, n->shape), onn_type_name(n->type));
}

onn_node onn_variable(
    onn_graph *g, const char *name, onn_type type, size_t ndim, const size_t *shape)
{
	onn_attr attr = {.variable = {.type = type, .ndim = ndim}};
	if (!given(g, "onn_variable", type, ndim, shape))
		return ONN_NULL_NODE;
	if (!name || !*name)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_variable: no name; expected one to bind a tensor to");
	for (size_t i = 0; i < g->nvariables; i++)
		if (strcmp(onn_node_get(g, g->variable[i])->attr->variable.name, name) == 0)
			return same_variable(g, g->variable[i], type, ndim, shape);
	if (ndim)
		memcpy(attr.variable.shape, shape, ndim * sizeof *shape);
	attr.variable.name = onn_graph_own(g, name, strlen(name) + 1);
	if (!attr.variable.name)
		return ONN_NULL_NODE;
	if (!onn_grow(&g->variable, &g->variable_capacity, g->nvariables + 1, sizeof *g->variable))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_variable: no memory");
	onn_node x = onn_make(g, ONN_OP_VARIABLE, NULL, 0, &attr);
	if (x.id)
		g->variable[g->nvariables++] = x.id;
	return x;
}

bool infer_variable(onn_graph *g, onn_node_data *n)
{
	(void)g;
	return onn_infer_as(
	    n, n->attr->variable.type, n->attr->variable.ndim, n->attr->variable.shape);
}

/* ---- constants ---- */

/* A constant of an array that becomes the graph's, also after an error. */
static onn_node adopt_array(onn_graph *g, onn_array *a)
{
	if (!onn_grow(
	        &g->constant, &g->constant_capacity, g->nconstants + 1, sizeof *g->constant)) {
		onn_array_destroy(a);
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_constant: no memory");
	}
	g->constant[g->nconstants++] = a;
	return onn_make(g, ONN_OP_CONSTANT, NULL, 0, &(onn_attr){.constant = {a}});
}

bool infer_constant(onn_graph *g, onn_node_data *n)
{
	const onn_array *a = n->attr->constant.array;
	(void)g;
	return onn_infer_as(n, onn_array_type(a), onn_array_ndim(a), onn_array_shape(a));
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
	uint64_t hash = onn_hash(ONN_HASH_START, key, bytes);
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
	made.key = g->status == ONN_OK ? onn_graph_own(g, key, bytes) : NULL;
	if (!made.key)
		return ONN_NULL_NODE;
	if (!onn_grow(&g->keyed, &g->keyed_capacity, g->nkeyed + 1, sizeof *g->keyed))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_constant: no memory");
	g->keyed[g->nkeyed++] = made;
	return made.node;
}

/* ---- numbers ---- */

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
	onn_attr attr = {.number = {type, re, im}};
	if (!given(g, function, type, 0, NULL))
		return ONN_NULL_NODE;
	if (!holds(type, re))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %g is given; expected a number that %s holds", function, re,
		    onn_type_name(type));
	return onn_make(g, ONN_OP_SCALAR, NULL, 0, &attr);
}

bool infer_scalar(onn_graph *g, onn_node_data *n)
{
	(void)g;
	return onn_infer_as(n, n->attr->number.type, 0, NULL);
}

bool onn_node_uniform(double *re, double *im, const onn_graph *g, onn_node x)
{
	const onn_node_data *n = onn_node_get(g, x.id < g->nnodes ? x.id : 0);
	while (n->op == ONN_OP_BROADCAST || n->op == ONN_OP_RESHAPE)
		n = onn_node_get(g, n->inline_input[0]);
	if (n->op != ONN_OP_SCALAR)
		return false;
	*re = n->attr->number.re;
	*im = n->attr->number.im;
	return true;
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
	onn_attr attr = {.iota = {type, count}};
	if (!given(g, "onn_iota", type, 1, &count))
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

bool infer_iota(onn_graph *g, onn_node_data *n)
{
	(void)g;
	return onn_infer_as(n, n->attr->iota.type, 1, &n->attr->iota.count);
}
