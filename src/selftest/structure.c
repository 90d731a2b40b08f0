/* Cases of the rows ONN_PRIMITIVE: leaves, shapes, reductions, indices, products, state. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "selftest/cases.h"

static onn_node draw(onn_case_build *b, size_t ndim, const size_t *shape)
{
	return onn_case_draw(b, b->type, ndim, shape, -4, 5);
}

static void add(onn_case_build *b, const char *label, onn_node value)
{
	onn_case_output_add(b, label, value, ONN_NULL_NODE);
}

/* |x|, real, whatever the type: what errors of sums are measured by. */
static onn_node size_of(onn_case_build *b, onn_node x)
{
	return onn_type_is_float(b->type) ? onn_abs(b->g, x) : ONN_NULL_NODE;
}

/* ---- leaves ---- */

static void build_scalar(onn_case_build *b)
{
	onn_graph *g = b->g;

	add(b, "0-d", onn_scalar(g, b->type, 3));
	add(b, "full [3, 5]", onn_full(g, b->type, 2, (size_t[]){3, 5}, 7));
	add(b, "full [0]", onn_full(g, b->type, 1, (size_t[]){0}, 7));
	if (onn_type_is_float(b->type)) /* 0.1 is the nearest number of the type */
		add(b, "times 0.1",
		    onn_mul(g, onn_scalar(g, b->type, 0.1), draw(b, 1, (size_t[]){11})));
	if (onn_type_is_complex(b->type))
		add(b, "complex", onn_complex_scalar(g, b->type, 0.25, -3));
}

static void build_constant(onn_case_build *b)
{
	unsigned char bytes[3 * 5 * 16] = {0};
	onn_array *a = NULL;
	size_t n = 15 * onn_type_size(b->type) / onn_type_size(onn_case_real(b));

	for (size_t i = 0; i < n; i++) {
		if (onn_case_real(b) == ONN_F32)
			((float *)(void *)bytes)[i] = (float)i * 0.25f - 1;
		else if (onn_case_real(b) == ONN_F64)
			((double *)(void *)bytes)[i] = (double)i * 0.1 - 1;
		else if (b->type == ONN_U8)
			bytes[i] = (unsigned char)(17 * i);
		else
			((uint32_t *)(void *)bytes)[i] = (uint32_t)(1000003 * i);
	}
	b->status = onn_array_from(&a, b->type, 2, (size_t[]){3, 5}, bytes);
	if (b->status)
		return;
	onn_node x = onn_constant(b->g, a);
	onn_array_destroy(a);
	add(b, "itself", x);
	if (!b->few)
		add(b, "transposed", onn_transpose(b->g, x));
	if (b->type != ONN_U8 && !b->few)
		add(b, "in a sum", onn_add(b->g, x, draw(b, 1, (size_t[]){5})));
}

static void build_variable(onn_case_build *b)
{
	onn_node x = draw(b, 2, (size_t[]){3, 5});

	add(b, "itself", x);
	add(b, "0-d", draw(b, 0, NULL));
	add(b, "empty", draw(b, 2, (size_t[]){4, 0}));
	add(b, "again", onn_reshape(b->g, x, 1, (size_t[]){15}));
}

static void build_iota(onn_case_build *b)
{
	add(b, "[1]", onn_iota(b->g, b->type, 1));
	add(b, "[13]", onn_iota(b->g, b->type, 13));
	add(b, "[0]", onn_iota(b->g, b->type, 0));
	if (b->few)
		return;
	add(b, "[70001]", onn_iota(b->g, b->type, 70001));
	add(b, "in a sum",
	    onn_add(b->g, onn_iota(b->g, b->type, 11),
	        onn_reshape(b->g, onn_iota(b->g, b->type, 3), 2, (size_t[]){3, 1})));
}

/* ---- shapes ---- */

static void build_reshape(onn_case_build *b)
{
	onn_node x = draw(b, 3, (size_t[]){3, 4, 5});

	add(b, "[60]", onn_reshape(b->g, x, 1, (size_t[]){60}));
	add(b, "[2, 1, 30]", onn_reshape(b->g, x, 3, (size_t[]){2, 1, 30}));
	add(b, "to 0-d", onn_reshape(b->g, draw(b, 2, (size_t[]){1, 1}), 0, NULL));
	add(b, "empty", onn_reshape(b->g, draw(b, 2, (size_t[]){0, 4}), 2, (size_t[]){7, 0}));
	/* no strides can say this one: elements move */
	add(b, "of a transposed",
	    onn_reshape(b->g, onn_permute(b->g, x, (int[]){2, 0, 1}), 2, (size_t[]){6, 10}));
}

