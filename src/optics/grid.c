/*
 * Grids, and their coordinates as constants.
 */
#include "optics/light.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

onn_grid onn_grid_square(size_t n, double side)
{
	double d = side / (double)n;
	return (onn_grid){.ny = n, .nx = n, .dy = d, .dx = d};
}

onn_status onn_grid_check_for(const char *function, const onn_grid *grid)
{
	if (!grid)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no grid", function);
	size_t count, bytes;
	if (grid->ny == 0 || grid->nx == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the grid has %zu x %zu pixels (y, x); expected 1 or more on each axis",
		    function, grid->ny, grid->nx);
	/* 64: padding to twice the size, complex double */
	if (!onn_size_mul(&count, grid->ny, grid->nx) || !onn_size_mul(&bytes, count, 64) ||
	    bytes > PTRDIFF_MAX)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the grid has %zu x %zu pixels (y, x); expected fewer than 2^%zu", function,
		    grid->ny, grid->nx, 8 * sizeof(size_t) - 7);
	if (!(grid->dy > 0 && isfinite(grid->dy) && grid->dx > 0 && isfinite(grid->dx)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the pitch is %g x %g m (y, x); expected finite values > 0", function,
		    grid->dy, grid->dx);
	if (!isfinite(grid->y0) || !isfinite(grid->x0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the grid's centre is at (%g, %g) m; expected finite values", function,
		    grid->y0, grid->x0);
	return ONN_OK;
}

onn_status onn_grid_check(const onn_grid *grid)
{
	return onn_grid_check_for("onn_grid_check", grid);
}

/* ---- coordinates ---- */

typedef enum quantity { Y, X, R2 } quantity;

/* A key's bytes are compared: made by make_request, which zeroes the gaps. */
typedef struct request {
	char name[16];
	quantity what;
	onn_type type;
	onn_grid grid;
} request;

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	const onn_grid *grid = &r->grid;
	size_t shape[2] = {r->what == X ? 1 : grid->ny, r->what == Y ? 1 : grid->nx};
	onn_status status = onn_array_create(table, ONN_F64, 2, shape);
	if (status)
		return status;
	double *value = onn_array_data(*table);
	for (size_t iy = 0; iy < shape[0]; iy++) {
		for (size_t ix = 0; ix < shape[1]; ix++) {
			double y = onn_grid_at(grid, 0, iy), x = onn_grid_at(grid, 1, ix);
			*value++ = r->what == Y ? y : r->what == X ? x : x * x + y * y;
		}
	}
	return onn_round_table(table, r->type);
}

bool onn_real_grid_ok(onn_graph *g, const char *function, onn_type type, const onn_grid *grid)
{
	if (g->status != ONN_OK)
		return false;
	if (onn_grid_check_for(function, grid) != ONN_OK)
		onn_fail(g, ONN_ERROR_ARGUMENT, "%s", onn_last_error());
	else if (type != ONN_F32 && type != ONN_F64)
		onn_fail(g, ONN_ERROR_ARGUMENT, "%s: type is %s; expected f32 or f64", function,
		    onn_type_name(type));
	return g->status == ONN_OK;
}

static onn_node coordinate(
    onn_graph *g, const char *function, quantity what, onn_type type, const onn_grid *grid)
{
	if (!onn_real_grid_ok(g, function, type, grid))
		return ONN_NULL_NODE;
	request r;
	memset(&r, 0, sizeof r);
	memcpy(r.name, "coordinate", 10);
	r.what = what;
	r.type = type;
	r.grid = *grid;
	return onn_keyed_constant(g, &r, sizeof r, make, &r);
}

onn_node onn_grid_y(onn_graph *g, onn_type type, const onn_grid *grid)
{
	return coordinate(g, "onn_grid_y", Y, type, grid);
}

onn_node onn_grid_x(onn_graph *g, onn_type type, const onn_grid *grid)
{
	return coordinate(g, "onn_grid_x", X, type, grid);
}

onn_node onn_grid_r2(onn_graph *g, onn_type type, const onn_grid *grid)
{
	return coordinate(g, "onn_grid_r2", R2, type, grid);
}
