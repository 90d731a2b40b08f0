/*
 * airy [FOLDER]: a plane wave, a round opening and a lens; in its focal plane the Airy pattern,
 *
 *     E = (pi a^2/(lambda f)) 2 J1(x)/x,    x = k a r/f,
 *
 * dark for the first time at r = 1.22 lambda f/D. Propagation goes to a pitch finer than that of
 * the opening (scaled). Checks the peak, the pattern and the dark ring, and draws airy.png.
 */
#define _XOPEN_SOURCE 700 /* j1 */

#include "picture.h"

#include <complex.h>

enum { N = 256, OUT = 401, SHOWN = 400 };

static const double pi = 3.14159265358979323846;
static const double wavelength = 633e-9, pitch = 5e-6, radius = 0.5e-3, focus = 0.1;
static const double fine = 2e-6;

static void propagate(double complex *e)
{
	onn_grid grid = onn_grid_square(N, N * pitch);
	onn_light light = onn_monochromatic(ONN_C128, wavelength);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_graph *g = NULL;

	how.method = ONN_METHOD_SCALED;
	how.to = onn_grid_square(OUT, OUT * fine);
	/* Light of the finest frequency, 1/(2 pitch), goes 6.3 mm to the side. The plane repeats
	 * every 7.7 mm, so that it does not come back into the window, 0.4 mm to each side. */
	how.pad[0] = how.pad[1] = 5 * N / 2;
	must(onn_graph_create(&g));
	onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);
	field = onn_circular_aperture(g, field, radius, 0, 0);
	field = onn_thin_lens(g, field, focus, 0, 0);
	field = onn_propagate(g, field, focus, &how);
	evaluate(g, field.e, e, OUT * OUT * sizeof *e);
	onn_graph_destroy(g);
}

static double airy(double r)
{
	double x = 2 * pi * radius * r / (wavelength * focus);
	return x > 0 ? 2 * j1(x) / x : 1;
}

/* How far theory and a grid of pixels may differ, as parts of the peak. */
static double tolerance(void)
{
	/* The opening's edge goes through 8 a/pitch pixels, which are in or out: each is off by
	 * 0.29 of itself (root mean square, as for a number rounded), and by symmetry eight by the
	 * same. Two deviations of their sum, over the opening's area. */
	double edge = 2 * 0.29 * 8 * sqrt(radius / pitch) / (pi * pow(radius / pitch, 2));
	/* The lens is a parabola, which focuses paraxial light: k a^4/(8 f^3) off at its edge. */
	double sphere = 2 * pi / wavelength * pow(radius, 4) / (8 * pow(focus, 3));
	printf("tolerances, of the peak: edge of pixels %.1e, parabola %.1e\n", edge, sphere);
	return edge + sphere;
}

/* The radius of the first dark ring on each half axis, between pixels by a parabola, averaged. */
static double dark_ring(const double complex *e)
{
	static const int direction[4][2] = {{0, 1}, {1, 0}, {0, -1}, {-1, 0}};
	double sum = 0;

	for (int d = 0; d < 4; d++) {
		double s[OUT / 2];
		for (int i = 0; i < OUT / 2; i++) {
			int y = OUT / 2 + i * direction[d][0], x = OUT / 2 + i * direction[d][1];
			s[i] = pow(cabs(e[y * OUT + x]), 2);
		}
		int i = 1;
		while (i + 2 < OUT / 2 && s[i + 1] < s[i])
			i++;
		sum += i + (s[i - 1] - s[i + 1]) / (2 * (s[i - 1] - 2 * s[i] + s[i + 1]));
	}
	return sum / 4 * fine;
}

static int report(const char *what, double measured, double expected, double off)
{
	printf("%-36s %.6g, expected %.6g +- %.1e\n", what, measured, expected, off);
	return !(fabs(measured - expected) <= off);
}

static int compare(const double complex *e)
{
	double peak = pi * radius * radius / (wavelength * focus), most = 0, part = tolerance();
	double ring = 0.609834946 * wavelength * focus / radius; /* j1's zero 3.8317 over 2 pi */
	int wrong = 0;

	for (int i = 0; i < OUT * OUT; i++) {
		double y = (i / OUT - OUT / 2) * fine, x = (i % OUT - OUT / 2) * fine;
		double a = airy(hypot(y, x));
		most = fmax(most, fabs(cabs(e[i]) / peak - fabs(a)));
	}
	wrong +=
	    report("amplitude in the focus", cabs(e[OUT / 2 * OUT + OUT / 2]), peak, part * peak);
	wrong += report("largest difference over the peak", most, 0, part);
	/* At the ring the amplitude crosses 0 with a slope of 0.4 a unit of x, so a field that is
	 * off by `part` moves it by part/0.4 units, f/(k a) each. */
	wrong += report("first dark ring (um)", dark_ring(e) * 1e6, ring * 1e6,
	    part / 0.4 * wavelength * focus / (2 * pi * radius) * 1e6);
	return wrong;
}

/* Intensity over four decades. */
static void draw(const char *folder, const double complex *e)
{
	static double picture[SHOWN * SHOWN];
	double peak = pi * radius * radius / (wavelength * focus);

	for (int i = 0; i < SHOWN * SHOWN; i++)
		picture[i] = 1 + log10(pow(cabs(e[i / SHOWN * OUT + i % SHOWN]) / peak, 2)) / 4;
	save_picture(folder, "airy", SHOWN, SHOWN, picture);
}

int main(int argc, char **argv)
{
	static double complex e[OUT * OUT];

	propagate(e);
	int wrong = compare(e);
	draw(argc > 1 ? argv[1] : ".", e);
	return wrong != 0;
}
