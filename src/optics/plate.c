/*
 * Plates and lenses: transmissions that the field is multiplied by.
 */
#include <onn/elements.h>

#include "core/pi.h"
#include "optics/element.h"
#include "optics/source.h"

onn_field onn_phase_plate(onn_graph *g, onn_field field, onn_node phase)
{
	if (!onn_field_ok(g, "onn_phase_plate", &field) ||
	    !onn_real_ok(g, "onn_phase_plate", "phase", phase))
		return onn_null_field;
	phase = onn_cast(g, phase, onn_type_real(field.light.type));
	return onn_field_times(g, field, onn_expi(g, phase));
}

onn_field onn_complex_plate(onn_graph *g, onn_field field, onn_node transmission)
{
	if (!onn_field_ok(g, "onn_complex_plate", &field) ||
	    !onn_graph_ok(g, "onn_complex_plate", transmission))
		return onn_null_field;
	return onn_field_times(g, field, transmission);
}

onn_node onn_without_gain(onn_graph *g, onn_node t)
{
	onn_node modulus = onn_abs(g, t);
	return onn_div(g, t, onn_max(g, modulus, onn_scalar(g, onn_node_type(g, modulus), 1)));
}

onn_field onn_passive_plate(onn_graph *g, onn_field field, onn_node t)
{
	if (!onn_field_ok(g, "onn_passive_plate", &field) ||
	    !onn_graph_ok(g, "onn_passive_plate", t))
		return onn_null_field;
	return onn_field_times(g, field, onn_without_gain(g, onn_cast(g, t, field.light.type)));
}

onn_field onn_height_plate(onn_graph *g, onn_field field, onn_node height, double index)
{
	if (!onn_field_ok(g, "onn_height_plate", &field) ||
	    !onn_real_ok(g, "onn_height_plate", "height", height))
		return onn_null_field;
	if (!(index > 0 && isfinite(index))) {
		onn_wrong_number(
		    g, "onn_height_plate", "refractive index", index, "a finite value > 0");
		return onn_null_field;
	}
	height = onn_cast(g, height, onn_type_real(field.light.type));
	onn_node per_metre = onn_over_wavelength(g, &field.light, ONN_TWO_PI * (index - 1));
	return onn_field_times(g, field, onn_expi(g, onn_mul(g, height, per_metre)));
}

/* exp(-i k r^2/(2 f)): r^2/(2 f lambda) turns back */
static double _Complex lens(const double *parameter, double wavelength, double y, double x)
{
	long double dy = (long double)y - parameter[1], dx = (long double)x - parameter[2];
	return onn_turns(-(dy * dy + dx * dx) / (2 * (long double)parameter[0] * wavelength));
}

onn_field onn_thin_lens(onn_graph *g, onn_field field, double f, double y, double x)
{
	if (!onn_field_ok(g, "onn_thin_lens", &field))
		return onn_null_field;
	if (f == 0 || isnan(f) || !isfinite(y) || !isfinite(x)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_thin_lens: focal length %g m about (%g, %g) m; expected a focal length "
		    "other than 0, and finite places",
		    f, y, x);
		return onn_null_field;
	}
	const double parameter[ONN_PROFILE_PARAMETERS] = {f, y, x, 0, 0};
	onn_field t = onn_tabulate(g, "thin lens", lens, &field.grid, &field.light, parameter);
	return t.e.id ? onn_field_times(g, field, t.e) : onn_null_field;
}
