/*
 * Plane, tilted and point sources, and how sources become tables.
 */
#include "optics/source.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"

typedef struct request {
	char name[24];
	onn_grid grid;
	onn_light light;
	double parameter[ONN_PROFILE_PARAMETERS];
	onn_profile profile;
} request;

static onn_status make(const void *argument, onn_array **table)
{
	const request *r = argument;
	const onn_grid *grid = &r->grid;
	onn_status status = onn_light_table(r->name, &r->light, grid->ny, grid->nx, table);
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
	r.light.type = light->type;
	r.light.nwavelengths = light->nwavelengths;
	memcpy(r.light.wavelength, light->wavelength,
	    light->nwavelengths * sizeof light->wavelength[0]);
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
	if (sy != 0 || sx != 0)
		return onn_tabulate(
		    g, "onn_plane_wave", plane, grid, light, (double[5]){sy, sx, 0, 0, 0});
	size_t shape[3], n = onn_light_shape(light, grid->ny, grid->nx, shape);
	onn_node e = onn_full(g, light->type, n, shape, 1);
	return e.id ? (onn_field){e, *grid, *light} : onn_null_field;
}
