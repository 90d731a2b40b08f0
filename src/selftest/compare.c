/*
 * Running cases on two devices, and comparing what comes out. Cases run side by side, as one graph:
 * a device compiles a program for each plan, and drivers take much of their time a program.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "selftest/cases.h"

/* ---- running ---- */

static onn_status bind(
    onn_case_run *run, onn_plan *plan, onn_device *device, const onn_case_build *b)
{
	onn_status status = ONN_OK;

	for (size_t i = 0; !status && i < b->ninputs; i++) {
		if (i == run->nvariables) {
			status = onn_tensor_from_array(&run->variable[i], device, b->input[i].data);
			if (status)
				break;
			run->nvariables++;
		}
		status = onn_plan_bind(plan, b->input[i].name, run->variable[i]);
	}
	return status;
}

onn_status onn_case_prepare(onn_case_run *run, onn_device *device, const onn_case_build *b,
    const onn_node *nodes, size_t count, const onn_plan_options *options)
{
	onn_status status;

	memset(run, 0, sizeof *run);
	status = onn_plan_create(&run->plan, device, b->g, nodes, count, options);
	if (!status)
		status = bind(run, run->plan, device, b);
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

static void get(double part[2], const onn_array *a, size_t i)
{
	onn_type type = onn_array_type(a);
	size_t parts = onn_type_parts(type);

	part[0] = part[1] = 0;
	for (size_t k = 0; k < parts; k++)
		part[k] = onn_part_get(onn_array_const_data(a), type, parts * i + k);
}

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

/* ---- several at once ---- */

enum { SIDE_BY_SIDE = 192 };

/* A side of a group: a plan of all, and each case's variables. */
typedef struct side {
	onn_plan *plan;
	onn_case_run run[SIDE_BY_SIDE];
} side;

typedef struct group {
	const onn_case_devices *on;
	size_t count, noutputs, nscales;
	onn_graph *g;
	onn_case_build build[SIDE_BY_SIDE];
	onn_case_result result[SIDE_BY_SIDE];
	side tried, truth;
	onn_plan *sizes; /* of the outputs' scales, in the order of the outputs that have one */
	onn_node output[SIDE_BY_SIDE * ONN_CASE_MAX_OUTPUTS];
	onn_node scale[SIDE_BY_SIDE * ONN_CASE_MAX_OUTPUTS];
} group;

static onn_status build(group *a)
{
	onn_status status = onn_graph_create(&a->g);

	for (size_t k = 0; !status && k < a->count; k++) {
		onn_case_build *b = &a->build[k];
		if (a->result[k].left_out)
			continue;
		status = onn_case_build_in(
		    b, a->g, k, a->result[k].self, a->result[k].type, a->on->extent);
		for (size_t i = 0; !status && i < b->noutputs; i++) {
			a->output[a->noutputs++] = b->output[i].value;
			if (b->output[i].scale.id)
				a->scale[a->nscales++] = b->output[i].scale;
		}
	}
	return status;
}

static onn_status prepare(
    group *a, side *s, onn_plan **plan, onn_device *device, const onn_plan_options *options)
{
	bool scales = plan == &a->sizes;
	onn_status status = onn_plan_create(plan, device, a->g, scales ? a->scale : a->output,
	    scales ? a->nscales : a->noutputs, options);

	for (size_t k = 0; !status && k < a->count; k++)
		status = bind(&s->run[k], *plan, device, &a->build[k]);
	return status;
}

static onn_status run(group *a)
{
	onn_status status = prepare(a, &a->truth, &a->truth.plan, a->on->reference, NULL);

	/* apart: beside them the outputs could be computed otherwise, and round otherwise; before
	 * them, as they may assign to the variables that it reads */
	if (!status && a->nscales > 0) {
		status = prepare(a, &a->truth, &a->sizes, a->on->reference, NULL);
		if (!status)
			status = onn_plan_run(a->sizes);
	}
	if (!status)
		status = prepare(a, &a->tried, &a->tried.plan, a->on->device, a->on->options);
	if (!status)
		status = onn_plan_run(a->truth.plan);
	if (!status)
		status = onn_plan_run(a->tried.plan);
	return status ? status : onn_plan_wait(a->tried.plan);
}

static onn_status compare(group *a)
{
	onn_status status = ONN_OK;
	size_t output = 0, size = 0;

	for (size_t k = 0; !status && k < a->count; k++) {
		const onn_case_build *b = &a->build[k];
		onn_case_result *r = &a->result[k];
		for (size_t i = 0; !status && i < b->noutputs; i++, output++) {
			const onn_tensor *x = onn_plan_output(a->tried.plan, output);
			const onn_tensor *y = onn_plan_output(a->truth.plan, output);
			const onn_tensor *scale =
			    b->output[i].scale.id ? onn_plan_output(a->sizes, size++) : NULL;
			if (x && y) /* an assign has none: its variable is compared below */
				status = compare_tensors(b->output[i].label, x, y, scale, 0,
				    &r->error, r->text, sizeof r->text);
		}
		for (size_t i = 0; !status && i < b->ninputs; i++)
			status = compare_tensors(b->input[i].name, a->tried.run[k].variable[i],
			    a->truth.run[k].variable[i], NULL, largest(b->input[i].data), &r->error,
			    r->text, sizeof r->text);
	}
	return status;
}

static onn_status try_all(group *a)
{
	onn_status status = build(a);

	if (!status)
		status = run(a);
	if (!status)
		status = compare(a);
	onn_plan_destroy(a->tried.plan);
	onn_plan_destroy(a->truth.plan);
	onn_plan_destroy(a->sizes);
	for (size_t k = 0; k < a->count; k++) {
		a->tried.run[k].plan = a->truth.run[k].plan = NULL;
		onn_case_finish(&a->tried.run[k]);
		onn_case_finish(&a->truth.run[k]);
		onn_case_clear_inputs(&a->build[k]);
	}
	onn_graph_destroy(a->g);
	a->tried.plan = a->truth.plan = a->sizes = NULL;
	a->g = NULL;
	a->noutputs = a->nscales = 0;
	return status;
}

/* What one of a group cannot do must not count against the others: they are tried alone then. */
static onn_status try_each(group *a)
{
	group *one = calloc(1, sizeof *one);

	if (!one)
		return onn_error(ONN_ERROR_MEMORY, "onn_selftest: no memory");
	for (size_t k = 0; k < a->count; k++) {
		onn_case_result *r = &a->result[k];
		if (r->left_out)
			continue;
		*one = (group){.on = a->on, .count = 1};
		one->result[0] = (onn_case_result){.self = r->self, .type = r->type};
		onn_status status = try_all(one);
		*r = one->result[0];
		r->status = status;
		if (status)
			snprintf(r->text, sizeof r->text, "%s", onn_last_error());
	}
	free(one);
	return ONN_OK;
}

static bool tell(group *a, onn_status *status)
{
	bool on = true;

	if (a->count > 0 && try_all(a))
		*status = try_each(a);
	for (size_t k = 0; !*status && on && k < a->count; k++)
		on = a->on->told(&a->result[k], a->on->user);
	a->count = 0;
	return on && !*status;
}

onn_status onn_case_compare(double *error, char *where, size_t room, onn_device *device,
    onn_device *reference, const onn_case *c, onn_type type, const onn_plan_options *options)
{
	const onn_case_devices on = {.device = device, .reference = reference, .options = options};
	group *a = calloc(1, sizeof *a);

	if (!a)
		return onn_error(ONN_ERROR_MEMORY, "onn_selftest: no memory");
	a->on = &on;
	a->count = 1;
	a->result[0] = (onn_case_result){.self = c, .type = type};
	onn_status status = try_all(a);
	*error = a->result[0].error;
	snprintf(where, room, "%s", a->result[0].text);
	free(a);
	return status;
}

onn_status onn_case_compare_all(const onn_case *table, const onn_case_devices *on)
{
	group *a = calloc(1, sizeof *a);
	onn_status status = ONN_OK;
	bool going = a != NULL;

	if (!a)
		return onn_error(ONN_ERROR_MEMORY, "onn_selftest: no memory");
	a->on = on;
	for (const onn_case *c = table; going && c->name; c++)
		for (int type = 0; going && type < ONN_TYPE_COUNT; type++) {
			if (!(c->types & 1u << type))
				continue;
			a->result[a->count++] = (onn_case_result){.self = c,
			    .type = (onn_type)type,
			    .left_out = !on->wanted((onn_type)type, on->user)};
			if (a->count == SIDE_BY_SIDE)
				going = tell(a, &status);
		}
	if (going)
		tell(a, &status);
	free(a);
	return status;
}
