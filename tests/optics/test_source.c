/*
 * Grids, fields and sources: coordinates, values, norms, wrong arguments.
 */
#include "light.h"

static onn_device *device;

/* The builder, on the graph `broken`, gives the null node and an error with that part. */
#define refuse(builder, part)                                                                      \
	do {                                                                                       \
		onn_graph *broken;                                                                 \
		check_ok(onn_graph_create(&broken));                                               \
		ck_assert_uint_eq((builder).id, 0);                                                \
		ck_assert_int_eq(onn_graph_status(broken), ONN_ERROR_ARGUMENT);                    \
		ck_assert_msg(strstr(onn_graph_error(broken), part), "no \"%s\" in: %s", part,     \
		    onn_graph_error(broken));                                                      \
		onn_graph_destroy(broken);                                                         \
	} while (0)

/* ---- grids ---- */

START_TEST(the_axis_is_at_index_n_2)
{
	onn_grid grid = {4, 5, 2e-6, 3e-6, 1e-5, -2e-5};
	double y[4], x[5], r2[20];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node[3] = {onn_grid_y(g, ONN_F64, &grid), onn_grid_x(g, ONN_F64, &grid),
	    onn_grid_r2(g, ONN_F64, &grid)};
	ck_assert_uint_eq(onn_node_shape(g, node[0])[1], 1);
	ck_assert_uint_eq(onn_node_shape(g, node[1])[0], 1);
	compute(device, g, node, 3, (double *[]){y, x, r2});
	onn_graph_destroy(g);
	for (int iy = 0; iy < 4; iy++)
		for (int ix = 0; ix < 5; ix++) {
			check_near(y[iy], 1e-5 + (iy - 2) * 2e-6, 1e-20);
			check_near(x[ix], -2e-5 + (ix - 2) * 3e-6, 1e-20);
			check_near(r2[5 * iy + ix], y[iy] * y[iy] + x[ix] * x[ix], 1e-24);
		}
	onn_grid square = onn_grid_square(128, 32e-3);
	ck_assert(
	    square.ny == 128 && square.nx == 128 && square.dy == .25e-3 && square.dx == .25e-3);
	ck_assert(square.y0 == 0 && square.x0 == 0);
	check_ok(onn_grid_check(&square));
}
END_TEST

START_TEST(wrong_grids_are_refused)
{
	static const struct {
		onn_grid grid;
		const char *text;
	} row[] = {
	    {{0, 5, 1, 1, 0, 0}, "0 x 5 pixels"},
	    {{5, 0, 1, 1, 0, 0}, "5 x 0 pixels"},
	    {{5, 5, -1e-6, 1, 0, 0}, "the pitch is -1e-06 x 1 m"},
	    {{5, 5, 1, 0, 0, 0}, "the pitch is 1 x 0 m"},
	    {{5, 5, 1, NAN, 0, 0}, "nan"},
	    {{5, 5, INFINITY, 1, 0, 0}, "inf"},
	    {{5, 5, 1, 1, NAN, 0}, "centre is at (nan, 0)"},
	    {{SIZE_MAX / 4, 8, 1, 1, 0, 0}, "pixels (y, x); expected fewer than 2^"},
	};
	onn_light light = onn_monochromatic(ONN_C64, 550e-9);
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(onn_grid_check(&row[i].grid), ONN_ERROR_ARGUMENT, row[i].text);
		refuse(onn_plane_wave(broken, &row[i].grid, &light, 0, 0).e, row[i].text);
		refuse(onn_grid_y(broken, ONN_F32, &row[i].grid), row[i].text);
	}
	check_error(onn_grid_check(NULL), ONN_ERROR_ARGUMENT, "no grid");
	onn_grid good = onn_grid_square(4, 1);
	refuse(onn_grid_x(broken, ONN_C64, &good), "type is c64; expected f32 or f64");
	refuse(onn_grid_r2(broken, ONN_I32, &good), "onn_grid_r2: type is i32");
}
END_TEST

/* ---- fields ---- */

