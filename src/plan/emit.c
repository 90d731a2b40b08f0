/*
 * From units to the schedule: values, and a step or a few for each unit.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "plan/program.h"

/* ---- tables ---- */

static bool grow(void *items, uint32_t *capacity, uint32_t need, size_t size)
{
	size_t room = *capacity;
	if (need == UINT32_MAX || !onn_grow(items, &room, need, size) || room > UINT32_MAX)
		return false;
	*capacity = (uint32_t)room;
	return true;
}

uint32_t onn_schedule_memory(onn_planner *p, onn_memory_kind kind, size_t bytes)
{
	onn_schedule *s = p->schedule;
	if (!grow(&s->memory, &p->memory_capacity, s->nmemory + 1, sizeof *s->memory))
		return UINT32_MAX;
	s->memory[s->nmemory] = (onn_memory){kind, bytes, NULL, NULL};
	return s->nmemory++;
}

uint32_t onn_schedule_value(onn_planner *p, onn_type type, size_t count, uint32_t memory)
{
	onn_schedule *s = p->schedule;
	if (!grow(&s->value, &p->value_capacity, s->nvalues + 1, sizeof *s->value))
		return UINT32_MAX;
	s->value[s->nvalues] = (onn_value){type, memory, 0, count};
	return s->nvalues++;
}

onn_step *onn_schedule_step(onn_planner *p, onn_step_kind kind)
{
	onn_schedule *s = p->schedule;
	if (!grow(&s->step, &p->step_capacity, s->nsteps + 1, sizeof *s->step))
		return NULL;
	onn_step *step = &s->step[s->nsteps++];
	memset(step, 0, sizeof *step);
	step->kind = kind;
	return step;
}

uint32_t onn_schedule_variable(onn_planner *p, uint32_t id)
{
	uint32_t value = onn_plan_value(p, id);
	return value == UINT32_MAX ? value : p->schedule->value[value].memory;
}

/* Fills the memory of a value: its kind, and its contents or its name; false without memory. */
typedef bool (*fill_value)(onn_memory *memory, const onn_node_data *n);

static bool value_variable(onn_memory *memory, const onn_node_data *n)
{
	char *name = malloc(strlen(n->attr->variable.name) + 1);
	memory->kind = ONN_MEMORY_VARIABLE;
	memory->name = name ? strcpy(name, n->attr->variable.name) : NULL;
	return name != NULL;
}

static bool value_constant(onn_memory *memory, const onn_node_data *n)
{
	void *data = malloc(memory->bytes ? memory->bytes : 1);
	if (data && memory->bytes)
		memcpy(data, onn_array_const_data(n->attr->constant.array), memory->bytes);
	memory->data = data;
	return data != NULL;
}

static bool value_iota(onn_memory *memory, const onn_node_data *n)
{
	void *data = malloc(memory->bytes ? memory->bytes : 1);
	for (size_t i = 0; data && i < onn_data_count(n); i++)
		onn_part_set(data, n->type, i, (double)i);
	memory->data = data;
	return data != NULL;
}

static const fill_value value_filler[ONN_OP_COUNT] = {
#define ONN_VALUE(id, text, ...) [ONN_OP_##id] = value_##text,
#include "ops/ops.def"
};

/* The memory of a value that stands before a run; UINT32_MAX without memory. */
static uint32_t memory_of(onn_planner *p, const onn_node_data *n)
{
	size_t bytes = onn_data_count(n) * onn_type_size(n->type);
	uint32_t m = onn_schedule_memory(p, ONN_MEMORY_CONSTANT, bytes);
	if (m == UINT32_MAX || !value_filler[n->op](&p->schedule->memory[m], n))
		return UINT32_MAX;
	return m;
}

uint32_t onn_plan_value(onn_planner *p, uint32_t id)
{
	onn_fact *f = &p->fact[id];
	if (f->value)
		return f->value - 1;
	const onn_node_data *n = onn_node_get(p->g, id);
	uint32_t memory = f->memory ? f->memory - 1 : 0;
	if (onn_op_role(n->op) == ONN_ROLE_VALUE)
		memory = memory_of(p, n);
	uint32_t value = UINT32_MAX;
	if (memory != UINT32_MAX)
		value = onn_schedule_value(p, n->type, onn_data_count(n), memory);
	f->value = value == UINT32_MAX ? 0 : value + 1;
	return value;
}

