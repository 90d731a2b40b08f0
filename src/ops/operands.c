/*
 * Operands brought to one shape and one type, so that a primitive sees equal ones.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

/* The shape that two broadcast to, aligned at the last axis; *axis is where they don't. */
static bool common_shape(size_t *ndim, size_t *shape, size_t *axis, size_t na, const size_t *a,
    size_t nb, const size_t *b)
{
	*ndim = na > nb ? na : nb;
	for (size_t i = 0; i < *ndim; i++) {
		size_t sa = i < *ndim - na ? 1 : a[i - (*ndim - na)];
		size_t sb = i < *ndim - nb ? 1 : b[i - (*ndim - nb)];
		*axis = i;
		if (sa != sb && sa != 1 && sb != 1)
			return false;
		shape[i] = sa == 1 ? sb : sa;
	}
	return true;
}

/* An array of single precision and a single number of double precision: what follows would all be
 * double, in a network down to its loss, which hardly anybody means. */
static bool widens(onn_graph *g, const char *function, const onn_node *x, size_t n)
{
	for (size_t i = 0; i < n * n; i++) {
		const onn_node_data *array = onn_node_get(g, x[i / n].id);
		const onn_node_data *number = onn_node_get(g, x[i % n].id);
		if (array->ndim == 0 || number->ndim > 0 || onn_type_real(array->type) != ONN_F32 ||
		    onn_type_real(number->type) != ONN_F64)
			continue;
		char shape[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: an array, %s %s, and a single number, %s, would be %s, and all that "
		    "follows; expected %s of the number too, or onn_cast of the array",
		    function, onn_type_name(array->type),
		    onn_shape_text(shape, sizeof shape, array->ndim, array->shape),
		    onn_type_name(number->type),
		    onn_type_name(onn_type_promote(array->type, number->type)),
		    onn_type_name(array->type));
		return true;
	}
	return false;
}

bool onn_align(onn_node *x, size_t n, onn_graph *g, const char *function, bool promote)
{
	size_t ndim = 0, shape[ONN_MAX_DIMS] = {0}, axis;
	onn_type type = ONN_U8;
	for (size_t i = 0; i < n; i++) {
		if (!onn_graph_ok(g, function, x[i]))
			return false;
		const onn_node_data *d = onn_node_get(g, x[i].id);
		size_t nold = ndim, old[ONN_MAX_DIMS];
		memcpy(old, shape, sizeof old);
		type = onn_type_promote(type, d->type);
		if (!common_shape(&ndim, shape, &axis, nold, old, d->ndim, d->shape)) {
			char a[96], b[96];
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: shapes %s and %s; expected sizes that are equal or 1, aligned at "
			    "the last axis",
			    function, onn_shape_text(a, sizeof a, nold, old),
			    onn_shape_text(b, sizeof b, d->ndim, d->shape));
			return false;
		}
	}
	if (promote && widens(g, function, x, n))
		return false;
	if (type == ONN_U8)
		type = ONN_I32; /* u8 is for storage */
	for (size_t i = 0; i < n; i++) {
		if (promote)
			x[i] = onn_cast(g, x[i], type);
		x[i] = onn_broadcast(g, x[i], ndim, shape);
	}
	return g->status == ONN_OK;
}

bool onn_align_leading(onn_node x[2], onn_graph *g, const char *function, onn_type type)
{
	size_t n, axis, shape[ONN_MAX_DIMS];
	if (g->status != ONN_OK)
		return false;
	const onn_node_data *a = onn_node_get(g, x[0].id), *b = onn_node_get(g, x[1].id);
	size_t na = a->ndim - 2, nb = b->ndim - 2;
	if (!common_shape(&n, shape, &axis, na, a->shape, nb, b->shape)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: leading axis %zu has %zu and %zu; expected sizes that are equal or 1",
		    function, axis, a->shape[axis - (n - na)], b->shape[axis - (n - nb)]);
		return false;
	}
	for (int i = 0; i < 2 && g->status == ONN_OK; i++) {
		x[i] = onn_cast(g, x[i], type);
		const onn_node_data *d = onn_node_get(g, x[i].id);
		memcpy(shape + n, d->shape + d->ndim - 2, 2 * sizeof *shape);
		x[i] = onn_broadcast(g, x[i], n + 2, shape);
	}
	return g->status == ONN_OK;
}
