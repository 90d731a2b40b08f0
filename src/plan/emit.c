/*
 * From units to steps: programs and copies here, nodes of other kinds in emit_node.c.
 */
#include "plan/emit.h"

#include <string.h>

#include "core/error.h"

static bool is_empty(size_t ndim, const size_t *shape)
{
	for (size_t i = 0; i < ndim; i++)
		if (shape[i] == 0)
			return true;
	return false;
}

onn_view onn_dense_view(uint32_t value, size_t ndim, const size_t *shape)
{
	onn_view v;
	memset(&v, 0, sizeof v);
	v.value = value;
	onn_dense_strides(v.stride, ndim, shape);
	return v;
}

bool onn_emit_copy(onn_planner *p, const onn_ref *from, onn_type type, size_t ndim,
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
	onn_view to = onn_dense_view(value, ndim, shape);
	return onn_emit_copy(p, from, type, ndim, shape, &to);
}

/* The members that stored ones need, ascending. */
static size_t needed(const onn_planner *p, const onn_unit *u, uint32_t *member)
{
	bool wanted[ONN_PROGRAM_MAX_INSTRS] = {false};
	uint32_t unit = (uint32_t)(u - p->unit);
	size_t count = 0;
	for (size_t i = u->nmembers; i-- > 0;) {
		wanted[i] = wanted[i] || p->fact[u->member[i]].stored;
		for (uint32_t k = 0; wanted[i] && k < onn_plan_node(p, u->member[i])->ninputs;
		     k++) {
			uint32_t in = onn_plan_input(p, u->member[i], k);
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
	const onn_node_data *first = onn_plan_node(p, member[0]);
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
			target[ntargets++].view = onn_dense_view(value, first->ndim, first->shape);
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

/* A copy to an output, or of another variable's value before it is overwritten. */
static bool emit_output(onn_planner *p, onn_unit *u)
{
	const onn_node_data *n = onn_plan_node(p, u->member[0]);
	uint32_t memory = u->memory ? u->memory - 1 : 0;
	uint32_t value = onn_schedule_value(p, n->type, onn_data_count(n), memory);
	u->value = value + 1;
	return value != UINT32_MAX &&
	       emit_dense_copy(p, &p->fact[u->member[0]].ref, n->type, n->ndim, n->shape, value);
}

static bool emit_store(onn_planner *p, const onn_unit *u)
{
	const onn_node_data *n = onn_plan_node(p, u->member[0]);
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
	b.input[0] = onn_dense_view(p->unit[u->from].value - 1, n->ndim, n->shape);
	b.ninputs = 1;
	onn_target target = {0, onn_dense_view(to, n->ndim, n->shape)};
	onn_step *step = onn_schedule_step(p, ONN_STEP_POINTWISE);
	return step && onn_builder_finish(&b, step, n->shape, n->ndim, n->ndim, &target, 1);
}

onn_status onn_plan_emit(onn_planner *p)
{
	for (size_t i = 0; i < p->norder; i++) {
		onn_unit *u = &p->unit[p->order[i]];
		uint32_t id = u->member[0];
		const onn_node_data *n = onn_plan_node(p, id);
		bool ok = false;
		switch (u->kind) {
		case ONN_UNIT_POINTWISE:
			ok = emit_pointwise(p, u);
			break;
		case ONN_UNIT_NODE:
			ok = onn_emit_node(p, id);
			break;
		case ONN_UNIT_COPY: {
			const onn_node_data *x = onn_plan_node(p, p->fact[id].source_shape);
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
		if (onn_unit_is_early(p, u))
			p->schedule->early = p->schedule->nsteps;
	}
	return ONN_OK;
}
