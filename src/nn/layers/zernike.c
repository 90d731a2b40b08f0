/* An aberration: a Zernike polynomial as phase. */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "nn/layer.h"

enum { MAX_ORDER = 1000 };

typedef struct zernike {
	size_t n;
	double m, radius, coefficient;
} zernike;

static const onn_setting rows[] = {
    {ONN_SETTING("n", SIZE, zernike, n), .low = 0, .high = MAX_ORDER},
    {ONN_SETTING("m", REAL, zernike, m), .low = -MAX_ORDER, .high = MAX_ORDER},
    {ONN_SETTING("radius", REAL, zernike, radius), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("coefficient", REAL, zernike, coefficient), .unit = "rad"},
};

static onn_status check(const void *values)
{
	const zernike *z = values;
	double n = (double)z->n, m = fabs(z->m);
	return m == floor(m) && m <= n && fmod(n - m, 2) == 0
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "zernike: n %zu and m %g; expected whole numbers, |m| <= n, n - |m| even",
	                 z->n, z->m);
}

static const onn_settings *zernike_settings(void)
{
	ONN_RETURN_SETTINGS("zernike", rows, zernike, check, {4, 0, 1e-3, 1});
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const zernike *z = layer;
	return onn_zernike_sampling(
	    s, &light->grid, (int)z->n, (int)z->m, z->radius, z->coefficient);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const zernike *z = call->layer;
	onn_graph *g = call->g;
	onn_type real = onn_type_real(call->in.beam.type);
	onn_node phase = onn_zernike(g, real, &call->in.grid, (int)z->n, (int)z->m, z->radius);
	if (onn_is_live(call, &z->coefficient, 1))
		phase =
		    onn_mul(g, phase, onn_cast(g, onn_live_number(call, &z->coefficient), real));
	else
		phase = onn_mul_real(g, phase, z->coefficient);
	onn_flow_times(flow, g, onn_expi(g, onn_phase_of_colours(g, phase, &call->in.beam)));
}

const onn_layer_kind onn_zernike_layer = {sizeof(onn_layer_kind), "zernike",
    "an aberration: a Zernike polynomial", ONN_TAKES_LIGHT, zernike_settings, .forward = forward,
    .differentiable = "coefficient", .sampling = sampling};
