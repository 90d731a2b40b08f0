/*
 * Small truths applied while a graph is built: folded numbers, x + 0, x * 1, undone pairs. Each
 * keeps values to the bit, NaN and infinities included (so x * 0 stays: x may be infinite), but for
 * the sign of -0 + 0, and for folded numbers, which are computed in double.
 */
#include <math.h>
#include <string.h>

#include "ops/rules.h"

static const onn_node none = {0};

static onn_node input_of(const onn_graph *g, onn_node x, size_t i)
{
	return (onn_node){onn_node_inputs(onn_node_get(g, x.id))[i]};
}

static bool is(const onn_graph *g, onn_node x, onn_op op)
{
	return onn_node_get(g, x.id)->op == op;
}

static bool uniformly(const onn_graph *g, onn_node x, double value)
{
	double re, im;
	return onn_node_uniform(&re, &im, g, x) && re == value && im == 0 && !signbit(re);
}

/* Real numbers only; false where the operation is not folded. */
static bool fold(onn_op op, double a, double b, double *y)
{
	switch (op) {
	case ONN_OP_NEG:
		*y = -a;
		return true;
	case ONN_OP_RECIP:
		*y = 1 / a;
		return true;
	case ONN_OP_SQRT:
		*y = sqrt(a);
		return true;
	case ONN_OP_EXP:
		*y = exp(a);
		return true;
	case ONN_OP_LOG:
		*y = log(a);
		return true;
	case ONN_OP_ADD:
		*y = a + b;
		return true;
	case ONN_OP_SUB:
		*y = a - b;
		return true;
	case ONN_OP_MUL:
		*y = a * b;
		return true;
	case ONN_OP_DIV:
		*y = a / b;
		return true;
	default:
		return false;
	}
}

static onn_node folded(
    onn_graph *g, onn_op op, const onn_node *input, size_t ninputs, const onn_node_data *n)
{
	double value[2] = {0, 0}, im, y;
	if (ninputs < 1 || ninputs > 2 || !onn_type_is_float(n->type) ||
	    onn_type_is_complex(n->type))
		return none;
	for (size_t i = 0; i < ninputs; i++)
		if (onn_node_get(g, input[i].id)->type != n->type ||
		    !onn_node_uniform(&value[i], &im, g, input[i]))
			return none;
	if (!fold(op, value[0], value[1], &y))
		return none;
	size_t shape[ONN_MAX_DIMS];
	memcpy(shape, n->shape, sizeof shape);
	return onn_full(g, n->type, n->ndim, shape, y);
}

static onn_node simpler_sum(onn_graph *g, onn_op op, onn_node a, onn_node b)
{
	if (uniformly(g, b, 0))
		return a;
	if (op == ONN_OP_ADD && uniformly(g, a, 0))
		return b;
	if (is(g, b, ONN_OP_NEG))
		return onn_make(g, op == ONN_OP_ADD ? ONN_OP_SUB : ONN_OP_ADD,
		    (onn_node[]){a, input_of(g, b, 0)}, 2, NULL);
	if (op == ONN_OP_ADD && is(g, a, ONN_OP_NEG))
		return onn_make(g, ONN_OP_SUB, (onn_node[]){b, input_of(g, a, 0)}, 2, NULL);
	return none;
}

/* The broadcast that x is, or is in another shape; null where it is none. */
static onn_node spread(const onn_graph *g, onn_node x)
{
	if (is(g, x, ONN_OP_RESHAPE))
		x = input_of(g, x, 0);
	return is(g, x, ONN_OP_BROADCAST) ? x : none;
}

/* x in the shape of another node. */
static onn_node shaped_as(onn_graph *g, onn_node x, onn_node like)
{
	const onn_node_data n = *onn_node_get(g, like.id);
	return onn_reshape(g, x, n.ndim, n.shape);
}

/* A number times what is spread: it is spread afterwards, which is less work. */
static onn_node spread_product(onn_graph *g, onn_node number, onn_node x)
{
	double re, im;
	onn_node wide = spread(g, x);
	if (!wide.id || !onn_node_uniform(&re, &im, g, number))
		return none;
	onn_type type = onn_node_type(g, x);
	onn_node scalar = onn_type_is_complex(type) ? onn_complex_scalar(g, type, re, im)
	                                            : onn_scalar(g, type, re);
	onn_node narrow = onn_mul(g, input_of(g, wide, 0), scalar);
	const onn_node_data n = *onn_node_get(g, wide.id);
	return shaped_as(g, onn_broadcast(g, narrow, n.ndim, n.shape), x);
}

/* Whether a reshape of a broadcast joins axes along which it repeats with others: then its elements
 * lie in no strides, and it would have to be copied. */
static bool is_mixed(const onn_graph *g, onn_node x, onn_node wide)
{
	const onn_node_data *to = onn_node_get(g, x.id), *n = onn_node_get(g, wide.id);
	const onn_node_data *from = onn_node_get(g, input_of(g, wide, 0).id);
	uint32_t i = 0, lead = n->ndim - from->ndim;
	for (uint32_t k = 0; k < to->ndim; k++) {
		size_t product = 1;
		bool repeats = false, moves = false;
		for (; i < n->ndim && product < to->shape[k]; product *= n->shape[i++]) {
			bool repeated = i < lead || from->shape[i - lead] != n->shape[i];
			repeats = repeats || repeated;
			moves = moves || (!repeated && n->shape[i] > 1);
		}
		if (product != to->shape[k])
			return false;
		if (repeats && moves)
			return true;
	}
	return false;
}

/* Windows' gradients: y times a broadcast in another shape is a product in the broadcast's. */
static onn_node unmixed_product(onn_graph *g, onn_node x, onn_node y)
{
	onn_node wide = spread(g, x);
	if (!wide.id || wide.id == x.id || !is_mixed(g, x, wide))
		return none;
	return shaped_as(g, onn_mul(g, shaped_as(g, y, wide), wide), x);
}

