/*
 * The schedule's tables: memory, values and steps as they are made.
 */
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/memory.h"
#include "plan/program.h"

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
	s->memory[s->nmemory] = (onn_memory){.kind = kind, .bytes = bytes};
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
