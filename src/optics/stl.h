/*
 * A solid on its way to a file: what stl.c and stl_join.c share.
 */
#ifndef ONN_SRC_OPTICS_STL_H
#define ONN_SRC_OPTICS_STL_H

#include <stdint.h>

#include <onn/optics.h>

typedef struct onn_point {
	float x, y, z;
} onn_point;

/* A corner of the map: where it is, and the heights of the cells around it. */
typedef struct onn_corner {
	float x, y, height[4];
	int heights;
} onn_corner;

/* Pixels of one height, from y0 and x0 up to before y1 and x1. */
typedef struct onn_rectangle {
	uint32_t y0, x0, y1, x1;
} onn_rectangle;

typedef struct onn_solid {
	size_t ny, nx;
	const onn_grid *grid;
	float *top;          /* [ny, nx], millimetres */
	unsigned char *kept; /* [ny + 1, nx + 1]: corners of pixels that faces are cut at */
	onn_rectangle *rectangle;
	size_t nrectangles, rectangle_room;
	onn_corner *ring; /* of one rectangle */
	size_t nring, ring_room;
	unsigned char *file;
	size_t bytes, room;
	bool failed; /* no memory */
} onn_solid;

/* Height of pixel (iy - 1, ix - 1); 0 outside the map, where those of size_t's end are too. */
static inline float onn_solid_before(const onn_solid *s, size_t iy, size_t ix)
{
	bool inside = iy > 0 && iy <= s->ny && ix > 0 && ix <= s->nx;
	return inside ? s->top[(iy - 1) * s->nx + ix - 1] : 0;
}

/* The pixels around the corner before pixel (iy, ix), counterclockwise from the one at +x, +y. */
static inline void onn_solid_around(const onn_solid *s, size_t iy, size_t ix, float h[4])
{
	h[0] = onn_solid_before(s, iy + 1, ix + 1);
	h[1] = onn_solid_before(s, iy + 1, ix);
	h[2] = onn_solid_before(s, iy, ix);
	h[3] = onn_solid_before(s, iy, ix + 1);
}

static inline bool onn_solid_is_kept(const onn_solid *s, size_t iy, size_t ix)
{
	return s->kept[iy * (s->nx + 1) + ix];
}

/* stl_join.c: which corners of pixels faces are cut at; then tops as rectangles, whose corners are
 * kept, too. */
void onn_solid_keep_corners(onn_solid *s);
void onn_solid_find_rectangles(onn_solid *s);

#endif
