/*
 * A medium's numbers as nodes: what the caller gave nodes for, constants for the rest.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/pi.h"
#include "pulse/medium.h"

bool onn_pulse_begin(onn_pulse_call *c, onn_graph *g, const char *function, onn_node x,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes)
{
	*c = (onn_pulse_call){.g = g, .function = function, .medium = medium, .beams = 1};
	c->nodes = (onn_pulse_nodes)ONN_PULSE_NODES_INIT;
	if (!onn_graph_ok(g, function, x))
		return false;
	onn_status status = onn_pulse_medium_check(medium);
	if (!status && nodes)
		status = onn_options_exact(
		    nodes, sizeof *nodes, function, "nodes", "ONN_PULSE_NODES_INIT");
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
		return false;
	}
	if (nodes)
		c->nodes = *nodes;
	const onn_node_data *d = onn_node_get(g, x.id);
	if (!onn_type_is_float(d->type) || d->ndim != 2) {
		char text[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: rows %s %s; expected two axes of f32, f64, c64 or c128", function,
		    onn_shape_text(text, sizeof text, d->ndim, d->shape), onn_type_name(d->type));
		return false;
	}
	c->type = onn_type_real(d->type);
	c->rows = d->shape[0];
	return true;
}

onn_node onn_pulse_column(const onn_pulse_call *c, const char *name, onn_node x, double number)
{
	onn_graph *g = c->g;
	if (!x.id)
		return onn_pulse_constants(c, &number, 1);
	if (!onn_graph_ok(g, c->function, x))
		return ONN_NULL_NODE;
	const onn_node_data *d = onn_node_get(g, x.id);
	bool column =
	    d->ndim == 2 && d->shape[1] == 1 && (d->shape[0] == c->rows || d->shape[0] == 1);
	if (!onn_type_is_float(d->type) || onn_type_is_complex(d->type) ||
	    !(d->ndim == 0 || column)) {
		char text[96];
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %s is %s %s; expected a real scalar or [%zu, 1]", c->function, name,
		    onn_shape_text(text, sizeof text, d->ndim, d->shape), onn_type_name(d->type),
		    c->rows);
	}
	x = onn_cast(g, x, c->type);
	return column ? x : onn_reshape(g, x, 2, (size_t[]){1, 1});
}

onn_node onn_pulse_constants(const onn_pulse_call *c, const double *number, size_t count)
{
	onn_array *a = NULL;
	onn_status status = onn_array_create(&a, c->type, 2, (size_t[]){1, count});
	if (status)
		return onn_fail(c->g, status, "%s", onn_last_error());
	for (size_t i = 0; i < count; i++)
		if (c->type == ONN_F32)
			((float *)onn_array_data(a))[i] = (float)number[i];
		else
			((double *)onn_array_data(a))[i] = number[i];
	onn_node x = onn_constant(c->g, a);
	onn_array_destroy(a);
	return x;
}

onn_node onn_pulse_rate_of(const onn_pulse_call *c, const char *name, onn_node x, double number)
{
	onn_node column = onn_pulse_column(c, name, x, 1 / number);
	return x.id ? onn_recip(c->g, column) : column;
}

/* ---- classes ---- */

/*
 * Points at equal distances, the weights those of exp(-x^2): the trapezoidal rule, whose errors
 * exp(-end^2) of what is left out and exp(-(pi/distance)^2) of the distance are made equal, until
 * the end is far enough out. Atoms of classes that far apart come back in phase 2 pi T2/distance
 * later.
 */
void onn_pulse_class(double *point, double *weight, unsigned j, unsigned classes)
{
	double sum = 0, end = fmin(sqrt(ONN_PI * (classes - 1) / 2.0), 4), half = (classes - 1) / 2;
	double distance = classes > 1 ? end / half : 0;
	for (unsigned i = 0; i < classes; i++)
		sum += exp(-pow((i - half) * distance, 2));
	*point = (j - half) * distance;
	*weight = exp(-*point * *point) / sum;
}

/* Detunings about `middle` of the classes, or their weights. */
static void list_classes(double *number, const onn_pulse_medium *m, double middle, bool weights)
{
	double point, weight;
	for (unsigned j = 0; j < m->classes; j++) {
		onn_pulse_class(&point, &weight, j, m->classes);
		number[j] = weights ? weight : m->doppler * point + middle;
	}
}

