/* Apertures: which pixels they let through. */
#include <onn/elements.h>

#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;

/* A field of ones. */
static onn_field lit(onn_graph *g, const onn_grid *grid, const onn_light *light)
{
	return onn_plane_wave(g, grid, light, 0, 0);
}

static size_t lit_pixels(const onn_grid *grid, double radius, double y, double x)
{
	onn_graph *g = new_graph();
	double *mask = numbers_of(device, g, onn_circular_mask(g, ONN_F32, grid, radius, y, x));
	size_t count = 0;
	for (size_t i = 0; i < grid->ny * grid->nx; i++) {
		ck_assert(mask[i] == 0 || mask[i] == 1);
		count += mask[i] == 1;
	}
	free(mask);
	onn_graph_destroy(g);
	return count;
}

/* Points of whole coordinates within a circle (Gauss's problem): 5 at radius 1, 81 at 5, 317 at 10,
 * 3209 at 32, 31417 at 100. */
START_TEST(circles_hold_the_pixels_on_their_edge)
{
	static const struct {
		size_t radius, count;
	} row[] = {{1, 5}, {5, 81}, {10, 317}, {32, 3209}, {100, 31417}};
	static const double pitch[] = {32e-3 / 128, 1e-6, 8e-6, .1 / 3, 1. / 7, 633e-9};
	for (size_t i = 0; i < COUNT(row); i++)
		for (size_t k = 0; k < COUNT(pitch); k++) {
			size_t n = 2 * row[i].radius + 3 + (k & 1);
			onn_grid grid = {n, n, pitch[k], pitch[k], 0, 0};
			double r = (double)row[i].radius * pitch[k];
			ck_assert_uint_eq(lit_pixels(&grid, r, 0, 0), row[i].count);
			/* the same about another pixel, and on a grid that lies elsewhere */
			onn_grid wide = {n + 4, n + 4, pitch[k], pitch[k], 0, 0};
			ck_assert_uint_eq(lit_pixels(&wide, r, pitch[k], -pitch[k]), row[i].count);
			wide.y0 = 17 * pitch[k];
			ck_assert_uint_eq(lit_pixels(&wide, r, 18 * pitch[k], 0), row[i].count);
		}
	onn_grid generator = onn_grid_square(128, 32e-3);
	ck_assert_uint_eq(lit_pixels(&generator, 8e-3, 0, 0), 3209);
}
END_TEST

START_TEST(circles_about_half_pixels_and_of_other_pitches_are_symmetric)
{
	/* 2.5 pixels about a corner of pixels: (2 y)^2 + (2 x)^2 <= 25 in odd numbers, 3^2 + 3^2
	 * and 1 + 9 but also 25 = 3^2 + 4^2 has no odd pair: 4 + 8 + 4 */
	onn_grid grid = {8, 8, 2e-6, 2e-6, 1e-6, 1e-6};
	ck_assert_uint_eq(lit_pixels(&grid, 5e-6, 0, 0), 16);
	/* twice as many columns as rows: (2 y)^2 + x^2 <= 100 */
	onn_grid fine = {21, 41, 2e-6, 1e-6, 0, 0};
	size_t count = 0;
	for (int y = -10; y <= 10; y++)
		for (int x = -20; x <= 20; x++)
			count += 4 * y * y + x * x <= 100;
	ck_assert_uint_eq(lit_pixels(&fine, 10e-6, 0, 0), count);
	/* no simple ratio: as rounding has it, but round */
	onn_grid odd = {101, 101, 1e-6, 1e-6 * sqrt(2), 0, 0};
	double area = pi * 40 * 40 / sqrt(2);
	check_near((double)lit_pixels(&odd, 40e-6, 0, 0), area, .01 * area);
	/* much smaller than a pixel */
	ck_assert_uint_eq(lit_pixels(&grid, 1e-18, 0, 0), 0);
	grid.y0 = grid.x0 = 0;
	ck_assert_uint_eq(lit_pixels(&grid, 1e-18, 0, 0), 1);
}
END_TEST

START_TEST(rectangles_hold_the_pixels_on_their_edge)
{
	onn_graph *g = new_graph();
	onn_grid grid = {16, 16, .1e-3, .3e-3, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	onn_field out = onn_rectangular_aperture(g, lit(g, &grid, &light), 1.2e-3, 1.2e-3, 0, 0);
	double *e = numbers_of(device, g, out.e);
	for (size_t iy = 0; iy < 16; iy++)
		for (size_t ix = 0; ix < 16; ix++) {
			bool inside = iy >= 2 && iy <= 14 && ix >= 6 && ix <= 10;
			ck_assert(
			    e[2 * (16 * iy + ix)] == inside && e[2 * (16 * iy + ix) + 1] == 0);
		}
	free(e);
	onn_graph_destroy(g);
}
END_TEST

/* ---- errors ---- */

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(part, call, onn_field field = lit(g, &grid, &light); (void)field)

START_TEST(wrong_arguments_are_refused)
{
	onn_grid grid = {4, 4, 1e-6, 1e-6, 0, 0}, bad = {4, 4, 0, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	WRONG("onn_circular_mask: radius 0", onn_circular_aperture(g, field, 0, 0, 0));
	WRONG("onn_circular_mask: radius nan", onn_circular_mask(g, ONN_F32, &grid, NAN, 0, 0));
	WRONG("type is c64", onn_circular_mask(g, ONN_C64, &grid, 1, 0, 0));
	WRONG("pitch is 0", onn_circular_mask(g, ONN_F32, &bad, 1, 0, 0));
	WRONG("onn_rectangular_mask: -1 m", onn_rectangular_aperture(g, field, -1, 1, 0, 0));
}
END_TEST

TESTS_ON_DEVICE("aperture", circles_hold_the_pixels_on_their_edge,
    circles_about_half_pixels_and_of_other_pitches_are_symmetric,
    rectangles_hold_the_pixels_on_their_edge, wrong_arguments_are_refused)
