/*
 * Steps against the gradient. It goes back plate by plate, and each plate's update stands right
 * behind its gradient, so that a step holds the gradients of one or two plates at a time.
 */
#include <onn/optimizer.h>

#include "design/builder.h"

static void step_by_optimizer(onn_design_builder *b, size_t k, const onn_node *grad)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	size_t parts = b->m->parts;
	const onn_node *part = b->part + k * parts;
	onn_node rate = onn_scalar(b->g, b->design->precision, b->design->rate);

	o.kind =
	    b->design->update == ONN_DESIGN_UPDATE_ADAM ? ONN_OPTIMIZER_ADAM : ONN_OPTIMIZER_SGD;
	for (size_t i = 0; i < parts; i++) {
		const char *name = b->m->variable[k * parts + i].name;
		onn_node updated, state[3];
		size_t nstate = 0;
		if (onn_optimizer_build(
		        b->g, &o, rate, 1, &name, &part[i], &grad[i], &updated, state, &nstate))
			return; /* the graph keeps the error */
		onn_design_store(b, part[i], updated);
		/* each call gives the same step number's assign, which a plan takes as one */
		for (size_t j = 0; j < nstate; j++)
			b->m->assign[b->m->nassigns++] = state[j];
	}
}

/* A complex number's sign is g/|g|, and 0 of 0. */
static void step_by_sign(onn_design_builder *b, size_t k, onn_node grad)
{
	onn_node part = b->part[k], sign = onn_sign(b->g, grad);

	onn_design_store(b, part, onn_sub(b->g, part, onn_mul_real(b->g, sign, b->design->rate)));
}

onn_node onn_design_slope(onn_design_builder *b)
{
	onn_node slope;

	if (onn_gradient(&slope, b->g, b->m->loss, ONN_NULL_NODE, &b->m->camera, 1))
		return ONN_NULL_NODE;
	return slope;
}

onn_node onn_design_descend(
    onn_design_builder *b, size_t k, onn_node in, onn_node out, onn_node slope)
{
	size_t parts = b->m->parts;
	onn_node wrt[3] = {b->part[k * parts], b->part[k * parts + parts - 1]}, grad[3];

	wrt[parts] = in;
	if (onn_gradient(grad, b->g, out, slope, wrt, parts + 1))
		return ONN_NULL_NODE;
	if (b->design->update == ONN_DESIGN_UPDATE_PHASE_SIGN)
		step_by_sign(b, k, grad[0]);
	else
		step_by_optimizer(b, k, grad);
	return grad[parts];
}
