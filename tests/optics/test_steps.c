/*
 * The largest phase step of sources and elements against the steps of their own tables, and what a
 * tilt, a lens and a grating that are too fine do.
 */
#include <onn/elements.h>
#include <onn/sampling.h>

#include "light.h"

#define check_steps(s, wanted, part)                                                               \
	do {                                                                                       \
		ck_assert_msg((s).enough == (wanted) && strstr((s).why, part), "%d: %s",           \
		    (s).enough, (s).why);                                                          \
		ck_assert_ptr_null(strchr((s).why, '\n'));                                         \
	} while (0)

static const onn_grid grid = {24, 31, 8e-6, 6e-6, 3e-6, -2e-6};

/* The phase of a field unfolded from its steps, all of which are below half a turn. */
static void check_field(onn_graph *g, onn_field f, const onn_phase_sampling *s, double least)
{
	onn_device *device;
	static number e[24 * 31];
	double step[2] = {0, 0}, peak = 0;
	check_ok(onn_device_create(&device, "reference", NULL));
	ck_assert_msg(f.e.id, "%s", onn_graph_error(g));
	compute(device, g, &f.e, 1, (double *[]){(double *)e});
	onn_device_destroy(device);
	for (size_t i = 0; i < COUNT(e); i++)
		peak = fmax(peak, cabs(e[i]));
	for (size_t y = 0; y < grid.ny; y++)
		for (size_t x = 0; x < grid.nx; x++) {
			number here = e[y * grid.nx + x], up = y ? e[(y - 1) * grid.nx + x] : 0;
			number left = x ? e[y * grid.nx + x - 1] : 0;
			if (cabs(here) < least * peak)
				continue;
			if (y && cabs(up) >= least * peak)
				step[0] = fmax(step[0], fabs(carg(here / up)));
			if (x && cabs(left) >= least * peak)
				step[1] = fmax(step[1], fabs(carg(here / left)));
		}
	for (int axis = 0; axis < 2; axis++)
		ck_assert_msg(fabs(s->step[axis] / step[axis] - 1) < (least > 0 ? .1 : 1e-9),
		    "%s: axis %d: %.12g, the table has %.12g", s->why, axis, s->step[axis],
		    step[axis]);
	ck_assert(s->enough && s->pitch[0] >= grid.dy && s->pitch[1] >= grid.dx);
}

