/*
 * Elements and beams whose numbers are nodes: the same formulas as the tables', in the graph and in
 * f64, with derivatives by each number.
 */
#include "optics/smooth.h"

#include <onn/elements.h>

#include "graph/rule.h"
#include "ops/op.h"
#include "optics/element.h"

onn_node onn_turns_factor(onn_graph *g, onn_node turns)
{
	onn_node fraction = onn_sub(g, turns, onn_stop(g, onn_round(g, turns)));
	return onn_expi(g, onn_mul_real(g, fraction, 2 * (double)ONN_PI));
}

onn_node onn_wavelength_node(onn_graph *g, const onn_light *light, onn_node given)
{
	onn_light wide = *light;
	wide.type = ONN_C128;
	return given.id ? given : onn_by_wavelength(g, &wide, light->wavelength);
}

/* False, with the graph's error, unless x is null or one f64 number (`many`: or one a colour). */
static bool number_ok(onn_graph *g, const char *function, const char *what, onn_node x, bool many)
{
	if (!x.id)
		return true;
	if (!onn_graph_ok(g, function, x))
		return false;
	bool single = onn_node_ndim(g, x) == 0 || (many && onn_node_ndim(g, x) == 3);
	if (single && onn_node_type(g, x) == ONN_F64)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: %s is a node %s of %zu axes; expected f64, 0-d",
	    function, what, onn_type_name(onn_node_type(g, x)), onn_node_ndim(g, x));
	return false;
}

/* Refuses 0 where it is known while the graph is built; what a variable holds nobody knows. */
static bool focal_length_ok(onn_graph *g, const char *function, onn_node f)
{
	const onn_node_data *n = onn_node_get(g, f.id);
	double value = 1, im;
	if (n->op == ONN_OP_CONSTANT)
		value = *(const double *)onn_array_const_data(n->attr->constant.array);
	else
		onn_node_uniform(&value, &im, g, f);
	if (value != 0)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT,
	    "%s: f is 0; expected a focal length other than 0, which gives NaN", function);
	return false;
}

/* y or x of the pixels less a centre; null: 0. */
static onn_node from_centre(onn_graph *g, const onn_grid *grid, int axis, onn_node centre)
{
	onn_node at = axis ? onn_grid_x(g, ONN_F64, grid) : onn_grid_y(g, ONN_F64, grid);
	return centre.id ? onn_sub(g, at, centre) : at;
}

static onn_node distance2(onn_graph *g, const onn_grid *grid, onn_node y, onn_node x)
{
	return onn_add(g, onn_square(g, from_centre(g, grid, 0, y)),
	    onn_square(g, from_centre(g, grid, 1, x)));
}

onn_field onn_thin_lens_of(
    onn_graph *g, onn_field field, onn_node f, onn_node y, onn_node x, onn_node wavelength)
{
	static const char *const function = "onn_thin_lens_of";
	if (!onn_field_ok(g, function, &field) || !onn_graph_ok(g, function, f) ||
	    !number_ok(g, function, "f", f, false) || !focal_length_ok(g, function, f) ||
	    !number_ok(g, function, "y", y, false) || !number_ok(g, function, "x", x, false) ||
	    !number_ok(g, function, "wavelength", wavelength, true))
		return onn_null_field;
	onn_node lambda = onn_wavelength_node(g, &field.light, wavelength);
	onn_node r2 = distance2(g, &field.grid, y, x);
	onn_node turns = onn_div(g, onn_mul_real(g, r2, -.5), onn_mul(g, f, lambda));
	return onn_field_times(g, field, onn_turns_factor(g, turns));
}

onn_field onn_tilt_of(onn_graph *g, onn_field field, onn_node ty, onn_node tx, onn_node wavelength)
{
	static const char *const function = "onn_tilt_of";
	if (!onn_field_ok(g, function, &field) || !number_ok(g, function, "ty", ty, false) ||
	    !number_ok(g, function, "tx", tx, false) ||
	    !number_ok(g, function, "wavelength", wavelength, true))
		return onn_null_field;
	onn_node path = onn_scalar(g, ONN_F64, 0), none = {0};
	if (ty.id)
		path = onn_mul(g, from_centre(g, &field.grid, 0, none), onn_sin(g, ty));
	if (tx.id)
		path = onn_add(
		    g, path, onn_mul(g, from_centre(g, &field.grid, 1, none), onn_sin(g, tx)));
	onn_node turns = onn_div(g, path, onn_wavelength_node(g, &field.light, wavelength));
	return onn_field_times(g, field, onn_turns_factor(g, turns));
}

