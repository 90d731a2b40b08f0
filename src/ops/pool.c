/*
 * Windows over images, as compositions. Windows side by side are axes of their own, so that their
 * sum is a step with what stands before it as its prologue, and the gradient reads each window's in
 * place. Others are sums of slices, one for each place of the window.
 */
#include <math.h>
#include <string.h>

#include <onn/convolution.h>

#include "core/memory.h"
#include "core/options.h"
#include "core/settings.h"
#include "ops/rules.h"

ONN_WORDS(onn_pooling, ONN_POOLING_WORDS)

enum { MOST_WINDOW = 4096, MOST_STRIDE = 1 << 24 };

/* What there is to do: a window of sizes, and as many places as count. */
typedef struct windows {
	onn_graph *g;
	onn_type type;
	size_t lead, shape[ONN_MAX_DIMS]; /* leading axes */
	size_t size[2], stride[2], count[2];
	bool apart; /* side by side */
} windows;

static bool check(windows *k, onn_node x, const onn_pool *p)
{
	onn_graph *g = k->g;
	const onn_node_data *d = onn_node_get(g, x.id);
	char text[96];
	k->type = d->type;
	bool good = onn_type_is_float(d->type) && d->ndim >= 2 && d->ndim + 2 <= ONN_MAX_DIMS &&
	            (p->kind == ONN_POOLING_AVERAGE ||
	                (p->kind == ONN_POOLING_MAX && !onn_type_is_complex(d->type)));
	if (!good) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_pool2d: x is %s %s, kind %d; expected 2 to %d axes, a float type, for the "
		    "largest not complex",
		    onn_shape_text(text, sizeof text, d->ndim, d->shape), onn_type_name(d->type),
		    (int)p->kind, ONN_MAX_DIMS - 2);
		return false;
	}
	k->lead = d->ndim - 2;
	memcpy(k->shape, d->shape, sizeof k->shape);
	for (int i = 0; i < 2; i++) {
		size_t image = d->shape[k->lead + (size_t)i], padded;
		k->size[i] = p->window[i];
		k->stride[i] = p->stride[i] ? p->stride[i] : p->window[i];
		if (k->size[i] == 0 || k->size[i] > MOST_WINDOW || k->stride[i] > MOST_STRIDE ||
		    p->padding[i] >= k->size[i] || image == 0 ||
		    !onn_size_add(&padded, image, 2 * p->padding[i]) || k->size[i] > padded) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_pool2d: x is %s, window [%zu, %zu], stride [%zu, %zu], padding "
			    "[%zu, %zu]; expected a window of 1 to %d, not larger than the padded "
			    "image, a stride up to %d, less padding than window",
			    onn_shape_text(text, sizeof text, d->ndim, d->shape), p->window[0],
			    p->window[1], p->stride[0], p->stride[1], p->padding[0], p->padding[1],
			    MOST_WINDOW, MOST_STRIDE);
			return false;
		}
		k->count[i] = (padded - k->size[i]) / k->stride[i] + 1;
	}
	k->apart = k->size[0] == k->stride[0] && k->size[1] == k->stride[1];
	return true;
}

/* With what stands around the image: zeros, or what is never the largest. */
static onn_node pad(const windows *k, onn_node x, const onn_pool *p)
{
	onn_graph *g = k->g;
	if (p->padding[0] == 0 && p->padding[1] == 0)
		return x;
	onn_node inside = onn_full(g, k->type, 2, k->shape + k->lead, 1);
	for (int i = 0; i < 2; i++) {
		x = onn_pad(g, x, i - 2, p->padding[i], p->padding[i]);
		inside = onn_pad(g, inside, i - 2, p->padding[i], p->padding[i]);
	}
	return p->kind == ONN_POOLING_AVERAGE
	           ? x
	           : onn_select(g, inside, x, onn_scalar(g, k->type, -INFINITY));
}

/* Place (i, j) of every window. */
static onn_node slice(const windows *k, onn_node x, size_t i, size_t j)
{
	x = onn_slice(k->g, x, -2, i, k->count[0], (ptrdiff_t)k->stride[0]);
	return onn_slice(k->g, x, -1, j, k->count[1], (ptrdiff_t)k->stride[1]);
}

