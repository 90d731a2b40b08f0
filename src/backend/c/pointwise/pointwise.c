/* Pointwise steps: a program over all elements, a block a chunk. */
#include "backend/c/pointwise/adam.h"

#include "backend/c/pointwise/plate.h"
#include "backend/c/pointwise/program.h"
#include "core/memory.h"

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

/* Dense operands line up with the blocks; of the others a block may touch any element. */
static size_t edge_1(const void *data, size_t chunk)
{
	return chunk * onn_c_program_block(((const pointwise *)data)->program);
}
static size_t edge_4(const void *data, size_t chunk) { return 4 * edge_1(data, chunk); }
static size_t edge_8(const void *data, size_t chunk) { return 8 * edge_1(data, chunk); }
static size_t edge_16(const void *data, size_t chunk) { return 16 * edge_1(data, chunk); }

static onn_status touch_view(
    onn_c_builder *b, const onn_view *view, const onn_c_space *space, bool write)
{
	onn_c_view v;
	onn_c_view_init(&v, b, view, space);
	if (!v.dense)
		return onn_c_touch_value(b, view->value, write);
	onn_c_edge edge = v.size == 1   ? edge_1
	                  : v.size == 4 ? edge_4
	                  : v.size == 8 ? edge_8
	                                : edge_16;
	return onn_c_touch(b, v.place.memory, v.place.offset, space->count * v.size, write, edge);
}

static onn_status touch_operands(
    onn_c_builder *b, const onn_program *program, const onn_c_space *space)
{
	onn_status status = ONN_OK;
	for (uint32_t i = 0; i < program->ninputs && !status; i++)
		status = touch_view(b, &program->input[i], space, false);
	for (uint32_t o = 0; o < program->noutputs && !status; o++)
		status = touch_view(b, &program->output[o].view, space, true);
	return status;
}

static onn_status prepare_program(onn_c_builder *b, const onn_step *step, void *subject)
{
	pointwise *p = onn_c_allocate(b, sizeof *p);
	onn_c_program *program;
	onn_c_space space;
	(void)subject;
	if (!p)
		return ONN_ERROR_MEMORY;
	onn_c_space_init(&space, step->u.pointwise.ndim, step->u.pointwise.shape, NULL);
	onn_status status =
	    onn_c_program_create(&program, b, &step->u.pointwise.program, &space, true);
	if (status)
		return status;
	*p = (pointwise){program, space.count};
	size_t block = onn_c_program_block(program);
	status = onn_c_add_stage(b, work, p, (space.count + block - 1) / block,
	    onn_c_program_cost(program) * (double)space.count);
	return status ? status : touch_operands(b, &step->u.pointwise.program, &space);
}

static const onn_c_path paths[] = {
    {"adam", onn_c_find_adam, onn_c_prepare_adam},
    {"plate step", onn_c_find_plate_step, onn_c_prepare_plate_step},
    {"program", NULL, prepare_program},
};

onn_status onn_c_prepare_pointwise(onn_c_builder *b, const onn_step *step)
{
	union {
		onn_c_adam adam;
		onn_c_plate_step plate;
	} subject;
	return onn_c_take_path(b, step, paths, ONN_COUNT(paths), &subject);
}
