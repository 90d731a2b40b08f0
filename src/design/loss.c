/*
 * What a design makes small, of the intensity at the camera and the target.
 */
#include "design/builder.h"

static onn_node average(onn_graph *g, onn_node x) { return onn_mean(g, x, NULL, 0, false); }

/* 1 - Pearson's correlation. */
static onn_node correlation(onn_graph *g, onn_node intensity, onn_node target)
{
	onn_node x = onn_sub(g, intensity, average(g, intensity));
	onn_node y = onn_sub(g, target, average(g, target));
	onn_node both = average(g, onn_mul(g, x, y));
	onn_node own = onn_mul(g, average(g, onn_square(g, x)), average(g, onn_square(g, y)));
	return onn_add_real(g, onn_neg(g, onn_div(g, both, onn_sqrt(g, own))), 1);
}

onn_node onn_design_loss_node(
    onn_graph *g, onn_design_loss loss, onn_node intensity, onn_node target)
{
	if (loss == ONN_DESIGN_LOSS_CORRELATION)
		return correlation(g, intensity, target);
	onn_node d = onn_sub(g, intensity, target);
	if (loss == ONN_DESIGN_LOSS_MSE)
		return average(g, onn_square(g, d));
	/* slopes are added up in the order of the nodes: another one rounds otherwise, and an old
	 * run would go on to other bits */
	onn_node size = onn_abs(g, d), square = onn_square(g, d);
	return average(g, onn_add(g, square, size));
}
