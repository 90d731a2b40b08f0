/*
 * Pointwise programs from nodes: operands become inputs and immediates, each once; axes merge.
 */
#include "plan/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "graph/rule.h"

enum { TAG_INPUT = 0, TAG_IMMEDIATE = 1 << 12, TAG_INSTR = 2 << 12, TAG_MASK = 3 << 12 };

void onn_builder_start(onn_builder *b, onn_planner *p)
{
	b->p = p;
	b->ninputs = b->nimmediates = b->ninstrs = 0;
}

static uint32_t load_number(onn_builder *b, const onn_ref *ref, onn_type type)
{
	for (uint32_t i = 0; i < b->nimmediates; i++)
		if (b->immediate[i].type == type &&
		    memcmp(&b->immediate[i].re, &ref->re, sizeof ref->re) == 0 &&
		    memcmp(&b->immediate[i].im, &ref->im, sizeof ref->im) == 0)
			return TAG_IMMEDIATE | i;
	if (b->nimmediates == ONN_PROGRAM_MAX_IMMEDIATES)
		return UINT32_MAX;
	b->immediate[b->nimmediates] = (onn_immediate){type, ref->re, ref->im};
	return TAG_IMMEDIATE | b->nimmediates++;
}

uint32_t onn_builder_load(onn_builder *b, const onn_ref *ref, onn_type type)
{
	if (ref->uniform)
		return load_number(b, ref, type);
	onn_view view;
	memset(&view, 0, sizeof view);
	view.value = onn_plan_value(b->p, ref->base);
	view.offset = ref->offset;
	memcpy(view.stride, ref->stride, sizeof view.stride);
	if (view.value == UINT32_MAX)
		return UINT32_MAX;
	for (uint32_t i = 0; i < b->ninputs; i++)
		if (memcmp(&b->input[i], &view, sizeof view) == 0)
			return TAG_INPUT | i;
	if (b->ninputs == ONN_PROGRAM_MAX_INPUTS)
		return UINT32_MAX;
	b->input[b->ninputs] = view;
	return TAG_INPUT | b->ninputs++;
}

uint32_t onn_builder_find(const onn_builder *b, uint32_t id)
{
	for (uint32_t i = 0; i < b->ninstrs; i++)
		if (b->node[i] == id)
			return TAG_INSTR | i;
	return UINT32_MAX;
}

static void copy_attributes(onn_instr *out, const onn_node_data *n)
{
	switch (onn_rule_of(n->op)->attr) {
	case ONN_ATTR_ORDER:
		out->order = n->attr->order.order;
		break;
	case ONN_ATTR_DRAW:
		out->seed = n->attr->draw.seed;
		out->stream = n->attr->draw.stream;
		break;
	case ONN_ATTR_CUSTOM:
		out->custom = n->attr->custom.operation;
		break;
	default: /* none, or the result's type */
		break;
	}
}

static bool compute(onn_builder *b, uint32_t id)
{
	const onn_graph *g = b->p->g;
	const onn_node_data *n = onn_node_get(g, id);
	onn_instr *out = &b->instr[b->ninstrs];
	memset(out, 0, sizeof *out);
	out->op = n->op;
	out->type = n->type;
	out->arity = (uint16_t)n->ninputs;
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = onn_plan_resolve(b->p, onn_node_inputs(n)[i]);
		uint32_t reg = onn_builder_find(b, in);
		if (reg == UINT32_MAX)
			reg = onn_builder_load(b, &b->p->fact[in].ref, onn_node_get(g, in)->type);
		if (reg == UINT32_MAX)
			return false;
		out->src[i] = (uint16_t)reg;
		out->source = onn_node_get(g, in)->type;
	}
	copy_attributes(out, n);
	b->node[b->ninstrs++] = id;
	return true;
}

bool onn_builder_compute(onn_builder *b, const uint32_t *member, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!compute(b, member[i]))
			return false;
	return true;
}

static uint16_t number(const onn_builder *b, uint32_t reg)
{
	uint32_t index = reg & ~(uint32_t)TAG_MASK, tag = reg & TAG_MASK;
	if (tag == TAG_IMMEDIATE)
		index += b->ninputs;
	else if (tag == TAG_INSTR)
		index += b->ninputs + b->nimmediates;
	return (uint16_t)index;
}

static bool mergeable(const onn_view *v, size_t axis, const size_t *shape)
{
	return v->stride[axis] == v->stride[axis + 1] * (ptrdiff_t)shape[axis + 1];
}

static void drop_axis(onn_view *v, size_t axis)
{
	memmove(
	    v->stride + axis, v->stride + axis + 1, (ONN_MAX_DIMS - 1 - axis) * sizeof *v->stride);
	v->stride[ONN_MAX_DIMS - 1] = 0;
}

