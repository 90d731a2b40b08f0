/*
 * Plans: the passes in order, the memory, the bindings and the run.
 */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/tensor.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "plan/planner.h"

static void free_planner(onn_planner *p)
{
	for (uint32_t u = 1; u <= p->nunits; u++) {
		free(p->unit[u].member);
		free(p->unit[u].pred);
	}
	onn_free_all(
	    p->unit, p->order, p->fact, p->output_memory, p->first_reader, p->reader, p->between);
}

static onn_status make_schedule(onn_planner *p)
{
	p->fact = calloc(p->g->nnodes, sizeof *p->fact);
	p->output_memory = calloc(p->noutputs + 1, sizeof *p->output_memory);
	if (!p->fact || !p->output_memory ||
	    onn_schedule_memory(p, ONN_MEMORY_ARENA, 0) == UINT32_MAX)
		return onn_error_memory("onn_plan_create", p->g->nnodes * sizeof *p->fact);
	onn_status status = onn_plan_references(p);
	if (status == ONN_OK)
		status = onn_plan_units(p);
	if (status == ONN_OK)
		status = onn_plan_destinations(p);
	if (status == ONN_OK)
		status = onn_plan_order(p);
	if (status == ONN_OK)
		status = onn_plan_emit(p);
	if (status == ONN_OK)
		status = onn_plan_place(p->schedule);
	return status;
}

/* Types that the device has to support. */
static onn_status check_types(const onn_device *device, const onn_schedule *s)
{
	for (uint32_t i = 0; i < s->nvalues; i++)
		if (!onn_device_supports(device, s->value[i].type))
			return onn_error(ONN_ERROR_UNSUPPORTED,
			    "onn_plan_create: the graph has %s values; device %s has no fp64",
			    onn_type_name(s->value[i].type), device->name);
	return ONN_OK;
}

/* Tensors for the outputs, which own their memory; buffers for the arena and the constants. */
static onn_status make_memory(onn_plan *plan, const onn_planner *p)
{
	onn_schedule *s = &plan->schedule;
	for (size_t i = 0; i < p->noutputs; i++) {
		if (!p->output_memory[i])
			continue;
		const onn_node_data *n = onn_node_get(p->g, onn_plan_resolve(p, p->output[i].id));
		onn_status status =
		    onn_tensor_create(&plan->output[i], plan->device, n->type, n->ndim, n->shape);
		if (status != ONN_OK)
			return status;
		plan->buffer[p->output_memory[i] - 1] = plan->output[i]->buffer;
	}
	for (uint32_t i = 0; i < s->nmemory; i++) {
		const onn_memory *m = &s->memory[i];
		const size_t bytes = m->apart ? m->apart * s->copies : m->bytes;
		onn_status status = ONN_OK;
		if (m->kind != ONN_MEMORY_VARIABLE)
			plan->bytes += bytes;
		if (m->kind != ONN_MEMORY_ARENA && m->kind != ONN_MEMORY_CONSTANT)
			continue;
		status = plan->device->backend->buffer_create(&plan->own[i], plan->device, bytes);
		plan->buffer[i] = plan->own[i];
		if (status == ONN_OK && m->kind == ONN_MEMORY_CONSTANT && m->bytes)
			status =
			    plan->device->backend->buffer_write(plan->own[i], 0, m->data, m->bytes);
		if (status != ONN_OK)
			return status;
	}
	return ONN_OK;
}

/* The graph's variables, so that a name which the plan has no use for can be told from a wrong one.
 */
static bool copy_names(onn_plan *plan, const onn_planner *p)
{
	const onn_graph *g = p->g;
	plan->variable = calloc(g->nvariables + 1, sizeof *plan->variable);
	for (size_t i = 0; plan->variable && i < g->nvariables; i++) {
		const onn_node_data *n = onn_node_get(g, g->variable[i]);
		onn_plan_variable *v = &plan->variable[plan->nvariables];
		v->name = malloc(strlen(n->attr->variable.name) + 1);
		if (!v->name)
			return false;
		strcpy(v->name, n->attr->variable.name);
		v->type = n->type;
		v->ndim = n->ndim;
		memcpy(v->shape, n->shape, sizeof v->shape);
		plan->nvariables++;
		uint32_t value = p->fact[g->variable[i]].value;
		if (value)
			v->memory = plan->schedule.value[value - 1].memory;
	}
	return plan->variable != NULL;
}