static void build_broadcast(onn_case_build *b)
{
	add(b, "0-d to [3, 5]", onn_broadcast(b->g, draw(b, 0, NULL), 2, (size_t[]){3, 5}));
	if (!b->few)
		add(b, "[5] to [3, 5]",
		    onn_broadcast(b->g, draw(b, 1, (size_t[]){5}), 2, (size_t[]){3, 5}));
	add(b, "[2, 1, 3] to [2, 4, 3]",
	    onn_broadcast(b->g, draw(b, 3, (size_t[]){2, 1, 3}), 3, (size_t[]){2, 4, 3}));
	add(b, "[1] to [0]", onn_broadcast(b->g, draw(b, 1, (size_t[]){1}), 1, (size_t[]){0}));
}

static void build_permute(onn_case_build *b)
{
	add(b, "[2, 3, 4, 5]",
	    onn_permute(b->g, draw(b, 4, (size_t[]){2, 3, 4, 5}), (int[]){3, 1, 0, 2}));
	if (!b->few)
		add(b, "transposed", onn_transpose(b->g, draw(b, 2, (size_t[]){7, 3})));
	add(b, "[1, 6]", onn_transpose(b->g, draw(b, 2, (size_t[]){1, 6})));
	add(b, "empty", onn_transpose(b->g, draw(b, 2, (size_t[]){0, 6})));
	if (!b->small && !b->few)
		add(b, "[67, 129]", onn_transpose(b->g, draw(b, 2, (size_t[]){67, 129})));
}

static void build_slice(onn_case_build *b)
{
	onn_node x = draw(b, 2, (size_t[]){9, 7});

	add(b, "rows", onn_slice(b->g, x, 0, 2, 3, 1));
	if (!b->few)
		add(b, "columns by 3", onn_slice(b->g, x, 1, 0, 3, 3));
	add(b, "backwards", onn_slice(b->g, x, -1, 6, 7, -1));
	add(b, "none", onn_slice(b->g, x, 0, 4, 0, 1));
	if (!b->few)
		add(b, "both", onn_slice(b->g, onn_slice(b->g, x, 0, 8, 4, -2), 1, 5, 1, 1));
}

/* The gradient of a slice puts elements at steps, also backwards; pad puts them side by side. */
static void build_place(onn_case_build *b)
{
	static const ptrdiff_t steps[] = {-2, 1, 3};

	add(b, "padded", onn_pad(b->g, draw(b, 2, (size_t[]){3, 4}), 1, 2, 1));
	if (!b->few)
		add(b, "padded twice",
		    onn_pad(b->g, onn_pad(b->g, draw(b, 2, (size_t[]){2, 3}), 0, 1, 0), -1, 0, 2));
	add(b, "from nothing", onn_pad(b->g, draw(b, 1, (size_t[]){0}), 0, 2, 3));
	for (size_t i = 0; i < (b->few ? 1 : ONN_COUNT(steps)); i++) {
		char label[32];
		onn_node x = draw(b, 2, (size_t[]){4, 3});
		onn_attr attr = {.slice = {{steps[i] < 0 ? 8 : 1, 0}, {steps[i], 1}, {11, 3}}};
		snprintf(label, sizeof label, "step %d", (int)steps[i]);
		add(b, label, onn_make(b->g, ONN_OP_PLACE, &x, 1, &attr));
	}
}

static void build_concat(onn_case_build *b)
{
	onn_node x[4] = {draw(b, 2, (size_t[]){2, 5}), draw(b, 2, (size_t[]){3, 5}),
	    draw(b, 2, (size_t[]){0, 5}), draw(b, 2, (size_t[]){1, 5})};
	onn_node y[2] = {draw(b, 3, (size_t[]){2, 3, 4}), draw(b, 3, (size_t[]){2, 3, 1})};

	add(b, "axis 0", onn_concat(b->g, x, 4, 0));
	add(b, "axis -1", onn_concat(b->g, y, 2, -1));
	add(b, "one", onn_concat(b->g, x, 1, 1));
	if (b->few)
		return;
	add(b, "itself twice", onn_concat(b->g, (onn_node[]){x[0], x[0]}, 2, 1));
	add(b, "rolled", onn_roll(b->g, y[0], 1, 1));
	add(b, "rolled back", onn_roll(b->g, y[0], 2, -5));
}

