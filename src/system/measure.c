/*
 * What a camera sees, in numbers, in double.
 */
#include <math.h>
#include <stdlib.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "nn/layers/placed.h"
#include "optics/element.h"
#include "system/system.h"

typedef struct picture {
	const void *data;
	onn_type type;
	const onn_grid *grid;
} picture;

static double pixel(const picture *p, size_t iy, size_t ix)
{
	return onn_part_get(p->data, p->type, iy * p->grid->nx + ix);
}

static void find_moments(onn_light_measure *m, const picture *p, size_t peak[2])
{
	double sum = 0, first[2] = {0, 0}, second[2] = {0, 0};
	const onn_grid *grid = p->grid;
	m->peak = -INFINITY;
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++) {
			double i = pixel(p, iy, ix);
			double at[2] = {onn_grid_at(grid, 0, iy), onn_grid_at(grid, 1, ix)};
			sum += i;
			for (int axis = 0; axis < 2; axis++)
				first[axis] += i * at[axis];
			if (i > m->peak) {
				m->peak = i;
				peak[0] = iy;
				peak[1] = ix;
			}
		}
	for (int axis = 0; axis < 2; axis++)
		m->mean[axis] = sum > 0 ? first[axis] / sum : 0;
	/* about the mean, which loses nothing where that is far from the axis */
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++) {
			double dy = onn_grid_at(grid, 0, iy) - m->mean[0];
			double dx = onn_grid_at(grid, 1, ix) - m->mean[1];
			double i = pixel(p, iy, ix);
			second[0] += i * dy * dy;
			second[1] += i * dx * dx;
		}
	for (int axis = 0; axis < 2; axis++)
		m->width[axis] = sum > 0 ? 2 * sqrt(fmax(second[axis] / sum, 0)) : 0;
	m->power = sum * grid->dy * grid->dx;
}

/* From the peak along an axis to where half of it is crossed, in pixels; infinite: nowhere. */
static double half_way(const picture *p, const size_t peak[2], int axis, int way, double most)
{
	size_t at[2] = {peak[0], peak[1]}, n = onn_grid_pixels(p->grid, axis);
	double before = most, steps = 0;
	while (way > 0 ? at[axis] + 1 < n : at[axis] > 0) {
		at[axis] += way > 0 ? 1 : (size_t)-1;
		double here = pixel(p, at[0], at[1]);
		if (here <= most / 2)
			return steps + (before - most / 2) / (before - here);
		before = here;
		steps++;
	}
	return INFINITY;
}

onn_status onn_measure_light(onn_light_measure *m, const onn_array *intensity, const onn_grid *grid)
{
	onn_status status = onn_grid_check_for("onn_measure_light", grid);
	onn_type type = onn_array_type(intensity);
	size_t peak[2] = {0, 0};
	*m = (onn_light_measure){.share = 1, .inside = 1, .overlap = NAN};
	if (status)
		return status;
	if (onn_array_ndim(intensity) != 2 || onn_array_shape(intensity)[0] != grid->ny ||
	    onn_array_shape(intensity)[1] != grid->nx || (type != ONN_F32 && type != ONN_F64)) {
		char text[96];
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_measure_light: intensity is %s %s; expected f32 or f64 [%zu, %zu]",
		    onn_type_name(type),
		    onn_shape_text(
		        text, sizeof text, onn_array_ndim(intensity), onn_array_shape(intensity)),
		    grid->ny, grid->nx);
	}
	picture p = {onn_array_const_data(intensity), type, grid};
	find_moments(m, &p, peak);
	for (int axis = 0; axis < 2; axis++) {
		m->at[axis] = onn_grid_at(grid, axis, peak[axis]);
		m->fwhm[axis] = m->peak > 0 ? (half_way(&p, peak, axis, 1, m->peak) +
		                                  half_way(&p, peak, axis, -1, m->peak)) *
		                                  onn_grid_pitch(grid, axis)
		                            : INFINITY;
	}
	return ONN_OK;
}

/* ---- what a camera of a system looks at ---- */

onn_status onn_watch_target(onn_array **target, const onn_watch *watch, const onn_grid *grid)
{
	*target = NULL;
	return watch->target[0]
	           ? onn_placed_read(target, watch->target, watch->side, true, false, grid)
	           : ONN_OK;
}

static double overlap(const double *a, const double *b, size_t count)
{
	double ab = 0, aa = 0, bb = 0;
	for (size_t i = 0; i < count; i++) {
		ab += a[i] * b[i];
		aa += a[i] * a[i];
		bb += b[i] * b[i];
	}
	return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

onn_status onn_watch_measure(onn_light_measure *m, const onn_watch *watch,
    const onn_array *intensity, const onn_grid *grid, double power)
{
	onn_array *target;
	size_t count = grid->ny * grid->nx;
	const double *seen = onn_array_const_data(intensity);
	m->share = power > 0 ? m->power / power : 0;
	if (watch->radius > 0) {
		double inside = 0, *mask = malloc(count * sizeof *mask);
		if (!mask)
			return onn_error_memory("onn_system_run", count * sizeof *mask);
		onn_fill_circle(mask, grid, watch->radius, watch->at[0], watch->at[1]);
		for (size_t i = 0; i < count; i++)
			inside += mask[i] * seen[i];
		free(mask);
		m->inside = m->power > 0 ? inside * grid->dy * grid->dx / m->power : 0;
	}
	onn_status status = onn_watch_target(&target, watch, grid);
	if (target)
		m->overlap = overlap(seen, onn_array_const_data(target), count);
	onn_array_destroy(target);
	return status;
}
