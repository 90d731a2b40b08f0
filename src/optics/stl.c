/*
 * Columns of different heights as one closed surface.
 *
 * Seen from above, the solid is a map of cells, each with one height. Its surface is the cells'
 * tops, a wall on each side between cells of different height, and the underside. Along the
 * vertical line over a corner of the map, walls of several sides meet, each with its own range of
 * heights; all of them are cut at the heights of all cells around the corner, so that no edge ends
 * within another.
 *
 * Where the two higher of the four pixels around a corner face each other across it, their columns
 * would touch along a line, an edge of four faces. There a small diamond is cut out of the four
 * pixels and becomes a cell of its own, a post of their mean height: it has what it took from them,
 * so the volume stays, and each of its corners has three cells around it, of which no two can touch
 * along a line only.
 *
 * Heights and positions are rounded to single precision first, as the file has them, and compared
 * as such.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <onn/fabrication.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

static const char *const function = "onn_stl_write";

enum { HEADER = 84, TRIANGLE = 50 };

/* half a post's diagonal, in pixels */
static const double post = 1. / 64;

typedef struct point {
	float x, y, z;
} point;

/* A corner of the map: where it is, and the heights of the cells around it. */
typedef struct corner {
	float x, y, height[4];
	int heights;
} corner;

/* Ways from a corner of pixels along their sides, counterclockwise from +x. */
enum { RIGHT, UP, LEFT, DOWN };

typedef struct solid {
	size_t ny, nx;
	const onn_grid *grid;
	float *top; /* [ny, nx], millimetres */
	unsigned char *file;
	size_t bytes, room;
	bool failed; /* no memory */
} solid;

/* ---- triangles ---- */

static void put_32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static unsigned char *put_point(unsigned char *p, const float v[3])
{
	for (int i = 0; i < 3; i++, p += 4) {
		uint32_t bits;
		memcpy(&bits, &v[i], sizeof bits);
		put_32(p, bits);
	}
	return p;
}

