/*
 * Making a program ready: where its operands are, which registers share a buffer, how large a block
 * is.
 */
#include "backend/c/pointwise/program_draft.h"

#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"

/* Whether a kernel may write over its operand: those that go over a block once. */
static bool overwrites(onn_op op) { return op != ONN_OP_SINC && op != ONN_OP_CUSTOM; }

/* ---- inputs, immediates, outputs ---- */

/* Whether an output's bytes are among those of an input's value. */
static bool same_memory(const onn_c_draft *d, const onn_view *out, const onn_view *in)
{
	return onn_values_overlap(&d->values[out->value], &d->values[in->value]);
}

/*
 * Two variables may change places: an input that is itself an output, and that some output
 * overwrites, is read into a buffer.
 */
static bool is_copied_and_overwritten(const onn_c_draft *d, uint16_t reg)
{
	bool copied = false, overwritten = false;
	for (uint32_t o = 0; d->store && o < d->from->noutputs; o++) {
		copied |= d->from->output[o].reg == reg;
		overwritten |= same_memory(d, &d->from->output[o].view, &d->from->input[reg]);
	}
	return copied && overwritten;
}

static void add_input(onn_c_draft *d, uint16_t reg, const onn_c_space *space)
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
	onn_c_input *in = &p->input[p->ninputs++];
	*in = (onn_c_input){.reg = reg, .buffer = ONN_C_NONE, .view = view};
	if (view.dense && !is_copied_and_overwritten(d, reg))
		return;
	in->buffer = p->nblocks++;
	if (!view.dense && view.stride[view.ndim - 1] == (ptrdiff_t)view.size)
		in->inner = view.shape[view.ndim - 1];
}

