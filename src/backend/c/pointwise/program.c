#include "backend/c/pointwise/program.h"

#include <string.h>

#include "core/error.h"
#include "core/memory.h"

enum {
	/* each operand of each instruction may need a filled block beside its own register */
	MAX_REGISTERS = ONN_PROGRAM_MAX_REGISTERS + ONN_PROGRAM_MAX_INPUTS +
	                ONN_PROGRAM_MAX_IMMEDIATES + ONN_PROGRAM_MAX_INSTRS,
	UNIFORM_BYTES = 16, /* room for a scalar of any type */
	CACHE = 32 * 1024,  /* what the live blocks may take of the L1 cache */
	LINE = 64,
	NONE = UINT16_MAX
};

typedef struct instruction {
	onn_kernel kernel;
	uint16_t y, a, b, c;
	const onn_instr *instr;
} instruction;

typedef struct input {
	uint16_t reg, buffer; /* buffer: NONE where the view is dense */
	size_t inner;         /* elements of a dense run; 0 where there are none */
	onn_c_view view;
} input;

typedef struct output {
	uint16_t reg;
	bool direct; /* its instruction writes to memory */
	onn_c_view view;
} output;

/* reg points to a part of the scratch: a scalar's or a block's. */
typedef struct room {
	uint16_t reg, at;
} room;

struct onn_c_program {
	size_t count, block, slot; /* slot: bytes of a block's buffer */
	size_t scratch, uniforms_at, buffers_at;
	double cost;

	struct {
		uint16_t reg;
		const void *value;
	} * immediate;
	struct {
		uint16_t reg;
		onn_c_place place;
	} * uniform_input;
	room *uniform, *buffer;
	struct {
		uint16_t reg, from, buffer, size;
	} * fill;
	instruction *before, *instruction; /* once a thread; once a block */
	input *input;
	output *output;
	uint16_t nimmediates, nuniform_inputs, nuniforms, nbuffers, nfills, nbefore, ninstructions;
	uint16_t ninputs, noutputs, nregisters, nblocks, result;
};

/* What is known of a register while a program is made. */
typedef struct draft {
	const onn_program *from;
	const onn_value *values;
	onn_c_builder *builder;
	onn_c_program *p;
	bool store;
	bool uniform[MAX_REGISTERS];
	uint16_t size[MAX_REGISTERS];
	uint16_t uses[MAX_REGISTERS];
	uint16_t filled[MAX_REGISTERS]; /* the register that holds a block of this scalar */
	uint16_t maker[MAX_REGISTERS];  /* the instruction in p->instruction; NONE: no block
	                                   instruction */
	uint16_t last[MAX_REGISTERS];   /* the last instruction that reads it; NONE: to the end */
	bool free_at[MAX_REGISTERS];
} draft;

/* ---- types ---- */

static onn_type register_type(const draft *d, uint32_t reg)
{
	const onn_program *f = d->from;
	if (reg < f->ninputs)
		return d->values[f->input[reg].value].type;
	reg -= f->ninputs;
	return reg < f->nimmediates ? f->immediate[reg].type : f->instr[reg - f->nimmediates].type;
}

/* The type by which the tables list an instruction: that of its operands, but of the result where
 * they are numbers of elements. */
static onn_type key_type(const onn_instr *i)
{
	return onn_type_is_float(i->source) ? i->source : i->type;
}

/* The work for an element, in additions of 4 bytes. */
static double weight(const onn_instr *i)
{
	double wide = (double)onn_type_size(i->type) / 4;
	return wide * onn_op_cost(i->op, i->source) * (1 + i->order);
}

/* ---- kernels ---- */

/* A register that holds the scalar `reg` in every element of a block. */
static uint16_t filled(draft *d, uint16_t reg)
{
	onn_c_program *p = d->p;
	if (d->filled[reg] != NONE)
		return d->filled[reg];
	uint16_t made = p->nregisters++;
	d->size[made] = d->size[reg];
	d->filled[reg] = made;
	d->maker[made] = NONE;
	p->fill[p->nfills].reg = made;
	p->fill[p->nfills].from = reg;
	p->fill[p->nfills].size = d->size[reg];
	p->fill[p->nfills++].buffer = p->nblocks++;
	return made;
}