/* Removes axes of size 1 and joins neighbours that every view walks as one. */
static void merge_axes(onn_step *step)
{
	onn_program *pr = &step->u.pointwise.program;
	size_t *shape = step->u.pointwise.shape;
	uint32_t *ndim = &step->u.pointwise.ndim, *kept = &step->u.pointwise.kept;
	bool fft = step->kind == ONN_STEP_FFT;
	onn_view *filter = fft && step->u.pointwise.transform.filtered
	                       ? &step->u.pointwise.transform.filter
	                       : NULL;
	for (uint32_t axis = fft ? *kept : *ndim; axis-- > 0;) {
		bool single = shape[axis] == 1;
		bool join = !single && axis + 1 < *ndim && axis + 1 != *kept;
		for (uint32_t i = 0; join && i < pr->ninputs; i++)
			join = mergeable(&pr->input[i], axis, shape);
		for (uint32_t i = 0; join && i < pr->noutputs; i++)
			join = mergeable(&pr->output[i].view, axis, shape);
		join = join && (!filter || mergeable(filter, axis, shape));
		if (!single && !join)
			continue;
		if (join)
			shape[axis + 1] *= shape[axis];
		for (uint32_t i = 0; i < pr->ninputs; i++)
			drop_axis(&pr->input[i], axis);
		for (uint32_t i = 0; i < pr->noutputs; i++)
			drop_axis(&pr->output[i].view, axis);
		if (filter)
			drop_axis(filter, axis);
		memmove(shape + axis, shape + axis + 1, (*ndim - 1 - axis) * sizeof *shape);
		if (axis < *kept)
			--*kept;
		--*ndim;
	}
}

static void estimate(onn_step *step, const onn_value *values)
{
	const onn_program *pr = &step->u.pointwise.program;
	double count = 1;
	for (uint32_t i = 0; i < step->u.pointwise.ndim; i++)
		count *= (double)step->u.pointwise.shape[i];
	step->flops = count * (pr->ninstrs + (step->kind == ONN_STEP_REDUCE));
	/* a broadcast input is read once; an output of a reduction written once */
	for (uint32_t k = 0; k < pr->ninputs + pr->noutputs; k++) {
		const onn_view *v =
		    k < pr->ninputs ? &pr->input[k] : &pr->output[k - pr->ninputs].view;
		double touched = (double)onn_type_size(values[v->value].type);
		for (uint32_t i = 0; i < step->u.pointwise.ndim; i++)
			touched *= v->stride[i] ? (double)step->u.pointwise.shape[i] : 1;
		step->bytes += touched;
	}
}

static void label(onn_step *step)
{
	const onn_program *pr = &step->u.pointwise.program;
	size_t room = sizeof step->label, at = 0;
	for (uint32_t i = 0; i < pr->ninstrs && at + 20 < room; i++)
		at += (size_t)snprintf(step->label + at, room - at, at ? " %s" : "%s",
		    pr->instr[i].op == ONN_OP_CUSTOM ? pr->instr[i].custom->name
		                                     : onn_op_name(pr->instr[i].op));
	if (step->kind == ONN_STEP_FFT && at + 16 < room) {
		const onn_transform *t = &step->u.pointwise.transform;
		snprintf(step->label + at, room - at, "%s%s", at ? " " : "",
		    t->filtered  ? t->conjugate ? "filter adjoint" : "filter"
		    : t->inverse ? "ifft"
		                 : "fft");
		return;
	}
	if (pr->ninstrs == 0)
		at += (size_t)snprintf(step->label, room, "copy");
	if (step->kind == ONN_STEP_REDUCE && at + 16 < room)
		snprintf(step->label + at, room - at, " %s", onn_op_name(step->u.pointwise.reduce));
}

bool onn_builder_finish(onn_builder *b, onn_step *step, const size_t *shape, uint32_t ndim,
    uint32_t kept, const onn_target *target, uint32_t ntargets)
{
	onn_program *pr = &step->u.pointwise.program;
	pr->input = calloc(b->ninputs + 1, sizeof *pr->input);
	pr->immediate = calloc(b->nimmediates + 1, sizeof *pr->immediate);
	pr->instr = calloc(b->ninstrs + 1, sizeof *pr->instr);
	if (!pr->input || !pr->immediate || !pr->instr)
		return false;
	memcpy(pr->input, b->input, b->ninputs * sizeof *pr->input);
	memcpy(pr->immediate, b->immediate, b->nimmediates * sizeof *pr->immediate);
	memcpy(pr->instr, b->instr, b->ninstrs * sizeof *pr->instr);
	pr->ninputs = b->ninputs;
	pr->nimmediates = b->nimmediates;
	pr->ninstrs = b->ninstrs;
	pr->noutputs = ntargets;
	for (uint32_t i = 0; i < pr->ninstrs; i++)
		for (uint32_t k = 0; k < pr->instr[i].arity; k++)
			pr->instr[i].src[k] = number(b, pr->instr[i].src[k]);
	for (uint32_t i = 0; i < ntargets; i++) {
		pr->output[i].reg = number(b, target[i].reg);
		pr->output[i].view = target[i].view;
		for (uint32_t k = 0; k < pr->ninputs; k++)
			if (b->input[k].value == target[i].view.value)
				pr->output[i].in_place = true;
	}
	step->u.pointwise.ndim = ndim;
	step->u.pointwise.kept = kept;
	memcpy(step->u.pointwise.shape, shape, ndim * sizeof *shape);
	merge_axes(step);
	estimate(step, b->p->schedule->value);
	label(step);
	return true;
}
