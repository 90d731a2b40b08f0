/*
 * The dynamic medium of an absorber: units, the way back, what does not go with it.
 */
#include <onn/saturable.h>

#include "device.h"
#include "network.h"

enum { COUNT = 4 };
static const double input[COUNT] = {.01, .6, 2, 9};

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

static onn_absorber dynamic(onn_encoding encoding, onn_gradient_mode gradient)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	a.medium = ONN_MEDIUM_DYNAMIC;
	a.encoding = encoding;
	a.gradient = gradient;
	a.depth = 3;
	return a;
}

static double frantz_nodvik(double f, double depth) { return log1p(exp(-depth) * expm1(f)); }

/* What comes out, and what flows back. */
static void derive(double *y, double *slope, const onn_absorber *a, const double *x)
{
	const size_t count = COUNT;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, real, 1, &count, x), out[2];
	out[0] = onn_saturable_absorber(g, in, a);
	check_ok(
	    onn_gradient(&out[1], g, onn_sum(g, out[0], NULL, 0, false), ONN_NULL_NODE, &in, 1));
	compute(device, g, out, 2, (double *[]){y, slope});
	onn_graph_destroy(g);
}

#define check_value(a, b) check_near(a, b, fine *(1e-2 + fabs((double)(b))))

START_TEST(fluences_in_any_unit_with_the_probe_as_derivative)
{
	double y[COUNT], slope[COUNT], x[COUNT];
	for (int probe = 0; probe < 2; probe++) {
		onn_absorber a = dynamic(
		    ONN_ENCODING_INTENSITY, probe ? ONN_GRADIENT_APPROXIMATE : ONN_GRADIENT_EXACT);
		a.isat = 2.5;
		for (int i = 0; i < COUNT; i++)
			x[i] = a.isat * input[i];
		derive(y, slope, &a, x);
		for (int i = 0; i < COUNT; i++) {
			double out = frantz_nodvik(input[i], 3);
			check_value(y[i], a.isat * out);
			check_value(slope[i], expm1(-out) / expm1(-input[i]));
		}
	}
}
END_TEST

START_TEST(amplitudes_keep_their_sign_and_the_probe_gives_the_root)
{
	double y[COUNT], slope[COUNT], exact[COUNT], x[COUNT];
	onn_absorber a = dynamic(ONN_ENCODING_AMPLITUDE, ONN_GRADIENT_APPROXIMATE);
	a.isat = 4;
	for (int i = 0; i < COUNT; i++)
		x[i] = (i % 2 ? -1 : 1) * sqrt(a.isat * input[i]);
	derive(y, slope, &a, x);
	a.gradient = ONN_GRADIENT_EXACT;
	derive(y, exact, &a, x);
	for (int i = 0; i < COUNT; i++) {
		double out = frantz_nodvik(input[i], 3), seen = expm1(-out) / expm1(-input[i]);
		check_value(y[i], (i % 2 ? -1 : 1) * sqrt(a.isat * out));
		check_value(slope[i], sqrt(seen));
		check_value(exact[i], sqrt(input[i] / out) * seen);
	}
}
END_TEST

/* docs/physics.md: a square pulse as long as T1, of intensity Isat, into depth 3. */
START_TEST(a_medium_that_relaxes_during_the_pulse)
{
	const double x[COUNT] = {1, 1, 1, 1};
	double y[COUNT], slope[COUNT], seen[COUNT];
	onn_absorber a = dynamic(ONN_ENCODING_INTENSITY, ONN_GRADIENT_EXACT);
	if (real != ONN_F64)
		return;
	a.t1 = 7;
	a.pulse_width = 7;
	a.slots = 10000;
	derive(y, slope, &a, x);
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	derive(y, seen, &a, x);
	check_near(y[0], .0711787831266, 1e-8);
	check_near(seen[0], .0893743539027, 1e-8);
	check_near(slope[0], .0970200696, 1e-8);
	/* later the medium has relaxed further: exp(-a0 (1-x)) T^x, x = exp(-delay/T1) */
	a.probe_delay = 3.5;
	derive(y, slope, &a, x);
	double left = exp(-.5);
	check_near(slope[0], exp(-3 * (1 - left)) * pow(seen[0], left), 1e-8);
}
END_TEST

START_TEST(what_does_not_go_with_time_is_named)
{
	onn_absorber a = dynamic(ONN_ENCODING_AMPLITUDE, ONN_GRADIENT_EXACT);
	onn_response response;
	onn_graph *g;
	check_error(onn_absorber_response(&response, &a, input, 1), ONN_ERROR_UNSUPPORTED,
	    "a dynamic medium; expected thin or thick");
	a.detuning = 1;
	check_error(
	    onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "detuning is 1 in a dynamic medium");
	a.detuning = 0;
	a.t1 = 0;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "t1 is 0");
	a.t1 = 1;
	a.slices = 3;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "3 slices of a dynamic medium");
	a.slices = 1;
	check_ok(onn_graph_create(&g));
	onn_saturable_absorber(g, onn_complex_scalar(g, ONN_C128, 1, 1), &a);
	check_error(onn_graph_status(g), ONN_ERROR_ARGUMENT, "x is c128 in a dynamic medium");
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {fluences_in_any_unit_with_the_probe_as_derivative,
	    amplitudes_keep_their_sign_and_the_probe_gives_the_root,
	    a_medium_that_relaxes_during_the_pulse, what_does_not_go_with_time_is_named, NULL};
	return run_in_each_precision(&device, tests, &real, &fine, 2e-5, 1e-10);
}
