/*
 * Where values go: which nodes a program stores, what a reduction computes on the fly, which memory
 * outputs and assigned variables take their values from.
 */
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "plan/planner.h"

/* in the units of onn_op_cost */
enum { READING_BACK = 2 };

/* ---- what is read from memory ---- */

/* A first operand that may be computed on the fly: pointwise, and read by nobody else. */
static bool may_inline(const onn_planner *p, uint32_t reduction)
{
	if (!onn_op_has_prologue(onn_plan_node(p, reduction)->op))
		return false;
	uint32_t x = onn_plan_input(p, reduction, 0);
	const onn_fact *f = &p->fact[x];
	return p->fuse && f->owns && !f->copied && f->uses == 1 &&
	       onn_op_is_pointwise(onn_plan_node(p, x)->op);
}

static void store_operands(onn_planner *p, uint32_t unit, uint32_t id, uint32_t first)
{
	const onn_node_data *n = onn_plan_node(p, id);
	for (uint32_t i = first; i < n->ninputs; i++) {
		uint32_t in = onn_plan_input(p, id, i);
		if (p->unit[unit].kind == ONN_UNIT_POINTWISE && onn_unit_computes(p, unit, in))
			continue;
		if (!p->fact[in].ref.uniform)
			p->fact[p->fact[in].ref.base].stored = true;
	}
}

static void store_what_is_read(onn_planner *p)
{
	for (uint32_t u = 1; u <= p->nunits; u++) {
		const onn_unit *unit = &p->unit[u];
		for (size_t i = 0; !unit->into && i < unit->nmembers; i++) {
			uint32_t id = unit->member[i];
			if (unit->kind == ONN_UNIT_COPY) {
				if (!p->fact[id].source.uniform)
					p->fact[p->fact[id].source.base].stored = true;
			} else {
				store_operands(p, u, id, may_inline(p, id));
			}
		}
	}
}

/* ---- prologues ---- */

size_t onn_plan_expression(uint32_t *member, const onn_planner *p, uint32_t root)
{
	uint32_t unit = onn_unit_find(p, p->fact[root].unit);
	const onn_unit *u = &p->unit[unit];
	bool wanted[ONN_PROGRAM_MAX_INSTRS] = {false};
	size_t count = 0;
	/* members ascend, so each comes behind its operands: walk back from the root */
	for (size_t i = u->nmembers; i-- > 0;) {
		uint32_t id = u->member[i];
		if (id == root)
			wanted[i] = true;
		if (!wanted[i])
			continue;
		count++;
		const onn_node_data *n = onn_plan_node(p, id);
		for (uint32_t k = 0; k < n->ninputs; k++) {
			uint32_t in = onn_plan_resolve(p, onn_node_inputs(n)[k]);
			if (p->fact[in].stored || !onn_unit_computes(p, unit, in))
				continue;
			for (size_t j = 0; j < i; j++)
				if (u->member[j] == in)
					wanted[j] = true;
		}
	}
	for (size_t i = 0, k = 0; i < u->nmembers; i++)
		if (wanted[i])
			member[k++] = u->member[i];
	return count;
}

/* Whether a node costs more than reading its value back. */
static bool is_costly(const onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_plan_node(p, id);
	return onn_op_cost(n->op, onn_plan_node(p, onn_plan_input(p, id, 0))->type) > READING_BACK;
}

static uint32_t uses_within(const onn_planner *p, uint32_t id, const uint32_t *member, size_t n)
{
	uint32_t uses = 0;
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < onn_plan_node(p, member[i])->ninputs; k++)
			uses += onn_plan_input(p, member[i], k) == id;
	return uses;
}

static bool inline_prologue(onn_planner *p, uint32_t reduction)
{
	uint32_t member[ONN_PROGRAM_MAX_INSTRS];
	uint32_t x = onn_plan_input(p, reduction, 0);
	size_t n = onn_plan_expression(member, p, x);
	/* what others compute too is computed twice, but only where it is cheap */
	bool fits = onn_plan_expression_fits(p, member, n);
	for (size_t i = 0; fits && i + 1 < n; i++)
		fits = !is_costly(p, member[i]) ||
		       uses_within(p, member[i], member, n) == p->fact[member[i]].uses;
	if (!fits) {
		p->fact[x].stored = true;
		return true;
	}
	p->fact[x].inlined = true;
	uint32_t unit = p->fact[reduction].unit;
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < onn_plan_node(p, member[i])->ninputs; k++) {
			uint32_t in = onn_plan_input(p, member[i], k);
			const onn_ref *ref = &p->fact[in].ref;
			bool inner = !p->fact[in].stored && uses_within(p, in, member, n) &&
			             onn_unit_computes(p, onn_unit_find(p, p->fact[x].unit), in);
			uint32_t pred = inner || ref->uniform ? 0 : p->fact[ref->base].unit;
			if (pred && !onn_unit_add_pred(p, unit, pred))
				return false;
			if (!inner && !ref->uniform)
				p->fact[ref->base].stored = true;
		}
	return true;
}

