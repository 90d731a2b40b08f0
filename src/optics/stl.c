/*
 * Columns of different heights as one closed surface.
 *
 * Seen from above, the solid is a map of cells, each with one height. Its surface is the cells'
 * tops, a wall on each side between cells of different height, and the underside. Along the
 * vertical line over a corner of the map, walls of several sides meet, each with its own range of
 * heights; all of them are cut at the heights of all cells around the corner, so that no edge ends
 * within another.
 *
 * Neighbours of one height are joined: tops become rectangles, walls go on while both sides stay as
 * they are. A corner of pixels is kept where one of them needs it, as the end of a wall or a corner
 * of a rectangle, and then all that passes it is cut there, so that still no edge ends within
 * another.
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
#include "optics/stl.h"

static const char *const function = "onn_stl_write";

enum { HEADER = 84, TRIANGLE = 50 };

/* half a post's diagonal, in pixels */
static const double post = 1. / 64;

/* Ways from a corner of pixels along their sides, counterclockwise from +x. */
enum { RIGHT, UP, LEFT, DOWN };

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
static void triangle(onn_solid *s, onn_point a, onn_point b, onn_point c)
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
static void cap(onn_solid *s, const onn_corner *c, int count, float z)
{
	for (int i = 1; i + 1 < count; i++)
		triangle(s, (onn_point){c[0].x, c[0].y, z}, (onn_point){c[i].x, c[i].y, z},
		    (onn_point){c[i + 1].x, c[i + 1].y, z});
}

/* The heights in [low, high] over a corner, rising, each once. */
static int levels(float *z, const onn_corner *c, float low, float high)
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
static void wall(onn_solid *s, const onn_corner *a, const onn_corner *b, float left, float right)
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
		onn_point low_a = {a->x, a->y, p[i]}, low_b = {b->x, b->y, q[j]};
		if (j + 1 == nq || (i + 1 < np && p[i + 1] <= q[j + 1]))
			triangle(s, low_a, low_b, (onn_point){a->x, a->y, p[++i]});
		else
			triangle(s, low_a, low_b, (onn_point){b->x, b->y, q[++j]});
	}
}

/* ---- the map ---- */

/* Where the corner before pixel i is, and what lies by parts of a pixel beside it; millimetres.
 * 0 is added for -0, which has other bytes. */
static float place(double at, double pitch, size_t i, size_t n, double beside)
{
	return (float)(1e3 * (at + pitch * ((double)i - (double)(n / 2) - .5 + beside))) + 0.f;
}

static float x_of(const onn_solid *s, size_t i, double beside)
{
	return place(s->grid->x0, s->grid->dx, i, s->nx, beside);
}

static float y_of(const onn_solid *s, size_t i, double beside)
{
	return place(s->grid->y0, s->grid->dy, i, s->ny, beside);
}

static bool is_crossed(const float h[4])
{
	float even_low = fminf(h[0], h[2]), even_high = fmaxf(h[0], h[2]);
	float odd_low = fminf(h[1], h[3]), odd_high = fmaxf(h[1], h[3]);
	return even_low > odd_high || odd_low > even_high;
}

static float mean(const float h[4]) { return (float)(((double)h[0] + h[1] + h[2] + h[3]) / 4); }

/* The end at corner (iy, ix) of the side that leaves it this way. */
static onn_corner end(const onn_solid *s, size_t iy, size_t ix, int way)
{
	float h[4];
	onn_solid_around(s, iy, ix, h);
	if (!is_crossed(h))
		return (onn_corner){x_of(s, ix, 0), y_of(s, iy, 0), {h[0], h[1], h[2], h[3]}, 4};
	double right = way == RIGHT ? post : way == LEFT ? -post : 0;
	double up = way == UP ? post : way == DOWN ? -post : 0;
	return (onn_corner){
	    x_of(s, ix, right), y_of(s, iy, up), {mean(h), h[way], h[(way + 3) % 4]}, 3};
}

/* ---- faces ---- */

/* Appends the end at a corner of the side that leaves it this way. */
static void add_end(onn_solid *s, size_t iy, size_t ix, int way)
{
	if (onn_grow(&s->ring, &s->ring_room, s->nring + 1, sizeof *s->ring))
		s->ring[s->nring++] = end(s, iy, ix, way);
	else
		s->failed = true;
}

/* The ends at a rectangle's corner of its two sides: one, unless the corner is cut. */
static void add_ends(onn_solid *s, size_t iy, size_t ix, int in_way, int out_way)
{
	add_end(s, iy, ix, in_way);
	if (!s->failed && s->ring[s->nring - 1].heights != 4)
		add_end(s, iy, ix, out_way);
}

/* Corners kept on the way from one corner of a rectangle to the next; how many there are. */
static size_t add_side(onn_solid *s, size_t iy, size_t ix, size_t y1, size_t x1, int way)
{
	size_t before_them = s->nring;

	for (;;) {
		iy += way == UP ? 1 : way == DOWN ? (size_t)-1 : 0;
		ix += way == RIGHT ? 1 : way == LEFT ? (size_t)-1 : 0;
		if (iy == y1 && ix == x1)
			return s->nring - before_them;
		if (onn_solid_is_kept(s, iy, ix))
			add_end(s, iy, ix, way);
	}
}

