/*
 * The largest phase step of sources and elements that formulas describe. All are steepest at an end
 * of an axis.
 */
#include "optics/steps.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/options.h"
#include "core/text.h"
#include "core/units.h"
#include "optics/source.h"

/* sqrt(ln 1000): a Gaussian's amplitude is 1e-3 there, in units of its radius. */
static const double brink = 2.6282608848784661;

/* ---- the answer ---- */

void onn_steps_tell(onn_phase_sampling *s, const onn_grid *grid, const char *what, ...)
{
	const double pitch[2] = {grid->dy, grid->dx}, half = (double)ONN_PI * (1 + 1e-12);
	int axis = s->step[0] > s->step[1] ? 0 : 1;
	va_list arguments;
	va_start(arguments, what);
	vsnprintf(s->why, sizeof s->why, what, arguments);
	va_end(arguments);
	for (int i = 0; i < 2; i++)
		s->pitch[i] = s->step[i] > 0 ? pitch[i] * ((double)ONN_PI / s->step[i]) : INFINITY;
	s->enough = s->step[0] <= half && s->step[1] <= half;
	onn_append(s->why, sizeof s->why,
	    " turns by up to %.4g rad from pixel to pixel (%c); at most half a turn, %.4g rad, is "
	    "sampled",
	    s->step[axis], axis ? 'x' : 'y', (double)ONN_PI);
	if (!s->enough)
		onn_append(s->why, sizeof s->why, "; expected a pitch of at most %s",
		    ONN_METRES(s->pitch[axis]));
}

/* ---- what they share ---- */

static onn_status begin(onn_phase_sampling *s, const char *function, const onn_grid *grid,
    const onn_light *light, bool fine, const char *expected)
{
	memset(s, 0, sizeof *s);
	onn_status status = onn_grid_check_for(function, grid);
	if (status == ONN_OK && light)
		status = onn_light_check_for(function, light);
	if (status == ONN_OK && !fine)
		status = onn_error(ONN_ERROR_ARGUMENT, "%s: expected %s", function, expected);
	return status;
}

/* 2 pi over the shortest wavelength, which turns most. */
static double wavenumber(const onn_light *light)
{
	double shortest = light->wavelength[0];
	for (size_t i = 1; i < light->nwavelengths; i++)
		shortest = fmin(shortest, light->wavelength[i]);
	return (double)(2 * ONN_PI) / shortest;
}

/* A phase that grows evenly. */
static void even(onn_phase_sampling *s, const onn_grid *grid, const double slope[2])
{
	for (int axis = 0; axis < 2; axis++)
		s->step[axis] = onn_grid_pixels(grid, axis) > 1
		                    ? fabs(slope[axis]) * onn_grid_pitch(grid, axis)
		                    : 0;
}

/* The two pixels at an end of an axis, as seen from a point there. */
static void end_of(const onn_grid *grid, int axis, bool last, double from, double x[2])
{
	size_t n = onn_grid_pixels(grid, axis), at = last ? n - 2 : 0;
	x[0] = onn_grid_at(grid, axis, at) - from;
	x[1] = onn_grid_at(grid, axis, at + 1) - from;
}

/* ---- sources ---- */

onn_status onn_plane_wave_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double ty, double tx)
{
	double sy = sin(ty), sx = sin(tx);
	onn_status status = begin(sampling, "onn_plane_wave_sampling", grid, light,
	    sy * sy + sx * sx <= 1, "angles with sin^2 ty + sin^2 tx <= 1");
	if (status)
		return status;
	double k = wavenumber(light);
	even(sampling, grid, (const double[]){k * sy, k * sx});
	onn_steps_tell(sampling, grid, "a plane wave at angles (%.4g, %.4g) rad", ty, tx);
	for (int axis = 0; axis < 2; axis++) {
		/* frequencies of the grid padded to twice are pi/n apart: nearer to half a turn is
		 * half a turn */
		double most = (double)ONN_PI * (1 - .5 / (double)onn_grid_pixels(grid, axis));
		if (!sampling->enough || sampling->step[axis] <= most)
			continue;
		sampling->enough = false;
		sampling->pitch[axis] *= most / (double)ONN_PI;
		onn_append(sampling->why, sizeof sampling->why,
		    ", and %.4g rad is half a turn to so few pixels, the same tilt as the other "
		    "way; expected a pitch of at most %s",
		    sampling->step[axis], ONN_METRES(sampling->pitch[axis]));
	}
	return ONN_OK;
}

