/*
 * Light and fields: what they must be, and what is read from them.
 */
#include "optics/light.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

const onn_field onn_null_field;

onn_light onn_monochromatic(onn_type type, double wavelength)
{
	return (onn_light){.type = type, .nwavelengths = 1, .wavelength = {wavelength}};
}

/* ---- checks ---- */

onn_status onn_light_check_for(const char *function, const onn_light *light)
{
	if (!light)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no light", function);
	if (light->type != ONN_C64 && light->type != ONN_C128)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the light's type is %s; expected c64 or c128", function,
		    onn_type_name(light->type));
	if (light->nwavelengths == 0 || light->nwavelengths > ONN_MAX_WAVELENGTHS)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %zu wavelengths; expected 1 to %d",
		    function, light->nwavelengths, ONN_MAX_WAVELENGTHS);
	for (size_t i = 0; i < light->nwavelengths; i++)
		if (!(light->wavelength[i] > 0 && isfinite(light->wavelength[i])))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: wavelength %zu is %g m; expected a finite value > 0", function, i,
			    light->wavelength[i]);
	return ONN_OK;
}

bool onn_source_ok(onn_graph *g, const char *function, const onn_grid *grid, const onn_light *light)
{
	if (g->status != ONN_OK)
		return false;
	if (onn_grid_check_for(function, grid) == ONN_OK &&
	    onn_light_check_for(function, light) == ONN_OK)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s", onn_last_error());
	return false;
}

size_t onn_light_shape(size_t shape[3], const onn_light *light, size_t ny, size_t nx)
{
	size_t n = 0;
	if (light->nwavelengths > 1)
		shape[n++] = light->nwavelengths;
	shape[n++] = ny;
	shape[n++] = nx;
	return n;
}

/* Whether a node's last axes are a field's. */
static bool shape_ok(
    onn_graph *g, const char *function, onn_node e, const onn_grid *grid, const onn_light *light)
{
	size_t want[3], n = onn_light_shape(want, light, grid->ny, grid->nx);
	size_t ndim = onn_node_ndim(g, e);
	const size_t *shape = onn_node_shape(g, e);
	if (ndim >= n && memcmp(shape + ndim - n, want, n * sizeof *want) == 0)
		return true;
	char given[96], expected[96];
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: e is %s; expected its last axes to be %s", function,
	    onn_shape_text(given, sizeof given, ndim, shape),
	    onn_shape_text(expected, sizeof expected, n, want));
	return false;
}

bool onn_field_ok(onn_graph *g, const char *function, const onn_field *field)
{
	if (!onn_graph_ok(g, function, field->e) ||
	    !onn_source_ok(g, function, &field->grid, &field->light) ||
	    !shape_ok(g, function, field->e, &field->grid, &field->light))
		return false;
	if (onn_node_type(g, field->e) == field->light.type)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: e is %s in light of %s; expected the light's type",
	    function, onn_type_name(onn_node_type(g, field->e)), onn_type_name(field->light.type));
	return false;
}

/* ---- fields ---- */

onn_field onn_field_of(onn_graph *g, onn_node e, const onn_grid *grid, const onn_light *light)
{
	if (!onn_graph_ok(g, "onn_field_of", e) || !onn_source_ok(g, "onn_field_of", grid, light) ||
	    !shape_ok(g, "onn_field_of", e, grid, light))
		return onn_null_field;
	e = onn_cast(g, e, light->type);
	return e.id ? (onn_field){e, *grid, *light} : onn_null_field;
}

/* An array as a node that has the light's wavelengths as an axis: [y, x] shines in each. */
static onn_node spread(onn_graph *g, const char *function, const onn_array *a, const onn_grid *grid,
    const onn_light *light)
{
	if (!onn_source_ok(g, function, grid, light))
		return ONN_NULL_NODE;
	if (!a)
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s: no array", function);
	onn_node e = onn_constant(g, a);
	size_t ndim = onn_array_ndim(a), shape[3];
	if (g->status == ONN_OK && ndim == 2 && light->nwavelengths > 1) {
		onn_grid one = *grid;
		onn_light mono = onn_monochromatic(light->type, light->wavelength[0]);
		if (!shape_ok(g, function, e, &one, &mono))
			return ONN_NULL_NODE;
		size_t n = onn_light_shape(shape, light, grid->ny, grid->nx);
		return onn_broadcast(g, e, n, shape);
	}
	return g->status == ONN_OK && shape_ok(g, function, e, grid, light) ? e : ONN_NULL_NODE;
}

