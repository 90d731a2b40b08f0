/*
 * gaussian_beam [FOLDER]: a Gaussian beam leaves its waist by the angular spectrum; its radius, its
 * wavefront's curvature and its Gouy phase against the closed form, and a side view,
 * gaussian_beam.png.
 *
 * The closed form is the paraxial beam,
 *
 *     (w0/w) exp(-r^2/w^2) exp(i[kz + k r^2/(2R) - atan(z/zR)]),    zR = pi w0^2/lambda.
 *
 * The angular spectrum is exact, so the two differ. With u = pi w0 f the spectrum is exp(-u^2), and
 * the next term of the square root in kz makes a phase of (z/zR) theta^2 u^4/4, theta = lambda/(pi
 * w0): at most theta^2 (z/zR)/2 of the waist's amplitude, anywhere. That is the tolerance here.
 */
#include "picture.h"

#include <complex.h>

enum { N = 256, COLUMNS = 901, ROWS = 200 };

static const double pi = 3.14159265358979323846;
static const double wavelength = 633e-9, pitch = 4e-6, w0 = 50e-6;

typedef struct beam {
	double radius, curvature, gouy; /* of the wavefront: 1/R */
} beam;

static double reach(void) { return pi * w0 * w0 / wavelength; }

/* exp(ikz), the phase reduced by whole turns while it is still exact. */
static double complex carrier(double z)
{
	return cexp(2 * pi * I * fmod(z, wavelength) / wavelength);
}

static double at(size_t i) { return ((double)i - N / 2) * pitch; }

/* The beam a distance z behind its waist, by propagation from there. */
static void propagate(double z, double complex *e)
{
	onn_grid grid = onn_grid_square(N, N * pitch);
	onn_light light = onn_monochromatic(ONN_C128, wavelength);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_graph *g = NULL;

	how.method = ONN_METHOD_ASM;
	must(onn_graph_create(&g));
	onn_field field = onn_gaussian_beam(g, &grid, &light, w0, 0);
	field = onn_propagate(g, field, z, &how);
	evaluate(g, field.e, e, N * N * sizeof *e);
	onn_graph_destroy(g);
}

/* From the field alone: the radius from the second moment of the intensity, the curvature from the
 * phase's slope along x, step by step so that it never wraps, the Gouy phase on the axis. */
static beam measure(double z, const double complex *e)
{
	const double complex *row = e + N / 2 * N;
	double power = 0, moment = 0, weight = 0, slope = 0, k = 2 * pi / wavelength;

	for (size_t i = 0; i < N * N; i++) {
		double s = creal(e[i] * conj(e[i])), y = at(i / N), x = at(i % N);
		power += s;
		moment += s * (x * x + y * y);
	}
	for (size_t i = 0; i + 1 < N; i++) {
		double complex step = row[i + 1] * conj(row[i]);
		double x = at(i) + pitch / 2, s = cabs(step);
		slope += s * x * carg(step) / pitch;
		weight += s * x * x;
	}
	return (beam){
	    sqrt(2 * moment / power), slope / weight / k, -carg(row[N / 2] * conj(carrier(z)))};
}

static beam theory(double z)
{
	double zeta = z / reach();
	return (beam){w0 * sqrt(1 + zeta * zeta), z / (z * z + reach() * reach()), atan(zeta)};
}

/* The largest distance between field and closed form; the waist's amplitude is 1. */
static double difference(double z, const double complex *e)
{
	double most = 0;
	beam b = theory(z);

	for (size_t i = 0; i < N * N; i++) {
		double r2 = at(i / N) * at(i / N) + at(i % N) * at(i % N);
		double phase = pi / wavelength * r2 * b.curvature - b.gouy;
		double complex closed =
		    w0 / b.radius * exp(-r2 / (b.radius * b.radius)) * carrier(z) * cexp(I * phase);
		most = fmax(most, cabs(e[i] - closed));
	}
	return most;
}

static int compare(void)
{
	static const double zeta[] = {0, 0.25, 0.5, 1, 2, 3};
	static double complex e[N * N];
	double theta2 = pow(wavelength / (pi * w0), 2);
	int wrong = 0;

	printf(" z/zR   w (um)    theory     1/R (1/m)  theory     Gouy (rad)  theory    "
	       "field off by  at most\n");
	for (size_t i = 0; i < sizeof zeta / sizeof *zeta; i++) {
		double z = zeta[i] * reach(), bound = theta2 * zeta[i] / 2 + 1e-12;
		propagate(z, e);
		beam b = measure(z, e), t = theory(z);
		double off = difference(z, e);
		printf("%5.2f %10.6f %10.6f %10.5f %10.5f %10.7f %10.7f  %.2e      %.2e\n", zeta[i],
		    b.radius * 1e6, t.radius * 1e6, b.curvature, t.curvature, b.gouy, t.gouy, off,
		    bound);
		/* What the field's error can do to each: on the axis the beam's amplitude is w0/w;
		 * the other two are means over the beam, off by a few theta^2. */
		wrong += !(off <= bound);
		wrong += !(fabs(b.gouy - t.gouy) <= bound * t.radius / w0);
		wrong += !(fabs(b.radius / t.radius - 1) <= theta2);
		wrong += !(fabs(b.curvature - t.curvature) <= 2 * theta2 * t.curvature + 1e-9);
	}
	return wrong;
}

/* The amplitude in the plane x = 0 from three zR before the waist to three behind it, and thin
 * lines at the radius. One plan: the distance is a variable of it. */
static void draw(const char *folder)
{
	static double picture[ROWS * COLUMNS];
	static float complex column[N];
	onn_grid grid = onn_grid_square(N, N * pitch);
	onn_light light = onn_monochromatic(ONN_C64, wavelength);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_device *device = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_tensor *distance = NULL;

	must(onn_device_create(&device, "c", NULL));
	must(onn_graph_create(&g));
	how.method = ONN_METHOD_ASM;
	how.evanescent = ONN_EVANESCENT_DROP;
	how.pad[0] = how.pad[1] = 0; /* at the edge the beam is 1e-4 at most */
	how.distance = onn_variable(g, "z", ONN_F64, 0, NULL);
	onn_field field = onn_gaussian_beam(g, &grid, &light, w0, 0);
	field = onn_propagate(g, field, 0, &how);
	onn_node middle = onn_slice(g, field.e, 1, N / 2, 1, 1);
	must(onn_plan_create(&plan, device, g, &middle, 1, NULL));
	must(onn_tensor_create(&distance, device, ONN_F64, 0, NULL));
	must(onn_plan_bind(plan, "z", distance));
	for (size_t i = 0; i < COLUMNS; i++) {
		double z = 6 * reach() * ((double)i / (COLUMNS - 1) - 0.5);
		must(onn_tensor_write(distance, &z, sizeof z));
		must(onn_plan_run(plan));
		output(plan, 0, column, sizeof column);
		for (size_t j = 0; j < ROWS; j++) {
			double y = fabs(at(j + N / 2 - ROWS / 2)), w = theory(z).radius;
			double line = fmax(0, 1 - fabs(y - w) / pitch);
			double s = (double)cabsf(column[j + N / 2 - ROWS / 2]);
			picture[j * COLUMNS + i] = fmax(s, 0.7 * line);
		}
	}
	save_picture(folder, "gaussian_beam", ROWS, COLUMNS, picture);
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
