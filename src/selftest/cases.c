/* Building cases, running them on two devices, and comparing what comes out. */
#include "selftest/cases.h"

#include <math.h>
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

static void get(double part[2], const onn_array *a, size_t i)
{
	onn_type type = onn_array_type(a);
	size_t parts = onn_type_parts(type);

	part[0] = part[1] = 0;
	for (size_t k = 0; k < parts; k++)
		part[k] = onn_part_get(onn_array_const_data(a), type, parts * i + k);
}

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
	snprintf(in->name, sizeof in->name, "x%zu", b->ninputs);
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

onn_status onn_case_build_for(onn_case_build *b, const onn_case *c, onn_type type, bool small)
{
	memset(b, 0, sizeof *b);
	b->self = c;
	b->type = type;
	b->small = small;
	b->status = onn_graph_create(&b->g);
	if (b->status)
		return b->status;
	c->build(b);
	if (b->status)
		return b->status;
	b->status = onn_graph_status(b->g);
	if (b->status)
		onn_error(b->status, "%s", onn_graph_error(b->g));
	return b->status;
}

void onn_case_clear(onn_case_build *b)
{
	for (size_t i = 0; i < b->ninputs; i++)
		onn_array_destroy(b->input[i].data);
	onn_graph_destroy(b->g);
	memset(b, 0, sizeof *b);
}

/* ---- running ---- */

onn_status onn_case_prepare(onn_case_run *run, onn_device *device, const onn_case_build *b,
    const onn_node *nodes, size_t count, const onn_plan_options *options)
{
	onn_status status;

	memset(run, 0, sizeof *run);
	status = onn_plan_create(&run->plan, device, b->g, nodes, count, options);
	for (size_t i = 0; !status && i < b->ninputs; i++) {
		status = onn_tensor_from_array(&run->variable[i], device, b->input[i].data);
		if (status)
			break;
		run->nvariables++;
		status = onn_plan_bind(run->plan, b->input[i].name, run->variable[i]);
	}
	if (status)
		onn_case_finish(run);
	return status;
}

void onn_case_finish(onn_case_run *run)
{
	onn_plan_destroy(run->plan);
	for (size_t i = 0; i < run->nvariables; i++)
		onn_tensor_destroy(run->variable[i]);
	memset(run, 0, sizeof *run);
}

/* ---- comparing ---- */

/* |x - y| over max(|y|, scale); 0 for equal infinities and for two NaNs, else NaN and infinities
 * fail. */
static double difference(const double x[2], const double y[2], double scale)
{
	bool same = true;

	for (int i = 0; i < 2; i++)
		same &= x[i] == y[i] || (isnan(x[i]) && isnan(y[i]));
	if (same)
		return 0;
	double d = hypot(x[0] - y[0], x[1] - y[1]), size = fmax(hypot(y[0], y[1]), scale);
	return d == 0 ? 0 : isfinite(d) && isfinite(size) ? d / size : INFINITY;
}

/* Raises *error to the worst difference of two tensors, and says where it is. */
static onn_status compare_tensors(const char *label, const onn_tensor *x, const onn_tensor *y,
    const onn_tensor *scale, double least, double *error, char *where, size_t room)
{
	onn_array *a = NULL, *r = NULL, *s = NULL;
	onn_status status = onn_tensor_to_array(&a, x);

	if (!status)
		status = onn_tensor_to_array(&r, y);
	if (!status && scale)
		status = onn_tensor_to_array(&s, scale);
	for (size_t i = 0; !status && i < onn_array_count(a); i++) {
		double u[2], v[2], size[2] = {least};
		get(u, a, i);
		get(v, r, i);
		if (s)
			get(size, s, i);
		double d = difference(u, v, size[0]);
		if (d > *error || *where == '\0') {
			*error = d;
			snprintf(where, room, "%s, element %zu: %.9g%+.9gi, reference %.9g%+.9gi",
			    label, i, u[0], u[1], v[0], v[1]);
		}
	}
	onn_array_destroy(a);
	onn_array_destroy(r);
	onn_array_destroy(s);
	return status;
}

/*
 * The largest part of any element. What an assign leaves in a variable is most often its old
 * contents and something added, which may cancel: its error is measured against this.
 */
static double largest(const onn_array *a)
{
	double most = 0;

	for (size_t i = 0; i < onn_array_count(a); i++) {
		double part[2];
		get(part, a, i);
		/* infinities of a test's making are no size */
		for (int k = 0; k < 2; k++)
			most = isfinite(part[k]) ? fmax(most, fabs(part[k])) : most;
	}
	return most;
}

/* sizes: the outputs' scales, in the order of the outputs that have one. */
static onn_status compare_runs(const onn_case_build *b, const onn_case_run *run,
    const onn_case_run *truth, const onn_case_run *sizes, double *error, char *where, size_t room)
{
	onn_status status = ONN_OK;
	size_t size = 0;

	for (size_t i = 0; !status && i < b->noutputs; i++) {
		const onn_tensor *x = onn_plan_output(run->plan, i);
		const onn_tensor *y = onn_plan_output(truth->plan, i);
		const onn_tensor *scale =
		    b->output[i].scale.id ? onn_plan_output(sizes->plan, size++) : NULL;
		if (x && y) /* an assign has none: its variable is compared below */
			status =
			    compare_tensors(b->output[i].label, x, y, scale, 0, error, where, room);
	}
	for (size_t i = 0; !status && i < b->ninputs; i++)
		status = compare_tensors(b->input[i].name, run->variable[i], truth->variable[i],
		    NULL, largest(b->input[i].data), error, where, room);
	return status;
}

onn_status onn_case_compare(double *error, char *where, size_t room, onn_device *device,
    onn_device *reference, const onn_case *c, onn_type type, const onn_plan_options *options)
{
	onn_case_build b;
	onn_case_run run = {0}, truth = {0}, sizes = {0};
	onn_node output[ONN_CASE_MAX_OUTPUTS], scale[ONN_CASE_MAX_OUTPUTS];
	size_t nscales = 0;
	onn_status status = onn_case_build_for(&b, c, type, false);

	*error = 0;
	where[0] = '\0';
	for (size_t i = 0; i < b.noutputs; i++) {
		output[i] = b.output[i].value;
		if (b.output[i].scale.id)
			scale[nscales++] = b.output[i].scale;
	}
	if (!status)
		status = onn_case_prepare(&truth, reference, &b, output, b.noutputs, NULL);
	/* apart: beside them the outputs could be computed otherwise, and round otherwise */
	if (!status && nscales > 0)
		status = onn_case_prepare(&sizes, reference, &b, scale, nscales, NULL);
	if (!status)
		status = onn_case_prepare(&run, device, &b, output, b.noutputs, options);
	if (!status && nscales > 0)
		status = onn_plan_run(sizes.plan);
	if (!status)
		status = onn_plan_run(truth.plan);
	if (!status)
		status = onn_plan_run(run.plan);
	if (!status)
		status = onn_plan_wait(run.plan);
	if (!status)
		status = compare_runs(&b, &run, &truth, &sizes, error, where, room);
	onn_case_finish(&run);
	onn_case_finish(&sizes);
	onn_case_finish(&truth);
	onn_case_clear(&b);
	return status;
}
