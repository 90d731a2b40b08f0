/*
 * A step, or a few, for a node that is no program: emit_<text> of the rows ONN_STEP of ops.def, or
 * emit_<role> where the rows of a role have one.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plan/emit.h"

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
		return onn_builder_load(b, &p->fact[in].ref, onn_plan_node(p, in)->type);
	if (!onn_builder_compute(b, member, onn_plan_expression(member, p, in)))
		return UINT32_MAX;
	return onn_builder_find(b, in);
}

/* Kept axes first, reduced ones behind, as the schedule wants them. */
static bool emit_reduction(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id);
	uint32_t in = onn_plan_input(p, id, 0);
	const onn_node_data *x = onn_plan_node(p, in);
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
	onn_target target = {prologue(p, &b, in), onn_dense_view(value, n->ndim, n->shape)};
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
	uint32_t in = onn_plan_input(p, id, 0);
	const onn_node_data *x = onn_plan_node(p, in);
	uint32_t from = onn_plan_value(p, p->fact[in].ref.base), to = onn_plan_value(p, id);
	if (from == UINT32_MAX || to == UINT32_MAX)
		return false;
	if (onn_data_count(onn_plan_node(p, id)) == 0)
		return true;
	onn_step *step = onn_schedule_step(p, ONN_STEP_ARGMAX);
	if (!step)
		return false;
	uint32_t axis = onn_plan_node(p, id)->attr->axis.axis;
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
	uint32_t in = onn_plan_input(p, id, 0), index = onn_plan_input(p, id, 1);
	const onn_node_data *x = onn_plan_node(p, in);
	const onn_ref *ref = &p->fact[in].ref;
	uint32_t from = onn_plan_value(p, ref->base), to = onn_plan_value(p, id);
	uint32_t by = onn_plan_value(p, p->fact[index].ref.base);
	if (from == UINT32_MAX || to == UINT32_MAX || by == UINT32_MAX)
		return false;
	if (onn_data_count(onn_plan_node(p, id)) == 0)
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
	step->u.take.count = onn_data_count(onn_plan_node(p, index));
	step->u.take.row = onn_data_count(onn_plan_node(p, id)) / step->u.take.count;
	step->bytes =
	    2.0 * (double)onn_data_count(onn_plan_node(p, id)) * (double)onn_type_size(x->type);
	snprintf(step->label, sizeof step->label, "take");
	return true;
}

static bool emit_scatter_add(onn_planner *p, uint32_t id)
{
	uint32_t index = onn_plan_input(p, id, 0), in = onn_plan_input(p, id, 1);
	uint32_t by = onn_plan_value(p, p->fact[index].ref.base);
	uint32_t from = onn_plan_value(p, p->fact[in].ref.base), to = onn_plan_value(p, id);
	if (by == UINT32_MAX || from == UINT32_MAX || to == UINT32_MAX)
		return false;
	size_t count = onn_data_count(onn_plan_node(p, index)),
	       updates = onn_data_count(onn_plan_node(p, in));
	if (onn_data_count(onn_plan_node(p, id)) == 0)
		return true;
	if (updates == 0)
		return emit_zero(p, to);
	onn_step *step = onn_schedule_step(p, ONN_STEP_SCATTER);
	if (!step)
		return false;
	step->u.scatter.index = by;
	step->u.scatter.updates = from;
	step->u.scatter.out = to;
	step->u.scatter.rows = onn_plan_node(p, id)->shape[0];
	step->u.scatter.count = count;
	step->u.scatter.row = updates / count;
	step->flops = (double)updates;
	step->bytes = (double)(updates + onn_data_count(onn_plan_node(p, id))) *
	              (double)onn_type_size(onn_plan_node(p, id)->type);
	snprintf(step->label, sizeof step->label, "scatter_add");
	return true;
}

static bool operand(onn_planner *p, uint32_t id, uint32_t i, int op, onn_matrix *m)
{
	uint32_t in = onn_plan_input(p, id, i);
	m->value = onn_plan_value(p, p->fact[in].ref.base);
	return m->value != UINT32_MAX &&
	       onn_ref_matrix(m, &p->fact[in].ref, onn_plan_node(p, in), op);
}

