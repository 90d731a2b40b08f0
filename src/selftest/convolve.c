/*
 * Cases of images with kernels. Operands are drawn from [0.5, 2): no sum cancels, so that errors
 * are measured by the result itself.
 */
#include <stdio.h>

#include <onn/convolution.h>

#include "core/memory.h"
#include "selftest/cases.h"

typedef struct sizes {
	const char *label;
	size_t batch, channels, outputs, groups, image[2], kernel[2];
	size_t stride[2], padding[2], dilation[2];
	bool large; /* not in a small case */
	bool alike; /* not where few are tried */
} sizes;

static const sizes table[] = {
    {"one number", 1, 1, 1, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, false, true},
    {"3x3", 2, 2, 3, 1, {5, 4}, {3, 3}, {1, 1}, {0, 0}, {1, 1}, false, true},
    {"1x1", 1, 3, 2, 1, {3, 5}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, false, true},
    {"2x3, strides, padding", 1, 2, 2, 1, {6, 7}, {2, 3}, {2, 3}, {1, 2}, {1, 1}, false, true},
    {"dilated, groups", 2, 4, 2, 2, {7, 6}, {3, 2}, {1, 2}, {2, 0}, {2, 3}, false, true},
    {"padding alone", 1, 1, 2, 1, {1, 2}, {3, 3}, {2, 2}, {3, 4}, {1, 1}, false, true},
    {"pixels left over", 1, 1, 1, 1, {8, 9}, {2, 2}, {3, 4}, {0, 0}, {1, 1}, false, true},
    {"each channel alone", 1, 3, 6, 3, {4, 4}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, false, true},
    {"5x5, 9 images", 9, 3, 20, 1, {17, 15}, {5, 5}, {1, 1}, {0, 0}, {1, 1}, true, true},
    {"33 channels, strides", 3, 33, 17, 1, {9, 13}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, true, true},
    /* several tiles each way, and sums that are cut */
    {"all of these", 3, 34, 36, 2, {19, 17}, {3, 2}, {1, 2}, {2, 0}, {2, 3}, true, false},
    {"large image", 1, 2, 3, 1, {67, 131}, {7, 5}, {1, 1}, {3, 2}, {1, 1}, true, true},
};

static onn_node draw(onn_case_build *b, const size_t *shape)
{
	return onn_case_draw(b, b->type, 4, shape, 0.5, 2);
}

static void add(onn_case_build *b, const sizes *s)
{
	onn_convolution how = ONN_CONVOLUTION_INIT;
	size_t x[4] = {s->batch, s->channels, s->image[0], s->image[1]};
	size_t w[4] = {s->outputs, s->channels / s->groups, s->kernel[0], s->kernel[1]};
	size_t y[4] = {s->batch, s->outputs};
	onn_node value;
	how.groups = s->groups;
	for (int i = 0; i < 2; i++) {
		how.stride[i] = s->stride[i];
		how.padding[i] = s->padding[i];
		how.dilation[i] = s->dilation[i];
		size_t across = (s->kernel[i] - 1) * s->dilation[i] + 1;
		y[2 + i] = (s->image[i] + 2 * s->padding[i] - across) / s->stride[i] + 1;
	}
	if (b->self->op == ONN_OP_CONV2D)
		value = onn_conv2d(b->g, draw(b, x), draw(b, w), &how);
	else if (b->self->op == ONN_OP_CONV2D_INPUT)
		value = onn_conv2d_input(b->g, draw(b, w), draw(b, y), s->image, &how);
	else
		value = onn_conv2d_weight(b->g, draw(b, x), draw(b, y), s->kernel, &how);
	onn_case_output_add(b, s->label, value, ONN_NULL_NODE);
}

static void build(onn_case_build *b)
{
	for (size_t i = 0; i < ONN_COUNT(table); i++)
		if (!(b->small && table[i].large) && !(b->few && table[i].alike))
			add(b, &table[i]);
}