/* How far the nearest pixel of an axis is from a point. */
static double nearest(const onn_grid *grid, int axis, double from)
{
	double first = onn_grid_at(grid, axis, 0);
	double i = round((from - first) / onn_grid_pitch(grid, axis));
	size_t last = onn_grid_pixels(grid, axis) - 1;
	size_t at = i > 0 ? (i < (double)last ? (size_t)i : last) : 0;
	return onn_grid_at(grid, axis, at) - from;
}

onn_status onn_point_source_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double y, double x, double z)
{
	const double at[2] = {y, x};
	onn_status status = begin(sampling, "onn_point_source_sampling", grid, light,
	    isfinite(y) && isfinite(x) && isfinite(z) && z != 0,
	    "a finite place and distance that is not 0");
	if (status)
		return status;
	for (int axis = 0; axis < 2; axis++) {
		if (onn_grid_pixels(grid, axis) == 1)
			continue;
		double beside = !axis || grid->ny > 1 ? nearest(grid, !axis, at[!axis]) : 0;
		for (int last = 0; last < 2; last++) {
			double p[2];
			end_of(grid, axis, last, at[axis], p);
			double r[2] = {
			    hypot(hypot(p[0], beside), z), hypot(hypot(p[1], beside), z)};
			double path = (p[1] - p[0]) * ((p[1] + p[0]) / (r[0] + r[1]));
			sampling->step[axis] =
			    fmax(sampling->step[axis], wavenumber(light) * fabs(path));
		}
	}
	onn_steps_tell(sampling, grid, "a point source %s before the plane", ONN_METRES(z));
	return ONN_OK;
}

/* exp(i c x^2) at both ends. */
static void curved(onn_phase_sampling *s, const onn_grid *grid, double c, const double centre[2])
{
	for (int axis = 0; axis < 2; axis++)
		for (int last = 0; last < 2 && onn_grid_pixels(grid, axis) > 1; last++) {
			double p[2], d = onn_grid_pitch(grid, axis);
			end_of(grid, axis, last, centre[axis], p);
			s->step[axis] =
			    fmax(s->step[axis], fabs(2 * c) * d * fabs(p[0] + p[1]) / 2);
		}
}

/*
 * A mode along an axis, in units of s = sqrt(2) x/w, is an oscillator: its lobes, or its phase
 * about the axis, turn by up to sqrt(energy - s^2) a unit. They begin at `inner`; from `end` on
 * the amplitude is below 1e-3 of the largest.
 */
typedef struct lobes {
	double energy, inner, end;
} lobes;

/* Beyond the turning point a mode falls like Airy's function, to 1e-3 of its peak at 4. */
static double end_behind(double turning) { return turning + 4 / cbrt(2 * turning); }

/* 2 n + 1 is all of the energy; the lowest mode has no lobes. */
static lobes hermite_lobes(int n)
{
	double energy = 2. * n + 1;
	return n == 0 ? (lobes){0, 0, sqrt(2.) * brink}
	              : (lobes){energy, 0, end_behind(sqrt(energy))};
}

/* Two axes share 2 (2 p + |l| + 1), and what turns about the axis keeps away from it. */
static lobes laguerre_lobes(int p, int l)
{
	double n = 2. * p + abs(l) + 1, rest = sqrt(n * n - (double)l * l);
	return n <= 1 ? hermite_lobes(0)
	              : (lobes){2 * n, sqrt(n - rest), end_behind(sqrt(n + rest))};
}

/* The steepest turn a unit between pixels to s = far, `pitch` apart, where the wavefront turns by
 * `bend` s a unit as well. */
static double steepest(const lobes *m, double bend, double far, double pitch)
{
	double most = bend * fmin(far, fmax(m->end - pitch / 2, 0));
	double s = fmin(fmax(sqrt(m->energy) * bend / hypot(1, bend), m->inner), far);
	if (m->energy > 0 && far >= m->inner)
		most = fmax(most, bend * s + sqrt(fmax(m->energy - s * s, 0)));
	return most;
}

