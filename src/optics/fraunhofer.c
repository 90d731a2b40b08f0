/*
 * The far field: e^{ikz}/(i lambda z) e^{ik r'^2/(2z)} FT[u] dx dy. An axis of one
 * pixel is none: the field does not depend on it, and 1/sqrt(i lambda z) belongs to the other.
 */
#include <string.h>

#include <onn/fourier.h>

#include "optics/far.h"
#include "optics/source.h"

typedef struct request {
	char name[16];
	onn_grid from, to;
	onn_type type;
	double wavelength, z;
} request;

static bool has_axis(const onn_grid *grid, int axis) { return axis == 1 || grid->ny > 1; }

static onn_grid far_grid(const onn_grid *from, double wavelength, double z)
{
	onn_grid to = *from;
	to.dx = wavelength * fabs(z) / ((double)from->nx * from->dx);
	to.x0 = 0;
	if (has_axis(from, 0)) {
		to.dy = wavelength * fabs(z) / ((double)from->ny * from->dy);
		to.y0 = 0;
	}
	return to;
}

/*
 * One axis' share of the factor, in turns: k X^2/(2z) - x0 X/(lambda z) - 1/8, X the coordinate
 * there and x0 the place of the grid here (its centre is where the transform's phase is 0).
 */
static long double axis_turns(const request *r, int axis, size_t i)
{
	size_t n = axis ? r->to.nx : r->to.ny;
	long double d = axis ? r->to.dx : r->to.dy;
	long double there = ((long double)i - (long double)(n / 2)) * d;
	double here = axis ? r->from.x0 : r->from.y0;
	return (there * there / 2 - here * there) / (r->wavelength * (long double)r->z) -
	       (r->z < 0 ? -.125L : .125L);
}

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	onn_light light = onn_monochromatic(ONN_C128, r->wavelength);
	onn_status status = onn_light_table(table, "onn_propagate", &light, r->to.ny, r->to.nx);
	if (status)
		return status;
	double reach = r->wavelength * fabs(r->z), size = r->from.dx / sqrt(reach);
	if (has_axis(&r->from, 0))
		size *= r->from.dy / sqrt(reach);
	long double travel = onn_axial_turns(r->z, r->wavelength);
	double _Complex *value = onn_array_data(*table);
	for (size_t iy = 0; iy < r->to.ny; iy++) {
		for (size_t ix = 0; ix < r->to.nx; ix++) {
			long double y = has_axis(&r->from, 0) ? axis_turns(r, 0, iy) : 0;
			*value++ = size * onn_turns(travel + y + axis_turns(r, 1, ix));
		}
	}
	return onn_round_table(table, r->type);
}

onn_field onn_fraunhofer(onn_graph *g, const onn_request *r, onn_node e)
{
	request key;
	memset(&key, 0, sizeof key);
	memcpy(key.name, "fraunhofer", 10);
	key.from = *r->grid;
	key.wavelength = r->light->wavelength[0];
	key.to = far_grid(r->grid, key.wavelength, r->z);
	key.type = r->light->type;
	key.z = r->z;
	if (onn_grid_check_for(r->function, &key.to) != ONN_OK) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "%s", onn_last_error());
		return onn_null_field;
	}
	for (int axis = -2; axis < 0; axis++)
		e = onn_ifftshift(g, e, axis);
	/* backwards the transform's sign turns with that of z */
	if (r->z > 0)
		e = onn_fft2(g, e);
	else
		e = onn_mul_real(g, onn_ifft2(g, e), (double)r->grid->ny * (double)r->grid->nx);
	for (int axis = -2; axis < 0; axis++)
		e = onn_fftshift(g, e, axis);
	e = onn_mul(g, e, onn_keyed_constant(g, &key, sizeof key, make, &key));
	return e.id ? (onn_field){e, key.to, *r->light} : onn_null_field;
}
