/*
 * Fourier transforms along the last axes, and filters by a spectrum.
 */
#include <onn/fourier.h>

#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

/* x in its complex type; the null node, with the error recorded, for what has none. */
static onn_node complex_of(onn_graph *g, const char *function, onn_node x)
{
	onn_type type = onn_node_type(g, x);
	if (!onn_type_is_float(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: x is %s; expected f32, f64, c64 or c128", function, onn_type_name(type));
	return onn_cast(g, x, onn_type_complex(type));
}

/* ---- transforms ---- */

static onn_node transform(onn_graph *g, onn_node x, uint32_t axes, bool inverse)
{
	onn_attr attr = {.transform = {axes, inverse}};
	return g->status == ONN_OK ? onn_make(g, ONN_OP_FFT, &x, 1, &attr) : ONN_NULL_NODE;
}

bool infer_fft(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	return onn_infer_as(n, x->type, x->ndim, x->shape);
}

/* The adjoint of the forward transform is n times the inverse one. */
ONN_RULE(grad_fft)
{
	const onn_node_data *y = onn_node_get(g, b->y.id);
	uint32_t axes = b->attr->transform.axes;
	bool inverse = b->attr->transform.inverse;
	double n = 1;
	for (uint32_t i = 0; i < axes; i++)
		n *= (double)y->shape[y->ndim - 1 - i];
	grad[0] = onn_mul_real(g, transform(g, b->dy, axes, !inverse), inverse ? 1 / n : n);
}

static onn_node along(onn_graph *g, const char *function, onn_node x, int axis, bool inverse)
{
	if (!onn_graph_ok(g, function, x))
		return ONN_NULL_NODE;
	size_t a, ndim = onn_node_ndim(g, x), shape[ONN_MAX_DIMS];
	if (!onn_axis(&a, axis, ndim) || onn_node_shape(g, x)[a] == 0)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: axis %d of a node with %zu axes; expected one of them, of size 1 or more",
		    function, axis, ndim);
	x = complex_of(g, function, x);
	int order[ONN_MAX_DIMS] = {0};
	for (size_t i = 0; i < ndim; i++)
		order[i] = (int)i;
	order[a] = (int)ndim - 1;
	order[ndim - 1] = (int)a;
	x = onn_permute(g, x, order);
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	memcpy(shape, onn_node_shape(g, x), ndim * sizeof *shape);
	if (ndim == 1)
		x = onn_reshape(g, x, 2, (size_t[]){1, shape[0]});
	x = transform(g, x, 1, inverse);
	if (ndim == 1)
		x = onn_reshape(g, x, 1, shape);
	return onn_permute(g, x, order);
}

static onn_node along_two(onn_graph *g, const char *function, onn_node x, bool inverse)
{
	if (!onn_graph_ok(g, function, x))
		return ONN_NULL_NODE;
	size_t ndim = onn_node_ndim(g, x);
	const size_t *shape = onn_node_shape(g, x);
	if (ndim < 2 || shape[ndim - 1] == 0 || shape[ndim - 2] == 0) {
		char text[96];
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: x is %s; expected two axes or more, the last two not empty", function,
		    onn_shape_text(text, sizeof text, ndim, shape));
	}
	uint32_t axes = shape[ndim - 2] == 1 ? 1 : 2;
	return transform(g, complex_of(g, function, x), axes, inverse);
}

onn_node onn_fft(onn_graph *g, onn_node x, int axis) { return along(g, "onn_fft", x, axis, false); }
onn_node onn_ifft(onn_graph *g, onn_node x, int axis)
{
	return along(g, "onn_ifft", x, axis, true);
}
onn_node onn_fft2(onn_graph *g, onn_node x) { return along_two(g, "onn_fft2", x, false); }
onn_node onn_ifft2(onn_graph *g, onn_node x) { return along_two(g, "onn_ifft2", x, true); }

static onn_node shift(onn_graph *g, const char *function, onn_node x, int axis, bool back)
{
	if (!onn_graph_ok(g, function, x))
		return ONN_NULL_NODE;
	size_t a, ndim = onn_node_ndim(g, x);
	if (!onn_axis(&a, axis, ndim))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: axis %d of a node with %zu axes; expected one of them", function, axis,
		    ndim);
	size_t half = onn_node_shape(g, x)[a] / 2;
	return onn_roll(g, x, axis, back ? -(ptrdiff_t)half : (ptrdiff_t)half);
}

onn_node onn_fftshift(onn_graph *g, onn_node x, int axis)
{
	return shift(g, "onn_fftshift", x, axis, false);
}

