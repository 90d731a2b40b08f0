/*
 * Cases of the rows ONN_POINTWISE: each over the shapes and views that a kernel can meet. Operands
 * that are not views are dense, and of all their shapes is one kernel.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "core/memory.h"
#include "ops/rules.h"
#include "selftest/cases.h"

typedef struct shape_row {
	const char *label;
	size_t ndim, shape[4];
	bool large, many; /* many: more than drivers compile their usual kernel for */
} shape_row;

/* sizes below, at and past the vector and block lengths of kernels; primes; none */
static const shape_row shapes[] = {
    {"0-d", 0, {0}, false, false},
    {"[1]", 1, {1}, false, false},
    {"[7]", 1, {7}, false, false},
    {"[3, 5]", 2, {3, 5}, false, false},
    {"[3, 0, 2]", 3, {3, 0, 2}, false, false},
    {"[131, 17]", 2, {131, 17}, true, false},
    {"[257, 301]", 2, {257, 301}, true, true},
};

/*
 * An operand. Those of a smaller and a larger are drawn from two lists in turn: where they come
 * close to each other the derivative jumps, and differences say nothing.
 */
static onn_node draw(onn_case_build *b, size_t ndim, const size_t *shape)
{
	static const double list[2][6] = {
	    {-1.7, -1.1, -0.3, 0.2, 0.9, 1.6}, {-1.4, -0.8, 0.05, 0.6, 1.3, 1.9}};

	if (b->self->traits & ONN_CASE_APART && onn_type_is_float(b->type))
		return onn_case_pick(b, b->type, ndim, shape, list[b->ninputs % 2], 6);
	return onn_case_draw(b, b->type, ndim, shape, b->self->low, b->self->high);
}

static bool takes_two(const onn_case_build *b) { return onn_op_arity(b->self->op) == 2; }

/* Applies the case's operation to one or two operands and adds the result. */
static void apply(onn_case_build *b, const char *label, onn_node x, onn_node y)
{
	onn_node value = onn_pointwise(b->g, b->self->name, b->self->op, (onn_node[]){x, y});

	onn_case_output_add(b, label, value, ONN_NULL_NODE);
}

/* Elements in another order, every second one backwards, and repeated. */
static void add_view(onn_case_build *b)
{
	onn_node x = onn_slice(b->g, draw(b, 3, (size_t[]){9, 1, 5}), 0, 8, 4, -2);
	onn_node y = ONN_NULL_NODE;

	x = onn_permute(b->g, x, (int[]){2, 1, 0});
	if (takes_two(b))
		y = onn_transpose(b->g, draw(b, 2, (size_t[]){4, 3}));
	apply(b, "view [5, 3, 4]", onn_broadcast(b->g, x, 3, (size_t[]){5, 3, 4}), y);
}

/*
 * Views and long arrays are gone through by text of the same making whatever the operation: where
 * each would be compiled, one of two operands stands for the others, and what only moves elements
 * (structure.c) for those of one.
 */
static bool stands_for_others(const onn_case_build *b) { return b->self->op == ONN_OP_ADD; }

/* Operands that are views: all of these at once, and each alone. */
static void views(onn_case_build *b)
{
	static const int order[] = {2, 0, 1};
	bool two = takes_two(b);
	onn_node x, y = ONN_NULL_NODE;

	if (b->few && !stands_for_others(b))
		return;
	add_view(b);
	/* the second operand is a number, as in x + 1 */
	if (two)
		apply(b, "[7] and 0-d", draw(b, 1, (size_t[]){7}), draw(b, 0, NULL));
	if (b->few)
		return;
	x = draw(b, 3, (size_t[]){3, 2, 4});
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
}

