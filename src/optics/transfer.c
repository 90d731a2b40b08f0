/*
 * Transfer functions of free space (docs/physics.md) as tables.
 *
 * The phase is held in turns. z gamma/lambda can be 10^6 turns, of which only the fraction counts,
 * so it is made in long double where that is wider, in a form without a difference of near values;
 * H is even in both frequencies, so a quadrant is computed.
 */
#include "optics/transfer.h"

#include <string.h>

#include "core/error.h"
#include "optics/request.h"
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
	onn_light_key(&t->light, light);
}

double onn_transfer_band(const onn_transfer *t, int axis, double wavelength)
{
	double df = 1 / ((double)t->n[axis] * t->pitch[axis]);
	return 1 / (wavelength * hypot(2 * t->z * df, 1));
}

size_t onn_transfer_kept(const onn_transfer *t, int axis, double wavelength)
{
	size_t half = t->n[axis] / 2;
	if (t->method != ONN_METHOD_BAND_LIMITED)
		return half;
	double last =
	    onn_transfer_band(t, axis, wavelength) * ((double)t->n[axis] * t->pitch[axis]);
	return last < (double)half ? (size_t)last : half;
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
	long double base = onn_axial_turns(t->z, wavelength);
	long double ratio = t->z / (long double)wavelength;
	long double cy = wavelength / ((long double)ny * t->pitch[0]);
	long double cx = wavelength / ((long double)nx * t->pitch[1]);
	size_t last_y = onn_transfer_kept(t, 0, wavelength);
	size_t last_x = onn_transfer_kept(t, 1, wavelength);
	for (size_t iy = 0; iy <= ny / 2; iy++) {
		for (size_t ix = 0; ix <= nx / 2; ix++) {
			long double y = (long double)iy * cy, x = (long double)ix * cx;
			bool kept = iy <= last_y && ix <= last_x;
			double _Complex value = kept ? transfer(t, y * y + x * x, base, ratio) : 0;
			size_t my = (ny - iy) % ny, mx = (nx - ix) % nx;
			h[iy * nx + ix] = h[iy * nx + mx] = value;
			h[my * nx + ix] = h[my * nx + mx] = value;
		}
	}
}

onn_status onn_transfer_make(onn_array **h, const void *transfer)
{
	const onn_transfer *t = transfer;
	onn_status status = onn_light_table(h, "onn_propagate", &t->light, t->n[0], t->n[1]);
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

onn_status onn_transfer_function(onn_array **h, const onn_grid *grid, const onn_light *light,
    double z, const onn_propagation *propagation)
{
	onn_request r;
	onn_transfer t;
	*h = NULL;
	onn_status status =
	    onn_request_make(&r, "onn_transfer_function", grid, light, z, propagation);
	if (status)
		return status;
	onn_method method = onn_request_method(&r);
	if (method != ONN_METHOD_ASM && method != ONN_METHOD_BAND_LIMITED &&
	    method != ONN_METHOD_FRESNEL)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the method is %s; expected asm, band-limited or fresnel", r.function,
		    onn_method_name(method));
	onn_light wide = *light;
	wide.type = ONN_C128;
	onn_transfer_request(&t, grid, &wide, method, r.how.evanescent, r.pad, z);
	onn_array *table;
	status = onn_transfer_make(&table, &t);
	if (status == ONN_OK) {
		size_t shape[3] = {light->nwavelengths, t.n[0], t.n[1]};
		status = onn_array_from(h, ONN_C128, 3, shape, onn_array_const_data(table));
		onn_array_destroy(table);
	}
	return status;
}
