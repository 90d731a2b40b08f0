/* Cases of the Fourier transforms: short, smooth, prime and odd lengths, batches, views,
 * windows. */
#include <onn/fourier.h>

#include <stdio.h>

#include "selftest/cases.h"

static onn_node draw(onn_case_build *b, size_t ndim, const size_t *shape)
{
	return onn_case_draw(b, b->type, ndim, shape, -1, 1);
}

/* The root of the sum of |x|^2 over axes, over x's shape: what errors are measured by. */
static onn_node length_of(onn_case_build *b, onn_node x, const int *axes, size_t naxes)
{
	onn_node d = onn_sqrt(b->g, onn_sum(b->g, onn_abs2(b->g, x), axes, naxes, true));
	return onn_broadcast(b->g, d, onn_node_ndim(b->g, x), onn_node_shape(b->g, x));
}

static void along(onn_case_build *b, size_t ndim, const size_t *shape, int axis, bool back)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, ndim, shape), scale = length_of(b, x, &axis, 1);
	size_t n = shape[axis < 0 ? (int)ndim + axis : axis];
	char label[32];
	snprintf(label, sizeof label, "fft %zu axis %d", n, axis);
	onn_case_output_add(b, label, onn_fft(g, x, axis), scale);
	if (!back)
		return;
	snprintf(label, sizeof label, "ifft %zu axis %d", n, axis);
	onn_case_output_add(b, label, onn_ifft(g, x, axis), onn_mul_real(g, scale, 1 / (double)n));
}

static void build_fft(onn_case_build *b)
{
	along(b, 1, (size_t[]){1}, 0, true);
	if (!b->few) {
		along(b, 1, (size_t[]){8}, 0, true);
		along(b, 2, (size_t[]){3, 7}, 1, true);
		along(b, 2, (size_t[]){10, 3}, 0, true);
		along(b, 3, (size_t[]){2, 25, 3}, 1, true);
	}
	if (b->small)
		return;
	/* each factor that has a way of its own, and one that has none; a chirp; many points */
	along(b, 3, (size_t[]){2, 840, 3}, 1, !b->few);
	along(b, 2, (size_t[]){37, 134}, -1, true); /* 2 * 67 */
	along(b, 1, (size_t[]){4096}, 0, !b->few);
	if (!b->few)
		along(b, 1, (size_t[]){1009}, 0, true);
}

static void along_two(
    onn_case_build *b, size_t ndim, const size_t *shape, bool transposed, bool back)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, ndim, shape);
	if (transposed)
		x = onn_transpose(g, x);
	onn_node scale = length_of(b, x, (int[]){-2, -1}, 2);
	size_t n = shape[ndim - 1] * shape[ndim - 2];
	char label[32];
	snprintf(label, sizeof label, "fft2 %zux%zu%s", shape[ndim - 2], shape[ndim - 1],
	    transposed ? " T" : "");
	onn_case_output_add(b, label, onn_fft2(g, x), scale);
	if (!back)
		return;
	snprintf(label, sizeof label, "ifft2 %zux%zu%s", shape[ndim - 2], shape[ndim - 1],
	    transposed ? " T" : "");
	onn_case_output_add(b, label, onn_ifft2(g, x), onn_mul_real(g, scale, 1 / (double)n));
}

static void build_fft2(onn_case_build *b)
{
	if (!b->few) {
		along_two(b, 3, (size_t[]){2, 3, 1}, false, true);
		along_two(b, 2, (size_t[]){4, 6}, false, true);
		along_two(b, 2, (size_t[]){1, 5}, false, true);
	}
	if (b->small)
		return;
	along_two(b, 2, (size_t[]){67, 17}, false, !b->few);
	if (!b->few) {
		along_two(b, 4, (size_t[]){2, 3, 16, 24}, true, true);
		along_two(b, 2, (size_t[]){64, 64}, false, true);
		along_two(b, 2, (size_t[]){128, 32}, true, true);
		along_two(b, 3, (size_t[]){3, 20, 50}, false, true);
		along_two(b, 2, (size_t[]){49, 66}, false, true);
	}
	/* of an expression over a view, and read twice */
	onn_node x = onn_transpose(b->g, draw(b, 3, (size_t[]){3, 40, 48}));
	onn_node p = draw(b, 2, (size_t[]){48, 40});
	onn_node y = onn_mul(b->g, x, onn_exp(b->g, p));
	onn_node f = onn_fft2(b->g, y), scale = length_of(b, y, (int[]){1, 2}, 2);
	onn_case_output_add(b, "of an expression", f, scale);
	onn_case_output_add(b, "there and back", onn_sub(b->g, onn_ifft2(b->g, f), y),
	    onn_mul_real(b->g, scale, 1.0 / 44)); /* the root of the mean of |y|^2 */
}

