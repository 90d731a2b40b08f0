#include "pulse/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>

#include "core/error.h"
#include "core/memory.h"

static const char *const names[ONN_PULSE_COLUMNS] = {
    "fluence", "slot", "depth", "t1", "t2", "detuning", "loss", "two_photon", "delay"};

enum { MOST_OUTPUTS = 6 + 2 * ONN_PULSE_COLUMNS };
static const size_t most_numbers = (size_t)1 << 25; /* of one array of a chunk */

/* An output: where its rows go, how many numbers a row has. */
typedef struct output {
	onn_node node;
	double *to;
	size_t width;
} output;

/* Rows that are computed at once. */
typedef struct chunk {
	const onn_pulse_batch *batch;
	onn_device *device;
	onn_type type;
	size_t rows;
	onn_graph *graph;
	onn_plan *plan;
	onn_tensor *share, *column[ONN_PULSE_COLUMNS];
	onn_node given[ONN_PULSE_COLUMNS];
	output out[MOST_OUTPUTS];
	size_t outputs;
	void *buffer; /* of a tensor's numbers */
} chunk;

/* ---- the graph ---- */

static onn_node given(chunk *c, onn_pulse_quantity which)
{
	if (!c->batch->column[which])
		return ONN_NULL_NODE;
	return onn_variable(c->graph, names[which], c->type, 2, (size_t[]){c->rows, 1});
}

static onn_pulse_nodes nodes_of(const chunk *c)
{
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	n.slot = c->given[ONN_PULSE_COLUMN_SLOT];
	n.depth = c->given[ONN_PULSE_COLUMN_DEPTH];
	n.t1 = c->given[ONN_PULSE_COLUMN_T1];
	n.t2 = c->given[ONN_PULSE_COLUMN_T2];
	n.detuning = c->given[ONN_PULSE_COLUMN_DETUNING];
	n.loss = c->given[ONN_PULSE_COLUMN_LOSS];
	n.two_photon = c->given[ONN_PULSE_COLUMN_TWO_PHOTON];
	return n;
}

static onn_node slot_time(const chunk *c)
{
	onn_node t2 = c->given[ONN_PULSE_COLUMN_T2], slot = c->given[ONN_PULSE_COLUMN_SLOT];
	return t2.id ? onn_mul(c->graph, slot, t2)
	             : onn_mul_real(c->graph, slot, c->batch->medium.t2);
}

/* Bloch: the share is a square root, and W = sqrt(share) sqrt(fluence/(slot T2)). */
static onn_node light_of(const chunk *c, double part)
{
	onn_graph *g = c->graph;
	onn_node share = onn_variable(g, "share", c->type, 2, (size_t[]){c->rows, c->batch->slots});
	onn_node fluence = c->given[ONN_PULSE_COLUMN_FLUENCE];
	if (part != 1)
		fluence = onn_mul_real(g, fluence, part);
	if (c->batch->medium.model == ONN_PULSE_RATE)
		return onn_mul(g, share, fluence);
	return onn_mul(g, share, onn_sqrt(g, onn_div(g, fluence, slot_time(c))));
}

static onn_node fluence_of(const chunk *c, onn_node light)
{
	if (c->batch->medium.model == ONN_PULSE_RATE)
		return light;
	return onn_mul(c->graph, onn_abs2(c->graph, light), slot_time(c));
}

static onn_node sum_of(const chunk *c, onn_node x)
{
	return onn_sum(c->graph, x, (const int[]){1}, 1, true);
}

static void ask(chunk *c, onn_node node, double *to)
{
	if (!to)
		return;
	size_t width = onn_node_count(c->graph, node) / c->rows;
	c->out[c->outputs++] = (output){node, to, width};
}

/* Rows do not depend on each other, so that the gradient of their sum is that of each. */
static void ask_gradients(chunk *c, onn_node y, double *const *by)
{
	onn_node wrt[ONN_PULSE_COLUMNS], grad[ONN_PULSE_COLUMNS];
	double *to[ONN_PULSE_COLUMNS];
	size_t count = 0;

	for (int i = 0; i < ONN_PULSE_COLUMNS; i++)
		if (by[i] && c->given[i].id) {
			wrt[count] = c->given[i];
			to[count++] = by[i];
		}
	if (count == 0)
		return;
	onn_node sum = onn_sum(c->graph, y, NULL, 0, false);
	if (onn_gradient(grad, c->graph, sum, ONN_NULL_NODE, wrt, count))
		return;
	for (size_t i = 0; i < count; i++)
		ask(c, grad[i], to[i]);
}

static onn_node strong_probe(chunk *c, onn_node state, const onn_pulse_nodes *nodes)
{
	onn_pulse_passage probe;
	onn_pulse_pass(&probe, c->graph, light_of(c, c->batch->probe_fraction), 1, state,
	    &c->batch->medium, nodes, false);
	return sum_of(c, fluence_of(c, probe.light));
}