/* ---- outputs ---- */

static uint32_t copy_unit(onn_planner *p, uint32_t id, uint32_t memory)
{
	const onn_ref *ref = &p->fact[id].ref;
	uint32_t u = onn_unit_new(p, ONN_UNIT_OUTPUT, id);
	if (!u)
		return 0;
	p->unit[u].memory = memory;
	if (ref->uniform)
		return u;
	p->fact[ref->base].stored = true;
	uint32_t pred = p->fact[ref->base].unit;
	return pred == 0 || onn_unit_add_pred(p, u, pred) ? u : 0;
}

static bool place_output(onn_planner *p, size_t i)
{
	uint32_t id = onn_plan_resolve(p, p->output[i].id);
	const onn_node_data *n = onn_plan_node(p, id);
	if (n->op == ONN_OP_ASSIGN)
		return true;
	uint32_t memory =
	    onn_schedule_memory(p, ONN_MEMORY_OUTPUT, onn_data_count(n) * onn_type_size(n->type));
	if (memory == UINT32_MAX)
		return false;
	p->output_memory[i] = memory + 1;
	const onn_ref *ref = &p->fact[id].ref;
	onn_fact *base = &p->fact[ref->base];
	if (!ref->uniform && base->unit && base->memory == 0 && !base->inlined &&
	    onn_ref_is_dense(ref, n->ndim, n->shape) &&
	    onn_data_count(n) == onn_data_count(onn_plan_node(p, ref->base))) {
		base->memory = memory + 1;
		base->stored = true;
		return true;
	}
	return copy_unit(p, id, memory + 1) != 0;
}

/* ---- variables ---- */

/*
 * How unit u reads a variable: 0 not at all, 1 element by element as it lies, 2 otherwise. A fused
 * unit may then overwrite the variable as it reads it.
 */
static int reads(const onn_planner *p, uint32_t u, uint32_t variable)
{
	const onn_unit *unit = &p->unit[u];
	const onn_node_data *v = onn_plan_node(p, variable);
	int how = 0;
	for (size_t i = 0; i < unit->nmembers; i++) {
		uint32_t id = unit->member[i];
		const onn_node_data *n = onn_plan_node(p, id);
		uint32_t expression[ONN_PROGRAM_MAX_INSTRS];
		size_t count = 0;
		if (unit->kind == ONN_UNIT_COPY) {
			const onn_ref *from = &p->fact[id].source;
			how = !from->uniform && from->base == variable ? 2 : how;
			continue;
		}
		if (unit->kind == ONN_UNIT_OUTPUT || unit->kind == ONN_UNIT_STORE) {
			const onn_ref *from = &p->fact[id].ref;
			how = !from->uniform && from->base == variable ? 2 : how;
			continue;
		}
		if (onn_op_has_prologue(n->op) && p->fact[onn_plan_input(p, id, 0)].inlined)
			count = onn_plan_expression(expression, p, onn_plan_input(p, id, 0));
		for (size_t e = 0; e <= count; e++) {
			const onn_node_data *m = e < count ? onn_plan_node(p, expression[e]) : n;
			for (uint32_t k = 0; k < m->ninputs; k++) {
				uint32_t in = onn_plan_resolve(p, onn_node_inputs(m)[k]);
				const onn_ref *ref = &p->fact[in].ref;
				if (ref->uniform || ref->base != variable)
					continue;
				bool same = unit->kind == ONN_UNIT_POINTWISE &&
				            onn_ref_is_dense(ref, v->ndim, v->shape) &&
				            onn_shape_equal(n->ndim, n->shape, v->ndim, v->shape);
				how = same && how < 2 ? 1 : 2;
			}
		}
	}
	return how;
}

/* Whether unit `writer` can store into the variable at once: every other reader can run before. */
static bool can_overwrite(
    onn_planner *p, uint32_t writer, uint32_t variable, bool add, bool *memory)
{
	for (uint32_t u = 1; u <= p->nunits; u++) {
		if (p->unit[u].into || p->unit[u].dead)
			continue;
		int how = reads(p, u, variable);
		if (how == 0)
			continue;
		if (u == writer) {
			if (how == 2)
				return false;
			continue;
		}
		if (add)
			*memory = *memory && onn_unit_add_pred(p, writer, u);
		else if (p->unit[u].kind == ONN_UNIT_STORE || onn_unit_reaches(p, u, writer))
			return false;
	}
	return true;
}