static onn_status add_immediate(onn_c_draft *d, uint32_t index)
{
	onn_c_program *p = d->p;
	void *value = onn_c_allocate(d->builder, ONN_C_UNIFORM_BYTES);
	if (!value)
		return ONN_ERROR_MEMORY;
	onn_immediate_store(value, &d->from->immediate[index]);
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
static bool can_be_direct(const onn_c_draft *d, uint32_t index)
{
	uint16_t reg = d->from->output[index].reg;
	if (d->uniform[reg] || d->maker[reg] == ONN_C_NONE)
		return false;
	for (uint32_t o = 0; o < index; o++)
		if (d->from->output[o].reg == reg)
			return false;
	for (uint32_t i = 0; i < d->from->ninputs; i++) {
		if (d->uniform[i] ||
		    !same_memory(d, &d->from->output[index].view, &d->from->input[i]))
			continue;
		if (d->last[i] == ONN_C_NONE || (d->uses[i] > 0 && d->last[i] > d->maker[reg]))
			return false;
		/* the same instruction: elements of equal size meet their own place only */
		if (d->size[i] != d->size[reg])
			return false;
	}
	return overwrites(d->p->instruction[d->maker[reg]].instr->op);
}

static void add_output(onn_c_draft *d, uint32_t index, const onn_c_space *space)
{
	onn_c_program *p = d->p;
	onn_c_output *out = &p->output[p->noutputs++];
	uint16_t reg = d->from->output[index].reg;
	onn_c_view_init(&out->view, d->builder, &d->from->output[index].view, space);
	out->direct = out->view.dense && can_be_direct(d, index);
	out->reg = d->uniform[reg] ? onn_c_draft_fill(d, reg) : reg;
}

/* ---- buffers ---- */

static void note_uses(onn_c_draft *d)
{
	const onn_c_program *p = d->p;
	for (uint16_t i = 0; i < p->ninstructions; i++) {
		const onn_c_instruction *in = &p->instruction[i];
		d->last[in->a] = d->last[in->b] = d->last[in->c] = i;
	}
	uint32_t outputs = d->store ? d->from->noutputs : 1;
	for (uint32_t o = 0; o < outputs; o++)
		d->last[d->from->output[o].reg] = ONN_C_NONE;
}

/* Whether an instruction may write y over its operand a. */
static bool reusable(const onn_c_instruction *in, const onn_c_draft *d, uint16_t y, uint16_t a)
{
	return d->size[y] == d->size[a] && overwrites(in->instr->op);
}

/* Results get buffers in order; one is free again behind the last reader of what it holds. */
static void place_buffers(onn_c_draft *d)
{
	onn_c_program *p = d->p;
	uint16_t holds[ONN_C_MAX_REGISTERS],
	    first = p->nblocks; /* buffers from `first` on are results' */
	bool direct[ONN_C_MAX_REGISTERS] = {false};
	for (uint16_t o = 0; o < p->noutputs; o++)
		direct[p->output[o].reg] |= p->output[o].direct;
	for (uint16_t i = 0; i < p->ninstructions; i++) {
		const onn_c_instruction *in = &p->instruction[i];
		uint16_t chosen = ONN_C_NONE;
		if (direct[in->y])
			continue;
		for (uint16_t k = first; k < p->nblocks && chosen == ONN_C_NONE; k++) {
			uint16_t held = holds[k], last = d->last[held];
			if (last != ONN_C_NONE &&
			    (last < i || (last == i && reusable(in, d, in->y, held))))
				chosen = k;
		}
		if (chosen == ONN_C_NONE)
			chosen = p->nblocks++;
		holds[chosen] = in->y;
		p->buffer[p->nbuffers++] = (onn_c_room){in->y, chosen};
	}
}

/* Small spaces have several, so that threads can share them.
 */
static void choose_block(onn_c_draft *d)
{
	onn_c_program *p = d->p;
	size_t widest = 1, live = p->nblocks;
	for (uint16_t r = 0; r < p->nregisters; r++)
		widest = d->size[r] > widest ? d->size[r] : widest;
	for (uint16_t i = 0; i < p->ninputs; i++)
		live += p->input[i].buffer == ONN_C_NONE;
	for (uint16_t o = 0; o < p->noutputs; o++)
		live += p->output[o].direct;
	p->block = ONN_BLOCK_MAX;
	while (p->block > ONN_C_BLOCK_UNIT && p->block * widest * live > ONN_C_L1)
		p->block /= 2;
	size_t share = onn_size_round_up(p->count / ONN_C_BLOCKS + 1, ONN_C_BLOCK_UNIT);
	if (p->block > share)
		p->block = share;
	p->slot = onn_size_round_up(p->block * widest, ONN_C_LINE) + ONN_C_LINE;
	p->uniforms_at = onn_size_round_up(p->nregisters * sizeof(void *), ONN_C_LINE);
	p->buffers_at = p->uniforms_at +
	                onn_size_round_up((size_t)p->nuniforms * ONN_C_UNIFORM_BYTES, ONN_C_LINE);
	p->scratch = p->buffers_at + p->nblocks * p->slot;
}

/* ---- making ---- */

static onn_status allocate_tables(onn_c_draft *d)
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

static void note_registers(onn_c_draft *d)
{
	const onn_program *f = d->from;
	uint16_t count = (uint16_t)(f->ninputs + f->nimmediates + f->ninstrs);
	d->p->nregisters = count;
	for (size_t r = 0; r < ONN_C_MAX_REGISTERS; r++)
		d->filled[r] = d->maker[r] = ONN_C_NONE;
	for (uint16_t r = 0; r < count; r++)
		d->size[r] = (uint16_t)onn_type_size(onn_program_type(f, d->values, r));
	for (uint32_t i = 0; i < f->ninstrs; i++)
		for (uint16_t k = 0; k < f->instr[i].arity; k++)
			d->uses[f->instr[i].src[k]]++;
	/* an output's register stays: a chain would not leave it behind */
	for (uint32_t o = 0; o < f->noutputs; o++)
		d->uses[f->output[o].reg] += 2;
}

static void note_uniform_results(onn_c_draft *d)
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
	onn_c_draft *d = onn_c_allocate(b, sizeof *d);
	*result = p;
	if (!p || !d)
		return ONN_ERROR_MEMORY;
	*d =
	    (onn_c_draft){from, b->schedule->value, b, p, store, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
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
		onn_status status = onn_c_draft_instruction(d, i);
		if (status)
			return status;
	}
	onn_c_draft_drop_emptied(d);
	note_uses(d);
	if (store) {
		for (uint32_t o = 0; o < from->noutputs; o++)
			add_output(d, o, space);
	} else {
		uint16_t reg = from->output[0].reg;
		p->result = d->uniform[reg] ? onn_c_draft_fill(d, reg) : reg;
	}
	place_buffers(d);
	choose_block(d);
	p->cost += 1 + 0.5 * p->ninputs + 0.5 * p->noutputs;
	onn_c_need_scratch(b, p->scratch);
	return ONN_OK;
}