/* Counterclockwise, seen from outside. */
static void triangle(solid *s, point a, point b, point c)
{
	if (s->failed || !onn_grow(&s->file, &s->room, s->bytes + TRIANGLE, 1)) {
		s->failed = true;
		return;
	}
	double u[3] = {(double)b.x - a.x, (double)b.y - a.y, (double)b.z - a.z};
	double v[3] = {(double)c.x - a.x, (double)c.y - a.y, (double)c.z - a.z};
	double n[3] = {
	    u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
	double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
	unsigned char *p = s->file + s->bytes;
	p = put_point(
	    p, (float[]){(float)(n[0] / length), (float)(n[1] / length), (float)(n[2] / length)});
	p = put_point(p, (float[]){a.x, a.y, a.z});
	p = put_point(p, (float[]){b.x, b.y, b.z});
	p = put_point(p, (float[]){c.x, c.y, c.z});
	p[0] = p[1] = 0;
	s->bytes += TRIANGLE;
}

/* A convex polygon, counterclockwise from above. */
static void cap(solid *s, const corner *c, int count, float z)
{
	for (int i = 1; i + 1 < count; i++)
		triangle(s, (point){c[0].x, c[0].y, z}, (point){c[i].x, c[i].y, z},
		    (point){c[i + 1].x, c[i + 1].y, z});
}

/* The heights in [low, high] over a corner, rising, each once. */
static int levels(float *z, const corner *c, float low, float high)
{
	int count = 0;
	for (int i = 0; i < c->heights; i++) {
		float h = c->height[i];
		int at = count;
		if (h < low || h > high)
			continue;
		while (at > 0 && z[at - 1] >= h)
			at--;
		if (at < count && z[at] == h)
			continue;
		memmove(z + at + 1, z + at, (size_t)(count - at) * sizeof *z);
		z[at] = h;
		count++;
	}
	return count;
}

/* The side from a to b with a cell on its left and one on its right: a wall where they differ. */
static void wall(solid *s, const corner *a, const corner *b, float left, float right)
{
	if (left == right)
		return;
	if (left < right) {
		wall(s, b, a, right, left);
		return;
	}
	float p[4], q[4];
	int np = levels(p, a, right, left), nq = levels(q, b, right, left);
	for (int i = 0, j = 0; i + 1 < np || j + 1 < nq;) {
		point low_a = {a->x, a->y, p[i]}, low_b = {b->x, b->y, q[j]};
		if (j + 1 == nq || (i + 1 < np && p[i + 1] <= q[j + 1]))
			triangle(s, low_a, low_b, (point){a->x, a->y, p[++i]});
		else
			triangle(s, low_a, low_b, (point){b->x, b->y, q[++j]});
	}
}

/* ---- the map ---- */

/* Where the corner before pixel i is, and what lies by parts of a pixel beside it; millimetres.
 * 0 is added for -0, which has other bytes. */
static float place(double at, double pitch, size_t i, size_t n, double beside)
{
	return (float)(1e3 * (at + pitch * ((double)i - (double)(n / 2) - .5 + beside))) + 0.f;
}

static float x_of(const solid *s, size_t i, double beside)
{
	return place(s->grid->x0, s->grid->dx, i, s->nx, beside);
}

static float y_of(const solid *s, size_t i, double beside)
{
	return place(s->grid->y0, s->grid->dy, i, s->ny, beside);
}

/* Height of pixel (iy - 1, ix - 1); 0 outside the map, where those of size_t's end are too. */
static float before(const solid *s, size_t iy, size_t ix)
{
	bool inside = iy > 0 && iy <= s->ny && ix > 0 && ix <= s->nx;
	return inside ? s->top[(iy - 1) * s->nx + ix - 1] : 0;
}

/* The pixels around the corner before pixel (iy, ix), counterclockwise from the one at +x, +y. */
static void around(const solid *s, size_t iy, size_t ix, float h[4])
{
	h[0] = before(s, iy + 1, ix + 1);
	h[1] = before(s, iy + 1, ix);
	h[2] = before(s, iy, ix);
	h[3] = before(s, iy, ix + 1);
}

static bool is_crossed(const float h[4])
{
	float even_low = fminf(h[0], h[2]), even_high = fmaxf(h[0], h[2]);
	float odd_low = fminf(h[1], h[3]), odd_high = fmaxf(h[1], h[3]);
	return even_low > odd_high || odd_low > even_high;
}

static float mean(const float h[4]) { return (float)(((double)h[0] + h[1] + h[2] + h[3]) / 4); }

/* The end at corner (iy, ix) of the side that leaves it this way. */
static corner end(const solid *s, size_t iy, size_t ix, int way)
{
	float h[4];
	around(s, iy, ix, h);
	if (!is_crossed(h))
		return (corner){x_of(s, ix, 0), y_of(s, iy, 0), {h[0], h[1], h[2], h[3]}, 4};
	double right = way == RIGHT ? post : way == LEFT ? -post : 0;
	double up = way == UP ? post : way == DOWN ? -post : 0;
	return (corner){
	    x_of(s, ix, right), y_of(s, iy, up), {mean(h), h[way], h[(way + 3) % 4]}, 3};
}

/* The ends at a corner of the two sides of a pixel that meet there: one, unless it is cut. */
static int add_ends(const solid *s, corner *to, size_t iy, size_t ix, int in_way, int out_way)
{
	to[0] = end(s, iy, ix, in_way);
	if (to[0].heights == 4)
		return 1;
	to[1] = end(s, iy, ix, out_way);
	return 2;
}

static void add_pixel(solid *s, size_t iy, size_t ix)
{
	corner c[8];
	int count = add_ends(s, c, iy, ix, UP, RIGHT);
	count += add_ends(s, c + count, iy, ix + 1, LEFT, UP);
	count += add_ends(s, c + count, iy + 1, ix + 1, DOWN, LEFT);
	count += add_ends(s, c + count, iy + 1, ix, RIGHT, DOWN);
	cap(s, c, count, before(s, iy + 1, ix + 1));
}

static void add_post(solid *s, size_t iy, size_t ix)
{
	float h[4];
	around(s, iy, ix, h);
	if (!is_crossed(h))
		return;
	corner c[4];
	for (int way = RIGHT; way <= DOWN; way++)
		c[way] = end(s, iy, ix, way);
	cap(s, c, 4, mean(h));
	for (int way = RIGHT; way <= DOWN; way++)
		wall(s, &c[way], &c[(way + 1) % 4], mean(h), h[way]);
}

static void add_walls(solid *s)
{
	for (size_t iy = 0; iy <= s->ny; iy++)
		for (size_t ix = 0; ix < s->nx; ix++) {
			corner a = end(s, iy, ix, RIGHT), b = end(s, iy, ix + 1, LEFT);
			wall(s, &a, &b, before(s, iy + 1, ix + 1), before(s, iy, ix + 1));
		}
	for (size_t iy = 0; iy < s->ny; iy++)
		for (size_t ix = 0; ix <= s->nx; ix++) {
			corner a = end(s, iy, ix, UP), b = end(s, iy + 1, ix, DOWN);
			wall(s, &a, &b, before(s, iy + 1, ix), before(s, iy + 1, ix + 1));
		}
}

/* The underside, a fan about its middle; it has corners at its rim only, where walls stand. */
static void add_underside(solid *s)
{
	float x0 = x_of(s, 0, 0), x1 = x_of(s, s->nx, 0), y0 = y_of(s, 0, 0),
	      y1 = y_of(s, s->ny, 0);
	point middle = {x_of(s, s->nx / 2, .25), y_of(s, s->ny / 2, .25), 0};
	for (size_t i = 0; i < s->nx; i++) {
		float a = x_of(s, i, 0), b = x_of(s, i + 1, 0);
		triangle(s, middle, (point){b, y0, 0}, (point){a, y0, 0});
		triangle(s, middle, (point){a, y1, 0}, (point){b, y1, 0});
	}
	for (size_t i = 0; i < s->ny; i++) {
		float a = y_of(s, i, 0), b = y_of(s, i + 1, 0);
		triangle(s, middle, (point){x0, a, 0}, (point){x0, b, 0});
		triangle(s, middle, (point){x1, b, 0}, (point){x1, a, 0});
	}
}

/* ---- the file ---- */

/* Pixels, and the posts between them, are to be told apart in single precision. */
static bool is_resolved(const solid *s)
{
	for (size_t i = 0; i < s->nx; i++)
		if (!(x_of(s, i, 0) < x_of(s, i, post) &&
		        x_of(s, i + 1, -post) < x_of(s, i + 1, 0)))
			return false;
	for (size_t i = 0; i < s->ny; i++)
		if (!(y_of(s, i, 0) < y_of(s, i, post) &&
		        y_of(s, i + 1, -post) < y_of(s, i + 1, 0)))
			return false;
	return isfinite(x_of(s, 0, 0)) && isfinite(x_of(s, s->nx, 0)) && isfinite(y_of(s, 0, 0)) &&
	       isfinite(y_of(s, s->ny, 0));
}

static onn_status take_heights(solid *s, const onn_array *height, double base)
{
	const double *h = onn_array_const_data(height);
	for (size_t i = 0; i < s->ny * s->nx; i++) {
		s->top[i] = (float)(1e3 * (base + h[i]));
		if (!(h[i] >= 0 && isfinite(s->top[i]) && s->top[i] > 0))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: height at row %zu, column %zu is %g m on a base of %g m; expected "
			    "finite values, height >= 0, base > 0",
			    function, i / s->nx, i % s->nx, h[i], base);
	}
	return ONN_OK;
}