static onn_status build(chunk *c, const onn_pulse_left *left)
{
	const onn_pulse_medium *m = &c->batch->medium;
	onn_pulse_passage passage;
	onn_graph *g = c->graph;

	for (int i = 0; i < ONN_PULSE_COLUMNS; i++)
		c->given[i] = given(c, (onn_pulse_quantity)i);
	onn_pulse_nodes nodes = nodes_of(c);
	onn_status status = onn_pulse_pass(
	    &passage, g, light_of(c, 1), 1, ONN_NULL_NODE, m, &nodes, left->record != NULL);
	if (status)
		return onn_error(status, "%s", onn_graph_error(g));
	onn_node fluence = fluence_of(c, passage.light), later = passage.state;
	onn_node delay = c->given[ONN_PULSE_COLUMN_DELAY];
	if (delay.id)
		later = onn_pulse_wait(g, later, delay, m, &nodes);
	onn_node probe = onn_pulse_transmission(g, later, m, &nodes);
	ask(c, fluence, left->light);
	ask(c, onn_pulse_bleached(g, passage.state, m), left->bleached);
	ask(c, passage.state, left->state);
	ask(c, passage.record, left->record);
	ask(c, probe, left->probe);
	if (left->strong)
		ask(c, strong_probe(c, passage.state, &nodes), left->strong);
	ask_gradients(c, sum_of(c, fluence), left->light_by);
	ask_gradients(c, probe, left->probe_by);
	status = onn_graph_status(g);
	return status ? onn_error(status, "%s", onn_graph_error(g)) : ONN_OK;
}

static onn_status prepare(chunk *c, const onn_pulse_left *left)
{
	onn_node nodes[MOST_OUTPUTS];
	size_t most = c->batch->slots;
	onn_status status = onn_graph_create(&c->graph);

	if (!status)
		status = build(c, left);
	for (size_t i = 0; i < c->outputs && !status; i++) {
		nodes[i] = c->out[i].node;
		most = c->out[i].width > most ? c->out[i].width : most;
	}
	if (!status)
		status = onn_plan_create(&c->plan, c->device, c->graph, nodes, c->outputs, NULL);
	if (!status)
		status = onn_tensor_create(
		    &c->share, c->device, c->type, 2, (size_t[]){c->rows, c->batch->slots});
	if (!status)
		status = onn_plan_bind(c->plan, "share", c->share);
	for (int i = 0; i < ONN_PULSE_COLUMNS && !status; i++) {
		if (!c->given[i].id)
			continue;
		status =
		    onn_tensor_create(&c->column[i], c->device, c->type, 2, (size_t[]){c->rows, 1});
		if (!status)
			status = onn_plan_bind(c->plan, names[i], c->column[i]);
	}
	size_t bytes = most * c->rows * sizeof(double);
	if (!status && !(c->buffer = malloc(bytes)))
		status = onn_error_memory("onn_pulse_batch_run", bytes);
	return status;
}

/* ---- numbers in and out ---- */

/* Rows from `first` on; those past the last repeat it. */
static onn_status put(
    chunk *c, onn_tensor *t, const double *from, size_t width, size_t first, bool root)
{
	float *narrow = c->buffer;
	double *wide = c->buffer;

	for (size_t row = 0; row < c->rows; row++) {
		size_t at = onn_size_least(first + row, c->batch->rows - 1);
		for (size_t i = 0; i < width; i++) {
			double x = from[at * width + i];
			x = root ? sqrt(x) : x;
			if (c->type == ONN_F32)
				narrow[row * width + i] = (float)x;
			else
				wide[row * width + i] = x;
		}
	}
	return onn_tensor_write(t, c->buffer, c->rows * width * onn_type_size(c->type));
}

static onn_status get(chunk *c, size_t i, size_t first)
{
	const float *narrow = c->buffer;
	const double *wide = c->buffer;
	const output *o = &c->out[i];
	size_t count = onn_size_least(c->rows, c->batch->rows - first) * o->width;
	onn_status status = onn_tensor_read(
	    c->buffer, onn_plan_output(c->plan, i), c->rows * o->width * onn_type_size(c->type));

	for (size_t k = 0; k < count && !status; k++)
		o->to[first * o->width + k] = c->type == ONN_F32 ? (double)narrow[k] : wide[k];
	return status;
}

static onn_status run_from(chunk *c, size_t first)
{
	const onn_pulse_batch *b = c->batch;
	onn_status status =
	    put(c, c->share, b->share, b->slots, first, b->medium.model == ONN_PULSE_BLOCH);

	for (int i = 0; i < ONN_PULSE_COLUMNS && !status; i++)
		if (c->column[i])
			status = put(c, c->column[i], b->column[i], 1, first, false);
	if (!status)
		status = onn_plan_run(c->plan);
	for (size_t i = 0; i < c->outputs && !status; i++)
		status = get(c, i, first);
	return status;
}

onn_status onn_pulse_batch_run(
    const onn_pulse_left *left, onn_device *device, const onn_pulse_batch *batch)
{
	size_t row = batch->slots * (left->record ? batch->medium.cells : 1);
	size_t least = onn_size_least(batch->rows, most_numbers / (row + 1) + 1);
	chunk c = {.batch = batch,
	    .device = device,
	    .type = onn_device_supports(device, ONN_F64) ? ONN_F64 : ONN_F32,
	    .rows = onn_size_divide_up(batch->rows, onn_size_divide_up(batch->rows, least))};
	onn_status status = prepare(&c, left);

	for (size_t first = 0; first < batch->rows && !status; first += c.rows)
		status = run_from(&c, first);
	onn_plan_destroy(c.plan);
	onn_tensor_destroy(c.share);
	for (int i = 0; i < ONN_PULSE_COLUMNS; i++)
		onn_tensor_destroy(c.column[i]);
	onn_graph_destroy(c.graph);
	free(c.buffer);
	return status;
}
