#include "train/stepper.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/philox.h"
#include "core/streams.h"
#include "nn/model.h"
#include "run/checkpoint.h"
#include "run/group.h"
#include "train/parts.h"
#include "train/samples.h"
#include "train/update.h"

enum {
	MOST_WEIGHTS = ONN_MODEL_MAX_WEIGHTS,
	MOST_STATE = 2 * MOST_WEIGHTS + 2 /* slots, step number, sum of losses */
};

/* A variable that a checkpoint holds. */
typedef struct state {
	char name[ONN_WEIGHT_NAME + 16];
	onn_tensor *tensor;
} state;

struct onn_stepper {
	const onn_model *model;
	onn_train_options options;
	onn_device *device;
	onn_samples samples;
	onn_type type;
	size_t batch, rest;    /* rest: samples of the last partial batch */
	size_t position;       /* samples of the epoch that are done */
	onn_plan *plan, *last; /* a step; of a group: this rank's part of one */
	onn_parts *parts;      /* of a group; else NULL */
	onn_plan *update;      /* of a group: what follows from the parts of all */
	size_t nweights, nstate;
	onn_tensor *weight[MOST_WEIGHTS];
	state state[MOST_STATE];
	onn_tensor *order; /* [count]: the epoch's permutation */
	onn_tensor *first; /* where in it the batch begins */
	onn_tensor *bad;   /* first of the earliest batch whose loss was not finite, or -1 */
	onn_tensor *rate;
	onn_tensor *step;  /* of all epochs, where the network draws random numbers; else NULL */
	onn_tensor *share; /* of a group: samples of the batch */
	int32_t *permutation;
};

/* ---- the graph ---- */

/* bad, first < 0, becomes `first` where the loss is not finite: x - x is 0 for finite x alone. */
static onn_node watch(onn_graph *g, onn_node loss, onn_node first)
{
	onn_type type = onn_node_type(g, loss);
	onn_node bad = onn_variable(g, "bad", ONN_I32, 0, NULL);
	onn_node zero = onn_scalar(g, ONN_I32, 0);
	onn_node finite =
	    onn_cast(g, onn_equal(g, onn_sub(g, loss, loss), onn_scalar(g, type, 0)), ONN_I32);
	onn_node keep = onn_add(g, finite, onn_less_equal(g, zero, bad));
	return onn_assign(g, bad, onn_select(g, keep, bad, first));
}

/* The loss of the samples from first on, which stand in the epoch's order. */
static onn_node build_loss(onn_stepper *s, onn_graph *g, size_t count, onn_node first,
    onn_node *weight, onn_node *out, size_t *n)
{
	const onn_network *network = onn_model_network(s->model);
	onn_run_condition condition = onn_train_condition(&s->options);
	onn_node order = onn_variable(g, "order", ONN_I32, 1, &s->samples.count);
	onn_node index = onn_take(g, order, onn_add(g, onn_iota(g, ONN_I32, count), first));
	onn_node x =
	    onn_samples_pixels(&s->samples, g, index, s->type, network->options.input_maximum);
	onn_node label = onn_samples_labels(&s->samples, g, index);
	if (s->step) {
		double ranks = s->parts ? (double)s->options.group->ranks : 1;
		onn_node step = condition.step = onn_variable(g, "step", ONN_U32, 0, NULL);
		out[(*n)++] = onn_assign(g, step, onn_add(g, step, onn_scalar(g, ONN_U32, ranks)));
	}
	return onn_model_loss(s->model, g, x, label, &condition, weight);
}

static onn_node go_on(onn_graph *g, onn_node first, size_t batch)
{
	return onn_assign(g, first, onn_add(g, first, onn_scalar(g, ONN_I32, (double)batch)));
}

static onn_node count_loss(onn_stepper *s, onn_graph *g, onn_node loss, onn_node samples)
{
	onn_node sum = onn_variable(g, "loss_sum", s->type, 0, NULL);
	return onn_assign(g, sum, onn_add(g, sum, onn_mul(g, loss, samples)));
}

static onn_status build_step(onn_stepper *s, onn_graph *g, size_t batch, onn_plan **plan)
{
	onn_node weight[MOST_WEIGHTS], out[4 + ONN_UPDATE_MOST];
	size_t n = 0, updates;
	onn_node first = onn_variable(g, "first", ONN_I32, 0, NULL);
	onn_node loss = build_loss(s, g, batch, first, weight, out, &n);
	out[n++] = count_loss(s, g, loss, onn_scalar(g, s->type, (double)batch));
	out[n++] = go_on(g, first, batch);
	out[n++] = watch(g, loss, first);
	onn_status status =
	    onn_update_build(out + n, &updates, g, s->model, &s->options, loss, weight);
	return status ? status : onn_plan_create(plan, s->device, g, out, n + updates, NULL);
}

