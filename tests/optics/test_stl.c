/* STL files read back: closed, outside out, of the right volume. */
#include <onn/fabrication.h>

#include "core/os.h"
#include "core/philox.h"
#include "testing.h"

/* ---- reading ---- */

typedef struct point {
	float v[3];
} point;

typedef struct mesh {
	size_t count;
	float (*normal)[3];
	point (*triangle)[3];
} mesh;

static uint32_t little(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static mesh read_stl(const char *path)
{
	void *data;
	size_t bytes;
	check_ok(onn_file_read(&data, &bytes, path));
	const unsigned char *p = data;
	ck_assert(bytes >= 84 && memcmp(p, "solid", 5) != 0);
	mesh m = {.count = little(p + 80)};
	ck_assert_uint_eq(bytes, 84 + 50 * m.count);
	m.normal = calloc(m.count, sizeof *m.normal);
	m.triangle = calloc(m.count, sizeof *m.triangle);
	for (size_t t = 0; t < m.count; t++)
		for (int i = 0; i < 12; i++) {
			uint32_t bits = little(p + 84 + 50 * t + 4 * i);
			float x;
			memcpy(&x, &bits, sizeof x);
			if (i < 3)
				m.normal[t][i] = x;
			else
				m.triangle[t][i / 3 - 1].v[i % 3] = x;
		}
	free(data);
	return m;
}

static void free_mesh(mesh *m)
{
	free(m->normal);
	free(m->triangle);
}

/* ---- what holds for every solid ---- */

typedef struct edge {
	point a, b;      /* a < b */
	int along, back; /* triangles that have it from a to b, from b to a */
} edge;

static int by_bytes(const void *x, const void *y) { return memcmp(x, y, 2 * sizeof(point)); }

/* Each edge belongs to two triangles, which run along it in opposite directions. */
static void check_closed(const mesh *m)
{
	edge *e = calloc(3 * m->count, sizeof *e);
	for (size_t i = 0; i < 3 * m->count; i++) {
		point a = m->triangle[i / 3][i % 3], b = m->triangle[i / 3][(i + 1) % 3];
		int order = memcmp(&a, &b, sizeof a);
		ck_assert_msg(order != 0, "triangle %zu has two equal corners", i / 3);
		e[i] = order < 0 ? (edge){a, b, 1, 0} : (edge){b, a, 0, 1};
	}
	qsort(e, 3 * m->count, sizeof *e, by_bytes);
	for (size_t i = 0, next; i < 3 * m->count; i = next) {
		int along = 0, back = 0;
		for (next = i; next < 3 * m->count && by_bytes(&e[i], &e[next]) == 0; next++) {
			along += e[next].along;
			back += e[next].back;
		}
		ck_assert_msg(along == 1 && back == 1,
		    "edge (%g %g %g)-(%g %g %g) has %d and %d triangles", e[i].a.v[0], e[i].a.v[1],
		    e[i].a.v[2], e[i].b.v[0], e[i].b.v[1], e[i].b.v[2], along, back);
	}
	free(e);
}

static void cross(double n[3], const point t[3])
{
	double u[3], w[3];
	for (int i = 0; i < 3; i++) {
		u[i] = (double)t[1].v[i] - t[0].v[i];
		w[i] = (double)t[2].v[i] - t[0].v[i];
	}
	for (int i = 0; i < 3; i++)
		n[i] = u[(i + 1) % 3] * w[(i + 2) % 3] - u[(i + 2) % 3] * w[(i + 1) % 3];
}

/* Positive where the triangles run counterclockwise, seen from outside. */
static double signed_volume(const mesh *m)
{
	double sum = 0;
	for (size_t t = 0; t < m->count; t++) {
		double n[3];
		cross(n, m->triangle[t]);
		for (int i = 0; i < 3; i++)
			sum += m->triangle[t][0].v[i] * n[i] / 6;
	}
	return sum;
}

static void check_normals(const mesh *m)
{
	for (size_t t = 0; t < m->count; t++) {
		double n[3];
		cross(n, m->triangle[t]);
		double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
		ck_assert(length > 0);
		for (int i = 0; i < 3; i++)
			check_near(m->normal[t][i], n[i] / length, 1e-6);
	}
}

static void check_bounds(const mesh *m, const onn_grid *grid, double highest)
{
	double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
	for (size_t t = 0; t < m->count; t++)
		for (int k = 0; k < 9; k++) {
			double x = m->triangle[t][k / 3].v[k % 3];
			low[k % 3] = fmin(low[k % 3], x);
			high[k % 3] = fmax(high[k % 3], x);
		}
	double x0 = 1e3 * (grid->x0 - ((double)(grid->nx / 2) + .5) * grid->dx);
	double y0 = 1e3 * (grid->y0 - ((double)(grid->ny / 2) + .5) * grid->dy);
	double width = 1e3 * (double)grid->nx * grid->dx,
	       length = 1e3 * (double)grid->ny * grid->dy;
	check_near(low[0], x0, 1e-6 * width);
	check_near(high[0], x0 + width, 1e-6 * width);
	check_near(low[1], y0, 1e-6 * length);
	check_near(high[1], y0 + length, 1e-6 * length);
	ck_assert(low[2] == 0);
	check_near(high[2], 1e3 * highest, 1e-7 * 1e3 * highest);
}

static const char path[] = "test_stl.stl";

/* Writes a solid and checks all of it; returns the number of triangles. */
static size_t check_solid(const onn_grid *grid, const double *height, double base)
{
	onn_array *a;
	double volume = 0, highest = 0;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){grid->ny, grid->nx}, height));
	check_ok(onn_stl_write(path, a, grid, base));
	for (size_t i = 0; i < grid->ny * grid->nx; i++) {
		volume += (base + height[i]) * grid->dy * grid->dx * 1e9;
		highest = fmax(highest, base + height[i]);
	}
	mesh m = read_stl(path);
	check_closed(&m);
	check_normals(&m);
	check_bounds(&m, grid, highest);
	check_near(signed_volume(&m), volume, 2e-6 * volume);
	size_t count = m.count;
	free_mesh(&m);
	onn_array_destroy(a);
	remove(path);
	return count;
}

