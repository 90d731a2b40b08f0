/*
 * What a medium's state says, and what becomes of it in the dark.
 */
#include "pulse/medium.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

onn_pulse_rows onn_pulse_sizes(const onn_pulse_call *c)
{
	return (onn_pulse_rows){.model = c->medium->model,
	    .slots = 1,
	    .cells = c->medium->cells,
	    .classes = c->medium->classes,
	    .beams = c->beams};
}

/* Numbers of each plane of a state. */
static size_t each_of(const onn_pulse_call *c)
{
	return (size_t)c->medium->cells * c->medium->classes;
}

/* Nothing bleached: of the rate model all is there; no polarisation, all inversions -1. */
static onn_node at_rest(const onn_pulse_call *c, size_t size)
{
	bool rate = c->medium->model == ONN_PULSE_RATE;
	double *x = malloc(size * sizeof *x);
	if (!x)
		return onn_fail(c->g, ONN_ERROR_MEMORY, "%s: no memory for a state of %zu numbers",
		    c->function, size);
	for (size_t i = 0; i < size; i++)
		x[i] = rate ? 1 : i < size - each_of(c) ? 0 : -1;
	onn_node state = onn_pulse_constants(c, x, size);
	free(x);
	return state;
}

onn_node onn_pulse_state(const onn_pulse_call *c, onn_node state)
{
	onn_pulse_rows p = onn_pulse_sizes(c);
	size_t size = onn_pulse_rows_state(&p);
	if (!state.id)
		return at_rest(c, size);
	if (!onn_graph_ok(c->g, c->function, state))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(c->g, state.id);
	if (d->ndim != 2 || d->shape[1] != size || (d->shape[0] != c->rows && d->shape[0] != 1) ||
	    !onn_type_is_float(d->type) || onn_type_is_complex(d->type)) {
		char text[96];
		return onn_fail(c->g, ONN_ERROR_ARGUMENT,
		    "%s: the state is %s %s; expected [%zu, %zu], real: as %s through a medium of "
		    "this model, with its cells and classes, left it",
		    c->function, onn_shape_text(text, sizeof text, d->ndim, d->shape),
		    onn_type_name(d->type), c->rows, size,
		    c->beams == 2 ? "a meeting of beams" : "a passage");
	}
	return onn_cast(c->g, state, c->type);
}

/* Of a state that a passage or a meeting left: how many beams have polarisations in it. */
static void see_beams(onn_pulse_call *c, onn_node state)
{
	bool bloch = c->medium->model == ONN_PULSE_BLOCH;
	if (bloch && onn_graph_ok(c->g, c->function, state) && onn_node_ndim(c->g, state) == 2 &&
	    onn_node_shape(c->g, state)[1] == 5 * each_of(c))
		c->beams = 2;
}

/* Part i of the packed state in the Bloch model: real and imaginary polarisations of each beam,
 * then inversions. */
static onn_node plane(const onn_pulse_call *c, onn_node state, size_t i)
{
	size_t each = each_of(c);
	return onn_slice(c->g, state, 1, (ptrdiff_t)(i * each), each, 1);
}

/* What is not bleached, [rows, cells classes]: of an inverted atom below 0. */
static onn_node rest_of(const onn_pulse_call *c, onn_node state)
{
	return c->medium->model == ONN_PULSE_RATE ? state
	                                          : onn_neg(c->g, plane(c, state, 2 * c->beams));
}

/* Sums over the classes of each cell, weighed by w, [rows or 1, classes]: [rows, cells]. */
static onn_node over_classes(const onn_pulse_call *c, onn_node x, onn_node w)
{
	onn_graph *g = c->g;
	size_t cells = c->medium->cells, classes = c->medium->classes;
	if (g->status)
		return ONN_NULL_NODE;
	size_t rows = onn_node_shape(g, x)[0], of = onn_node_shape(g, w)[0];
	x = onn_reshape(g, x, 3, (size_t[]){rows, cells, classes});
	w = onn_reshape(g, w, 3, (size_t[]){of, 1, classes});
	return onn_sum(g, onn_mul(g, x, w), (int[]){2}, 1, false);
}

