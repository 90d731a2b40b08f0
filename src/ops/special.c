/*
 * Pointwise operations with an attribute or operands of several types, and those that exist for
 * the sake of gradients: stop, straight_through and ruled.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

static bool is_real(onn_type type) { return type == ONN_F32 || type == ONN_F64; }

/* ---- stop, straight_through and ruled ---- */

onn_node onn_stop(onn_graph *g, onn_node x) { return onn_make(g, ONN_OP_STOP, &x, 1, NULL); }

onn_node onn_straight_through(onn_graph *g, onn_node value, onn_node derivative)
{
	return onn_make(g, ONN_OP_STRAIGHT_THROUGH, (onn_node[]){value, derivative}, 2, NULL);
}

bool infer_same(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *a = onn_node_get(g, n->inline_input[0]);
	const onn_node_data *b = onn_node_get(g, n->inline_input[n->ninputs - 1]);
	if (a->type != b->type || !onn_shape_equal(a->ndim, a->shape, b->ndim, b->shape)) {
		char ta[96], tb[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_%s: %s %s and %s %s; expected equal shapes and types", onn_op_name(n->op),
		    onn_shape_text(ta, sizeof ta, a->ndim, a->shape), onn_type_name(a->type),
		    onn_shape_text(tb, sizeof tb, b->ndim, b->shape), onn_type_name(b->type));
		return false;
	}
	return onn_infer_as(n, a->type, a->ndim, a->shape);
}

ONN_RULE(grad_straight_through)
{
	(void)g;
	grad[1] = b->dy;
}

onn_node onn_ruled(onn_graph *g, onn_node value, onn_node x, onn_backward_rule rule,
    const void *data, size_t bytes)
{
	if (!onn_graph_ok(g, "onn_ruled", value))
		return ONN_NULL_NODE;
	if (!rule || !onn_type_is_float(onn_node_type(g, value)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_ruled: %s for a value of %s; expected a rule, and a float type",
		    rule ? "a rule" : "no rule", onn_type_name(onn_node_type(g, value)));
	onn_attr attr = {.rule = {rule, bytes ? onn_graph_own(g, data, bytes) : NULL}};
	return onn_make(g, ONN_OP_RULED, (onn_node[]){value, x}, 2, &attr);
}

ONN_RULE(grad_ruled) { grad[1] = b->attr->rule.rule(g, b->in[1], b->dy, b->attr->rule.data); }

/* ---- cast ---- */

onn_node onn_cast(onn_graph *g, onn_node x, onn_type type)
{
	return onn_make(g, ONN_OP_CAST, &x, 1, &(onn_attr){.type = {type}});
}

bool infer_cast(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	onn_type to = n->attr->type.to;
	if (onn_type_size(to) == 0 || (onn_type_is_complex(x->type) && !onn_type_is_complex(to))) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_cast: from %s to %s; expected %s",
		    onn_type_name(x->type), onn_type_name(to),
		    onn_type_size(to) ? "a complex type, or onn_real" : "a type");
		return false;
	}
	return onn_infer_as(n, to, x->ndim, x->shape);
}

ONN_RULE(grad_cast)
{
	onn_type from = onn_node_type(g, b->in[0]);
	if (!onn_type_is_float(from))
		return;
	grad[0] = onn_cast(g, onn_type_is_complex(from) ? b->dy : onn_real(g, b->dy), from);
}

/* ---- select ---- */

onn_node onn_select(onn_graph *g, onn_node condition, onn_node a, onn_node b)
{
	onn_node ab[2] = {a, b};
	if (!onn_align(ab, 2, g, "onn_select", true) || !onn_graph_ok(g, "onn_select", condition))
		return ONN_NULL_NODE;
	if (onn_type_is_complex(onn_node_type(g, condition)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_select: the condition is %s; expected real or integer",
		    onn_type_name(onn_node_type(g, condition)));
	/* the comparison with 0 comes before the cast, which could make 0.5 a 0 */
	onn_type type = onn_type_real(onn_node_type(g, ab[0]));
	if (onn_node_type(g, condition) != type) {
		onn_type own =
		    onn_node_type(g, condition) == ONN_U8 ? ONN_I32 : onn_node_type(g, condition);
		onn_node is_zero = onn_equal(g, condition, onn_scalar(g, own, 0));
		condition = onn_cast(g, onn_sub(g, onn_scalar(g, own, 1), is_zero), type);
	}
	onn_node x[3] = {condition, ab[0], ab[1]};
	if (!onn_align(x, 3, g, "onn_select", false))
		return ONN_NULL_NODE;
	return onn_make(g, ONN_OP_SELECT, x, 3, NULL);
}

bool infer_select(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *c = onn_node_get(g, n->inline_input[0]);
	const onn_node_data *a = onn_node_get(g, n->inline_input[1]);
	const onn_node_data *b = onn_node_get(g, n->inline_input[2]);
	if (a->type != b->type || c->type != onn_type_real(a->type)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_select: types %s, %s and %s do not go together", onn_type_name(c->type),
		    onn_type_name(a->type), onn_type_name(b->type));
		return false;
	}
	return onn_infer_as(n, a->type, a->ndim, a->shape);
}

ONN_RULE(grad_select)
{
	onn_node zero = onn_scalar(g, onn_node_type(g, b->dy), 0);
	grad[1] = onn_select(g, b->in[0], b->dy, zero);
	grad[2] = onn_select(g, b->in[0], zero, b->dy);
}

/* ---- sinc ---- */

static onn_node sinc_derivative(onn_graph *g, onn_node x, uint32_t order)
{
	return onn_make(g, ONN_OP_SINC, &x, 1, &(onn_attr){.order = {order}});
}

onn_node onn_sinc(onn_graph *g, onn_node x) { return sinc_derivative(g, x, 0); }

bool infer_sinc(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	if (!is_real(x->type)) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_sinc: x is %s; expected f32 or f64",
		    onn_type_name(x->type));
		return false;
	}
	return infer_same(g, n);
}

ONN_RULE(grad_sinc)
{
	grad[0] = onn_mul(g, b->dy, sinc_derivative(g, b->in[0], b->attr->order.order + 1));
}

/* ---- custom ---- */

onn_node onn_custom(onn_graph *g, const onn_operation *operation, const onn_node x[])
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	if (!operation || !operation->name || operation->arity < 1 || operation->arity > 3 ||
	    !operation->f32 || !operation->f64)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_custom: operation %s; expected a name, an arity of 1 to 3, f32 and f64",
		    operation && operation->name ? operation->name : "(none)");
	onn_attr attr = {.custom = {operation}};
	onn_node in[3];
	memcpy(in, x, (size_t)operation->arity * sizeof *x);
	if (!onn_align(in, (size_t)operation->arity, g, "onn_custom", true))
		return ONN_NULL_NODE;
	return onn_make(g, ONN_OP_CUSTOM, in, (size_t)operation->arity, &attr);
}

bool infer_custom(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	if (!is_real(x->type)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_custom: operands of %s are %s; expected f32 or f64",
		    n->attr->custom.operation->name, onn_type_name(x->type));
		return false;
	}
	return infer_same(g, n);
}

ONN_RULE(grad_custom)
{
	const onn_operation *operation = b->attr->custom.operation;
	if (!operation->gradient)
		onn_fail(g, ONN_ERROR_UNSUPPORTED, "onn_gradient: %s has no derivative",
		    operation->name);
	else
		operation->gradient(grad, g, b->in, b->y, b->dy);
}
