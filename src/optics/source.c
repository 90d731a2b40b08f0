/*
 * Plane, tilted and point sources, and how sources become tables.
 */
#include "optics/source.h"

#include <stdio.h>
#include <string.h>

#include <onn/sampling.h>

#include "core/error.h"

typedef struct request {
	char name[24];
	onn_grid grid;
	onn_light light;
	double parameter[ONN_PROFILE_PARAMETERS];
	onn_profile profile;
} request;

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	const onn_grid *grid = &r->grid;
	onn_status status = onn_light_table(table, r->name, &r->light, grid->ny, grid->nx);
	if (status)
		return status;
	double _Complex *value = onn_array_data(*table);
	for (size_t w = 0; w < r->light.nwavelengths; w++)
		for (size_t iy = 0; iy < grid->ny; iy++)
			for (size_t ix = 0; ix < grid->nx; ix++)
				*value++ = r->profile(r->parameter, r->light.wavelength[w],
				    onn_grid_at(grid, 0, iy), onn_grid_at(grid, 1, ix));
	return onn_round_table(table, r->light.type);
}

onn_field onn_tabulate(onn_graph *g, const char *name, onn_profile profile, const onn_grid *grid,
    const onn_light *light, const double parameter[ONN_PROFILE_PARAMETERS])
{
	request r;
	memset(&r, 0, sizeof r);
	snprintf(r.name, sizeof r.name, "%s", name);
	r.grid = *grid;
	onn_light_key(&r.light, light);
	memcpy(r.parameter, parameter, sizeof r.parameter);
	r.profile = profile;
	onn_node e = onn_keyed_constant(g, &r, sizeof r, make, &r);
	return e.id ? (onn_field){e, *grid, *light} : onn_null_field;
}

/* ---- plane waves ---- */

static double _Complex plane(const double *sine, double wavelength, double y, double x)
{
	return onn_turns(((long double)y * sine[0] + (long double)x * sine[1]) / wavelength);
}

onn_field onn_plane_wave(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double ty, double tx)
{
	if (!onn_source_ok(g, "onn_plane_wave", grid, light))
		return onn_null_field;
	double sy = sin(ty), sx = sin(tx);
	if (!(sy * sy + sx * sx <= 1)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_plane_wave: angles (%g, %g) rad; expected sin^2 ty + sin^2 tx <= 1", ty,
		    tx);
		return onn_null_field;
	}
	onn_phase_sampling sampling;
	if (onn_plane_wave_sampling(&sampling, grid, light, ty, tx) || !sampling.enough) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_plane_wave: %s", sampling.why);
		return onn_null_field;
	}
	if (sy != 0 || sx != 0)
		return onn_tabulate(g, "onn_plane_wave", plane, grid, light,
		    (double[ONN_PROFILE_PARAMETERS]){sy, sx});
	size_t shape[3], n = onn_light_shape(shape, light, grid->ny, grid->nx);
	onn_node e = onn_full(g, light->type, n, shape, 1);
	return e.id ? (onn_field){e, *grid, *light} : onn_null_field;
}

/* ---- point sources ---- */

/* parameters: y, x, z, whether the grid is a row (a line source: amplitude as 1/sqrt(r)) */
static double _Complex point(const double *p, double wavelength, double y, double x)
{
	long double dy = p[3] != 0 ? 0 : (long double)y - p[0], dx = (long double)x - p[1];
	long double rho2 = dy * dy + dx * dx, z = fabs(p[2]);
	long double fall = z / sqrtl(rho2 + z * z),
	            t = onn_radial_turns(fabs(p[2]), rho2, wavelength);
	double amplitude = (double)(p[3] != 0 ? sqrtl(fall) : fall);
	return amplitude * onn_turns(p[2] < 0 ? -t : t);
}

onn_field onn_point_source(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double y, double x, double z)
{
	if (!onn_source_ok(g, "onn_point_source", grid, light))
		return onn_null_field;
	if (!isfinite(y) || !isfinite(x) || !isfinite(z) || z == 0) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_point_source: the point is at (%g, %g), %g m before the plane; expected "
		    "finite values and a distance that is not 0",
		    y, x, z);
		return onn_null_field;
	}
	return onn_tabulate(g, "onn_point_source", point, grid, light,
	    (double[ONN_PROFILE_PARAMETERS]){y, x, z, grid->ny == 1});
}
