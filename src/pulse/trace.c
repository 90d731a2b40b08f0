/*
 * The way of one pulse: cells one behind the other are media one behind the other, so that the
 * light between them is what each lets through.
 */
#include <math.h>
#include <stdlib.h>

#include <onn/plan.h>

#include "core/error.h"
#include "core/memory.h"
#include "pulse/experiment.h"

static const char *const function = "onn_pulse_trace_run";

enum { USUAL_SLOTS = 256, USUAL_CELLS = 32, MOST_CELLS = 1024 };

typedef struct course {
	const onn_pulse_beams *beams;
	size_t slots, cells;
	double slot, fluence; /* on the axis */
	onn_type type;
	onn_graph *graph;
} course;

/* The first node: fluences, or Rabi frequencies. */
static onn_node light_of(const course *c, onn_status *status)
{
	bool bloch = c->beams->experiment->model == ONN_PULSE_BLOCH;
	double unit = bloch ? sqrt(c->fluence / (c->slot * c->beams->point->t2)) : c->fluence;
	double *number = malloc(c->slots * sizeof *number);
	onn_array *a = NULL, *narrow = NULL;
	onn_node node = ONN_NULL_NODE;

	if (!number) {
		*status = onn_error_memory(function, c->slots * sizeof *number);
		return node;
	}
	for (size_t i = 0; i < c->slots; i++)
		number[i] = unit * (bloch ? sqrt(c->beams->share[i]) : c->beams->share[i]);
	*status = onn_array_from(&a, ONN_F64, 2, (size_t[]){1, c->slots}, number);
	if (!*status)
		*status = onn_array_convert(&narrow, a, c->type);
	if (!*status)
		node = onn_constant(c->graph, narrow);
	onn_array_destroy(a);
	onn_array_destroy(narrow);
	free(number);
	return node;
}

static onn_node fluence_of(const course *c, onn_node light)
{
	double slot = c->slot * c->beams->point->t2;
	return c->beams->experiment->model == ONN_PULSE_RATE
	           ? light
	           : onn_mul_real(c->graph, onn_abs2(c->graph, light), slot);
}

static onn_pulse_medium slice_of(const course *c)
{
	const onn_pulse_point *p = c->beams->point;
	double n = (double)c->cells;
	onn_pulse_medium m = c->beams->batch.medium;
	m.cells = 1;
	m.depth = p->depth / n;
	m.loss = p->loss / n;
	m.two_photon = p->two_photon / n;
	m.t1 = p->t1;
	m.t2 = m.model == ONN_PULSE_BLOCH ? p->t2 : 1;
	m.detuning = p->detuning;
	return m;
}

/* The two outputs: light before and behind each cell, and what of each is bleached. */
static onn_status build(onn_node out[2], const course *c)
{
	const onn_pulse_medium slice = slice_of(c);
	onn_node *part = malloc((2 * c->cells + 1) * sizeof *part), *record = part + c->cells + 1;
	onn_pulse_passage passage = {0};
	onn_graph *g = c->graph;
	onn_status status;

	if (!part)
		return onn_error_memory(function, (2 * c->cells + 1) * sizeof *part);
	passage.light = light_of(c, &status);
	part[0] = fluence_of(c, passage.light);
	for (size_t k = 0; k < c->cells && !status; k++) {
		status = onn_pulse_pass(
		    &passage, g, passage.light, c->slot, ONN_NULL_NODE, &slice, NULL, true);
		part[k + 1] = fluence_of(c, passage.light);
		record[k] = onn_reshape(g, passage.record, 2, (size_t[]){1, c->slots + 1});
	}
	if (!status) {
		out[0] = onn_concat(g, part, c->cells + 1, 0);
		out[1] = onn_concat(g, record, c->cells, 0);
		status = onn_graph_status(g);
	}
	free(part);
	return status && onn_graph_status(g) ? onn_error(status, "%s", onn_graph_error(g)) : status;
}

static onn_status take(onn_array **a, const onn_plan *plan, size_t i)
{
	onn_array *found = NULL;
	onn_status status = onn_tensor_to_array(&found, onn_plan_output(plan, i));
	if (!status)
		status = onn_array_convert(a, found, ONN_F64);
	onn_array_destroy(found);
	return status;
}

static onn_status follow(onn_pulse_trace *t, onn_device *device, course *c)
{
	onn_node out[2];
	onn_plan *plan = NULL;
	onn_status status = onn_graph_create(&c->graph);

	c->type = onn_device_supports(device, ONN_F64) ? ONN_F64 : ONN_F32;
	if (!status)
		status = build(out, c);
	if (!status)
		status = onn_plan_create(&plan, device, c->graph, out, 2, NULL);
	if (!status)
		status = onn_plan_run(plan);
	if (!status)
		status = take(&t->light, plan, 0);
	if (!status)
		status = take(&t->bleached, plan, 1);
	onn_plan_destroy(plan);
	onn_graph_destroy(c->graph);
	return status;
}

onn_status onn_pulse_trace_run(onn_pulse_trace **trace, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point)
{
	onn_pulse_beams beams;

	*trace = NULL;
	onn_status status = onn_pulse_beams_create(&beams, experiment, point, 1);
	course c = {.beams = &beams};
	if (!status) {
		c.slots = experiment->slots ? experiment->slots : USUAL_SLOTS;
		c.cells = experiment->cells ? experiment->cells : USUAL_CELLS;
		c.slot = (beams.window[1] - beams.window[0]) / (double)c.slots;
		c.fluence = point->fluence * (beams.rings > 1 ? 2 : 1);
		status = onn_pulse_beams_cut(&beams, c.slots, (unsigned)c.cells);
	}
	if (!status && c.cells > MOST_CELLS)
		status = onn_error(ONN_ERROR_ARGUMENT, "%s: %zu cells; expected at most %d",
		    function, c.cells, MOST_CELLS);
	if (!status && !(*trace = calloc(1, sizeof **trace)))
		status = onn_error_memory(function, sizeof **trace);
	if (!status) {
		(*trace)->slots = c.slots;
		(*trace)->cells = c.cells;
		(*trace)->start = beams.window[0];
		(*trace)->slot = c.slot;
		status = follow(*trace, device, &c);
	}
	if (status) {
		onn_pulse_trace_destroy(*trace);
		*trace = NULL;
	}
	onn_pulse_beams_destroy(&beams);
	return status;
}

void onn_pulse_trace_destroy(onn_pulse_trace *trace)
{
	if (!trace)
		return;
	onn_array_destroy(trace->light);
	onn_array_destroy(trace->bleached);
	free(trace);
}
