/*
 * Both precisions on every device. H is made in double, so a long way costs no more than a short
 * one: single against double on the reference, double against long double.
 */
#include "light.h"

static onn_device *device, *truth;

enum { N = 127, HOPS = 32 };

static double peak_error(const float *single, const double *exact, size_t count)
{
	double difference = 0, peak = 0;
	for (size_t i = 0; i < count; i++) {
		double re = single[2 * i] - exact[2 * i], im = single[2 * i + 1] - exact[2 * i + 1];
		double d = hypot(re, im);
		difference = d > difference || isnan(d) ? d : difference;
		peak = fmax(peak, hypot(exact[2 * i], exact[2 * i + 1]));
	}
	return difference / peak;
}

/* A smooth complex field: beams that interfere. */
static void start(number *e, const onn_grid *grid)
{
	for (size_t i = 0; i < grid->ny * grid->nx; i++) {
		double y = ((double)(i / grid->nx) - (double)(grid->ny / 2)) / (double)grid->ny;
		double x = ((double)(i % grid->nx) - (double)(grid->nx / 2)) / (double)grid->nx;
		e[i] = exp(-30 * (x * x + y * y)) * (1 + .5 * cos(40 * x + 17 * y)) *
		       cexp(_Complex_I * (12 * x * x - 9 * y));
	}
}

/* The field after some hops, by one plan. */
static void hop(onn_device *on, onn_type type, const onn_grid *grid, double lambda, double z,
    const onn_propagation *how, int hops, const number *in, double *out)
{
	onn_light light = onn_monochromatic(type, lambda);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = field_of_numbers(g, grid, &light, in);
	for (int i = 0; i < hops; i++)
		f = onn_propagate(g, f, z, how);
	ck_assert_msg(f.e.id, "%s", onn_graph_error(g));
	compute(on, g, &f.e, 1, (double *[]){out});
	onn_graph_destroy(g);
}

static double compare(
    const onn_grid *grid, double lambda, double z, const onn_propagation *how, int hops)
{
	static number in[N * N];
	static double exact[2 * N * N], got[2 * N * N];
	static float single[2 * N * N];
	size_t count = grid->ny * grid->nx;
	start(in, grid);
	/* what both start from */
	for (size_t i = 0; i < count; i++)
		in[i] = (float)creal(in[i]) + (float)cimag(in[i]) * _Complex_I;
	hop(truth, ONN_C128, grid, lambda, z, how, hops, in, exact);
	hop(device, ONN_C64, grid, lambda, z, how, hops, in, got);
	for (size_t i = 0; i < 2 * count; i++)
		single[i] = (float)got[i];
	return peak_error(single, exact, count);
}

START_TEST(a_hop_of_a_million_radians_keeps_2e_6_of_the_peak)
{
	static const struct {
		onn_method method;
		double z, lambda;
	} row[] = {
	    /* k z = 1e6 */
	    {ONN_METHOD_ASM, 0.0875352187, 550e-9},
	    {ONN_METHOD_BAND_LIMITED, 0.0875352187, 550e-9},
	    {ONN_METHOD_FRESNEL, 0.0875352187, 550e-9},
	    {ONN_METHOD_RS, 0.0875352187, 550e-9},
	    {ONN_METHOD_FRAUNHOFER, 0.0875352187, 550e-9},
	    {ONN_METHOD_SCALED, 0.0875352187, 550e-9},
	};
	onn_grid grid = {45, 48, 40e-6, 35e-6, 0, 0};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_propagation how =
		    with(row[i].method, ONN_EVANESCENT_DECAY, ONN_PAD_HALF, ONN_PAD_HALF);
		how.to = (onn_grid){40, 42, 30e-6, 20e-6, 1e-5, 0};
		double error = compare(&grid, row[i].lambda, row[i].z, &how, 1);
		printf("%s, one hop: %.2g of the peak\n", onn_method_name(row[i].method), error);
		ck_assert_msg(error <= 2e-6, "%s: %g", onn_method_name(row[i].method), error);
	}
}
END_TEST

/*
 * Transforms in single precision keep a field's size to 1e-7 only, the same way at each hop.
 * Devices make up for that, or 32 hops of some of these sizes would lose more than they may. Primes
 * too large for a butterfly are transformed in double where there is one.
 */
START_TEST(hops_in_a_row_keep_4e_6_of_the_peak)
{
	static const size_t row[] = {36, 48, 64, 96, 97, 127};
	double primes = onn_device_supports(device, ONN_F64) ? 1e-6 : 4e-6;
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_grid grid = {row[i], row[i], 250e-6, 250e-6, 0, 0};
		onn_propagation how = with(ONN_METHOD_ASM, ONN_EVANESCENT_PASS, 0, 0);
		double error = compare(&grid, 550e-9, 0.0875352187, &how, HOPS);
		printf("asm, %d hops of k z = 1e6, %zu points: %.2g of the peak\n", HOPS, row[i],
		    error);
		ck_assert_msg(
		    error <= (row[i] > 96 ? primes : 3e-6), "%zu points: %g", row[i], error);
	}
}
END_TEST

START_TEST(double_precision_agrees_with_long_double)
{
	static number in[N * N], out[N * N], want[N * N];
	static const onn_method list[] = {ONN_METHOD_ASM, ONN_METHOD_FRESNEL};
	onn_grid grid = {30, 28, 1e-6, .9e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 550e-9);
	random_numbers(in, 30 * 28, 7);
	for (size_t i = 0; i < COUNT(list); i++) {
		onn_propagation how = with(list[i], ONN_EVANESCENT_DECAY, ONN_PAD_HALF, 4);
		run_propagation(device, &grid, &light, 0.0875352187, &how, in, out, NULL);
		wide_propagation(&grid, 550e-9, 0.0875352187, list[i], ONN_EVANESCENT_DECAY,
		    (size_t[]){15, 4}, in, want);
		double error = worst(out, want, 30 * 28);
		printf("%s in double: %.2g of the peak\n", onn_method_name(list[i]), error);
		ck_assert_msg(error <= 1e-13, "%s: %g", onn_method_name(list[i]), error);
	}
}
END_TEST

int main(void)
{
	const TTest *const doubles[] = {double_precision_agrees_with_long_double, NULL};
	const bool few = is_rusticl() && !is_thorough(); /* which compiles each hop of a row */
	const TTest *const tests[] = {a_hop_of_a_million_radians_keeps_2e_6_of_the_peak,
	    few ? NULL : hops_in_a_row_keep_4e_6_of_the_peak, NULL};
	if (getenv("ONN_OPENCL_FFT") && !is_thorough()) {
		printf("skipped: a library's; ONN_TEST_ALL=1 runs it\n");
		return 77;
	}
	device = open_test_device(NULL);
	if (onn_device_create(&truth, "reference", NULL)) {
		printf("failed: %s\n", onn_last_error());
		return EXIT_FAILURE;
	}
	int failed = run_tests("propagation in single precision", tests);
	if (onn_device_supports(device, ONN_F64))
		failed |= run_tests("propagation in double precision", doubles);
	else
		printf("skipped: f64, which the device lacks\n");
	onn_device_destroy(truth);
	onn_device_destroy(device);
	return failed;
}