void onn_schedule_free(onn_schedule *s)
{
	for (uint32_t i = 0; i < s->nsteps; i++)
		if (onn_step_has_program(s->step[i].kind)) {
			free(s->step[i].u.pointwise.program.input);
			free(s->step[i].u.pointwise.program.immediate);
			free(s->step[i].u.pointwise.program.instr);
		}
	for (uint32_t i = 0; i < s->nmemory; i++) {
		free((void *)s->memory[i].data);
		free((void *)s->memory[i].name);
	}
	free(s->step);
	free(s->value);
	free(s->memory);
	memset(s, 0, sizeof *s);
}

/* ---- copies and programs ---- */

static const onn_node_data *node(const onn_planner *p, uint32_t id)
{
	return onn_node_get(p->g, id);
}

static uint32_t input_of(const onn_planner *p, uint32_t id, uint32_t i)
{
	return onn_plan_resolve(p, onn_node_inputs(node(p, id))[i]);
}

static bool is_empty(size_t ndim, const size_t *shape)
{
	for (size_t i = 0; i < ndim; i++)
		if (shape[i] == 0)
			return true;
	return false;
}

static onn_view dense_view(uint32_t value, size_t ndim, const size_t *shape)
{
	onn_view v;
	memset(&v, 0, sizeof v);
	v.value = value;
	onn_dense_strides(v.stride, ndim, shape);
	return v;
}

/* Copies what a reference looks at into a view over the same shape. */
static bool emit_copy(onn_planner *p, const onn_ref *from, onn_type type, size_t ndim,
    const size_t *shape, const onn_view *to)
{
	onn_builder b;
	onn_builder_start(&b, p);
	if (to->value == UINT32_MAX)
		return false;
	if (is_empty(ndim, shape))
		return true;
	onn_target target = {onn_builder_load(&b, from, type), *to};
	if (target.reg == UINT32_MAX)
		return false;
	onn_step *step = onn_schedule_step(p, ONN_STEP_POINTWISE);
	return step &&
	       onn_builder_finish(&b, step, shape, (uint32_t)ndim, (uint32_t)ndim, &target, 1);
}

static bool emit_dense_copy(onn_planner *p, const onn_ref *from, onn_type type, size_t ndim,
    const size_t *shape, uint32_t value)
{
	onn_view to = dense_view(value, ndim, shape);
	return emit_copy(p, from, type, ndim, shape, &to);
}

/* The members that stored ones need, ascending. */
static size_t needed(const onn_planner *p, const onn_unit *u, uint32_t *member)
{
	bool wanted[ONN_PROGRAM_MAX_INSTRS] = {false};
	uint32_t unit = (uint32_t)(u - p->unit);
	size_t count = 0;
	for (size_t i = u->nmembers; i-- > 0;) {
		wanted[i] = wanted[i] || p->fact[u->member[i]].stored;
		for (uint32_t k = 0; wanted[i] && k < node(p, u->member[i])->ninputs; k++) {
			uint32_t in = input_of(p, u->member[i], k);
			for (size_t j = 0; j < i && onn_unit_computes(p, unit, in); j++)
				wanted[j] = wanted[j] || u->member[j] == in;
		}
	}
	for (size_t i = 0; i < u->nmembers; i++)
		if (wanted[i])
			member[count++] = u->member[i];
	return count;
}