/* x as [..., rows, window, columns, window]. */
static onn_node fold(const windows *k, onn_node x)
{
	size_t shape[ONN_MAX_DIMS];
	memcpy(shape, k->shape, k->lead * sizeof *shape);
	for (size_t i = 0; i < 2; i++) {
		x = onn_slice(k->g, x, (int)i - 2, 0, k->count[i] * k->size[i], 1);
		shape[k->lead + 2 * i] = k->count[i];
		shape[k->lead + 2 * i + 1] = k->size[i];
	}
	return onn_reshape(k->g, x, k->lead + 4, shape);
}

static onn_node sum_windows(const windows *k, onn_node x)
{
	return onn_sum(k->g, x, (int[]){-3, -1}, 2, false);
}

static onn_node average(const windows *k, onn_node x)
{
	onn_graph *g = k->g;
	onn_node sum = ONN_NULL_NODE;
	x = onn_mul_real(g, x, 1.0 / ((double)k->size[0] * (double)k->size[1]));
	if (k->apart)
		return sum_windows(k, fold(k, x));
	for (size_t i = 0; i < k->size[0]; i++)
		for (size_t j = 0; j < k->size[1]; j++) {
			onn_node s = slice(k, x, i, j);
			sum = sum.id ? onn_add(g, sum, s) : s;
		}
	return sum;
}

/* The number of the place in its window, i window + j, of each of a folded image. */
static onn_node places(const windows *k)
{
	onn_graph *g = k->g;
	onn_node i =
	    onn_reshape(g, onn_iota(g, k->type, k->size[0]), 3, (size_t[]){k->size[0], 1, 1});
	onn_node j = onn_iota(g, k->type, k->size[1]);
	return onn_add(g, onn_mul_real(g, i, (double)k->size[1]), j);
}

/* What is equal to the largest and has its derivative: at the place whose number is `first`. */
static onn_node chosen(const windows *k, onn_node x, onn_node first)
{
	onn_graph *g = k->g;
	onn_node zero = onn_scalar(g, k->type, 0), sum = ONN_NULL_NODE;
	if (k->apart) {
		size_t shape[ONN_MAX_DIMS];
		memcpy(shape, k->shape, k->lead * sizeof *shape);
		for (size_t i = 0; i < 2; i++) {
			shape[k->lead + 2 * i] = k->count[i];
			shape[k->lead + 2 * i + 1] = 1;
		}
		first = onn_reshape(g, first, k->lead + 4, shape);
		onn_node hit = onn_equal(g, first, places(k));
		return sum_windows(k, onn_select(g, hit, fold(k, x), zero));
	}
	for (size_t i = 0; i < k->size[0]; i++)
		for (size_t j = 0; j < k->size[1]; j++) {
			double place = (double)(i * k->size[1] + j);
			onn_node hit = onn_equal(g, first, onn_scalar(g, k->type, place));
			onn_node s = onn_select(g, hit, slice(k, x, i, j), zero);
			sum = sum.id ? onn_add(g, sum, s) : s;
		}
	return sum;
}

/* The place is found once, where the value is, and kept for the gradient instead of the image. */
static onn_node largest(const windows *k, onn_node x)
{
	onn_graph *g = k->g;
	size_t all = k->size[0] * k->size[1];
	onn_node most = slice(k, x, 0, 0);
	for (size_t t = 1; t < all; t++)
		most = onn_max(g, most, slice(k, x, t / k->size[1], t % k->size[1]));
	onn_node first = onn_scalar(g, k->type, (double)(all - 1));
	for (size_t t = all - 1; t-- > 0;) {
		onn_node s = slice(k, x, t / k->size[1], t % k->size[1]);
		first =
		    onn_select(g, onn_equal(g, s, most), onn_scalar(g, k->type, (double)t), first);
	}
	if (onn_graph_status(g) || all == 1)
		return most;
	return onn_straight_through(g, most, chosen(k, x, first));
}

onn_node onn_pool2d(onn_graph *g, onn_node x, const onn_pool *pool)
{
	onn_pool own = ONN_POOL_INIT;
	windows k = {.g = g};
	onn_status status = onn_options_take(&own, pool, "onn_pool2d", "ONN_POOL_INIT");
	if (status)
		return onn_fail(g, status, "%s", onn_last_error());
	if (!onn_graph_ok(g, "onn_pool2d", x) || !check(&k, x, &own))
		return ONN_NULL_NODE;
	x = pad(&k, x, &own);
	return own.kind == ONN_POOLING_MAX ? largest(&k, x) : average(&k, x);
}
