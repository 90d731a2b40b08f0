/*
 * Neighbours of one height, joined to rectangles.
 */
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "optics/stl.h"

static void keep(onn_solid *s, size_t iy, size_t ix) { s->kept[iy * (s->nx + 1) + ix] = 1; }

/* A wall ends or turns at a corner, or others meet it, unless it lies amid one height or on a
 * straight border of two. */
void onn_solid_keep_corners(onn_solid *s)
{
	for (size_t iy = 0; iy <= s->ny; iy++)
		for (size_t ix = 0; ix <= s->nx; ix++) {
			float h[4];
			onn_solid_around(s, iy, ix, h);
			bool upright = h[0] == h[3] && h[1] == h[2];
			bool level = h[0] == h[1] && h[2] == h[3];
			if (!upright && !level)
				keep(s, iy, ix);
		}
}

/* Whether pixels of a row, from x0 up to before x1, have this height and are in no rectangle. */
static bool is_free(
    const onn_solid *s, const unsigned char *taken, size_t iy, size_t x0, size_t x1, float height)
{
	for (size_t i = iy * s->nx + x0; i < iy * s->nx + x1; i++)
		if (taken[i] || s->top[i] != height)
			return false;
	return true;
}

/* From the first free pixel as far along the row as goes, then down. */
static void add_rectangle(onn_solid *s, unsigned char *taken, size_t iy, size_t ix)
{
	size_t x1 = ix + 1, y1 = iy + 1;
	float height = s->top[iy * s->nx + ix];

	while (x1 < s->nx && is_free(s, taken, iy, x1, x1 + 1, height))
		x1++;
	while (y1 < s->ny && is_free(s, taken, y1, ix, x1, height))
		y1++;
	for (size_t y = iy; y < y1; y++)
		memset(taken + y * s->nx + ix, 1, x1 - ix);
	if (!onn_grow(
	        &s->rectangle, &s->rectangle_room, s->nrectangles + 1, sizeof *s->rectangle)) {
		s->failed = true;
		return;
	}
	s->rectangle[s->nrectangles++] =
	    (onn_rectangle){(uint32_t)iy, (uint32_t)ix, (uint32_t)y1, (uint32_t)x1};
	keep(s, iy, ix);
	keep(s, iy, x1);
	keep(s, y1, ix);
	keep(s, y1, x1);
}

void onn_solid_find_rectangles(onn_solid *s)
{
	unsigned char *taken = calloc(s->ny * s->nx, 1);

	s->failed = s->failed || !taken;
	for (size_t iy = 0; iy < s->ny && !s->failed; iy++)
		for (size_t ix = 0; ix < s->nx && !s->failed; ix++)
			if (!taken[iy * s->nx + ix])
				add_rectangle(s, taken, iy, ix);
	free(taken);
}