/* With corners on its sides a rectangle is cut from its middle: three on a line are no triangle. */
static void add_top(onn_solid *s, const onn_rectangle *r)
{
	float z = onn_solid_before(s, r->y0 + 1, r->x0 + 1);
	size_t between = 0;

	s->nring = 0;
	add_ends(s, r->y0, r->x0, UP, RIGHT);
	between += add_side(s, r->y0, r->x0, r->y0, r->x1, RIGHT);
	add_ends(s, r->y0, r->x1, LEFT, UP);
	between += add_side(s, r->y0, r->x1, r->y1, r->x1, UP);
	add_ends(s, r->y1, r->x1, DOWN, LEFT);
	between += add_side(s, r->y1, r->x1, r->y1, r->x0, LEFT);
	add_ends(s, r->y1, r->x0, RIGHT, DOWN);
	between += add_side(s, r->y1, r->x0, r->y0, r->x0, DOWN);
	if (s->failed)
		return;
	if (between == 0) {
		cap(s, s->ring, (int)s->nring, z);
		return;
	}
	onn_point middle = {
	    x_of(s, r->x0, .5 * (r->x1 - r->x0)), y_of(s, r->y0, .5 * (r->y1 - r->y0)), z};
	for (size_t i = 0; i < s->nring; i++) {
		const onn_corner *a = &s->ring[i], *b = &s->ring[(i + 1) % s->nring];
		triangle(s, middle, (onn_point){a->x, a->y, z}, (onn_point){b->x, b->y, z});
	}
}

static void add_post(onn_solid *s, size_t iy, size_t ix)
{
	float h[4];
	onn_solid_around(s, iy, ix, h);
	if (!is_crossed(h))
		return;
	onn_corner c[4];
	for (int way = RIGHT; way <= DOWN; way++)
		c[way] = end(s, iy, ix, way);
	cap(s, c, 4, mean(h));
	for (int way = RIGHT; way <= DOWN; way++)
		wall(s, &c[way], &c[(way + 1) % 4], mean(h), h[way]);
}

/* The next corner that is kept on a line of the map, behind corner i of n. */
static size_t next_along(const onn_solid *s, size_t iy, size_t i)
{
	do
		i++;
	while (i < s->nx && !onn_solid_is_kept(s, iy, i));
	return i;
}

static size_t next_up(const onn_solid *s, size_t i, size_t ix)
{
	do
		i++;
	while (i < s->ny && !onn_solid_is_kept(s, i, ix));
	return i;
}

/* Between kept corners the heights at both sides of a wall stay the same. */
static void add_walls(onn_solid *s)
{
	for (size_t iy = 0; iy <= s->ny; iy++)
		for (size_t ix = 0, next; ix < s->nx; ix = next) {
			float left = onn_solid_before(s, iy + 1, ix + 1),
			      right = onn_solid_before(s, iy, ix + 1);
			next = left == right ? ix + 1 : next_along(s, iy, ix);
			if (left == right)
				continue;
			onn_corner a = end(s, iy, ix, RIGHT), b = end(s, iy, next, LEFT);
			wall(s, &a, &b, left, right);
		}
	for (size_t ix = 0; ix <= s->nx; ix++)
		for (size_t iy = 0, next; iy < s->ny; iy = next) {
			float left = onn_solid_before(s, iy + 1, ix),
			      right = onn_solid_before(s, iy + 1, ix + 1);
			next = left == right ? iy + 1 : next_up(s, iy, ix);
			if (left == right)
				continue;
			onn_corner a = end(s, iy, ix, UP), b = end(s, next, ix, DOWN);
			wall(s, &a, &b, left, right);
		}
}

/* A fan around a point inside, which is not on a line with a side. */
static void add_underside(onn_solid *s)
{
	float x0 = x_of(s, 0, 0), x1 = x_of(s, s->nx, 0), y0 = y_of(s, 0, 0),
	      y1 = y_of(s, s->ny, 0);
	onn_point middle = {x_of(s, s->nx / 2, .25), y_of(s, s->ny / 2, .25), 0};
	for (size_t side = 0; side <= s->ny; side += s->ny)
		for (size_t i = 0, next; i < s->nx; i = next) {
			next = next_along(s, side, i);
			onn_point a = {x_of(s, i, 0), side ? y1 : y0, 0},
			          b = {x_of(s, next, 0), side ? y1 : y0, 0};
			triangle(s, middle, side ? a : b, side ? b : a);
		}
	for (size_t side = 0; side <= s->nx; side += s->nx)
		for (size_t i = 0, next; i < s->ny; i = next) {
			next = next_up(s, i, side);
			onn_point a = {side ? x1 : x0, y_of(s, i, 0), 0},
			          b = {side ? x1 : x0, y_of(s, next, 0), 0};
			triangle(s, middle, side ? b : a, side ? a : b);
		}
}

/* ---- the file ---- */

/* Pixels, and the posts between them, are to be told apart in single precision. */
static bool is_resolved(const onn_solid *s)
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

static onn_status take_heights(onn_solid *s, const onn_array *height, double base)
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

static onn_status write_file(onn_solid *s, const char *path)
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
	onn_solid s = {.ny = grid->ny, .nx = grid->nx, .grid = grid, .bytes = HEADER};
	if (!is_resolved(&s))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: pixels of %g m by %g m around (%g, %g) m; expected a pitch that single "
		    "precision tells apart",
		    function, grid->dy, grid->dx, grid->y0, grid->x0);
	s.top = malloc(s.ny * s.nx * sizeof *s.top);
	s.kept = calloc((s.ny + 1) * (s.nx + 1), 1);
	s.failed = !s.top || !s.kept || !onn_grow(&s.file, &s.room, HEADER, 1);
	status = s.failed ? ONN_OK : take_heights(&s, height, base);
	if (!status && !s.failed) {
		onn_solid_keep_corners(&s);
		onn_solid_find_rectangles(&s);
		for (size_t i = 0; i < s.nrectangles && !s.failed; i++)
			add_top(&s, &s.rectangle[i]);
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
	free(s.kept);
	free(s.rectangle);
	free(s.ring);
	return status;
}