/* Of the operands in either order. */
static onn_node product_of_spread(onn_graph *g, onn_node a, onn_node b)
{
	onn_node y = spread_product(g, a, b);
	y = y.id ? y : spread_product(g, b, a);
	y = y.id ? y : unmixed_product(g, a, b);
	return y.id ? y : unmixed_product(g, b, a);
}

static onn_node simpler_product(onn_graph *g, onn_node a, onn_node b)
{
	if (uniformly(g, b, 1))
		return a;
	if (uniformly(g, a, 1))
		return b;
	if (is(g, a, ONN_OP_NEG) && is(g, b, ONN_OP_NEG))
		return onn_make(
		    g, ONN_OP_MUL, (onn_node[]){input_of(g, a, 0), input_of(g, b, 0)}, 2, NULL);
	onn_node y = product_of_spread(g, a, b);
	if (y.id)
		return y;
	/* equal products are equal nodes, whichever operand comes first */
	if (b.id < a.id)
		return onn_make(g, ONN_OP_MUL, (onn_node[]){b, a}, 2, NULL);
	return none;
}

static onn_node simpler_pair(onn_graph *g, onn_op op, onn_node x)
{
	if (op == ONN_OP_REAL && is(g, x, ONN_OP_COMPLEX))
		return input_of(g, x, 0);
	if (op == ONN_OP_IMAG && is(g, x, ONN_OP_COMPLEX))
		return input_of(g, x, 1);
	if ((op == ONN_OP_NEG || op == ONN_OP_CONJ) && is(g, x, op))
		return input_of(g, x, 0);
	if (op == ONN_OP_CONJ && is(g, x, ONN_OP_CAST) &&
	    !onn_type_is_complex(onn_node_get(g, input_of(g, x, 0).id)->type))
		return x;
	return none;
}

/* A number in another float type is a number; one of f32 is rounded to it before. */
static onn_node simpler_cast(onn_graph *g, onn_node x, const onn_node_data *n)
{
	onn_type from = onn_node_get(g, x.id)->type, type = n->type;
	double re, im;
	if (from == type)
		return x;
	if (!onn_type_is_float(type) || !onn_node_uniform(&re, &im, g, x))
		return none;
	if (onn_type_real(from) == ONN_F32) {
		re = (float)re;
		im = (float)im;
	}
	size_t ndim = n->ndim, shape[ONN_MAX_DIMS];
	memcpy(shape, n->shape, sizeof shape);
	onn_node number = onn_type_is_complex(type) ? onn_complex_scalar(g, type, re, im)
	                                            : onn_scalar(g, type, re);
	return onn_broadcast(g, number, ndim, shape);
}

static onn_node simpler_shape(onn_graph *g, onn_op op, onn_node x, const onn_node_data *n)
{
	const onn_node_data *from = onn_node_get(g, x.id);
	if (onn_shape_equal(from->ndim, from->shape, n->ndim, n->shape))
		return x;
	if (from->op == op && (op == ONN_OP_RESHAPE || op == ONN_OP_BROADCAST)) {
		size_t shape[ONN_MAX_DIMS];
		memcpy(shape, n->shape, sizeof shape);
		onn_node base = input_of(g, x, 0);
		return op == ONN_OP_RESHAPE ? onn_reshape(g, base, n->ndim, shape)
		                            : onn_broadcast(g, base, n->ndim, shape);
	}
	return none;
}

static onn_node simpler_permute(
    onn_graph *g, onn_node x, const onn_attr *attr, const onn_node_data *n)
{
	const onn_node_data *from = onn_node_get(g, x.id);
	const size_t *axis = attr->permute.from;
	bool identity = true;
	int order[ONN_MAX_DIMS];
	for (uint32_t i = 0; i < n->ndim; i++) {
		identity = identity && axis[i] == i;
		order[i] = from->op == ONN_OP_PERMUTE ? (int)from->attr->permute.from[axis[i]] : 0;
	}
	if (identity)
		return x;
	return from->op == ONN_OP_PERMUTE ? onn_permute(g, input_of(g, x, 0), order) : none;
}

onn_node onn_simplify(onn_graph *g, uint32_t op, const onn_node *input, size_t ninputs,
    const onn_attr *attr, const onn_node_data *n)
{
	if (onn_op_is_pointwise(op)) {
		onn_node y = folded(g, op, input, ninputs, n);
		if (y.id)
			return y;
	}
	if (onn_op_role(op) == ONN_ROLE_REDUCTION && attr->axes.bits == 0)
		return input[0];
	switch (op) {
	case ONN_OP_ADD:
	case ONN_OP_SUB:
		return simpler_sum(g, op, input[0], input[1]);
	case ONN_OP_MUL:
		return simpler_product(g, input[0], input[1]);
	case ONN_OP_DIV:
		return uniformly(g, input[1], 1) ? input[0] : none;
	case ONN_OP_REAL:
	case ONN_OP_IMAG:
	case ONN_OP_NEG:
	case ONN_OP_CONJ:
		return simpler_pair(g, op, input[0]);
	case ONN_OP_CAST:
		return simpler_cast(g, input[0], n);
	case ONN_OP_STOP:
		return is(g, input[0], ONN_OP_STOP) ? input[0] : none;
	case ONN_OP_RESHAPE:
	case ONN_OP_BROADCAST:
		return simpler_shape(g, op, input[0], n);
	case ONN_OP_PERMUTE:
		return simpler_permute(g, input[0], attr, n);
	case ONN_OP_CONCAT:
		return ninputs == 1 ? input[0] : none;
	default:
		return none;
	}
}
