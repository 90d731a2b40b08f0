/*
 * What propagation is asked for: defaults filled in, and what no method can do refused.
 */
#include "optics/request.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/options.h"

ONN_WORDS(onn_method, ONN_METHOD_WORDS)
ONN_WORDS(onn_evanescent, ONN_EVANESCENT_WORDS)

static onn_status fill_padding(onn_request *r)
{
	for (int axis = 0; axis < 2; axis++) {
		size_t n = axis ? r->grid->nx : r->grid->ny;
		ptrdiff_t pad = r->how.pad[axis];
		if (pad < ONN_PAD_HALF || pad > (PTRDIFF_MAX >> 8))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: padding of %td pixels (%s); expected 0 or more that fit in "
			    "memory, or ONN_PAD_HALF",
			    r->function, pad, axis ? "x" : "y");
		r->pad[axis] = pad == ONN_PAD_HALF ? n / 2 : (size_t)pad;
	}
	/* one row is a field without a y axis */
	if (r->grid->ny == 1)
		r->pad[0] = 0;
	onn_grid padded = *r->grid;
	padded.ny += 2 * r->pad[0];
	padded.nx += 2 * r->pad[1];
	return onn_grid_check_for(r->function, &padded);
}

static bool is_zero(const onn_grid *grid)
{
	return grid->ny == 0 && grid->nx == 0 && grid->dy == 0 && grid->dx == 0 && grid->y0 == 0 &&
	       grid->x0 == 0;
}

static onn_status check_distance(const onn_request *r)
{
	onn_method m = r->how.method;
	if (!isfinite(r->z))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the distance is %g m; expected a finite one", r->function, r->z);
	if (r->z == 0 && (m == ONN_METHOD_FRAUNHOFER || m == ONN_METHOD_RS))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the distance is 0 with method %s; expected another one", r->function,
		    onn_method_name(m));
	bool evanescent = m == ONN_METHOD_AUTO || m == ONN_METHOD_ASM ||
	                  m == ONN_METHOD_BAND_LIMITED || m == ONN_METHOD_SCALED;
	if (r->z < 0 && evanescent && r->how.evanescent == ONN_EVANESCENT_DECAY)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the distance is %g m and evanescent waves decay; expected one >= 0, or "
		    "the policy drop or pass",
		    r->function, r->z);
	return ONN_OK;
}

/* What only some methods have. */
static onn_status check_method(onn_request *r)
{
	onn_method m = r->how.method;
	if ((r->how.distance.id || r->how.wavelength.id) && m > ONN_METHOD_FRESNEL)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: a node for the %s with method %s; expected asm, band-limited, fresnel or "
		    "auto",
		    r->function, r->how.distance.id ? "distance" : "wavelength",
		    onn_method_name(m));
	if (m == ONN_METHOD_FRAUNHOFER && r->light->nwavelengths > 1)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: fraunhofer with %zu wavelengths; expected one, whose far field has a "
		    "pitch of its own",
		    r->function, r->light->nwavelengths);
	if (m != ONN_METHOD_SCALED)
		return ONN_OK;
	if (is_zero(&r->how.to))
		r->how.to = *r->grid;
	return onn_grid_check_for(r->function, &r->how.to);
}

onn_status onn_request_make(onn_request *r, const char *function, const onn_grid *grid,
    const onn_light *light, double z, const onn_propagation *propagation)
{
	static const onn_propagation usual = ONN_PROPAGATION_INIT;
	memset(r, 0, sizeof *r);
	r->how = usual;
	onn_status status = onn_grid_check_for(function, grid);
	if (status == ONN_OK)
		status = onn_light_check_for(function, light);
	if (status == ONN_OK)
		status = onn_options_take(&r->how, propagation, function, "ONN_PROPAGATION_INIT");
	if (status)
		return status;
	r->function = function;
	r->grid = grid;
	r->light = light;
	r->z = z;
	if ((size_t)r->how.method > ONN_METHOD_SCALED ||
	    (size_t)r->how.evanescent > ONN_EVANESCENT_PASS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: method %d, evanescent %d; expected values of their enumerations", function,
		    (int)r->how.method, (int)r->how.evanescent);
	status = check_distance(r);
	if (status == ONN_OK)
		status = fill_padding(r);
	if (status == ONN_OK)
		status = check_method(r);
	return status;
}
