/*
 * Cases of the rows ONN_POINTWISE: each over the shapes and views that a kernel can meet.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <onn/saturable.h>

#include "core/memory.h"
#include "selftest/cases.h"

typedef struct shape_row {
	const char *label;
	size_t ndim, shape[4];
	bool large;
} shape_row;

/* sizes below, at and past the vector and block lengths of kernels; primes; none */
static const shape_row shapes[] = {
    {"0-d", 0, {0}, false},
    {"[1]", 1, {1}, false},
    {"[7]", 1, {7}, false},
    {"[3, 5]", 2, {3, 5}, false},
    {"[3, 0, 2]", 3, {3, 0, 2}, false},
    {"[131, 17]", 2, {131, 17}, true},
    {"[257, 301]", 2, {257, 301}, true},
};

/*
 * An operand. Those of a smaller and a larger are drawn from two lists in turn: where they come
 * close to each other the derivative jumps, and differences say nothing.
 */
static onn_node draw(onn_case_build *b, size_t ndim, const size_t *shape)
{
	static const double list[2][6] = {
	    {-1.7, -1.1, -0.3, 0.2, 0.9, 1.6}, {-1.4, -0.8, 0.05, 0.6, 1.3, 1.9}};
	bool apart = b->self->op == ONN_OP_MIN || b->self->op == ONN_OP_MAX;

	if (apart && onn_type_is_float(b->type))
		return onn_case_pick(b, b->type, ndim, shape, list[b->ninputs % 2], 6);
	return onn_case_draw(b, b->type, ndim, shape, b->self->low, b->self->high);
}

/* Applies the case's operation to one or two operands and adds the result. */
static void apply(onn_case_build *b, const char *label, onn_node x, onn_node y)
{
	onn_node value = b->self->unary ? b->self->unary(b->g, x) : b->self->binary(b->g, x, y);

	onn_case_output_add(b, label, value, ONN_NULL_NODE);
}

/* Operands that are views: elements in another order, every second one backwards, repeated ones. */
static void views(onn_case_build *b)
{
	static const int order[] = {2, 0, 1};
	bool two = b->self->binary != NULL;
	onn_node x = draw(b, 3, (size_t[]){3, 2, 4}), y = ONN_NULL_NODE;

	if (two)
		y = draw(b, 3, (size_t[]){4, 3, 2});
	apply(b, "permuted [4, 3, 2]", onn_permute(b->g, x, order), y);

	x = draw(b, 2, (size_t[]){9, 7});
	if (two)
		y = onn_slice(b->g, draw(b, 2, (size_t[]){4, 5}), 1, 1, 3, 1);
	x = onn_slice(b->g, onn_slice(b->g, x, 0, 8, 4, -2), 1, 0, 3, 3);
	apply(b, "sliced [4, 3]", x, y);

	x = draw(b, 3, (size_t[]){3, 1, 5});
	if (two)
		y = draw(b, 2, (size_t[]){4, 1});
	apply(b, "broadcast [3, 4, 5]", onn_broadcast(b->g, x, 3, (size_t[]){3, 4, 5}), y);

	/* the second operand is a number, as in x + 1 */
	if (two)
		apply(b, "[7] and 0-d", draw(b, 1, (size_t[]){7}), draw(b, 0, NULL));
}

static void build_drawn(onn_case_build *b)
{
	for (size_t i = 0; i < ONN_COUNT(shapes); i++) {
		onn_node x, y = ONN_NULL_NODE;
		if (b->small && shapes[i].large)
			continue;
		x = draw(b, shapes[i].ndim, shapes[i].shape);
		if (b->self->binary)
			y = draw(b, shapes[i].ndim, shapes[i].shape);
		apply(b, shapes[i].label, x, y);
	}
	views(b);
}