/* Of a plan of two parts. Stores come last of all, and may wait for readers in the other part. */
static onn_status check_parts(
    const onn_graph *g, const onn_node *outputs, size_t count, size_t early)
{
	if (early > count)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_create: early is %zu; expected at most the number of outputs, %zu",
		    early, count);
	for (size_t i = 0; early && i < count; i++)
		if (onn_node_get(g, outputs[i].id)->op == ONN_OP_ASSIGN)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "onn_plan_create: output %zu is an assign; expected none in a plan of "
			    "two "
			    "parts",
			    i);
	return ONN_OK;
}

static onn_status check_request(
    const onn_graph *g, const onn_device *device, const onn_node *outputs, size_t count)
{
	if (g->status != ONN_OK)
		return onn_error(g->status, "%s", g->error);
	if (!device || count == 0 || !outputs)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_create: %s; expected a device and at least one output",
		    device ? "no outputs" : "no device");
	for (size_t i = 0; i < count; i++)
		if (outputs[i].id == 0 || outputs[i].id >= g->nnodes)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "onn_plan_create: output %zu is node %u; expected a node of the graph "
			    "(1 to %zu)",
			    i, outputs[i].id, g->nnodes - 1);
#ifndef NDEBUG
	const char *wrong = onn_graph_verify(g);
	if (wrong)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_plan_create: %s", wrong);
#endif
	return ONN_OK;
}

/* What the options chose, of a request that was checked. */
static onn_status create(onn_plan **out, onn_device *device, onn_planner *p, bool own)
{
	const size_t count = p->noutputs;
	onn_plan *plan = calloc(1, sizeof *plan);
	if (!plan)
		return onn_error_memory("onn_plan_create", sizeof *plan);
	p->schedule = &plan->schedule;
	plan->schedule.own = own;
	plan->device = device;
	plan->noutputs = count;
	onn_status status = make_schedule(p);
	if (status == ONN_OK)
		status = onn_plan_set_apart(p);
	if (status == ONN_OK)
		status = check_types(device, &plan->schedule);
	if (status == ONN_OK) {
		plan->output = calloc(count, sizeof *plan->output);
		plan->buffer = calloc(plan->schedule.nmemory, sizeof *plan->buffer);
		plan->own = calloc(plan->schedule.nmemory, sizeof *plan->own);
		if (!plan->output || !plan->buffer || !plan->own || !copy_names(plan, p))
			status = onn_error_memory("onn_plan_create", count * sizeof *plan->output);
	}
	if (status == ONN_OK)
		status = make_memory(plan, p);
	if (status == ONN_OK)
		status = onn_plan_trust(device, &plan->schedule);
	if (status == ONN_OK)
		status = device->backend->prepare(&plan->executable, device, &plan->schedule);
	if (status == ONN_OK && device->check)
		status = onn_check_create(&plan->check, &plan->schedule);
	free_planner(p);
	if (status == ONN_OK)
		*out = plan;
	else
		onn_plan_destroy(plan);
	return status;
}

static onn_planner planner_of(
    const onn_device *device, const onn_graph *g, const onn_node *outputs, size_t count)
{
	return (onn_planner){.g = g,
	    .output = outputs,
	    .noutputs = count,
	    .early = count,
	    .fuse = !device->backend->unfused};
}

onn_status onn_plan_create(onn_plan **out, onn_device *device, const onn_graph *g,
    const onn_node *outputs, size_t count, const onn_plan_options *options)
{
	onn_plan_options chosen = ONN_PLAN_OPTIONS_INIT;
	*out = NULL;
	onn_status status = check_request(g, device, outputs, count);
	if (status == ONN_OK)
		status =
		    onn_options_take(&chosen, options, "onn_plan_create", "ONN_PLAN_OPTIONS_INIT");
	if (status == ONN_OK)
		status = check_parts(g, outputs, count, chosen.early);
	if (status != ONN_OK)
		return status;
	onn_planner p = planner_of(device, g, outputs, count);
	p.early = chosen.early ? chosen.early : count;
	p.fuse = p.fuse && !chosen.no_fusion;
	return create(out, device, &p, false);
}

onn_status onn_plan_create_own(
    onn_plan **out, onn_device *device, const onn_graph *g, const onn_node *outputs, size_t count)
{
	*out = NULL;
	onn_status status = check_request(g, device, outputs, count);
	if (status != ONN_OK)
		return status;
	onn_planner p = planner_of(device, g, outputs, count);
	return create(out, device, &p, true);
}