static bool store_at_the_end(onn_planner *p, uint32_t variable, uint32_t value)
{
	const onn_ref *ref = &p->fact[value].ref;
	uint32_t saved = 0;
	/* another variable's value has to be saved before anything is overwritten */
	if (!ref->uniform && onn_plan_node(p, ref->base)->op == ONN_OP_VARIABLE) {
		saved = copy_unit(p, value, 0);
		if (!saved)
			return false;
	}
	uint32_t u = onn_unit_new(p, ONN_UNIT_STORE, value);
	if (!u)
		return false;
	p->unit[u].memory = variable;
	p->unit[u].from = saved;
	if (!saved && !ref->uniform)
		p->fact[ref->base].stored = true;
	return true;
}

/* The value of an assign goes straight to its variable where that is safe, else by a copy at the
 * end. */
static bool place_assign(onn_planner *p, uint32_t assign, bool direct)
{
	uint32_t variable = onn_plan_node(p, assign)->inline_input[0];
	uint32_t value = onn_plan_input(p, assign, 1);
	onn_fact *f = &p->fact[value];
	bool memory = true;
	if (!direct)
		return store_at_the_end(p, variable, value);
	uint32_t unit = onn_unit_find(p, f->unit);
	if (!can_overwrite(p, unit, variable, false, &memory))
		return store_at_the_end(p, variable, value);
	can_overwrite(p, unit, variable, true, &memory);
	uint32_t index = onn_schedule_variable(p, variable);
	f->memory = index + 1;
	f->stored = true;
	return memory && index != UINT32_MAX;
}

static bool is_direct(const onn_planner *p, uint32_t assign)
{
	uint32_t value = onn_plan_input(p, assign, 1);
	const onn_fact *f = &p->fact[value];
	return f->owns && !f->copied && f->unit && f->memory == 0 && !f->inlined &&
	       p->unit[onn_unit_find(p, f->unit)].kind == ONN_UNIT_POINTWISE;
}

/* Refuses two assigns of one variable; the same assign twice is one. */
static onn_status check_assigns(onn_planner *p)
{
	for (size_t i = 0; i < p->noutputs; i++)
		for (size_t k = 0; k < i; k++) {
			const onn_node_data *a = onn_plan_node(p, p->output[i].id),
			                    *b = onn_plan_node(p, p->output[k].id);
			if (a->op == ONN_OP_ASSIGN && b->op == ONN_OP_ASSIGN && a != b &&
			    a->inline_input[0] == b->inline_input[0])
				return onn_error(ONN_ERROR_ARGUMENT,
				    "onn_plan_create: outputs %zu and %zu both assign \"%s\"; "
				    "expected one assign a variable",
				    k, i,
				    onn_plan_node(p, a->inline_input[0])->attr->variable.name);
		}
	return ONN_OK;
}

static onn_status assigns(onn_planner *p)
{
	onn_status status = check_assigns(p);
	/* copies first: they read variables, which direct stores have to know */
	for (int direct = 0; direct <= 1; direct++)
		for (size_t i = 0; i < p->noutputs && status == ONN_OK; i++) {
			uint32_t id = p->output[i].id;
			onn_fact *f = &p->fact[id];
			if (onn_plan_node(p, id)->op != ONN_OP_ASSIGN || f->stored ||
			    (!direct && is_direct(p, id)))
				continue;
			f->stored = true;
			if (!place_assign(p, id, is_direct(p, id)))
				status = onn_error_memory("onn_plan_create", sizeof(onn_unit));
		}
	return status;
}

onn_status onn_plan_destinations(onn_planner *p)
{
	store_what_is_read(p);
	for (size_t i = 0; i < p->noutputs; i++) {
		uint32_t id = onn_plan_resolve(p, p->output[i].id);
		if (onn_plan_node(p, id)->op == ONN_OP_ASSIGN)
			id = onn_plan_input(p, id, 1);
		if (!p->fact[id].ref.uniform)
			p->fact[p->fact[id].ref.base].stored = true;
	}
	for (uint32_t u = 1; u <= p->nunits; u++)
		if (!p->unit[u].into && p->unit[u].kind == ONN_UNIT_NODE &&
		    may_inline(p, p->unit[u].member[0]) &&
		    !inline_prologue(p, p->unit[u].member[0]))
			return onn_error_memory("onn_plan_create", sizeof(onn_unit));
	for (size_t i = 0; i < p->noutputs; i++)
		if (!place_output(p, i))
			return onn_error_memory("onn_plan_create", sizeof(onn_unit));
	onn_status status = assigns(p);
	for (uint32_t u = 1; u <= p->nunits && status == ONN_OK; u++) {
		onn_unit *unit = &p->unit[u];
		unit->dead = unit->kind == ONN_UNIT_POINTWISE;
		for (size_t i = 0; i < unit->nmembers; i++)
			unit->dead = unit->dead && !p->fact[unit->member[i]].stored;
	}
	return status;
}