/* How fast a mode turns from pixel to pixel along an axis. */
static double beam_step(const onn_grid *grid, int axis, const lobes *mode, double unit, double bend)
{
	double d = unit * onn_grid_pitch(grid, axis), most = 0;
	for (int last = 0; last < 2; last++) {
		double p[2];
		end_of(grid, axis, last, 0, p);
		most = fmax(most, d * steepest(mode, bend, unit * fabs(p[0] + p[1]) / 2, d));
	}
	return most;
}

/* A beam with lobes along both axes. */
static void beam(onn_phase_sampling *s, const onn_grid *grid, double k, const lobes mode[2],
    double w0, double z, const char *what)
{
	double rayleigh = k * w0 * w0 / 2, ratio = z / rayleigh, w = w0 * hypot(1, ratio);
	/* k/R is k |ratio|/(zR (1 + ratio^2)); times w^2/2 it is |ratio| */
	double unit = sqrt(2.) / w, bend = fabs(ratio);
	for (int axis = 0; axis < 2; axis++)
		if (onn_grid_pixels(grid, axis) > 1)
			s->step[axis] = beam_step(grid, axis, &mode[axis], unit, bend);
	onn_steps_tell(s, grid, "%s of %s at its waist", what, ONN_METRES(w0));
	bool turns = !s->enough, narrow[2] = {false, false};
	for (int axis = 0; axis < 2; axis++) {
		/* its spectrum, to where it is below 1e-3, fits the grid's as well */
		const lobes whole = {mode[axis].end * mode[axis].end, 0, mode[axis].end};
		if (onn_grid_pixels(grid, axis) == 1)
			continue;
		double pitch = onn_grid_pitch(grid, axis) * (double)ONN_PI /
		               beam_step(grid, axis, &whole, unit, bend);
		s->pitch[axis] = fmin(s->pitch[axis], pitch);
		narrow[axis] = onn_grid_pitch(grid, axis) > pitch;
	}
	if (!narrow[0] && !narrow[1])
		return;
	s->enough = false;
	if (!turns) /* how fast its phase turns says nothing then */
		snprintf(s->why, sizeof s->why, "%s of %s at its waist", what, ONN_METRES(w0));
	onn_append(s->why, sizeof s->why,
	    "%s has a radius of %s here, too narrow for such pixels; expected a pitch of at most",
	    turns ? "; it" : "", ONN_METRES(w));
	for (int axis = 0; axis < 2; axis++)
		if (narrow[axis])
			onn_append(s->why, sizeof s->why, "%s %s (%c)",
			    axis && narrow[0] ? "," : "", ONN_METRES(s->pitch[axis]),
			    axis ? 'x' : 'y');
}

static onn_status begin_beam(onn_phase_sampling *s, const char *function, const onn_grid *grid,
    const onn_light *light, double w0, double z, bool orders)
{
	return begin(s, function, grid, light, w0 > 0 && isfinite(w0) && isfinite(z) && orders,
	    "finite w0 and z, w0 > 0, and orders that the source takes");
}

onn_status onn_gaussian_beam_sampling(
    onn_phase_sampling *sampling, const onn_grid *grid, const onn_light *light, double w0, double z)
{
	const lobes mode[2] = {hermite_lobes(0), hermite_lobes(0)};
	onn_status status =
	    begin_beam(sampling, "onn_gaussian_beam_sampling", grid, light, w0, z, true);
	if (!status)
		beam(sampling, grid, wavenumber(light), mode, w0, z, "a Gaussian beam");
	return status;
}

onn_status onn_hermite_gauss_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, int m, int n, double w0, double z)
{
	bool orders = m >= 0 && m <= ONN_MODE_MAX && n >= 0 && n <= ONN_MODE_MAX;
	onn_status status =
	    begin_beam(sampling, "onn_hermite_gauss_sampling", grid, light, w0, z, orders);
	if (status)
		return status;
	const lobes mode[2] = {hermite_lobes(m), hermite_lobes(n)};
	char what[64];
	snprintf(what, sizeof what, "the Hermite-Gauss mode (%d, %d)", m, n);
	beam(sampling, grid, wavenumber(light), mode, w0, z, what);
	return ONN_OK;
}

