/*
 * Builders, shapes and gradients of the pointwise operations.
 *
 * Operands reach a node with one type and one shape: the builders cast and broadcast, so that the
 * gradients of casts and broadcasts are those nodes' own. A rule builds graph, never numbers. The
 * gradient of a real loss L at z = x + iy is dL/dx + i dL/dy, that is dL = Re(conj(grad) dz): hence
 * the conjugates.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

static unsigned class_of(onn_type type)
{
	if (onn_type_is_complex(type))
		return ONN_CLASS_C;
	if (onn_type_is_float(type))
		return ONN_CLASS_R;
	return type == ONN_U8 ? 0 : ONN_CLASS_I;
}

bool infer_pointwise(onn_graph *g, onn_node_data *n)
{
	unsigned classes = onn_op_classes(n->op);
	int result = onn_op_result(n->op);
	const onn_node_data *first = onn_node_get(g, n->inline_input[0]);
	for (uint32_t i = 1; i < n->ninputs; i++) {
		const onn_node_data *other = onn_node_get(g, n->inline_input[i]);
		if (other->type != first->type ||
		    !onn_shape_equal(first->ndim, first->shape, other->ndim, other->shape)) {
			onn_fail(g, ONN_ERROR_ARGUMENT, "onn_%s: operands differ in type or shape",
			    onn_op_name(n->op));
			return false;
		}
	}
	if (!(classes & class_of(first->type))) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_%s: operands are %s; expected%s%s%s",
		    onn_op_name(n->op), onn_type_name(first->type),
		    classes & ONN_CLASS_I ? " i32 u32" : "",
		    classes & ONN_CLASS_R ? " f32 f64" : "",
		    classes & ONN_CLASS_C ? " c64 c128" : "");
		return false;
	}
	onn_type type = result == ONN_RESULT_REAL      ? onn_type_real(first->type)
	                : result == ONN_RESULT_COMPLEX ? onn_type_complex(first->type)
	                                               : first->type;
	return onn_infer_as(n, type, first->ndim, first->shape);
}

/* ---- operands ---- */

/* The common shape of two; false where they do not broadcast. */
static bool common_shape(
    const onn_node_data *a, const onn_node_data *b, size_t *ndim, size_t *shape)
{
	*ndim = a->ndim > b->ndim ? a->ndim : b->ndim;
	for (size_t i = 0; i < *ndim; i++) {
		size_t sa = i < *ndim - a->ndim ? 1 : a->shape[i - (*ndim - a->ndim)];
		size_t sb = i < *ndim - b->ndim ? 1 : b->shape[i - (*ndim - b->ndim)];
		if (sa != sb && sa != 1 && sb != 1)
			return false;
		shape[i] = sa == 1 ? sb : sa;
	}
	return true;
}

/* Brings operands to one shape and, where promote says so, to one type; false on error. */
static bool align(onn_graph *g, const char *name, onn_node *x, size_t n, bool promote)
{
	size_t ndim = 0, shape[ONN_MAX_DIMS] = {0};
	onn_type type = ONN_U8;
	onn_node_data sum = {0};
	for (size_t i = 0; i < n; i++) {
		if (!onn_graph_ok(g, name, x[i]))
			return false;
		const onn_node_data *d = onn_node_get(g, x[i].id);
		type = onn_type_promote(type, d->type);
		if (!common_shape(&sum, d, &ndim, shape)) {
			char a[96], b[96];
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: shapes %s and %s; expected sizes that are equal or 1, aligned at "
			    "the last axis",
			    name, onn_shape_text(a, sizeof a, sum.ndim, sum.shape),
			    onn_shape_text(b, sizeof b, d->ndim, d->shape));
			return false;
		}
		sum.ndim = (uint32_t)ndim;
		memcpy(sum.shape, shape, sizeof shape);
	}
	if (type == ONN_U8)
		type = ONN_I32; /* u8 is for storage */
	for (size_t i = 0; i < n; i++) {
		if (promote)
			x[i] = onn_cast(g, x[i], type);
		x[i] = onn_broadcast(g, x[i], ndim, shape);
	}
	return g->status == ONN_OK;
}

