/*
 * A gap with an error dz of its length: the transfer function of the length meant times
 * exp(i (kz - k) dz), in the light's own precision. kz - k is made in double and is far smaller
 * than k, so that single precision is enough where the phase of the whole length would need double.
 */
#include <math.h>
#include <string.h>

#include <onn/elements.h>
#include <onn/fourier.h>

#include "core/error.h"
#include "core/pi.h"
#include "optics/misalign.h"
#include "optics/request.h"
#include "optics/transfer.h"

/* kz - k at frequencies of x = gamma = lambda^2 (fx^2 + fy^2); evanescent: 0, as at dz = 0. */
static double slope(onn_method method, double gamma, double wavelength)
{
	double k = ONN_TWO_PI / wavelength;
	if (method == ONN_METHOD_FRESNEL)
		return -k * gamma / 2;
	return gamma <= 1 ? -k * gamma / (1 + sqrt(1 - gamma)) : 0;
}

static onn_status make_slopes(onn_array **table, const void *argument)
{
	const onn_transfer *t = argument;
	size_t shape[3], n = onn_light_shape(shape, &t->light, t->n[0], t->n[1]);
	onn_status status = onn_array_create(table, ONN_F64, n, shape);
	if (status)
		return status;
	double *value = onn_array_data(*table);
	for (size_t w = 0; w < t->light.nwavelengths; w++)
		for (size_t iy = 0; iy < t->n[0]; iy++)
			for (size_t ix = 0; ix < t->n[1]; ix++) {
				size_t at[2] = {iy, ix};
				double gamma = 0, wavelength = t->light.wavelength[w];
				for (int axis = 0; axis < 2; axis++) {
					size_t n_axis = t->n[axis], i = at[axis];
					double f = (double)(i < n_axis - i ? i : n_axis - i) /
					           ((double)n_axis * t->pitch[axis]) * wavelength;
					gamma += f * f;
				}
				*value++ = slope(t->method, gamma, wavelength);
			}
	return onn_round_table(table, onn_type_real(t->light.type));
}

static bool request_ok(onn_graph *g, onn_request *r, onn_method *method, const onn_field *field,
    double z, const onn_propagation *propagation)
{
	onn_status status =
	    onn_request_make(r, "onn_misaligned_gap", &field->grid, &field->light, z, propagation);
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
		return false;
	}
	*method = onn_request_method(r);
	bool known = *method == ONN_METHOD_ASM || *method == ONN_METHOD_BAND_LIMITED ||
	             *method == ONN_METHOD_FRESNEL;
	if (known && !r->how.distance.id && !r->how.wavelength.id)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT,
	    "onn_misaligned_gap: method %s, %s of distance or wavelength; expected asm, "
	    "band-limited "
	    "or fresnel, and no such nodes",
	    onn_method_name(*method),
	    r->how.distance.id || r->how.wavelength.id ? "a node" : "no node");
	return false;
}

onn_field onn_misaligned_gap(onn_graph *g, onn_field field, double z,
    const onn_propagation *propagation, const onn_misalignment *given, onn_node step)
{
	onn_misalignment m;
	onn_request r;
	onn_method method;
	onn_transfer t;
	if (!onn_field_ok(g, "onn_misaligned_gap", &field) ||
	    !onn_misalignment_take(&m, g, "onn_misaligned_gap", given))
		return onn_null_field;
	if (m.distance == 0)
		return onn_propagate(g, field, z, propagation);
	if (!request_ok(g, &r, &method, &field, z, propagation))
		return onn_null_field;
	onn_transfer_request(&t, &field.grid, &field.light, method, r.how.evanescent, r.pad, z);
	onn_node h = onn_transfer_node(g, &t);
	onn_type real = onn_type_real(field.light.type);
	onn_node dz = onn_misaligned_draw(g, real, &m, ONN_MISALIGNED_DISTANCE, step, 0);
	/* slopes are those of any length and of any policy */
	t.z = 0;
	t.evanescent = ONN_EVANESCENT_PASS;
	memcpy(t.name, "slopes\0", 8);
	onn_node slopes = onn_keyed_constant(g, &t, sizeof t, make_slopes, &t);
	onn_node phase = onn_mul(g, slopes, onn_mul_real(g, dz, m.distance));
	h = onn_mul(g, h, onn_expi(g, phase));
	field.e = onn_filter(g, field.e, h, r.pad, NULL);
	return field.e.id ? field : onn_null_field;
}