/* Operands from a short list, so that ties, zeros, halves and both signs occur. */
static void build_picked(onn_case_build *b)
{
	static const double list[] = {0, 0.5, 1, 1.5, 2, 2.5, 3, -0.5, -1, -1.5, -2, -2.5, 0.25,
	    -0.25, 3.75, -3.75, 1000000.5, 7};
	/* whole, and not negative where the type is not */
	static const double whole[] = {0, 1, 2, 3, 7, 100, 65536, 2147483647};
	static const double negative[] = {-1, -2, -7, -2147483647};
	double values[ONN_COUNT(list) + ONN_COUNT(whole)];
	size_t count = 0;

	if (onn_type_is_float(b->type)) {
		for (; count < ONN_COUNT(list); count++)
			values[count] = list[count];
	} else {
		for (; count < ONN_COUNT(whole); count++)
			values[count] = whole[count];
		for (size_t i = 0; b->type == ONN_I32 && i < ONN_COUNT(negative); i++)
			values[count++] = negative[i];
	}
	onn_node x = onn_case_pick(b, b->type, 1, (size_t[]){24}, values, count), y = ONN_NULL_NODE;
	if (b->self->binary)
		y = onn_reshape(b->g, onn_case_pick(b, b->type, 1, (size_t[]){23}, values, count),
		    2, (size_t[]){23, 1});
	apply(b, "picked", x, y);

	if (b->small)
		return;
	x = onn_case_pick(b, b->type, 2, (size_t[]){83, 61}, values, count);
	if (b->self->binary)
		y = onn_case_pick(b, b->type, 2, (size_t[]){83, 61}, values, count);
	apply(b, "picked [83, 61]", x, y);
	views(b);
}

/* Each pair of zeros, infinities, NaN, large and small numbers. */
static void build_extremes(onn_case_build *b)
{
	static const double list[] = {
	    0, -0.0, 1, -1, 0.5, 3, 1e-30, 1e30, -1e30, INFINITY, -INFINITY, NAN};
	size_t n = ONN_COUNT(list);
	onn_node x = onn_case_pick(b, b->type, 1, &n, list, n), y = ONN_NULL_NODE;

	if (b->self->binary)
		y = onn_reshape(
		    b->g, onn_case_pick(b, b->type, 1, &n, list, n), 2, (size_t[]){n, 1});
	apply(b, "extremes", x, y);
	/* in the middle of a vector, and at its end */
	n = 67;
	x = onn_case_pick(b, b->type, 1, &n, list, ONN_COUNT(list));
	if (b->self->binary)
		y = onn_case_pick(b, b->type, 1, &n, list + 3, ONN_COUNT(list) - 3);
	apply(b, "extremes [67]", x, y);
}

/* Angles in all four quadrants, away from the cut and from 0 / 0. */
static onn_node atan2_off_cut(onn_graph *g, onn_node y, onn_node x)
{
	return onn_atan2(g, y, onn_add_real(g, x, 0.5));
}

#define UNARY(id, function, low, high, types, traits)                                              \
	{                                                                                          \
		ONN_OP_##id, #function, types, traits, build_drawn, onn_##function, NULL, low,     \
		    high, 0, 0                                                                     \
	}
#define BINARY(id, function, low, high, types, traits)                                             \
	{                                                                                          \
		ONN_OP_##id, #function, types, traits, build_drawn, NULL, onn_##function, low,     \
		    high, 0, 0                                                                     \
	}
#define PICKED_1(id, function, types)                                                              \
	{                                                                                          \
		ONN_OP_##id, #function " of ties", types, ONN_CASE_EXACT, build_picked,            \
		    onn_##function, NULL, 0, 1, 0, 0                                               \
	}
#define PICKED_2(id, function, types)                                                              \
	{                                                                                          \
		ONN_OP_##id, #function " of ties", types, ONN_CASE_EXACT, build_picked, NULL,      \
		    onn_##function, 0, 1, 0, 0                                                     \
	}

#define EXTREME_1(id, function)                                                                    \
	{                                                                                          \
		ONN_OP_##id, #function " of extremes", ONN_TYPES_R, 0, build_extremes,             \
		    onn_##function, NULL, 0, 1, 0, 0                                               \
	}
#define EXTREME_2(id, function)                                                                    \
	{                                                                                          \
		ONN_OP_##id, #function " of extremes", ONN_TYPES_R, 0, build_extremes, NULL,       \
		    onn_##function, 0, 1, 0, 0                                                     \
	}

enum {
	SMOOTH = ONN_CASE_SMOOTH,
	LINEAR = ONN_CASE_LINEAR | ONN_CASE_SMOOTH,
	EXACT = ONN_CASE_EXACT,
	R = ONN_TYPES_R,
	C = ONN_TYPES_C,
	RC = ONN_TYPES_RC,
	RI = ONN_TYPES_RI,
	RCI = ONN_TYPES_RCI
};