static onn_node unary(onn_graph *g, const char *name, onn_op op, onn_node x)
{
	if (!onn_graph_ok(g, name, x))
		return ONN_NULL_NODE;
	if (onn_node_type(g, x) == ONN_U8)
		x = onn_cast(g, x, ONN_I32);
	return onn_make(g, op, &x, 1, NULL);
}

static onn_node binary(onn_graph *g, const char *name, onn_op op, onn_node a, onn_node b)
{
	onn_node x[2] = {a, b};
	return align(g, name, x, 2, true) ? onn_make(g, op, x, 2, NULL) : ONN_NULL_NODE;
}

onn_node onn_pointwise(onn_graph *g, const char *name, onn_op op, const onn_node *x)
{
	return onn_op_arity(op) == 2 ? binary(g, name, op, x[0], x[1]) : unary(g, name, op, x[0]);
}

#define UNARY(name, id)                                                                            \
	onn_node onn_##name(onn_graph *g, onn_node x)                                              \
	{                                                                                          \
		return unary(g, "onn_" #name, ONN_OP_##id, x);                                     \
	}
#define BINARY(name, id)                                                                           \
	onn_node onn_##name(onn_graph *g, onn_node a, onn_node b)                                  \
	{                                                                                          \
		return binary(g, "onn_" #name, ONN_OP_##id, a, b);                                 \
	}

/* clang-format off */
BINARY(add, ADD)
BINARY(sub, SUB)
BINARY(mul, MUL)
BINARY(div, DIV)
BINARY(pow, POW)
BINARY(atan2, ATAN2)
BINARY(min, MIN)
BINARY(max, MAX)
BINARY(less, LESS)
BINARY(less_equal, LESS_EQUAL)
BINARY(equal, EQUAL)
BINARY(complex, COMPLEX)
UNARY(neg, NEG)
UNARY(recip, RECIP)
UNARY(sqrt, SQRT)
UNARY(exp, EXP)
UNARY(log, LOG)
UNARY(sin, SIN)
UNARY(cos, COS)
UNARY(tanh, TANH)
UNARY(expm1, EXPM1)
UNARY(log1p, LOG1P)
UNARY(abs, ABS)
UNARY(sign, SIGN)
UNARY(floor, FLOOR)
UNARY(round, ROUND)
/* clang-format on */

/* Complex operations that a real operand answers by itself. */
static bool is_complex(const onn_graph *g, onn_node x)
{
	return onn_type_is_complex(onn_node_type(g, x));
}
onn_node onn_real(onn_graph *g, onn_node x)
{
	if (is_complex(g, x) || !onn_graph_ok(g, "onn_real", x))
		return unary(g, "onn_real", ONN_OP_REAL, x);
	return x;
}
onn_node onn_conj(onn_graph *g, onn_node x)
{
	if (is_complex(g, x) || !onn_graph_ok(g, "onn_conj", x))
		return unary(g, "onn_conj", ONN_OP_CONJ, x);
	return x;
}
onn_node onn_imag(onn_graph *g, onn_node x)
{
	if (is_complex(g, x) || !onn_graph_ok(g, "onn_imag", x))
		return unary(g, "onn_imag", ONN_OP_IMAG, x);
	onn_node_data n = *onn_node_get(g, x.id);
	return onn_full(g, n.type, n.ndim, n.shape, 0);
}
onn_node onn_abs2(onn_graph *g, onn_node x)
{
	return is_complex(g, x) ? unary(g, "onn_abs2", ONN_OP_ABS2, x) : onn_mul(g, x, x);
}
onn_node onn_arg(onn_graph *g, onn_node x) { return onn_atan2(g, onn_imag(g, x), onn_real(g, x)); }
onn_node onn_expi(onn_graph *g, onn_node x) { return onn_complex(g, onn_cos(g, x), onn_sin(g, x)); }
onn_node onn_square(onn_graph *g, onn_node x) { return onn_mul(g, x, x); }

onn_node onn_add_real(onn_graph *g, onn_node x, double value)
{
	return onn_add(g, x, onn_scalar(g, onn_type_real(onn_node_type(g, x)), value));
}
onn_node onn_mul_real(onn_graph *g, onn_node x, double value)
{
	return onn_mul(g, x, onn_scalar(g, onn_type_real(onn_node_type(g, x)), value));
}

onn_node onn_sigmoid(onn_graph *g, onn_node x)
{
	return onn_add_real(g, onn_mul_real(g, onn_tanh(g, onn_mul_real(g, x, 0.5)), 0.5), 0.5);
}

onn_node onn_relu(onn_graph *g, onn_node x)
{
	/* NaN compares false and so passes through */
	onn_node zero = onn_scalar(g, onn_node_type(g, x), 0);
	return onn_select(g, onn_less_equal(g, x, zero), zero, x);
}

onn_node onn_powi(onn_graph *g, onn_node x, int n)
{
	if (!onn_graph_ok(g, "onn_powi", x))
		return ONN_NULL_NODE;
	onn_node_data d = *onn_node_get(g, x.id);
	onn_node y = onn_full(g, d.type, d.ndim, d.shape, 1);
	onn_node power = x;
	for (unsigned left = n < 0 ? 0u - (unsigned)n : (unsigned)n; left; left >>= 1) {
		if (left & 1)
			y = onn_mul(g, y, power);
		if (left > 1)
			power = onn_mul(g, power, power);
	}
	return n < 0 ? onn_recip(g, y) : y;
}

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

onn_node onn_select(onn_graph *g, onn_node condition, onn_node a, onn_node b)
{
	onn_node ab[2] = {a, b};
	if (!align(g, "onn_select", ab, 2, true) || !onn_graph_ok(g, "onn_select", condition))
		return ONN_NULL_NODE;
	if (is_complex(g, condition))
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
	if (!align(g, "onn_select", x, 3, false))
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

static onn_node sinc_derivative(onn_graph *g, onn_node x, uint32_t order)
{
	return onn_make(g, ONN_OP_SINC, &x, 1, &(onn_attr){.order = {order}});
}

onn_node onn_sinc(onn_graph *g, onn_node x) { return sinc_derivative(g, x, 0); }

bool infer_sinc(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	if (class_of(x->type) != ONN_CLASS_R) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_sinc: x is %s; expected f32 or f64",
		    onn_type_name(x->type));
		return false;
	}
	return infer_same(g, n);
}

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
	if (!align(g, "onn_custom", in, (size_t)operation->arity, true))
		return ONN_NULL_NODE;
	return onn_make(g, ONN_OP_CUSTOM, in, (size_t)operation->arity, &attr);
}