static void build_drawn(onn_case_build *b)
{
	for (size_t i = 0; i < ONN_COUNT(shapes); i++) {
		onn_node x, y = ONN_NULL_NODE;
		if ((b->small && shapes[i].large) ||
		    (b->few && shapes[i].many && !stands_for_others(b)))
			continue;
		x = draw(b, shapes[i].ndim, shapes[i].shape);
		if (takes_two(b))
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
	onn_node x = onn_case_pairs(b, b->type, values, count, 1), y = ONN_NULL_NODE;
	if (takes_two(b))
		y = onn_case_pairs(b, b->type, values, count, count);
	apply(b, "pairs", x, y);

	if (b->small)
		return;
	x = onn_case_pick(b, b->type, 2, (size_t[]){83, 61}, values, count);
	if (takes_two(b))
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
	onn_node x = onn_case_pairs(b, b->type, list, n, 1), y = ONN_NULL_NODE;

	if (takes_two(b))
		y = onn_case_pairs(b, b->type, list, n, n);
	apply(b, "extremes", x, y);
	/* in the middle of a vector, and at its end */
	n = 67;
	x = onn_case_pick(b, b->type, 1, &n, list, ONN_COUNT(list));
	if (takes_two(b))
		y = onn_case_pick(b, b->type, 1, &n, list + 3, ONN_COUNT(list) - 3);
	apply(b, "extremes [67]", x, y);
}

/* ---- the cases of ops.def's rows ---- */

enum {
	DRAWN = 1 << 8,    /* from the row's range */
	TIED = 1 << 9,     /* from lists in which ties, halves and zeros occur */
	EXTREMES = 1 << 10 /* real: zeros, infinities, NaN, large and small numbers */
};

/* The words of the last column. */
enum {
	/* with a derivative */
	SMOOTH = DRAWN | EXTREMES | ONN_CASE_SMOOTH,
	/* the same, but not compared far away: there it has no meaning, or more digits than its
	   operands tell */
	BOUNDED = DRAWN | ONN_CASE_SMOOTH,
	/* in all its operands together */
	LINEAR = SMOOTH | ONN_CASE_LINEAR,
	/* the same, and no error is allowed */
	EXACT = LINEAR | ONN_CASE_EXACT,
	/* one of its operands */
	CHOICE = SMOOTH | TIED | ONN_CASE_EXACT | ONN_CASE_APART,
	/* exact, without a derivative */
	STEP = TIED | EXTREMES,
	/* drawn below */
	OWN = EXTREMES
};

#define TYPES(kind, cases, types) ((cases) & (kind) ? (types) : 0)
#define TRAITS(cases)             ((cases) & (DRAWN - 1))

const onn_case onn_cases_pointwise[] = {
#define ONN_POINTWISE(id, text, arity, result, classes, cost, gradient, low, high, cases)          \
	{ONN_OP_##id, #text, TYPES(DRAWN, cases, ONN_TYPES_##classes), TRAITS(cases), build_drawn, \
	    low, high, 0, 0},                                                                      \
	    {ONN_OP_##id, #text " of ties", TYPES(TIED, cases, ONN_TYPES_##classes),               \
	        ONN_CASE_EXACT, build_picked, 0, 0, 0, 0},                                         \
	    {ONN_OP_##id, #text " of extremes",                                                    \
	        TYPES(EXTREMES, cases, ONN_TYPES_##classes & ONN_TYPES_R), 0, build_extremes, 0,   \
	        0, 0, 0},
#include "ops/ops.def"
    {ONN_OP_SIGN, "sign", ONN_TYPES_R, ONN_CASE_SMOOTH | ONN_CASE_EXACT, build_drawn, 0.2, 3, 0, 0},
    {ONN_OP_SIGN, "sign", ONN_TYPES_C, ONN_CASE_SMOOTH, build_drawn, -3, 3, 0, 0},
    ONN_CASE(SIGN, "sign of ties", ONN_TYPES_R, ONN_CASE_EXACT, build_picked),
    ONN_CASE(ABS, "abs of ties", ONN_TYPES_R, ONN_CASE_EXACT, build_picked),
    ONN_CASE(ADD, "add of ties", ONN_TYPES_I, ONN_CASE_EXACT, build_picked),
    ONN_CASE(SUB, "sub of ties", ONN_TYPES_I, ONN_CASE_EXACT, build_picked),
    ONN_CASE(MUL, "mul of ties", ONN_TYPES_I, ONN_CASE_EXACT, build_picked),
    {0},
};