/* A block instruction of up to three operands from a row of variants: scalars as they are where a
 * variant takes them, else as filled blocks. */
static instruction choose_variant(draft *d, const onn_kernel *variant, const onn_instr *instr,
    uint16_t y, const uint16_t *operand, unsigned arity)
{
	uint16_t reg[3] = {y, y, y};
	unsigned mask = 0;
	for (unsigned k = 0; k < arity; k++) {
		reg[k] = operand[k];
		mask |= d->uniform[operand[k]] ? 1u << k : 0;
	}
	if (!variant[mask]) {
		for (unsigned k = 0; k < arity; k++)
			if (mask >> k & 1)
				reg[k] = filled(d, reg[k]);
		mask = 0;
	}
	return (instruction){variant[mask], y, reg[0], reg[1], reg[2], instr};
}

static const onn_kernel *variants(const draft *d, const onn_instr *i)
{
	const onn_kernels *k = d->builder->kernels;
	return i->op == ONN_OP_CAST ? &k->cast[i->source][i->type]
	                            : k->pointwise[i->op][key_type(i)];
}

/* a op1 b, then op2 with c: the chain that does both; ONN_CHAIN_COUNT where there is none. */
static onn_chain find_chain(onn_op first, onn_op second, bool result_is_left)
{
	if (first == ONN_OP_MUL && second == ONN_OP_ADD)
		return ONN_CHAIN_MUL_ADD;
	if (first == ONN_OP_MUL && second == ONN_OP_SUB)
		return result_is_left ? ONN_CHAIN_MUL_SUB : ONN_CHAIN_SUB_MUL;
	if (first == ONN_OP_MUL && second == ONN_OP_MUL)
		return ONN_CHAIN_MUL_MUL;
	if (first == ONN_OP_ADD && second == ONN_OP_MUL)
		return ONN_CHAIN_ADD_MUL;
	if (first == ONN_OP_SUB && second == ONN_OP_MUL)
		return ONN_CHAIN_DIF_MUL;
	return ONN_CHAIN_COUNT;
}

/*
 * Where an operand of instr is the only use of an earlier block instruction's result, both may be
 * one kernel: the earlier is emptied, the later reads its operands. The rounding is that of two
 * instructions.
 */
static bool make_chain(draft *d, const onn_instr *instr, uint16_t y, instruction *made)
{
	const onn_kernels *kernels = d->builder->kernels;
	if (instr->arity != 2 || (instr->type != ONN_F32 && instr->type != ONN_F64))
		return false;
	for (unsigned k = 0; k < 2; k++) {
		uint16_t t = instr->src[k], other = instr->src[1 - k];
		if (d->uniform[t] || d->maker[t] == NONE || d->uses[t] != 1)
			continue;
		instruction *earlier = &d->p->instruction[d->maker[t]];
		const onn_instr *first = earlier->instr;
		if (!earlier->kernel || first->arity != 2 || d->p->instruction[d->maker[t]].y != t)
			continue;
		onn_chain chain = find_chain(first->op, instr->op, k == 0);
		if (chain == ONN_CHAIN_COUNT || d->free_at[t])
			continue;
		uint16_t operand[3] = {first->src[0], first->src[1], other};
		unsigned mask = 0;
		for (unsigned j = 0; j < 3; j++)
			mask |= d->uniform[operand[j]] ? 1u << j : 0;
		const onn_kernel *variant = kernels->chain[chain][instr->type];
		if (!variant[mask])
			continue;
		earlier->kernel = NULL;
		*made = (instruction){variant[mask], y, operand[0], operand[1], operand[2], instr};
		return true;
	}
	return false;
}

