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
#include "plan/copies.h"
#include "run/checkpoint.h"
#include "run/group.h"
#include "train/parts.h"
#include "train/samples.h"
#include "train/update.h"

enum {
	MOST_WEIGHTS = ONN_MODEL_MAX_WEIGHTS,
	MOST_STATE = 2 * MOST_WEIGHTS + 2 /* slots, step number, sum of losses */
};

/* What a checkpoint holds beside the weights: a variable, with a tensor for each copy. */
typedef struct state {
	char name[ONN_WEIGHT_NAME + 16];
	onn_tensor **tensor;
} state;

struct onn_stepper {
	size_t copies;
	onn_model *const *models; /* lent, one a copy */
	const onn_model *model;   /* the first: all have its form */
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
	onn_tensor **weight[MOST_WEIGHTS];
	onn_tensor *weights[MOST_WEIGHTS]; /* the first copy's */
	state state[MOST_STATE];
	/* a tensor for each copy */
	onn_tensor **order; /* [count]: the epoch's permutation */
	onn_tensor **first; /* where in it the batch begins */
	onn_tensor **bad;   /* first of the earliest batch whose loss was not finite, or -1 */
	onn_tensor **step;  /* of all epochs, where the network draws random numbers; else NULL */
	/* for all */
	onn_tensor *rate;
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
	static const char *const shared[] = {"x", "y", "rate", NULL};
	const onn_plan_copies copies = {s->copies, shared};
	onn_node weight[MOST_WEIGHTS], out[4 + ONN_UPDATE_MOST];
	size_t n = 0, updates;
	onn_node first = onn_variable(g, "first", ONN_I32, 0, NULL);
	onn_node loss = build_loss(s, g, batch, first, weight, out, &n);
	out[n++] = count_loss(s, g, loss, onn_scalar(g, s->type, (double)batch));
	out[n++] = go_on(g, first, batch);
	out[n++] = watch(g, loss, first);
	onn_status status =
	    onn_update_build(out + n, &updates, g, s->model, &s->options, loss, weight);
	return status ? status
	              : onn_plan_create_copies(plan, s->device, g, out, n + updates, &copies);
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
		status = onn_plan_bind(plan, "order", s->order[0]);
	if (!status && s->step)
		status = onn_plan_bind(plan, "step", s->step[0]);
	return status;
}

static onn_status bind_state(onn_stepper *s, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "bad", s->bad[0]);
	if (!status)
		status = onn_plan_bind(plan, "rate", s->rate);
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_plan_bind(plan, s->state[i].name, s->state[i].tensor[0]);
	return status;
}

