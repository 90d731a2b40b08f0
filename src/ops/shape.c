/*
 * Operations that move elements and change none: reshape, broadcast, permute, slice, place, concat.
 * Plans turn the first four into strides.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

static bool fail_shapes(onn_graph *g, const char *function, const onn_node_data *x, size_t ndim,
    const size_t *shape, const char *expected)
{
	char from[96], to[96];
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: from %s to %s; expected %s", function,
	    onn_shape_text(from, sizeof from, x->ndim, x->shape),
	    ndim > ONN_MAX_DIMS ? "too many axes" : onn_shape_text(to, sizeof to, ndim, shape),
	    expected);
	return false;
}

bool onn_infer_as(onn_node_data *n, onn_type type, size_t ndim, const size_t *shape)
{
	n->type = type;
	n->ndim = (uint32_t)ndim;
	if (ndim)
		memcpy(n->shape, shape, ndim * sizeof *shape);
	return true;
}

/* x in another shape, by reshape or broadcast. */
static onn_node shaped(
    onn_graph *g, const char *function, onn_op op, onn_node x, size_t ndim, const size_t *shape)
{
	onn_attr attr = {.shape = {.ndim = ndim}};
	if (!onn_graph_ok(g, function, x))
		return ONN_NULL_NODE;
	if (ndim > ONN_MAX_DIMS || (ndim && !shape))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s: %zu axes%s; expected 0 to %d", function,
		    ndim, ndim && !shape ? " but no sizes" : "", ONN_MAX_DIMS);
	if (ndim)
		memcpy(attr.shape.size, shape, ndim * sizeof *shape);
	return onn_make(g, op, &x, 1, &attr);
}

/* ---- reshape ---- */

onn_node onn_reshape(onn_graph *g, onn_node x, size_t ndim, const size_t *shape)
{
	return shaped(g, "onn_reshape", ONN_OP_RESHAPE, x, ndim, shape);
}

bool infer_reshape(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	size_t count = 0, ndim = n->attr->shape.ndim;
	const size_t *shape = n->attr->shape.size;
	if (!onn_size_product(&count, ndim, shape) || count != onn_data_count(x))
		return fail_shapes(
		    g, "onn_reshape", x, ndim, shape, "as many elements as there are");
	return onn_infer_as(n, x->type, ndim, shape);
}

ONN_RULE(grad_reshape)
{
	onn_node_data x = *onn_node_get(g, b->in[0].id);
	grad[0] = onn_reshape(g, b->dy, x.ndim, x.shape);
}

/* ---- broadcast ---- */

onn_node onn_broadcast(onn_graph *g, onn_node x, size_t ndim, const size_t *shape)
{
	return shaped(g, "onn_broadcast", ONN_OP_BROADCAST, x, ndim, shape);
}

bool infer_broadcast(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	size_t ndim = n->attr->shape.ndim;
	const size_t *shape = n->attr->shape.size;
	bool fits = ndim >= x->ndim;
	for (size_t i = 0; fits && i < x->ndim; i++)
		fits = x->shape[i] == 1 || x->shape[i] == shape[ndim - x->ndim + i];
	if (!fits)
		return fail_shapes(g, "onn_broadcast", x, ndim, shape,
		    "sizes that are equal or 1, aligned at the last axis");
	return onn_infer_as(n, x->type, ndim, shape);
}

ONN_RULE(grad_broadcast)
{
	onn_node_data x = *onn_node_get(g, b->in[0].id);
	onn_node_data y = *onn_node_get(g, b->y.id);
	int axes[ONN_MAX_DIMS];
	size_t naxes = 0;
	for (uint32_t i = 0; i < y.ndim; i++) {
		uint32_t lead = y.ndim - x.ndim;
		if (i < lead || (x.shape[i - lead] == 1 && y.shape[i] != 1))
			axes[naxes++] = (int)i;
	}
	onn_node sum = naxes ? onn_sum(g, b->dy, axes, naxes, true) : b->dy;
	grad[0] = onn_reshape(g, sum, x.ndim, x.shape);
}

/* ---- permute ---- */

