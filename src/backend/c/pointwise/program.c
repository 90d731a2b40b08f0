#include "backend/c/pointwise/program_draft.h"

size_t onn_c_program_block(const onn_c_program *p) { return p->block; }
size_t onn_c_program_scratch(const onn_c_program *p) { return p->scratch; }
double onn_c_program_cost(const onn_c_program *p) { return p->cost; }

/* ---- running ---- */

static void run_instructions(const onn_c_instruction *in, size_t count, void **reg, size_t n)
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
		reg[p->uniform[i].reg] = uniforms + p->uniform[i].at * (size_t)ONN_C_UNIFORM_BYTES;
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

static void *place_input(const onn_c_program *p, const onn_c_input *in, const onn_c_thread *thread,
    size_t start, size_t n)
{
	if (in->buffer == ONN_C_NONE)
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
