/*
 * Saturable absorbers as graphs: values by docs/physics.md, and what flows backward by
 * the gradient mode.
 */
#include <math.h>
#include <string.h>

#include <onn/saturable.h>

#include "core/error.h"
#include "graph/graph.h"
#include "ops/op.h"
#include "saturable/broadened.h"
#include "saturable/control.h"
#include "saturable/dynamic.h"

/* ---- pieces ---- */

onn_node onn_thick_absorbance(onn_graph *g, onn_node s, onn_node depth)
{
	/* the sum has the common type and shape; nobody computes it */
	onn_node like = onn_add(g, s, depth);
	if (!like.id)
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, like);
	if (!onn_type_is_float(type) || onn_type_is_complex(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_thick_absorbance: s and depth make %s; expected f32 or f64",
		    onn_type_name(type));
	size_t ndim = onn_node_ndim(g, like), shape[ONN_MAX_DIMS];
	memcpy(shape, onn_node_shape(g, like), ndim * sizeof *shape);
	onn_node in[2] = {onn_broadcast(g, onn_cast(g, s, type), ndim, shape),
	    onn_broadcast(g, onn_cast(g, depth, type), ndim, shape)};
	return g->status ? ONN_NULL_NODE : onn_make(g, ONN_OP_ABSORBANCE, in, 2, NULL);
}

/* The input with intensities below 0 made 0; slope 1 at 0 itself, 0 below. */
static onn_node no_less_than_0(onn_graph *g, onn_node x)
{
	onn_node zero = onn_scalar(g, onn_node_type(g, x), 0);
	return onn_select(g, onn_less(g, x, zero), zero, x);
}

/* I/Isat */
static onn_node saturation(onn_graph *g, onn_node x, const onn_absorber *a)
{
	onn_node intensity = a->encoding == ONN_ENCODING_INTENSITY      ? no_less_than_0(g, x)
	                     : onn_type_is_complex(onn_node_type(g, x)) ? onn_abs2(g, x)
	                                                                : onn_square(g, x);
	return a->isat == 1 ? intensity : onn_mul_real(g, intensity, 1 / a->isat);
}

/* exp(-(1 - i Delta) absorbance/2) or, for an intensity, exp(-absorbance) */
static onn_node transmission(onn_graph *g, onn_node depth, const onn_absorber *a)
{
	double share = a->encoding == ONN_ENCODING_INTENSITY ? -1 : -0.5;
	onn_node size = onn_exp(g, onn_mul_real(g, depth, share));
	if (a->detuning == 0)
		return size;
	return onn_mul(g, size, onn_expi(g, onn_mul_real(g, depth, a->detuning / 2)));
}

/* Depth that the beam meets: what transmission() takes. */
static onn_node met_depth(
    onn_graph *g, onn_node s, const onn_absorber *a, onn_node depth, double loss)
{
	double d1 = 1 + a->detuning * a->detuning;
	if (a->medium == ONN_MEDIUM_THIN) {
		onn_node r = onn_recip(g, onn_add_real(g, s, d1));
		onn_node met = onn_mul(g, r, depth);
		return loss == 0 ? met : onn_add_real(g, met, loss);
	}
	if (a->doppler)
		return onn_doppler_absorbance(g, s, depth);
	if (loss != 0)
		return onn_lossy_absorbance(g, s, depth, loss);
	return d1 == 1 ? onn_thick_absorbance(g, s, depth)
	               : onn_thick_absorbance(
	                     g, onn_mul_real(g, s, 1 / d1), onn_mul_real(g, depth, 1 / d1));
}

/*
 * What the probe sees over what an incoherent one would: [(1+s)/(1+s_out)]^(eta/2) of a field,
 * where pump and probe write a grating. By logarithms, since s may be large.
 */
static onn_node grating_gain(onn_graph *g, onn_node s, onn_node met, const onn_absorber *a)
{
	double power = a->encoding == ONN_ENCODING_INTENSITY ? a->grating : a->grating / 2;
	onn_node out = onn_mul(g, s, onn_exp(g, onn_neg(g, met)));
	return onn_exp(g, onn_mul_real(g, onn_sub(g, onn_log1p(g, s), onn_log1p(g, out)), power));
}

