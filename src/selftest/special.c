/* Cases of the rows ONN_SPECIAL: pointwise, with an attribute or operands of several types. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "selftest/cases.h"

static const size_t vector[] = {29}, matrix[] = {6, 7}, wide[] = {211, 37};

/* ---- select ---- */

static void build_select(onn_case_build *b)
{
	static const double zeros_and_others[] = {0, 1, 0.5, -1, 0, 2};
	static const double whole[] = {0, 1, 2, 0, 3};
	onn_graph *g = b->g;
	onn_type type = onn_case_real(b);
	onn_node c =
	    onn_case_pick(b, type, 1, vector, onn_type_is_float(type) ? zeros_and_others : whole,
	        onn_type_is_float(type) ? ONN_COUNT(zeros_and_others) : ONN_COUNT(whole));
	onn_node x = onn_case_draw(b, b->type, 1, vector, -5, 5);
	onn_node y = onn_case_draw(b, b->type, 1, vector, -5, 5);

	/* the condition has no derivative, and here values at which differences would not exist */
	b->input[0].differentiable = false;
	onn_case_output_add(b, "[29]", onn_select(g, c, x, y), ONN_NULL_NODE);

	onn_node bytes = onn_case_pick(b, ONN_U8, 1, (size_t[]){7}, whole, ONN_COUNT(whole));
	x = onn_transpose(g, onn_case_draw(b, b->type, 2, (size_t[]){7, 6}, -5, 5));
	y = onn_case_draw(b, b->type, 2, (size_t[]){6, 1}, -5, 5);
	onn_case_output_add(
	    b, "by u8, transposed, broadcast [6, 7]", onn_select(g, bytes, x, y), ONN_NULL_NODE);
	if (!b->few) {
		onn_node flag = onn_case_pick(b, ONN_I32, 0, NULL, whole, 1);
		onn_case_output_add(
		    b, "by 0-d i32, transposed", onn_select(g, flag, x, y), ONN_NULL_NODE);
	}
	if (b->small || b->few)
		return;
	x = onn_case_draw(b, b->type, 2, wide, -5, 5);
	y = onn_case_draw(b, b->type, 2, wide, -5, 5);
	c = onn_case_pick(b, ONN_U32, 2, wide, whole, ONN_COUNT(whole));
	onn_case_output_add(b, "by u32 [211, 37]", onn_select(g, c, x, y), ONN_NULL_NODE);
}

/* ---- sinc ---- */

/*
 * The n-th derivative is at most 1/(n+1), falls off as 1/|x|, and has zeros, where only the
 * absolute error counts: so it is measured against 1/(n + 1 + |x|).
 */
static void build_sinc(onn_case_build *b)
{
	static const double near_zero[] = {0, 1e-8, -1e-8, 1e-3, -0.1, 1, 8, -31.4};
	onn_graph *g = b->g;

	for (uint32_t order = 0; order <= 8; order += b->small ? 2 : 1) {
		if (b->few && order > 1 && order < 8)
			continue; /* each order is a kernel */
		onn_attr attr = {.order = {order}};
		char label[32];
		onn_node x = order % 2 && !b->small
		                 ? onn_case_draw(b, b->type, 1, (size_t[]){4999}, -31.4, 31.4)
		                 : onn_case_pick(b, b->type, 1, (size_t[]){9}, near_zero,
		                       ONN_COUNT(near_zero));
		onn_node scale = onn_recip(g, onn_add_real(g, onn_abs(g, x), order + 1));
		snprintf(label, sizeof label, "order %u", order);
		onn_case_output_add(b, label, onn_make(g, ONN_OP_SINC, &x, 1, &attr), scale);
	}
}

/* ---- random ---- */

static void build_random(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node step = onn_case_draw(b, ONN_U32, 0, NULL, 3, 4);
	uint64_t seed = UINT64_C(0x123456789abcdef0);

	onn_case_output_add(b, "uniform [29]",
	    onn_random_uniform(g, b->type, 1, vector, seed, 5, step), ONN_NULL_NODE);
	onn_case_output_add(b, "uniform 0-d",
	    onn_random_uniform(g, b->type, 0, NULL, seed, 5, onn_scalar(g, ONN_U32, 0)),
	    ONN_NULL_NODE);
	onn_case_output_add(b, "uniform [211, 37]",
	    onn_random_uniform(g, b->type, 2, wide, seed, 5, step), ONN_NULL_NODE);
}

