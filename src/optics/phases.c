/*
 * Phases that are tables: gratings and Zernike polynomials.
 */
#include <onn/elements.h>

#include "core/pi.h"
#include "optics/element.h"

/* ---- gratings ---- */

/* Periods at a pixel. A jump that falls on pixels is to fall on all of them alike: multiples of
 * half a period are taken as exact. */
static double periods(const onn_map *map, size_t iy, size_t ix)
{
	double period = map->parameter[0], angle = map->parameter[1];
	double y = onn_grid_at(&map->grid, 0, iy), x = onn_grid_at(&map->grid, 1, ix);
	double t = (x * cos(angle) + y * sin(angle)) / period, nearest = round(2 * t) / 2;
	return fabs(t - nearest) < 1e-9 ? nearest : t;
}

static void fill_blazed(double *value, const onn_map *map)
{
	for (size_t iy = 0; iy < map->grid.ny; iy++)
		for (size_t ix = 0; ix < map->grid.nx; ix++) {
			double t = periods(map, iy, ix);
			*value++ = ONN_TWO_PI * (t - floor(t));
		}
}

static void fill_binary(double *value, const onn_map *map)
{
	for (size_t iy = 0; iy < map->grid.ny; iy++)
		for (size_t ix = 0; ix < map->grid.nx; ix++) {
			double t = periods(map, iy, ix);
			*value++ = t - floor(t) < .5 ? 0 : map->parameter[2];
		}
}

static void fill_sine(double *value, const onn_map *map)
{
	for (size_t iy = 0; iy < map->grid.ny; iy++)
		for (size_t ix = 0; ix < map->grid.nx; ix++)
			*value++ =
			    map->parameter[2] / 2 * (1 + sin(ONN_TWO_PI * periods(map, iy, ix)));
}

static onn_node grating(onn_graph *g, const char *function, onn_map_fill fill, onn_type type,
    const onn_grid *grid, double period, double angle, double depth)
{
	if (!(period > 0 && isfinite(period) && isfinite(angle) && isfinite(depth)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: period %g m, angle %g, depth %g; expected finite values, period > 0",
		    function, period, angle, depth);
	return onn_map_node(
	    g, function, function + 4, fill, type, grid, (const double[]){period, angle, depth, 0});
}

onn_node onn_blazed_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle)
{
	return grating(g, "onn_blazed_phase", fill_blazed, type, grid, period, angle, 0);
}

onn_node onn_binary_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth)
{
	return grating(g, "onn_binary_phase", fill_binary, type, grid, period, angle, depth);
}

onn_node onn_sine_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth)
{
	return grating(g, "onn_sine_phase", fill_sine, type, grid, period, angle, depth);
}

/* ---- Zernike ---- */

/*
 * R_n^m(r) = r^m P_k^(0,m)(2 r^2 - 1), k = (n-m)/2, P Jacobi's polynomial by its recurrence, since
 * the explicit sum of factorials cancels for large n:
 *     2j (j+m) (2j+m-2) P_j = (2j+m-1) [(2j+m)(2j+m-2) x - m^2] P_(j-1)
 *                             - 2 (j-1) (j+m-1) (2j+m) P_(j-2)
 */
static double radial(int n, int m, double r)
{
	double x = 2 * r * r - 1, before = 0, p = 1;
	for (int j = 1; j <= (n - m) / 2; j++) {
		double s = 2. * j + m, next;
		if (j == 1)
			next = ((m + 2) * x - m) / 2;
		else
			next = ((s - 1) * (s * (s - 2) * x - (double)m * m) * p -
			           2. * (j - 1) * (j + m - 1) * s * before) /
			       (2. * j * (j + m) * (s - 2));
		before = p;
		p = next;
	}
	return pow(r, m) * p;
}

static void fill_zernike(double *value, const onn_map *map)
{
	double radius = map->parameter[0];
	int n = (int)map->parameter[1], m = (int)map->parameter[2], order = m < 0 ? -m : m;
	double size = sqrt(m == 0 ? n + 1. : 2 * (n + 1.));
	for (size_t iy = 0; iy < map->grid.ny; iy++)
		for (size_t ix = 0; ix < map->grid.nx; ix++) {
			double y = onn_grid_at(&map->grid, 0, iy),
			       x = onn_grid_at(&map->grid, 1, ix);
			double r = hypot(y, x) / radius, angle = atan2(y, x) * order;
			double around = m < 0 ? sin(angle) : cos(angle);
			/* a pixel on the edge is inside, as in an aperture */
			bool inside = r <= 1 + 1e-12;
			*value++ = inside ? size * radial(n, order, fmin(r, 1)) * around : 0;
		}
}

onn_node onn_zernike(onn_graph *g, onn_type type, const onn_grid *grid, int n, int m, double radius)
{
	if (n < 0 || n > 1000 || m < -n || m > n || (n - m) % 2 != 0)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_zernike: order %d, azimuthal frequency %d; expected 0 <= n <= 1000, |m| "
		    "<= n, "
		    "n - |m| even",
		    n, m);
	if (!(radius > 0 && isfinite(radius))) {
		onn_wrong_number(g, "onn_zernike", "radius", radius, "a finite value > 0");
		return ONN_NULL_NODE;
	}
	return onn_map_node(g, "onn_zernike", "zernike", fill_zernike, type, grid,
	    (const double[]){radius, n, m, 0});
}
