/*
 * Laws that light in free space keeps, and fields whose propagation is known in closed form.
 */
#include "light.h"

static onn_device *device;

enum { N = 128 };

static const onn_method unpadded[] = {ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL};

START_TEST(propagation_is_linear)
{
	static const onn_method every[] = {ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED,
	    ONN_METHOD_FRESNEL, ONN_METHOD_FRAUNHOFER, ONN_METHOD_RS, ONN_METHOD_SCALED};
	onn_grid grid = {12, 15, 3e-6, 2e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 550e-9);
	number u[180], v[180], sum[180], pu[180], pv[180], both[180], a = 1.5 - .7 * _Complex_I;
	random_numbers(u, 180, 1);
	random_numbers(v, 180, 2);
	for (size_t i = 0; i < 180; i++)
		sum[i] = a * u[i] + v[i];
	for (size_t m = 0; m < COUNT(every); m++) {
		onn_propagation how = with(every[m], ONN_EVANESCENT_DECAY, -1, -1);
		run_propagation(device, &grid, &light, 4e-5, &how, u, pu, NULL);
		run_propagation(device, &grid, &light, 4e-5, &how, v, pv, NULL);
		run_propagation(device, &grid, &light, 4e-5, &how, sum, both, NULL);
		for (size_t i = 0; i < 180; i++)
			pu[i] = a * pu[i] + pv[i];
		ck_assert_msg(worst(both, pu, 180) <= 1e-14, "%s: %g", onn_method_name(every[m]),
		    worst(both, pu, 180));
	}
}
END_TEST

static double power(const onn_grid *grid, const number *e)
{
	double sum = 0;
	for (size_t i = 0; i < grid->ny * grid->nx; i++)
		sum += creal(e[i]) * creal(e[i]) + cimag(e[i]) * cimag(e[i]);
	return sum * grid->dy * grid->dx;
}

