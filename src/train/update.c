#include "train/update.h"

#include "core/error.h"

onn_learnt onn_learnt_of(const onn_model *model, const onn_node *weight)
{
	onn_learnt l = {.count = 0};
	for (size_t i = 0; i < onn_model_count(model); i++)
		if (!onn_model_is_fixed(model, i)) {
			l.name[l.count] = onn_model_name(model, i);
			l.which[l.count] = i;
			l.weight[l.count++] = weight[i];
		}
	return l;
}

onn_status onn_update_apply(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, const onn_learnt *l)
{
	onn_node updated[ONN_MODEL_MAX_WEIGHTS];
	onn_type type = onn_model_network(model)->options.precision;
	onn_node rate = onn_variable(g, "rate", type, 0, NULL);
	*count = 0;
	onn_status status = onn_optimizer_build(g, &options->optimizer, rate, l->count, l->name,
	    l->weight, l->gradient, updated, out, count);
	if (status)
		return onn_graph_status(g) ? onn_error(status, "%s", onn_graph_error(g)) : status;
	for (size_t i = 0; i < l->count; i++)
		out[(*count)++] = onn_assign(g, l->weight[i],
		    onn_model_bound(model, l->which[i], g, updated[i], &options->limits));
	return ONN_OK;
}

onn_status onn_update_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options, onn_node loss, const onn_node *weight)
{
	onn_learnt l = onn_learnt_of(model, weight);
	*count = 0;
	onn_status status = onn_gradient(l.gradient, g, loss, ONN_NULL_NODE, l.weight, l.count);
	if (status)
		return onn_error(status, "%s", onn_graph_error(g));
	return onn_update_apply(out, count, g, model, options, &l);
}