/* The cosine of 2 pi v has zeros: measured against 1, what the numbers spread over. */
static void build_normal(onn_case_build *b)
{
	onn_node step = onn_case_draw(b, ONN_U32, 0, NULL, 3, 4);
	onn_node value = onn_random_normal(b->g, b->type, 2, wide, 77, 8, step);
	onn_node one = onn_full(b->g, b->type, 2, wide, 1);

	onn_case_output_add(b, "normal [211, 37]", value, one);
}

/* Means of both ways to draw, where they meet, and such that no single precision holds exactly. */
static void build_poisson(onn_case_build *b)
{
	static const double mean[] = {
	    0, .3, 3, 30, 3000, 15.99999, 16, 1e-12, 7.5, 1e6, 123456.7, 1e9, -1};
	onn_graph *g = b->g;
	onn_node step = onn_case_draw(b, ONN_U32, 0, NULL, 3, 4);
	onn_node x = onn_case_pick(b, b->type, 1, vector, mean, ONN_COUNT(mean));
	onn_case_output_add(b, "[29]", onn_random_poisson(g, x, 77, 9, step), ONN_NULL_NODE);
	x = onn_case_pick(b, b->type, 2, wide, mean, ONN_COUNT(mean));
	onn_case_output_add(
	    b, "[211, 37]", onn_random_poisson(g, x, UINT64_C(77) << 33, 9, step), ONN_NULL_NODE);
	onn_node one = onn_broadcast(g, onn_slice(g, x, 1, 4, 1, 1), 2, wide);
	onn_case_output_add(b, "broadcast [211, 37]",
	    onn_random_poisson(g, one, 5, 9, onn_scalar(g, ONN_U32, 0)), ONN_NULL_NODE);
}

/* ---- cast ---- */

static void build_cast(onn_case_build *b)
{
	static const double reals[] = {0, 0.5, -0.5, 1.9, -1.9, 200.7, 3, 255};
	static const double whole[] = {0, 1, 2, 77, 200, 255};
	bool is_float = onn_type_is_float(b->type);
	onn_node x = is_float ? onn_case_pick(b, b->type, 2, matrix, reals, ONN_COUNT(reals))
	                      : onn_case_pick(b, b->type, 2, matrix, whole, ONN_COUNT(whole));

	for (int to = 0; to < ONN_TYPE_COUNT; to++) {
		char label[32];
		/* a device without double precision has none of its casts either */
		bool fits = onn_type_real((onn_type)to) != ONN_F64 || onn_case_real(b) == ONN_F64;
		if (!fits || (onn_type_is_complex(b->type) && !onn_type_is_complex((onn_type)to)))
			continue;
		/* by way of the real type */
		if (b->few && !is_float && onn_type_is_complex((onn_type)to))
			continue;
		if (b->small && !onn_type_is_float((onn_type)to))
			continue; /* steps: no derivative */
		if (b->small && onn_type_real((onn_type)to) == ONN_F32)
			continue; /* no differences in single precision */
		snprintf(label, sizeof label, "to %s", onn_type_name((onn_type)to));
		onn_case_output_add(b, label, onn_cast(b->g, x, (onn_type)to), ONN_NULL_NODE);
	}
	for (int from = ONN_U8; is_float && !b->small && from <= ONN_U32; from++) {
		char label[32];
		onn_node n = onn_case_pick(b, (onn_type)from, 1, vector, whole, ONN_COUNT(whole));
		snprintf(label, sizeof label, "from %s", onn_type_name((onn_type)from));
		onn_case_output_add(b, label, onn_cast(b->g, n, b->type), ONN_NULL_NODE);
	}
}

/* ---- stop, straight_through and ruled ---- */

static onn_node stop_of_product(onn_case_build *b, onn_node x)
{
	return onn_mul(b->g, x, onn_stop(b->g, onn_add(b->g, x, x)));
}

static void build_stop(onn_case_build *b)
{
	onn_node x = onn_case_draw(b, b->type, 2, matrix, -2, 2);

	onn_case_output_add(b, "alone", onn_stop(b->g, x), ONN_NULL_NODE);
	onn_case_output_add(b, "in a product", stop_of_product(b, x), ONN_NULL_NODE);
}

static void build_straight_through(onn_case_build *b)
{
	onn_node x = onn_case_draw(b, b->type, 2, matrix, -2, 2);
	onn_node y = onn_case_draw(b, b->type, 2, matrix, -2, 2);

	onn_case_output_add(b, "alone", onn_straight_through(b->g, x, y), ONN_NULL_NODE);
	onn_case_output_add(b, "in a sum",
	    onn_add(b->g, y, onn_straight_through(b->g, onn_neg(b->g, x), y)), ONN_NULL_NODE);
}