static bool emit_matmul(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id),
	                    *a = onn_plan_node(p, onn_plan_input(p, id, 0));
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
	const onn_node_data *n = onn_plan_node(p, id);
	bool filtered = n->op == ONN_OP_FILTER;
	const size_t *points = n->shape + n->ndim - 2;
	memset(t, 0, sizeof *t);
	if (filtered) {
		uint32_t spectrum = onn_plan_input(p, id, 1);
		t->axes = n->attr->filter.axes;
		t->conjugate = n->attr->filter.conjugate;
		t->filtered = true;
		if (!filter_view(&t->filter, p, spectrum))
			return false;
		points = onn_plan_node(p, spectrum)->shape + n->ndim - 2;
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
	const onn_node_data *n = onn_plan_node(p, id);
	uint32_t in = onn_plan_input(p, id, 0), d = n->ndim;
	const onn_node_data *x = onn_plan_node(p, in);
	onn_transform t;
	onn_builder b;
	onn_builder_start(&b, p);
	uint32_t value = onn_plan_value(p, id);
	if (value == UINT32_MAX || !transform_of(&t, p, id))
		return false;
	if (onn_data_count(n) == 0)
		return true;
	onn_target target = {prologue(p, &b, in), onn_dense_view(value, d, n->shape)};
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
	const onn_node_data *n = onn_plan_node(p, id);
	uint32_t in = onn_plan_input(p, id, 0), value = onn_plan_value(p, id);
	const onn_node_data *x = onn_plan_node(p, in);
	if (value == UINT32_MAX || (onn_data_count(n) && !emit_zero(p, value)))
		return false;
	onn_view to = onn_dense_view(value, n->ndim, n->shape);
	for (uint32_t i = 0; i < n->ndim; i++) {
		to.offset += n->attr->slice.start[i] * to.stride[i];
		to.stride[i] *= n->attr->slice.step[i];
	}
	return onn_emit_copy(p, &p->fact[in].ref, x->type, x->ndim, x->shape, &to);
}

static bool emit_concat(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id);
	uint32_t value = onn_plan_value(p, id), axis = n->attr->axis.axis;
	if (value == UINT32_MAX)
		return false;
	onn_view to = onn_dense_view(value, n->ndim, n->shape);
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = onn_plan_input(p, id, i);
		const onn_node_data *x = onn_plan_node(p, in);
		if (!onn_emit_copy(p, &p->fact[in].ref, x->type, x->ndim, x->shape, &to))
			return false;
		to.offset += (ptrdiff_t)x->shape[axis] * to.stride[axis];
	}
	return true;
}

/* Its operands' values are x, state, parameters and, of an adjoint, the gradient. */
static bool emit_pulse(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id);
	const onn_node_data *light = onn_plan_node(p, onn_plan_input(p, id, 0));
	uint32_t value[4] = {0}, to = onn_plan_value(p, id);
	bool one[4] = {false};
	if (to == UINT32_MAX)
		return false;
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = onn_plan_input(p, id, i);
		value[i] = onn_plan_value(p, p->fact[in].ref.base);
		one[i] = onn_plan_node(p, in)->shape[0] == 1;
		if (value[i] == UINT32_MAX)
			return false;
	}
	if (onn_data_count(n) == 0)
		return true;
	onn_step *step = onn_schedule_step(p, ONN_STEP_PULSE);
	if (!step)
		return false;
	step->u.pulse.kind = onn_pulse_rows_of(n->attr, light->shape[1]);
	step->u.pulse.adjoint = n->op == ONN_OP_PULSE_ADJOINT;
	step->u.pulse.light = value[0];
	step->u.pulse.state = value[1];
	step->u.pulse.parameters = value[2];
	step->u.pulse.cotangent = step->u.pulse.adjoint ? value[3] : 0;
	step->u.pulse.out = to;
	step->u.pulse.rows = light->shape[0];
	step->u.pulse.one_state = one[1];
	step->u.pulse.one_parameters = one[2];
	/* some 40 operations a cell, slot and class, and twice as many on the way back */
	const onn_pulse_rows *kind = &step->u.pulse.kind;
	step->flops = (step->u.pulse.adjoint ? 120.0 : 40.0) * (double)light->shape[0] *
	              (double)onn_pulse_rows_steps(kind) * kind->cells * kind->classes;
	step->bytes =
	    (double)(onn_data_count(light) + onn_data_count(n)) * (double)onn_type_size(n->type);
	snprintf(step->label, sizeof step->label, "%s %s",
	    kind->model       ? "bloch"
	    : kind->beams > 1 ? "rate, two beams,"
	                      : "rate",
	    onn_op_name(n->op));
	return true;
}