/* What a rank does by itself of a batch. */
static onn_status build_part(onn_stepper *s, onn_graph *g, size_t batch, onn_plan **plan)
{
	onn_node weight[MOST_WEIGHTS], out[4 + MOST_WEIGHTS];
	onn_share part = onn_share_of(s->options.group, batch);
	size_t n = 0, gradients = 0;
	onn_status status = ONN_OK;
	onn_node first = onn_variable(g, "first", ONN_I32, 0, NULL);
	if (part.count) {
		onn_node from = onn_add(g, first, onn_scalar(g, ONN_I32, (double)part.first));
		onn_node loss = build_loss(s, g, part.count, from, weight, out, &n);
		status = onn_parts_build(out + n, &gradients, g, s->model, loss, weight,
		    (double)part.count / (double)batch);
	}
	n += gradients;
	out[n++] = go_on(g, first, batch);
	return status ? status : onn_plan_create(plan, s->device, g, out, n, NULL);
}

/* What follows from the parts of all ranks. `first` is the next batch's by then. */
static onn_status build_update(onn_stepper *s, onn_graph *g, onn_plan **plan)
{
	onn_node weight[MOST_WEIGHTS], out[4 + ONN_UPDATE_MOST];
	onn_learnt learnt;
	size_t n = 0, updates;
	onn_node loss = onn_parts_take(&learnt, weight, g, s->model);
	out[n++] = count_loss(s, g, loss, onn_variable(g, "part.samples", s->type, 0, NULL));
	onn_node first = onn_variable(g, "first", ONN_I32, 0, NULL);
	out[n++] = watch(g, loss, onn_sub(g, first, onn_scalar(g, ONN_I32, 1)));
	onn_status status = onn_update_apply(out + n, &updates, g, s->model, &s->options, &learnt);
	return status ? status : onn_plan_create(plan, s->device, g, out, n + updates, NULL);
}

/* ---- plans ---- */

/* What a graph of a step has of the data; what it has of the state; what both kinds have. */
static onn_status bind_data(onn_stepper *s, onn_plan *plan)
{
	onn_status status = onn_samples_bind(&s->samples, plan);
	if (!status)
		status = onn_plan_bind(plan, "order", s->order);
	if (!status && s->step)
		status = onn_plan_bind(plan, "step", s->step);
	return status;
}

static onn_status bind_state(onn_stepper *s, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "bad", s->bad);
	if (!status)
		status = onn_plan_bind(plan, "rate", s->rate);
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_plan_bind(plan, s->state[i].name, s->state[i].tensor);
	return status;
}

static onn_status bind_weights(onn_stepper *s, onn_plan *plan)
{
	onn_status status = s->parts ? onn_parts_bind(s->parts, plan) : ONN_OK;
	for (size_t i = 0; i < s->nweights && !status; i++)
		status = onn_plan_bind(plan, onn_model_name(s->model, i), s->weight[i]);
	return status;
}

/* The step of a batch, or a rank's part of it. */
static onn_status make_plan(onn_stepper *s, size_t batch, onn_plan **plan)
{
	onn_graph *g;
	bool empty = s->parts && onn_share_of(s->options.group, batch).count == 0;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	status = s->parts ? build_part(s, g, batch, plan) : build_step(s, g, batch, plan);
	onn_graph_destroy(g);
	if (!status)
		status = onn_plan_bind(*plan, "first", s->first);
	if (!status && !empty)
		status = bind_data(s, *plan);
	if (!status && !empty)
		status = bind_weights(s, *plan);
	return status || s->parts ? status : bind_state(s, *plan);
}

static onn_status make_update(onn_stepper *s)
{
	onn_graph *g;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	status = build_update(s, g, &s->update);
	onn_graph_destroy(g);
	if (!status)
		status = onn_plan_bind(s->update, "first", s->first);
	if (!status)
		status = onn_plan_bind(s->update, "part.samples", s->share);
	if (!status)
		status = bind_weights(s, s->update);
	return status ? status : bind_state(s, s->update);
}

static onn_status make_plans(onn_stepper *s)
{
	size_t n = s->samples.count, batch = s->options.batch;
	s->batch = batch < n ? batch : n;
	s->rest = n % s->batch;
	onn_status status = make_plan(s, s->batch, &s->plan);
	if (!status && s->rest)
		status = make_plan(s, s->rest, &s->last);
	return status || !s->parts ? status : make_update(s);
}

