/* Phases of gratings, and Zernike polynomials. */
#include <onn/elements.h>

#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;

START_TEST(gratings_jump_on_all_periods_alike)
{
	onn_graph *g = new_graph();
	onn_grid grid = {40, 60, .1e-3, .1e-3, 0, 0};
	double *blazed = numbers_of(device, g, onn_blazed_phase(g, ONN_F64, &grid, .6e-3, 0));
	double *binary =
	    numbers_of(device, g, onn_binary_phase(g, ONN_F64, &grid, .4e-3, pi / 2, 2.5));
	double *sine = numbers_of(device, g, onn_sine_phase(g, ONN_F64, &grid, .8e-3, pi / 6, 3));
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
	onn_graph *g = new_graph();
	onn_grid grid = onn_grid_square(SIDE, 2.);
	double *z[MOST];
	int count = 0;
	for (int n = 0; n <= ORDER; n++)
		for (int m = -n; m <= n; m += 2)
			z[count++] =
			    numbers_of(device, g, onn_zernike(g, ONN_F64, &grid, n, m, .99));
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
	onn_graph *g = new_graph();
	onn_grid grid = {3, 3, .3, .4, 0, 0};
	double *defocus = numbers_of(device, g, onn_zernike(g, ONN_F64, &grid, 2, 0, 1));
	double *coma = numbers_of(device, g, onn_zernike(g, ONN_F64, &grid, 3, -1, 1));
	double *spherical = numbers_of(device, g, onn_zernike(g, ONN_F64, &grid, 4, 0, .5));
	double *high = numbers_of(device, g, onn_zernike(g, ONN_F64, &grid, 60, 20, .5));
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

#define WRONG(part, call) check_refused_in_new_graph(part, call, (void)0)

START_TEST(wrong_arguments_are_refused)
{
	onn_grid grid = {4, 4, 1e-6, 1e-6, 0, 0};
	WRONG("onn_blazed_phase: period 0", onn_blazed_phase(g, ONN_F32, &grid, 0, 0));
	WRONG("onn_binary_phase: period 1", onn_binary_phase(g, ONN_F32, &grid, 1, NAN, 0));
	WRONG("onn_sine_phase: period 1", onn_sine_phase(g, ONN_F32, &grid, 1, 0, INFINITY));
	WRONG("order 2, azimuthal frequency 1", onn_zernike(g, ONN_F32, &grid, 2, 1, 1));
	WRONG("order -1", onn_zernike(g, ONN_F32, &grid, -1, 1, 1));
	WRONG("radius is 0", onn_zernike(g, ONN_F32, &grid, 2, 0, 0));
}
END_TEST

TESTS_ON_DEVICE("phases", gratings_jump_on_all_periods_alike, zernike_polynomials_are_orthonormal,
    zernike_polynomials_have_nolls_values, wrong_arguments_are_refused)