static onn_status add_instruction(draft *d, uint32_t index)
{
	onn_c_program *p = d->p;
	const onn_instr *instr = &d->from->instr[index];
	const onn_kernel *row = variants(d, instr);
	uint16_t y = (uint16_t)(d->from->ninputs + d->from->nimmediates + index);
	if (!row[0])
		return onn_error(ONN_ERROR_UNSUPPORTED, "onn_plan_create: device c has no %s of %s",
		    onn_op_name(instr->op), onn_type_name(instr->source));
	if (d->uniform[y]) {
		uint16_t s[3] = {instr->src[0], instr->arity > 1 ? instr->src[1] : y,
		    instr->arity > 2 ? instr->src[2] : y};
		p->before[p->nbefore++] = (instruction){row[0], y, s[0], s[1], s[2], instr};
		p->uniform[p->nuniforms] = (room){y, p->nuniforms};
		p->nuniforms++;
		return ONN_OK;
	}
	instruction made;
	/* free_at marks results of chains: their operands are three already */
	if (make_chain(d, instr, y, &made))
		d->free_at[y] = true;
	else
		made = choose_variant(d, row, instr, y, instr->src, instr->arity);
	d->maker[y] = p->ninstructions;
	p->instruction[p->ninstructions++] = made;
	p->cost += weight(instr);
	return ONN_OK;
}

static void drop_emptied(draft *d)
{
	onn_c_program *p = d->p;
	uint16_t kept = 0;
	for (uint16_t i = 0; i < p->ninstructions; i++) {
		if (!p->instruction[i].kernel)
			continue;
		d->maker[p->instruction[i].y] = kept;
		p->instruction[kept++] = p->instruction[i];
	}
	p->ninstructions = kept;
}

/* ---- inputs, immediates, outputs ---- */

/* Whether an output's bytes are among those of an input's value. */
static bool same_memory(const draft *d, const onn_view *out, const onn_view *in)
{
	const onn_value *a = &d->values[out->value], *b = &d->values[in->value];
	return a->memory == b->memory &&
	       a->offset < b->offset + b->count * onn_type_size(b->type) &&
	       b->offset < a->offset + a->count * onn_type_size(a->type);
}

/*
 * Two variables may change places: an input that is itself an output, and that some output
 * overwrites, is read into a buffer.
 */
static bool is_copied_and_overwritten(const draft *d, uint16_t reg)
{
	bool copied = false, overwritten = false;
	for (uint32_t o = 0; d->store && o < d->from->noutputs; o++) {
		copied |= d->from->output[o].reg == reg;
		overwritten |= same_memory(d, &d->from->output[o].view, &d->from->input[reg]);
	}
	return copied && overwritten;
}

static void add_input(draft *d, uint16_t reg, const onn_c_space *space)
{
	onn_c_program *p = d->p;
	onn_c_view view;
	onn_c_view_init(&view, d->builder, &d->from->input[reg], space);
	/* the only element of a space may be written in place: it counts as a block */
	if (view.uniform && space->count > 1) {
		d->uniform[reg] = true;
		p->uniform_input[p->nuniform_inputs].reg = reg;
		p->uniform_input[p->nuniform_inputs++].place = view.place;
		return;
	}
	input *in = &p->input[p->ninputs++];
	*in = (input){.reg = reg, .buffer = NONE, .view = view};
	if (view.dense && !is_copied_and_overwritten(d, reg))
		return;
	in->buffer = p->nblocks++;
	if (!view.dense && view.stride[view.ndim - 1] == (ptrdiff_t)view.size)
		in->inner = view.shape[view.ndim - 1];
}

static onn_status add_immediate(draft *d, uint32_t index)
{
	onn_c_program *p = d->p;
	const onn_immediate *from = &d->from->immediate[index];
	union {
		uint8_t u8;
		int32_t i32;
		uint32_t u32;
		float f32[2];
		double f64[2];
	} *value = onn_c_allocate(d->builder, sizeof *value);
	if (!value)
		return ONN_ERROR_MEMORY;
	switch (from->type) {
	case ONN_U8:
		value->u8 = (uint8_t)from->re;
		break;
	case ONN_I32:
		value->i32 = (int32_t)from->re;
		break;
	case ONN_U32:
		value->u32 = (uint32_t)from->re;
		break;
	case ONN_F32:
	case ONN_C64:
		value->f32[0] = (float)from->re;
		value->f32[1] = (float)from->im;
		break;
	case ONN_F64:
	case ONN_C128:
		value->f64[0] = from->re;
		value->f64[1] = from->im;
		break;
	}
	uint16_t reg = (uint16_t)(d->from->ninputs + index);
	d->uniform[reg] = true;
	p->immediate[p->nimmediates].reg = reg;
	p->immediate[p->nimmediates++].value = value;
	return ONN_OK;
}