START_TEST(wrong_lights_and_shapes_are_refused)
{
	onn_grid grid = onn_grid_square(4, 1e-5);
	onn_light good = onn_monochromatic(ONN_C64, 550e-9), bad = good;
	bad.type = ONN_F32;
	refuse(onn_plane_wave(broken, &grid, &bad, 0, 0).e, "type is f32; expected c64 or c128");
	bad = onn_monochromatic(ONN_C64, -1);
	refuse(onn_plane_wave(broken, &grid, &bad, 0, 0).e, "wavelength 0 is -1 m");
	bad = onn_monochromatic(ONN_C64, NAN);
	refuse(onn_plane_wave(broken, &grid, &bad, 0, 0).e, "wavelength 0 is nan m");
	bad.nwavelengths = 0;
	refuse(onn_plane_wave(broken, &grid, &bad, 0, 0).e, "0 wavelengths; expected 1 to 16");
	bad.nwavelengths = 17;
	refuse(onn_plane_wave(broken, &grid, &bad, 0, 0).e, "17 wavelengths; expected 1 to 16");
	refuse(onn_plane_wave(broken, &grid, NULL, 0, 0).e, "no light");
	refuse(onn_field_of(broken, onn_iota(broken, ONN_F32, 4), &grid, &good).e,
	    "e is [4]; expected its last axes to be [4, 4]");
	bad = (onn_light){ONN_C64, 2, {5e-7, 6e-7}};
	refuse(
	    onn_field_of(broken, onn_full(broken, ONN_F32, 2, (size_t[]){4, 4}, 1), &grid, &bad).e,
	    "expected its last axes to be [2, 4, 4]");
	refuse(onn_field_of(broken, ONN_NULL_NODE, &grid, &good).e, "node 0 is given");
	/* a field put together by hand is checked where it is used */
	refuse(onn_intensity(broken,
	           (onn_field){onn_full(broken, ONN_F32, 2, (size_t[]){4, 4}, 1), grid, good}),
	    "onn_intensity: e is f32 in light of c64");
	refuse(
	    onn_propagate(broken, (onn_field){onn_scalar(broken, ONN_C64, 1), grid, good}, 1, NULL)
	        .e,
	    "onn_propagate: e is []");
	refuse(onn_field_from_array(broken, NULL, &grid, &good).e, "no array");
}
END_TEST

START_TEST(an_error_that_stands_is_kept)
{
	onn_grid grid = onn_grid_square(4, 1e-5), none = {0, 0, 0, 0, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 550e-9);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = onn_plane_wave(g, &none, &light, 0, 0);
	f = onn_propagate(g, onn_field_pad(g, f, 2, 2), 1, NULL);
	ck_assert_uint_eq(onn_power(g, f).id, 0);
	ck_assert_uint_eq(onn_gaussian_beam(g, &grid, &light, -1, 0).e.id, 0);
	ck_assert(strstr(onn_graph_error(g), "onn_plane_wave: the grid has 0 x 0 pixels"));
	onn_graph_destroy(g);
}
END_TEST

START_TEST(arrays_become_fields)
{
	onn_grid grid = {2, 3, 2e-6, 3e-6, 0, 0};
	onn_light one = onn_monochromatic(ONN_C128, 5e-7);
	onn_light many = {ONN_C128, 2, {5e-7, 6e-7}};
	static const double amplitude[] = {1, 2, 3, 4, 5, 6};
	double e[12], phase[24], intensity[6], power[1], both[2];
	onn_array *a = array_of(ONN_F32, 2, (size_t[]){2, 3}, amplitude);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = onn_field_from_array(g, a, &grid, &one);
	onn_field p = onn_field_from_phase(g, a, &grid, &many);
	onn_node node[] = {f.e, p.e, onn_intensity(g, f), onn_power(g, f),
	    onn_power(g, onn_field_from_array(g, a, &grid, &many))};
	compute(device, g, node, 5, (double *[]){e, phase, intensity, power, both});
	for (int i = 0; i < 6; i++) {
		ck_assert(e[2 * i] == amplitude[i] && e[2 * i + 1] == 0);
		ck_assert(intensity[i] == amplitude[i] * amplitude[i]);
		for (int w = 0; w < 2; w++) {
			check_near(phase[12 * w + 2 * i], cos(amplitude[i]), 1e-15);
			check_near(phase[12 * w + 2 * i + 1], sin(amplitude[i]), 1e-15);
		}
	}
	check_near(power[0], 91 * 6e-12, 1e-24);
	ck_assert(both[0] == power[0] && both[1] == power[0]);
	onn_graph_destroy(g);
	onn_array_destroy(a);
	a = array_of(ONN_C64, 2, (size_t[]){2, 3}, (double[12]){0});
	refuse(onn_field_from_phase(broken, a, &grid, &one).e,
	    "the phase is c64; expected a real type");
	grid.nx = 4;
	refuse(onn_field_from_array(broken, a, &grid, &one).e,
	    "e is [2, 3]; expected its last axes to be [2, 4]");
	refuse(onn_field_from_array(broken, a, &grid, &many).e,
	    "e is [2, 3]; expected its last axes to be [2, 4]");
	onn_array_destroy(a);
}
END_TEST

