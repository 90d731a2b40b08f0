/*
 * Beams: Gaussian, Laguerre-Gauss, Hermite-Gauss. On a grid of one row they are sheets of light,
 * whose width and Gouy phase come from one axis.
 */
#include "optics/source.h"

/* A beam a distance z behind its waist. */
typedef struct beam {
	double w;           /* radius */
	double curvature;   /* 1/R */
	long double gouy;   /* atan(z/zR) in turns */
	long double travel; /* k z in turns */
} beam;

static beam beam_at(double w0, double z, double wavelength)
{
	double zr = (double)ONN_PI * w0 * w0 / wavelength, ratio = z / zr;
	return (beam){.w = w0 * hypot(1, ratio),
	    .curvature = ratio / (zr * (1 + ratio * ratio)),
	    .gouy = atanl(ratio) / (2 * ONN_PI),
	    .travel = onn_axial_turns(z, wavelength)};
}

/* The phase that a beam's orders and curvature make, at r^2. */
static double _Complex beam_phase(const beam *b, double wavelength, double order, long double r2)
{
	return onn_turns(b->travel + r2 * b->curvature / (2 * wavelength) - order * b->gouy);
}

/*
 * Recursions of functions that end as exp(-scale) run without it, at sizes near 1: what is moved
 * between the two here would be 0 or infinite on the way to a value that is neither.
 */
typedef struct term {
	double value, last, scale;
} term;

static void keep_in_range(term *t)
{
	double size = fmax(fabs(t->value), fabs(t->last));
	if (size == 0 || (size > 0x1p-200 && size < 0x1p200))
		return;
	int power;
	frexp(size, &power);
	t->value = ldexp(t->value, -power);
	t->last = ldexp(t->last, -power);
	t->scale -= power * log(2);
}

/* Hermite function of order n, of norm 1: H_n(x) exp(-x^2/2)/sqrt(2^n n! sqrt(pi)). */
static double hermite(int n, double x)
{
	term t = {pow((double)ONN_PI, -.25), 0, x * x / 2};
	for (int i = 0; i < n; i++) {
		double next = sqrt(2. / (i + 1)) * x * t.value - sqrt((double)i / (i + 1)) * t.last;
		t.last = t.value;
		t.value = next;
		keep_in_range(&t);
	}
	return t.value * exp(-t.scale);
}

/* sqrt(p!/(p+l)!) x^(l/2) exp(-x/2) L_p^l(x), of norm 1 over x > 0. */
static double laguerre(int p, int l, double x)
{
	term t = {1, 0, x / 2};
	for (int j = 1; j <= l; j++) {
		t.value *= sqrt(x / j);
		keep_in_range(&t);
	}
	for (int i = 0; i < p; i++) {
		double next = (2 * i + 1 + l - x) * t.value - sqrt((double)i * (i + l)) * t.last;
		t.last = t.value;
		t.value = next / sqrt((i + 1.) * (i + 1 + l));
		keep_in_range(&t);
	}
	return t.value * exp(-t.scale);
}

/* parameters: w0, z, whether the grid is a row, orders */

static double _Complex gaussian(const double *p, double wavelength, double y, double x)
{
	beam b = beam_at(p[0], p[1], wavelength);
	bool row = p[2] != 0;
	double r2 = (row ? 0 : y * y) + x * x, narrow = p[0] / b.w;
	return (row ? sqrt(narrow) : narrow) * exp(-r2 / (b.w * b.w)) *
	       beam_phase(&b, wavelength, row ? .5 : 1,
	           (row ? 0 : (long double)y * y) + (long double)x * x);
}

static double _Complex hermite_gauss(const double *p, double wavelength, double y, double x)
{
	beam b = beam_at(p[0], p[1], wavelength);
	bool row = p[2] != 0;
	double scale = sqrt(2.) / b.w, value = sqrt(scale) * hermite((int)p[4], scale * x);
	long double r2 = (long double)x * x;
	if (!row) {
		value *= sqrt(scale) * hermite((int)p[3], scale * y);
		r2 += (long double)y * y;
	}
	return value * beam_phase(&b, wavelength, p[3] + p[4] + (row ? .5 : 1), r2);
}

static double _Complex laguerre_gauss(const double *p, double wavelength, double y, double x)
{
	beam b = beam_at(p[0], p[1], wavelength);
	int order = (int)p[3], l = (int)p[4], turns = l < 0 ? -l : l;
	long double r2 = (long double)y * y + (long double)x * x;
	double value = sqrt(2 / (double)ONN_PI) / b.w *
	               laguerre(order, turns, (double)(2 * r2 / ((long double)b.w * b.w)));
	return value * beam_phase(&b, wavelength, 2 * order + turns + 1, r2) *
	       onn_turns(l * atan2l(y, x) / (2 * ONN_PI));
}

static bool beam_ok(onn_graph *g, const char *function, const onn_grid *grid,
    const onn_light *light, double w0, double z)
{
	if (!onn_source_ok(g, function, grid, light))
		return false;
	if (w0 > 0 && isfinite(w0) && isfinite(z))
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: w0 is %g m, z %g m; expected finite values and w0 > 0",
	    function, w0, z);
	return false;
}

onn_field onn_gaussian_beam(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double w0, double z)
{
	if (!beam_ok(g, "onn_gaussian_beam", grid, light, w0, z))
		return onn_null_field;
	return onn_tabulate(g, "onn_gaussian_beam", gaussian, grid, light,
	    (double[ONN_PROFILE_PARAMETERS]){w0, z, grid->ny == 1});
}

onn_field onn_laguerre_gauss(
    onn_graph *g, const onn_grid *grid, const onn_light *light, int p, int l, double w0, double z)
{
	static const char *const function = "onn_laguerre_gauss";
	if (!beam_ok(g, function, grid, light, w0, z))
		return onn_null_field;
	if (p < 0 || p > ONN_MODE_MAX || l < -ONN_MODE_MAX || l > ONN_MODE_MAX) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: orders p = %d and l = %d; expected p from 0 to %d, |l| to %d", function, p,
		    l, ONN_MODE_MAX, ONN_MODE_MAX);
		return onn_null_field;
	}
	if (grid->ny == 1) {
		onn_fail(
		    g, ONN_ERROR_ARGUMENT, "%s: the grid has one row; expected two axes", function);
		return onn_null_field;
	}
	return onn_tabulate(g, function, laguerre_gauss, grid, light,
	    (double[ONN_PROFILE_PARAMETERS]){w0, z, 0, p, l});
}

onn_field onn_hermite_gauss(
    onn_graph *g, const onn_grid *grid, const onn_light *light, int m, int n, double w0, double z)
{
	static const char *const function = "onn_hermite_gauss";
	if (!beam_ok(g, function, grid, light, w0, z))
		return onn_null_field;
	if (m < 0 || m > ONN_MODE_MAX || n < 0 || n > ONN_MODE_MAX || (grid->ny == 1 && m > 0)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: orders m = %d (y) and n = %d (x); expected 0 to %d, and m = 0 on a grid "
		    "of one row",
		    function, m, n, ONN_MODE_MAX);
		return onn_null_field;
	}
	return onn_tabulate(g, function, hermite_gauss, grid, light,
	    (double[ONN_PROFILE_PARAMETERS]){w0, z, grid->ny == 1, m, n});
}