/* ---- tensors ---- */

static onn_status add_state(
    onn_stepper *s, const char *slot, const char *weight, onn_type type, const onn_array *like)
{
	state *x = &s->state[s->nstate];
	snprintf(x->name, sizeof x->name, "%s%s%s", slot, weight ? "." : "", weight ? weight : "");
	onn_status status = onn_tensor_create(&x->tensor, s->device, type,
	    like ? onn_array_ndim(like) : 0, like ? onn_array_shape(like) : NULL);
	s->nstate += !status;
	return status;
}

static onn_status make_state(onn_stepper *s)
{
	const onn_optimizer *o = &s->options.optimizer;
	onn_status status = add_state(s, "loss_sum", NULL, s->type, NULL);
	if (!status && onn_optimizer_counts_steps(o))
		status = add_state(s, "adam.step", NULL, ONN_I32, NULL);
	s->nweights = onn_model_count(s->model);
	for (size_t i = 0; i < s->nweights && !status; i++) {
		const onn_array *w = onn_model_const_weight(s->model, i);
		status = onn_tensor_from_array(&s->weight[i], s->device, w);
		size_t slots = onn_model_is_fixed(s->model, i) ? 0 : onn_optimizer_slots(o);
		for (size_t slot = 0; slot < slots && !status; slot++)
			status = add_state(s, onn_optimizer_slot_name(o, slot),
			    onn_model_name(s->model, i), s->type, w);
	}
	return status;
}

static onn_status make_tensors(onn_stepper *s)
{
	size_t n = s->samples.count;
	s->permutation = malloc(n * sizeof *s->permutation);
	if (!s->permutation)
		return onn_error_memory("onn_train", n * sizeof *s->permutation);
	onn_status status = make_state(s);
	if (!status)
		status = onn_tensor_create(&s->order, s->device, ONN_I32, 1, &n);
	if (!status)
		status = onn_tensor_create(&s->first, s->device, ONN_I32, 0, NULL);
	if (!status)
		status = onn_tensor_create(&s->bad, s->device, ONN_I32, 0, NULL);
	if (!status)
		status = onn_tensor_create(&s->rate, s->device, s->type, 0, NULL);
	if (!status && s->options.group)
		status = onn_tensor_create(&s->share, s->device, s->type, 0, NULL);
	if (!status && s->options.group)
		status = onn_parts_create(&s->parts, s->model, s->options.group, s->device);
	if (!status && onn_train_draws(onn_model_network(s->model), &s->options))
		status = onn_tensor_create(&s->step, s->device, ONN_U32, 0, NULL);
	return status;
}

static bool has_something_to_learn(const onn_model *model)
{
	bool found = false;
	for (size_t i = 0; i < onn_model_count(model); i++)
		found = found || !onn_model_is_fixed(model, i);
	return found;
}