/* ---- reductions: errors of a sum are measured by the sum of the sizes ---- */

typedef struct reduction {
	const char *label;
	size_t ndim, shape[4];
	int axes[3];
	size_t naxes;
	bool keep, large;                          /* large: not in a small case */
	enum { ALWAYS, ALIKE, REALS, FLOATS } few; /* where few are tried: not, or of these types */
} reduction;

static const reduction reductions[] = {
    {"[7] all", 1, {7}, {0}, 0, false, false, ALIKE},
    {"0-d all", 0, {0}, {0}, 0, false, false, ALWAYS},
    {"[5, 6] last", 2, {5, 6}, {-1}, 1, false, false, ALIKE},
    {"[5, 6] first", 2, {5, 6}, {0}, 1, true, false, ALIKE},
    {"[3, 4, 5] middle", 3, {3, 4, 5}, {1}, 1, true, false, ALIKE},
    {"[3, 4, 5] outer", 3, {3, 4, 5}, {0, 2}, 2, false, false, ALIKE},
    {"[2, 1, 3] all, kept", 3, {2, 1, 3}, {0}, 0, true, false, ALIKE},
    {"[0, 3] last", 2, {0, 3}, {1}, 1, false, false, ALWAYS},
    {"[64, 10] last", 2, {64, 10}, {1}, 1, false, true, ALIKE},
    {"[97, 131] first", 2, {97, 131}, {0}, 1, false, true, ALWAYS},
    {"[97, 131] last", 2, {97, 131}, {1}, 1, false, true, ALIKE},
    {"[1031, 40] last", 2, {1031, 40}, {1}, 1, false, true, REALS},
    {"[3, 40009] last", 2, {3, 40009}, {1}, 1, false, true, REALS},
    {"[100003] all", 1, {100003}, {0}, 0, false, true, FLOATS},
    {"[40009, 3] first", 2, {40009, 3}, {0}, 1, false, true, ALIKE},
};

/* Where few are tried: integers are added and compared like other numbers. */
static bool is_left_out(const onn_case_build *b, const reduction *r)
{
	bool is_float = onn_type_is_float(b->type), complex = onn_type_is_complex(b->type);

	return r->few == ALIKE || (r->few == REALS && (!is_float || complex)) ||
	       (r->few == FLOATS && !is_float);
}

static void build_reduction(onn_case_build *b)
{
	onn_graph *g = b->g;
	bool sum = b->self->op == ONN_OP_SUM;

	for (size_t i = 0; i < ONN_COUNT(reductions); i++) {
		const reduction *r = &reductions[i];
		if ((b->small && r->large) || (b->few && is_left_out(b, r)))
			continue;
		onn_node x = draw(b, r->ndim, r->shape);
		const int *axes = r->naxes ? r->axes : NULL;
		if (sum) {
			onn_node size = size_of(b, x);
			if (size.id)
				size = onn_sum(g, size, axes, r->naxes, r->keep);
			onn_case_output_add(
			    b, r->label, onn_sum(g, x, axes, r->naxes, r->keep), size);
		} else {
			add(b, r->label, onn_reduce_max(g, x, axes, r->naxes, r->keep));
		}
	}
	/* over views, and after a fused prologue */
	onn_node x = onn_transpose(g, draw(b, 2, (size_t[]){6, 5}));
	onn_node y = onn_slice(g, draw(b, 2, (size_t[]){5, 13}), 1, 12, 6, -2);
	onn_node z = b->type == ONN_U8 ? x : onn_mul(g, x, y);
	if (sum) {
		onn_node size = size_of(b, z);
		onn_case_output_add(b, "of a product of views", onn_sum(g, z, (int[]){1}, 1, false),
		    size.id ? onn_sum(g, size, (int[]){1}, 1, false) : ONN_NULL_NODE);
		add(b, "of nothing",
		    onn_sum(g, draw(b, 2, (size_t[]){3, 0}), (int[]){1}, 1, false));
		/* equal numbers are rounded the same way, again and again */
		if (!b->small && onn_type_is_float(b->type) &&
		    !(b->few && onn_type_is_complex(b->type)))
			add(b, "of equal numbers",
			    onn_sum(g,
			        onn_broadcast(g, draw(b, 0, NULL), 2, (size_t[]){2048, 2048}), NULL,
			        0, false));
	} else {
		add(b, "of a product of views", onn_reduce_max(g, z, (int[]){0}, 1, false));
	}
}

