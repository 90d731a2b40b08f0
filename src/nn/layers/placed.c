#include "nn/layers/placed.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/units.h"
#include "data/image.h"
#include "optics/light.h"

static onn_status refuse(
    const char *file, const onn_array *a, bool complex, const onn_grid *grid, const char *more)
{
	char text[96];
	return onn_error(ONN_ERROR_FORMAT,
	    "%s: a %s array of %s; expected a mask of %s numbers, [%zu, %zu]%s", file,
	    onn_type_name(onn_array_type(a)),
	    onn_shape_text(text, sizeof text, onn_array_ndim(a), onn_array_shape(a)),
	    complex ? "complex" : "real", grid->ny, grid->nx, more);
}

/* Part p of element (y, x); 0 beyond the edges. */
static double element(const onn_array *a, size_t parts, size_t p, double y, double x)
{
	const size_t *n = onn_array_shape(a);
	if (y < 0 || x < 0 || y >= (double)n[0] || x >= (double)n[1])
		return 0;
	return onn_part_get(
	    onn_array_const_data(a), onn_array_type(a), ((size_t)y * n[1] + (size_t)x) * parts + p);
}

static double bilinear(const onn_array *a, size_t parts, size_t p, double y, double x)
{
	double y0 = floor(y), x0 = floor(x), ty = y - y0, tx = x - x0;
	double above = (1 - tx) * element(a, parts, p, y0, x0);
	double below = (1 - tx) * element(a, parts, p, y0 + 1, x0);
	if (tx > 0) {
		above += tx * element(a, parts, p, y0, x0 + 1);
		below += tx * element(a, parts, p, y0 + 1, x0 + 1);
	}
	return (1 - ty) * above + (ty > 0 ? ty * below : 0);
}

/* Element (y, x) of the file that stands at pixel i of an axis: its middle on the optical axis, or,
 * of whole pixels, index n/2 on index n/2. */
static double at(const onn_grid *grid, int axis, size_t i, size_t n, double scale)
{
	if (scale == 0)
		return (double)i - (double)(onn_grid_pixels(grid, axis) / 2) + (double)(n / 2);
	return onn_grid_at(grid, axis, i) * scale + ((double)n - 1) / 2;
}

/* scale: elements of the file a metre; 0: one a pixel. */
static void place(double *to, const onn_array *a, bool complex, const onn_grid *grid, double scale)
{
	size_t parts = complex ? 2 : 1;
	bool has = onn_type_is_complex(onn_array_type(a));
	const size_t *n = onn_array_shape(a);
	for (size_t p = 0; p < parts; p++)
		for (size_t iy = 0; iy < grid->ny; iy++)
			for (size_t ix = 0; ix < grid->nx; ix++)
				*to++ = p && !has ? 0
				                  : bilinear(a, has ? 2 : 1, p,
				                        at(grid, 0, iy, n[0], scale),
				                        at(grid, 1, ix, n[1], scale));
}

onn_status onn_placed_read(onn_array **array, const char *file, double side, bool exact,
    bool complex, const onn_grid *grid)
{
	onn_array *raw = NULL;
	size_t shape[3] = {2, grid->ny, grid->nx};
	*array = NULL;
	onn_status status = onn_image_or_array_load(&raw, file);
	if (status)
		return status;
	const size_t *n = onn_array_shape(raw);
	bool plane = onn_array_ndim(raw) == 2 && n[0] && n[1];
	bool whole = plane && n[0] == grid->ny && n[1] == grid->nx;
	bool cut = plane && (n[0] > grid->ny || n[1] > grid->nx);
	if (!plane || (onn_type_is_complex(onn_array_type(raw)) && !complex))
		status = refuse(file, raw, complex, grid, " or, with its side given, of any size");
	else if (side == 0 && (exact ? !whole : cut))
		status = refuse(file, raw, complex, grid,
		    exact ? "; or how long its longer side is, \"side\": \"1mm\""
		          : " at most; or how long its longer side is, \"side\": \"1mm\"");
	else if (side > fmax((double)grid->ny * grid->dy, (double)grid->nx * grid->dx))
		status = onn_error(ONN_ERROR_FORMAT,
		    "%s: a side of %s; expected at most the grid's %s", file, ONN_METRES(side),
		    ONN_METRES(fmax((double)grid->ny * grid->dy, (double)grid->nx * grid->dx)));
	if (!status)
		status =
		    onn_array_create(array, ONN_F64, complex ? 3 : 2, complex ? shape : shape + 1);
	if (!status)
		place(onn_array_data(*array), raw, complex, grid,
		    side > 0 ? (double)(n[0] > n[1] ? n[0] : n[1]) / side : 0);
	onn_array_destroy(raw);
	return status;
}

onn_weight onn_placed_weight(const char *name, size_t ordinal, bool complex, const onn_grid *grid,
    onn_status (*read)(onn_array **array, const void *layer, const onn_weight *weight))
{
	const size_t parts[3] = {2, grid->ny, grid->nx};
	onn_weight w = {.ndim = complex ? 3 : 2,
	    .begin = ONN_BEGIN_FILE,
	    .fixed = true,
	    .read = read,
	    .grid = *grid};
	memcpy(w.shape, parts + !complex, w.ndim * sizeof *parts);
	snprintf(w.name, sizeof w.name, "%s%zu", name, ordinal);
	return w;
}
