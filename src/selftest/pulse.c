/* Cases of the rows PULSE and PULSE_ADJOINT: pulses through media of each model, and their
 * gradients. */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "ops/pulse.h"
#include "selftest/cases.h"

typedef struct sort {
	const char *label;
	onn_pulse_rows rows;
	size_t batch;
	bool one; /* one state and one row of parameters for all */
	bool large;
	double light; /* fluences to this, or fields from minus this */
} sort;

static const sort rates[] = {
    {"rate", {0, 5, 4, 1, 1, false, false}, 3, false, false, 1},
    {"rate, loss, record", {0, 4, 3, 1, 1, true, true}, 2, false, false, 2},
    {"rate, classes", {0, 3, 2, 3, 1, true, true}, 2, true, false, 2},
    {"rate, strong", {0, 6, 1, 1, 1, false, false}, 5, true, false, 30},
    {"rate, many", {0, 40, 9, 1, 1, false, true}, 301, true, true, .5},
};

static const sort meets[] = {
    {"meet", {0, 5, 4, 1, 2, false, false}, 3, false, false, 1},
    {"meet, classes, loss, record", {0, 3, 2, 3, 2, true, true}, 2, true, false, 2},
    {"meet, many", {0, 30, 11, 1, 2, true, true}, 101, true, true, .7},
};

static const sort blochs[] = {
    {"bloch", {1, 4, 3, 1, 1, false, false}, 3, false, false, 2},
    {"bloch, classes, loss, record", {1, 3, 2, 3, 1, true, true}, 2, true, false, 3},
    {"bloch, many", {1, 30, 7, 1, 1, false, true}, 101, true, true, 4},
};

static const sort bloch_meets[] = {
    {"bloch, meet", {1, 5, 3, 1, 2, false, false}, 3, false, false, 2},
    {"bloch, meet, classes, loss, record", {1, 3, 2, 3, 2, true, true}, 2, true, false, 2},
    {"bloch, meet, many", {1, 20, 6, 1, 2, true, true}, 101, true, true, 3},
};

/* Columns of numbers from low[i] to high[i], side by side. */
static onn_node draw_columns(onn_case_build *b, size_t rows, const double (*range)[2], size_t count)
{
	onn_node column[ONN_PULSE_ROW_FIRST_CLASS];
	for (size_t i = 0; i < count; i++)
		column[i] =
		    onn_case_draw(b, b->type, 2, (size_t[]){rows, 1}, range[i][0], range[i][1]);
	return onn_concat(b->g, column, count, 1);
}

static onn_node draw_parameters(onn_case_build *b, const sort *s)
{
	static const double range[ONN_PULSE_ROW_FIRST_CLASS][2] = {
	    {.1, .4}, {1, 4}, {.2, 2}, {.5, 3}, {.1, .8}, {.05, .2}};
	size_t rows = s->one ? 1 : s->batch;
	onn_node part[3] = {draw_columns(b, rows, range, ONN_PULSE_ROW_FIRST_CLASS),
	    onn_case_draw(b, b->type, 2, (size_t[]){rows, s->rows.classes}, -1, 1),
	    onn_case_draw(b, b->type, 2, (size_t[]){rows, s->rows.classes}, .2, .5)};
	return onn_concat(b->g, part, 3, 1);
}

/* Errors are those of numbers of the size of 1, or of a gradient's largest terms. */
static void add(onn_case_build *b, const char *label, onn_node value, double size)
{
	if (onn_graph_status(b->g))
		return;
	size_t shape[2];
	memcpy(shape, onn_node_shape(b->g, value), sizeof shape);
	onn_case_output_add(b, label, value, onn_full(b->g, b->type, 2, shape, size));
}

static void build_sort(onn_case_build *b, const sort *s)
{
	onn_graph *g = b->g;
	size_t light = onn_pulse_rows_light(&s->rows), state = onn_pulse_rows_state(&s->rows);
	size_t rows = s->one ? 1 : s->batch;
	onn_attr attr = {.pulse = {s->rows.model, s->rows.cells, s->rows.classes, s->rows.beams,
	                     s->rows.lossy, s->rows.record}};
	onn_node in[4] = {onn_case_draw(b, b->type, 2, (size_t[]){s->batch, light},
	                      s->rows.model ? -s->light : 0, s->light),
	    onn_case_draw(b, b->type, 2, (size_t[]){rows, state}, s->rows.model ? -.5 : .3,
	        s->rows.model ? .5 : 1),
	    draw_parameters(b, s)};
	onn_node y = onn_make(g, ONN_OP_PULSE, in, 3, &attr);
	add(b, s->label, y, 1);
	if (onn_graph_status(g))
		return;
	in[3] = onn_case_draw(
	    b, b->type, 2, (size_t[]){s->batch, onn_pulse_rows_given(&s->rows)}, -1, 1);
	add(b, "gradients", onn_make(g, ONN_OP_PULSE_ADJOINT, in, 4, &attr),
	    4 * sqrt((double)s->rows.slots * s->rows.cells));
}

/* A case has room for the inputs of two or three sorts. */
static void build_sorts(onn_case_build *b, const sort *first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!b->small || !first[i].large)
			build_sort(b, &first[i]);
}

static void build_rates(onn_case_build *b) { build_sorts(b, rates, 2); }
static void build_other_rates(onn_case_build *b)
{
	build_sorts(b, rates + 2, ONN_COUNT(rates) - 2);
}

static void build_meets(onn_case_build *b) { build_sorts(b, meets, ONN_COUNT(meets)); }
static void build_blochs(onn_case_build *b) { build_sorts(b, blochs, ONN_COUNT(blochs)); }
static void build_bloch_meets(onn_case_build *b)
{
	build_sorts(b, bloch_meets, ONN_COUNT(bloch_meets));
}

const onn_case onn_cases_pulse[] = {
    ONN_CASE(PULSE, "pulse, rate", ONN_TYPES_R, 0, build_rates),
    ONN_CASE(PULSE_ADJOINT, "pulse, more of rate", ONN_TYPES_R, 0, build_other_rates),
    ONN_CASE(PULSE, "pulse, two beams", ONN_TYPES_R, 0, build_meets),
    ONN_CASE(PULSE, "pulse, bloch", ONN_TYPES_R, 0, build_blochs),
    ONN_CASE(PULSE, "pulse, two beams, bloch", ONN_TYPES_R, 0, build_bloch_meets),
    {0},
};