START_TEST(steps_are_those_of_the_tables)
{
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	onn_phase_sampling s;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	check_ok(onn_plane_wave_sampling(&s, &grid, &light, .03, -.02));
	check_field(g, onn_plane_wave(g, &grid, &light, .03, -.02), &s, 0);
	check_ok(onn_point_source_sampling(&s, &grid, &light, 5e-5, -3e-5, 5e-3));
	check_field(g, onn_point_source(g, &grid, &light, 5e-5, -3e-5, 5e-3), &s, 0);
	check_ok(onn_point_source_sampling(&s, &grid, &light, 0, 3e-3, -.2));
	check_field(g, onn_point_source(g, &grid, &light, 0, 3e-3, -.2), &s, 0);
	check_ok(onn_gaussian_beam_sampling(&s, &grid, &light, 14e-6, 1.5e-3));
	check_field(g, onn_gaussian_beam(g, &grid, &light, 14e-6, 1.5e-3), &s, 1e-3);
	onn_field flat = onn_plane_wave(g, &grid, &light, 0, 0);
	check_ok(onn_lens_sampling(&s, &grid, &light, -4e-3, 2e-5, -4e-5));
	check_field(g, onn_thin_lens(g, flat, -4e-3, 2e-5, -4e-5), &s, 0);
	check_ok(onn_grating_sampling(&s, &grid, 4e-5, .4));
	check_field(
	    g, onn_phase_plate(g, flat, onn_blazed_phase(g, ONN_F64, &grid, 4e-5, .4)), &s, 0);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(zernike_s_slope_bounds_its_table)
{
	static double z[101];
	onn_grid line = {1, 101, 1, 1e-5, 0, 0};
	onn_phase_sampling s;
	onn_device *device;
	check_ok(onn_device_create(&device, "reference", NULL));
	static const int order[][2] = {{1, 1}, {2, 0}, {3, 1}, {4, 0}, {4, 2}, {7, 3}, {8, 0}};
	for (size_t k = 0; k < COUNT(order); k++) {
		onn_graph *g;
		double most = 0;
		check_ok(onn_graph_create(&g));
		onn_node map = onn_zernike(g, ONN_F64, &line, order[k][0], order[k][1], 5e-4);
		compute(device, g, &map, 1, (double *[]){z});
		onn_graph_destroy(g);
		for (size_t i = 1; i < COUNT(z); i++)
			most = fmax(most, fabs(z[i] - z[i - 1]));
		check_ok(onn_zernike_sampling(&s, &line, order[k][0], order[k][1], 5e-4, 1));
		ck_assert_msg(
		    s.step[1] >= most * (1 - 1e-12) && s.step[1] < 2 * most && s.step[0] == 0,
		    "(%d, %d): %g, the table has %g", order[k][0], order[k][1], s.step[1], most);
	}
	onn_device_destroy(device);
	check_ok(onn_zernike_sampling(&s, &line, 8, 0, 5e-4, 2));
	check_steps(s, false, "2 rad of Zernike's polynomial (8, 0) turns by up to 4.8");
}
END_TEST

/* A beam of 0.5 mm at 25 mrad goes 2.5005 mm aside in 0.1 m, or the tilt is refused. */
START_TEST(a_tilt_finer_than_two_pixels_is_refused)
{
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	static const struct {
		size_t n;
		bool enough;
	} row[] = {
	    {500, false}, {773, false}, {999, false}, {1000, false}, {1001, true}, {2000, true}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_grid square = onn_grid_square(row[i].n, 20e-3);
		onn_phase_sampling s;
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		check_ok(onn_plane_wave_sampling(&s, &square, &light, 0, 25e-3));
		check_steps(s, row[i].enough, "a plane wave at angles (0, 0.025) rad turns by");
		onn_field f = onn_plane_wave(g, &square, &light, 0, 25e-3);
		ck_assert_int_eq(f.e.id != 0, row[i].enough);
		if (!row[i].enough)
			ck_assert_ptr_nonnull(strstr(onn_graph_error(g),
			    row[i].n == 1000
			        ? "the same tilt as the other way; expected a pitch of at "
			          "most 19.99 um"
			        : "expected a pitch of at most 20 um"));
		ck_assert_double_eq_tol(
		    s.pitch[1], 1e-6 / (2 * sin(25e-3)), row[i].n == 1000 ? 3e-8 : 1e-15);
		onn_graph_destroy(g);
	}
}
END_TEST

START_TEST(what_is_too_fine_names_what_is_not)
{
	onn_light red = onn_monochromatic(ONN_C64, 633e-9), two = {ONN_C64, 2, {1e-6, 500e-9}};
	onn_grid square = onn_grid_square(512, 512 * 8e-6);
	onn_phase_sampling s;
	check_ok(onn_lens_sampling(&s, &square, &red, 8e-3, 0, 0));
	check_steps(s, false, "a focal length of at least 5.167 cm, or light within 316.5 um");
	check_ok(onn_lens_sampling(&s, &square, &red, .0517, 0, 0));
	check_steps(s, true, "a lens of focal length 5.17 cm");
	check_ok(onn_lens_sampling(&s, &square, &red, INFINITY, 0, 0));
	ck_assert(s.enough && s.step[0] == 0 && isinf(s.pitch[1]));
	/* of two wavelengths the shorter turns more */
	check_ok(onn_plane_wave_sampling(&s, &square, &two, .04, 0));
	check_steps(s, false,
	    "(y); at most half a turn, 3.142 rad, is sampled; expected a pitch of at most 6.2");
	check_ok(onn_point_source_sampling(&s, &square, &red, 0, 0, 8e-3));
	check_steps(s, false, "a point source 8 mm before the plane");
	check_ok(onn_gaussian_beam_sampling(&s, &square, &red, 9e-6, 0));
	check_steps(s, false,
	    "a Gaussian beam of 9 um at its waist has a radius of 9 um here, too narrow for such "
	    "pixels; expected a pitch of at most 5.379 um (y), 5.379 um (x)");
	check_ok(onn_gaussian_beam_sampling(&s, &square, &red, 9e-6, 10e-3));
	check_steps(s, false, "a Gaussian beam");
	check_ok(onn_grating_sampling(&s, &square, 15e-6, 0));
	check_steps(s, false, "a grating of period 15 um turns by up to 3.351 rad");
	check_ok(onn_grating_sampling(&s, &square, 16e-6, PI / 2));
	check_steps(s, true, "(y)");
	onn_misalignment m = ONN_MISALIGNMENT_INIT;
	m.tilt = 12e-3;
	check_ok(onn_misalignment_sampling(&s, &square, &red, &m));
	check_steps(s, true, "a tilt of three deviations of 0.012 rad");
	m.tilt = 14e-3;
	check_ok(onn_misalignment_sampling(&s, &square, &red, &m));
	check_steps(s, false, "a pitch of at most 7.5");
	/* an axis of one pixel has no neighbours */
	onn_grid column = {64, 1, 8e-6, 8e-6, 0, 0};
	check_ok(onn_plane_wave_sampling(&s, &column, &red, 0, .5));
	ck_assert(s.enough && s.step[1] == 0);
}
END_TEST

enum { ACROSS = 128 };

/* A row of 1 or ACROSS of a mode, at x0: HG (0, n) on one row, or LG (p, l). */
static void mode_rows(
    number *e, onn_device *device, const onn_grid *at, const int order[3], double z)
{
	onn_light light = onn_monochromatic(ONN_C128, 1e-6);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = order[0] ? onn_laguerre_gauss(g, at, &light, order[1], order[2], 1e-4, z)
	                       : onn_hermite_gauss(g, at, &light, order[1], order[2], 1e-4, z);
	compute(device, g, &f.e, 1, (double *[]){(double *)e});
	onn_graph_destroy(g);
}

/* How far a mode between its pixels is from what its pixels say of it, over its largest value. */
static double between(onn_device *device, const onn_grid *at, const int order[3], double z)
{
	static number e[ACROSS * ACROSS], middle[ACROSS * ACROSS];
	onn_grid shifted = *at;
	double most = 0, peak = 0;
	shifted.x0 += at->dx / 2;
	mode_rows(e, device, at, order, z);
	mode_rows(middle, device, &shifted, order, z);
	for (size_t i = 0; i < at->ny * ACROSS; i++) {
		number sum = 0;
		for (size_t k = 0; k < ACROSS; k++) {
			double t = (double)PI * ((double)(i % ACROSS) + .5 - (double)k);
			sum += e[i / ACROSS * ACROSS + k] * (sin(t) / t);
		}
		most = fmax(most, cabs(sum - middle[i]));
		peak = fmax(peak, cabs(middle[i]));
	}
	return most / peak;
}

START_TEST(modes_are_sampled_up_to_the_pitch_that_is_named)
{
	/* Laguerre-Gauss or not, orders, distance in Rayleigh lengths */
	static const int row[][4] = {{0, 0, 0, 0}, {0, 0, 1, 0}, {0, 0, 3, 0}, {0, 0, 12, 0},
	    {0, 0, 12, 1}, {0, 0, 30, 0}, {0, 0, 3, 2}, {1, 0, 1, 0}, {1, 2, 1, 0}, {1, 0, 6, 0},
	    {1, 0, -6, 1}};
	onn_light light = onn_monochromatic(ONN_C128, 1e-6);
	onn_device *device;
	check_ok(onn_device_create(&device, "c", NULL));
	for (size_t i = 0; i < COUNT(row); i++) {
		const int *order = row[i];
		double z = order[3] * (double)PI * 1e-8 / 1e-6;
		onn_grid at = {order[0] ? ACROSS : 1, ACROSS, 1.5e-5, 1.5e-5, 0, 0};
		onn_phase_sampling s;
		for (int turn = 0; turn < 2; turn++) { /* the pitch, and then on it */
			check_ok(order[0] ? onn_laguerre_gauss_sampling(
			                        &s, &at, &light, order[1], order[2], 1e-4, z)
			                  : onn_hermite_gauss_sampling(
			                        &s, &at, &light, order[1], order[2], 1e-4, z));
			if (turn)
				break;
			at.dx = at.dy = .999 * s.pitch[1];
		}
		ck_assert_msg(s.enough, "%zu: %s", i, s.why);
		double fine = between(device, &at, order, z);
		at.dx = at.dy = 2 * at.dx;
		double coarse = between(device, &at, order, z);
		ck_assert_msg(
		    fine <= 1e-2 && coarse > 2e-2, "%zu: %g and %g, %s", i, fine, coarse, s.why);
	}
	onn_device_destroy(device);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	onn_light light = onn_monochromatic(ONN_C64, 1e-6), none = {ONN_C64, 0, {0}};
	onn_grid empty = {0, 1, 1, 1, 0, 0};
	onn_misalignment m = ONN_MISALIGNMENT_INIT;
	onn_phase_sampling s;
	check_error(onn_plane_wave_sampling(&s, &empty, &light, 0, 0), ONN_ERROR_ARGUMENT, "0 x 1");
	check_error(onn_plane_wave_sampling(&s, &grid, &none, 0, 0), ONN_ERROR_ARGUMENT, "0 wave");
	check_error(onn_plane_wave_sampling(&s, &grid, &light, 1.5, 1.5), ONN_ERROR_ARGUMENT,
	    "onn_plane_wave_sampling: expected angles");
	check_error(
	    onn_point_source_sampling(&s, &grid, &light, 0, 0, 0), ONN_ERROR_ARGUMENT, "not 0");
	check_error(
	    onn_gaussian_beam_sampling(&s, &grid, &light, -1, 0), ONN_ERROR_ARGUMENT, "w0 > 0");
	check_error(onn_hermite_gauss_sampling(&s, &grid, &light, 0, 1001, 1e-4, 0),
	    ONN_ERROR_ARGUMENT, "onn_hermite_gauss_sampling: expected finite w0");
	check_error(onn_laguerre_gauss_sampling(&s, &grid, &light, -1, 0, 1e-4, 0),
	    ONN_ERROR_ARGUMENT, "orders that the source takes");
	check_error(onn_lens_sampling(&s, &grid, &light, 0, 0, 0), ONN_ERROR_ARGUMENT, "not 0");
	check_error(onn_grating_sampling(&s, &grid, 0, 0), ONN_ERROR_ARGUMENT, "period > 0");
	check_error(onn_zernike_sampling(&s, &grid, 2, 1, 1, 1), ONN_ERROR_ARGUMENT, "even");
	m.tilt = -1;
	check_error(onn_misalignment_sampling(&s, &grid, &light, &m), ONN_ERROR_ARGUMENT,
	    "a tilt of -1 rad");
	m.size = 4;
	check_error(onn_misalignment_sampling(&s, &grid, &light, &m), ONN_ERROR_ARGUMENT,
	    "ONN_MISALIGNMENT_INIT");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {steps_are_those_of_the_tables,
	    zernike_s_slope_bounds_its_table, a_tilt_finer_than_two_pixels_is_refused,
	    what_is_too_fine_names_what_is_not, modes_are_sampled_up_to_the_pitch_that_is_named,
	    wrong_arguments_are_refused, NULL};
	return run_tests("steps", tests);
}
