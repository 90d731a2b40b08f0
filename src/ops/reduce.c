/*
 * Sums, maxima and what is built from them.
 */
#include <float.h>
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

/* Axes as bits; false, with the error recorded, on a wrong one. None means all. */
static bool axis_bits(
    uint32_t *bits, onn_graph *g, const char *function, onn_node x, const int *axes, size_t naxes)
{
	if (!onn_graph_ok(g, function, x))
		return false;
	size_t ndim = onn_node_ndim(g, x);
	*bits = naxes == 0 ? (1u << ndim) - 1 : 0;
	for (size_t i = 0; i < naxes; i++) {
		size_t axis;
		if (!axes || !onn_axis(&axis, axes[i], ndim) || *bits & 1u << axis) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: axes[%zu] is %d; expected different axes out of %zu", function, i,
			    axes ? axes[i] : 0, ndim);
			return false;
		}
		*bits |= 1u << axis;
	}
	return true;
}

/* The shape without the axes in bits. */
static onn_node drop_axes(onn_graph *g, onn_node x, uint32_t bits)
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	size_t ndim = 0, shape[ONN_MAX_DIMS];
	for (uint32_t i = 0; i < d->ndim; i++)
		if (!(bits & 1u << i))
			shape[ndim++] = d->shape[i];
	return onn_reshape(g, x, ndim, shape);
}

static onn_node reduce(onn_graph *g, const char *function, onn_op op, onn_node x, const int *axes,
    size_t naxes, bool keep)
{
	onn_attr attr = {.axes = {0}};
	if (!axis_bits(&attr.axes.bits, g, function, x, axes, naxes))
		return ONN_NULL_NODE;
	if (onn_node_type(g, x) == ONN_U8)
		x = onn_cast(g, x, ONN_I32);
	onn_node y = onn_make(g, op, &x, 1, &attr);
	return keep ? y : drop_axes(g, y, attr.axes.bits);
}

bool infer_sum(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	onn_infer_as(n, x->type, x->ndim, x->shape);
	for (uint32_t i = 0; i < x->ndim; i++)
		if (n->attr->axes.bits & 1u << i)
			n->shape[i] = 1;
	return true;
}

bool infer_reduce_max(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	for (uint32_t i = 0; i < x->ndim; i++)
		if (n->attr->axes.bits & 1u << i && x->shape[i] == 0) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_reduce_max: axis %u has size 0; expected at least one element", i);
			return false;
		}
	if (onn_type_is_complex(x->type)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_reduce_max: x is %s; expected a type with an order",
		    onn_type_name(x->type));
		return false;
	}
	return infer_sum(g, n);
}

onn_node onn_sum(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep)
{
	return reduce(g, "onn_sum", ONN_OP_SUM, x, axes, naxes, keep);
}

ONN_RULE(grad_sum)
{
	onn_node_data x = *onn_node_get(g, b->in[0].id);
	grad[0] = onn_broadcast(g, b->dy, x.ndim, x.shape);
}

onn_node onn_mean(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep)
{
	onn_node sum = reduce(g, "onn_mean", ONN_OP_SUM, x, axes, naxes, keep);
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	if (!onn_type_is_float(onn_node_type(g, x)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_mean: x is %s; expected f32, f64, c64 or c128",
		    onn_type_name(onn_node_type(g, x)));
	double n = (double)onn_node_count(g, x) / (double)onn_node_count(g, sum);
	return onn_mul_real(g, sum, 1 / n);
}

onn_node onn_reduce_max(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep)
{
	return reduce(g, "onn_reduce_max", ONN_OP_REDUCE_MAX, x, axes, naxes, keep);
}

/* The largest take dy, equal ones in equal parts. */
ONN_RULE(grad_reduce_max)
{
	onn_node_data x = *onn_node_get(g, b->in[0].id);
	onn_node hit = onn_equal(g, b->in[0], onn_broadcast(g, b->y, x.ndim, x.shape));
	onn_node ties = onn_make(g, ONN_OP_SUM, &hit, 1, b->attr);
	grad[0] = onn_mul(g, hit, onn_div(g, b->dy, ties));
}

onn_node onn_argmax(onn_graph *g, onn_node x, int axis)
{
	size_t a;
	if (!onn_graph_ok(g, "onn_argmax", x))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	if (!onn_axis(&a, axis, d->ndim) || d->shape[a] == 0 || onn_type_is_complex(d->type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_argmax: axis %d of a node with %u axes, %s; expected an axis that is not "
		    "empty, a type with an order",
		    axis, d->ndim, onn_type_name(d->type));
	if (d->type == ONN_U8)
		x = onn_cast(g, x, ONN_I32);
	return onn_make(g, ONN_OP_ARGMAX, &x, 1, &(onn_attr){.axis = {(uint32_t)a}});
}

bool infer_argmax(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	n->type = ONN_I32;
	n->ndim = 0;
	for (uint32_t i = 0; i < x->ndim; i++)
		if (i != n->attr->axis.axis)
			n->shape[n->ndim++] = x->shape[i];
	return true;
}

/* x - m with m the largest, or 0 where that is infinite: it shifts the value and, being stopped, no
 * derivative */
static onn_node shifted(onn_graph *g, onn_node x, int axis, onn_node *m)
{
	onn_node top = onn_reduce_max(g, x, &axis, 1, true);
	if (!onn_graph_ok(g, "onn_logsumexp", top))
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, top);
	if (onn_type_is_float(type)) {
		onn_node most = onn_scalar(g, type, type == ONN_F32 ? FLT_MAX : DBL_MAX);
		onn_node infinite = onn_less(g, most, onn_abs(g, top));
		top = onn_select(g, infinite, onn_scalar(g, type, 0), top);
	}
	*m = onn_stop(g, top);
	return onn_sub(g, x, *m);
}

onn_node onn_logsumexp(onn_graph *g, onn_node x, int axis)
{
	onn_node m;
	onn_node d = shifted(g, x, axis, &m);
	onn_node y = onn_add(g, onn_log(g, onn_sum(g, onn_exp(g, d), &axis, 1, true)), m);
	size_t a;
	if (g->status != ONN_OK || !onn_axis(&a, axis, onn_node_ndim(g, x)))
		return ONN_NULL_NODE;
	return drop_axes(g, y, 1u << a);
}

onn_node onn_log_softmax(onn_graph *g, onn_node x, int axis)
{
	onn_node m;
	onn_node d = shifted(g, x, axis, &m);
	return onn_sub(g, d, onn_log(g, onn_sum(g, onn_exp(g, d), &axis, 1, true)));
}
