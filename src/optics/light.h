/*
 * What the builders of optics share: checks of grids, lights and fields, coordinates, tables.
 */
#ifndef ONN_SRC_OPTICS_LIGHT_H
#define ONN_SRC_OPTICS_LIGHT_H

#include <onn/optics.h>

#include "core/pi.h"
#include "graph/graph.h"

/* What a builder returns after an error. */
extern const onn_field onn_null_field;

/* ONN_ERROR_ARGUMENT with that function's name. */
onn_status onn_grid_check_for(const char *function, const onn_grid *grid);
/* A map of real numbers on the grid; else the graph's error says why not. */
bool onn_real_grid_ok(onn_graph *g, const char *function, onn_type type, const onn_grid *grid);
onn_status onn_light_check_for(const char *function, const onn_light *light);
/* Grid, light and the shape and type of e; false with the graph's error set. */
bool onn_field_ok(onn_graph *g, const char *function, const onn_field *field);
/* The same for a source, which has no node yet. */
bool onn_source_ok(
    onn_graph *g, const char *function, const onn_grid *grid, const onn_light *light);

/* Pixels and pitch of axis 0 (y) or 1 (x), and the coordinate of pixel i. */
static inline size_t onn_grid_pixels(const onn_grid *grid, int axis)
{
	return axis ? grid->nx : grid->ny;
}
static inline double onn_grid_pitch(const onn_grid *grid, int axis)
{
	return axis ? grid->dx : grid->dy;
}
static inline double onn_grid_at(const onn_grid *grid, int axis, size_t i)
{
	double origin = axis ? grid->x0 : grid->y0,
	       middle = (double)(onn_grid_pixels(grid, axis) / 2);
	return origin + ((double)i - middle) * onn_grid_pitch(grid, axis);
}

/* A light as part of a key: wavelengths that are not there are 0, gaps too. */
void onn_light_key(onn_light *key, const onn_light *light);
/* n or the next size that is a product of 2, 3, 5 and 7: good for transforms. */
size_t onn_smooth_size(size_t n);

/* [wavelength, y, x], or [y, x] of one wavelength: the shape of a field without a batch. */
size_t onn_light_shape(size_t shape[3], const onn_light *light, size_t ny, size_t nx);
/* An array of c128 of that shape; ONN_ERROR_MEMORY where it is beyond the machine's memory. */
onn_status onn_light_table(
    onn_array **table, const char *function, const onn_light *light, size_t ny, size_t nx);
/* The array in another precision, which takes its place. */
onn_status onn_round_table(onn_array **table, onn_type type);
/* The same as a constant; the table is gone. status: of its making, an error of which is g's. */
onn_node onn_table_constant(onn_graph *g, onn_status status, onn_array *table, onn_type type);

#endif