static const double ties[] = {3, 3, 1, 2, 3, 0, 2};

static void build_max_of_ties(onn_case_build *b)
{
	onn_node x = onn_case_pick(b, b->type, 2, (size_t[]){31, 9}, ties, ONN_COUNT(ties));

	add(b, "last", onn_reduce_max(b->g, x, (int[]){1}, 1, false));
	if (!b->few)
		add(b, "first", onn_reduce_max(b->g, x, (int[]){0}, 1, true));
	if (!onn_type_is_float(b->type))
		return;
	onn_node y = onn_reduce_max(b->g, x, (int[]){1}, 1, false), grad;
	onn_node seed = onn_full(b->g, b->type, 1, (size_t[]){31}, 1);
	if (onn_gradient(&grad, b->g, y, seed, &x, 1) == ONN_OK)
		add(b, "gradient", grad);
}

static void build_argmax(onn_case_build *b)
{
	onn_node x = onn_case_pick(b, b->type, 3, (size_t[]){5, 7, 3}, ties, ONN_COUNT(ties));

	add(b, "middle", onn_argmax(b->g, x, 1));
	add(b, "first", onn_argmax(b->g, x, 0));
	add(b, "last", onn_argmax(b->g, x, -1));
	add(b, "[1]", onn_argmax(b->g, draw(b, 1, (size_t[]){1}), 0));
	add(b, "[0, 4]", onn_argmax(b->g, draw(b, 2, (size_t[]){0, 4}), 1));
	add(b, "[2, 3001]", onn_argmax(b->g, draw(b, 2, (size_t[]){2, 3001}), 1));
	add(b, "[1000, 10]", onn_argmax(b->g, draw(b, 2, (size_t[]){1000, 10}), 1));
	if (!b->few)
		add(b, "of a transposed",
		    onn_argmax(b->g, onn_transpose(b->g, draw(b, 2, (size_t[]){9, 4})), 1));
	if (onn_type_is_float(b->type)) {
		static const double not_numbers[] = {1, NAN, 5, NAN, INFINITY, -INFINITY};
		onn_node n = onn_case_pick(
		    b, b->type, 2, (size_t[]){4, 3}, not_numbers, ONN_COUNT(not_numbers));
		add(b, "of NaN", onn_argmax(b->g, n, 1));
	}
}

/* ---- rows by index ---- */

/* out of range too: the nearest row counts */
static const double rows[] = {0, 3, 3, 10, 1, 99, 3, 7, 0};
static const double rows_below[] = {0, -5, 3, 10, 3, 99, -1, 7, 0};

static void build_take(onn_case_build *b)
{
	onn_node x = draw(b, 2, (size_t[]){11, 5});
	onn_node i = onn_case_pick(b, ONN_I32, 1, (size_t[]){9}, rows_below, ONN_COUNT(rows_below));
	onn_node j = onn_case_pick(b, ONN_U32, 2, (size_t[]){3, 4}, rows, ONN_COUNT(rows));
	onn_node k = onn_case_pick(b, ONN_I32, 0, NULL, rows + 3, 1);

	add(b, "[9] of [11, 5]", onn_take(b->g, x, i));
	add(b, "[3, 4] of [11, 5]", onn_take(b->g, x, j));
	add(b, "0-d of [11, 5]", onn_take(b->g, x, k));
	add(b, "of numbers", onn_take(b->g, draw(b, 1, (size_t[]){11}), i));
	if (!b->few)
		add(b, "of a transposed",
		    onn_take(b->g, onn_transpose(b->g, draw(b, 2, (size_t[]){3, 11})), i));
	if (!b->few)
		add(b, "of every second row",
		    onn_take(
		        b->g, onn_slice(b->g, draw(b, 2, (size_t[]){23, 4}), 0, 22, 11, -2), i));
	add(b, "by none", onn_take(b->g, x, onn_slice(b->g, i, 0, 0, 0, 1)));
	if (!b->small)
		add(b, "[300] of [50, 97]",
		    onn_take(b->g, draw(b, 2, (size_t[]){50, 97}),
		        onn_case_draw(b, ONN_I32, 1, (size_t[]){300}, 0, 50)));
}