const onn_case onn_cases_pointwise[] = {
    UNARY(NEG, neg, -3, 3, RCI, LINEAR | EXACT),
    UNARY(RECIP, recip, 0.5, 3, RC, SMOOTH),
    UNARY(SQRT, sqrt, 0.5, 4, RC, SMOOTH),
    UNARY(EXP, exp, -3, 3, RC, SMOOTH),
    UNARY(LOG, log, 0.3, 5, RC, SMOOTH),
    UNARY(SIN, sin, -3, 3, RC, SMOOTH),
    UNARY(COS, cos, -3, 3, RC, SMOOTH),
    /* complex: poles at i pi/2 (2k+1), which this range stays away from */
    UNARY(TANH, tanh, -1.2, 1.2, RC, SMOOTH),
    UNARY(EXPM1, expm1, -2, 2, R, SMOOTH),
    UNARY(LOG1P, log1p, -0.6, 3, R, SMOOTH),
    UNARY(ABS, abs, 0.2, 3, RC, SMOOTH),
    UNARY(SIGN, sign, 0.2, 3, R, SMOOTH | EXACT),
    UNARY(SIGN, sign, -3, 3, C, SMOOTH),
    PICKED_1(SIGN, sign, R),
    PICKED_1(FLOOR, floor, R),
    PICKED_1(ROUND, round, R),
    PICKED_1(ABS, abs, R),
    UNARY(ABS2, abs2, -2, 2, C, SMOOTH),
    UNARY(REAL, real, -2, 2, C, LINEAR | EXACT),
    UNARY(IMAG, imag, -2, 2, C, LINEAR | EXACT),
    UNARY(CONJ, conj, -2, 2, C, LINEAR | EXACT),
    BINARY(COMPLEX, complex, -2, 2, R, LINEAR | EXACT),
    BINARY(ADD, add, -3, 3, RCI, LINEAR),
    BINARY(SUB, sub, -3, 3, RCI, LINEAR),
    BINARY(MUL, mul, -3, 3, RCI, SMOOTH),
    BINARY(DIV, div, 0.4, 3, RC, SMOOTH),
    BINARY(POW, pow, 0.3, 2.5, R, SMOOTH),
    {ONN_OP_ATAN2, "atan2", R, SMOOTH, build_drawn, NULL, atan2_off_cut, 0.1, 3, 0, 0},
    BINARY(MIN, min, -2, 2, RI, SMOOTH | EXACT),
    BINARY(MAX, max, -2, 2, RI, SMOOTH | EXACT),
    PICKED_2(MIN, min, RI),
    PICKED_2(MAX, max, RI),
    PICKED_2(ADD, add, ONN_TYPES_I),
    PICKED_2(SUB, sub, ONN_TYPES_I),
    PICKED_2(MUL, mul, ONN_TYPES_I),
    PICKED_2(LESS, less, RI),
    PICKED_2(LESS_EQUAL, less_equal, RI),
    PICKED_2(EQUAL, equal, RI),
    BINARY(ABSORBANCE, thick_absorbance, 0, 12, R, SMOOTH),
    EXTREME_1(NEG, neg),
    EXTREME_1(RECIP, recip),
    EXTREME_1(SQRT, sqrt),
    EXTREME_1(EXP, exp),
    EXTREME_1(LOG, log),
    EXTREME_1(TANH, tanh),
    EXTREME_1(EXPM1, expm1),
    EXTREME_1(LOG1P, log1p),
    EXTREME_1(ABS, abs),
    EXTREME_1(SIGN, sign),
    EXTREME_1(FLOOR, floor),
    EXTREME_1(ROUND, round),
    EXTREME_2(ADD, add),
    EXTREME_2(SUB, sub),
    EXTREME_2(MUL, mul),
    EXTREME_2(DIV, div),
    EXTREME_2(POW, pow),
    EXTREME_2(ATAN2, atan2),
    EXTREME_2(MIN, min),
    EXTREME_2(MAX, max),
    EXTREME_2(LESS, less),
    EXTREME_2(LESS_EQUAL, less_equal),
    EXTREME_2(EQUAL, equal),
    {0},
};
