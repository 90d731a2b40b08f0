/*
 * What training makes small: how far outputs are from labels, and how much light is lost.
 */
#include <string.h>

#include "core/error.h"
#include "nn/model.h"

/* Softmax: shares of light are in [0, 1], so the gain says how sure a network can be. */
onn_node onn_network_loss(onn_graph *g, const onn_network *n, onn_node output, onn_node label)
{
	const onn_network_options *o = &n->options;
	if (o->loss == ONN_LOSS_NLL)
		return onn_loss_of(g, ONN_LOSS_NLL,
		    o->gain == 1 ? output : onn_mul_real(g, output, o->gain), label);
	if (o->off_target == 0)
		return onn_loss_of(g, o->loss, output, label);
	/* targets of 1 and t are (1 - t)^2 times the loss of targets 1 and 0 */
	double range = 1 - o->off_target;
	onn_node x = onn_mul_real(g, onn_add_real(g, output, -o->off_target), 1 / range);
	return onn_mul_real(g, onn_loss_of(g, o->loss, x, label), range * range);
}

/* ---- light ---- */

/* The last detect; SIZE_MAX where there is none. */
static size_t last_detect(const onn_network *n)
{
	size_t last = SIZE_MAX;
	for (size_t i = onn_network_find(n, "detect", 0); i != SIZE_MAX;
	     i = onn_network_find(n, "detect", i + 1))
		last = i;
	return last;
}

onn_status onn_network_check_efficiency(const onn_network *n)
{
	onn_region *region;
	size_t count = 0, last = last_detect(n), classes = n->options.classes;
	if (n->options.efficiency == 0)
		return ONN_OK;
	if (last != SIZE_MAX) {
		onn_status status = onn_network_detectors(&region, &count, n, last);
		if (status)
			return status;
		onn_free(region);
	}
	if (count == classes || count == 2 * classes)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT,
	    "network: efficiency is %g, and the last detect has %zu regions; expected one for each "
	    "of %zu classes, or pairs",
	    n->options.efficiency, count, classes);
}

/* Mean of -ln of the part of all light that arrives where it should. fraction: [batch, regions];
 * of pairs the first halves count for their classes. */
static onn_node loss_of_light(onn_graph *g, onn_node fraction, onn_node label, size_t classes)
{
	if (onn_graph_status(g) || !fraction.id)
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, fraction);
	size_t batch = onn_node_shape(g, fraction)[0];
	onn_node own = onn_slice(g, fraction, -1, 0, classes, 1);
	own = onn_select(g, onn_one_hot(g, label, classes, type), own, onn_scalar(g, type, 0));
	own = onn_sum(g, own, (int[]){-1}, 1, false);
	/* an image without light has nothing to lose */
	onn_node lost = onn_log(g, onn_max(g, own, onn_scalar(g, type, 1e-12)));
	return onn_mul_real(
	    g, onn_sum(g, lost, NULL, 0, false), -1.0 / (double)(batch ? batch : 1));
}

onn_node onn_model_loss(const onn_model *model, onn_graph *g, onn_node x, onn_node label,
    const onn_run_condition *condition, onn_node *variable)
{
	const onn_network *n = onn_model_network(model);
	double weight = n->options.efficiency;
	onn_node fraction;
	onn_node output =
	    onn_model_forward_in(model, g, x, condition, variable, weight > 0 ? &fraction : NULL);
	onn_node loss = onn_network_loss(g, n, output, label);
	if (weight == 0)
		return loss;
	onn_node lost = loss_of_light(g, fraction, label, n->options.classes);
	return onn_add(g, loss, onn_mul_real(g, lost, weight));
}