static void scatter(
    onn_case_build *b, const char *label, onn_node index, onn_node updates, size_t n)
{
	onn_node size = size_of(b, updates);

	if (size.id)
		size = onn_scatter_add(b->g, index, size, n);
	onn_case_output_add(b, label, onn_scatter_add(b->g, index, updates, n), size);
}

static void build_scatter_add(onn_case_build *b)
{
	onn_node i = onn_case_pick(b, ONN_I32, 1, (size_t[]){9}, rows_below, ONN_COUNT(rows_below));
	onn_node j = onn_case_pick(b, ONN_U32, 2, (size_t[]){3, 4}, rows, ONN_COUNT(rows));

	scatter(b, "[9, 5]", i, draw(b, 2, (size_t[]){9, 5}), 11);
	scatter(b, "[3, 4, 2]", j, draw(b, 3, (size_t[]){3, 4, 2}), 11);
	scatter(b, "numbers", i, draw(b, 1, (size_t[]){9}), 11);
	if (!b->few)
		scatter(b, "transposed", i, onn_transpose(b->g, draw(b, 2, (size_t[]){3, 9})), 12);
	scatter(b, "none", onn_slice(b->g, i, 0, 0, 0, 1), draw(b, 2, (size_t[]){0, 4}), 3);
	if (!b->small)
		scatter(b, "[5000, 33]", onn_case_draw(b, ONN_I32, 1, (size_t[]){5000}, 0, 17),
		    draw(b, 2, (size_t[]){5000, 33}), 17);
}

/* ---- the matrix product: errors are measured by the product of the sizes ---- */

static void product(
    onn_case_build *b, const char *label, onn_node x, int op_x, onn_node y, int op_y)
{
	onn_case_output_add(b, label, onn_matmul_op(b->g, x, op_x, y, op_y),
	    onn_matmul_op(b->g, onn_abs(b->g, x), op_x & ONN_T, onn_abs(b->g, y), op_y & ONN_T));
}

static void build_matmul(onn_case_build *b)
{
	static const struct {
		size_t m, k, n;
		bool large;
	} sizes[] = {{1, 1, 1, false}, {3, 5, 2, false}, {7, 1, 3, false}, {1, 6, 1, false},
	    {0, 3, 2, false}, {2, 0, 3, false}, {17, 31, 13, true}, {64, 100, 10, true},
	    {65, 129, 67, true}, {5, 1100, 3, true}};
	onn_graph *g = b->g;
	char label[32];

	for (size_t i = 0; i < ONN_COUNT(sizes); i++) {
		size_t m = sizes[i].m, k = sizes[i].k, n = sizes[i].n;
		if (b->small && sizes[i].large)
			continue;
		snprintf(label, sizeof label, "%zux%zux%zu", m, k, n);
		product(b, label, draw(b, 2, (size_t[]){m, k}), ONN_N, draw(b, 2, (size_t[]){k, n}),
		    ONN_N);
	}
	/* batches that broadcast, and operands that are views */
	product(b, "[2, 1, 3, 4] [5, 4, 2]", draw(b, 4, (size_t[]){2, 1, 3, 4}), ONN_N,
	    draw(b, 3, (size_t[]){5, 4, 2}), ONN_N);
	product(b, "views", onn_transpose(g, draw(b, 2, (size_t[]){4, 3})), ONN_N,
	    onn_slice(g, draw(b, 2, (size_t[]){4, 9}), 1, 2, 5, 1), ONN_N);
	product(b, "strided views", onn_slice(g, draw(b, 2, (size_t[]){3, 9}), 1, 8, 4, -2), ONN_N,
	    onn_slice(g, draw(b, 2, (size_t[]){9, 2}), 0, 0, 4, 2), ONN_N);
}