/* What flows back is cut off at 1: no multiple of what flows in. */
static onn_node cut_off(onn_graph *g, onn_node x, onn_node dy, const void *data)
{
	onn_type type = onn_type_real(onn_node_type(g, dy));
	onn_node size = onn_max(g, onn_abs(g, dy), onn_scalar(g, type, *(const double *)data));

	(void)x;
	return onn_div(g, dy, size);
}

static void build_ruled(onn_case_build *b)
{
	const double most = 1;
	onn_node x = onn_case_draw(b, b->type, 2, matrix, -2, 2);
	onn_node y = onn_case_draw(b, b->type, 2, matrix, -2, 2);
	onn_node z = onn_ruled(b->g, onn_mul(b->g, x, y), x, cut_off, &most, sizeof most);

	onn_case_output_add(b, "alone", z, ONN_NULL_NODE);
	onn_case_output_add(b, "in a product", onn_mul(b->g, z, y), ONN_NULL_NODE);
}

/* ---- custom: a exp(-b) + c, and its derivatives ---- */

#define DECAY(name, real, exponential)                                                             \
	static void name(real *y, const real *const x[], size_t n)                                 \
	{                                                                                          \
		for (size_t i = 0; i < n; i++)                                                     \
			y[i] = x[0][i] * exponential(-x[1][i]) + x[2][i];                          \
	}
DECAY(decay_f32, float, expf)
DECAY(decay_f64, double, exp)

static void decay_gradient(
    onn_node grad[], onn_graph *g, const onn_node x[], onn_node y, onn_node dy)
{
	onn_node e = onn_exp(g, onn_neg(g, x[1]));

	(void)y;
	grad[0] = onn_mul(g, dy, e);
	grad[1] = onn_neg(g, onn_mul(g, dy, onn_mul(g, x[0], e)));
	grad[2] = dy;
}

static const onn_operation decay = {
    .name = "selftest_decay",
    .arity = 3,
    .f32 = decay_f32,
    .f64 = decay_f64,
    .opencl = "return a * exp(-b) + c;",
    .gradient = decay_gradient,
};

static void build_custom(onn_case_build *b)
{
	onn_node x[3] = {onn_case_draw(b, b->type, 2, matrix, 0.5, 2),
	    onn_case_draw(b, b->type, 2, matrix, -1, 1),
	    onn_case_draw(b, b->type, 1, (size_t[]){7}, 0, 1)};

	onn_case_output_add(b, "[6, 7]", onn_custom(b->g, &decay, x), ONN_NULL_NODE);
	if (b->small)
		return;
	x[0] = onn_case_draw(b, b->type, 2, wide, 0.5, 2);
	x[1] = onn_sin(b->g, onn_case_draw(b, b->type, 2, wide, -1, 1));
	x[2] = onn_case_draw(b, b->type, 0, NULL, 0, 1);
	onn_case_output_add(
	    b, "fused [211, 37]", onn_neg(b->g, onn_custom(b->g, &decay, x)), ONN_NULL_NODE);
}

const onn_case onn_cases_special[] = {
    ONN_CASE(SELECT, "select", ONN_TYPES_RCI, ONN_CASE_SMOOTH | ONN_CASE_EXACT, build_select),
    ONN_CASE(SINC, "sinc", ONN_TYPES_R, ONN_CASE_SMOOTH, build_sinc),
    ONN_CASE(RANDOM, "random", ONN_TYPES_R, ONN_CASE_EXACT, build_random),
    ONN_CASE(RANDOM, "random normal", ONN_TYPES_R, 0, build_normal),
    ONN_CASE(POISSON, "poisson", ONN_TYPES_R, ONN_CASE_EXACT, build_poisson),
    ONN_CASE(CAST, "cast", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_cast),
    ONN_CASE(STOP, "stop", ONN_TYPES_RC, 0, build_stop),
    ONN_CASE(STRAIGHT_THROUGH, "straight_through", ONN_TYPES_RC, 0, build_straight_through),
    ONN_CASE(RULED, "ruled", ONN_TYPES_RC, 0, build_ruled),
    ONN_CASE(CUSTOM, "custom", ONN_TYPES_R, ONN_CASE_SMOOTH, build_custom),
    {0},
};