onn_status onn_stepper_create(onn_stepper **out, const onn_model *model,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	const onn_network *network = onn_model_network(model);
	*out = NULL;
	onn_stepper *s = calloc(1, sizeof *s);
	if (!s)
		return onn_error_memory("onn_train", sizeof *s);
	s->model = model;
	s->options = *options;
	s->device = device;
	s->type = network->options.precision;
	onn_status status = onn_samples_create(&s->samples, device, dataset->train_x,
	    dataset->train_y, onn_network_inputs(network), dataset->scale);
	size_t n = s->samples.count;
	if (!status && n == 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %s has no training images; expected at least 1", dataset->name);
	if (!status && !has_something_to_learn(model))
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: the network has no weights; expected a layer that learns");
	if (!status)
		status = make_tensors(s);
	if (!status)
		status = make_plans(s);
	if (status)
		onn_stepper_destroy(s);
	else
		*out = s;
	return status;
}

void onn_stepper_destroy(onn_stepper *s)
{
	if (!s)
		return;
	onn_plan_destroy(s->plan);
	onn_plan_destroy(s->last);
	onn_plan_destroy(s->update);
	onn_parts_destroy(s->parts);
	onn_samples_clear(&s->samples);
	for (size_t i = 0; i < MOST_WEIGHTS; i++)
		onn_tensor_destroy(s->weight[i]);
	for (size_t i = 0; i < s->nstate; i++)
		onn_tensor_destroy(s->state[i].tensor);
	onn_tensor *const own[] = {s->order, s->first, s->bad, s->rate, s->step, s->share};
	for (size_t i = 0; i < ONN_COUNT(own); i++)
		onn_tensor_destroy(own[i]);
	onn_free_all(s->permutation, s);
}

size_t onn_stepper_steps(const onn_stepper *s)
{
	return s->samples.count / s->batch + (s->rest > 0);
}

onn_tensor *const *onn_stepper_weights(const onn_stepper *s) { return s->weight; }
const onn_plan *onn_stepper_plan(const onn_stepper *s) { return s->plan; }

/* ---- running ---- */

static onn_status write_real(onn_tensor *t, double value)
{
	float single = (float)value;
	return onn_tensor_type(t) == ONN_F32 ? onn_tensor_write(t, &single, sizeof single)
	                                     : onn_tensor_write(t, &value, sizeof value);
}

onn_status onn_stepper_begin(onn_stepper *s, size_t epoch, double rate, size_t step)
{
	size_t n = s->samples.count;
	s->position = step * s->batch < n ? step * s->batch : n;
	int32_t first = (int32_t)s->position, none = -1;
	onn_philox_permutation(
	    s->permutation, n, s->options.seed, (uint32_t)epoch, ONN_STREAM_ORDER);
	onn_status status = onn_tensor_write(s->order, s->permutation, n * sizeof *s->permutation);
	if (!status)
		status = onn_tensor_write(s->first, &first, sizeof first);
	if (!status)
		status = onn_tensor_write(s->bad, &none, sizeof none);
	if (!status)
		status = write_real(s->rate, rate);
	uint32_t total = (uint32_t)(epoch * onn_stepper_steps(s) + step);
	if (s->parts) /* each rank draws for itself */
		total =
		    total * (uint32_t)s->options.group->ranks + (uint32_t)s->options.group->rank;
	if (!status && s->step)
		status = onn_tensor_write(s->step, &total, sizeof total);
	if (!status && step == 0)
		status = write_real(s->state[0].tensor, 0);
	return status;
}

onn_status onn_stepper_step(onn_stepper *s, bool *stop)
{
	bool whole = s->samples.count - s->position >= s->batch;
	size_t batch = whole ? s->batch : s->rest;
	onn_status status = onn_plan_run(whole ? s->plan : s->last);
	if (s->parts) {
		bool empty = onn_share_of(s->options.group, batch).count == 0;
		status = onn_parts_sum(s->parts, status, empty, stop);
		if (!status)
			status = write_real(s->share, (double)batch);
		if (!status)
			status = onn_plan_run(s->update);
	}
	s->position += status ? 0 : batch;
	return status;
}

bool onn_stepper_lost(const onn_stepper *s) { return s->parts && onn_parts_lost(s->parts); }

onn_status onn_stepper_share(onn_stepper *s)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->nweights && !status; i++)
		status = onn_group_copy_tensor(s->options.group, "onn_train", s->weight[i]);
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_group_copy_tensor(s->options.group, "onn_train", s->state[i].tensor);
	return status;
}

onn_status onn_stepper_wait(onn_stepper *s, double *loss, size_t *bad_step)
{
	int32_t bad = -1;
	onn_status status = onn_plan_wait(s->plan);
	if (!status && s->last)
		status = onn_plan_wait(s->last);
	if (!status && s->update)
		status = onn_plan_wait(s->update);
	if (!status)
		status = onn_tensor_read(&bad, s->bad, sizeof bad);
	if (!status)
		status = onn_tensor_read_real(loss, s->state[0].tensor);
	*loss /= s->position ? (double)s->position : 1;
	*bad_step = bad < 0 ? SIZE_MAX : (size_t)bad / s->batch;
	return status;
}

/* ---- checkpoints ---- */

onn_status onn_stepper_read(const onn_stepper *s, onn_model *model, bool *finite)
{
	onn_status status = ONN_OK;
	*finite = true;
	for (size_t i = 0; i < s->nweights && !status; i++) {
		onn_array *w = onn_model_weight(model, i);
		status = onn_tensor_read(onn_array_data(w), s->weight[i],
		    onn_array_count(w) * onn_type_size(onn_array_type(w)));
		*finite = *finite && onn_first_not_finite(w) == SIZE_MAX;
	}
	return status;
}

onn_status onn_stepper_put(const onn_stepper *s, onn_archive *archive)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_checkpoint_put(archive, s->state[i].name, s->state[i].tensor);
	return status;
}

onn_status onn_stepper_take(onn_stepper *s, const onn_archive *archive, const char *path)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->nweights && !status; i++) {
		const onn_array *w = onn_model_const_weight(s->model, i);
		status = onn_tensor_write(s->weight[i], onn_array_const_data(w),
		    onn_array_count(w) * onn_type_size(onn_array_type(w)));
	}
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_checkpoint_take(s->state[i].tensor, archive, s->state[i].name, path);
	return status;
}
