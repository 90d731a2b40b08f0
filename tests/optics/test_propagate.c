/*
 * Propagation by transfer functions in double: against long double, and the laws it keeps.
 */
#include "light.h"

static onn_device *device;

enum { MOST = 64 * 64 };

static const struct {
	onn_grid grid;
	double lambda, z;
	ptrdiff_t pad[2];
} setting[] = {
    /* k z = 1e6, all travelling but near the edge: gamma up to .6 */
    {{24, 30, .6e-6, .5e-6, 0, 0}, 550e-9, 0.0875352187, {ONN_PAD_HALF, ONN_PAD_HALF}},
    /* evanescent corners: the classifier's light */
    {{32, 32, .4e-3, .4e-3, 0, 0}, .75e-3, 30e-3, {ONN_PAD_HALF, ONN_PAD_HALF}},
    /* mostly evanescent, a short way, other padding, an offset that does not matter */
    {{20, 16, 1e-7, 2e-7, 1e-6, -3e-6}, 633e-9, 5e-8, {3, 0}},
    /* the tutorial's generator, and odd sizes */
    {{32, 32, .25e-3, .25e-3, 0, 0}, 550e-9, 50e-3, {0, 0}},
    {{21, 27, 8e-6, 5e-6, 0, 0}, 1.55e-6, 3e-3, {4, ONN_PAD_HALF}},
    /* one dimension */
    {{1, 61, 1e-6, 1e-6, 0, 0}, 633e-9, 1e-3, {ONN_PAD_HALF, ONN_PAD_HALF}},
};

START_TEST(transfer_functions_agree_with_long_double)
{
	static number in[MOST], out[MOST], want[MOST];
	static const onn_method method[] = {
	    ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL};
	double most = 0;
	for (size_t i = 0; i < COUNT(setting); i++) {
		const onn_grid *grid = &setting[i].grid;
		onn_light light = onn_monochromatic(ONN_C128, setting[i].lambda);
		size_t count = grid->ny * grid->nx, pad[2];
		random_numbers(in, count, (unsigned)i);
		for (int axis = 0; axis < 2; axis++)
			pad[axis] = setting[i].pad[axis] == ONN_PAD_HALF
			                ? (axis ? grid->nx : grid->ny) / 2
			                : (size_t)setting[i].pad[axis];
		for (size_t m = 0; m < COUNT(method); m++) {
			for (int policy = 0; policy < 3; policy++) {
				onn_propagation how = with(method[m], (onn_evanescent)policy,
				    setting[i].pad[0], setting[i].pad[1]);
				run_propagation(
				    device, grid, &light, setting[i].z, &how, in, out, NULL);
				wide_propagation(grid, setting[i].lambda, setting[i].z, method[m],
				    (onn_evanescent)policy, pad, in, want);
				double error = worst(out, want, count);
				ck_assert_msg(error <= 1e-13, "setting %zu, %s, %s: %g", i,
				    onn_method_name(method[m]),
				    onn_evanescent_name((onn_evanescent)policy), error);
				most = error > most ? error : most;
			}
		}
	}
	printf("transfer functions: %.2g of the peak\n", most);
}
END_TEST

/* ---- Rayleigh-Sommerfeld against its double sum ---- */

/* z/(2 pi) exp(ikr)/r^2 (1/r - ik) */
static wide rs_kernel(long double x, long double y, double z, double lambda)
{
	long double d = fabsl((long double)z), r = sqrtl(x * x + y * y + d * d);
	wide h = d / (2 * PI * r * r) * (1 / r - 2 * PI / lambda * (wide)_Complex_I) *
	         turn(fmodl(r / lambda, 1));
	return z < 0 ? conjl(h) : h;
}

