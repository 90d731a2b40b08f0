/*
 * Spatial light modulators: what they show of the phase that is wanted.
 */
#include <onn/elements.h>

#include "core/pi.h"
#include "optics/element.h"

static bool take(onn_slm *slm, onn_graph *g, const char *function, const onn_slm *given)
{
	*slm = (onn_slm)ONN_SLM_INIT;
	if (!onn_element_take(slm, g, function, given, "ONN_SLM_INIT"))
		return false;
	if (slm->levels == 1 || slm->levels > 65536 || !(slm->fill > 0 && slm->fill <= 1)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %u levels, fill factor %g; expected 0 or 2 to 65536 levels and a fill "
		    "factor "
		    "in (0, 1]",
		    function, slm->levels, slm->fill);
		return false;
	}
	return true;
}

/*
 * Level floor(M phase/(2 pi) + 1/2) mod M. Halves go up, and so does what rounding left a little
 * below a half: the steps of a blazed grating are to be equally wide.
 */
onn_node onn_slm_phase(onn_graph *g, onn_node phase, const onn_slm *given)
{
	onn_slm slm;
	if (!onn_real_ok(g, "onn_slm_phase", "phase", phase) ||
	    !take(&slm, g, "onn_slm_phase", given))
		return ONN_NULL_NODE;
	if (slm.levels == 0)
		return phase;
	double levels = slm.levels;
	double half = .5 + levels * (onn_node_type(g, phase) == ONN_F32 ? 4e-7 : 1e-15);
	onn_node level =
	    onn_floor(g, onn_add_real(g, onn_mul_real(g, phase, levels / ONN_TWO_PI), half));
	onn_node turns = onn_floor(g, onn_mul_real(g, onn_add_real(g, level, .5), 1 / levels));
	level = onn_sub(g, level, onn_mul_real(g, turns, levels));
	return onn_straight_through(g, onn_mul_real(g, level, ONN_TWO_PI / levels), phase);
}

onn_field onn_modulate(onn_graph *g, onn_field field, onn_node phase, const onn_slm *given)
{
	onn_slm slm;
	if (!onn_field_ok(g, "onn_modulate", &field) ||
	    !onn_real_ok(g, "onn_modulate", "phase", phase) ||
	    !take(&slm, g, "onn_modulate", given))
		return onn_null_field;
	phase = onn_cast(g, phase, onn_type_real(field.light.type));
	onn_node t = onn_expi(g, onn_slm_phase(g, phase, &slm));
	if (slm.fill < 1) {
		onn_node rest = onn_complex_scalar(g, field.light.type, 1 - slm.fill, 0);
		t = onn_add(g, onn_mul_real(g, t, slm.fill), rest);
	}
	return onn_field_times(g, field, t);
}
