/*
 * Adam's update is by far the most of a training step's pointwise work, and bound by divisions,
 * square roots and memory, none of which overlap where each instruction is a loop of its own.
 *
 * The pattern is looked for in a step's program, with operands of sums and products in either
 * order. With AVX-512 the quotient in f32 is right to the last bit or two, else the numbers are
 * those of the instructions one by one.
 */
#include "backend/c/pointwise/adam.h"

#include <string.h>

#include "backend/c/thresholds.h"
#include "backend/c/view.h"
#include "core/element.h"
#include "core/memory.h"

enum {
	LEAF_M,
	LEAF_V,
	LEAF_W,
	LEAF_G,
	LEAF_SCALAR, /* s0 ... s5 */
	LEAVES = LEAF_SCALAR + ONN_ADAM_SCALARS,
	NODES = LEAVES + 12,
	NODE_M = LEAVES + 2, /* m' */
	NODE_V = LEAVES + 6, /* v' */
	NODE_W = NODES - 1,  /* w' */
	NONE = UINT16_MAX
};

/* Node LEAVES + i; operands are nodes. */
static const struct {
	onn_op op;
	int a, b;
} pattern[NODES - LEAVES] = {
    {ONN_OP_MUL, LEAF_M, LEAF_SCALAR},
    {ONN_OP_MUL, LEAF_G, LEAF_SCALAR + 1},
    {ONN_OP_ADD, LEAVES, LEAVES + 1},
    {ONN_OP_MUL, LEAF_V, LEAF_SCALAR + 2},
    {ONN_OP_MUL, LEAF_G, LEAF_G},
    {ONN_OP_MUL, LEAVES + 4, LEAF_SCALAR + 3},
    {ONN_OP_ADD, LEAVES + 3, LEAVES + 5},
    {ONN_OP_SQRT, NODE_V, NODE_V},
    {ONN_OP_ADD, LEAVES + 7, LEAF_SCALAR + 4},
    {ONN_OP_DIV, NODE_M, LEAVES + 8},
    {ONN_OP_MUL, LEAVES + 9, LEAF_SCALAR + 5},
    {ONN_OP_SUB, LEAF_W, LEAVES + 10},
};

typedef struct match {
	const onn_c_builder *builder;
	const onn_program *program;
	onn_type type;
	onn_c_view view[ONN_PROGRAM_MAX_INPUTS];
	uint16_t bound[NODES]; /* the register of each node */
} match;

/* ---- finding it ---- */

static bool is_leaf(const match *m, int node, uint16_t reg)
{
	const onn_program *p = m->program;
	bool wants_scalar = node >= LEAF_SCALAR;
	if (reg >= p->ninputs)
		return wants_scalar && reg < p->ninputs + p->nimmediates;
	if (m->builder->schedule->value[p->input[reg].value].type != m->type)
		return false;
	return wants_scalar ? m->view[reg].uniform : m->view[reg].dense;
}

static bool bind(match *m, int node, uint16_t reg);

static bool bind_operands(match *m, int node, uint16_t a, uint16_t b)
{
	return bind(m, pattern[node - LEAVES].a, a) && bind(m, pattern[node - LEAVES].b, b);
}

/* Whether a register is what a node says, with all below it. */
static bool bind(match *m, int node, uint16_t reg)
{
	const onn_program *p = m->program;
	if (m->bound[node] != NONE)
		return m->bound[node] == reg;
	if (node < LEAVES) {
		if (!is_leaf(m, node, reg))
			return false;
		m->bound[node] = reg;
		return true;
	}
	if (reg < p->ninputs + p->nimmediates)
		return false;
	const onn_instr *instr = &p->instr[reg - p->ninputs - p->nimmediates];
	onn_op op = pattern[node - LEAVES].op;
	if (instr->op != op || instr->type != m->type)
		return false;
	uint16_t before[NODES];
	memcpy(before, m->bound, sizeof before);
	m->bound[node] = reg;
	uint16_t a = instr->src[0], b = instr->arity > 1 ? instr->src[1] : a;
	if (bind_operands(m, node, a, b))
		return true;
	memcpy(m->bound, before, sizeof before);
	m->bound[node] = reg;
	if ((op == ONN_OP_ADD || op == ONN_OP_MUL) && bind_operands(m, node, b, a))
		return true;
	memcpy(m->bound, before, sizeof before);
	return false;
}

/* The output that stores a node; -1: none. */
static int output_of(const match *m, int node)
{
	for (uint32_t o = 0; o < m->program->noutputs; o++)
		if (m->program->output[o].reg == m->bound[node])
			return (int)o;
	return -1;
}

static bool find(match *m)
{
	const onn_program *p = m->program;
	for (uint32_t o = 0; o < p->noutputs; o++) {
		memset(m->bound, 0xff, sizeof m->bound);
		if (bind(m, NODE_W, p->output[o].reg))
			return output_of(m, NODE_M) >= 0 && output_of(m, NODE_V) >= 0;
	}
	return false;
}