static void build_matmul_ops(onn_case_build *b)
{
	static const char letter[] = "NTCH";
	onn_node x = draw(b, 2, (size_t[]){4, 4}), y = draw(b, 3, (size_t[]){2, 4, 4});
	onn_node tall = draw(b, 2, (size_t[]){7, 3}), wide = draw(b, 2, (size_t[]){5, 7});
	char label[32];

	for (int p = ONN_N; p <= ONN_H; p++)
		for (int q = ONN_N; q <= ONN_H; q++) {
			if (b->few && p + q != ONN_H && p + q != 2 * ONN_N)
				continue; /* each operand in each form */
			snprintf(label, sizeof label, "%c %c", letter[p], letter[q]);
			product(b, label, x, p, y, q);
		}
	if (!b->few)
		product(b, "T T, 3x7x5", tall, ONN_T, wide, ONN_T);
	product(b, "H H, 3x7x5", tall, ONN_H, wide, ONN_H);
}

/* ---- state: every read sees the value from before the run ---- */

static void build_assign(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node w = draw(b, 2, (size_t[]){5, 4}), m = draw(b, 2, (size_t[]){5, 4});
	onn_node s = draw(b, 0, NULL), square = draw(b, 2, (size_t[]){4, 4});
	onn_node low = draw(b, 1, (size_t[]){6}), high = draw(b, 1, (size_t[]){6});
	onn_node two = onn_scalar(g, b->type == ONN_U8 ? ONN_I32 : b->type, 2);

	add(b, "old sum", onn_add(g, w, m));
	add(b, "w", onn_assign(g, w, onn_add(g, w, m)));
	add(b, "m", onn_assign(g, m, onn_mul(g, w, two)));
	add(b, "s", onn_assign(g, s, onn_mul(g, s, two)));
	/* in place would overwrite what is still to be read */
	add(b, "transposed", onn_assign(g, square, onn_transpose(g, square)));
	/* exchange, and broadcasting */
	add(b, "low", onn_assign(g, low, high));
	add(b, "high", onn_assign(g, high, low));
	onn_node zeros = draw(b, 2, (size_t[]){3, 3});
	add(b, "a number for all", onn_assign(g, zeros, onn_scalar(g, b->type, 1)));
}

const onn_case onn_cases_structure[] = {
    ONN_CASE(SCALAR, "scalar", ONN_TYPES_ALL, ONN_CASE_SMOOTH, build_scalar),
    ONN_CASE(CONSTANT, "constant", ONN_TYPES_ALL, ONN_CASE_SMOOTH, build_constant),
    ONN_CASE(VARIABLE, "variable", ONN_TYPES_ALL,
        ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT, build_variable),
    ONN_CASE(IOTA, "iota", ONN_TYPES_RI, ONN_CASE_EXACT, build_iota),
    ONN_CASE(RESHAPE, "reshape", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_reshape),
    ONN_CASE(BROADCAST, "broadcast", ONN_TYPES_ALL,
        ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT, build_broadcast),
    ONN_CASE(PERMUTE, "permute", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_permute),
    ONN_CASE(SLICE, "slice", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_slice),
    ONN_CASE(PLACE, "place", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_place),
    ONN_CASE(CONCAT, "concat", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_concat),
    ONN_CASE(SUM, "sum", ONN_TYPES_ALL, ONN_CASE_SMOOTH, build_reduction),
    ONN_CASE(
        REDUCE_MAX, "reduce_max", ONN_TYPES_RI | 1 << ONN_U8, ONN_CASE_SMOOTH, build_reduction),
    ONN_CASE(REDUCE_MAX, "reduce_max of ties", ONN_TYPES_RI, 0, build_max_of_ties),
    ONN_CASE(ARGMAX, "argmax", ONN_TYPES_RI | 1 << ONN_U8, ONN_CASE_EXACT, build_argmax),
    ONN_CASE(TAKE, "take", ONN_TYPES_ALL, ONN_CASE_LINEAR | ONN_CASE_SMOOTH | ONN_CASE_EXACT,
        build_take),
    ONN_CASE(SCATTER_ADD, "scatter_add", ONN_TYPES_RCI, ONN_CASE_LINEAR | ONN_CASE_SMOOTH,
        build_scatter_add),
    ONN_CASE(MATMUL, "matmul", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_matmul),
    ONN_CASE(MATMUL, "matmul of each form", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_matmul_ops),
    ONN_CASE(ASSIGN, "assign", ONN_TYPES_ALL, 0, build_assign),
    {0},
};
