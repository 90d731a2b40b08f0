/*
 * double_slit [FOLDER]: Young's fringes, far away (Fraunhofer) and in the focal plane of a lens
 * (Rayleigh-Sommerfeld), against
 *
 *     I/I0 = cos^2(pi d x/(lambda z)) sinc^2(w x/(lambda z)) sinc^2(h y/(lambda z)),
 *
 * sinc t = sin(pi t)/(pi t), for two slits of width w and height h, d apart; the fringes are lambda
 * z/d apart. Draws double_slit.png.
 */
#include "picture.h"

#include <complex.h>

enum { N = 512, WIDTH = 15, HEIGHT = 101, APART = 60, TALL = 300, WIDE = 900 };

static const double pi = 3.14159265358979323846;
static const double wavelength = 633e-9, pitch = 5e-6, far = 2, focus = 0.1;

/* 1 where light comes through: pixels on both sides of the middle one, so the slits lie evenly
 * about the axis. */
static onn_field slits(onn_graph *g)
{
	onn_grid grid = onn_grid_square(N, N * pitch);
	onn_light light = onn_monochromatic(ONN_C128, wavelength);
	onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);
	double x = APART / 2 * pitch, w = WIDTH * pitch, h = HEIGHT * pitch;
	onn_node left = onn_rectangular_mask(g, ONN_F64, &grid, h, w, 0, -x);
	onn_node right = onn_rectangular_mask(g, ONN_F64, &grid, h, w, 0, x);
	return onn_complex_plate(g, field, onn_add(g, left, right));
}

/* The intensity at a distance, behind a lens or without one; returns the grid that it is on. */
static onn_grid light_at(double z, bool lens, const onn_propagation *how, double *intensity)
{
	onn_graph *g = NULL;

	must(onn_graph_create(&g));
	onn_field field = slits(g);
	if (lens)
		field = onn_thin_lens(g, field, z, 0, 0);
	field = onn_propagate(g, field, z, how);
	evaluate(g, onn_intensity(g, field), intensity,
	    field.grid.ny * field.grid.nx * sizeof *intensity);
	onn_graph_destroy(g);
	return field.grid;
}

static double sinc(double t) { return t == 0 ? 1 : sin(pi * t) / (pi * t); }

static double theory(double y, double x, double z)
{
	double u = pitch / (wavelength * z);
	double a = cos(pi * APART * u * x) * sinc(WIDTH * u * x) * sinc(HEIGHT * u * y);
	return a * a;
}

/* Where the amplitude is 0 near pixel `near`, between pixels on a straight line. */
static double zero(const double *intensity, double near)
{
	size_t middle = (size_t)(near + 0.5), i = middle;

	for (size_t j = middle - 2; j <= middle + 2; j++)
		i = intensity[j] < intensity[i] ? j : i;
	size_t j = intensity[i - 1] < intensity[i + 1] ? i - 1 : i + 1;
	double a = sqrt(intensity[i]), b = sqrt(intensity[j]);
	return ((double)i * b + (double)j * a) / (a + b);
}

static int report(const char *what, double measured, double expected, double off)
{
	printf("  %-34s %.6g, expected %.6g +- %.1e\n", what, measured, expected, off);
	return !(fabs(measured - expected) <= off);
}

/*
 * Pixels are points, not squares: a slit of n of them is sin(n u)/(n sin u), u = pi pitch x/(lambda
 * z), where theory has sin(n u)/(n u). The squares differ by 1/n^2 (1/sin^2 u - 1/u^2) sin^2(n u)
 * <= 0.6/n^2 up to u = pi/2, the edge of Fraunhofer's grid. `more` is what else the method may be
 * off by.
 */
static int compare(const char *what, double z, const onn_grid *grid, const double *s, double more)
{
	double area = 2 * WIDTH * HEIGHT * pitch * pitch / (wavelength * z), most = 0;
	double off = 0.6 / (WIDTH * WIDTH) + 0.6 / (HEIGHT * HEIGHT) + more;
	const double *row = s + N / 2 * N;
	int wrong = 0;

	printf("%s\n", what);
	for (size_t i = 0; i < N * N; i++) {
		double y = ((double)(i / N) - N / 2) * grid->dy;
		double x = ((double)(i % N) - N / 2) * grid->dx;
		most = fmax(most, fabs(s[i] / (area * area) - theory(y, x, z)));
	}
	wrong += report("largest difference over the peak", most, 0, off);
	/* The second dark fringes to the left and to the right are three apart. Where cos is 0 the
	 * sinc bends the line between pixels, |d ln sinc t/dt| < 2 up to t = 1/2, by less than a
	 * quarter of w/d over the pixels a fringe; what the method is off by moves zeros too. */
	double fringe = wavelength * z / (APART * pitch), pixels = fringe / grid->dx;
	double left = zero(row, N / 2 - 1.5 * pixels), right = zero(row, N / 2 + 1.5 * pixels);
	double moved = WIDTH / (4.0 * APART * pixels) + more * pixels / pi;
	wrong += report("fringe spacing lambda z/d (mm)", (right - left) / 3 * grid->dx * 1e3,
	    fringe * 1e3, moved * 2 / 3 * grid->dx * 1e3);
	return wrong;
}

/* The fringes in the focal plane at a pitch that shows them well, brightened for faint ones to be
 * seen. */
static void draw(const char *folder)
{
	static double s[TALL * WIDE];
	onn_propagation how = ONN_PROPAGATION_INIT;
	double most = 0;

	how.method = ONN_METHOD_SCALED;
	how.to = (onn_grid){TALL, WIDE, 2e-6, 2e-6, 0, 0};
	/* Light of the finest frequency, 1/(2 pitch), goes 6.3 mm to the side. The plane repeats
	 * every 9 mm, so that it does not come back into the picture, 0.9 mm to each side. */
	how.pad[0] = how.pad[1] = 5 * N / 4;
	light_at(focus, true, &how, s);
	for (size_t i = 0; i < TALL * WIDE; i++)
		most = fmax(most, s[i]);
	for (size_t i = 0; i < TALL * WIDE; i++)
		s[i] = pow(s[i] / most, 0.3);
	save_picture(folder, "double_slit", TALL, WIDE, s);
}

int main(int argc, char **argv)
{
	static double s[N * N];
	onn_propagation how = ONN_PROPAGATION_INIT;
	int wrong = 0;

	how.method = ONN_METHOD_FRAUNHOFER;
	onn_grid grid = light_at(far, false, &how, s);
	wrong += compare("2 m away, Fraunhofer", far, &grid, s, 1e-12);
	how.method = ONN_METHOD_RS;
	grid = light_at(focus, true, &how, s);
	/* The lens is a parabola, which focuses paraxial light: k r^4/(8 f^3) off at the corners of
	 * the slits, in amplitude, and twice that in intensity; beside it obliquity, (x/f)^2. */
	double r = hypot(APART + WIDTH, HEIGHT) / 2 * pitch, x = N / 2 * pitch / focus;
	double sphere = 2 * pi / wavelength * pow(r, 4) / (8 * pow(focus, 3));
	wrong += compare("in the focal plane of a lens of 0.1 m, Rayleigh-Sommerfeld", focus, &grid,
	    s, 2 * sphere + 2 * x * x);
	draw(argc > 1 ? argv[1] : ".");
	return wrong != 0;
}