START_TEST(without_evanescent_waves_power_is_kept)
{
	/* d > lambda/sqrt(2): all of the grid's waves travel */
	onn_grid grid = {20, 18, 1e-6, .7e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	number in[360], out[360];
	random_numbers(in, 360, 5);
	for (int m = 0; m < 3; m += 2) {
		onn_propagation how = with(unpadded[m], ONN_EVANESCENT_DROP, 0, 0);
		for (double z = -1e-3; z < 2e-3; z += .7e-3) {
			run_propagation(device, &grid, &light, z, &how, in, out, NULL);
			check_near(power(&grid, out) / power(&grid, in), 1, 1e-13);
		}
	}
}
END_TEST

START_TEST(distances_add_up_and_0_changes_nothing)
{
	/* half of the waves are evanescent; distances whose sum is exact */
	onn_grid grid = {20, 18, .3e-6, .4e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	double z1 = 0x1p-21, z2 = 0x1p-15;
	number in[360], one[360], two[360], all[360];
	random_numbers(in, 360, 5);
	for (int m = 0; m < 3; m += 2) {
		for (int policy = 0; policy < 3; policy++) {
			onn_propagation how = with(unpadded[m], (onn_evanescent)policy, 0, 0);
			run_propagation(device, &grid, &light, z1, &how, in, one, NULL);
			run_propagation(device, &grid, &light, z2, &how, one, two, NULL);
			run_propagation(device, &grid, &light, z1 + z2, &how, in, all, NULL);
			ck_assert_msg(worst(two, all, 360) <= 1e-13, "%s, %d: %g",
			    onn_method_name(unpadded[m]), policy, worst(two, all, 360));
			if (policy == ONN_EVANESCENT_DROP && m == 0)
				continue;
			run_propagation(device, &grid, &light, 0, &how, in, one, NULL);
			ck_assert(worst(one, in, 360) <= 1e-15);
		}
	}
}
END_TEST

START_TEST(going_back_undoes_what_travelled)
{
	onn_grid grid = {20, 18, 1e-6, .7e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	number in[360], there[360], back[360];
	random_numbers(in, 360, 5);
	for (int m = 0; m < 3; m += 2) {
		onn_propagation how = with(unpadded[m], ONN_EVANESCENT_PASS, 0, 0);
		run_propagation(device, &grid, &light, .0123, &how, in, there, NULL);
		run_propagation(device, &grid, &light, -.0123, &how, there, back, NULL);
		ck_assert(worst(back, in, 360) <= 1e-13);
	}
}
END_TEST

/* ---- the Talbot effect ---- */

/*
 * 1 + cos(2 pi x/d) has the orders 0 and +-1. At zT = lambda/(1 - sqrt(1 - lambda^2/d^2)) they are
 * one turn apart: the field repeats, times exp(ikz). Half way it is shifted by half a period. zT is
 * rounded, which is 1e-16 of its z/lambda turns.
 */
START_TEST(gratings_image_themselves_at_the_talbot_distance)
{
	static const double ratio[] = {1.3, 5, 40};
	for (int rows = 1; rows <= 4; rows += 3) {
		for (size_t i = 0; i < COUNT(ratio); i++) {
			double lambda = 633e-9, d = ratio[i] * lambda;
			double inverse = lambda / d,
			       zt = lambda / (1 - sqrt(1 - inverse * inverse));
			onn_grid grid = {(size_t)rows, 48, d / 7, d / 16, 0, 0};
			onn_light light = onn_monochromatic(ONN_C128, lambda);
			onn_propagation how = with(ONN_METHOD_ASM, ONN_EVANESCENT_DROP, 0, 0);
			number in[4 * 48], out[4 * 48], half[4 * 48], want[4 * 48], shifted[4 * 48];
			for (size_t k = 0; k < 48 * (size_t)rows; k++) {
				in[k] = 1 + cos(2 * (double)PI * (double)(k % 48) / 16);
				want[k] = in[k] * (number)turn(fmod(zt, lambda) / lambda);
				size_t moved = k / 48 * 48 + (k + 8) % 48;
				shifted[k] = 1 + cos(2 * (double)PI * (double)(moved % 48) / 16);
				shifted[k] *= (number)turn(fmod(zt / 2, lambda) / lambda);
			}
			run_propagation(device, &grid, &light, zt, &how, in, out, NULL);
			run_propagation(device, &grid, &light, zt / 2, &how, in, half, NULL);
			ck_assert_msg(worst(out, want, 48 * (size_t)rows) <= 1e-12,
			    "d/lambda = %g: %g", ratio[i], worst(out, want, 48 * (size_t)rows));
			ck_assert(worst(half, shifted, 48 * (size_t)rows) <= 1e-12);
		}
	}
}
END_TEST

/* ---- beams ---- */

typedef struct mode {
	bool laguerre;
	int first, second;
} mode;

static onn_field beam(
    onn_graph *g, const onn_grid *grid, const onn_light *light, const mode *m, double w0, double z)
{
	if (!m)
		return onn_gaussian_beam(g, grid, light, w0, z);
	return m->laguerre ? onn_laguerre_gauss(g, grid, light, m->first, m->second, w0, z)
	                   : onn_hermite_gauss(g, grid, light, m->first, m->second, w0, z);
}

/* Largest difference, over the largest value at the waist, of a beam propagated from z0 to z1 to
 * the closed form at z1. */
static double beam_error(const onn_grid *grid, const onn_light *light, const mode *m, double w0,
    double z0, double z1, onn_method method)
{
	static number out[N * N], want[N * N], waist[N * N];
	onn_propagation how = with(method, ONN_EVANESCENT_DROP, 0, 0);
	/* so that their difference is exact */
	z0 = rint(z0 * 0x1p40) * 0x1p-40;
	z1 = rint(z1 * 0x1p40) * 0x1p-40;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node node[3] = {onn_propagate(g, beam(g, grid, light, m, w0, z0), z1 - z0, &how).e,
	    beam(g, grid, light, m, w0, z1).e, beam(g, grid, light, m, w0, 0).e};
	ck_assert_msg(node[0].id && node[1].id, "%s", onn_graph_error(g));
	compute(device, g, node, 3, (double *[]){(double *)out, (double *)want, (double *)waist});
	onn_graph_destroy(g);
	double difference = 0, peak = 0;
	for (size_t i = 0; i < grid->ny * grid->nx; i++) {
		difference = fmax(difference, cabs(out[i] - want[i]));
		peak = fmax(peak, cabs(waist[i]));
	}
	return difference / peak;
}

/*
 * A Gaussian beam solves the paraxial equation: Fresnel's H keeps it to rounding. The angular
 * spectrum's phase differs from the paraxial one by (2 pi z/lambda)(gamma^2/8 + ...); averaged over
 * the beam's spectrum, exp(-(pi w0 f)^2), that is at most (theta^2/2)(z/zR) of the waist's
 * amplitude, theta = lambda/(pi w0) (half of it on one axis: f^4 averages to 3/4 of 1/(pi w0)^4
 * instead of 2).
 */
START_TEST(gaussian_beams_spread_as_theory_says)
{
	static const double reach[] = {.3, 1, 2, -1.5};
	for (size_t rows = 1; rows <= N; rows += N - 1) {
		for (size_t i = 0; i < COUNT(reach); i++) {
			double lambda = 633e-9, w0 = 20e-6, theta = lambda / ((double)PI * w0);
			double zr = (double)PI * w0 * w0 / lambda, z = reach[i] * zr;
			onn_grid grid = {rows, N, w0 / 4.5, w0 / 4, 0, 0};
			onn_light light = onn_monochromatic(ONN_C128, lambda);
			double paraxial =
			    beam_error(&grid, &light, NULL, w0, 0, z, ONN_METHOD_FRESNEL);
			double exact = beam_error(&grid, &light, NULL, w0, 0, z, ONN_METHOD_ASM);
			double bound = theta * theta / 2 * fabs(reach[i]) * (rows == 1 ? .375 : 1);
			ck_assert_msg(
			    paraxial <= 1e-12, "fresnel, z = %g zR: %g", reach[i], paraxial);
			ck_assert_msg(exact <= bound * 1.001 && exact > bound / 10,
			    "asm, z = %g zR: %g, bound %g", reach[i], exact, bound);
			printf("Gaussian beam, %zu rows, %4.1f zR: fresnel %.1e, asm %.2e, theory "
			       "%.2e\n",
			    rows, reach[i], paraxial, exact, bound);
		}
	}
}
END_TEST

/* Modes of higher orders too, from before the waist to behind it: widths, curvature and Gouy
 * phase. */
START_TEST(modes_keep_their_form)
{
	static const mode list[] = {{true, 0, 1}, {true, 1, -2}, {true, 3, 0}, {true, 2, 3},
	    {false, 1, 0}, {false, 2, 3}, {false, 0, 5}};
	double lambda = 633e-9, w0 = 20e-6, zr = (double)PI * w0 * w0 / lambda, most = 0;
	double theta = lambda / ((double)PI * w0);
	onn_grid grid = {N, N, w0 / 6, w0 / 5.5, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, lambda);
	for (size_t i = 0; i < COUNT(list); i++) {
		const mode *m = &list[i];
		double paraxial =
		    beam_error(&grid, &light, m, w0, -.4 * zr, .7 * zr, ONN_METHOD_FRESNEL);
		double exact = beam_error(&grid, &light, m, w0, -.4 * zr, .7 * zr, ONN_METHOD_ASM);
		ck_assert_msg(paraxial <= 1e-14, "%d %d: %g", m->first, m->second, paraxial);
		/* f^4 grows with the square of the order, here up to 8 */
		ck_assert_msg(
		    exact <= theta * theta / 2 * 1.1 * 64, "%d %d: %g", m->first, m->second, exact);
		most = fmax(most, paraxial);
	}
	onn_grid row = {1, N, 1, w0 / 6, 0, 0};
	for (int n = 0; n < 6; n++) {
		mode m = {false, 0, n};
		double paraxial =
		    beam_error(&row, &light, &m, w0, -.4 * zr, .7 * zr, ONN_METHOD_FRESNEL);
		ck_assert_msg(paraxial <= 1e-14, "one axis, %d: %g", n, paraxial);
	}
	printf("modes: %.2g of the peak\n", most);
}
END_TEST

/* A wave that leaves a point is the propagation of that wave: its phase and its 1/r. */
START_TEST(point_sources_diverge_and_converge)
{
	static number out[N * N], want[N * N], back[N * N];
	onn_grid grid = {N, N, 4e-6, 4e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 550e-9);
	onn_propagation how = with(ONN_METHOD_ASM, ONN_EVANESCENT_DROP, 0, 0);
	double z = 20e-3, more = 1e-3;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field near = onn_point_source(g, &grid, &light, 3e-6, -5e-6, z);
	onn_field far = onn_point_source(g, &grid, &light, 3e-6, -5e-6, z + more);
	/* phase conjugation: the converging wave is the conjugate of the diverging one */
	onn_node node[3] = {onn_propagate(g, near, more, &how).e, far.e,
	    onn_mul(g, onn_point_source(g, &grid, &light, 3e-6, -5e-6, -z).e, near.e)};
	compute(device, g, node, 3, (double *[]){(double *)out, (double *)want, (double *)back});
	onn_graph_destroy(g);
	/* the grid ends, so the edge's wave disturbs: compare its middle, within Fresnel's ripple
	 * of sqrt(lambda z)/(pi x), x the way to the edge */
	double difference = 0, x = 60 * 4e-6, ripple = 2 * sqrt(550e-9 * more) / ((double)PI * x);
	for (size_t iy = N / 2 - 4; iy < N / 2 + 4; iy++)
		for (size_t ix = N / 2 - 4; ix < N / 2 + 4; ix++) {
			size_t i = iy * N + ix;
			difference = fmax(difference, cabs(out[i] * (z + more) / z - want[i]));
			ck_assert(fabs(cimag(back[i])) <= 1e-14 && creal(back[i]) > .99);
		}
	ck_assert_msg(difference <= ripple, "%g, ripple %g", difference, ripple);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {propagation_is_linear, without_evanescent_waves_power_is_kept,
	    distances_add_up_and_0_changes_nothing, going_back_undoes_what_travelled,
	    gratings_image_themselves_at_the_talbot_distance, gaussian_beams_spread_as_theory_says,
	    modes_keep_their_form, point_sources_diverge_and_converge, NULL};
	return run_on_device("propagate laws", &device, tests);
}