bool infer_custom(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	if (class_of(x->type) != ONN_CLASS_R) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_custom: operands of %s are %s; expected f32 or f64",
		    n->attr->custom.operation->name, onn_type_name(x->type));
		return false;
	}
	return infer_same(g, n);
}

/* ---- gradients ---- */

ONN_RULE(grad_none) { (void)g, (void)b, (void)grad; }

ONN_RULE(grad_undefined)
{
	(void)grad;
	onn_fail(g, ONN_ERROR_UNSUPPORTED, "onn_gradient: %s has no derivative",
	    onn_op_name(onn_node_get(g, b->y.id)->op));
}

ONN_RULE(grad_neg) { grad[0] = onn_neg(g, b->dy); }
ONN_RULE(grad_conj) { grad[0] = onn_conj(g, b->dy); }
ONN_RULE(grad_real) { grad[0] = onn_cast(g, b->dy, onn_type_complex(onn_node_type(g, b->dy))); }

/* y = Im z moves with dz = i dy */
ONN_RULE(grad_imag) { grad[0] = onn_complex(g, onn_scalar(g, onn_node_type(g, b->dy), 0), b->dy); }

ONN_RULE(grad_complex)
{
	grad[0] = onn_real(g, b->dy);
	grad[1] = onn_imag(g, b->dy);
}

