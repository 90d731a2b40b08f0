/*
 * The same transfer functions as a graph, in f64, of a distance or a wavelength that is a node: for
 * derivatives, and for gaps whose length is drawn at random.
 *
 * The numbers given beside the nodes are where the axial phase is expanded: k z in turns is that of
 * the numbers, whole turns removed, plus what the nodes differ by, so nothing is lost when they
 * agree.
 */
#include "optics/transfer.h"

#include <string.h>

#include "optics/smooth.h"
#include "optics/source.h"

/* ---- tables by frequency ---- */

typedef enum quantity { FREQUENCY2, BAND, AXIAL, WAVELENGTH } quantity;

typedef struct request {
	char name[16];
	quantity what;
	int axis;
	onn_transfer t;
} request;

static double table_value(const request *r, double wavelength, size_t i)
{
	const onn_transfer *t = &r->t;
	size_t n = t->n[r->axis], k = i <= n / 2 ? i : n - i;
	double f = (double)k / ((double)n * t->pitch[r->axis]);
	switch (r->what) {
	case FREQUENCY2:
		return f * f;
	case BAND:
		return k <= onn_transfer_kept(t, r->axis, wavelength);
	case AXIAL:
		return (double)onn_axial_turns(t->z, wavelength);
	default:
		return wavelength;
	}
}

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	const onn_light *light = &r->t.light;
	bool along = r->what == FREQUENCY2 || r->what == BAND;
	size_t n = along ? r->t.n[r->axis] : 1;
	size_t shape[3],
	    ndim = onn_light_shape(shape, light, r->axis == 0 ? n : 1, r->axis == 1 ? n : 1);
	onn_status status = onn_array_create(table, ONN_F64, ndim, shape);
	if (status)
		return status;
	double *value = onn_array_data(*table);
	for (size_t w = 0; w < light->nwavelengths; w++)
		for (size_t i = 0; i < n; i++)
			*value++ = table_value(r, light->wavelength[w], i);
	return ONN_OK;
}

/* [wavelength, y, x] with sizes of 1 where nothing changes; without the first axis for one
 * wavelength. */
static onn_node table(onn_graph *g, const onn_transfer *t, quantity what, int axis)
{
	request r;
	memset(&r, 0, sizeof r);
	memcpy(r.name, "transfer table", 14);
	r.what = what;
	r.axis = axis;
	r.t = *t;
	return onn_keyed_constant(g, &r, sizeof r, make, &r);
}

/* ---- H ---- */

/* k z in turns, near that of the numbers given: (z - z0)/lambda - z0 (lambda - lambda0)/(lambda
 * lambda0) more. */
static onn_node axial(onn_graph *g, const onn_transfer *t, onn_node z, onn_node wavelength)
{
	onn_node lambda0 = table(g, t, WAVELENGTH, 0);
	onn_node more = onn_div(g, onn_add_real(g, z, -t->z), wavelength);
	onn_node shift =
	    onn_div(g, onn_sub(g, wavelength, lambda0), onn_mul(g, wavelength, lambda0));
	return onn_add(g, table(g, t, AXIAL, 0), onn_sub(g, more, onn_mul_real(g, shift, t->z)));
}

/* exp(2 pi i z sqrt(1 - gamma)/lambda), and what the policy says beyond gamma = 1. There the root's
 * derivative is infinite: it is taken as 0. */
static onn_node angular_spectrum(
    onn_graph *g, onn_evanescent policy, onn_node gamma, onn_node base, onn_node ratio)
{
	onn_node one = onn_scalar(g, ONN_F64, 1), zero = onn_scalar(g, ONN_F64, 0);
	onn_node edge = onn_equal(g, gamma, one), travels = onn_less_equal(g, gamma, one);
	onn_node inside = onn_select(g, edge, one, onn_abs(g, onn_sub(g, one, gamma)));
	onn_node root = onn_select(g, edge, zero, onn_sqrt(g, inside));
	onn_node bend = onn_div(g, gamma, onn_add_real(g, onn_select(g, travels, root, zero), 1));
	onn_node wave = onn_turns_factor(g, onn_sub(g, base, onn_mul(g, ratio, bend)));
	onn_node beyond = policy == ONN_EVANESCENT_PASS ? one : zero;
	if (policy == ONN_EVANESCENT_DECAY)
		beyond = onn_exp(
		    g, onn_mul_real(g, onn_mul(g, ratio, onn_select(g, travels, zero, root)),
		           -2 * (double)ONN_PI));
	return onn_select(g, travels, wave, onn_cast(g, beyond, ONN_C128));
}

onn_node onn_transfer_graph(
    onn_graph *g, const onn_transfer *t, onn_node distance, onn_node wavelength)
{
	onn_node z = distance.id ? distance : onn_scalar(g, ONN_F64, t->z);
	onn_node lambda = wavelength.id ? wavelength : table(g, t, WAVELENGTH, 0);
	/* [1, 1] or [wavelength, 1, 1], whatever shape stands for one number */
	size_t shape[3], n = onn_light_shape(shape, &t->light, 1, 1);
	lambda = onn_reshape(g, lambda, n, shape);
	onn_node f2 = onn_add(g, table(g, t, FREQUENCY2, 0), table(g, t, FREQUENCY2, 1));
	onn_node gamma = onn_mul(g, onn_square(g, lambda), f2);
	onn_node ratio = onn_div(g, z, lambda), base = axial(g, t, z, lambda);
	onn_node h;
	if (t->method == ONN_METHOD_FRESNEL)
		h = onn_turns_factor(
		    g, onn_sub(g, base, onn_mul(g, ratio, onn_mul_real(g, gamma, .5))));
	else
		h = angular_spectrum(g, t->evanescent, gamma, base, ratio);
	if (t->method == ONN_METHOD_BAND_LIMITED)
		h = onn_mul(g, h, onn_mul(g, table(g, t, BAND, 0), table(g, t, BAND, 1)));
	return onn_cast(g, h, t->light.type);
}