static bool emit_program(onn_planner *p, const uint32_t *member, size_t n)
{
	onn_builder b;
	onn_target target[ONN_PROGRAM_MAX_OUTPUTS];
	uint32_t ntargets = 0;
	const onn_node_data *first = node(p, member[0]);
	if (is_empty(first->ndim, first->shape)) {
		for (size_t i = 0; i < n; i++)
			if (p->fact[member[i]].stored && onn_plan_value(p, member[i]) == UINT32_MAX)
				return false;
		return true;
	}
	onn_builder_start(&b, p);
	if (!onn_builder_compute(&b, member, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (p->fact[member[i]].stored) {
			uint32_t value = onn_plan_value(p, member[i]);
			if (value == UINT32_MAX)
				return false;
			target[ntargets].reg = onn_builder_find(&b, member[i]);
			target[ntargets++].view = dense_view(value, first->ndim, first->shape);
		}
	onn_step *step = onn_schedule_step(p, ONN_STEP_POINTWISE);
	return step && onn_builder_finish(
	                   &b, step, first->shape, first->ndim, first->ndim, target, ntargets);
}

static bool emit_pointwise(onn_planner *p, const onn_unit *u)
{
	uint32_t member[ONN_PROGRAM_MAX_INSTRS];
	size_t n = needed(p, u, member);
	return n == 0 || emit_program(p, member, n);
}

/* ---- the other kinds ---- */

static bool emit_zero(onn_planner *p, uint32_t value)
{
	onn_step *step = value == UINT32_MAX ? NULL : onn_schedule_step(p, ONN_STEP_ZERO);
	if (!step)
		return false;
	const onn_value *v = &p->schedule->value[value];
	step->u.zero.out = value;
	step->bytes = (double)v->count * (double)onn_type_size(v->type);
	snprintf(step->label, sizeof step->label, "zero");
	return true;
}

/* The register of an operand that is computed on the fly, or loaded; UINT32_MAX without memory. */
static uint32_t prologue(const onn_planner *p, onn_builder *b, uint32_t in)
{
	uint32_t member[ONN_PROGRAM_MAX_INSTRS];
	if (!p->fact[in].inlined)
		return onn_builder_load(b, &p->fact[in].ref, node(p, in)->type);
	if (!onn_builder_compute(b, member, onn_plan_expression(member, p, in)))
		return UINT32_MAX;
	return onn_builder_find(b, in);
}

/* Kept axes first, reduced ones behind, as the schedule wants them. */
static bool emit_reduction(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id);
	uint32_t in = input_of(p, id, 0);
	const onn_node_data *x = node(p, in);
	uint32_t axis[ONN_MAX_DIMS], kept = 0, at = 0;
	size_t shape[ONN_MAX_DIMS] = {0};
	onn_builder b;
	onn_builder_start(&b, p);
	uint32_t value = onn_plan_value(p, id);
	if (value == UINT32_MAX)
		return false;
	if (onn_data_count(n) == 0)
		return true;
	if (onn_data_count(x) == 0)
		return emit_zero(p, value); /* only a sum can be empty */
	onn_target target = {prologue(p, &b, in), dense_view(value, n->ndim, n->shape)};
	if (target.reg == UINT32_MAX)
		return false;
	for (int reduced = 0; reduced <= 1; reduced++)
		for (uint32_t i = 0; i < x->ndim; i++)
			if (reduced == (int)(n->attr->axes.bits >> i & 1))
				axis[at++] = i;
	for (uint32_t i = 0; i < x->ndim; i++)
		kept += !(n->attr->axes.bits >> i & 1);
	ptrdiff_t old[ONN_MAX_DIMS];
	for (uint32_t k = 0; k <= b.ninputs; k++) {
		onn_view *v = k < b.ninputs ? &b.input[k] : &target.view;
		memcpy(old, v->stride, sizeof old);
		for (uint32_t i = 0; i < x->ndim; i++)
			v->stride[i] = k == b.ninputs && i >= kept ? 0 : old[axis[i]];
	}
	for (uint32_t i = 0; i < x->ndim; i++)
		shape[i] = x->shape[axis[i]];
	onn_step *step = onn_schedule_step(p, ONN_STEP_REDUCE);
	if (!step)
		return false;
	step->u.pointwise.reduce = n->op;
	return onn_builder_finish(&b, step, shape, x->ndim, kept, &target, 1);
}

static bool emit_argmax(onn_planner *p, uint32_t id)
{
	uint32_t in = input_of(p, id, 0);
	const onn_node_data *x = node(p, in);
	uint32_t from = onn_plan_value(p, p->fact[in].ref.base), to = onn_plan_value(p, id);
	if (from == UINT32_MAX || to == UINT32_MAX)
		return false;
	if (onn_data_count(node(p, id)) == 0)
		return true;
	onn_step *step = onn_schedule_step(p, ONN_STEP_ARGMAX);
	if (!step)
		return false;
	uint32_t axis = node(p, id)->attr->axis.axis;
	step->u.argmax.x = from;
	step->u.argmax.out = to;
	step->u.argmax.outer = step->u.argmax.inner = 1;
	for (uint32_t i = 0; i < x->ndim; i++)
		if (i == axis)
			step->u.argmax.n = x->shape[i];
		else if (i < axis)
			step->u.argmax.outer *= x->shape[i];
		else
			step->u.argmax.inner *= x->shape[i];
	step->flops = (double)onn_data_count(x);
	step->bytes = step->flops * (double)onn_type_size(x->type);
	snprintf(step->label, sizeof step->label, "argmax");
	return true;
}

static bool emit_take(onn_planner *p, uint32_t id)
{
	uint32_t in = input_of(p, id, 0), index = input_of(p, id, 1);
	const onn_node_data *x = node(p, in);
	const onn_ref *ref = &p->fact[in].ref;
	uint32_t from = onn_plan_value(p, ref->base), to = onn_plan_value(p, id);
	uint32_t by = onn_plan_value(p, p->fact[index].ref.base);
	if (from == UINT32_MAX || to == UINT32_MAX || by == UINT32_MAX)
		return false;
	if (onn_data_count(node(p, id)) == 0)
		return true;
	onn_step *step = onn_schedule_step(p, ONN_STEP_TAKE);
	if (!step)
		return false;
	step->u.take.x.value = from;
	step->u.take.x.offset = ref->offset;
	step->u.take.x.stride[0] = ref->stride[0];
	step->u.take.index = by;
	step->u.take.out = to;
	step->u.take.rows = x->shape[0];
	step->u.take.count = onn_data_count(node(p, index));
	step->u.take.row = onn_data_count(node(p, id)) / step->u.take.count;
	step->bytes = 2.0 * (double)onn_data_count(node(p, id)) * (double)onn_type_size(x->type);
	snprintf(step->label, sizeof step->label, "take");
	return true;
}

static bool emit_scatter_add(onn_planner *p, uint32_t id)
{
	uint32_t index = input_of(p, id, 0), in = input_of(p, id, 1);
	uint32_t by = onn_plan_value(p, p->fact[index].ref.base);
	uint32_t from = onn_plan_value(p, p->fact[in].ref.base), to = onn_plan_value(p, id);
	if (by == UINT32_MAX || from == UINT32_MAX || to == UINT32_MAX)
		return false;
	size_t count = onn_data_count(node(p, index)), updates = onn_data_count(node(p, in));
	if (onn_data_count(node(p, id)) == 0)
		return true;
	if (updates == 0)
		return emit_zero(p, to);
	onn_step *step = onn_schedule_step(p, ONN_STEP_SCATTER);
	if (!step)
		return false;
	step->u.scatter.index = by;
	step->u.scatter.updates = from;
	step->u.scatter.out = to;
	step->u.scatter.rows = node(p, id)->shape[0];
	step->u.scatter.count = count;
	step->u.scatter.row = updates / count;
	step->flops = (double)updates;
	step->bytes = (double)(updates + onn_data_count(node(p, id))) *
	              (double)onn_type_size(node(p, id)->type);
	snprintf(step->label, sizeof step->label, "scatter_add");
	return true;
}

static bool operand(onn_planner *p, uint32_t id, uint32_t i, int op, onn_matrix *m)
{
	uint32_t in = input_of(p, id, i);
	m->value = onn_plan_value(p, p->fact[in].ref.base);
	return m->value != UINT32_MAX && onn_ref_matrix(m, &p->fact[in].ref, node(p, in), op);
}

static bool emit_matmul(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id), *a = node(p, input_of(p, id, 0));
	uint32_t c = onn_plan_value(p, id), d = n->ndim;
	size_t k = a->shape[n->attr->product.form[0] & ONN_T ? d - 2 : d - 1];
	onn_matrix ma = {0}, mb = {0};
	if (c == UINT32_MAX || !operand(p, id, 0, n->attr->product.form[0], &ma) ||
	    !operand(p, id, 1, n->attr->product.form[1], &mb))
		return false;
	if (onn_data_count(n) == 0)
		return true;
	if (k == 0)
		return emit_zero(p, c);
	onn_step *step = onn_schedule_step(p, ONN_STEP_MATMUL);
	if (!step)
		return false;
	step->u.matmul.a = ma;
	step->u.matmul.b = mb;
	step->u.matmul.c = c;
	step->u.matmul.m = n->shape[d - 2];
	step->u.matmul.n = n->shape[d - 1];
	step->u.matmul.k = k;
	step->u.matmul.nbatch = d - 2;
	memcpy(step->u.matmul.batch, n->shape, (d - 2) * sizeof *n->shape);
	double batches = (double)onn_data_count(n) / (double)(n->shape[d - 2] * n->shape[d - 1]);
	double mm = (double)n->shape[d - 2], nn = (double)n->shape[d - 1], kk = (double)k;
	step->flops = (onn_type_is_complex(n->type) ? 8 : 2) * batches * mm * nn * kk;
	step->bytes = batches * (mm * kk + kk * nn + mm * nn) * (double)onn_type_size(n->type);
	snprintf(step->label, sizeof step->label, "matmul %c%c", "NTCH"[ma.op], "NTCH"[mb.op]);
	return true;
}

