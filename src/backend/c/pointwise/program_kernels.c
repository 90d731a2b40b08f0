/*
 * Which kernel does an instruction of a program, and which two are done by one.
 */
#include "backend/c/pointwise/program_draft.h"

#include "core/error.h"
#include "core/memory.h"

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

uint16_t onn_c_draft_fill(onn_c_draft *d, uint16_t reg)
{
	onn_c_program *p = d->p;
	if (d->filled[reg] != ONN_C_NONE)
		return d->filled[reg];
	uint16_t made = p->nregisters++;
	d->size[made] = d->size[reg];
	d->filled[reg] = made;
	d->maker[made] = ONN_C_NONE;
	p->fill[p->nfills].reg = made;
	p->fill[p->nfills].from = reg;
	p->fill[p->nfills].size = d->size[reg];
	p->fill[p->nfills++].buffer = p->nblocks++;
	return made;
}

/* A block instruction of up to three operands from a row of variants: scalars as they are where a
 * variant takes them, else as filled blocks. */
static onn_c_instruction choose_variant(onn_c_draft *d, const onn_kernel *variant,
    const onn_instr *instr, uint16_t y, const uint16_t *operand, unsigned arity)
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
				reg[k] = onn_c_draft_fill(d, reg[k]);
		mask = 0;
	}
	return (onn_c_instruction){variant[mask], y, reg[0], reg[1], reg[2], instr};
}

static const onn_kernel *variants(const onn_c_draft *d, const onn_instr *i)
{
	const onn_kernels *k = d->builder->kernels;
	return i->op == ONN_OP_CAST ? &k->cast[i->source][i->type]
	                            : k->pointwise[i->op][key_type(i)];
}

/* a first b, then second with c on the other side: the chain that does both. */
static const struct {
	onn_op first, second;
	bool left, right; /* the sides of the second on which the first's result may stand */
	onn_chain chain;
} chains[] = {
    {ONN_OP_MUL, ONN_OP_ADD, true, true, ONN_CHAIN_MUL_ADD},
    {ONN_OP_MUL, ONN_OP_SUB, true, false, ONN_CHAIN_MUL_SUB},
    {ONN_OP_MUL, ONN_OP_SUB, false, true, ONN_CHAIN_SUB_MUL},
    {ONN_OP_MUL, ONN_OP_MUL, true, true, ONN_CHAIN_MUL_MUL},
    {ONN_OP_ADD, ONN_OP_MUL, true, true, ONN_CHAIN_ADD_MUL},
    {ONN_OP_SUB, ONN_OP_MUL, true, true, ONN_CHAIN_DIF_MUL},
};

/* ONN_CHAIN_COUNT where there is none. */
static onn_chain find_chain(onn_op first, onn_op second, bool on_left)
{
	for (size_t i = 0; i < ONN_COUNT(chains); i++)
		if (chains[i].first == first && chains[i].second == second &&
		    (on_left ? chains[i].left : chains[i].right))
			return chains[i].chain;
	return ONN_CHAIN_COUNT;
}

/*
 * Where an operand of instr is the only use of an earlier block instruction's result, both may be
 * one kernel: the earlier is emptied, the later reads its operands. The rounding is that of two
 * instructions.
 */
static bool make_chain(onn_c_draft *d, const onn_instr *instr, uint16_t y, onn_c_instruction *made)
{
	const onn_kernels *kernels = d->builder->kernels;
	if (instr->arity != 2 || (instr->type != ONN_F32 && instr->type != ONN_F64))
		return false;
	for (unsigned k = 0; k < 2; k++) {
		uint16_t t = instr->src[k], other = instr->src[1 - k];
		if (d->uniform[t] || d->maker[t] == ONN_C_NONE || d->uses[t] != 1)
			continue;
		onn_c_instruction *earlier = &d->p->instruction[d->maker[t]];
		const onn_instr *first = earlier->instr;
		if (!earlier->kernel || first->arity != 2 || d->p->instruction[d->maker[t]].y != t)
			continue;
		onn_chain chain = find_chain(first->op, instr->op, k == 0);
		if (chain == ONN_CHAIN_COUNT || d->chained[t])
			continue;
		uint16_t operand[3] = {first->src[0], first->src[1], other};
		unsigned mask = 0;
		for (unsigned j = 0; j < 3; j++)
			mask |= d->uniform[operand[j]] ? 1u << j : 0;
		const onn_kernel *variant = kernels->chain[chain][instr->type];
		if (!variant[mask])
			continue;
		earlier->kernel = NULL;
		*made = (onn_c_instruction){
		    variant[mask], y, operand[0], operand[1], operand[2], instr};
		return true;
	}
	return false;
}

onn_status onn_c_draft_instruction(onn_c_draft *d, uint32_t index)
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
		p->before[p->nbefore++] = (onn_c_instruction){row[0], y, s[0], s[1], s[2], instr};
		p->uniform[p->nuniforms] = (onn_c_room){y, p->nuniforms};
		p->nuniforms++;
		return ONN_OK;
	}
	onn_c_instruction made;
	/* chained marks results of chains: their operands are three already */
	if (make_chain(d, instr, y, &made))
		d->chained[y] = true;
	else
		made = choose_variant(d, row, instr, y, instr->src, instr->arity);
	d->maker[y] = p->ninstructions;
	p->instruction[p->ninstructions++] = made;
	p->cost += weight(instr);
	return ONN_OK;
}

void onn_c_draft_drop_emptied(onn_c_draft *d)
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
