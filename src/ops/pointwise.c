/*
 * Builders, shapes and gradients of the pointwise operations.
 *
 * Operands reach a node with one type and one shape: the builders cast and broadcast, so that the
 * gradients of casts and broadcasts are those nodes' own. A rule builds graph, never numbers. The
 * gradient of a real loss L at z = x + iy is dL/dx + i dL/dy, that is dL = Re(conj(grad) dz): hence
 * the conjugates.
 */
#include <float.h>
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

/* ---- builders ---- */

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
	return onn_align(x, 2, g, name, true) ? onn_make(g, op, x, 2, NULL) : ONN_NULL_NODE;
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
UNARY(asinh, ASINH)
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

/*
 * 1/cosh^2 and the sigmoid are made of e = exp(-2|h|), so that their tails keep all digits; of a
 * complex h, e = exp(2h) or exp(-2h), the smaller.
 */
static onn_node is_left(onn_graph *g, onn_node h)
{
	onn_type type = onn_type_real(onn_node_type(g, h));
	return onn_less(g, onn_real(g, h), onn_scalar(g, type, 0));
}
static onn_node small_exp(onn_graph *g, onn_node h)
{
	onn_node down = is_complex(g, h) ? onn_select(g, is_left(g, h), h, onn_neg(g, h))
	                                 : onn_neg(g, onn_abs(g, h));
	return onn_exp(g, onn_mul_real(g, down, 2));
}
static onn_node one_over_1_plus(onn_graph *g, onn_node e)
{
	return onn_recip(g, onn_add_real(g, e, 1));
}

/* The derivatives are those of 1/2 + tanh(x/2)/2, whose value has no tail on the left. */
onn_node onn_sigmoid(onn_graph *g, onn_node x)
{
	onn_node h = onn_mul_real(g, x, 0.5);
	onn_node by_tanh = onn_add_real(g, onn_mul_real(g, onn_tanh(g, h), 0.5), 0.5);
	if (!onn_graph_ok(g, "onn_sigmoid", by_tanh))
		return ONN_NULL_NODE;
	onn_node e = small_exp(g, h), one = onn_scalar(g, onn_node_type(g, e), 1);
	onn_node value = onn_mul(g, onn_select(g, is_left(g, h), e, one), one_over_1_plus(g, e));
	return onn_straight_through(g, value, by_tanh);
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
	/* 1/x first: derivatives of 1/x^n would square it */
	onn_node power = n < 0 ? onn_recip(g, x) : x;
	for (unsigned left = n < 0 ? 0u - (unsigned)n : (unsigned)n; left; left >>= 1) {
		if (left & 1)
			y = onn_mul(g, y, power);
		if (left > 1)
			power = onn_mul(g, power, power);
	}
	return y;
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

/* dy/dx = 1 - y^2 = 1/cosh^2: the former for further derivatives, the latter for the tails. */
ONN_RULE(grad_tanh)
{
	onn_node one = onn_scalar(g, onn_type_real(onn_node_type(g, b->y)), 1);
	onn_node slope = onn_sub(g, one, onn_mul(g, b->y, b->y));
	onn_node e = small_exp(g, b->in[0]), d = one_over_1_plus(g, e);
	onn_node value = onn_mul_real(g, onn_mul(g, e, onn_mul(g, d, d)), 4);
	grad[0] = onn_mul(g, b->dy, onn_conj(g, onn_straight_through(g, value, slope)));
}

/* dy/dx = 1 / sqrt(1 + x^2) = 1/|1 + ix|, of which no square overflows */
ONN_RULE(grad_asinh)
{
	onn_node one = onn_scalar(g, onn_node_type(g, b->y), 1);
	grad[0] = onn_div(g, b->dy, onn_abs(g, onn_complex(g, one, b->in[0])));
}

ONN_RULE(grad_expm1) { grad[0] = onn_mul(g, b->dy, onn_exp(g, b->in[0])); }
ONN_RULE(grad_log1p) { grad[0] = onn_div(g, b->dy, onn_add_real(g, b->in[0], 1)); }

/* |z| moves along z/|z|; at 0 the derivative is taken as 0 */
ONN_RULE(grad_abs) { grad[0] = onn_mul(g, b->dy, onn_sign(g, b->in[0])); }

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

/*
 * dy/da = b a^(b-1); dy/db = y log a, and 0 where a = 0 (the limit for b > 0). Where b, or what
 * flows in, is 0, an infinite power counts as 0: that of x^0 at 0 and near it, which derivatives of
 * whole powers come to. Where b is not 0, an infinite slope stays one.
 */
ONN_RULE(grad_pow)
{
	onn_node a = b->in[0], e = b->in[1];
	double re, im;
	onn_type type = onn_node_type(g, a);
	bool number = onn_node_uniform(&re, &im, g, e);
	if (number && re == 0)
		return;
	onn_node none = onn_scalar(g, type, 0), factor = onn_mul(g, b->dy, e);
	onn_node lower = onn_pow(g, a, onn_add_real(g, e, -1));
	onn_node most = onn_scalar(g, type, type == ONN_F32 ? FLT_MAX : DBL_MAX);
	onn_node idle =
	    onn_mul(g, onn_equal(g, factor, none), onn_less(g, most, onn_abs(g, lower)));
	grad[0] = onn_mul(g, factor, number ? lower : onn_select(g, idle, none, lower));
	if (number)
		return; /* nothing flows into it */
	onn_node zero = onn_equal(g, a, none);
	onn_node safe = onn_select(g, zero, onn_scalar(g, type, 1), a);
	onn_node y = onn_select(g, zero, none, b->y);
	grad[1] = onn_mul(g, b->dy, onn_mul(g, y, onn_log(g, safe)));
}

/* With z = x + iy and u = z/|z|: Re u/|z| and -Im u/|z|, so that no square over- or underflows; 0
 * at 0, as for abs and sign. */
ONN_RULE(grad_atan2)
{
	onn_node y = b->in[0], x = b->in[1];
	onn_node z = onn_complex(g, x, y), u = onn_sign(g, z), r = onn_abs(g, z);
	onn_node none = onn_scalar(g, onn_node_type(g, r), 0);
	r = onn_select(g, onn_equal(g, r, none), onn_scalar(g, onn_node_type(g, r), 1), r);
	grad[0] = onn_div(g, onn_mul(g, b->dy, onn_real(g, u)), r);
	grad[1] = onn_neg(g, onn_div(g, onn_mul(g, b->dy, onn_imag(g, u)), r));
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