static bool filter_view(onn_view *view, onn_planner *p, uint32_t id)
{
	const onn_ref *ref = &p->fact[id].ref;
	memset(view, 0, sizeof *view);
	view->value = onn_plan_value(p, ref->base);
	view->offset = ref->offset;
	memcpy(view->stride, ref->stride, sizeof ref->stride);
	return view->value != UINT32_MAX;
}

/* What a node asks of a transform; false without memory. */
static bool transform_of(onn_transform *t, onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id);
	bool filtered = n->op == ONN_OP_FILTER;
	const size_t *points = n->shape + n->ndim - 2;
	memset(t, 0, sizeof *t);
	if (filtered) {
		uint32_t spectrum = input_of(p, id, 1);
		t->axes = n->attr->filter.axes;
		t->conjugate = n->attr->filter.conjugate;
		t->filtered = true;
		if (!filter_view(&t->filter, p, spectrum))
			return false;
		points = node(p, spectrum)->shape + n->ndim - 2;
	} else {
		t->axes = n->attr->transform.axes;
		t->inverse = n->attr->transform.inverse;
	}
	for (uint32_t i = 0; i < 2; i++) {
		t->n[i] = points[i];
		t->size[i] = n->shape[n->ndim - 2 + i];
		t->at[i] = filtered ? n->attr->filter.at[i] : 0;
		t->from[i] = filtered ? n->attr->filter.from[i] : 0;
	}
	return true;
}

