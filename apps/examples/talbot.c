/*
 * talbot [FOLDER]: behind a grating its own image comes back, one Talbot distance further on, and
 * shifted by half a period half way there. Checks both, and draws the carpet, talbot.png.
 *
 * A grating of period d sends light into orders n with kz = 2 pi sqrt(1/lambda^2 - n^2/d^2). Orders
 * 0 and 1 are in phase again after
 *
 *     zT = lambda/(1 - sqrt(1 - lambda^2/d^2)),
 *
 * of which 2 d^2/lambda is the paraxial limit. A grid of whole periods without padding is periodic
 * as the grating is, so nothing is lost at an edge: all errors here are rounding.
 */
#include "picture.h"

#include <complex.h>

enum { N = 192, PERIODS = 3, COLUMNS = 1000, MIDDLE = N / 2 };

static const double pi = 3.14159265358979323846;
static const double wavelength = 500e-9, period = 100e-6;

/* lambda/(1 - sqrt(1 - q)) = lambda (1 + sqrt(1 - q))/q without the difference. */
static double talbot_distance(void)
{
	double q = wavelength * wavelength / (period * period);
	return wavelength * (1 + sqrt(1 - q)) / q;
}

/* One period of a grating, a field in one dimension, at a distance; or at one that is a variable of
 * the plan. */
static onn_field behind(onn_graph *g, const double complex *grating, double z, onn_node variable)
{
	size_t shape[] = {1, N};
	onn_grid grid = {1, N, period / N, period / N, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, wavelength);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_array *a = NULL;

	must(onn_array_from(&a, ONN_C128, 2, shape, grating));
	how.method = ONN_METHOD_ASM;
	how.pad[0] = how.pad[1] = 0;
	how.distance = variable;
	onn_field field = onn_field_from_array(g, a, &grid, &light);
	onn_array_destroy(a);
	return onn_propagate(g, field, z, &how);
}

static void look(const double complex *grating, double z, double complex *e)
{
	onn_graph *g = NULL;

	must(onn_graph_create(&g));
	evaluate(g, behind(g, grating, z, ONN_NULL_NODE).e, e, N * sizeof *e);
	onn_graph_destroy(g);
}

/* (1 + cos(2 pi x/d))/2: orders 0 and +-1, and no others. */
static void cosine(double complex *t)
{
	for (int i = 0; i < N; i++)
		t[i] = (1 + cos(2 * pi * (i - MIDDLE) / N)) / 2;
}

/* Soft slits, a tenth of the period wide between amplitudes of 1/e. */
static void slits(double complex *t)
{
	for (int i = 0; i < N; i++)
		t[i] = exp(-pow(20.0 * (i - MIDDLE) / N, 2));
}

/* The field behind the grating as the plain sum of its orders. Those finer than the wavelength are
 * none here: pitch > lambda/2. */
static void sum_of_orders(const double complex *t, double z, double complex *e)
{
	for (int i = 0; i < N; i++)
		e[i] = 0;
	for (int n = -N / 2; n < N / 2; n++) {
		double complex c = 0;
		for (int i = 0; i < N; i++)
			c += t[i] * cexp(-2 * pi * I * (n * i % N) / N) / N;
		double s = n * wavelength / period, g = s * s;
		/* kz - k z: the large part of the phase, left out, is that of a plane wave */
		double turns = -z / wavelength * g / (1 + sqrt(1 - g));
		c *= cexp(2 * pi * I * turns);
		for (int i = 0; i < N; i++)
			e[i] += c * cexp(2 * pi * I * (n * i % N) / N);
	}
}

/* The largest |a e^{i phase} - b shifted|, the phase that of the plane wave. */
static double difference(const double complex *a, const double complex *b, double z, int shift)
{
	double complex plane = cexp(-2 * pi * I * fmod(z, wavelength) / wavelength);
	double most = 0;

	for (int i = 0; i < N; i++)
		most = fmax(most, cabs(a[i] * plane - b[(i + shift) % N]));
	return most;
}

static int report(const char *what, double measured, double expected, double tolerance)
{
	printf("%-58s %.9g, expected %.9g +- %.0e\n", what, measured, expected, tolerance);
	return !(fabs(measured - expected) <= tolerance);
}

static int compare(void)
{
	static double complex t[N], e[N], sum[N];
	double zt = talbot_distance(), paraxial = 2 * period * period / wavelength;
	/* A phase error of 1e-13 from 1e3 turns between the orders, and as many ulps again from
	 * transforms and sums. */
	const double rounding = 1e-12;
	int wrong = 0;

	printf("Talbot distance %.9f mm, its paraxial limit %.9f mm\n", zt * 1e3, paraxial * 1e3);
	cosine(t);
	look(t, zt, e);
	wrong += report(
	    "cosine grating at zT: distance from itself", difference(e, t, zt, 0), 0, rounding);
	look(t, zt / 2, e);
	/* Orders +-1 are half a turn behind order 0 there. */
	wrong += report("at zT/2: distance from itself half a period on",
	    difference(e, t, zt / 2, N / 2), 0, rounding);
	look(t, paraxial, e);
	wrong += report("at 2 d^2/lambda: sin of half the phase that is too much",
	    difference(e, t, paraxial, 0), sin(pi * (paraxial / zt - 1)), rounding);

	slits(t);
	static const double part[] = {0.25, 1.0 / 3, 1, 7.3};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		char what[80];
		double z = part[i] * zt;
		look(t, z, e);
		sum_of_orders(t, z, sum);
		snprintf(what, sizeof what, "slits at %.3g zT: distance from the sum of orders",
		    part[i]);
		wrong += report(what, difference(e, sum, z, 0), 0, rounding);
	}
	return wrong;
}

/* Light goes from left to right, from the slits to their image; brightened. One plan for all
 * columns: the distance is a variable of it. */
static void draw(const char *folder)
{
	static double complex t[N], e[N];
	static double picture[PERIODS * N * COLUMNS];
	onn_device *device = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_tensor *distance = NULL;

	slits(t);
	must(onn_device_create(&device, "c", NULL));
	must(onn_graph_create(&g));
	onn_field field = behind(g, t, 0, onn_variable(g, "z", ONN_F64, 0, NULL));
	must(onn_plan_create(&plan, device, g, &field.e, 1, NULL));
	must(onn_tensor_create(&distance, device, ONN_F64, 0, NULL));
	must(onn_plan_bind(plan, "z", distance));
	for (int i = 0; i < COLUMNS; i++) {
		double z = talbot_distance() * i / (COLUMNS - 1);
		must(onn_tensor_write(distance, &z, sizeof z));
		must(onn_plan_run(plan));
		output(plan, 0, e, sizeof e);
		for (int j = 0; j < PERIODS * N; j++)
			picture[j * COLUMNS + i] = pow(cabs(e[j % N]), 0.7);
	}
	save_picture(folder, "talbot", PERIODS * N, COLUMNS, picture);
	onn_tensor_destroy(distance);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_device_destroy(device);
}

int main(int argc, char **argv)
{
	int wrong = compare();

	draw(argc > 1 ? argv[1] : ".");
	return wrong != 0;
}