onn_status onn_plan_create_copies(onn_plan **out, onn_device *device, const onn_graph *g,
    const onn_node *outputs, size_t count, const onn_plan_copies *copies)
{
	*out = NULL;
	onn_status status = check_request(g, device, outputs, count);
	if (status == ONN_OK && copies->count > 1 && !device->backend->copies)
		status = onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_plan_create: %zu copies on device %s; expected one", copies->count,
		    device->name);
	if (status != ONN_OK)
		return status;
	onn_planner p = planner_of(device, g, outputs, count);
	p.copies = copies;
	return create(out, device, &p, false);
}

void onn_plan_destroy(onn_plan *plan)
{
	if (!plan)
		return;
	const onn_backend *backend = plan->device->backend;
	if (plan->executable) {
		char text[1024]; /* of what a plan is given up for, which may fail here as well */
		snprintf(text, sizeof text, "%s", onn_last_error());
		if (backend->wait(plan->device))
			onn_error(ONN_OK, "%s", text);
		backend->executable_destroy(plan->executable);
	}
	onn_check_destroy(plan->check);
	for (size_t i = 0; plan->output && i < plan->noutputs; i++)
		onn_tensor_destroy(plan->output[i]);
	for (uint32_t i = 0; plan->own && i < plan->schedule.nmemory; i++)
		if (plan->own[i])
			backend->buffer_destroy(plan->own[i]);
	for (size_t i = 0; i < plan->nvariables; i++)
		free(plan->variable[i].name);
	onn_schedule_free(&plan->schedule);
	onn_free_all(plan->variable, plan->output, plan->buffer, plan->own, plan);
}

onn_status onn_plan_bind(onn_plan *plan, const char *name, onn_tensor *tensor)
{
	const onn_plan_variable *v = NULL;
	char given[96], expected[96];
	for (size_t i = 0; name && i < plan->nvariables && !v; i++)
		if (strcmp(plan->variable[i].name, name) == 0)
			v = &plan->variable[i];
	if (!v)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_bind: the graph has no variable \"%s\"", name ? name : "(null)");
	if (!tensor)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_plan_bind: no tensor for \"%s\"", name);
	if (tensor->device != plan->device)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_bind: the tensor for \"%s\" lives on %s; expected the plan's device, "
		    "%s",
		    name, tensor->device->name, plan->device->name);
	if (tensor->type != v->type ||
	    !onn_shape_equal(tensor->ndim, tensor->shape, v->ndim, v->shape))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_bind: \"%s\" is given %s %s; expected %s %s", name,
		    onn_shape_text(given, sizeof given, tensor->ndim, tensor->shape),
		    onn_type_name(tensor->type),
		    onn_shape_text(expected, sizeof expected, v->ndim, v->shape),
		    onn_type_name(v->type));
	if (v->memory)
		plan->buffer[v->memory] = tensor->buffer;
	return ONN_OK;
}

static onn_status check_bound(const onn_plan *plan)
{
	for (uint32_t i = 0; i < plan->schedule.nmemory; i++)
		if (!plan->buffer[i])
			return onn_error(ONN_ERROR_ARGUMENT,
			    "onn_plan_run: the variable \"%s\" has no tensor; see onn_plan_bind",
			    plan->schedule.memory[i].name);
	return ONN_OK;
}

static onn_status run_steps(onn_plan *plan, uint32_t first, uint32_t count)
{
	onn_status status = check_bound(plan);
	if (status != ONN_OK)
		return status;
	if (plan->check)
		return onn_check_run(
		    plan->check, plan->device, plan->executable, plan->buffer, first, count);
	return plan->device->backend->run(plan->executable, plan->buffer, first, count);
}

onn_status onn_plan_run(onn_plan *plan) { return run_steps(plan, 0, plan->schedule.nsteps); }

onn_status onn_plan_run_part(onn_plan *plan, int part)
{
	if (part != 0 && part != 1)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_plan_run_part: part is %d; expected 0 or 1", part);
	uint32_t early = plan->schedule.early;
	return part ? run_steps(plan, early, plan->schedule.nsteps - early)
	            : run_steps(plan, 0, early);
}

onn_status onn_plan_wait(onn_plan *plan) { return plan->device->backend->wait(plan->device); }

const onn_tensor *onn_plan_output(const onn_plan *plan, size_t i)
{
	return i < plan->noutputs ? plan->output[i] : NULL;
}

size_t onn_plan_bytes(const onn_plan *plan) { return plan->bytes; }
size_t onn_plan_steps(const onn_plan *plan) { return plan->schedule.nsteps; }
