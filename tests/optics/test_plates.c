/* Plates, lenses, apertures, gratings and Zernike polynomials. */
#include <onn/elements.h>

#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;

/* A node's numbers; complex ones as pairs. */
static double *numbers(onn_graph *g, onn_node x)
{
	ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
	size_t n = onn_node_count(g, x) * (onn_type_is_complex(onn_node_type(g, x)) ? 2 : 1);
	double *value = calloc(n + 1, sizeof *value);
	compute(device, g, &x, 1, &value);
	return value;
}

static onn_graph *graph(void)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	return g;
}

/* A field of ones. */
static onn_field lit(onn_graph *g, const onn_grid *grid, const onn_light *light)
{
	return onn_plane_wave(g, grid, light, 0, 0);
}

static size_t lit_pixels(const onn_grid *grid, double radius, double y, double x)
{
	onn_graph *g = graph();
	double *mask = numbers(g, onn_circular_mask(g, ONN_F32, grid, radius, y, x));
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
	onn_graph *g = graph();
	onn_grid grid = {16, 16, .1e-3, .3e-3, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	onn_field out = onn_rectangular_aperture(g, lit(g, &grid, &light), 1.2e-3, 1.2e-3, 0, 0);
	double *e = numbers(g, out.e);
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

/* ---- plates ---- */

START_TEST(plates_of_two_wavelengths_turn_each_by_its_own_phase)
{
	static const double h[] = {0, 1e-7, 5e-7, 2e-6, 1e-6, 3e-7}, n = 1.46;
	onn_graph *g = graph();
	onn_grid grid = {2, 3, 1e-5, 2e-5, 0, 0};
	onn_light light = {.type = ONN_C128, .nwavelengths = 2, .wavelength = {500e-9, 633e-9}};
	onn_node height = constant_of(g, ONN_F64, 2, (size_t[]){2, 3}, h);
	onn_field in = lit(g, &grid, &light);
	double *by_height = numbers(g, onn_height_plate(g, in, height, n).e);
	double *by_phase = numbers(g, onn_phase_plate(g, in, onn_mul_real(g, height, 1e6)).e);
	double *by_lens = numbers(g, onn_thin_lens(g, in, .02, 1e-5, -3e-5).e);
	for (size_t w = 0; w < 2; w++)
		for (size_t i = 0; i < 6; i++) {
			double phase = 2 * pi * (n - 1) * h[i] / light.wavelength[w];
			double y = 1e-5 * (double)(i / 3) - 1e-5 - 1e-5;
			double x = 2e-5 * (double)(i % 3) - 2e-5 + 3e-5;
			double bent = -pi * (y * y + x * x) / (light.wavelength[w] * .02);
			size_t at = 2 * (6 * w + i);
			check_near(by_height[at], cos(phase), 1e-14);
			check_near(by_height[at + 1], sin(phase), 1e-14);
			check_near(by_phase[at], cos(1e6 * h[i]), 1e-14);
			check_near(by_phase[at + 1], sin(1e6 * h[i]), 1e-14);
			check_near(by_lens[at], cos(bent), 1e-14);
			check_near(by_lens[at + 1], sin(bent), 1e-14);
		}
	free(by_height);
	free(by_phase);
	free(by_lens);
	onn_graph_destroy(g);
}
END_TEST

/* A plane wave behind a lens, a focal length on: the light is where the focus is. */
START_TEST(a_lens_focuses_where_it_should)
{
	onn_graph *g = graph();
	onn_grid grid = onn_grid_square(128, 128 * 10e-6);
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	double f = .05, y = 80e-6, x = -50e-6;
	onn_field field = onn_circular_aperture(g, lit(g, &grid, &light), 400e-6, y, x);
	field = onn_propagate(g, onn_thin_lens(g, field, f, y, x), f, &how);
	double *i = numbers(g, onn_intensity(g, field));
	size_t brightest = 0;
	for (size_t k = 0; k < 128 * 128; k++)
		brightest = i[k] > i[brightest] ? k : brightest;
	ck_assert_uint_eq(brightest, (64 + 8) * 128 + 64 - 5);
	/* Airy's peak: (pi a^2/(lambda f))^2, but for the pixels of the edge */
	double peak = pow(pi * 400e-6 * 400e-6 / (633e-9 * f), 2);
	check_near(i[brightest], peak, .02 * peak);
	free(i);
	onn_graph_destroy(g);
}
END_TEST

typedef struct bench {
	int kind;
	onn_light light;
} bench;

/* The intensity a little behind a plate. */
static onn_node behind(onn_graph *g, onn_node x, const void *argument)
{
	const bench *b = argument;
	onn_grid grid = {4, 5, 2e-6, 3e-6, 0, 0};
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	onn_field field = onn_plane_wave(g, &grid, &b->light, .03, -.02);
	field = b->kind == 0   ? onn_phase_plate(g, field, x)
	        : b->kind == 1 ? onn_complex_plate(g, field, x)
	                       : onn_height_plate(g, field, onn_mul_real(g, x, 1e-6), 1.5);
	return onn_intensity(g, onn_propagate(g, field, 20e-6, &how));
}

START_TEST(gradients_with_respect_to_plates_agree_with_differences)
{
	double x[40];
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = sin(3. * (double)i) + .3;
	bench b = {0, onn_monochromatic(ONN_C128, 633e-9)};
	for (b.kind = 0; b.kind < 3; b.kind++)
		check_derivative(device, behind, &b, b.kind == 1 ? ONN_C128 : ONN_F64, 2,
		    (size_t[]){4, 5}, x, 1e-5, 1e-8);
	b.light.nwavelengths = 2;
	b.light.wavelength[1] = 500e-9;
	b.kind = 2;
	check_derivative(device, behind, &b, ONN_F64, 2, (size_t[]){4, 5}, x, 1e-5, 1e-8);
}
END_TEST

/* ---- phases ---- */

START_TEST(gratings_jump_on_all_periods_alike)
{
	onn_graph *g = graph();
	onn_grid grid = {40, 60, .1e-3, .1e-3, 0, 0};
	double *blazed = numbers(g, onn_blazed_phase(g, ONN_F64, &grid, .6e-3, 0));
	double *binary = numbers(g, onn_binary_phase(g, ONN_F64, &grid, .4e-3, pi / 2, 2.5));
	double *sine = numbers(g, onn_sine_phase(g, ONN_F64, &grid, .8e-3, pi / 6, 3));
	for (int iy = 0; iy < 40; iy++)
		for (int ix = 0; ix < 60; ix++) {
			size_t at = (size_t)(60 * iy + ix);
			double t =
			    (.1 * (ix - 30) * cos(pi / 6) + .1 * (iy - 20) * sin(pi / 6)) / .8;
			check_near(blazed[at], 2 * pi * (ix % 6) / 6., 1e-12);
			ck_assert(binary[at] == ((iy % 4) < 2 ? 0 : 2.5));
			check_near(sine[at], 1.5 + 1.5 * sin(2 * pi * t), 1e-8);
		}
	free(blazed);
	free(binary);
	free(sine);
	onn_graph_destroy(g);
}
END_TEST

/* Mean of products over the disc: 1 for equal polynomials, 0 for others, to the error of summing
 * over pixels. */
START_TEST(zernike_polynomials_are_orthonormal)
{
	enum { SIDE = 201, ORDER = 6, MOST = 28 };
	onn_graph *g = graph();
	onn_grid grid = onn_grid_square(SIDE, 2.);
	double *z[MOST];
	int count = 0;
	for (int n = 0; n <= ORDER; n++)
		for (int m = -n; m <= n; m += 2)
			z[count++] = numbers(g, onn_zernike(g, ONN_F64, &grid, n, m, .99));
	ck_assert(count == MOST);
	double inside = 0;
	for (size_t i = 0; i < SIDE * SIDE; i++)
		inside += z[0][i];
	for (int a = 0; a < MOST; a++)
		for (int b = 0; b <= a; b++) {
			double sum = 0;
			for (size_t i = 0; i < SIDE * SIDE; i++)
				sum += z[a][i] * z[b][i];
			check_near(sum / inside, a == b, .02);
		}
	for (int a = 0; a < MOST; a++)
		free(z[a]);
	onn_graph_destroy(g);
}
END_TEST

/* Noll, J. Opt. Soc. Am. 66, 207 (1976): defocus, coma, spherical; and the edge, where R = 1. */
START_TEST(zernike_polynomials_have_nolls_values)
{
	onn_graph *g = graph();
	onn_grid grid = {3, 3, .3, .4, 0, 0};
	double *defocus = numbers(g, onn_zernike(g, ONN_F64, &grid, 2, 0, 1));
	double *coma = numbers(g, onn_zernike(g, ONN_F64, &grid, 3, -1, 1));
	double *spherical = numbers(g, onn_zernike(g, ONN_F64, &grid, 4, 0, .5));
	double *high = numbers(g, onn_zernike(g, ONN_F64, &grid, 60, 20, .5));
	double r = .5, theta = atan2(.3, .4);
	check_near(defocus[8], sqrt(3) * (2 * r * r - 1), 1e-14);
	check_near(coma[8], sqrt(8) * (3 * r * r * r - 2 * r) * sin(theta), 1e-14);
	check_near(spherical[4], sqrt(5), 1e-14);
	check_near(spherical[8], sqrt(5), 1e-13); /* on the edge */
	check_near(high[8], sqrt(122) * cos(20 * theta), 1e-10);
	ck_assert(high[4] == 0);
	free(defocus);
	free(coma);
	free(spherical);
	free(high);
	onn_graph_destroy(g);
}
END_TEST

/* ---- errors ---- */

#define WRONG(part, call)                                                                          \
	do {                                                                                       \
		onn_graph *g = graph();                                                            \
		onn_field field = lit(g, &grid, &light);                                           \
		onn_node real = onn_iota(g, ONN_F64, 3);                                           \
		(void)field, (void)real;                                                           \
		call;                                                                              \
		ck_assert_msg(                                                                     \
		    onn_graph_status(g) == ONN_ERROR_ARGUMENT && strstr(onn_graph_error(g), part), \
		    "%s: no \"%s\" in: %s", #call, part, onn_graph_error(g));                      \
		onn_graph_destroy(g);                                                              \
	} while (0)

START_TEST(wrong_arguments_are_refused)
{
	onn_grid grid = {4, 4, 1e-6, 1e-6, 0, 0}, bad = {4, 4, 0, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	WRONG("onn_phase_plate: phase is c64", onn_phase_plate(g, field, field.e));
	WRONG("[3]", onn_phase_plate(g, field, real));
	WRONG("onn_height_plate: refractive index is nan", onn_height_plate(g, field, real, NAN));
	WRONG("onn_thin_lens: focal length 0", onn_thin_lens(g, field, 0, 0, 0));
	WRONG("onn_circular_mask: radius 0", onn_circular_aperture(g, field, 0, 0, 0));
	WRONG("onn_circular_mask: radius nan", onn_circular_mask(g, ONN_F32, &grid, NAN, 0, 0));
	WRONG("type is c64", onn_circular_mask(g, ONN_C64, &grid, 1, 0, 0));
	WRONG("pitch is 0", onn_circular_mask(g, ONN_F32, &bad, 1, 0, 0));
	WRONG("onn_rectangular_mask: -1 m", onn_rectangular_aperture(g, field, -1, 1, 0, 0));
	WRONG("onn_blazed_phase: period 0", onn_blazed_phase(g, ONN_F32, &grid, 0, 0));
	WRONG("onn_binary_phase: period 1", onn_binary_phase(g, ONN_F32, &grid, 1, NAN, 0));
	WRONG("onn_sine_phase: period 1", onn_sine_phase(g, ONN_F32, &grid, 1, 0, INFINITY));
	WRONG("order 2, azimuthal frequency 1", onn_zernike(g, ONN_F32, &grid, 2, 1, 1));
	WRONG("order -1", onn_zernike(g, ONN_F32, &grid, -1, 1, 1));
	WRONG("radius is 0", onn_zernike(g, ONN_F32, &grid, 2, 0, 0));
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	int failed = run_tests("plates",
	    (const TTest *[]){circles_hold_the_pixels_on_their_edge,
	        circles_about_half_pixels_and_of_other_pitches_are_symmetric,
	        rectangles_hold_the_pixels_on_their_edge,
	        plates_of_two_wavelengths_turn_each_by_its_own_phase,
	        a_lens_focuses_where_it_should,
	        gradients_with_respect_to_plates_agree_with_differences,
	        gratings_jump_on_all_periods_alike, zernike_polynomials_are_orthonormal,
	        zernike_polynomials_have_nolls_values, wrong_arguments_are_refused, NULL});
	onn_device_destroy(device);
	return failed;
}