/* What a node asks of a step; false without memory. */
static bool convolve_of(onn_convolve *c, onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id), *shape[3];
	uint32_t value[3], self = n->op == ONN_OP_CONV2D         ? ONN_CONVOLVE_OUTPUT
	                          : n->op == ONN_OP_CONV2D_INPUT ? ONN_CONVOLVE_INPUT
	                                                         : ONN_CONVOLVE_WEIGHT;
	/* the operands are the other two in the order x, w, y */
	static const uint32_t operand_of[3][2] = {
	    [ONN_CONVOLVE_OUTPUT] = {ONN_CONVOLVE_INPUT, ONN_CONVOLVE_WEIGHT},
	    [ONN_CONVOLVE_INPUT] = {ONN_CONVOLVE_WEIGHT, ONN_CONVOLVE_OUTPUT},
	    [ONN_CONVOLVE_WEIGHT] = {ONN_CONVOLVE_INPUT, ONN_CONVOLVE_OUTPUT},
	};
	shape[self] = n;
	value[self] = onn_plan_value(p, id);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t in = onn_plan_input(p, id, i);
		shape[operand_of[self][i]] = onn_plan_node(p, in);
		value[operand_of[self][i]] = onn_plan_value(p, p->fact[in].ref.base);
	}
	const size_t *x = shape[ONN_CONVOLVE_INPUT]->shape, *w = shape[ONN_CONVOLVE_WEIGHT]->shape,
	             *y = shape[ONN_CONVOLVE_OUTPUT]->shape;
	*c = (onn_convolve){.part = (onn_convolve_part)self,
	    .x = value[ONN_CONVOLVE_INPUT],
	    .w = value[ONN_CONVOLVE_WEIGHT],
	    .y = value[ONN_CONVOLVE_OUTPUT],
	    .batch = x[0],
	    .channels = x[1],
	    .outputs = y[1],
	    .groups = n->attr->convolution.groups,
	    .image = {x[2], x[3]},
	    .kernel = {w[2], w[3]},
	    .result = {y[2], y[3]}};
	memcpy(c->stride, n->attr->convolution.stride, sizeof c->stride);
	memcpy(c->padding, n->attr->convolution.padding, sizeof c->padding);
	memcpy(c->dilation, n->attr->convolution.dilation, sizeof c->dilation);
	return c->x != UINT32_MAX && c->w != UINT32_MAX && c->y != UINT32_MAX;
}

static bool emit_conv2d(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id);
	onn_convolve c;
	if (!convolve_of(&c, p, id))
		return false;
	if (onn_data_count(n) == 0)
		return true;
	if (c.batch == 0 || c.image[0] == 0 || c.image[1] == 0)
		return emit_zero(p, onn_plan_value(p, id)); /* a sum of nothing */
	onn_step *step = onn_schedule_step(p, ONN_STEP_CONVOLVE);
	if (!step)
		return false;
	step->u.convolve = c;
	double x = (double)c.batch * (double)c.channels * (double)(c.image[0] * c.image[1]);
	double y = (double)c.batch * (double)c.outputs * (double)(c.result[0] * c.result[1]);
	double sum = (double)(c.channels / c.groups) * (double)(c.kernel[0] * c.kernel[1]);
	step->flops = (onn_type_is_complex(n->type) ? 8 : 2) * y * sum;
	step->bytes = (x + y + (double)c.outputs * sum) * (double)onn_type_size(n->type);
	snprintf(step->label, sizeof step->label, "%s", onn_op_name((onn_op)n->op));
	return true;
}

#define emit_conv2d_input  emit_conv2d
#define emit_conv2d_weight emit_conv2d

#define EMIT_REDUCTION(text) emit_reduction
#define EMIT_TRANSFORM(text) emit_transform
#define EMIT_PRODUCT(text)   emit_##text
#define EMIT_INDEX(text)     emit_##text
#define EMIT_PULSE(text)     emit_pulse
#define EMIT_COPY(text)      emit_##text

static bool (*const emitter[ONN_OP_COUNT])(onn_planner *, uint32_t) = {
#define ONN_STEP(id, text, arity, role, ...) [ONN_OP_##id] = EMIT_##role(text),
#include "ops/ops.def"
};

bool onn_emit_node(onn_planner *p, uint32_t id) { return emitter[onn_plan_node(p, id)->op](p, id); }
