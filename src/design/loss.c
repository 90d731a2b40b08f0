/*
 * What a design makes small, of the intensity at the camera and the target.
 */
#include "design/builder.h"

static onn_node average(onn_graph *g, onn_node x) { return onn_mean(g, x, NULL, 0, false); }

static onn_node product(onn_graph *g, onn_node x, onn_node y)
{
	return average(g, onn_mul(g, x, y));
}

static onn_node less_cosine(onn_graph *g, onn_node both, onn_node own)
{
	return onn_add_real(g, onn_neg(g, onn_div(g, both, onn_sqrt(g, own))), 1);
}

/* 1 - (x y)/(|x| |y|). */
static onn_node angle(onn_graph *g, onn_node x, onn_node y)
{
	onn_node own = onn_mul(g, product(g, x, x), product(g, y, y));

	return less_cosine(g, product(g, x, y), own);
}

/* What the first rules had for it: 1 - Pearson's correlation. An even background is not seen. */
static onn_node pearson(onn_graph *g, onn_node intensity, onn_node target)
{
	onn_node x = onn_sub(g, intensity, average(g, intensity));
	onn_node y = onn_sub(g, target, average(g, target));
	onn_node both = average(g, onn_mul(g, x, y));
	onn_node own = onn_mul(g, average(g, onn_square(g, x)), average(g, onn_square(g, y)));
	return less_cosine(g, both, own);
}

/* 1 - the cosine of the angle between amplitudes; |E| itself, whose slope is 0 where it is dark. */
static onn_node overlap(onn_graph *g, onn_node field, onn_node intensity, onn_node target)
{
	onn_node own = onn_mul(g, average(g, intensity), average(g, target));
	onn_node both = product(g, onn_abs(g, field), onn_sqrt(g, target));

	return less_cosine(g, both, own);
}

onn_node onn_design_loss_node(
    onn_graph *g, const onn_design *design, onn_node field, onn_node intensity, onn_node target)
{
	bool first = design->rules == 1;

	if (design->loss == ONN_DESIGN_LOSS_OVERLAP)
		return overlap(g, field, intensity, target);
	if (design->loss == ONN_DESIGN_LOSS_CORRELATION)
		return (first ? pearson : angle)(g, intensity, target);
	/* projections keep the light's power, whatever the target's: only the picture counts */
	if (design->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON && !first)
		intensity = onn_mul(g, intensity,
		    onn_div(g, product(g, intensity, target), product(g, intensity, intensity)));
	onn_node d = onn_sub(g, intensity, target);
	if (design->loss == ONN_DESIGN_LOSS_MSE)
		return average(g, onn_square(g, d));
	/* slopes are added up in the order of the nodes: another one rounds otherwise, and an old
	 * run would go on to other bits */
	onn_node size = onn_abs(g, d), square = onn_square(g, d);
	return average(g, onn_add(g, square, size));
}
