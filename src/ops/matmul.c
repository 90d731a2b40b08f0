/*
 * The matrix product over the last two axes.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

onn_node onn_matmul(onn_graph *g, onn_node a, onn_node b)
{
	return onn_matmul_op(g, a, ONN_N, b, ONN_N);
}

onn_node onn_matmul_op(onn_graph *g, onn_node a, int op_a, onn_node b, int op_b)
{
	if (!onn_graph_ok(g, "onn_matmul", a) || !onn_graph_ok(g, "onn_matmul", b))
		return ONN_NULL_NODE;
	onn_type type = onn_type_promote(onn_node_type(g, a), onn_node_type(g, b));
	const onn_node_data *da = onn_node_get(g, a.id), *db = onn_node_get(g, b.id);
	if (da->ndim < 2 || db->ndim < 2 || !onn_type_is_float(type) || op_a & ~ONN_H ||
	    op_b & ~ONN_H) {
		char ta[96], tb[96];
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_matmul: a is %s %s, b is %s %s, ops %d and %d; expected at least 2 axes, "
		    "a float type, ops 0 to 3",
		    onn_shape_text(ta, sizeof ta, da->ndim, da->shape), onn_type_name(da->type),
		    onn_shape_text(tb, sizeof tb, db->ndim, db->shape), onn_type_name(db->type),
		    op_a, op_b);
	}
	int forms = onn_type_is_complex(type) ? ONN_H : ONN_T;
	onn_attr attr = {.product = {{op_a & forms, op_b & forms}}};
	onn_node x[2] = {a, b};
	return onn_align_leading(x, g, "onn_matmul", type) ? onn_make(g, ONN_OP_MATMUL, x, 2, &attr)
	                                                   : ONN_NULL_NODE;
}

bool infer_matmul(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *a = onn_node_get(g, n->inline_input[0]);
	const onn_node_data *b = onn_node_get(g, n->inline_input[1]);
	uint32_t d = a->ndim;
	bool ta = n->attr->product.form[0] & ONN_T, tb = n->attr->product.form[1] & ONN_T;
	size_t m = a->shape[ta ? d - 1 : d - 2], k = a->shape[ta ? d - 2 : d - 1];
	size_t kb = b->shape[tb ? d - 1 : d - 2], cols = b->shape[tb ? d - 2 : d - 1];
	if (k != kb) {
		char sa[96], sb[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_matmul: a is %s%s, b is %s%s; expected a's last size (%zu) = b's first "
		    "(%zu)",
		    onn_shape_text(sa, sizeof sa, a->ndim, a->shape), ta ? " transposed" : "",
		    onn_shape_text(sb, sizeof sb, b->ndim, b->shape), tb ? " transposed" : "", k,
		    kb);
		return false;
	}
	n->type = a->type;
	n->ndim = d;
	memcpy(n->shape, a->shape, sizeof n->shape);
	n->shape[d - 2] = m;
	n->shape[d - 1] = cols;
	return true;
}

/*
 * With C = A' B', A' = op(A): dA' = dC B'^H and dB' = A'^H dC. Where op transposes, dA = dA'^T =
 * conj(B') dC^T; where it conjugates, dA = conj(dA'). Flags do both without a copy.
 */
ONN_RULE(grad_matmul)
{
	int fa = b->attr->product.form[0], fb = b->attr->product.form[1];
	int ca = fa & ONN_C, cb = fb & ONN_C;
	grad[0] = fa & ONN_T ? onn_matmul_op(g, b->in[1], fb ^ ONN_C ^ ca, b->dy, ONN_T ^ ca)
	                     : onn_matmul_op(g, b->dy, ONN_N ^ ca, b->in[1], fb ^ ONN_H ^ ca);
	grad[1] = fb & ONN_T ? onn_matmul_op(g, b->dy, ONN_T ^ cb, b->in[0], fa ^ ONN_C ^ cb)
	                     : onn_matmul_op(g, b->in[0], fa ^ ONN_H ^ cb, b->dy, ONN_N ^ cb);
}
