/*
 * Propagation: a method for each request, and those that multiply with a transfer function.
 */
#include <onn/fourier.h>

#include "core/error.h"
#include "core/memory.h"
#include "optics/far.h"
#include "optics/request.h"
#include "optics/rs.h"
#include "optics/transfer.h"

/* A real f64 node that stands for one number, or for one a wavelength. */
static bool parameter_ok(onn_graph *g, const char *what, onn_node x, size_t wavelengths)
{
	if (!x.id)
		return true;
	if (!onn_graph_ok(g, "onn_propagate", x))
		return false;
	size_t ndim = onn_node_ndim(g, x), want[3] = {wavelengths, 1, 1};
	const size_t *shape = onn_node_shape(g, x);
	bool single = ndim == 0 && wavelengths <= 1;
	if (onn_node_type(g, x) == ONN_F64 &&
	    (single || (wavelengths && onn_shape_equal(ndim, shape, 3, want))))
		return true;
	char text[96];
	onn_fail(g, ONN_ERROR_ARGUMENT, "onn_propagate: the %s is a node %s %s; expected f64, %s%s",
	    what, onn_type_name(onn_node_type(g, x)),
	    onn_shape_text(text, sizeof text, ndim, shape), wavelengths <= 1 ? "0-d" : "",
	    wavelengths > 1 ? "[wavelength, 1, 1]" : "");
	return false;
}

static onn_field filtered(onn_graph *g, const onn_request *r, onn_method method, onn_field field)
{
	onn_node distance = r->how.distance, wavelength = r->how.wavelength;
	onn_transfer t;
	if (!parameter_ok(g, "distance", distance, 0) ||
	    !parameter_ok(g, "wavelength", wavelength, field.light.nwavelengths))
		return onn_null_field;
	onn_transfer_request(
	    &t, &field.grid, &field.light, method, r->how.evanescent, r->pad, r->z);
	onn_node h = distance.id || wavelength.id ? onn_transfer_graph(g, &t, distance, wavelength)
	                                          : onn_transfer_node(g, &t);
	field.e = onn_filter(g, field.e, h, r->pad, NULL);
	return field.e.id ? field : onn_null_field;
}

onn_field onn_propagate(onn_graph *g, onn_field field, double z, const onn_propagation *propagation)
{
	onn_request r;
	if (!onn_field_ok(g, "onn_propagate", &field))
		return onn_null_field;
	onn_status status =
	    onn_request_make(&r, "onn_propagate", &field.grid, &field.light, z, propagation);
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
		return onn_null_field;
	}
	onn_method method = onn_request_method(&r);
	switch (method) {
	case ONN_METHOD_FRAUNHOFER:
		return onn_fraunhofer(g, &r, field.e);
	case ONN_METHOD_RS:
		field.e = onn_rs(g, &field, z);
		return field.e.id ? field : onn_null_field;
	case ONN_METHOD_SCALED:
		return onn_scaled(g, &r, field.e);
	default:
		return filtered(g, &r, method, field);
	}
}