typedef struct sizes {
	size_t batch, h, w, ny, nx, y, x; /* x [batch, h, w] at (y, x) of [ny, nx] */
	onn_window keep;
} sizes;

static void filter(onn_case_build *b, const sizes *s, bool each)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, 3, (size_t[]){s->batch, s->h, s->w});
	onn_node h = draw(b, 3, (size_t[]){each ? s->batch : 1, s->ny, s->nx});
	onn_node y = onn_filter(g, x, h, (size_t[]){s->y, s->x}, &s->keep);
	onn_node power = onn_sum(g, onn_abs2(g, x), (int[]){1, 2}, 2, true);
	onn_node size = onn_sqrt(g, onn_mul_real(g, power, 1 / (double)(s->ny * s->nx)));
	char label[32];
	snprintf(label, sizeof label, "%zux%zu in %zux%zu", s->h, s->w, s->ny, s->nx);
	if (onn_graph_status(g) == ONN_OK)
		size = onn_broadcast(g, size, 3, onn_node_shape(g, y));
	onn_case_output_add(b, label, y, size);
}

static void build_filter(onn_case_build *b)
{
	if (!b->few) {
		filter(b, &(sizes){2, 1, 4, 1, 6, 0, 2, {{0, 0}, {1, 5}}}, true);
		filter(b, &(sizes){2, 3, 2, 5, 4, 1, 0, {{0, 1}, {4, 3}}}, false);
	}
	if (b->small)
		return;
	filter(b, &(sizes){2, 25, 21, 50, 42, 13, 10, {{3, 40}, {40, 2}}}, true);
	filter(b, &(sizes){2, 40, 1, 80, 1, 20, 0, {{20, 0}, {40, 1}}}, true);
	if (!b->few) {
		filter(b, &(sizes){1, 64, 64, 64, 64, 0, 0, {{0, 0}, {64, 64}}}, false);
		filter(b, &(sizes){3, 20, 30, 40, 60, 10, 15, {{10, 15}, {20, 30}}}, false);
		filter(b, &(sizes){2, 19, 17, 38, 34, 9, 0, {{0, 1}, {38, 33}}}, false);
		filter(b, &(sizes){5, 1, 33, 1, 66, 0, 16, {{0, 16}, {1, 33}}}, false);
		filter(b, &(sizes){37, 16, 16, 32, 32, 8, 8, {{8, 8}, {16, 16}}}, false);
	}

	/* a chain as beams make it: plate, hop, plate, hop, read on the way too */
	onn_graph *g = b->g;
	onn_node x = draw(b, 3, (size_t[]){4, 32, 48}), h = draw(b, 2, (size_t[]){64, 96});
	onn_node p = draw(b, 2, (size_t[]){32, 48}), q = draw(b, 2, (size_t[]){32, 48});
	size_t at[2] = {16, 24};
	onn_node one = onn_filter(g, onn_mul(g, x, p), h, at, NULL);
	onn_node two = onn_filter(g, onn_mul(g, one, onn_mul(g, q, one)), h, at, NULL);
	onn_node scale = length_of(b, x, (int[]){1, 2}, 2);
	onn_case_output_add(b, "first hop", one, onn_mul_real(g, scale, 0.1));
	onn_case_output_add(b, "second hop", two, onn_mul_real(g, scale, 0.1));
}

const onn_case onn_cases_fourier[] = {
    ONN_CASE(FFT, "fft along an axis", ONN_TYPES_C, ONN_CASE_LINEAR | ONN_CASE_SMOOTH, build_fft),
    ONN_CASE(FFT, "fft along two axes", ONN_TYPES_C, ONN_CASE_LINEAR | ONN_CASE_SMOOTH, build_fft2),
    ONN_CASE(FILTER, "filter", ONN_TYPES_C, ONN_CASE_SMOOTH, build_filter),
    {0},
};
