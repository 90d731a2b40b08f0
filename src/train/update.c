#include "train/update.h"

#include "core/error.h"

onn_status onn_update_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, onn_node loss, const onn_node *weight)
{
	onn_node learnt[ONN_MODEL_MAX_WEIGHTS], grad[ONN_MODEL_MAX_WEIGHTS];
	onn_node updated[ONN_MODEL_MAX_WEIGHTS];
	const char *name[ONN_MODEL_MAX_WEIGHTS];
	size_t which[ONN_MODEL_MAX_WEIGHTS], n = 0;
	*count = 0;
	for (size_t i = 0; i < onn_model_count(model); i++)
		if (!onn_model_is_fixed(model, i)) {
			name[n] = onn_model_name(model, i);
			which[n] = i;
			learnt[n++] = weight[i];
		}
	onn_status status = onn_gradient(grad, g, loss, ONN_NULL_NODE, learnt, n);
	if (status)
		return onn_error(status, "%s", onn_graph_error(g));
	onn_node rate = onn_variable(g, "rate", onn_node_type(g, loss), 0, NULL);
	status = onn_optimizer_build(
	    g, &options->optimizer, rate, n, name, learnt, grad, updated, out, count);
	if (status)
		return onn_graph_status(g) ? onn_error(status, "%s", onn_graph_error(g)) : status;
	for (size_t i = 0; i < n; i++)
		out[(*count)++] = onn_assign(g, learnt[i],
		    onn_model_bound(model, which[i], g, updated[i], &options->limits));
	return ONN_OK;
}