/* ---- solids ---- */

START_TEST(a_flat_plate_is_closed)
{
	double height[12] = {0};
	onn_grid one = {1, 1, 1e-3, 2e-3, 0, 0}, row = {1, 12, 1e-3, 1e-3, 0, 0};
	onn_grid column = {12, 1, 1e-3, 1e-3, 0, 0}, plate = {3, 4, 1e-3, 1e-3, 0, 0};
	/* a box: two for the top, two a side, and one below for each side */
	ck_assert_uint_eq(check_solid(&one, height, 1e-3), 2 + 8 + 4);
	ck_assert_uint_eq(check_solid(&row, height, 1e-3), 2 + 8 + 4);
	ck_assert_uint_eq(check_solid(&column, height, 1e-3), 2 + 8 + 4);
	ck_assert_uint_eq(check_solid(&plate, height, 1e-3), 2 + 8 + 4);
}
END_TEST

/* Every order of four heights around a corner, equal ones among them. */
START_TEST(all_ways_of_four_columns_to_meet_are_closed)
{
	onn_grid grid = {2, 2, 1e-3, 1e-3, 0, 0};
	for (int way = 0; way < 256; way++) {
		double h[4];
		for (int i = 0; i < 4; i++)
			h[i] = 1e-4 * (way >> 2 * i & 3);
		check_solid(&grid, h, 5e-4);
	}
}
END_TEST

START_TEST(checkerboards_and_random_maps_are_closed)
{
	double h[31 * 29];
	for (size_t ny = 1; ny <= 31; ny += 15)
		for (size_t nx = 1; nx <= 29; nx += 7) {
			onn_grid grid = {ny, nx, 7e-6, 9e-6, 1e-4, -2e-4};
			size_t n = ny * nx;
			for (size_t i = 0; i < n; i++)
				h[i] = (i / nx + i % nx) % 2 ? 1e-6 : 0;
			check_solid(&grid, h, 1e-5);
			for (size_t i = 0; i < n; i++)
				h[i] = 1e-6 * onn_philox_uniform(1, 0, 0, (uint32_t)i);
			check_solid(&grid, h, 1e-5);
			for (size_t i = 0; i < n; i++)
				h[i] = 1e-6 * floor(4 * onn_philox_uniform(1, 0, 1, (uint32_t)i));
			check_solid(&grid, h, 1e-5);
		}
}
END_TEST

/* Regions of one height with corners, holes and islands, that touch at corners. */
START_TEST(joined_cells_are_closed)
{
	enum { MOST = 48 };
	double h[MOST * MOST];
	for (uint32_t draw = 0; draw < 60; draw++) {
		size_t ny = 1 + onn_philox_uniform(7, draw, 0, 0) * (MOST - 1);
		size_t nx = 1 + onn_philox_uniform(7, draw, 0, 1) * (MOST - 1);
		onn_grid grid = {ny, nx, 7e-6, 9e-6, 1e-4, -2e-4};
		int levels = 2 + (int)(draw % 3);
		memset(h, 0, sizeof h);
		for (uint32_t k = 0; k < 1 + draw / 3; k++) {
			double at[5];
			for (uint32_t i = 0; i < 5; i++)
				at[i] = onn_philox_uniform(7, draw, 1 + k, i);
			size_t y0 = (size_t)(at[0] * (double)ny), x0 = (size_t)(at[1] * (double)nx);
			size_t y1 = y0 + 1 + (size_t)(at[2] * (double)(ny - y0) / 2);
			size_t x1 = x0 + 1 + (size_t)(at[3] * (double)(nx - x0) / 2);
			for (size_t y = y0; y < y1; y++)
				for (size_t x = x0; x < x1; x++)
					h[y * nx + x] = 1e-6 * floor(levels * at[4]);
		}
		check_solid(&grid, h, 1e-5);
	}
}
END_TEST