START_TEST(the_rs_kernel_has_the_known_value)
{
	/* one pixel of area 1 m^2 in the middle of a grid: the kernel itself around it */
	onn_grid grid = {9, 7, 1e-6, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	onn_propagation how = with(ONN_METHOD_RS, ONN_EVANESCENT_DROP, 0, 0);
	number in[63] = {0}, out[63];
	in[4 * 7 + 3] = 1e12;
	run_propagation(device, &grid, &light, 10e-6, &how, in, out, NULL);
	number h = out[8 * 7 + 6], mirrored = out[0 * 7 + 0];
	check_near(creal(h), -108339055997.175, 1e-2);
	check_near(cimag(h), 65087888637.2996, 1e-2);
	ck_assert(cabs(mirrored - h) < 1e-2);
}
END_TEST

START_TEST(rs_is_the_double_sum_over_the_grid)
{
	static number in[MOST], out[MOST], want[MOST];
	static const struct {
		onn_grid grid;
		double lambda, z;
	} row[] = {
	    {{17, 22, 2e-6, 1e-6, 1e-4, 0}, 633e-9, 87e-6},
	    {{16, 16, .4e-3, .4e-3, 0, 0}, .75e-3, 30e-3},
	    {{24, 9, 5e-6, 6e-6, 0, 0}, 550e-9, -0.0875},
	    {{20, 1, 5e-6, 6e-6, 0, 0}, 550e-9, 2e-3},
	};
	double most = 0;
	for (size_t i = 0; i < COUNT(row); i++) {
		const onn_grid *grid = &row[i].grid;
		onn_light light = onn_monochromatic(ONN_C128, row[i].lambda);
		onn_propagation how = with(ONN_METHOD_RS, ONN_EVANESCENT_DECAY, 0, 0);
		size_t count = grid->ny * grid->nx;
		random_numbers(in, count, (unsigned)i);
		run_propagation(device, grid, &light, row[i].z, &how, in, out, NULL);
		for (size_t k = 0; k < count; k++) {
			wide sum = 0;
			for (size_t j = 0; j < count; j++) {
				long double y =
				    ((long double)(k / grid->nx) - (j / grid->nx)) * grid->dy;
				long double x =
				    ((long double)(k % grid->nx) - (j % grid->nx)) * grid->dx;
				sum += in[j] * rs_kernel(x, y, row[i].z, row[i].lambda);
			}
			want[k] = (number)(sum * grid->dy * grid->dx);
		}
		double error = worst(out, want, count);
		ck_assert_msg(error <= 1e-13, "row %zu: %g", i, error);
		most = error > most ? error : most;
	}
	printf("Rayleigh-Sommerfeld: %.2g of the peak\n", most);
}
END_TEST

/* (ik/2)(z/r) H1(kr) at r = z, k = 1: J1 + i Y1 by mpmath on both sides of where the ways to
 * compute it meet. */
START_TEST(the_rs_kernel_of_one_dimension_has_the_known_values)
{
	static const struct {
		double t, j, y;
	} row[] = {
	    {.001, 0.00049999993750000260417, -636.62216723113942807},
	    {.5, 0.24226845767487388638, -1.4714723926702430692},
	    {.999, 0.43972527610888244207, -0.78208272637154828394},
	    {1.001, 0.44037557023390618795, -0.78034378570006003307},
	    {5, -0.32757913759146522204, 0.1478631433912268448},
	    {50, -0.097511828125175137661, -0.056795668562014767942},
	    {1000, 0.0047283119070895239176, -0.024784331292351778915},
	};
	onn_grid grid = {1, 1, 1, 1, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, (double)(2 * PI));
	onn_propagation how = with(ONN_METHOD_RS, ONN_EVANESCENT_DROP, 0, 0);
	for (size_t i = 0; i < COUNT(row); i++) {
		number in = 1, out;
		number want = (row[i].j + row[i].y * _Complex_I) * .5 * _Complex_I;
		run_propagation(device, &grid, &light, row[i].t, &how, &in, &out, NULL);
		/* the wavelength's own rounding is 4e-17 of t radians */
		double error = cabs(out / want - 1);
		ck_assert_msg(error <= 2e-15 + 1e-16 * row[i].t, "t = %g: %g", row[i].t, error);
	}
}
END_TEST

/*
 * In one dimension the kernel is (ik/2)(z/r) H1(kr). A slit as wide as a few wavelengths, and a
 * grid that the angular spectrum needs no padding for: both methods give the same field.
 */
START_TEST(rs_in_one_dimension_agrees_with_the_angular_spectrum)
{
	enum { N = 512 };
	static number in[N], a[N], b[N];
	static const double distance[] = {2e-7, 3e-6, 2e-5, -1e-5};
	onn_grid grid = {1, N, 1e-7, 1e-7, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	for (size_t i = 0; i < N; i++) {
		double x = onn_grid_square(N, N * 1e-7).dx * ((double)i - N / 2) / 3e-6;
		in[i] = exp(-x * x) * (1 + .3 * x * _Complex_I);
	}
	for (size_t k = 0; k < COUNT(distance); k++) {
		onn_propagation rs = with(ONN_METHOD_RS, ONN_EVANESCENT_DROP, 0, 0);
		onn_propagation spectrum = with(ONN_METHOD_ASM, ONN_EVANESCENT_DROP, 0, 4 * N);
		run_propagation(device, &grid, &light, distance[k], &rs, in, a, NULL);
		run_propagation(device, &grid, &light, distance[k], &spectrum, in, b, NULL);
		/* the Gaussian's spectrum ends long before the grid's; what is left are the
		 * kernel's evanescent parts between its samples, exp(-2 pi z/d) */
		double error = worst(a, b, N);
		ck_assert_msg(error <= 1e-9 + 4 * exp(-6 * fabs(distance[k]) / 1e-7), "z = %g: %g",
		    distance[k], error);
		printf("rs in one dimension, z = %g: %.2g\n", distance[k], error);
	}
}
END_TEST

/* ---- Fraunhofer and scaled against their sums ---- */

START_TEST(fraunhofer_is_the_sum_over_the_grid)
{
	static number in[MOST], out[MOST], want[MOST];
	static const struct {
		onn_grid grid;
		double lambda, z;
	} row[] = {
	    {{15, 20, 5e-6, 4e-6, 2e-5, -3e-5}, 633e-9, 1.37},
	    {{16, 13, 5e-6, 4e-6, 0, 1e-5}, 550e-9, -.7},
	    {{1, 40, 5e-6, 5e-6, 7, 1e-5}, 550e-9, .5},
	};
	double most = 0;
	for (size_t i = 0; i < COUNT(row); i++) {
		const onn_grid *grid = &row[i].grid;
		double lambda = row[i].lambda, z = row[i].z;
		onn_light light = onn_monochromatic(ONN_C128, lambda);
		onn_propagation how = with(ONN_METHOD_FRAUNHOFER, ONN_EVANESCENT_DECAY, 0, 0);
		onn_grid to;
		size_t ny = grid->ny, nx = grid->nx;
		random_numbers(in, ny * nx, (unsigned)i);
		run_propagation(device, grid, &light, z, &how, in, out, &to);
		check_near(to.dx, lambda * fabs(z) / ((double)nx * grid->dx), 1e-15 * to.dx);
		ck_assert(to.x0 == 0 && to.nx == nx && to.ny == ny);
		bool row1 = ny == 1;
		for (size_t k = 0; k < ny * nx; k++) {
			long double ky = row1 ? 0 : ((long double)(k / nx) - ny / 2) * to.dy;
			long double kx = ((long double)(k % nx) - nx / 2) * to.dx, l = lambda;
			wide sum = 0;
			for (size_t j = 0; j < ny * nx; j++) {
				long double jy =
				    row1 ? 0
				         : ((long double)(j / nx) - ny / 2) * grid->dy + grid->y0;
				long double jx =
				    ((long double)(j % nx) - nx / 2) * grid->dx + grid->x0;
				sum += in[j] * turn(-(ky * jy + kx * jx) / (l * z));
			}
			wide front = turn(fmodl(z, l) / l + (ky * ky + kx * kx) / (2 * l * z));
			wide root = csqrtl((wide)_Complex_I * l * z);
			front /= row1 ? root : root * root;
			want[k] = (number)(sum * front * grid->dx * (row1 ? 1 : grid->dy));
		}
		double error = worst(out, want, ny * nx);
		ck_assert_msg(error <= 1e-13, "row %zu: %g", i, error);
		most = error > most ? error : most;
	}
	printf("Fraunhofer: %.2g of the peak\n", most);
}
END_TEST

/* u(X) = 1/N sum of S_k exp(2 pi i f_k (X - X0)), from -N/2 on, with H in long double. */
static void scaled_sum(const onn_grid *grid, const onn_grid *to, double lambda, double z,
    onn_evanescent policy, const size_t pad[2], const number *in, number *out)
{
	size_t ny = grid->ny + 2 * pad[0], nx = grid->nx + 2 * pad[1];
	wide *s = calloc(ny * nx, sizeof *s), *wy = calloc(ny, sizeof *wy);
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++)
			s[(iy + pad[0]) * nx + ix + pad[1]] = in[iy * grid->nx + ix];
	wide_dft_2d(s, ny, nx, -1);
	long double oy = grid->y0 - (long double)(grid->ny / 2 + pad[0]) * grid->dy;
	long double ox = grid->x0 - (long double)(grid->nx / 2 + pad[1]) * grid->dx;
	for (size_t iy = 0; iy < ny; iy++)
		for (size_t ix = 0; ix < nx; ix++)
			s[iy * nx + ix] *=
			    wide_transfer(ONN_METHOD_ASM, policy, frequency(iy, ny, grid->dy),
			        frequency(ix, nx, grid->dx), z, lambda) /
			    (long double)(ny * nx);
	for (size_t j = 0; j < to->ny * to->nx; j++) {
		long double y = to->y0 + ((long double)(j / to->nx) - to->ny / 2) * to->dy - oy;
		long double x = to->x0 + ((long double)(j % to->nx) - to->nx / 2) * to->dx - ox;
		wide sum = 0;
		for (size_t iy = 0; iy < ny; iy++)
			wy[iy] = turn(frequency(iy, ny, grid->dy) * y);
		for (size_t ix = 0; ix < nx; ix++) {
			wide column = 0, w = turn(frequency(ix, nx, grid->dx) * x);
			for (size_t iy = 0; iy < ny; iy++)
				column += s[iy * nx + ix] * wy[iy];
			sum += column * w;
		}
		out[j] = (number)sum;
	}
	free(s);
	free(wy);
}

START_TEST(scaled_is_the_sum_of_plane_waves_at_any_points)
{
	static number in[MOST], out[MOST], want[MOST];
	static const struct {
		onn_grid grid, to;
		double lambda, z;
		ptrdiff_t pad[2];
	} row[] = {
	    /* finer, coarser, shifted, odd, larger than the input; evanescent light too */
	    {{12, 14, 4e-6, 5e-6, 0, 0}, {20, 11, 1e-6, 2.5e-6, 3e-6, -1e-5}, 633e-9, 1e-3, {6, 7}},
	    {{11, 16, 4e-6, 5e-6, 2e-5, 1e-5}, {9, 30, 7e-6, 6e-6, 2e-5, 2e-5}, 633e-9, -2e-3,
	        {3, 0}},
	    {{10, 10, .4e-3, .4e-3, 0, 0}, {13, 13, .1e-3, .3e-3, 1e-4, 0}, .75e-3, 3e-3, {5, 5}},
	    /* one row, and one row of a plane */
	    {{1, 40, 1e-6, 1e-6, 0, 0}, {1, 25, 1e-6, .3e-6, 0, 1e-5}, 633e-9, 1e-4, {0, 20}},
	    {{12, 12, 4e-6, 5e-6, 0, 0}, {1, 31, 4e-6, 2e-6, 5e-6, 0}, 633e-9, 1e-3, {6, 6}},
	};
	double most = 0;
	for (size_t i = 0; i < COUNT(row); i++) {
		const onn_grid *grid = &row[i].grid, *to = &row[i].to;
		onn_light light = onn_monochromatic(ONN_C128, row[i].lambda);
		onn_evanescent policy = row[i].z < 0 ? ONN_EVANESCENT_DROP : ONN_EVANESCENT_DECAY;
		onn_propagation how = with(ONN_METHOD_SCALED, policy, row[i].pad[0], row[i].pad[1]);
		how.to = *to;
		onn_grid got;
		size_t pad[2] = {(size_t)row[i].pad[0], (size_t)row[i].pad[1]};
		random_numbers(in, grid->ny * grid->nx, (unsigned)i);
		run_propagation(device, grid, &light, row[i].z, &how, in, out, &got);
		ck_assert(memcmp(&got, to, sizeof got) == 0);
		scaled_sum(grid, to, row[i].lambda, row[i].z, policy, pad, in, want);
		double error = worst(out, want, to->ny * to->nx);
		ck_assert_msg(error <= 1e-13, "row %zu: %g", i, error);
		most = error > most ? error : most;
	}
	printf("scaled: %.2g of the peak\n", most);
}
END_TEST

START_TEST(scaled_to_its_own_grid_is_the_angular_spectrum)
{
	static number in[MOST], a[MOST], b[MOST];
	onn_grid grid = {18, 25, 3e-6, 2e-6, 1e-4, 0};
	onn_light light = onn_monochromatic(ONN_C128, 550e-9);
	onn_propagation scaled = with(ONN_METHOD_SCALED, ONN_EVANESCENT_DECAY, -1, -1);
	onn_propagation plain = with(ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, -1, -1);
	random_numbers(in, 18 * 25, 1);
	run_propagation(device, &grid, &light, 2e-4, &scaled, in, a, NULL);
	run_propagation(device, &grid, &light, 2e-4, &plain, in, b, NULL);
	ck_assert(worst(a, b, 18 * 25) <= 1e-13);
}
END_TEST

/* ---- what holds for every method ---- */

static const onn_method every[] = {ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL,
    ONN_METHOD_FRAUNHOFER, ONN_METHOD_RS, ONN_METHOD_SCALED};

/* <Ax, y> = <x, A*y>, A*y by onn_gradient with the seed y. */
START_TEST(gradients_are_the_adjoint)
{
	onn_grid grid = {14, 11, .4e-3, .5e-3, 1e-3, 0};
	onn_grid to = {9, 16, .3e-3, .2e-3, 0, -1e-3};
	double most = 0;
	for (size_t i = 0; i < 2 * COUNT(every); i++) {
		onn_method method = every[i / 2];
		bool rows = i % 2;
		onn_grid here = grid, there;
		onn_light light = onn_monochromatic(ONN_C128, .75e-3);
		onn_propagation how = with(method, ONN_EVANESCENT_DECAY, ONN_PAD_HALF, 3);
		number x[MOST], y[MOST], ax[MOST], ay[MOST], left = 0, right = 0;
		if (rows)
			here.ny = to.ny = 1;
		how.to = to;
		random_numbers(x, here.ny * here.nx, 1);
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_field f = field_of_numbers(g, &here, &light, x);
		onn_field out = onn_propagate(g, f, 7e-3, &how);
		ck_assert_msg(out.e.id, "%s", onn_graph_error(g));
		there = out.grid;
		size_t m = there.ny * there.nx, n = here.ny * here.nx;
		random_numbers(y, m, 2);
		onn_node seed = field_of_numbers(g, &there, &light, y).e, node[2] = {out.e};
		check_ok(onn_gradient(&node[1], g, out.e, seed, &f.e, 1));
		compute(device, g, node, 2, (double *[]){(double *)ax, (double *)ay});
		onn_graph_destroy(g);
		double size = 0;
		for (size_t k = 0; k < m; k++) {
			left += conj(ax[k]) * y[k];
			size += cabs(ax[k]) * cabs(y[k]);
		}
		for (size_t k = 0; k < n; k++)
			right += conj(x[k]) * ay[k];
		double error = cabs(left - right) / size;
		ck_assert_msg(
		    error <= 1e-13, "%s, %zu rows: %g", onn_method_name(method), here.ny, error);
		most = error > most ? error : most;
	}
	printf("adjoint: %.2g\n", most);
}
END_TEST

START_TEST(wavelengths_as_an_axis_are_what_they_are_alone)
{
	static number in[3 * MOST], out[3 * MOST], want[MOST];
	onn_grid grid = {12, 17, 2e-6, 3e-6, 0, 0};
	onn_light light = {ONN_C128, 3, {450e-9, 550e-9, 650e-9}};
	size_t count = 12 * 17;
	random_numbers(in, 3 * count, 3);
	for (size_t i = 0; i < COUNT(every); i++) {
		if (every[i] == ONN_METHOD_FRAUNHOFER)
			continue;
		onn_propagation how = with(every[i], ONN_EVANESCENT_DECAY, 2, ONN_PAD_HALF);
		run_propagation(device, &grid, &light, 3e-5, &how, in, out, NULL);
		for (size_t w = 0; w < 3; w++) {
			onn_light one = onn_monochromatic(ONN_C128, light.wavelength[w]);
			run_propagation(
			    device, &grid, &one, 3e-5, &how, in + w * count, want, NULL);
			ck_assert_msg(worst(out + w * count, want, count) <= 1e-15, "%s, %zu",
			    onn_method_name(every[i]), w);
		}
	}
}
END_TEST

START_TEST(leading_axes_are_a_batch)
{
	static number in[6 * MOST], out[6 * MOST], want[2 * MOST];
	onn_grid grid = {10, 8, 2e-6, 3e-6, 0, 0};
	onn_light light = {ONN_C128, 2, {450e-9, 550e-9}};
	size_t count = 10 * 8, shape[4] = {3, 2, 10, 8};
	random_numbers(in, 6 * count, 3);
	for (size_t i = 0; i < COUNT(every); i++) {
		if (every[i] == ONN_METHOD_FRAUNHOFER)
			continue;
		onn_propagation how = with(every[i], ONN_EVANESCENT_DECAY, 2, ONN_PAD_HALF);
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_node e = constant_of(g, ONN_C128, 4, shape, (double *)in);
		e = onn_propagate(g, onn_field_of(g, e, &grid, &light), 3e-5, &how).e;
		ck_assert_msg(e.id, "%s", onn_graph_error(g));
		compute(device, g, &e, 1, (double *[]){(double *)out});
		onn_graph_destroy(g);
		for (size_t b = 0; b < 3; b++) {
			run_propagation(
			    device, &grid, &light, 3e-5, &how, in + 2 * b * count, want, NULL);
			ck_assert_msg(worst(out + 2 * b * count, want, 2 * count) <= 1e-15,
			    "%s, %zu", onn_method_name(every[i]), b);
		}
	}
}
END_TEST

/* 32 equal gaps cost one table: the graph has one constant more than without them. */
START_TEST(equal_gaps_share_one_table)
{
	onn_graph *g;
	onn_grid grid = onn_grid_square(16, 1e-4);
	onn_light light = onn_monochromatic(ONN_C64, 550e-9);
	check_ok(onn_graph_create(&g));
	for (size_t i = 0; i < COUNT(every); i++) {
		onn_propagation how = with(every[i], ONN_EVANESCENT_DROP, 0, 0);
		onn_field f = onn_plane_wave(g, &grid, &light, .01, .02), first, again;
		first = onn_propagate(g, f, 1e-4, &how);
		size_t nodes = onn_graph_size(g);
		again = onn_propagate(g, f, 1e-4, &how);
		ck_assert_uint_eq(onn_graph_size(g), nodes);
		ck_assert_uint_eq(first.e.id, again.e.id);
		/* another distance is another table */
		ck_assert_uint_ne(onn_propagate(g, f, 2e-4, &how).e.id, first.e.id);
	}
	check_ok(onn_graph_status(g));
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {transfer_functions_agree_with_long_double,
	    the_rs_kernel_has_the_known_value, the_rs_kernel_of_one_dimension_has_the_known_values,
	    rs_is_the_double_sum_over_the_grid,
	    rs_in_one_dimension_agrees_with_the_angular_spectrum,
	    fraunhofer_is_the_sum_over_the_grid, scaled_is_the_sum_of_plane_waves_at_any_points,
	    scaled_to_its_own_grid_is_the_angular_spectrum, gradients_are_the_adjoint,
	    wavelengths_as_an_axis_are_what_they_are_alone, leading_axes_are_a_batch,
	    equal_gaps_share_one_table, NULL};
	return run_on_device("propagate", &device, tests);
}
