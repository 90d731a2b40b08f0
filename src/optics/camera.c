/*
 * A camera: photons, noise, a well that fills, a converter.
 */
#include <onn/elements.h>

#include "optics/element.h"

static bool take(onn_camera *c, onn_graph *g, const onn_camera *given)
{
	static const char *const function = "onn_camera_reading";
	*c = (onn_camera)ONN_CAMERA_INIT;
	if (!onn_element_take(c, g, function, given, "ONN_CAMERA_INIT"))
		return false;
	bool numbers = c->photons > 0 && isfinite(c->photons) && c->read_noise >= 0 &&
	               isfinite(c->read_noise) && c->full_well > 0;
	if (!numbers || c->bits > 24) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %g photoelectrons a unit, read noise %g, full well %g, %u bits; expected "
		    "finite "
		    "values > 0, noise >= 0, a full well > 0, at most 24 bits",
		    function, c->photons, c->read_noise, c->full_well, c->bits);
		return false;
	}
	if (c->bits > 0 && isinf(c->full_well)) {
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %u bits of an infinite full well; expected a finite one", function,
		    c->bits);
		return false;
	}
	return true;
}

/* x within [low, high]; where it is not, nothing flows back. */
static onn_node clipped(onn_graph *g, onn_node x, double low, double high)
{
	onn_type type = onn_node_type(g, x);
	onn_node bottom = onn_scalar(g, type, low), top = onn_scalar(g, type, high);
	if (isfinite(low))
		x = onn_select(g, onn_less(g, x, bottom), bottom, x);
	if (isfinite(high))
		x = onn_select(g, onn_less(g, top, x), top, x);
	return x;
}

static onn_node read_noise(onn_graph *g, onn_node x, const onn_camera *c, onn_node step)
{
	size_t ndim = onn_node_ndim(g, x), shape[ONN_MAX_DIMS];
	for (size_t i = 0; i < ndim; i++)
		shape[i] = onn_node_shape(g, x)[i];
	onn_node noise =
	    onn_random_normal(g, onn_node_type(g, x), ndim, shape, c->seed, c->stream + 1, step);
	return onn_add(g, x, onn_mul_real(g, noise, c->read_noise));
}

onn_node onn_camera_reading(
    onn_graph *g, onn_node intensity, const onn_camera *given, onn_node step)
{
	onn_camera c;
	if (!onn_real_ok(g, "onn_camera_reading", "intensity", intensity) || !take(&c, g, given))
		return ONN_NULL_NODE;
	onn_node x = onn_mul_real(g, intensity, c.photons);
	if (c.shot_noise)
		x = onn_random_poisson(g, x, c.seed, c.stream, step);
	if (c.read_noise > 0)
		x = read_noise(g, x, &c, step);
	/* a converter has no numbers below 0 */
	x = clipped(g, x, c.bits ? 0 : -INFINITY, c.full_well);
	if (c.bits > 0 && g->status == ONN_OK) {
		double steps = (double)((1u << c.bits) - 1) / c.full_well;
		onn_node code = onn_round(g, onn_mul_real(g, x, steps));
		x = onn_straight_through(g, onn_mul_real(g, code, 1 / steps), x);
	}
	return onn_mul_real(g, x, 1 / c.photons);
}
