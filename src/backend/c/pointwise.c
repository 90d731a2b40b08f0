/* Pointwise steps: a program over all elements, a block a chunk. */
#include "backend/c/program.h"

typedef struct pointwise {
	const onn_c_program *program;
	size_t count;
} pointwise;

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const pointwise *p = data;
	size_t block = onn_c_program_block(p->program), full = p->count / block;
	onn_c_program_begin(p->program, thread);
	size_t i = begin;
	for (; i < end && i < full; i++)
		onn_c_program_run(p->program, thread, i * block, block);
	if (i < end)
		onn_c_program_run(p->program, thread, i * block, p->count - i * block);
}

onn_status onn_c_prepare_pointwise(onn_c_builder *b, const onn_step *step)
{
	bool found;
	onn_status status = onn_c_prepare_update(b, step, &found);
	if (status || found)
		return status;
	pointwise *p = onn_c_allocate(b, sizeof *p);
	onn_c_program *program;
	onn_c_space space;
	if (!p)
		return ONN_ERROR_MEMORY;
	onn_c_space_init(&space, step->u.pointwise.ndim, step->u.pointwise.shape, NULL);
	status = onn_c_program_create(&program, b, &step->u.pointwise.program, &space, true);
	if (status)
		return status;
	*p = (pointwise){program, space.count};
	size_t block = onn_c_program_block(program);
	return onn_c_add_phase(b, work, p, (space.count + block - 1) / block,
	    onn_c_program_cost(program) * (double)space.count);
}