/*
 * An instruction may write an output's memory at once if no later instruction, and no copy at the
 * end, reads an input that lies there.
 */
static bool can_be_direct(const draft *d, uint32_t index)
{
	uint16_t reg = d->from->output[index].reg;
	if (d->uniform[reg] || d->maker[reg] == NONE)
		return false;
	for (uint32_t o = 0; o < index; o++)
		if (d->from->output[o].reg == reg)
			return false;
	for (uint32_t i = 0; i < d->from->ninputs; i++) {
		if (d->uniform[i] ||
		    !same_memory(d, &d->from->output[index].view, &d->from->input[i]))
			continue;
		if (d->last[i] == NONE || (d->uses[i] > 0 && d->last[i] > d->maker[reg]))
			return false;
		/* the same instruction: elements of equal size meet their own place only */
		if (d->size[i] != d->size[reg])
			return false;
	}
	onn_op op = d->p->instruction[d->maker[reg]].instr->op;
	return op != ONN_OP_SINC && op != ONN_OP_CUSTOM;
}

static void add_output(draft *d, uint32_t index, const onn_c_space *space)
{
	onn_c_program *p = d->p;
	output *out = &p->output[p->noutputs++];
	uint16_t reg = d->from->output[index].reg;
	onn_c_view_init(&out->view, d->builder, &d->from->output[index].view, space);
	out->direct = out->view.dense && can_be_direct(d, index);
	out->reg = d->uniform[reg] ? filled(d, reg) : reg;
}

/* ---- buffers ---- */

static void note_uses(draft *d)
{
	const onn_c_program *p = d->p;
	for (uint16_t i = 0; i < p->ninstructions; i++) {
		const instruction *in = &p->instruction[i];
		d->last[in->a] = d->last[in->b] = d->last[in->c] = i;
	}
	uint32_t outputs = d->store ? d->from->noutputs : 1;
	for (uint32_t o = 0; o < outputs; o++)
		d->last[d->from->output[o].reg] = NONE;
}

/* Whether an instruction may write y over its operand a. */
static bool reusable(const instruction *in, const draft *d, uint16_t y, uint16_t a)
{
	return d->size[y] == d->size[a] && in->instr->op != ONN_OP_SINC &&
	       in->instr->op != ONN_OP_CUSTOM;
}

/* Results get buffers in order; one is free again behind the last reader of what it holds. */
static void place_buffers(draft *d)
{
	onn_c_program *p = d->p;
	uint16_t holds[MAX_REGISTERS],
	    first = p->nblocks; /* buffers from `first` on are results' */
	bool direct[MAX_REGISTERS] = {false};
	for (uint16_t o = 0; o < p->noutputs; o++)
		direct[p->output[o].reg] |= p->output[o].direct;
	for (uint16_t i = 0; i < p->ninstructions; i++) {
		const instruction *in = &p->instruction[i];
		uint16_t chosen = NONE;
		if (direct[in->y])
			continue;
		for (uint16_t k = first; k < p->nblocks && chosen == NONE; k++) {
			uint16_t held = holds[k], last = d->last[held];
			if (last != NONE &&
			    (last < i || (last == i && reusable(in, d, in->y, held))))
				chosen = k;
		}
		if (chosen == NONE)
			chosen = p->nblocks++;
		holds[chosen] = in->y;
		p->buffer[p->nbuffers++] = (room){in->y, chosen};
	}
}

static size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

/* A block is a multiple of 64 elements; small spaces have several, so that threads can share them.
 */