/* y = 1/x, dy/dx = -y^2 */
ONN_RULE(grad_recip)
{
	grad[0] = onn_neg(g, onn_mul(g, b->dy, onn_conj(g, onn_mul(g, b->y, b->y))));
}
/* dy/dx = 1/(2y) */
ONN_RULE(grad_sqrt) { grad[0] = onn_div(g, onn_mul_real(g, b->dy, 0.5), onn_conj(g, b->y)); }
ONN_RULE(grad_exp) { grad[0] = onn_mul(g, b->dy, onn_conj(g, b->y)); }
ONN_RULE(grad_log) { grad[0] = onn_div(g, b->dy, onn_conj(g, b->in[0])); }
ONN_RULE(grad_sin) { grad[0] = onn_mul(g, b->dy, onn_conj(g, onn_cos(g, b->in[0]))); }
ONN_RULE(grad_cos) { grad[0] = onn_neg(g, onn_mul(g, b->dy, onn_conj(g, onn_sin(g, b->in[0])))); }

/* dy/dx = 1 - y^2 */
ONN_RULE(grad_tanh)
{
	onn_node one = onn_scalar(g, onn_type_real(onn_node_type(g, b->y)), 1);
	grad[0] = onn_mul(g, b->dy, onn_conj(g, onn_sub(g, one, onn_mul(g, b->y, b->y))));
}

ONN_RULE(grad_expm1) { grad[0] = onn_mul(g, b->dy, onn_exp(g, b->in[0])); }
ONN_RULE(grad_log1p) { grad[0] = onn_div(g, b->dy, onn_add_real(g, b->in[0], 1)); }

/* |z| moves along z/|z|; at 0 the derivative is taken as 0 */
ONN_RULE(grad_abs)
{
	onn_node x = b->in[0];
	if (!is_complex(g, x)) {
		grad[0] = onn_mul(g, b->dy, onn_sign(g, x));
		return;
	}
	onn_node zero = onn_equal(g, b->y, onn_scalar(g, onn_node_type(g, b->y), 0));
	onn_node r = onn_select(g, zero, onn_scalar(g, onn_node_type(g, b->y), 1), b->y);
	grad[0] = onn_mul(g, x, onn_div(g, b->dy, r));
}

/* u = z/|z| turns and keeps its length: du = (dz - u Re(conj(u) dz)) / |z|; at 0 taken as 0. A real
 * sign has none. */
ONN_RULE(grad_sign)
{
	onn_node x = b->in[0];
	if (!is_complex(g, x))
		return;
	onn_node r = onn_abs(g, x), along = onn_real(g, onn_mul(g, onn_conj(g, b->y), b->dy));
	onn_node none = onn_scalar(g, onn_node_type(g, r), 0), at_zero = onn_equal(g, r, none);
	onn_node turn = onn_sub(g, b->dy, onn_mul(g, b->y, along));
	r = onn_select(g, at_zero, onn_scalar(g, onn_node_type(g, r), 1), r);
	grad[0] = onn_select(g, at_zero, none, onn_div(g, turn, r));
}

/* y = z conj(z): dL = dy 2 Re(conj(z) dz) */
ONN_RULE(grad_abs2) { grad[0] = onn_mul(g, onn_mul_real(g, b->dy, 2), b->in[0]); }

ONN_RULE(grad_add)
{
	(void)g;
	grad[0] = b->dy;
	grad[1] = b->dy;
}

ONN_RULE(grad_sub)
{
	grad[0] = b->dy;
	grad[1] = onn_neg(g, b->dy);
}