onn_node onn_pulse_bleached(onn_graph *g, onn_node state, const onn_pulse_medium *medium)
{
	onn_pulse_call c;
	if (!onn_pulse_begin(&c, g, "onn_pulse_bleached", state, medium, NULL))
		return ONN_NULL_NODE;
	see_beams(&c, state);
	state = onn_pulse_state(&c, state);
	onn_node bleached = onn_add_real(g, onn_neg(g, rest_of(&c, state)), 1);
	return medium->classes == 1 ? bleached : over_classes(&c, bleached, onn_pulse_weights(&c));
}

/* exp(-depth) of what is left of a medium, `rest` of each cell and class, at the light's
 * frequency. */
static onn_node transmission_of(const onn_pulse_call *c, onn_node rest)
{
	onn_graph *g = c->g;
	onn_node broad = onn_add_real(g, onn_square(g, onn_pulse_offsets(c)), 1);
	onn_node weight = onn_div(g, onn_pulse_weights(c), broad);
	onn_node depth = onn_pulse_column(c, "depth", c->nodes.depth, c->medium->depth);
	onn_node loss = onn_pulse_column(c, "loss", c->nodes.loss, c->medium->loss);
	onn_node sum;
	if (c->medium->classes == 1) /* one weight for all cells: behind the sum */
		sum = onn_mul(g, onn_sum(g, rest, (int[]){1}, 1, true), weight);
	else
		sum = onn_sum(g, over_classes(c, rest, weight), (int[]){1}, 1, true);
	onn_node met = onn_mul(g, sum, onn_mul_real(g, depth, 1. / c->medium->cells));
	return onn_exp(g, onn_neg(g, onn_add(g, met, loss)));
}

onn_node onn_pulse_transmission(
    onn_graph *g, onn_node state, const onn_pulse_medium *medium, const onn_pulse_nodes *nodes)
{
	onn_pulse_call c;
	if (!onn_pulse_begin(&c, g, "onn_pulse_transmission", state, medium, nodes))
		return ONN_NULL_NODE;
	see_beams(&c, state);
	state = onn_pulse_state(&c, state);
	return transmission_of(&c, rest_of(&c, state));
}

/* What each cell waits for the probe that runs back: [1, cells classes]. */
static onn_node way_back(const onn_pulse_call *c)
{
	size_t cells = c->medium->cells, classes = c->medium->classes;
	double *time = malloc(cells * classes * sizeof *time);
	if (!time)
		return onn_fail(
		    c->g, ONN_ERROR_MEMORY, "%s: no memory for %zu cells", c->function, cells);
	for (size_t i = 0; i < cells * classes; i++)
		time[i] =
		    2 * c->medium->transit * (1 - ((double)(i / classes) + .5) / (double)cells);
	onn_node x = onn_pulse_constants(c, time, cells * classes);
	free(time);
	return x;
}

onn_node onn_pulse_met(const onn_pulse_call *c, onn_node state, onn_node delay, bool counter)
{
	onn_graph *g = c->g;
	onn_node wait = onn_pulse_column(c, "delay", delay, 0);
	if (counter && c->medium->transit > 0)
		wait = onn_add(g, wait, way_back(c));
	onn_node rest = rest_of(c, onn_pulse_state(c, state));
	onn_node t1 = onn_pulse_rate_of(c, "t1", c->nodes.t1, c->medium->t1);
	onn_node over_t1 = onn_neg(g, onn_mul(g, wait, t1));
	/* 1 - e^-x of what was bleached is there again */
	return onn_sub(g, onn_mul(g, rest, onn_exp(g, over_t1)), onn_expm1(g, over_t1));
}

onn_node onn_pulse_probe(onn_graph *g, onn_node state, onn_node delay, bool counter,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes)
{
	onn_pulse_call c;
	if (!onn_pulse_begin(&c, g, "onn_pulse_probe", state, medium, nodes))
		return ONN_NULL_NODE;
	if (delay.id && c.rows == 1 && onn_graph_ok(g, c.function, delay) &&
	    onn_node_ndim(g, delay) == 2)
		c.rows = onn_node_shape(g, delay)[0]; /* one state, many probes */
	see_beams(&c, state);
	return transmission_of(&c, onn_pulse_met(&c, state, delay, counter));
}

/* The polarisations of a beam a while later, real and imaginary parts: each turns by `angle` of its
 * class, [rows or 1, classes], and keeps the part `kept`. */