static onn_status bind_weights(onn_stepper *s, onn_plan *plan)
{
	onn_status status = s->parts ? onn_parts_bind(s->parts, plan) : ONN_OK;
	for (size_t i = 0; i < s->nweights && !status; i++)
		status = onn_plan_bind(plan, onn_model_name(s->model, i), s->weights[i]);
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
		status = onn_plan_bind(*plan, "first", s->first[0]);
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
		status = onn_plan_bind(s->update, "first", s->first[0]);
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

static onn_status make(
    onn_tensor ***t, onn_stepper *s, onn_type type, size_t ndim, const size_t *shape)
{
	return onn_copies_create(t, s->copies, s->device, type, ndim, shape);
}

static onn_status add_state(
    onn_stepper *s, const char *slot, const char *weight, onn_type type, const onn_array *like)
{
	state *x = &s->state[s->nstate++];
	snprintf(x->name, sizeof x->name, "%s%s%s", slot, weight ? "." : "", weight ? weight : "");
	return make(&x->tensor, s, type, like ? onn_array_ndim(like) : 0,
	    like ? onn_array_shape(like) : NULL);
}

static onn_status write_weight(onn_tensor *t, const onn_array *w)
{
	return onn_tensor_write(
	    t, onn_array_const_data(w), onn_array_count(w) * onn_type_size(onn_array_type(w)));
}

/* Weight i of each copy. */
static onn_status make_weight(onn_stepper *s, size_t i)
{
	const onn_array *like = onn_model_const_weight(s->model, i);
	onn_status status = make(
	    &s->weight[i], s, onn_array_type(like), onn_array_ndim(like), onn_array_shape(like));
	for (size_t k = 0; k < s->copies && !status; k++)
		status = write_weight(s->weight[i][k], onn_model_const_weight(s->models[k], i));
	s->weights[i] = s->weight[i] ? s->weight[i][0] : NULL;
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
		status = make_weight(s, i);
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
		status = make(&s->order, s, ONN_I32, 1, &n);
	if (!status)
		status = make(&s->first, s, ONN_I32, 0, NULL);
	if (!status)
		status = make(&s->bad, s, ONN_I32, 0, NULL);
	if (!status)
		status = onn_tensor_create(&s->rate, s->device, s->type, 0, NULL);
	if (!status && s->options.group)
		status = onn_tensor_create(&s->share, s->device, s->type, 0, NULL);
	if (!status && s->options.group)
		status = onn_parts_create(&s->parts, s->model, s->options.group, s->device);
	if (!status && onn_train_draws(onn_model_network(s->model), &s->options))
		status = make(&s->step, s, ONN_U32, 0, NULL);
	return status;
}

onn_status onn_stepper_create(onn_stepper **out, onn_model *const *model, size_t copies,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	const onn_network *network = onn_model_network(model[0]);
	*out = NULL;
	onn_stepper *s = calloc(1, sizeof *s);
	if (!s)
		return onn_error_memory("onn_train", sizeof *s);
	s->copies = copies;
	s->models = model;
	s->model = model[0];
	s->options = *options;
	s->device = device;
	s->type = network->options.precision;
	onn_status status = onn_samples_create(&s->samples, device, dataset->train_x,
	    dataset->train_y, onn_network_inputs(network), dataset->scale);
	size_t n = s->samples.count;
	if (!status && n == 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %s has no training images; expected at least 1", dataset->name);
	if (!status && !onn_model_learns(s->model))
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
		onn_copies_destroy(s->weight[i], s->copies);
	for (size_t i = 0; i < s->nstate; i++)
		onn_copies_destroy(s->state[i].tensor, s->copies);
	onn_tensor **const own[] = {s->order, s->first, s->bad, s->step};
	for (size_t i = 0; i < ONN_COUNT(own); i++)
		onn_copies_destroy(own[i], s->copies);
	onn_tensor_destroy(s->rate);
	onn_tensor_destroy(s->share);
	onn_free_all(s->permutation, s);
}

size_t onn_stepper_steps(const onn_stepper *s)
{
	return s->samples.count / s->batch + (s->rest > 0);
}

onn_tensor *const *onn_stepper_weights(const onn_stepper *s) { return s->weights; }
const onn_plan *onn_stepper_plan(const onn_stepper *s) { return s->plan; }

/* ---- running ---- */

static onn_status write_real(onn_tensor *t, double value)
{
	float single = (float)value;
	return onn_tensor_type(t) == ONN_F32 ? onn_tensor_write(t, &single, sizeof single)
	                                     : onn_tensor_write(t, &value, sizeof value);
}

/* A copy's order of samples, and where it begins. */
static onn_status begin_copy(onn_stepper *s, size_t copy, size_t epoch, uint32_t total, bool anew)
{
	size_t n = s->samples.count;
	int32_t first = (int32_t)s->position, none = -1;
	onn_philox_permutation(
	    s->permutation, n, s->options.seed + copy, (uint32_t)epoch, ONN_STREAM_ORDER);
	onn_status status =
	    onn_tensor_write(s->order[copy], s->permutation, n * sizeof *s->permutation);
	if (!status)
		status = onn_tensor_write(s->first[copy], &first, sizeof first);
	if (!status)
		status = onn_tensor_write(s->bad[copy], &none, sizeof none);
	if (!status && s->step)
		status = onn_tensor_write(s->step[copy], &total, sizeof total);
	if (!status && anew)
		status = write_real(s->state[0].tensor[copy], 0);
	return status;
}

onn_status onn_stepper_begin(onn_stepper *s, size_t epoch, double rate, size_t step)
{
	size_t n = s->samples.count;
	s->position = step * s->batch < n ? step * s->batch : n;
	uint32_t total = (uint32_t)(epoch * onn_stepper_steps(s) + step);
	if (s->parts) /* each rank draws for itself */
		total =
		    total * (uint32_t)s->options.group->ranks + (uint32_t)s->options.group->rank;
	onn_status status = write_real(s->rate, rate);
	for (size_t i = 0; i < s->copies && !status; i++)
		status = begin_copy(s, i, epoch, total, step == 0);
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
		status = onn_group_copy_tensor(s->options.group, "onn_train", s->weights[i]);
	for (size_t i = 0; i < s->nstate && !status; i++)
		status =
		    onn_group_copy_tensor(s->options.group, "onn_train", s->state[i].tensor[0]);
	return status;
}

onn_status onn_stepper_wait(onn_stepper *s, double *loss, size_t *bad_step)
{
	onn_status status = onn_plan_wait(s->plan);
	if (!status && s->last)
		status = onn_plan_wait(s->last);
	if (!status && s->update)
		status = onn_plan_wait(s->update);
	for (size_t i = 0; i < s->copies && !status; i++) {
		int32_t bad = -1;
		status = onn_tensor_read(&bad, s->bad[i], sizeof bad);
		if (!status)
			status = onn_tensor_read_real(&loss[i], s->state[0].tensor[i]);
		loss[i] /= s->position ? (double)s->position : 1;
		bad_step[i] = bad < 0 ? SIZE_MAX : (size_t)bad / s->batch;
	}
	return status;
}

/* ---- checkpoints ---- */

onn_status onn_stepper_read(const onn_stepper *s, size_t copy, onn_model *model, bool *finite)
{
	onn_status status = ONN_OK;
	*finite = true;
	for (size_t i = 0; i < s->nweights && !status; i++) {
		onn_array *w = onn_model_weight(model, i);
		status = onn_tensor_read(onn_array_data(w), s->weight[i][copy],
		    onn_array_count(w) * onn_type_size(onn_array_type(w)));
		*finite = *finite && onn_first_not_finite(w) == SIZE_MAX;
	}
	return status;
}

onn_status onn_stepper_put(const onn_stepper *s, size_t copy, onn_archive *archive)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->nstate && !status; i++)
		status = onn_checkpoint_put(archive, s->state[i].name, s->state[i].tensor[copy]);
	return status;
}

onn_status onn_stepper_take(
    onn_stepper *s, size_t copy, const onn_archive *archive, const char *path)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->nweights && !status; i++)
		status =
		    write_weight(s->weight[i][copy], onn_model_const_weight(s->models[copy], i));
	for (size_t i = 0; i < s->nstate && !status; i++)
		status =
		    onn_checkpoint_take(s->state[i].tensor[copy], archive, s->state[i].name, path);
	return status;
}