onn_node onn_permute(onn_graph *g, onn_node x, const int *order)
{
	onn_attr attr = {.permute = {{0}}};
	if (!onn_graph_ok(g, "onn_permute", x))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	unsigned seen = 0;
	for (size_t i = 0; i < d->ndim; i++) {
		size_t axis;
		if (!order || !onn_axis(&axis, order[i], d->ndim) || seen & 1u << axis)
			return onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_permute: order[%zu] is %d; expected each of the %u axes once", i,
			    order ? order[i] : 0, d->ndim);
		seen |= 1u << axis;
		attr.permute.from[i] = axis;
	}
	return onn_make(g, ONN_OP_PERMUTE, &x, 1, &attr);
}

onn_node onn_transpose(onn_graph *g, onn_node x)
{
	if (!onn_graph_ok(g, "onn_transpose", x))
		return ONN_NULL_NODE;
	int ndim = (int)onn_node_ndim(g, x), order[ONN_MAX_DIMS];
	if (ndim < 2)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_transpose: x has %d axes; expected at least 2", ndim);
	for (int i = 0; i < ndim; i++)
		order[i] = i;
	order[ndim - 2] = ndim - 1;
	order[ndim - 1] = ndim - 2;
	return onn_permute(g, x, order);
}

bool infer_permute(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	size_t shape[ONN_MAX_DIMS];
	for (size_t i = 0; i < x->ndim; i++)
		shape[i] = x->shape[n->attr->permute.from[i]];
	return onn_infer_as(n, x->type, x->ndim, shape);
}

ONN_RULE(grad_permute)
{
	int inverse[ONN_MAX_DIMS] = {0};
	for (size_t i = 0; i < onn_node_ndim(g, b->y); i++)
		inverse[b->attr->permute.from[i]] = (int)i;
	grad[0] = onn_permute(g, b->dy, inverse);
}

/* ---- slice and place, each the other's adjoint ---- */

/* Every element of x, but on one axis. */
static onn_node along(
    onn_graph *g, onn_op op, onn_node x, size_t axis, size_t start, ptrdiff_t step, size_t size)
{
	const onn_node_data *d = onn_node_get(g, x.id);
	onn_attr attr = {.slice = {{0}, {0}, {0}}};
	for (size_t i = 0; i < d->ndim; i++) {
		attr.slice.start[i] = i == axis ? (ptrdiff_t)start : 0;
		attr.slice.step[i] = i == axis ? step : 1;
		attr.slice.size[i] = i == axis ? size : d->shape[i];
	}
	return onn_make(g, op, &x, 1, &attr);
}

onn_node onn_slice(onn_graph *g, onn_node x, int axis, size_t start, size_t count, ptrdiff_t step)
{
	size_t a;
	if (!onn_graph_ok(g, "onn_slice", x))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	if (!onn_axis(&a, axis, d->ndim))
		return onn_fail(
		    g, ONN_ERROR_ARGUMENT, "onn_slice: axis %d; x has %u", axis, d->ndim);
	size_t size = d->shape[a];
	size_t reach = step < 0 ? start : size - (start < size ? start + 1 : size);
	size_t stride = step < 0 ? (size_t)0 - (size_t)step : (size_t)step;
	if (step == 0 || (count > 0 && (start >= size || (count - 1) > reach / stride)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_slice: start %zu, count %zu, step %td; expected elements within axis %d "
		    "of size %zu",
		    start, count, step, axis, size);
	if (count == 0)
		start = 0;
	if (count <= 1)
		step = 1;
	if (count == size && start == 0 && step == 1)
		return x;
	return along(g, ONN_OP_SLICE, x, a, start, step, count);
}

bool infer_slice(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	return onn_infer_as(n, x->type, x->ndim, n->attr->slice.size);
}

/* dy by the other of the two, to x's size. */
static onn_node adjoint(onn_graph *g, const onn_backward *b, onn_op other)
{
	const onn_node_data *x = onn_node_get(g, b->in[0].id);
	onn_attr attr = *b->attr;
	memset(attr.slice.size, 0, sizeof attr.slice.size);
	memcpy(attr.slice.size, x->shape, x->ndim * sizeof *x->shape);
	return onn_make(g, other, &b->dy, 1, &attr);
}

ONN_RULE(grad_slice) { grad[0] = adjoint(g, b, ONN_OP_PLACE); }
ONN_RULE(grad_place) { grad[0] = adjoint(g, b, ONN_OP_SLICE); }

onn_node onn_pad(onn_graph *g, onn_node x, int axis, size_t before, size_t after)
{
	size_t a;
	if (!onn_graph_ok(g, "onn_pad", x))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	if (!onn_axis(&a, axis, d->ndim))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "onn_pad: axis %d; x has %u", axis, d->ndim);
	size_t size = 0;
	if (before > PTRDIFF_MAX || !onn_size_add(&size, d->shape[a], before) ||
	    !onn_size_add(&size, size, after))
		return onn_fail(g, ONN_ERROR_MEMORY, "onn_pad: %zu + %zu + %zu overflows", before,
		    d->shape[a], after);
	if (size == d->shape[a])
		return x;
	return along(g, ONN_OP_PLACE, x, a, before, 1, size);
}