static void turn(onn_node part[2], const onn_pulse_call *c, onn_node state, size_t beam,
    onn_node angle, onn_node kept)
{
	onn_graph *g = c->g;
	size_t cells = c->medium->cells, classes = c->medium->classes;
	if (g->status)
		return;
	size_t rows = onn_node_shape(g, state)[0], of = onn_node_shape(g, angle)[0];
	onn_node cosine =
	    onn_reshape(g, onn_mul(g, kept, onn_cos(g, angle)), 3, (size_t[]){of, 1, classes});
	onn_node sine =
	    onn_reshape(g, onn_mul(g, kept, onn_sin(g, angle)), 3, (size_t[]){of, 1, classes});
	onn_node re =
	    onn_reshape(g, plane(c, state, 2 * beam), 3, (size_t[]){rows, cells, classes});
	onn_node im =
	    onn_reshape(g, plane(c, state, 2 * beam + 1), 3, (size_t[]){rows, cells, classes});
	part[0] = onn_add(g, onn_mul(g, re, cosine), onn_mul(g, im, sine));
	part[1] = onn_sub(g, onn_mul(g, im, cosine), onn_mul(g, re, sine));
	if (g->status)
		return;
	rows = onn_node_shape(g, part[0])[0];
	for (int i = 0; i < 2; i++)
		part[i] = onn_reshape(g, part[i], 2, (size_t[]){rows, cells * classes});
}

/* Polarisations a while later: each turns by the angle delay Delta/T2 and falls. A beam that runs
 * back meets each class at the detuning of the opposite one. */
static onn_node turned(const onn_pulse_call *c, onn_node state, onn_node delay)
{
	onn_graph *g = c->g;
	size_t classes = c->medium->classes;
	onn_node over_t2 =
	    onn_mul(g, delay, onn_pulse_rate_of(c, "t2", c->nodes.t2, c->medium->t2));
	onn_node angle = onn_mul(g, over_t2, onn_pulse_offsets(c)), part[4] = {{0}};
	onn_node kept = onn_exp(g, onn_neg(g, over_t2));
	for (size_t beam = 0; beam < c->beams; beam++) {
		if (beam == 1)
			angle = onn_slice(g, angle, 1, (ptrdiff_t)classes - 1, classes, -1);
		turn(part + 2 * beam, c, state, beam, angle, kept);
	}
	return g->status ? ONN_NULL_NODE : onn_concat(g, part, 2 * c->beams, 1);
}

onn_node onn_pulse_wait(onn_graph *g, onn_node state, onn_node delay,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes)
{
	static const char *const function = "onn_pulse_wait";
	onn_pulse_call c;
	if (!onn_pulse_begin(&c, g, function, state, medium, nodes) ||
	    !onn_graph_ok(g, function, delay))
		return ONN_NULL_NODE;
	/* a state of one row may wait for many whiles */
	if (c.rows == 1 && onn_node_ndim(g, delay) == 2)
		c.rows = onn_node_shape(g, delay)[0];
	see_beams(&c, state);
	state = onn_pulse_state(&c, state);
	delay = onn_pulse_column(&c, "delay", delay, 0);
	onn_node t1 = onn_pulse_rate_of(&c, "t1", c.nodes.t1, medium->t1);
	onn_node over_t1 = onn_neg(g, onn_mul(g, delay, t1));
	/* 1 - e^-x of what was bleached is there again */
	onn_node kept = onn_exp(g, over_t1), back = onn_neg(g, onn_expm1(g, over_t1));
	if (medium->model == ONN_PULSE_RATE)
		return onn_add(g, onn_mul(g, state, kept), back);
	onn_node part[2] = {turned(&c, state, delay),
	    onn_sub(g, onn_mul(g, plane(&c, state, 2 * c.beams), kept), back)};
	if (g->status)
		return ONN_NULL_NODE;
	size_t rows = onn_node_shape(g, part[0])[0];
	if (onn_node_shape(g, part[1])[0] > rows)
		rows = onn_node_shape(g, part[1])[0];
	for (int i = 0; i < 2; i++)
		part[i] =
		    onn_broadcast(g, part[i], 2, (size_t[]){rows, onn_node_shape(g, part[i])[1]});
	return onn_concat(g, part, 2, 1);
}