START_TEST(padding_keeps_the_axis_where_it_is)
{
	for (size_t n = 4; n <= 5; n++) {
		onn_grid grid = {n, 7, 1e-6, 1e-6, 0, 0};
		onn_light light = onn_monochromatic(ONN_C128, 5e-7);
		number in[35], wide_field[9 * 11], back[35];
		random_numbers(in, n * 7, 1);
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_field f = field_of_numbers(g, &grid, &light, in);
		onn_field more = onn_field_pad(g, f, 2, 1);
		ck_assert(more.grid.ny == n + 4 && more.grid.nx == 9);
		onn_field less = onn_field_pad(g, more, -2, -1);
		onn_node node[2] = {more.e, less.e};
		compute(device, g, node, 2, (double *[]){(double *)wide_field, (double *)back});
		ck_assert(wide_field[(n + 4) / 2 * 9 + 4] == in[n / 2 * 7 + 3]);
		ck_assert(memcmp(in, back, n * 7 * sizeof *in) == 0);
		onn_graph_destroy(g);
	}
	onn_grid grid = {4, 7, 1e-6, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 5e-7);
	refuse(onn_field_pad(broken, onn_plane_wave(broken, &grid, &light, 0, 0), -2, 0).e,
	    "-2 pixels on each side of 4 (y)");
	refuse(onn_field_pad(broken, onn_plane_wave(broken, &grid, &light, 0, 0), 0, PTRDIFF_MIN).e,
	    "pixels on each side of 7 (x)");
	refuse(onn_field_pad(broken, onn_plane_wave(broken, &grid, &light, 0, 0), 0, PTRDIFF_MAX).e,
	    "pixels on each side of 7 (x)");
}
END_TEST

/* ---- sources ---- */

START_TEST(tilted_waves_have_the_phase_of_their_angles)
{
	/* far from the axis: 2e5 turns, whose fraction must be right */
	onn_grid grid = {3, 4, 2e-7, 3e-7, .1, -.07};
	onn_light light = {ONN_C128, 2, {5e-7, 6.33e-7}};
	number e[24], flat[24];
	double ty = .3, tx = -.8;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node[2] = {
	    onn_plane_wave(g, &grid, &light, ty, tx).e, onn_plane_wave(g, &grid, &light, 0, 0).e};
	compute(device, g, node, 2, (double *[]){(double *)e, (double *)flat});
	onn_graph_destroy(g);
	for (size_t w = 0; w < 2; w++)
		for (size_t iy = 0; iy < 3; iy++)
			for (size_t ix = 0; ix < 4; ix++) {
				long double y = .1 + ((double)iy - 1) * 2e-7;
				long double x = -.07 + ((double)ix - 2) * 3e-7;
				wide want = turn(
				    (y * sin(ty) + x * sin(tx)) / (long double)light.wavelength[w]);
				size_t i = (3 * w + iy) * 4 + ix;
				ck_assert_msg(cabs(e[i] - (number)want) <= 1e-14, "%g",
				    cabs(e[i] - (number)want));
				ck_assert(flat[i] == 1);
			}
	onn_light one = onn_monochromatic(ONN_C64, 5e-7);
	refuse(onn_plane_wave(broken, &grid, &one, 1, 1).e, "angles (1, 1) rad");
	refuse(onn_plane_wave(broken, &grid, &one, NAN, 0).e, "angles (nan, 0) rad");
}
END_TEST

START_TEST(point_sources_have_the_phase_of_their_distance)
{
	onn_grid grid = {3, 4, 1e-3, 2e-3, .1, -.07};
	onn_light light = onn_monochromatic(ONN_C128, 6.33e-7);
	number e[12], back[12], row[4];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_grid line = grid;
	line.ny = 1;
	onn_node node[3] = {onn_point_source(g, &grid, &light, .02, .03, .25).e,
	    onn_point_source(g, &grid, &light, .02, .03, -.25).e,
	    onn_point_source(g, &line, &light, .02, .03, .25).e};
	compute(device, g, node, 3, (double *[]){(double *)e, (double *)back, (double *)row});
	onn_graph_destroy(g);
	for (size_t iy = 0; iy < 3; iy++)
		for (size_t ix = 0; ix < 4; ix++) {
			long double y = .1 + ((double)iy - 1) * 1e-3, z = .25;
			long double x = -.07 + ((double)ix - 2) * 2e-3;
			y -= .02;
			x -= .03;
			long double r = sqrtl(y * y + x * x + z * z), lambda = 6.33e-7;
			wide want = z / r * turn(r / lambda);
			ck_assert(cabs(e[iy * 4 + ix] - (number)want) <= 2e-13);
			ck_assert(back[iy * 4 + ix] == conj(e[iy * 4 + ix]));
			r = sqrtl(x * x + z * z);
			want = sqrtl(z / r) * turn(r / lambda);
			ck_assert(iy || cabs(row[ix] - (number)want) <= 2e-13);
		}
	refuse(onn_point_source(broken, &grid, &light, 0, 0, 0).e, "0 m before the plane");
	refuse(onn_point_source(broken, &grid, &light, 0, INFINITY, 1).e, "(0, inf)");
}
END_TEST