ONN_RULE(grad_mul)
{
	grad[0] = onn_mul(g, b->dy, onn_conj(g, b->in[1]));
	grad[1] = onn_mul(g, b->dy, onn_conj(g, b->in[0]));
}

/* y = a/b: dy/da = 1/b and dy/db = -y/b. Built on y: powers of 1/b would overflow at high order. */
ONN_RULE(grad_div)
{
	grad[0] = onn_div(g, b->dy, onn_conj(g, b->in[1]));
	grad[1] = onn_neg(g, onn_mul(g, grad[0], onn_conj(g, b->y)));
}

/* dy/da = b a^(b-1); dy/db = y log a, and 0 where a = 0 (the limit for b > 0) */
ONN_RULE(grad_pow)
{
	onn_node a = b->in[0], e = b->in[1];
	double re, im;
	onn_type type = onn_node_type(g, a);
	onn_node lower = onn_pow(g, a, onn_add_real(g, e, -1));
	grad[0] = onn_mul(g, b->dy, onn_mul(g, e, lower));
	if (onn_node_uniform(&re, &im, g, e))
		return; /* a number: nothing flows into it */
	onn_node zero = onn_equal(g, a, onn_scalar(g, type, 0));
	onn_node safe = onn_select(g, zero, onn_scalar(g, type, 1), a);
	grad[1] = onn_mul(g, b->dy, onn_mul(g, b->y, onn_log(g, safe)));
}

ONN_RULE(grad_atan2)
{
	onn_node y = b->in[0], x = b->in[1];
	onn_node scaled = onn_div(g, b->dy, onn_add(g, onn_mul(g, x, x), onn_mul(g, y, y)));
	grad[0] = onn_mul(g, scaled, x);
	grad[1] = onn_neg(g, onn_mul(g, scaled, y));
}

/* The chosen operand takes it all; equal operands half each. */
static void share(onn_graph *g, const onn_backward *b, onn_node first_wins, onn_node grad[])
{
	onn_node tie = onn_mul_real(g, onn_equal(g, b->in[0], b->in[1]), 0.5);
	onn_node part = onn_add(g, first_wins, tie);
	grad[0] = onn_mul(g, b->dy, part);
	grad[1] = onn_sub(g, b->dy, grad[0]);
}

ONN_RULE(grad_min) { share(g, b, onn_less(g, b->in[0], b->in[1]), grad); }
ONN_RULE(grad_max) { share(g, b, onn_less(g, b->in[1], b->in[0]), grad); }

/* A + s (1 - e) = a0 with e = exp(-A): dA/ds = -(1 - e)/(1 + s e), dA/da0 = 1/(1 + s e) (physics.md
 * 3) */
ONN_RULE(grad_absorbance)
{
	onn_node minus = onn_neg(g, b->y);
	onn_node slope = onn_add_real(g, onn_mul(g, b->in[0], onn_exp(g, minus)), 1);
	grad[1] = onn_div(g, b->dy, slope);
	grad[0] = onn_mul(g, grad[1], onn_expm1(g, minus));
}

ONN_RULE(grad_select)
{
	onn_node zero = onn_scalar(g, onn_node_type(g, b->dy), 0);
	grad[1] = onn_select(g, b->in[0], b->dy, zero);
	grad[2] = onn_select(g, b->in[0], zero, b->dy);
}

ONN_RULE(grad_sinc)
{
	grad[0] = onn_mul(g, b->dy, sinc_derivative(g, b->in[0], b->attr->order.order + 1));
}

ONN_RULE(grad_cast)
{
	onn_type from = onn_node_type(g, b->in[0]);
	if (!onn_type_is_float(from))
		return;
	grad[0] = onn_cast(g, onn_type_is_complex(from) ? b->dy : onn_real(g, b->dy), from);
}

ONN_RULE(grad_straight_through)
{
	(void)g;
	grad[1] = b->dy;
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
