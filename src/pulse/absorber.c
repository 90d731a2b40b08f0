/*
 * Pulses as a nonlinearity: numbers in, numbers out, and the probe's way back.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "pulse/launch.h"
#include "saturable/control.h"

static double fluence_in(const onn_pulse_absorber *a, size_t slot)
{
	return a->shape ? a->shape[slot] : 1;
}

static const char *const function = "onn_pulse_absorb";

static void check_probe(onn_graph *g, const onn_pulse_absorber *a)
{
	const struct {
		const char *name;
		double value;
	} number[] = {{"probe_delay", a->probe_delay}, {"probe_fraction", a->probe_fraction},
	    {"pump_photons", a->pump_photons}, {"probe_photons", a->probe_photons}};
	for (size_t i = 0; i < ONN_COUNT(number); i++)
		if (!(number[i].value >= 0 && isfinite(number[i].value)))
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: %s is %g; expected a finite number of 0 or more", function,
			    number[i].name, number[i].value);
	if ((unsigned)a->probe_at > ONN_PROBE_AT_ALL)
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: probe_at is %d; expected a value of onn_probe_at", function,
		    (int)a->probe_at);
}

static bool check(onn_graph *g, const onn_pulse_absorber *a, const onn_pulse_medium *m)
{
	onn_status status =
	    onn_options_exact(a, sizeof *a, function, "absorber", "ONN_PULSE_ABSORBER_INIT");
	if (!status)
		status = onn_pulse_medium_check(m);
	double sum = 0;
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
		return false;
	}
	for (size_t i = 0; i < a->slots; i++)
		sum += fluence_in(a, i) >= 0 ? fluence_in(a, i) : NAN;
	if (m->model != ONN_PULSE_RATE)
		onn_fail(g, ONN_ERROR_UNSUPPORTED, "%s: the Bloch model; expected the rate model",
		    function);
	else if ((unsigned)a->encoding > ONN_ENCODING_INTENSITY ||
	         (unsigned)a->gradient > ONN_GRADIENT_NEGATIVE)
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: encoding %d, gradient %d; expected values of their enumerations", function,
		    (int)a->encoding, (int)a->gradient);
	else if (!(a->slot > 0 && isfinite(a->slot)))
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: slot is %g; expected a finite duration above 0", function, a->slot);
	else if (a->slots > 0 && !(sum > 0 && isfinite(sum)))
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: a shape of %zu slots with the sum %g; expected numbers of 0 or more, not "
		    "all 0",
		    function, a->slots, sum);
	check_probe(g, a);
	return g->status == ONN_OK;
}

/* Pulses of these fluences, [count, 1], with the absorber's shape. */
static onn_node pulses(onn_graph *g, onn_node fluence, const onn_pulse_absorber *a)
{
	onn_type type = onn_node_type(g, fluence);
	if (a->slots == 0)
		return fluence;
	double sum = 0, *part = malloc(a->slots * sizeof *part);
	if (!part)
		return onn_fail(
		    g, ONN_ERROR_MEMORY, "onn_pulse_absorb: no memory for %zu slots", a->slots);
	for (size_t i = 0; i < a->slots; i++)
		sum += fluence_in(a, i);
	for (size_t i = 0; i < a->slots; i++)
		part[i] = fluence_in(a, i) / sum;
	onn_pulse_call c = {.g = g, .function = "onn_pulse_absorb", .type = type};
	onn_node shape = onn_pulse_constants(&c, part, a->slots);
	free(part);
	return onn_mul(g, fluence, shape);
}

/* The medium with one cell, where more change nothing in what comes out. */
static onn_pulse_medium fewest_cells(
    const onn_pulse_medium *m, const onn_pulse_nodes *n, const onn_pulse_absorber *a)
{
	onn_pulse_medium one = *m;
	bool late = a->gradient == ONN_GRADIENT_APPROXIMATE && a->probe_counter && m->transit > 0;
	bool bare = m->loss == 0 && m->two_photon == 0 && m->classes == 1 &&
	            !(n && (n->loss.id || n->two_photon.id)) && !late;
	one.cells = bare ? 1 : m->cells;
	return one;
}

/* y with what flows back by the mode; x its numbers, f the pumps' fluences. */
static onn_node backward(const onn_pulse_call *c, onn_node x, onn_node y, onn_node f,
    onn_node state, const onn_pulse_absorber *a)
{
	onn_graph *g = c->g;
	if (a->gradient != ONN_GRADIENT_APPROXIMATE)
		return onn_controlled(g, x, y, a->encoding, a->gradient);
	onn_node delay = onn_scalar(g, c->type, a->probe_delay);
	onn_node seen = onn_pulse_probe(g, state, delay, a->probe_counter, c->medium, &c->nodes);
	if (onn_pulse_is_launched(a))
		return onn_pulse_launched(c, x, y, f, state, seen, a);
	if (a->encoding == ONN_ENCODING_AMPLITUDE)
		seen = onn_sqrt(g, seen);
	return onn_straight_through(
	    g, y, onn_mul(g, x, onn_stop(g, onn_pulse_where_sent(g, x, seen, a))));
}

onn_node onn_pulse_absorb(onn_graph *g, onn_node x, const onn_pulse_absorber *a,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes)
{
	if (!onn_graph_ok(g, "onn_pulse_absorb", x) || !check(g, a, medium))
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, x);
	if (!onn_type_is_float(type) || onn_type_is_complex(type))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_pulse_absorb: x is %s; expected f32 or f64", onn_type_name(type));
	size_t ndim = onn_node_ndim(g, x), shape[ONN_MAX_DIMS], count = onn_node_count(g, x);
	memcpy(shape, onn_node_shape(g, x), ndim * sizeof *shape);
	bool amplitude = a->encoding == ONN_ENCODING_AMPLITUDE;
	onn_pulse_medium m = fewest_cells(medium, nodes, a);
	onn_pulse_passage out;
	onn_pulse_call c;
	x = onn_reshape(g, x, 2, (size_t[]){count, 1});
	if (!onn_pulse_begin(&c, g, function, x, &m, nodes))
		return ONN_NULL_NODE;
	/* light so weak that the medium does not see it: its transmission is that of none */
	onn_node least = onn_scalar(g, type, type == ONN_F32 ? 1e-18 : 1e-150);
	onn_node f = amplitude ? onn_add(g, onn_square(g, x), least) : x;
	if (onn_pulse_pass(&out, g, pulses(g, f, a), a->slot, ONN_NULL_NODE, &m, nodes, false))
		return ONN_NULL_NODE;
	onn_node y = onn_sum(g, out.light, (int[]){1}, 1, true);
	if (amplitude)
		y = onn_mul(g, x, onn_sqrt(g, onn_div(g, y, f)));
	onn_node pump = amplitude ? f : onn_max(g, f, onn_scalar(g, type, 0));
	y = backward(&c, x, y, pump, out.state, a);
	return onn_reshape(g, onn_pulse_detected(g, y, pump, a), ndim, shape);
}