static void choose_block(draft *d)
{
	onn_c_program *p = d->p;
	size_t widest = 1, live = p->nblocks;
	for (uint16_t r = 0; r < p->nregisters; r++)
		widest = d->size[r] > widest ? d->size[r] : widest;
	for (uint16_t i = 0; i < p->ninputs; i++)
		live += p->input[i].buffer == NONE;
	for (uint16_t o = 0; o < p->noutputs; o++)
		live += p->output[o].direct;
	p->block = ONN_BLOCK_MAX;
	while (p->block > 64 && p->block * widest * live > CACHE)
		p->block /= 2;
	size_t eighth = round_up(p->count / 8 + 1, 64);
	if (p->block > eighth)
		p->block = eighth;
	p->slot = round_up(p->block * widest, LINE) + LINE;
	p->uniforms_at = round_up(p->nregisters * sizeof(void *), LINE);
	p->buffers_at = p->uniforms_at + round_up((size_t)p->nuniforms * UNIFORM_BYTES, LINE);
	p->scratch = p->buffers_at + p->nblocks * p->slot;
}

/* ---- making ---- */

static onn_status allocate_tables(draft *d)
{
	onn_c_program *p = d->p;
	const onn_program *f = d->from;
	size_t scalars = f->ninputs + f->nimmediates + f->ninstrs;
	p->immediate = onn_c_allocate_array(d->builder, f->nimmediates, sizeof *p->immediate);
	p->uniform_input = onn_c_allocate_array(d->builder, f->ninputs, sizeof *p->uniform_input);
	p->uniform = onn_c_allocate_array(d->builder, f->ninstrs, sizeof *p->uniform);
	p->buffer = onn_c_allocate_array(d->builder, f->ninstrs, sizeof *p->buffer);
	p->fill = onn_c_allocate_array(d->builder, scalars, sizeof *p->fill);
	p->before = onn_c_allocate_array(d->builder, f->ninstrs, sizeof *p->before);
	p->instruction = onn_c_allocate_array(d->builder, f->ninstrs, sizeof *p->instruction);
	p->input = onn_c_allocate_array(d->builder, f->ninputs, sizeof *p->input);
	p->output = onn_c_allocate_array(d->builder, f->noutputs, sizeof *p->output);
	if (!p->immediate || !p->uniform_input || !p->uniform || !p->buffer || !p->fill ||
	    !p->before || !p->instruction || !p->input || !p->output)
		return ONN_ERROR_MEMORY;
	return ONN_OK;
}

static void note_registers(draft *d)
{
	const onn_program *f = d->from;
	uint16_t count = (uint16_t)(f->ninputs + f->nimmediates + f->ninstrs);
	d->p->nregisters = count;
	for (uint16_t r = 0; r < MAX_REGISTERS; r++)
		d->filled[r] = d->maker[r] = NONE;
	for (uint16_t r = 0; r < count; r++)
		d->size[r] = (uint16_t)onn_type_size(register_type(d, r));
	for (uint32_t i = 0; i < f->ninstrs; i++)
		for (uint16_t k = 0; k < f->instr[i].arity; k++)
			d->uses[f->instr[i].src[k]]++;
	/* an output's register stays: a chain would not leave it behind */
	for (uint32_t o = 0; o < f->noutputs; o++)
		d->uses[f->output[o].reg] += 2;
}

static void note_uniform_results(draft *d)
{
	const onn_program *f = d->from;
	for (uint32_t i = 0; i < f->ninstrs; i++) {
		bool uniform = true;
		for (uint16_t k = 0; k < f->instr[i].arity; k++)
			uniform = uniform && d->uniform[f->instr[i].src[k]];
		d->uniform[f->ninputs + f->nimmediates + i] = uniform;
	}
}