/*
 * One medium, or one slice of it. The probe's rule is the transmission at rest: stop() holds it. In
 * intensity encoding value and rule differ below 0, where the probe still sees the unsaturated
 * medium.
 */
static onn_node pass(onn_graph *g, onn_node x, const onn_absorber *a, onn_node depth, double loss)
{
	onn_node s = saturation(g, x, a);
	onn_node met = met_depth(g, s, a, depth, loss);
	onn_node t = transmission(g, met, a);
	bool intensity = a->encoding == ONN_ENCODING_INTENSITY;
	onn_node in = intensity ? no_less_than_0(g, x) : x;
	if (a->gradient != ONN_GRADIENT_APPROXIMATE)
		return onn_mul(g, in, t);
	if (!intensity && a->grating == 0)
		return onn_mul(g, x, onn_stop(g, t));
	onn_node seen = a->grating == 0 ? t : onn_mul(g, t, grating_gain(g, s, met, a));
	return onn_straight_through(g, onn_mul(g, in, t), onn_mul(g, x, onn_stop(g, seen)));
}

/* The depth as a node, of the real type of x. */
static onn_node absorb(
    onn_graph *g, const char *function, onn_node x, const onn_absorber *a, const onn_node *given)
{
	if (onn_graph_status(g) || !x.id)
		return ONN_NULL_NODE;
	onn_status status = onn_absorber_check(a);
	if (status)
		return onn_fail(g, status, "%s", onn_last_error());
	onn_type type = onn_node_type(g, x);
	bool complex = onn_type_is_complex(type);
	if (!onn_type_is_float(type) || (complex && a->encoding == ONN_ENCODING_INTENSITY))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s: x is %s; expected f32 or f64%s",
		    function, onn_type_name(type),
		    a->encoding == ONN_ENCODING_INTENSITY ? "" : ", c64 or c128");
	if (a->medium == ONN_MEDIUM_DYNAMIC)
		return onn_dynamic_absorber(g, function, x, a, given, NULL);
	if (a->detuning != 0 && !complex)
		x = onn_cast(g, x, onn_type_complex(type));

	onn_node depth = given ? *given : onn_scalar(g, onn_type_real(type), a->depth);
	unsigned slices = a->medium == ONN_MEDIUM_THIN && a->slices > 1 ? a->slices : 1;
	onn_node slice = slices == 1 ? depth : onn_mul_real(g, depth, 1. / slices), y = x;
	for (unsigned i = 0; i < slices; i++)
		y = pass(g, y, a, slice, a->loss / slices);
	return onn_controlled(g, x, y, a->encoding, a->gradient);
}

onn_node onn_saturable_absorber(onn_graph *g, onn_node x, const onn_absorber *a)
{
	return absorb(g, "onn_saturable_absorber", x, a, NULL);
}

onn_node onn_saturable_absorber_of(onn_graph *g, onn_node x, const onn_absorber *a, onn_node depth)
{
	static const char *const function = "onn_saturable_absorber_of";
	if (!onn_graph_ok(g, function, x) || !onn_graph_ok(g, function, depth))
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, depth);
	if (!onn_type_is_float(type) || onn_type_is_complex(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s: depth is %s; expected f32 or f64",
		    function, onn_type_name(type));
	depth = onn_cast(g, depth, onn_type_real(onn_node_type(g, x)));
	return absorb(g, function, x, a, &depth);
}

onn_status onn_thick_two_beams(onn_node *pump_out, onn_node *probe_out, onn_graph *g, onn_node pump,
    onn_node probe, double depth)
{
	*pump_out = *probe_out = ONN_NULL_NODE;
	if (!(depth >= 0 && isfinite(depth)))
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_thick_two_beams: depth is %g; expected a finite value >= 0", depth);
	onn_node sum = onn_add(g, pump, probe);
	onn_node total = onn_scalar(g, onn_node_type(g, sum), depth);
	onn_node t = onn_exp(g, onn_neg(g, onn_thick_absorbance(g, sum, total)));
	*pump_out = onn_mul(g, pump, t);
	*probe_out = onn_mul(g, probe, t);
	return onn_graph_status(g);
}
