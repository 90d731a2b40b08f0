/*
 * Errors of mounting, drawn at each step: shifts by interpolation, tilts as phases, distances as
 * numbers.
 */
#include "core/pi.h"
#include "optics/misalign.h"

#include <math.h>

#include "core/error.h"
#include "optics/element.h"

bool onn_misalignment_take(
    onn_misalignment *m, onn_graph *g, const char *function, const onn_misalignment *given)
{
	*m = (onn_misalignment)ONN_MISALIGNMENT_INIT;
	if (!onn_element_take(m, g, function, given, "ONN_MISALIGNMENT_INIT"))
		return false;
	if (!(m->shift >= 0 && isfinite(m->shift) && m->tilt >= 0 && isfinite(m->tilt) &&
	        m->distance >= 0 && isfinite(m->distance)) ||
	    m->stream > UINT32_MAX - ONN_MISALIGNED_DISTANCE) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: deviations of shift %g m, tilt %g, distance %g m, stream %u; expected "
		    "finite "
		    "values >= 0, and room for three streams",
		    function, m->shift, m->tilt, m->distance, m->stream);
		return false;
	}
	return true;
}

onn_node onn_misaligned_draw(onn_graph *g, onn_type type, const onn_misalignment *m,
    uint32_t stream, onn_node step, size_t which)
{
	onn_node both =
	    onn_random_normal(g, type, 1, (const size_t[]){2}, m->seed, m->stream + stream, step);
	return onn_reshape(g, onn_slice(g, both, 0, which, 1, 1), 0, NULL);
}

/* ---- shifts ---- */

/* Rows of x, each moved by `shift` rows: row i is x at i - shift, between floor(i - shift) and the
 * next. take() holds on to the outermost rows. */
static onn_node shift_rows(onn_graph *g, onn_node x, onn_node shift)
{
	if (g->status != ONN_OK)
		return ONN_NULL_NODE;
	size_t rows = onn_node_shape(g, x)[0];
	onn_node back = onn_neg(g, shift), whole = onn_floor(g, back);
	onn_node part = onn_sub(g, back, whole), index = onn_iota(g, ONN_I32, rows);
	index = onn_add(g, index, onn_cast(g, whole, ONN_I32));
	onn_node low = onn_take(g, x, index);
	onn_node high = onn_take(g, x, onn_add(g, index, onn_scalar(g, ONN_I32, 1)));
	return onn_add(g, low, onn_mul(g, onn_sub(g, high, low), part));
}

/* The same along an axis. */
static onn_node shift_along(onn_graph *g, onn_node x, size_t axis, onn_node shift)
{
	int order[ONN_MAX_DIMS];
	if (axis == 0 || g->status != ONN_OK)
		return shift_rows(g, x, shift);
	for (int i = 0; i < ONN_MAX_DIMS; i++)
		order[i] = i == 0 ? (int)axis : i == (int)axis ? 0 : i;
	return onn_permute(g, shift_rows(g, onn_permute(g, x, order), shift), order);
}

onn_node onn_misaligned_plate(onn_graph *g, onn_node plate, const onn_grid *grid,
    const onn_misalignment *given, onn_node step)
{
	onn_misalignment m;
	static const char *const function = "onn_misaligned_plate";
	if (!onn_graph_ok(g, function, plate) || !onn_misalignment_take(&m, g, function, given))
		return ONN_NULL_NODE;
	if (onn_grid_check_for(function, grid))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s", onn_last_error());
	onn_type type = onn_node_type(g, plate), real = onn_type_real(type);
	const size_t *shape = onn_node_shape(g, plate);
	size_t ndim = onn_node_ndim(g, plate), first = ndim < 2 ? 0 : ndim - 2;
	if (!onn_type_is_float(type) || ndim < 2 || shape[first] != grid->ny ||
	    shape[first + 1] != grid->nx)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: plate has %zu axes of %s; expected the grid's [..., %zu, %zu], real or "
		    "complex",
		    function, ndim, onn_type_name(type), grid->ny, grid->nx);
	if (m.shift == 0)
		return plate;
	onn_node y = onn_mul_real(
	    g, onn_misaligned_draw(g, real, &m, ONN_MISALIGNED_SHIFT, step, 0), m.shift / grid->dy);
	onn_node x = onn_mul_real(
	    g, onn_misaligned_draw(g, real, &m, ONN_MISALIGNED_SHIFT, step, 1), m.shift / grid->dx);
	return shift_along(g, shift_along(g, plate, first, y), first + 1, x);
}

/* ---- tilts ---- */

/* exp(i k (y sin ty + x sin tx)), a factor for each axis: each is as large as its axis only. */
onn_field onn_misaligned_beam(
    onn_graph *g, onn_field field, const onn_misalignment *given, onn_node step)
{
	onn_misalignment m;
	static const char *const function = "onn_misaligned_beam";
	if (!onn_field_ok(g, function, &field) || !onn_misalignment_take(&m, g, function, given))
		return onn_null_field;
	if (m.tilt == 0)
		return field;
	onn_type real = onn_type_real(field.light.type);
	onn_node k = onn_over_wavelength(g, &field.light, ONN_TWO_PI);
	for (size_t axis = 0; axis < 2; axis++) {
		onn_node at =
		    axis ? onn_grid_x(g, real, &field.grid) : onn_grid_y(g, real, &field.grid);
		onn_node angle = onn_mul_real(
		    g, onn_misaligned_draw(g, real, &m, ONN_MISALIGNED_TILT, step, axis), m.tilt);
		onn_node phase = onn_mul(g, onn_mul(g, at, k), onn_sin(g, angle));
		field = onn_field_times(g, field, onn_expi(g, phase));
	}
	return field;
}

/* ---- distances ---- */

onn_node onn_misaligned_distance(
    onn_graph *g, double z, const onn_misalignment *given, onn_node step)
{
	onn_misalignment m;
	static const char *const function = "onn_misaligned_distance";
	if (!onn_graph_ok(g, function, step) || !onn_misalignment_take(&m, g, function, given))
		return ONN_NULL_NODE;
	onn_node exact = onn_scalar(g, ONN_F64, z);
	if (m.distance == 0)
		return exact;
	onn_node error = onn_mul_real(
	    g, onn_misaligned_draw(g, ONN_F64, &m, ONN_MISALIGNED_DISTANCE, step, 0), m.distance);
	return onn_add(g, exact, error);
}