onn_status onn_laguerre_gauss_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, int p, int l, double w0, double z)
{
	bool orders = p >= 0 && p <= ONN_MODE_MAX && l >= -ONN_MODE_MAX && l <= ONN_MODE_MAX;
	onn_status status =
	    begin_beam(sampling, "onn_laguerre_gauss_sampling", grid, light, w0, z, orders);
	if (status)
		return status;
	const lobes mode[2] = {laguerre_lobes(p, l), laguerre_lobes(p, l)};
	char what[64];
	snprintf(what, sizeof what, "the Laguerre-Gauss mode (%d, %d)", p, l);
	beam(sampling, grid, wavenumber(light), mode, w0, z, what);
	return ONN_OK;
}

/* ---- elements ---- */

onn_status onn_lens_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double f, double y, double x)
{
	onn_status status = begin(sampling, "onn_lens_sampling", grid, light,
	    f != 0 && !isnan(f) && isfinite(y) && isfinite(x),
	    "a focal length that is not 0 and a finite centre");
	if (status)
		return status;
	curved(sampling, grid, isinf(f) ? 0 : wavenumber(light) / (2 * f), (const double[]){y, x});
	onn_steps_tell(sampling, grid, "a lens of focal length %s", ONN_METRES(f));
	if (!sampling->enough) {
		double steepest = fmax(sampling->step[0], sampling->step[1]);
		double coarse = fmax(grid->ny > 1 ? grid->dy : 0, grid->nx > 1 ? grid->dx : 0);
		double radius = (double)ONN_PI * fabs(f) / (wavenumber(light) * coarse);
		onn_append(sampling->why, sizeof sampling->why,
		    ", a focal length of at least %s, or light within %s of its centre",
		    ONN_METRES(fabs(f) * steepest / (double)ONN_PI), ONN_METRES(radius));
	}
	return ONN_OK;
}

onn_status onn_grating_sampling(
    onn_phase_sampling *sampling, const onn_grid *grid, double period, double angle)
{
	onn_status status = begin(sampling, "onn_grating_sampling", grid, NULL,
	    period > 0 && isfinite(period) && isfinite(angle), "a finite period > 0 and angle");
	if (status)
		return status;
	double slope = (double)(2 * ONN_PI) / period;
	even(sampling, grid, (const double[]){slope * sin(angle), slope * cos(angle)});
	onn_steps_tell(sampling, grid, "a grating of period %s", ONN_METRES(period));
	return ONN_OK;
}

onn_status onn_zernike_sampling(onn_phase_sampling *sampling, const onn_grid *grid, int n, int m,
    double radius, double coefficient)
{
	int order = m < 0 ? -m : m;
	onn_status status = begin(sampling, "onn_zernike_sampling", grid, NULL,
	    n >= 0 && n <= 1000 && order <= n && (n - order) % 2 == 0 && radius > 0 &&
	        isfinite(radius) && isfinite(coefficient),
	    "0 <= n <= 1000, |m| <= n, n - |m| even, a finite radius > 0 and coefficient");
	if (status)
		return status;
	double size = sqrt(m == 0 ? n + 1. : 2 * (n + 1.));
	double edge = (n * (n + 2.) - (double)order * order) / 2; /* R'(1) */
	double slope = coefficient * size * edge / radius;
	even(sampling, grid, (const double[]){slope, slope});
	onn_steps_tell(
	    sampling, grid, "%.4g rad of Zernike's polynomial (%d, %d)", coefficient, n, m);
	return ONN_OK;
}

onn_status onn_misalignment_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, const onn_misalignment *m)
{
	static const onn_misalignment usual = ONN_MISALIGNMENT_INIT;
	onn_misalignment taken = usual;
	onn_status status = begin(sampling, "onn_misalignment_sampling", grid, light, true, "");
	if (status == ONN_OK)
		status = onn_options_take(
		    &taken, m, "onn_misalignment_sampling", "ONN_MISALIGNMENT_INIT");
	if (status)
		return status;
	if (!(taken.tilt >= 0 && isfinite(taken.tilt)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_misalignment_sampling: a tilt of %g rad; expected a finite one >= 0",
		    taken.tilt);
	double slope = wavenumber(light) * sin(fmin(3 * taken.tilt, (double)ONN_PI / 2));
	even(sampling, grid, (const double[]){slope, slope});
	onn_steps_tell(sampling, grid, "a tilt of three deviations of %.4g rad", taken.tilt);
	return ONN_OK;
}