static bool emit_transform(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id);
	uint32_t in = input_of(p, id, 0), d = n->ndim;
	const onn_node_data *x = node(p, in);
	onn_transform t;
	onn_builder b;
	onn_builder_start(&b, p);
	uint32_t value = onn_plan_value(p, id);
	if (value == UINT32_MAX || !transform_of(&t, p, id))
		return false;
	if (onn_data_count(n) == 0)
		return true;
	onn_target target = {prologue(p, &b, in), dense_view(value, d, n->shape)};
	onn_step *step = target.reg == UINT32_MAX ? NULL : onn_schedule_step(p, ONN_STEP_FFT);
	if (!step)
		return false;
	step->u.pointwise.transform = t;
	if (!onn_builder_finish(&b, step, x->shape, d, d - 2, &target, 1))
		return false;
	/* 5 n log2 n a transform, counted as if nothing were zero or left out */
	double area = (t.axes == 2 ? (double)t.n[0] : 1) * (double)t.n[1];
	double fields = (double)onn_data_count(n) / (double)(t.size[0] * t.size[1]) *
	                (t.axes == 1 ? (double)t.n[0] : 1);
	step->flops += (t.filtered ? 2 : 1) * fields * 5 * area * log2(area > 1 ? area : 2) +
	               (t.filtered ? 8 * fields * area : 0);
	step->bytes += t.filtered ? area * (double)onn_type_size(n->type) : 0;
	return true;
}

