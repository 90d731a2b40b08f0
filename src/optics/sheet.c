#include <onn/elements.h>

#include "optics/element.h"

static bool encoding_ok(onn_graph *g, const char *function, const onn_absorber *a)
{
	if (!a || a->size != sizeof *a || a->encoding == ONN_ENCODING_AMPLITUDE)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: the absorber's encoding is %s; expected amplitude",
	    function, onn_encoding_name(a->encoding));
	return false;
}

onn_field onn_absorbing_sheet(onn_graph *g, onn_field field, const onn_absorber *absorber)
{
	static const char *const function = "onn_absorbing_sheet";
	if (!onn_field_ok(g, function, &field) || !encoding_ok(g, function, absorber))
		return onn_null_field;
	onn_node e = onn_saturable_absorber(g, field.e, absorber);
	return e.id ? onn_field_of(g, e, &field.grid, &field.light) : onn_null_field;
}

onn_field onn_absorbing_sheet_of(
    onn_graph *g, onn_field field, const onn_absorber *absorber, onn_node depth)
{
	static const char *const function = "onn_absorbing_sheet_of";
	if (!onn_field_ok(g, function, &field) || !encoding_ok(g, function, absorber))
		return onn_null_field;
	onn_node e = onn_saturable_absorber_of(g, field.e, absorber, depth);
	return e.id ? onn_field_of(g, e, &field.grid, &field.light) : onn_null_field;
}
