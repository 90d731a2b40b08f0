#include "pulse/launch.h"

#include <math.h>
#include <string.h>

/* Of each number, [count, 1]: what a rule needs. */
typedef struct probing {
	onn_pulse_absorber absorber;
	onn_pulse_medium medium; /* as a probe passes it: at once, from its own side */
	onn_pulse_nodes nodes;
	onn_node met;  /* the medium's state where the probe comes to it */
	onn_node seen; /* the transmission of a weak one */
	onn_node pump; /* the mean fluence of the pumps, 0-d */
} probing;

/* The mean over all numbers, 0-d; never 0. */
static onn_node mean_of(onn_graph *g, onn_node x)
{
	onn_type type = onn_node_type(g, x);
	onn_node mean = onn_mean(g, x, NULL, 0, false);
	return onn_max(g, mean, onn_scalar(g, type, type == ONN_F32 ? 1e-30 : 1e-200));
}

onn_node onn_pulse_where_sent(onn_graph *g, onn_node x, onn_node sent, const onn_pulse_absorber *a)
{
	if (a->probe_at == ONN_PROBE_AT_ALL || a->encoding == ONN_ENCODING_AMPLITUDE)
		return sent;
	onn_node zero = onn_scalar(g, onn_node_type(g, x), 0);
	return onn_select(g, onn_less(g, x, zero), zero, sent);
}

/* Fluences or amplitudes as they are detected, where those of a mean fluence have so many photons.
 */
static onn_node detect(onn_graph *g, onn_node x, onn_node mean, double photons, uint32_t stream,
    const onn_pulse_absorber *a)
{
	if (photons == 0 || !a->step.id || g->status)
		return x;
	onn_node unit = onn_mul_real(g, mean, 1 / photons); /* a photon's fluence */
	if (a->encoding == ONN_ENCODING_INTENSITY) {
		onn_node count =
		    onn_random_poisson(g, onn_div(g, x, unit), a->seed, stream, a->step);
		return onn_mul(g, count, unit);
	}
	size_t ndim = onn_node_ndim(g, x), shape[ONN_MAX_DIMS];
	memcpy(shape, onn_node_shape(g, x), ndim * sizeof *shape);
	onn_node noise =
	    onn_random_normal(g, onn_node_type(g, x), ndim, shape, a->seed, stream, a->step);
	return onn_add(g, x, onn_mul(g, noise, onn_mul_real(g, onn_sqrt(g, unit), .5)));
}

onn_node onn_pulse_detected(onn_graph *g, onn_node y, onn_node pump, const onn_pulse_absorber *a)
{
	if (a->pump_photons == 0 || !a->step.id)
		return y;
	onn_node mean = onn_stop(g, mean_of(g, pump));
	return detect(g, y, mean, a->pump_photons, a->stream, a);
}

/* Probes of these fluences behind the medium. */
static onn_node pass(onn_graph *g, onn_node fluence, const probing *p)
{
	const onn_pulse_absorber *a = &p->absorber;
	onn_pulse_passage out;
	double whole = a->slot * (double)(a->slots ? a->slots : 1);
	onn_pulse_pass(&out, g, fluence, whole, p->met, &p->medium, &p->nodes, false);
	return out.light;
}

/* The rule: the error signal as light, there and back. */
static onn_node carry_back(onn_graph *g, onn_node x, onn_node dy, const void *data)
{
	const probing *p = data;
	const onn_pulse_absorber *a = &p->absorber;
	bool amplitude = a->encoding == ONN_ENCODING_AMPLITUDE;
	onn_node zero = onn_scalar(g, onn_node_type(g, x), 0);
	onn_node sent = amplitude ? onn_square(g, dy) : onn_abs(g, dy);
	sent = onn_pulse_where_sent(g, x, sent, a);
	onn_node mean = mean_of(g, sent), back = onn_mul(g, sent, p->seen);
	if (a->probe_fraction > 0) {
		onn_node scale = onn_div(g, onn_mul_real(g, p->pump, a->probe_fraction), mean);
		back = onn_div(g, pass(g, onn_mul(g, sent, scale), p), scale);
	}
	if (amplitude)
		back = onn_sqrt(g, back);
	else
		back = detect(g, back, mean, a->probe_photons, a->stream + 1, a);
	back = onn_select(g, onn_less(g, dy, zero), onn_neg(g, back), back);
	return amplitude ? detect(g, back, mean, a->probe_photons, a->stream + 1, a) : back;
}

/* The cells in the order in which a probe that runs back meets them. */
static onn_node turned(onn_graph *g, onn_node state, const onn_pulse_medium *m)
{
	if (m->cells == 1 || g->status)
		return state;
	size_t rows = onn_node_shape(g, state)[0], cells = m->cells, classes = m->classes;
	state = onn_reshape(g, state, 3, (size_t[]){rows, cells, classes});
	state = onn_slice(g, state, 1, cells - 1, cells, -1);
	return onn_reshape(g, state, 2, (size_t[]){rows, cells * classes});
}

bool onn_pulse_is_launched(const onn_pulse_absorber *a)
{
	return a->probe_fraction > 0 || (a->probe_photons > 0 && a->step.id);
}

onn_node onn_pulse_launched(const onn_pulse_call *c, onn_node x, onn_node y, onn_node pump,
    onn_node state, onn_node seen, const onn_pulse_absorber *a)
{
	onn_graph *g = c->g;
	onn_node delay = onn_scalar(g, c->type, a->probe_delay);
	onn_node met = onn_pulse_met(c, state, delay, a->probe_counter);
	if (a->probe_counter)
		met = turned(g, met, c->medium);
	probing p = {.absorber = *a,
	    .medium = *c->medium,
	    .nodes = c->nodes,
	    .met = onn_stop(g, met),
	    .seen = onn_stop(g, seen),
	    .pump = onn_stop(g, mean_of(g, pump))};
	p.absorber.shape = NULL;
	p.medium.t1 = INFINITY;
	p.nodes.t1 = p.nodes.slot = ONN_NULL_NODE;
	return onn_ruled(g, y, x, carry_back, &p, sizeof p);
}