/* ---- running ---- */

static void load_scalars(const onn_c_adam *u, const onn_c_thread *thread, void *to)
{
	for (int i = 0; i < ONN_ADAM_SCALARS; i++) {
		char *at = (char *)to + (size_t)i * u->size;
		if (u->scalar[i].immediate)
			onn_part_set(at, u->type, 0, u->scalar[i].value);
		else
			memcpy(at, onn_c_at(thread, u->scalar[i].place), u->size);
	}
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_adam *u = data;
	double scalars[ONN_ADAM_SCALARS];
	const void *in[4];
	void *out[3];
	size_t from = begin * ONN_C_ADAM_CHUNK,
	       to = end * ONN_C_ADAM_CHUNK < u->count ? end * ONN_C_ADAM_CHUNK : u->count;
	load_scalars(u, thread, scalars);
	for (int i = 0; i < 4; i++)
		in[i] = onn_c_at(thread, u->in[i]) + from * u->size;
	for (int i = 0; i < 3; i++)
		out[i] = onn_c_at(thread, u->out[i]) + from * u->size;
	u->kernel(out, in, scalars, to - from);
}

static size_t edge(const void *data, size_t chunk)
{
	return chunk * ONN_C_ADAM_CHUNK * ((const onn_c_adam *)data)->size;
}

/* ---- preparation ---- */

static onn_c_scalar scalar_of(const match *m, uint16_t reg)
{
	const onn_program *p = m->program;
	if (reg < p->ninputs)
		return (onn_c_scalar){false, 0, m->view[reg].place};
	return (onn_c_scalar){true, p->immediate[reg - p->ninputs].re, {0, 0}};
}

/* Nothing may be left over, and an output may overwrite only the input that it is the new value of.
 */
static bool fits(const match *m, const onn_c_view out[3])
{
	const onn_program *p = m->program;
	if (p->ninstrs != NODES - LEAVES || p->noutputs != 3)
		return false;
	for (int i = 0; i < 3; i++) {
		if (!out[i].dense)
			return false;
		for (int j = 0; j < 4; j++) {
			const onn_c_place *in = &m->view[m->bound[j]].place;
			if (in->memory == out[i].place.memory && in->offset != out[i].place.offset)
				continue;
			if (in->memory == out[i].place.memory && i != j)
				return false;
		}
	}
	return true;
}

bool onn_c_find_adam(const onn_c_builder *b, const onn_step *step, void *subject)
{
	static const int results[3] = {NODE_M, NODE_V, NODE_W};
	const onn_program *p = &step->u.pointwise.program;
	onn_c_adam *u = subject;
	onn_c_space space;
	onn_c_view out[3];
	match m = {.builder = b, .program = p};
	onn_c_space_init(&space, step->u.pointwise.ndim, step->u.pointwise.shape, NULL);
	if (p->ninstrs != NODES - LEAVES || p->noutputs != 3 || space.count < 2)
		return false;
	m.type = p->instr[0].type;
	if (!b->kernels->adam[m.type])
		return false;
	for (uint32_t i = 0; i < p->ninputs; i++)
		onn_c_view_init(&m.view[i], b, &p->input[i], &space);
	if (!find(&m))
		return false;
	for (int i = 0; i < 3; i++)
		onn_c_view_init(&out[i], b, &p->output[output_of(&m, results[i])].view, &space);
	if (!fits(&m, out))
		return false;
	*u = (onn_c_adam){.kernel = b->kernels->adam[m.type],
	    .type = m.type,
	    .count = space.count,
	    .size = onn_type_size(m.type)};
	for (int i = 0; i < 4; i++)
		u->in[i] = m.view[m.bound[i]].place;
	for (int i = 0; i < 3; i++)
		u->out[i] = out[i].place;
	for (int i = 0; i < ONN_ADAM_SCALARS; i++)
		u->scalar[i] = scalar_of(&m, m.bound[LEAF_SCALAR + i]);
	return true;
}

onn_status onn_c_prepare_adam(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_adam *u = onn_c_allocate(b, sizeof *u);
	(void)step;
	if (!u)
		return ONN_ERROR_MEMORY;
	*u = *(const onn_c_adam *)subject;
	onn_status status = onn_c_add_stage(b, work, u,
	    onn_size_divide_up(u->count, ONN_C_ADAM_CHUNK), ONN_C_COST_ADAM * (double)u->count);
	for (int i = 0; i < 7 && !status; i++) {
		const onn_c_place *at = i < 4 ? &u->in[i] : &u->out[i - 4];
		status = onn_c_touch(b, at->memory, at->offset, u->count * u->size, i >= 4, edge);
	}
	for (int i = 0; i < ONN_ADAM_SCALARS && !status; i++)
		if (!u->scalar[i].immediate)
			status = onn_c_touch(b, u->scalar[i].place.memory,
			    u->scalar[i].place.offset, u->size, false, NULL);
	return status;
}