onn_field onn_field_from_array(
    onn_graph *g, const onn_array *a, const onn_grid *grid, const onn_light *light)
{
	onn_node e = spread(g, "onn_field_from_array", a, grid, light);
	return e.id ? onn_field_of(g, e, grid, light) : onn_null_field;
}

onn_field onn_field_from_phase(
    onn_graph *g, const onn_array *phase, const onn_grid *grid, const onn_light *light)
{
	onn_node e = spread(g, "onn_field_from_phase", phase, grid, light);
	if (!e.id)
		return onn_null_field;
	if (onn_type_is_complex(onn_array_type(phase))) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_field_from_phase: the phase is %s; expected a real type",
		    onn_type_name(onn_array_type(phase)));
		return onn_null_field;
	}
	return onn_field_of(
	    g, onn_expi(g, onn_cast(g, e, onn_type_real(light->type))), grid, light);
}

onn_field onn_field_pad(onn_graph *g, onn_field field, ptrdiff_t py, ptrdiff_t px)
{
	if (!onn_field_ok(g, "onn_field_pad", &field))
		return onn_null_field;
	for (int axis = 0; axis < 2; axis++) {
		size_t *n = axis ? &field.grid.nx : &field.grid.ny;
		ptrdiff_t by = axis ? px : py;
		size_t side = by < 0 ? 0 - (size_t)by : (size_t)by;
		if (by < 0 ? *n < 2 || side > (*n - 1) / 2 : side > (SIZE_MAX >> 8) / 2) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_field_pad: %td pixels on each side of %zu (%s); expected at least "
			    "one that is left, and a size that fits in memory",
			    by, *n, axis ? "x" : "y");
			return onn_null_field;
		}
		/* the axis is at n/2 before and after: cutting an even number keeps it there */
		if (by > 0)
			field.e = onn_pad(g, field.e, axis - 2, side, side);
		else if (by < 0)
			field.e = onn_slice(g, field.e, axis - 2, side, *n - 2 * side, 1);
		*n = by < 0 ? *n - 2 * side : *n + 2 * side;
	}
	if (!field.e.id || !onn_source_ok(g, "onn_field_pad", &field.grid, &field.light))
		return onn_null_field;
	return field;
}

/* ---- what is read from them ---- */

onn_node onn_intensity(onn_graph *g, onn_field field)
{
	return onn_field_ok(g, "onn_intensity", &field) ? onn_abs2(g, field.e) : ONN_NULL_NODE;
}

onn_node onn_power(onn_graph *g, onn_field field)
{
	if (!onn_field_ok(g, "onn_power", &field))
		return ONN_NULL_NODE;
	onn_node sum = onn_sum(g, onn_abs2(g, field.e), (const int[]){-2, -1}, 2, false);
	return onn_mul_real(g, sum, field.grid.dy * field.grid.dx);
}

/* ---- tables ---- */

void onn_light_key(onn_light *key, const onn_light *light)
{
	memset(key, 0, sizeof *key);
	key->type = light->type;
	key->nwavelengths = light->nwavelengths;
	memcpy(
	    key->wavelength, light->wavelength, light->nwavelengths * sizeof light->wavelength[0]);
}

size_t onn_smooth_size(size_t n)
{
	for (size_t size = n;; size++) {
		size_t rest = size;
		for (size_t p = 2; p <= 7; p++)
			while (rest % p == 0)
				rest /= p;
		if (rest == 1)
			return size;
	}
}

onn_status onn_light_table(
    onn_array **table, const char *function, const onn_light *light, size_t ny, size_t nx)
{
	size_t shape[3], n = onn_light_shape(shape, light, ny, nx), count, bytes;
	uint64_t memory = onn_physical_memory();
	if (!onn_size_product(&count, n, shape) || !onn_size_mul(&bytes, count, 16) ||
	    (memory && bytes > memory))
		return onn_error(ONN_ERROR_MEMORY,
		    "%s: a table of %zu x %zu (y, x) for %zu wavelengths; expected one that the "
		    "memory holds",
		    function, ny, nx, light->nwavelengths);
	return onn_array_create(table, ONN_C128, n, shape);
}

onn_status onn_round_table(onn_array **table, onn_type type)
{
	if (onn_array_type(*table) == type)
		return ONN_OK;
	onn_array *rounded;
	onn_status status = onn_array_convert(&rounded, *table, type);
	onn_array_destroy(*table);
	*table = status ? NULL : rounded;
	return status;
}

onn_node onn_table_constant(onn_graph *g, onn_status status, onn_array *table, onn_type type)
{
	if (!status)
		status = onn_round_table(&table, type);
	onn_node node =
	    status ? onn_fail(g, status, "%s", onn_last_error()) : onn_constant(g, table);
	onn_array_destroy(table);
	return node;
}
