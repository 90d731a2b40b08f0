/*
 * What a step of a training costs: the plan of one, without images and without running it.
 */
#include <onn/plan.h>
#include <onn/trainer.h>

#include "core/error.h"
#include "nn/model.h"
#include "train/config.h"
#include "train/update.h"

/* Loss and updates of a batch, as onn_update_build's and one more. */
static onn_status build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    const onn_train_options *options)
{
	const onn_network *n = onn_model_network(model);
	onn_node weight[ONN_MODEL_MAX_WEIGHTS];
	onn_run_condition condition = onn_train_condition(options);
	if (onn_train_draws(n, options))
		condition.step = onn_variable(g, "step", ONN_U32, 0, NULL);
	onn_node x = onn_variable(
	    g, "x", n->options.precision, 2, (size_t[]){options->batch, onn_network_inputs(n)});
	onn_node label = onn_variable(g, "y", ONN_I32, 1, &options->batch);
	onn_node loss = onn_model_loss(model, g, x, label, &condition, weight);
	onn_status status = onn_update_build(out, count, g, model, options, loss, weight);
	if (!status)
		out[(*count)++] = loss;
	return status;
}

static void count_weights(
    onn_train_cost *cost, const onn_model *model, const onn_optimizer *optimizer)
{
	size_t copies = 1 + onn_optimizer_slots(optimizer);
	for (size_t i = 0; i < onn_model_count(model); i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		bool fixed = onn_model_is_fixed(model, i);
		cost->weights += fixed ? 0 : onn_array_count(w);
		cost->variable_bytes +=
		    (fixed ? 1 : copies) * onn_array_count(w) * onn_type_size(onn_array_type(w));
	}
}

onn_status onn_train_cost_of(onn_train_cost *cost, const onn_network *network,
    const onn_train_options *options, onn_device *device)
{
	onn_model *model = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_train_options own;
	onn_node out[ONN_UPDATE_MOST + 1];
	size_t count;
	*cost = (onn_train_cost){0};
	onn_status status = onn_train_options_take(&own, options);
	if (!status)
		status = onn_model_create(&model, network, 0);
	if (!status)
		status = onn_graph_create(&g);
	if (!status)
		status = build(out, &count, g, model, &own);
	if (!status)
		status = onn_plan_create(&plan, device, g, out, count, NULL);
	if (!status) {
		count_weights(cost, model, &own.optimizer);
		cost->flops = onn_plan_flops(plan);
		cost->traffic = onn_plan_traffic(plan);
		cost->plan_bytes = onn_plan_bytes(plan);
	}
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_model_destroy(model);
	return status;
}