START_TEST(a_gaussian_beam_is_its_formula)
{
	onn_grid grid = {6, 5, 20e-6, 30e-6, 0, 1e-5};
	double lambda = 1.064e-6, w0 = 50e-6, z = .0137;
	onn_light light = onn_monochromatic(ONN_C128, lambda);
	number e[30], waist[30];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node[2] = {onn_gaussian_beam(g, &grid, &light, w0, z).e,
	    onn_gaussian_beam(g, &grid, &light, w0, 0).e};
	compute(device, g, node, 2, (double *[]){(double *)e, (double *)waist});
	onn_graph_destroy(g);
	long double zr = PI * w0 * w0 / lambda, w = w0 * sqrtl(1 + z * z / (zr * zr));
	long double radius = z * (1 + zr * zr / ((long double)z * z)), k = 2 * PI / lambda;
	for (size_t i = 0; i < 30; i++) {
		long double y = ((double)(i / 5) - 3) * 20e-6,
		            x = 1e-5 + ((double)(i % 5) - 2) * 30e-6;
		long double r2 = y * y + x * x;
		wide want = w0 / w * expl(-r2 / (w * w)) *
		            turn((k * z + k * r2 / (2 * radius) - atanl(z / zr)) / (2 * PI));
		ck_assert_msg(cabs(e[i] - (number)want) <= 1e-13, "%g", cabs(e[i] - (number)want));
		check_near(cabs(waist[i]), (double)expl(-r2 / ((long double)w0 * w0)), 1e-15);
	}
	refuse(onn_gaussian_beam(broken, &grid, &light, 0, 0).e, "w0 is 0 m");
	refuse(onn_gaussian_beam(broken, &grid, &light, 1e-5, NAN).e, "z nan m");
}
END_TEST

/* Orders 0 to 3: power 1, no overlap, at the waist and behind it. The sum over pixels is the
 * integral to rounding, since the modes are smooth and end before the grid does. */
