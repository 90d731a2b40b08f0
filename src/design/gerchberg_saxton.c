/*
 * Gerchberg and Saxton (Optik 35, 237, 1972) for many plates. The field at the camera keeps its
 * phase and takes the target's amplitude, at equal power, and goes back. From the last plate to the
 * first, each takes the phase that turns the light before it into the phase of the field that came
 * back, and the field goes on backwards through the plate so changed. Each of these is the best for
 * its plate, so at equal power (|H| = 1, no padding) the distance of the amplitudes never grows.
 */
#include "design/builder.h"

static onn_node is_zero(onn_graph *g, onn_node x)
{
	onn_node size = onn_abs(g, x);

	return onn_equal(g, size, onn_scalar(g, onn_node_type(g, size), 0));
}

onn_node onn_design_wanted(onn_design_builder *b)
{
	onn_graph *g = b->g;
	onn_node camera = b->m->camera, target = b->target;
	onn_node turn = onn_sign(g, camera), dark = is_zero(g, camera);
	onn_node power = onn_div(
	    g, onn_sum(g, onn_abs2(g, camera), NULL, 0, false), onn_sum(g, target, NULL, 0, false));

	return onn_mul(g, onn_sqrt(g, onn_mul(g, target, power)), onn_add(g, turn, dark));
}

onn_node onn_design_project(
    onn_design_builder *b, size_t k, onn_node in, onn_node out, onn_node wanted)
{
	onn_graph *g = b->g;
	onn_node came;

	/* the adjoint of the space: a gradient with the field as its seed */
	if (onn_gradient(&came, g, out, wanted, &b->behind[k], 1))
		return ONN_NULL_NODE;
	onn_node overlap = onn_mul(g, came, onn_conj(g, in));
	onn_node phase = onn_select(g, is_zero(g, overlap), b->part[k], onn_arg(g, overlap));
	onn_design_store(b, b->part[k], phase);
	return onn_mul(g, came, onn_conj(g, onn_design_transmission(g, b->design, 1, &phase)));
}
