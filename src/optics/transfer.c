/*
 * Transfer functions of free space, physics.md 5, as tables.
 *
 * The phase is held in turns. z gamma/lambda can be 10^6 turns, of which only the fraction counts,
 * so it is made in long double where that is wider, in a form without a difference of near values;
 * H is even in both frequencies, so a quadrant is computed.
 */
#include "optics/transfer.h"

#include <string.h>

#include "optics/source.h"

void onn_transfer_request(onn_transfer *t, const onn_grid *grid, const onn_light *light,
    onn_method method, onn_evanescent evanescent, const size_t pad[2], double z)
{
	memset(t, 0, sizeof *t);
	memcpy(t->name, "transfer", 8);
	t->method = method;
	/* what does not matter is the same in all keys */
	t->evanescent = method == ONN_METHOD_FRESNEL ? ONN_EVANESCENT_PASS : evanescent;
	t->n[0] = grid->ny + 2 * pad[0];
	t->n[1] = grid->nx + 2 * pad[1];
	t->pitch[0] = grid->dy;
	t->pitch[1] = grid->dx;
	t->z = z + 0.0; /* no -0 */
	t->light.type = light->type;
	t->light.nwavelengths = light->nwavelengths;
	memcpy(t->light.wavelength, light->wavelength,
	    light->nwavelengths * sizeof light->wavelength[0]);
}

double onn_transfer_band(const onn_transfer *t, int axis, double wavelength)
{
	if (t->method != ONN_METHOD_BAND_LIMITED)
		return INFINITY;
	double df = 1 / ((double)t->n[axis] * t->pitch[axis]);
	return 1 / (wavelength * hypot(2 * t->z * df, 1));
}

/* gamma = lambda^2 (fx^2 + fy^2); base: k z in turns, ratio: z/lambda */
static double _Complex transfer(
    const onn_transfer *t, long double gamma, long double base, long double ratio)
{
	if (t->method == ONN_METHOD_FRESNEL)
		return onn_turns(base - ratio * gamma / 2);
	if (gamma <= 1)
		return onn_turns(base - ratio * (gamma / (1 + sqrtl(1 - gamma))));
	switch (t->evanescent) {
	case ONN_EVANESCENT_DROP:
		return 0;
	case ONN_EVANESCENT_PASS:
		return 1;
	default:
		return exp((double)(-2 * ONN_PI * ratio * sqrtl(gamma - 1)));
	}
}

static void fill(const onn_transfer *t, double wavelength, double _Complex *h)
{
	size_t ny = t->n[0], nx = t->n[1];
	long double base = fmod(t->z, wavelength) / (long double)wavelength;
	long double ratio = t->z / (long double)wavelength;
	long double cy = wavelength / ((long double)ny * t->pitch[0]);
	long double cx = wavelength / ((long double)nx * t->pitch[1]);
	double limit[2] = {wavelength * onn_transfer_band(t, 0, wavelength),
	    wavelength * onn_transfer_band(t, 1, wavelength)};
	for (size_t iy = 0; iy <= ny / 2; iy++) {
		for (size_t ix = 0; ix <= nx / 2; ix++) {
			long double y = (long double)iy * cy, x = (long double)ix * cx;
			double _Complex value = y <= limit[0] && x <= limit[1]
			                            ? transfer(t, y * y + x * x, base, ratio)
			                            : 0;
			size_t my = (ny - iy) % ny, mx = (nx - ix) % nx;
			h[iy * nx + ix] = h[iy * nx + mx] = value;
			h[my * nx + ix] = h[my * nx + mx] = value;
		}
	}
}

onn_status onn_transfer_make(const void *transfer, onn_array **h)
{
	const onn_transfer *t = transfer;
	onn_status status = onn_light_table("onn_propagate", &t->light, t->n[0], t->n[1], h);
	if (status)
		return status;
	double _Complex *value = onn_array_data(*h);
	for (size_t w = 0; w < t->light.nwavelengths; w++)
		fill(t, t->light.wavelength[w], value + w * t->n[0] * t->n[1]);
	return onn_round_table(h, t->light.type);
}

onn_node onn_transfer_node(onn_graph *g, const onn_transfer *t)
{
	return onn_keyed_constant(g, t, sizeof *t, onn_transfer_make, t);
}