static onn_status write_file(solid *s, const char *path)
{
	static const char title[] = "onn: a plate, in millimetres";
	size_t count = (s->bytes - HEADER) / TRIANGLE;
	if (count > UINT32_MAX)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the surface has %zu triangles; expected at most %u", function, count,
		    UINT32_MAX);
	memset(s->file, 0, HEADER);
	memcpy(s->file, title, sizeof title);
	put_32(s->file + 80, (uint32_t)count);
	return onn_file_write(path, s->file, s->bytes);
}

static onn_status check(const onn_array *height, const onn_grid *grid)
{
	onn_status status = onn_grid_check(grid);
	if (status)
		return status;
	const size_t *shape = height ? onn_array_shape(height) : NULL;
	char text[128];
	if (!height || onn_array_type(height) != ONN_F64 || onn_array_ndim(height) != 2 ||
	    shape[0] != grid->ny || shape[1] != grid->nx)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: height is %s of %s on a grid [%zu, %zu]; expected f64 of the grid's shape",
		    function,
		    height ? onn_shape_text(text, sizeof text, onn_array_ndim(height), shape) : "",
		    height ? onn_type_name(onn_array_type(height)) : "nothing", grid->ny, grid->nx);
	return ONN_OK;
}

onn_status onn_stl_write(
    const char *path, const onn_array *height, const onn_grid *grid, double base)
{
	onn_status status = check(height, grid);
	if (status)
		return status;
	if (!(base > 0 && isfinite(base)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: base is %g m; expected a finite value > 0", function, base);
	solid s = {.ny = grid->ny, .nx = grid->nx, .grid = grid, .bytes = HEADER};
	if (!is_resolved(&s))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: pixels of %g m by %g m around (%g, %g) m; expected a pitch that single "
		    "precision tells apart",
		    function, grid->dy, grid->dx, grid->y0, grid->x0);
	s.top = malloc(s.ny * s.nx * sizeof *s.top);
	s.failed = !s.top || !onn_grow(&s.file, &s.room, HEADER, 1);
	status = s.failed ? ONN_OK : take_heights(&s, height, base);
	if (!status && !s.failed) {
		for (size_t iy = 0; iy < s.ny; iy++)
			for (size_t ix = 0; ix < s.nx; ix++)
				add_pixel(&s, iy, ix);
		for (size_t iy = 1; iy < s.ny; iy++)
			for (size_t ix = 1; ix < s.nx; ix++)
				add_post(&s, iy, ix);
		add_walls(&s);
		add_underside(&s);
	}
	if (!status)
		status = s.failed ? onn_error_memory(function, s.bytes) : write_file(&s, path);
	free(s.file);
	free(s.top);
	return status;
}