onn_status onn_c_program_create(onn_c_program **result, onn_c_builder *b, const onn_program *from,
    const onn_c_space *space, bool store)
{
	onn_c_program *p = onn_c_allocate(b, sizeof *p);
	draft *d = onn_c_allocate(b, sizeof *d);
	*result = p;
	if (!p || !d)
		return ONN_ERROR_MEMORY;
	*d = (draft){from, b->schedule->value, b, p, store, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
	p->count = space->count;
	if (allocate_tables(d))
		return ONN_ERROR_MEMORY;
	note_registers(d);
	for (uint32_t i = 0; i < from->ninputs; i++)
		add_input(d, (uint16_t)i, space);
	for (uint32_t i = 0; i < from->nimmediates; i++)
		if (add_immediate(d, i))
			return ONN_ERROR_MEMORY;
	note_uniform_results(d);
	for (uint32_t i = 0; i < from->ninstrs; i++) {
		onn_status status = add_instruction(d, i);
		if (status)
			return status;
	}
	drop_emptied(d);
	note_uses(d);
	if (store) {
		for (uint32_t o = 0; o < from->noutputs; o++)
			add_output(d, o, space);
	} else {
		uint16_t reg = from->output[0].reg;
		p->result = d->uniform[reg] ? filled(d, reg) : reg;
	}
	place_buffers(d);
	choose_block(d);
	p->cost += 1 + 0.5 * p->ninputs + 0.5 * p->noutputs;
	onn_c_need_scratch(b, p->scratch);
	return ONN_OK;
}

size_t onn_c_program_block(const onn_c_program *p) { return p->block; }
size_t onn_c_program_scratch(const onn_c_program *p) { return p->scratch; }
double onn_c_program_cost(const onn_c_program *p) { return p->cost; }

/* ---- running ---- */

static void run_instructions(const instruction *in, size_t count, void **reg, size_t n)
{
	for (size_t i = 0; i < count; i++, in++)
		in->kernel(reg[in->y], reg[in->a], reg[in->b], reg[in->c], n, in->instr);
}

void onn_c_program_begin(const onn_c_program *p, const onn_c_thread *thread)
{
	void **reg = thread->scratch;
	char *uniforms = (char *)thread->scratch + p->uniforms_at;
	char *buffers = (char *)thread->scratch + p->buffers_at;
	for (uint16_t i = 0; i < p->nimmediates; i++)
		reg[p->immediate[i].reg] = (void *)(uintptr_t)p->immediate[i].value;
	for (uint16_t i = 0; i < p->nuniform_inputs; i++)
		reg[p->uniform_input[i].reg] = onn_c_at(thread, p->uniform_input[i].place);
	for (uint16_t i = 0; i < p->nuniforms; i++)
		reg[p->uniform[i].reg] = uniforms + p->uniform[i].at * (size_t)UNIFORM_BYTES;
	for (uint16_t i = 0; i < p->nbuffers; i++)
		reg[p->buffer[i].reg] = buffers + p->buffer[i].at * p->slot;
	run_instructions(p->before, p->nbefore, reg, 1);
	for (uint16_t i = 0; i < p->nfills; i++) {
		char *block = buffers + p->fill[i].buffer * p->slot;
		ptrdiff_t size = p->fill[i].size;
		onn_c_copy_run(block, size, reg[p->fill[i].from], 0, p->block, (size_t)size);
		reg[p->fill[i].reg] = block;
	}
}

static void *place_input(
    const onn_c_program *p, const input *in, const onn_c_thread *thread, size_t start, size_t n)
{
	if (in->buffer == NONE)
		return onn_c_at(thread, in->view.place) + start * in->view.size;
	if (in->inner > 0 && start % in->inner + n <= in->inner)
		return onn_c_view_element(&in->view, thread, start);
	char *block = (char *)thread->scratch + p->buffers_at + in->buffer * p->slot;
	onn_c_view_load(&in->view, thread, block, start, n);
	return block;
}

void onn_c_program_run(const onn_c_program *p, const onn_c_thread *thread, size_t start, size_t n)
{
	void **reg = thread->scratch;
	for (uint16_t i = 0; i < p->ninputs; i++)
		reg[p->input[i].reg] = place_input(p, &p->input[i], thread, start, n);
	for (uint16_t o = 0; o < p->noutputs; o++)
		if (p->output[o].direct)
			reg[p->output[o].reg] = onn_c_at(thread, p->output[o].view.place) +
			                        start * p->output[o].view.size;
	run_instructions(p->instruction, p->ninstructions, reg, n);
	for (uint16_t o = 0; o < p->noutputs; o++)
		if (!p->output[o].direct)
			onn_c_view_store(
			    &p->output[o].view, thread, reg[p->output[o].reg], start, n);
}

const void *onn_c_program_result(const onn_c_program *p, const onn_c_thread *thread)
{
	void *const *reg = thread->scratch;
	return reg[p->result];
}