/* Operands that are views, and sums of nothing. */
static void build_views(onn_case_build *b)
{
	onn_node x = onn_permute(b->g, draw(b, (size_t[]){3, 4, 2, 5}), (int[]){2, 0, 1, 3});
	onn_node w = onn_slice(b->g, draw(b, (size_t[]){2, 3, 2, 5}), 3, 4, 3, -2);
	onn_convolution wide = ONN_CONVOLUTION_INIT;
	wide.padding[0] = wide.padding[1] = 1;
	onn_case_output_add(b, "views", onn_conv2d(b->g, x, w, NULL), ONN_NULL_NODE);
	onn_node none = onn_slice(b->g, x, 0, 0, 0, 1);
	onn_case_output_add(b, "no images", onn_conv2d(b->g, none, w, NULL), ONN_NULL_NODE);
	onn_node y = draw(b, (size_t[]){0, 2, 3, 3});
	onn_case_output_add(b, "kernels of no images",
	    onn_conv2d_weight(b->g, none, y, (size_t[]){2, 3}, NULL), ONN_NULL_NODE);
	onn_node empty = draw(b, (size_t[]){2, 3, 0, 5});
	onn_case_output_add(b, "no rows", onn_conv2d(b->g, empty, w, &wide), ONN_NULL_NODE);
	if (!onn_type_is_complex(b->type))
		return;
	onn_node real = onn_case_draw(b, onn_case_real(b), 4, (size_t[]){2, 3, 2, 3}, 0.5, 2);
	onn_case_output_add(b, "real kernels", onn_conv2d(b->g, x, real, NULL), ONN_NULL_NODE);
}

/* ---- windows ---- */

static void add_pool(onn_case_build *b, const char *label, onn_pooling kind, const size_t *window,
    const size_t *stride, const size_t *padding)
{
	onn_node x = onn_case_draw(b, b->type, 4, (size_t[]){2, 3, 5, 6}, -2, 2);
	onn_node size = kind == ONN_POOLING_MAX ? ONN_NULL_NODE : onn_abs(b->g, x);
	onn_pool pool = ONN_POOL_INIT;
	pool.kind = kind;
	for (int i = 0; i < 2; i++) {
		pool.window[i] = window[i];
		pool.stride[i] = stride[i];
		pool.padding[i] = padding[i];
	}
	onn_node y = onn_pool2d(b->g, x, &pool);
	onn_case_output_add(b, label, y, size.id ? onn_pool2d(b->g, size, &pool) : size);
}

static void build_windows(onn_case_build *b, onn_pooling kind)
{
	static const size_t none[2] = {0, 0}, one[2] = {1, 1};
	add_pool(b, "2x3, strides, padding", kind, (size_t[]){2, 3}, (size_t[]){1, 2}, one);
	if (!b->few) {
		add_pool(b, "2x2", kind, (size_t[]){2, 2}, none, none);
		add_pool(b, "2x3, padding", kind, (size_t[]){2, 3}, none, one);
		add_pool(b, "3x2, strides", kind, (size_t[]){3, 2}, (size_t[]){2, 1}, none);
		add_pool(b, "all", kind, (size_t[]){5, 6}, none, none);
	}
	if (b->small || (b->few && onn_type_is_complex(b->type)))
		return;
	/* behind a program, and its gradient */
	onn_pool pool = ONN_POOL_INIT;
	onn_node x = onn_case_draw(b, b->type, 4, (size_t[]){3, 5, 46, 26}, -1, 1), grad;
	pool.kind = kind;
	onn_node y = onn_pool2d(b->g, onn_add_real(b->g, onn_mul(b->g, x, x), 3), &pool);
	onn_node seed = onn_full(b->g, b->type, 4, (size_t[]){3, 5, 23, 13}, 1);
	onn_case_output_add(b, "of a program", y, ONN_NULL_NODE);
	if (onn_gradient(&grad, b->g, y, seed, &x, 1) == ONN_OK)
		onn_case_output_add(b, "gradient", grad, ONN_NULL_NODE);
}

static void build_average(onn_case_build *b) { build_windows(b, ONN_POOLING_AVERAGE); }

static void build_largest(onn_case_build *b) { build_windows(b, ONN_POOLING_MAX); }

const onn_case onn_cases_convolve[] = {
    ONN_CASE(CONV2D, "conv2d", ONN_TYPES_RC, ONN_CASE_SMOOTH, build),
    ONN_CASE(CONV2D_INPUT, "conv2d_input", ONN_TYPES_RC, ONN_CASE_SMOOTH, build),
    ONN_CASE(CONV2D_WEIGHT, "conv2d_weight", ONN_TYPES_RC, ONN_CASE_SMOOTH, build),
    ONN_CASE(CONV2D, "conv2d of views", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_views),
    ONN_CASE(
        NONE, "average of windows", ONN_TYPES_RC, ONN_CASE_SMOOTH | ONN_CASE_LINEAR, build_average),
    ONN_CASE(
        NONE, "largest of windows", ONN_TYPES_R, ONN_CASE_SMOOTH | ONN_CASE_APART, build_largest),
    {0},
};