onn_node onn_ifftshift(onn_graph *g, onn_node x, int axis)
{
	return shift(g, "onn_ifftshift", x, axis, true);
}

/* ---- filters ---- */

onn_node onn_filter(
    onn_graph *g, onn_node x, onn_node spectrum, const size_t at[2], const onn_window *keep)
{
	if (!onn_graph_ok(g, "onn_filter", x) || !onn_graph_ok(g, "onn_filter", spectrum))
		return ONN_NULL_NODE;
	const onn_node_data *dx = onn_node_get(g, x.id), *ds = onn_node_get(g, spectrum.id);
	char tx[96], ts[96];
	if (dx->ndim < 2 || ds->ndim < 2)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_filter: x is %s, the spectrum %s; expected two axes or more of each",
		    onn_shape_text(tx, sizeof tx, dx->ndim, dx->shape),
		    onn_shape_text(ts, sizeof ts, ds->ndim, ds->shape));
	onn_attr attr = {.filter = {.axes = ds->shape[ds->ndim - 2] == 1 ? 1 : 2}};
	for (int i = 0; i < 2; i++) {
		size_t size = dx->shape[dx->ndim - 2 + i], n = ds->shape[ds->ndim - 2 + i];
		size_t place = at ? at[i] : 0, from = keep ? keep->offset[i] : place;
		size_t kept = keep ? keep->size[i] : size;
		if (size == 0 || kept == 0 || size > n || place > n - size || kept > n ||
		    from > n - kept)
			return onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_filter: %s: x has %zu from %zu on, %zu from %zu on are kept; "
			    "expected both inside the spectrum's %zu, and not empty",
			    i ? "columns" : "rows", size, place, kept, from, n);
		attr.filter.at[i] = place;
		attr.filter.from[i] = from;
		attr.filter.size[i] = kept;
	}
	onn_type tt = onn_type_promote(dx->type, ds->type);
	onn_node in[2] = {complex_of(g, "onn_filter", onn_cast(g, x, tt))};
	in[1] = complex_of(g, "onn_filter", onn_cast(g, spectrum, tt));
	if (!onn_align_leading(in, g, "onn_filter", onn_type_complex(tt)))
		return ONN_NULL_NODE;
	return onn_make(g, ONN_OP_FILTER, in, 2, &attr);
}

bool infer_filter(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *x = onn_node_get(g, n->inline_input[0]);
	onn_infer_as(n, x->type, x->ndim, x->shape);
	n->shape[n->ndim - 2] = n->attr->filter.size[0];
	n->shape[n->ndim - 1] = n->attr->filter.size[1];
	return true;
}

/* x among the zeros of a field of the spectrum's size. */
static onn_node placed(onn_graph *g, onn_node x, const size_t *at, const size_t *n)
{
	for (int i = 0; i < 2; i++) {
		if (g->status != ONN_OK)
			return ONN_NULL_NODE;
		const onn_node_data *d = onn_node_get(g, x.id);
		size_t size = d->shape[d->ndim - 2 + i];
		x = onn_pad(g, x, i - 2, at[i], n[i] - size - at[i]);
	}
	return x;
}

/*
 * With y = W F^-1 S F P x: dx = P^T F^-1 conj(S) F W^T dy, the same operation with the windows
 * exchanged, and dS = conj(F P x) (F W^T dy) / n.
 */
ONN_RULE(grad_filter)
{
	onn_node_data x = *onn_node_get(g, b->in[0].id), s = *onn_node_get(g, b->in[1].id);
	onn_attr attr = *b->attr, given = attr;
	attr.filter.conjugate = !given.filter.conjugate;
	for (int i = 0; i < 2; i++) {
		attr.filter.at[i] = given.filter.from[i];
		attr.filter.from[i] = given.filter.at[i];
		attr.filter.size[i] = x.shape[x.ndim - 2 + i];
	}
	const size_t *n = s.shape + s.ndim - 2;
	grad[0] = onn_make(g, ONN_OP_FILTER, (onn_node[]){b->dy, b->in[1]}, 2, &attr);
	uint32_t axes = given.filter.axes;
	onn_node fx = transform(g, placed(g, b->in[0], given.filter.at, n), axes, false);
	onn_node fy = transform(g, placed(g, b->dy, given.filter.from, n), axes, false);
	onn_node ds = given.filter.conjugate ? onn_mul(g, fx, onn_conj(g, fy))
	                                     : onn_mul(g, onn_conj(g, fx), fy);
	grad[1] = onn_mul_real(g, ds, 1 / ((double)n[0] * (double)n[1]));
}
