/*
 * What a step of a training costs: the plan of one, without images and without running it.
 */
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>
#include <onn/trainer.h>

#include "core/error.h"
#include "nn/model.h"
#include "train/config.h"

/* Loss and updates of a batch. */
typedef struct step {
	const onn_model *model;
	const onn_train_options *options;
	onn_node weight[ONN_MODEL_MAX_WEIGHTS];
	onn_node learnt[ONN_MODEL_MAX_WEIGHTS], grad[ONN_MODEL_MAX_WEIGHTS];
	onn_node updated[ONN_MODEL_MAX_WEIGHTS];
	const char *name[ONN_MODEL_MAX_WEIGHTS];
	onn_node out[4 * ONN_MODEL_MAX_WEIGHTS + 2];
	size_t count; /* of out */
} step;

static onn_status build(step *s, onn_graph *g)
{
	const onn_network *n = onn_model_network(s->model);
	onn_type type = n->options.precision;
	size_t batch = s->options->batch, learnt = 0, states = 0;
	onn_run_condition condition = {.seed = 0};
	if (onn_network_draws(n))
		condition.step = onn_variable(g, "step", ONN_U32, 0, NULL);
	onn_node x = onn_variable(g, "x", type, 2, (size_t[]){batch, onn_network_inputs(n)});
	onn_node label = onn_variable(g, "y", ONN_I32, 1, &batch);
	onn_node rate = onn_variable(g, "rate", type, 0, NULL);
	onn_node loss = onn_model_loss(s->model, g, x, label, &condition, s->weight);
	for (size_t i = 0; i < onn_model_count(s->model); i++)
		if (!onn_model_is_fixed(s->model, i)) {
			s->name[learnt] = onn_model_name(s->model, i);
			s->learnt[learnt++] = s->weight[i];
		}
	onn_status status = onn_gradient(s->grad, g, loss, ONN_NULL_NODE, s->learnt, learnt);
	if (!status)
		status = onn_optimizer_build(g, &s->options->optimizer, rate, learnt, s->name,
		    s->learnt, s->grad, s->updated, s->out, &states);
	if (status)
		return onn_graph_status(g) ? onn_error(status, "%s", onn_graph_error(g)) : status;
	s->count = states;
	for (size_t i = 0; i < learnt; i++)
		s->out[s->count++] = onn_assign(
		    g, s->learnt[i], onn_limit_weights(g, s->updated[i], &s->options->limits));
	s->out[s->count++] = loss;
	return ONN_OK;
}

static void count_weights(onn_train_cost *cost, const step *s)
{
	size_t copies = 1 + onn_optimizer_slots(&s->options->optimizer);
	for (size_t i = 0; i < onn_model_count(s->model); i++) {
		const onn_array *w = onn_model_const_weight(s->model, i);
		bool fixed = onn_model_is_fixed(s->model, i);
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
	*cost = (onn_train_cost){0};
	onn_status status = onn_train_options_take(&own, options);
	step *s = calloc(1, sizeof *s);
	if (!status && !s)
		status = onn_error_memory("onn_train_cost_of", sizeof *s);
	if (!status)
		status = onn_model_create(&model, network, 0);
	if (!status)
		status = onn_graph_create(&g);
	if (!status) {
		s->model = model;
		s->options = &own;
		status = build(s, g);
	}
	if (!status)
		status = onn_plan_create(&plan, device, g, s->out, s->count, NULL);
	if (!status) {
		count_weights(cost, s);
		cost->flops = onn_plan_flops(plan);
		cost->traffic = onn_plan_traffic(plan);
		cost->plan_bytes = onn_plan_bytes(plan);
	}
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_model_destroy(model);
	free(s);
	return status;
}
