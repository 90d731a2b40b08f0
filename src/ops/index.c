/*
 * Rows by index: take, and scatter_add, its adjoint; one-hot rows.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

static bool is_index(onn_graph *g, const char *function, const onn_node_data *index)
{
	if (index->type == ONN_I32 || index->type == ONN_U32)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: index is %s; expected i32 or u32", function,
	    onn_type_name(index->type));
	return false;
}

onn_node onn_take(onn_graph *g, onn_node x, onn_node index)
{
	return onn_make(g, ONN_OP_TAKE, (onn_node[]){x, index}, 2, NULL);
}

bool infer_take(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	const onn_node_data *index = onn_node_get(g, n->inline_input[1]);
	if (!is_index(g, "onn_take", index))
		return false;
	if (x->ndim == 0 || index->ndim + x->ndim - 1 > ONN_MAX_DIMS ||
	    (x->shape[0] == 0 && onn_data_count(index) > 0)) {
		char a[96], b[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_take: rows of x %s by an index %s; expected rows, and at most %d axes in "
		    "all",
		    onn_shape_text(a, sizeof a, x->ndim, x->shape),
		    onn_shape_text(b, sizeof b, index->ndim, index->shape), ONN_MAX_DIMS);
		return false;
	}
	n->type = x->type;
	n->ndim = index->ndim + x->ndim - 1;
	memcpy(n->shape, index->shape, index->ndim * sizeof n->shape[0]);
	memcpy(n->shape + index->ndim, x->shape + 1, (x->ndim - 1) * sizeof n->shape[0]);
	return true;
}

ONN_RULE(grad_take)
{
	grad[0] = onn_scatter_add(g, b->in[1], b->dy, onn_node_shape(g, b->in[0])[0]);
}

onn_node onn_scatter_add(onn_graph *g, onn_node index, onn_node updates, size_t rows)
{
	return onn_make(
	    g, ONN_OP_SCATTER_ADD, (onn_node[]){index, updates}, 2, &(onn_attr){.rows = {rows}});
}

bool infer_scatter_add(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *index = onn_node_get(g, n->inline_input[0]);
	const onn_node_data *updates = onn_node_get(g, n->inline_input[1]);
	size_t rows = n->attr->rows.count;
	if (!is_index(g, "onn_scatter_add", index))
		return false;
	bool fits = updates->ndim >= index->ndim && updates->ndim - index->ndim < ONN_MAX_DIMS &&
	            onn_shape_equal(index->ndim, index->shape, index->ndim, updates->shape);
	if (!fits || updates->type == ONN_U8 || (rows == 0 && onn_data_count(index) > 0)) {
		char a[96], b[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_scatter_add: updates %s %s to %zu rows by an index %s; expected the "
		    "index's shape, then a row's; not u8",
		    onn_shape_text(a, sizeof a, updates->ndim, updates->shape),
		    onn_type_name(updates->type), rows,
		    onn_shape_text(b, sizeof b, index->ndim, index->shape));
		return false;
	}
	n->type = updates->type;
	n->ndim = updates->ndim - index->ndim + 1;
	n->shape[0] = rows;
	memcpy(n->shape + 1, updates->shape + index->ndim, (n->ndim - 1) * sizeof n->shape[0]);
	return true;
}

ONN_RULE(grad_scatter_add) { grad[1] = onn_take(g, b->dy, b->in[0]); }

onn_node onn_one_hot(onn_graph *g, onn_node index, size_t classes, onn_type type)
{
	if (!onn_graph_ok(g, "onn_one_hot", index))
		return ONN_NULL_NODE;
	onn_node_data d = *onn_node_get(g, index.id);
	if (d.ndim >= ONN_MAX_DIMS || !onn_type_is_float(type) || !is_index(g, "onn_one_hot", &d))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_one_hot: an index of %u axes to %s; expected fewer than %d axes, a float "
		    "type",
		    d.ndim, onn_type_name(type), ONN_MAX_DIMS);
	d.shape[d.ndim] = 1;
	onn_node column = onn_reshape(g, index, d.ndim + 1, d.shape);
	return onn_cast(g, onn_equal(g, column, onn_iota(g, d.type, classes)), type);
}
