/*
 * Optimisers: new weights and the optimiser's own state from gradients.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/optimizer.h>

#include "core/options.h"
#include "core/pi.h"
#include "core/settings.h"

static const char *const adam_slots[] = {"adam.m", "adam.v"};
static const char *const sgd_slots[] = {"sgd.v"};

ONN_WORDS(onn_optimizer_kind, ONN_OPTIMIZER_KIND_WORDS)
ONN_WORDS(onn_decay, ONN_DECAY_WORDS)

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_optimizer, member)
static const onn_setting rows[] = {
    {ROW("optimizer", WORD, kind), .words = &onn_optimizer_kind_words},
    {ROW("lr", REAL, rate), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("beta1", REAL, beta1), .low = 0, .high = 1, .high_open = true},
    {ROW("beta2", REAL, beta2), .low = 0, .high = 1, .high_open = true},
    {ROW("epsilon", REAL, epsilon), .low = 0, .high = INFINITY},
    {ROW("momentum", REAL, momentum), .low = 0, .high = 1, .high_open = true,
        .needs = "optimizer=sgd"},
    {ROW("schedule", WORD, decay), .words = &onn_decay_words},
    {ROW("decay_factor", REAL, decay_factor), .low = 0, .high = 1, .low_open = true},
    {ROW("decay_epochs", SIZE, decay_epochs), .low = 1, .high = 1e9},
    {ROW("warmup", SIZE, warmup), .low = 1, .high = 1e9, .zero = "none", .late = true},
};

const onn_settings *onn_optimizer_settings(void)
{
	ONN_RETURN_SETTINGS("optimizer", rows, onn_optimizer, NULL, ONN_OPTIMIZER_INIT);
}

onn_status onn_optimizer_check(const onn_optimizer *o)
{
	onn_status status = onn_options_exact(
	    o, sizeof *o, "onn_optimizer_check", "optimizer", "ONN_OPTIMIZER_INIT");
	return status ? status : onn_settings_check(onn_optimizer_settings(), o);
}

static double decayed_rate(const onn_optimizer *o, size_t epoch, size_t epochs)
{
	if (o->decay == ONN_DECAY_STEP)
		return o->rate * pow(o->decay_factor, (double)(epoch / o->decay_epochs));
	if (o->decay == ONN_DECAY_COSINE && epochs > 0)
		return o->rate * 0.5 * (1 + cos((double)ONN_PI * (double)epoch / (double)epochs));
	return o->rate;
}

double onn_optimizer_rate(const onn_optimizer *o, size_t epoch, size_t epochs)
{
	double rate = decayed_rate(o, epoch, epochs);
	return epoch < o->warmup ? rate * (double)(epoch + 1) / (double)(o->warmup + 1) : rate;
}

size_t onn_optimizer_slots(const onn_optimizer *o)
{
	return o->kind == ONN_OPTIMIZER_ADAM ? 2 : o->momentum > 0 ? 1 : 0;
}

const char *onn_optimizer_slot_name(const onn_optimizer *o, size_t slot)
{
	if (slot >= onn_optimizer_slots(o))
		return NULL;
	return o->kind == ONN_OPTIMIZER_ADAM ? adam_slots[slot] : sgd_slots[slot];
}

bool onn_optimizer_counts_steps(const onn_optimizer *o) { return o->kind == ONN_OPTIMIZER_ADAM; }

/* The variable of a slot: the weight's type and shape. */
static onn_node slot_of(
    onn_graph *g, const onn_optimizer *o, size_t slot, const char *name, onn_node weight)
{
	char text[256];
	size_t ndim = onn_node_ndim(g, weight), shape[ONN_MAX_DIMS];
	memcpy(shape, onn_node_shape(g, weight), ndim * sizeof *shape);
	snprintf(text, sizeof text, "%s.%s", onn_optimizer_slot_name(o, slot), name);
	return onn_variable(g, text, onn_node_type(g, weight), ndim, shape);
}

/* old b + (1 - b) new */
static onn_node average(onn_graph *g, onn_node old, onn_node new, double b)
{
	return onn_add(g, onn_mul_real(g, old, b), onn_mul_real(g, new, 1 - b));
}

/* 1 - b^t: by expm1, since b^t is near 1 at first and single precision would lose it */
static onn_node correction(onn_graph *g, onn_node t, double b)
{
	return onn_neg(g, onn_expm1(g, onn_mul_real(g, t, log(b))));
}

/*
 * m = b1 m + (1-b1) grad, v = b2 v + (1-b2) grad^2, w -= rate [m/(1-b1^t)] / (sqrt(v/(1-b2^t)) +
 * eps), with the corrections gathered into two numbers (Kingma & Ba, arXiv 1412.6980, end of
 * section 2).
 */
static void build_adam(onn_graph *g, const onn_optimizer *o, onn_node rate, size_t count,
    const char *const *name, const onn_node *weight, const onn_node *grad, onn_node *updated,
    onn_node *state, size_t *n)
{
	onn_type type = onn_node_type(g, weight[0]);
	onn_node step = onn_variable(g, "adam.step", ONN_I32, 0, NULL);
	onn_node next = onn_add(g, step, onn_scalar(g, ONN_I32, 1));
	onn_node t = onn_cast(g, next, type);
	onn_node root = onn_sqrt(g, correction(g, t, o->beta2));
	onn_node size = onn_div(g, onn_mul(g, rate, root), correction(g, t, o->beta1));
	onn_node epsilon = onn_mul_real(g, root, o->epsilon);
	for (size_t i = 0; i < count; i++) {
		onn_node m = slot_of(g, o, 0, name[i], weight[i]);
		onn_node v = slot_of(g, o, 1, name[i], weight[i]);
		onn_node m1 = average(g, m, grad[i], o->beta1);
		onn_node v1 = average(g, v, onn_square(g, grad[i]), o->beta2);
		onn_node move = onn_div(g, m1, onn_add(g, onn_sqrt(g, v1), epsilon));
		updated[i] = onn_sub(g, weight[i], onn_mul(g, move, size));
		state[(*n)++] = onn_assign(g, m, m1);
		state[(*n)++] = onn_assign(g, v, v1);
	}
	state[(*n)++] = onn_assign(g, step, next);
}

static void build_sgd(onn_graph *g, const onn_optimizer *o, onn_node rate, size_t count,
    const char *const *name, const onn_node *weight, const onn_node *grad, onn_node *updated,
    onn_node *state, size_t *n)
{
	for (size_t i = 0; i < count; i++) {
		onn_node v = grad[i];
		if (o->momentum > 0) {
			onn_node old = slot_of(g, o, 0, name[i], weight[i]);
			v = onn_add(g, onn_mul_real(g, old, o->momentum), grad[i]);
			state[(*n)++] = onn_assign(g, old, v);
		}
		updated[i] = onn_sub(g, weight[i], onn_mul(g, v, rate));
	}
}

onn_status onn_optimizer_build(onn_graph *g, const onn_optimizer *o, onn_node rate, size_t count,
    const char *const *name, const onn_node *weight, const onn_node *grad, onn_node *updated,
    onn_node *state, size_t *nstate)
{
	*nstate = 0;
	onn_status status = onn_optimizer_check(o);
	if (status)
		return status;
	if (onn_graph_status(g))
		return onn_graph_status(g);
	if (count == 0)
		return ONN_OK;
	if (o->kind == ONN_OPTIMIZER_ADAM)
		build_adam(g, o, rate, count, name, weight, grad, updated, state, nstate);
	else
		build_sgd(g, o, rate, count, name, weight, grad, updated, state, nstate);
	return onn_graph_status(g);
}