/* A mesa needs as many triangles at any size, a ring of steps as many as it has corners. */
START_TEST(flat_cells_are_joined)
{
	enum { SIDE = 90 };
	static double h[SIDE * SIDE];
	size_t first = 0;
	for (size_t n = 9; n <= SIDE; n *= 10) {
		onn_grid grid = {n, n, 1e-6, 1e-6, 0, 0};
		for (size_t i = 0; i < n * n; i++)
			h[i] = i / n >= n / 3 && i / n < 2 * n / 3 && i % n >= n / 3 &&
			               i % n < 2 * n / 3
			           ? 1e-6
			           : 0;
		size_t count = check_solid(&grid, h, 1e-5);
		first = first ? first : count;
		ck_assert_uint_eq(count, first);
		ck_assert_msg(count < 80, "a mesa of %zu triangles", count);
	}
}
END_TEST

/* Differences far below what single precision resolves on this base. */
START_TEST(heights_that_round_to_the_same_number_leave_no_slivers)
{
	double h[400];
	onn_grid grid = {20, 20, 1e-6, 1e-6, 0, 0};
	for (int exponent = -12; exponent > -20; exponent--) {
		for (size_t i = 0; i < COUNT(h); i++)
			h[i] = pow(10, exponent) * onn_philox_uniform(2, 0, 0, (uint32_t)i);
		check_solid(&grid, h, 1e-3);
	}
}
END_TEST

START_TEST(wrong_arguments_are_refused_and_leave_no_file)
{
	double nan_at_2[4] = {0, 0, NAN, 0}, below[4] = {0, -1e-6, 0, 0}, zero[4] = {0};
	onn_array *a, *b, *good, *line;
	onn_grid grid = {2, 2, 1e-3, 1e-3, 0, 0}, other = {2, 3, 1e-3, 1e-3, 0, 0};
	onn_grid far = {2, 2, 1e-6, 1e-6, 0, 100}, wrong = {2, 2, -1e-3, 1e-3, 0, 0};
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 2}, nan_at_2));
	check_ok(onn_array_from(&b, ONN_F64, 2, (size_t[]){2, 2}, below));
	check_ok(onn_array_from(&good, ONN_F64, 2, (size_t[]){2, 2}, zero));
	check_ok(onn_array_from(&line, ONN_F64, 1, (size_t[]){4}, zero));
	check_error(onn_stl_write(path, a, &grid, 1e-3), ONN_ERROR_ARGUMENT, "row 1, column 0");
	check_error(onn_stl_write(path, b, &grid, 1e-3), ONN_ERROR_ARGUMENT, "-1e-06");
	check_error(onn_stl_write(path, good, &grid, 0), ONN_ERROR_ARGUMENT, "base is 0");
	check_error(onn_stl_write(path, good, &other, 1e-3), ONN_ERROR_ARGUMENT, "[2, 3]");
	check_error(onn_stl_write(path, line, &grid, 1e-3), ONN_ERROR_ARGUMENT, "[4] of f64");
	check_error(onn_stl_write(path, NULL, &grid, 1e-3), ONN_ERROR_ARGUMENT, "nothing");
	check_error(onn_stl_write(path, good, &wrong, 1e-3), ONN_ERROR_ARGUMENT, "-0.001");
	check_error(onn_stl_write(path, good, &far, 1e-3), ONN_ERROR_ARGUMENT, "single precision");
	ck_assert(!onn_file_exists(path));
	check_error(
	    onn_stl_write("no/such/folder.stl", good, &grid, 1e-3), ONN_ERROR_FILE, "no/such");
	onn_array_destroy(a);
	onn_array_destroy(b);
	onn_array_destroy(good);
	onn_array_destroy(line);
}
END_TEST

TESTS("stl", a_flat_plate_is_closed, all_ways_of_four_columns_to_meet_are_closed,
    checkerboards_and_random_maps_are_closed, joined_cells_are_closed, flat_cells_are_joined,
    heights_that_round_to_the_same_number_leave_no_slivers,
    wrong_arguments_are_refused_and_leave_no_file)