bool infer_place(onn_graph *g, onn_node_data *n) { return infer_slice(g, n); }

/* ---- concat and roll ---- */

onn_node onn_concat(onn_graph *g, const onn_node *x, size_t count, int axis)
{
	size_t a = 0;
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	if (count == 0 || !x)
		return onn_fail(
		    g, ONN_ERROR_ARGUMENT, "onn_concat: %zu nodes; expected at least 1", count);
	if (!onn_graph_ok(g, "onn_concat", x[0]))
		return ONN_NULL_NODE;
	if (!onn_axis(&a, axis, onn_node_ndim(g, x[0])))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_concat: axis %d; the first node has %zu", axis, onn_node_ndim(g, x[0]));
	return onn_make(g, ONN_OP_CONCAT, x, count, &(onn_attr){.axis = {(uint32_t)a}});
}

bool infer_concat(onn_graph *g, onn_node_data *n)
{
	const uint32_t *in = onn_node_inputs(n);
	const onn_node_data *first = onn_node_get(g, in[0]);
	uint32_t axis = n->attr->axis.axis;
	onn_infer_as(n, first->type, first->ndim, first->shape);
	for (uint32_t i = 1; i < n->ninputs; i++) {
		const onn_node_data *x = onn_node_get(g, in[i]);
		bool fits = x->type == first->type && x->ndim == first->ndim;
		for (uint32_t k = 0; fits && k < x->ndim; k++)
			fits = k == axis || x->shape[k] == first->shape[k];
		if (!fits || !onn_size_add(&n->shape[axis], n->shape[axis], x->shape[axis])) {
			char a[96], b[96];
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_concat: node %u is %s %s, the first %s %s; expected equal types, "
			    "and sizes equal but on axis %u",
			    i, onn_shape_text(a, sizeof a, x->ndim, x->shape),
			    onn_type_name(x->type),
			    onn_shape_text(b, sizeof b, first->ndim, first->shape),
			    onn_type_name(first->type), axis);
			return false;
		}
	}
	return true;
}

ONN_RULE(grad_concat)
{
	size_t start = 0;
	int axis = (int)b->attr->axis.axis;
	for (size_t i = 0; i < b->nin; i++) {
		size_t size = onn_node_shape(g, b->in[i])[axis];
		grad[i] = onn_slice(g, b->dy, axis, start, size, 1);
		start += size;
	}
}

onn_node onn_roll(onn_graph *g, onn_node x, int axis, ptrdiff_t shift)
{
	size_t a;
	if (!onn_graph_ok(g, "onn_roll", x))
		return ONN_NULL_NODE;
	if (!onn_axis(&a, axis, onn_node_ndim(g, x)))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "onn_roll: axis %d; x has %zu", axis,
		    onn_node_ndim(g, x));
	ptrdiff_t size = (ptrdiff_t)onn_node_shape(g, x)[a];
	ptrdiff_t by = size ? (shift % size + size) % size : 0;
	if (by == 0)
		return x;
	onn_node part[2] = {onn_slice(g, x, axis, (size_t)(size - by), (size_t)by, 1),
	    onn_slice(g, x, axis, 0, (size_t)(size - by), 1)};
	return onn_concat(g, part, 2, axis);
}