/* Zeros, then x at its places. */
static bool emit_place(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id);
	uint32_t in = input_of(p, id, 0), value = onn_plan_value(p, id);
	const onn_node_data *x = node(p, in);
	if (value == UINT32_MAX || (onn_data_count(n) && !emit_zero(p, value)))
		return false;
	onn_view to = dense_view(value, n->ndim, n->shape);
	for (uint32_t i = 0; i < n->ndim; i++) {
		to.offset += n->attr->slice.start[i] * to.stride[i];
		to.stride[i] *= n->attr->slice.step[i];
	}
	return emit_copy(p, &p->fact[in].ref, x->type, x->ndim, x->shape, &to);
}

static bool emit_concat(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = node(p, id);
	uint32_t value = onn_plan_value(p, id), axis = n->attr->axis.axis;
	if (value == UINT32_MAX)
		return false;
	onn_view to = dense_view(value, n->ndim, n->shape);
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = input_of(p, id, i);
		const onn_node_data *x = node(p, in);
		if (!emit_copy(p, &p->fact[in].ref, x->type, x->ndim, x->shape, &to))
			return false;
		to.offset += (ptrdiff_t)x->shape[axis] * to.stride[axis];
	}
	return true;
}

#define EMIT_REDUCTION(text) emit_reduction
#define EMIT_TRANSFORM(text) emit_transform
#define EMIT_PRODUCT(text)   emit_##text
#define EMIT_INDEX(text)     emit_##text
#define EMIT_COPY(text)      emit_##text

static bool (*const emitter[ONN_OP_COUNT])(onn_planner *, uint32_t) = {
#define ONN_STEP(id, text, arity, role, ...) [ONN_OP_##id] = EMIT_##role(text),
#include "ops/ops.def"
};

/* A copy to an output, or of another variable's value before it is overwritten. */
static bool emit_output(onn_planner *p, onn_unit *u)
{
	const onn_node_data *n = node(p, u->member[0]);
	uint32_t memory = u->memory ? u->memory - 1 : 0;
	uint32_t value = onn_schedule_value(p, n->type, onn_data_count(n), memory);
	u->value = value + 1;
	return value != UINT32_MAX &&
	       emit_dense_copy(p, &p->fact[u->member[0]].ref, n->type, n->ndim, n->shape, value);
}

static bool emit_store(onn_planner *p, const onn_unit *u)
{
	const onn_node_data *n = node(p, u->member[0]);
	uint32_t to = onn_plan_value(p, u->memory);
	if (to == UINT32_MAX)
		return false;
	if (!u->from)
		return emit_dense_copy(
		    p, &p->fact[u->member[0]].ref, n->type, n->ndim, n->shape, to);
	if (onn_data_count(n) == 0)
		return true;
	onn_builder b;
	onn_builder_start(&b, p);
	b.input[0] = dense_view(p->unit[u->from].value - 1, n->ndim, n->shape);
	b.ninputs = 1;
	onn_target target = {0, dense_view(to, n->ndim, n->shape)};
	onn_step *step = onn_schedule_step(p, ONN_STEP_POINTWISE);
	return step && onn_builder_finish(&b, step, n->shape, n->ndim, n->ndim, &target, 1);
}

onn_status onn_plan_emit(onn_planner *p)
{
	for (size_t i = 0; i < p->norder; i++) {
		onn_unit *u = &p->unit[p->order[i]];
		uint32_t id = u->member[0];
		const onn_node_data *n = node(p, id);
		bool ok = false;
		switch (u->kind) {
		case ONN_UNIT_POINTWISE:
			ok = emit_pointwise(p, u);
			break;
		case ONN_UNIT_NODE:
			ok = emitter[n->op](p, id);
			break;
		case ONN_UNIT_COPY: {
			const onn_node_data *x = node(p, p->fact[id].source_shape);
			ok = emit_dense_copy(p, &p->fact[id].source, n->type, x->ndim, x->shape,
			    onn_plan_value(p, id));
			break;
		}
		case ONN_UNIT_OUTPUT:
			ok = emit_output(p, u);
			break;
		case ONN_UNIT_STORE:
			ok = emit_store(p, u);
			break;
		}
		if (!ok)
			return onn_error_memory("onn_plan_create", sizeof(onn_step));
	}
	return ONN_OK;
}
