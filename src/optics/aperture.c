/*
 * Apertures. A pixel whose centre lies on the edge is inside, and that is decided in whole numbers
 * where it can be: lengths in pixels are often simple fractions, such as a radius of 32 or 12.5
 * pixels about a point half a pixel off. Rounding would drop some of the pixels on the edge and
 * leave a shape that is not even symmetric.
 */
#include <string.h>

#include <onn/elements.h>

#include "optics/element.h"

enum { MOST_PARTS = 64 };

/* A number of pixels as a whole number of 1/parts of a pixel; false unless it is one, to rounding,
 * and small enough that its square and the like are exact. */
static bool in_parts(int64_t *whole, double pixels, int parts)
{
	double scaled = pixels * parts, nearest = round(scaled);
	bool small = fabs(nearest) < 0x1p30;
	*whole = small ? (int64_t)nearest : 0;
	return small && fabs(scaled - nearest) <= 1e-9;
}

/* Counts of 1/parts pixels on both axes: the shape's half size, and where index n/2 is. */
typedef struct parts {
	int64_t size[2], origin[2];
	int parts; /* 0: there are none */
} parts;

static parts find_parts(const onn_grid *grid, const double size[2], const double centre[2])
{
	double d[2] = {grid->dy, grid->dx}, at[2] = {grid->y0, grid->x0};
	for (int n = 1; n <= MOST_PARTS; n++) {
		parts p = {.parts = n};
		bool whole = true;
		for (int axis = 0; axis < 2 && whole; axis++)
			whole = in_parts(&p.size[axis], size[axis] / d[axis], n) &&
			        p.size[axis] > 0 &&
			        in_parts(&p.origin[axis], (at[axis] - centre[axis]) / d[axis], n);
		if (whole)
			return p;
	}
	return (parts){.parts = 0};
}

static int64_t part_of(const parts *p, const onn_grid *grid, int axis, size_t i)
{
	int64_t middle = (int64_t)((axis ? grid->nx : grid->ny) / 2);
	return ((int64_t)i - middle) * p->parts + p->origin[axis];
}

/* ---- circles ---- */

/* With half sizes a and b (in parts, the radius in both): y^2 b^2 + x^2 a^2 <= a^2 b^2; a common
 * factor is divided out, so that a round one of square pixels has a = b = 1 on the left. */
void onn_fill_circle(double *value, const onn_grid *grid, double r, double cy, double cx)
{
	parts p = find_parts(grid, (double[]){r, r}, (double[]){cy, cx});
	int64_t a = p.size[0], b = p.size[1];
	for (int64_t rest = b; p.parts && rest;) {
		int64_t next = a % rest;
		a = rest;
		rest = next;
	}
	int64_t common = p.parts ? a : 1;
	a = p.size[0] / common;
	b = p.size[1] / common;
	/* |y b| and |x a| up to 2^30 leave room for the sum of squares */
	bool exact = p.parts;
	for (int end = 0; end < 2 && exact; end++) {
		int64_t y = part_of(&p, grid, 0, end ? grid->ny - 1 : 0);
		int64_t x = part_of(&p, grid, 1, end ? grid->nx - 1 : 0);
		exact = fabs((double)y * (double)b) < 0x1p30 &&
		        fabs((double)x * (double)a) < 0x1p30 &&
		        (double)a * (double)b * (double)common < 0x1p30;
	}
	int64_t edge = exact ? a * b * common : 0;
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++) {
			bool inside;
			if (exact) {
				int64_t y = part_of(&p, grid, 0, iy) * b;
				int64_t x = part_of(&p, grid, 1, ix) * a;
				inside = y * y + x * x <= edge * edge;
			} else {
				double y = onn_grid_at(grid, 0, iy) - cy;
				double x = onn_grid_at(grid, 1, ix) - cx;
				inside = y * y + x * x <= r * r;
			}
			*value++ = inside;
		}
}

static void fill_circle(double *value, const onn_map *map)
{
	const double *at = map->parameter;
	onn_fill_circle(value, &map->grid, at[0], at[1], at[2]);
}

onn_node onn_circular_mask(
    onn_graph *g, onn_type type, const onn_grid *grid, double radius, double y, double x)
{
	if (!(radius > 0 && isfinite(radius) && isfinite(y) && isfinite(x)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_circular_mask: radius %g m about (%g, %g) m; expected finite values, "
		    "radius "
		    "> 0",
		    radius, y, x);
	return onn_map_node(g, "onn_circular_mask", "circle", fill_circle, type, grid,
	    (const double[]){radius, y, x, 0});
}

/* ---- rectangles ---- */

static void fill_rectangle(double *value, const onn_map *map)
{
	const onn_grid *grid = &map->grid;
	const double *size = map->parameter, *centre = map->parameter + 2;
	double half[2] = {size[0] / 2, size[1] / 2};
	parts p = find_parts(grid, half, centre);
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++) {
			bool inside = true;
			for (int axis = 0; axis < 2; axis++) {
				size_t i = axis ? ix : iy;
				double off = onn_grid_at(grid, axis, i) - centre[axis];
				if (p.parts) {
					int64_t at = part_of(&p, grid, axis, i);
					inside =
					    inside && at <= p.size[axis] && at >= -p.size[axis];
				} else {
					inside = inside && fabs(off) <= half[axis];
				}
			}
			*value++ = inside;
		}
}

onn_node onn_rectangular_mask(onn_graph *g, onn_type type, const onn_grid *grid, double height,
    double width, double y, double x)
{
	if (!(height > 0 && isfinite(height) && width > 0 && isfinite(width) && isfinite(y) &&
	        isfinite(x)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_rectangular_mask: %g m by %g m about (%g, %g) m; expected finite values, "
		    "sizes > 0",
		    height, width, y, x);
	return onn_map_node(g, "onn_rectangular_mask", "rectangle", fill_rectangle, type, grid,
	    (const double[]){height, width, y, x});
}

/* ---- on a field ---- */

onn_field onn_circular_aperture(onn_graph *g, onn_field field, double radius, double y, double x)
{
	if (!onn_field_ok(g, "onn_circular_aperture", &field))
		return onn_null_field;
	onn_type real = onn_type_real(field.light.type);
	return onn_field_times(g, field, onn_circular_mask(g, real, &field.grid, radius, y, x));
}

onn_field onn_rectangular_aperture(
    onn_graph *g, onn_field field, double height, double width, double y, double x)
{
	if (!onn_field_ok(g, "onn_rectangular_aperture", &field))
		return onn_null_field;
	onn_type real = onn_type_real(field.light.type);
	return onn_field_times(
	    g, field, onn_rectangular_mask(g, real, &field.grid, height, width, y, x));
}
