/* The graphs of cases, and the numbers that go in. */
#include "selftest/cases.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/philox.h"

const onn_case *const onn_case_tables[] = {onn_cases_pointwise, onn_cases_special,
    onn_cases_structure, onn_cases_convolve, onn_cases_fourier, onn_cases_pulse, onn_cases_composed,
    NULL};

double onn_case_tolerance(const onn_case *c, onn_type type)
{
	if (!onn_type_is_float(type) || c->traits & ONN_CASE_EXACT)
		return 0;
	if (onn_type_real(type) == ONN_F32)
		return c->tolerance32 > 0 ? c->tolerance32 : 1e-5;
	return c->tolerance64 > 0 ? c->tolerance64 : 1e-12;
}

onn_type onn_case_real(const onn_case_build *b) { return onn_type_real(b->type); }

/* ---- arrays of any type as numbers ---- */

static void set(onn_array *a, size_t i, double re, double im)
{
	onn_type type = onn_array_type(a);
	size_t parts = onn_type_parts(type);

	for (size_t k = 0; k < parts; k++)
		onn_part_set(onn_array_data(a), type, parts * i + k, k ? im : re);
}

/* ---- building ---- */

/* The next input, with its array of zeros; NULL after an error. */
static onn_case_input *new_input(onn_case_build *b, onn_type type, size_t ndim, const size_t *shape)
{
	onn_case_input *in = &b->input[b->ninputs];

	if (b->status)
		return NULL;
	if (b->ninputs == ONN_CASE_MAX_INPUTS) {
		b->status =
		    onn_error(ONN_ERROR_ARGUMENT, "onn_selftest: case %s has more than %d inputs",
		        b->self->name, ONN_CASE_MAX_INPUTS);
		return NULL;
	}
	b->status = onn_array_create(&in->data, type, ndim, shape);
	if (b->status)
		return NULL;
	snprintf(in->name, sizeof in->name, "%zu.x%zu", b->place, b->ninputs);
	in->node = onn_variable(b->g, in->name, type, ndim, shape);
	in->differentiable = onn_type_is_float(type);
	b->ninputs++;
	return in;
}

onn_node onn_case_draw(
    onn_case_build *b, onn_type type, size_t ndim, const size_t *shape, double low, double high)
{
	onn_case_input *in = new_input(b, type, ndim, shape);

	if (!in)
		return ONN_NULL_NODE;
	if ((type == ONN_U8 || type == ONN_U32) && low < 0)
		low = 0;
	for (size_t i = 0; i < onn_array_count(in->data); i++) {
		double u = onn_philox_uniform(20, 0, (uint32_t)b->ninputs, (uint32_t)(2 * i));
		double v = onn_philox_uniform(20, 0, (uint32_t)b->ninputs, (uint32_t)(2 * i + 1));
		set(in->data, i, low + (high - low) * u, low + (high - low) * v);
	}
	return in->node;
}

onn_node onn_case_pick(onn_case_build *b, onn_type type, size_t ndim, const size_t *shape,
    const double *list, size_t count)
{
	onn_case_input *in = new_input(b, type, ndim, shape);

	if (!in)
		return ONN_NULL_NODE;
	for (size_t i = 0; i < onn_array_count(in->data); i++) {
		double u = onn_philox_uniform(21, 0, (uint32_t)b->ninputs, (uint32_t)i);
		/* the first count elements are the list itself, so that none is left out */
		size_t k = i < count ? i : (size_t)(u * (double)count);
		set(in->data, i, list[k], list[(k + 1) % count]);
	}
	return in->node;
}

onn_node onn_case_pairs(
    onn_case_build *b, onn_type type, const double *list, size_t count, size_t each)
{
	onn_case_input *in = new_input(b, type, 1, (size_t[]){count * count});

	if (!in)
		return ONN_NULL_NODE;
	for (size_t i = 0; i < count * count; i++)
		set(in->data, i, list[i / each % count], list[(i / each + 1) % count]);
	return in->node;
}

void onn_case_output_add(onn_case_build *b, const char *label, onn_node value, onn_node scale)
{
	onn_case_output *out = &b->output[b->noutputs];

	if (b->status)
		return;
	if (b->noutputs == ONN_CASE_MAX_OUTPUTS) {
		b->status =
		    onn_error(ONN_ERROR_ARGUMENT, "onn_selftest: case %s has more than %d outputs",
		        b->self->name, ONN_CASE_MAX_OUTPUTS);
		return;
	}
	snprintf(out->label, sizeof out->label, "%s", label);
	out->value = value;
	out->scale = scale;
	b->noutputs++;
}

onn_status onn_case_build_in(onn_case_build *b, onn_graph *g, size_t place, const onn_case *c,
    onn_type type, onn_case_extent extent)
{
	memset(b, 0, sizeof *b);
	b->self = c;
	b->g = g;
	b->place = place;
	b->type = type;
	b->small = extent == ONN_CASES_SMALL;
	b->few = extent == ONN_CASES_FEW;
	c->build(b);
	if (b->status)
		return b->status;
	b->status = onn_graph_status(b->g);
	if (b->status)
		onn_error(b->status, "%s", onn_graph_error(b->g));
	return b->status;
}

onn_status onn_case_build_for(
    onn_case_build *b, const onn_case *c, onn_type type, onn_case_extent extent)
{
	onn_graph *g;
	onn_status status = onn_graph_create(&g);

	if (!status)
		return onn_case_build_in(b, g, 0, c, type, extent);
	memset(b, 0, sizeof *b);
	return status;
}

void onn_case_clear_inputs(onn_case_build *b)
{
	for (size_t i = 0; i < b->ninputs; i++)
		onn_array_destroy(b->input[i].data);
	memset(b, 0, sizeof *b);
}

void onn_case_clear(onn_case_build *b)
{
	onn_graph *g = b->g;

	onn_case_clear_inputs(b);
	onn_graph_destroy(g);
}