START_TEST(modes_are_orthonormal)
{
	enum { N = 64, MODES = 16 };
	static number mode[MODES][N * N];
	double w0 = 30e-6, most = 0;
	onn_grid grid = {N, N, w0 / 5, w0 / 5.2, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	for (int laguerre = 0; laguerre < 2; laguerre++) {
		onn_node node[MODES];
		double *value[MODES];
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		for (int i = 0; i < MODES; i++) {
			value[i] = (double *)mode[i];
			node[i] =
			    laguerre
			        ? onn_laguerre_gauss(g, &grid, &light, i / 7, i % 7 - 3, w0, 2e-3).e
			        : onn_hermite_gauss(g, &grid, &light, i / 4, i % 4, w0, 2e-3).e;
		}
		compute(device, g, node, MODES, value);
		onn_graph_destroy(g);
		for (int i = 0; i < MODES; i++)
			for (int k = 0; k < MODES; k++) {
				number sum = 0;
				for (size_t p = 0; p < N * N; p++)
					sum += conj(mode[i][p]) * mode[k][p];
				double error = cabs(sum * grid.dy * grid.dx - (i == k));
				ck_assert_msg(error <= 1e-13, "%d, %d: %g", i, k, error);
				most = fmax(most, error);
			}
	}
	printf("modes: orthonormal to %.2g\n", most);
}
END_TEST

START_TEST(modes_of_low_and_high_orders)
{
	/* l = 1 turns once: exp(i l theta); m counts zeros along y; 1 row: power dy */
	enum { N = 256 };
	static number e[N * N];
	double w0 = 30e-6, power, row_power;
	onn_grid grid = {8, 8, 5e-6, 5e-6, 0, 0}, wide_grid = {N, N, w0 / 8, w0 / 8, 0, 0};
	onn_grid row = {1, N, 2e-3, w0 / 8, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node[4] = {onn_laguerre_gauss(g, &grid, &light, 0, 1, w0, 0).e,
	    onn_power(g, onn_laguerre_gauss(g, &wide_grid, &light, 12, -30, w0, 0)),
	    onn_power(g, onn_hermite_gauss(g, &row, &light, 0, 60, w0, 1e-3)),
	    onn_hermite_gauss(g, &grid, &light, 1, 0, w0, 0).e};
	number hg[64];
	compute(device, g, node, 4, (double *[]){(double *)e, &power, &row_power, (double *)hg});
	onn_graph_destroy(g);
	check_near(power, 1, 1e-12);
	check_near(row_power / 2e-3, 1, 1e-12);
	for (size_t i = 0; i < 64; i++) {
		double y = ((double)(i / 8) - 4) * 5e-6, x = ((double)(i % 8) - 4) * 5e-6;
		double gauss = 2 / (sqrt((double)PI) * w0 * w0) * exp(-(x * x + y * y) / (w0 * w0));
		ck_assert(cabs(e[i] - gauss * (x + y * _Complex_I)) <= 1e-12 * 2 / w0);
		/* sqrt(2/pi) 2 y/w0^2 exp() of HG_10 */
		ck_assert(cabs(hg[i] - gauss * sqrt(2) * y) <= 1e-12 * 2 / w0);
	}
	refuse(
	    onn_laguerre_gauss(broken, &grid, &light, -1, 0, w0, 0).e, "orders p = -1 and l = 0");
	refuse(onn_laguerre_gauss(broken, &grid, &light, 0, 1001, w0, 0).e, "l = 1001");
	refuse(onn_hermite_gauss(broken, &grid, &light, 0, -2, w0, 0).e, "n = -2 (x)");
	refuse(
	    onn_hermite_gauss(broken, &row, &light, 1, 0, w0, 0).e, "m = 0 on a grid of one row");
	refuse(onn_laguerre_gauss(broken, &row, &light, 1, 0, w0, 0).e, "the grid has one row");
	refuse(onn_hermite_gauss(broken, &grid, &light, 0, 0, NAN, 0).e, "w0 is nan m");
}
END_TEST

/* A line through the middle: power = pi sum of |E|^2 |y| dy. Where x^p would be infinite and the
 * Gaussian 0 their product is neither. Near 0 the integrand goes as |y|^(2l+1): no kink. */
START_TEST(modes_of_very_high_orders_have_power_1)
{
	enum { N = 8001 };
	static number e[N];
	static const int order[][2] = {{0, 2}, {700, 4}, {500, -300}, {20, 1000}, {1000, 3}};
	double w0 = 1e-3;
	onn_grid grid = {N, 1, .0125 * w0, 1, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	for (size_t i = 0; i < COUNT(order); i++) {
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_node node =
		    onn_laguerre_gauss(g, &grid, &light, order[i][0], order[i][1], w0, 0).e;
		compute(device, g, &node, 1, (double *[]){(double *)e});
		onn_graph_destroy(g);
		double power = 0;
		for (size_t k = 0; k < N; k++)
			power += cabs(e[k]) * cabs(e[k]) * fabs((double)k - N / 2);
		power *= (double)PI * grid.dy * grid.dy;
		ck_assert_msg(fabs(power - 1) <= 1e-7, "p = %d, l = %d: power %.12g", order[i][0],
		    order[i][1], power);
	}
	/* sheets of light: order 1000 reaches to 32 waist radii */
	onn_grid row = {1, N, 1, .01 * w0, 0, 0};
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node = onn_hermite_gauss(g, &row, &light, 0, 1000, w0, 0).e;
	compute(device, g, &node, 1, (double *[]){(double *)e});
	onn_graph_destroy(g);
	double power = 0;
	for (size_t k = 0; k < N; k++)
		power += cabs(e[k]) * cabs(e[k]) * row.dx;
	check_near(power, 1, 1e-11);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {the_axis_is_at_index_n_2, wrong_grids_are_refused,
	    wrong_lights_and_shapes_are_refused, an_error_that_stands_is_kept, arrays_become_fields,
	    padding_keeps_the_axis_where_it_is, tilted_waves_have_the_phase_of_their_angles,
	    point_sources_have_the_phase_of_their_distance, a_gaussian_beam_is_its_formula,
	    modes_are_orthonormal, modes_of_low_and_high_orders,
	    modes_of_very_high_orders_have_power_1, NULL};
	return run_on_device("sources", &device, tests);
}