/* The same as [1, classes]. */
static onn_node of_classes(const onn_pulse_call *c, double middle, bool weights)
{
	unsigned classes = c->medium->classes;
	double *number = malloc(classes * sizeof *number);
	if (!number)
		return onn_fail(
		    c->g, ONN_ERROR_MEMORY, "%s: no memory for %u classes", c->function, classes);
	list_classes(number, c->medium, middle, weights);
	onn_node x = onn_pulse_constants(c, number, classes);
	free(number);
	return x;
}

onn_node onn_pulse_weights(const onn_pulse_call *c) { return of_classes(c, 0, true); }

onn_node onn_pulse_offsets(const onn_pulse_call *c)
{
	if (!c->nodes.detuning.id)
		return of_classes(c, c->medium->detuning, false);
	onn_node middle = onn_pulse_column(c, "detuning", c->nodes.detuning, 0);
	return onn_add(c->g, middle, of_classes(c, 0, false));
}

/* ---- all of them ---- */

/* A part of the packed row, over all rows where `rows` says so. */
static onn_node broadcast(const onn_pulse_call *c, onn_node x, size_t rows)
{
	if (!x.id || c->g->status)
		return ONN_NULL_NODE;
	return onn_broadcast(c->g, x, 2, (size_t[]){rows, onn_node_shape(c->g, x)[1]});
}

/* One constant, where no node stands for a number: nothing is put together in a run. */
static onn_node all_numbers(const onn_pulse_call *c, double slot)
{
	const onn_pulse_medium *m = c->medium;
	size_t count = ONN_PULSE_ROW_FIRST_CLASS + 2 * (size_t)m->classes;
	double *x = malloc(count * sizeof *x);
	if (!x)
		return onn_fail(c->g, ONN_ERROR_MEMORY, "%s: no memory for %u classes", c->function,
		    m->classes);
	x[ONN_PULSE_ROW_SLOT] = slot;
	x[ONN_PULSE_ROW_DEPTH] = m->depth;
	x[ONN_PULSE_ROW_G1] = 1 / m->t1;
	x[ONN_PULSE_ROW_G2] = 1 / m->t2;
	x[ONN_PULSE_ROW_LOSS] = m->loss;
	x[ONN_PULSE_ROW_TWO_PHOTON] = m->two_photon;
	list_classes(x + ONN_PULSE_ROW_FIRST_CLASS, m, m->detuning, false);
	list_classes(x + ONN_PULSE_ROW_FIRST_CLASS + m->classes, m, 0, true);
	onn_node all = onn_pulse_constants(c, x, count);
	free(x);
	return all;
}

onn_node onn_pulse_parameters(const onn_pulse_call *c, double slot)
{
	const onn_pulse_medium *m = c->medium;
	const onn_pulse_nodes *n = &c->nodes;
	if (!(n->slot.id || n->depth.id || n->t1.id || n->t2.id || n->detuning.id || n->loss.id ||
	        n->two_photon.id))
		return all_numbers(c, slot);
	onn_node part[] = {
	    [ONN_PULSE_ROW_SLOT] = onn_pulse_column(c, "slot", n->slot, slot),
	    [ONN_PULSE_ROW_DEPTH] = onn_pulse_column(c, "depth", n->depth, m->depth),
	    [ONN_PULSE_ROW_G1] = onn_pulse_rate_of(c, "t1", n->t1, m->t1),
	    [ONN_PULSE_ROW_G2] = onn_pulse_rate_of(c, "t2", n->t2, m->t2),
	    [ONN_PULSE_ROW_LOSS] = onn_pulse_column(c, "loss", n->loss, m->loss),
	    [ONN_PULSE_ROW_TWO_PHOTON] =
	        onn_pulse_column(c, "two_photon", n->two_photon, m->two_photon),
	    [ONN_PULSE_ROW_FIRST_CLASS] = onn_pulse_offsets(c),
	    [ONN_PULSE_ROW_FIRST_CLASS + 1] = onn_pulse_weights(c),
	};
	size_t count = sizeof part / sizeof *part, rows = 1;
	for (size_t i = 0; i < count && !c->g->status; i++)
		if (onn_node_shape(c->g, part[i])[0] != 1)
			rows = c->rows;
	for (size_t i = 0; i < count; i++)
		part[i] = broadcast(c, part[i], rows);
	return c->g->status ? ONN_NULL_NODE : onn_concat(c->g, part, count, 1);
}