onn_node onn_soft_circle(
    onn_graph *g, const onn_grid *grid, onn_node radius, double edge, onn_node y, onn_node x)
{
	static const char *const function = "onn_soft_circle";
	if (!onn_real_grid_ok(g, function, ONN_F64, grid) || !onn_graph_ok(g, function, radius) ||
	    !number_ok(g, function, "radius", radius, false) ||
	    !number_ok(g, function, "y", y, false) || !number_ok(g, function, "x", x, false))
		return ONN_NULL_NODE;
	if (!(edge > 0 && isfinite(edge))) {
		onn_wrong_number(g, function, "edge", edge, "a finite value > 0");
		return ONN_NULL_NODE;
	}
	/* the root's derivative at its centre is infinite, and nothing depends on it there */
	onn_node r2 = distance2(g, grid, y, x), zero = onn_scalar(g, ONN_F64, 0);
	onn_node centre = onn_equal(g, r2, zero);
	onn_node r = onn_sqrt(g, onn_select(g, centre, onn_scalar(g, ONN_F64, 1), r2));
	r = onn_select(g, centre, zero, r);
	onn_node inside = onn_add_real(g, onn_mul_real(g, onn_sub(g, radius, r), 1 / edge), .5);
	return onn_min(g, onn_max(g, inside, zero), onn_scalar(g, ONN_F64, 1));
}

onn_field onn_gaussian_beam_of(onn_graph *g, const onn_grid *grid, const onn_light *light,
    onn_node w0, onn_node z, onn_node y, onn_node x, onn_node wavelength)
{
	static const char *const function = "onn_gaussian_beam_of";
	if (!onn_source_ok(g, function, grid, light) || !onn_graph_ok(g, function, w0) ||
	    !number_ok(g, function, "w0", w0, false) || !number_ok(g, function, "z", z, false) ||
	    !number_ok(g, function, "y", y, false) || !number_ok(g, function, "x", x, false) ||
	    !number_ok(g, function, "wavelength", wavelength, true))
		return onn_null_field;
	bool row = grid->ny == 1;
	onn_node lambda = onn_wavelength_node(g, light, wavelength);
	onn_node r2 = row ? onn_square(g, from_centre(g, grid, 1, x)) : distance2(g, grid, y, x);
	z = z.id ? z : onn_scalar(g, ONN_F64, 0);
	/* zR = pi w0^2/lambda, q = z/zR; w = w0 sqrt(1 + q^2), 1/R = q/(zR (1 + q^2)) */
	onn_node zr = onn_div(g, onn_mul_real(g, onn_square(g, w0), (double)ONN_PI), lambda);
	onn_node q = onn_div(g, z, zr), grown = onn_add_real(g, onn_square(g, q), 1);
	onn_node narrow = onn_recip(g, row ? onn_sqrt(g, onn_sqrt(g, grown)) : onn_sqrt(g, grown));
	onn_node fall =
	    onn_exp(g, onn_neg(g, onn_div(g, r2, onn_mul(g, onn_square(g, w0), grown))));
	onn_node bend = onn_div(
	    g, onn_mul(g, r2, onn_mul_real(g, q, .5)), onn_mul(g, lambda, onn_mul(g, zr, grown)));
	onn_node gouy = onn_mul_real(
	    g, onn_atan2(g, q, onn_scalar(g, ONN_F64, 1)), (row ? .5 : 1) / (2 * (double)ONN_PI));
	onn_node turns = onn_add(g, onn_sub(g, onn_div(g, z, lambda), gouy), bend);
	onn_node e = onn_mul(g, onn_mul(g, narrow, fall), onn_turns_factor(g, turns));
	return onn_field_of(g, e, grid, light);
}
