/*
 * Layers that do not fit their grid: smaller than a pixel, or where no pixel is.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/settings.h"
#include "core/text.h"
#include "core/units.h"
#include "optics/light.h"
#include "system/system.h"

/* How large something is by its settings: along (y, x), infinite where they do not say. */
static const struct extent {
	const char *name;
	double factor;
	bool axis[2];
} extents[] = {
    {"radius", 2, {true, true}},
    {"waist", 2, {true, true}},
    {"sides", 1, {true, true}},
    {"side", 1, {true, true}},
    {"height", 1, {true, false}},
    {"width", 1, {false, true}},
};

/* What has no light beside it: a lens, a tilt or a source of a point may be centred anywhere. */
static bool find_size(double size[2], const char **name, const onn_settings *settings,
    const void *values, const onn_grid *grid)
{
	const double pitch[2] = {grid->dy, grid->dx};
	bool any = false;
	size[0] = size[1] = INFINITY;
	*name = NULL;
	for (size_t i = 0; i < sizeof extents / sizeof *extents; i++) {
		const onn_setting *row = onn_settings_find(NULL, settings, extents[i].name);
		if (!row || row->kind != ONN_SETTING_REAL ||
		    !onn_setting_counts(row, settings, values))
			continue;
		for (int axis = 0; axis < 2; axis++) {
			double x = onn_setting_number(row, values, row->length ? (size_t)axis : 0);
			if (x == 0 || !extents[i].axis[axis])
				continue;
			size[axis] = extents[i].factor * x;
			any = true;
			if (size[axis] < pitch[axis] && onn_grid_pixels(grid, axis) > 1)
				*name = extents[i].name;
		}
	}
	return any;
}

/* Whether all of it lies beyond an edge. */
static bool is_off(const double at[2], const double size[2], const onn_grid *grid)
{
	bool off = false;
	for (int axis = 0; axis < 2; axis++) {
		double half = onn_grid_pitch(grid, axis) / 2, reach = size[axis] / 2;
		double low = onn_grid_at(grid, axis, 0) - half;
		double high = onn_grid_at(grid, axis, onn_grid_pixels(grid, axis) - 1) + half;
		off |= at[axis] + reach < low || at[axis] - reach > high;
	}
	return off;
}

static void misfit(
    char *why, size_t room, const onn_settings *settings, const void *values, const onn_grid *grid)
{
	double size[2], at[2] = {0, 0};
	const char *small;
	const onn_setting *place = onn_settings_find(NULL, settings, "at");
	why[0] = 0;
	if (!find_size(size, &small, settings, values, grid))
		return;
	for (size_t axis = 0; axis < 2 && place; axis++)
		at[axis] = onn_setting_number(place, values, axis);
	if (small)
		snprintf(why, room, "its %s makes it smaller than a pixel, which is %s x %s (y, x)",
		    small, ONN_METRES(grid->dy), ONN_METRES(grid->dx));
	if (is_off(at, size, grid))
		onn_append(why, room,
		    "%sat y = %s, x = %s it is off the grid, which is %s x %s (y, x)",
		    why[0] ? "; " : "", ONN_METRES(at[0]), ONN_METRES(at[1]),
		    ONN_METRES((double)grid->ny * grid->dy),
		    ONN_METRES((double)grid->nx * grid->dx));
}

void onn_item_misfit(char *why, size_t room, const onn_item *item, const onn_grid *grid)
{
	if (item->kind == &onn_camera_layer)
		misfit(why, room, onn_watch_settings(), &item->watch, grid);
	else
		misfit(why, room, item->kind->settings(), item->values, grid);
}
