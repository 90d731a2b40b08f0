/*
 * Sums and maxima over the last axes, of what a program computes.
 *
 * Windows: the two reduced axes are small and stand in rows of memory beside the kept ones, as of
 * images that are pooled: elements are read in the order of memory, whole rows at a time. Rows: the
 * reduced axes are innermost, each kept element's row is summed on its own. Columns: the
 * last kept axis is innermost, and rows are added to each other; this is how data that is dense
 * along the kept axis is read in order. Long rows and tall columns are cut into segments of a fixed
 * length, whose totals a second stage adds in order, so that no result depends on the number of
 * threads. f32 adds up in f32 over a block at most, then in double.
 */
#include "backend/c/pointwise/reduce.h"

#include "backend/c/thresholds.h"
#include "core/memory.h"

/*
 * Whether rows or columns read more inputs in order. An input counts against a way if its stride
 * along the innermost axis is neither 0 nor 1.
 */
static bool prefer_columns(const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	uint32_t kept = step->u.pointwise.kept, ndim = step->u.pointwise.ndim;
	int rows = 0, columns = 0;
	if (kept == 0 || kept == ndim || step->u.pointwise.shape[kept - 1] == 1)
		return false;
	for (uint32_t i = 0; i < p->ninputs; i++) {
		ptrdiff_t row = p->input[i].stride[ndim - 1];
		ptrdiff_t column = p->input[i].stride[kept - 1];
		rows += row != 0 && row != 1;
		columns += column != 0 && column != 1;
	}
	return columns < rows;
}

/* Two small reduced axes; inputs are dense along the last kept and the last reduced one. */
static bool are_windows(const onn_step *step, onn_type type)
{
	const onn_program *p = &step->u.pointwise.program;
	const size_t *shape = step->u.pointwise.shape;
	uint32_t kept = step->u.pointwise.kept, ndim = step->u.pointwise.ndim;
	if (step->u.pointwise.reduce != ONN_OP_SUM || (type != ONN_F32 && type != ONN_F64) ||
	    kept == 0 || ndim != kept + 2 || shape[kept] * shape[kept + 1] > ONN_C_WINDOW ||
	    shape[kept - 1] > ONN_BLOCK_MAX)
		return false;
	for (uint32_t i = 0; i < p->ninputs; i++) {
		ptrdiff_t wide = p->input[i].stride[kept + 1], next = p->input[i].stride[kept - 1];
		if ((wide != 0 && wide != 1) || next != wide * (ptrdiff_t)shape[kept + 1])
			return false;
	}
	return true;
}

/* Kept axes but the last, a reduced one, the last kept one, the other reduced one. */
static void order_windows(const onn_step *step, uint32_t *axis)
{
	uint32_t kept = step->u.pointwise.kept;
	axis[kept - 1] = kept;
	axis[kept] = kept - 1;
}

/* Kept axes but the last, then the reduced ones, then the last kept one. */
static void order_columns(const onn_step *step, uint32_t *axis)
{
	uint32_t kept = step->u.pointwise.kept, ndim = step->u.pointwise.ndim, n = 0;
	for (uint32_t i = 0; i + 1 < kept; i++)
		axis[n++] = i;
	for (uint32_t i = kept; i < ndim; i++)
		axis[n++] = i;
	axis[n] = kept - 1;
}

/* Cuts the reduced axes into segments where there are few tiles to share. */
static onn_status cut(onn_c_builder *b, onn_c_reduction *r, size_t tiles, size_t width)
{
	r->segment = r->reduced;
	r->segments = 1;
	if (tiles >= ONN_C_REDUCE_TILES || r->reduced * width <= 2 * ONN_C_SEGMENT)
		return ONN_OK;
	r->segment = onn_size_divide_up(ONN_C_SEGMENT, width);
	if (r->segment < ONN_C_FOLD)
		r->segment = ONN_C_FOLD;
	r->segments = onn_size_divide_up(r->reduced, r->segment);
	onn_c_say(b, b->step, " in %zu segments", r->segments);
	r->partial = onn_c_allocate_array(b, r->segments * r->outer * r->kept, r->total_size);
	return r->partial ? ONN_OK : ONN_ERROR_MEMORY;
}

/* A row of windows fits in a block. */
static bool is_of_windows(const onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)step;
	return ((const onn_c_reduction *)subject)->windows;
}

static onn_status prepare_windows(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_reduction *r = subject;
	(void)step;
	r->width = 1;
	r->rows = onn_c_program_block(r->program) / (r->tall * r->kept * r->wide);
	return onn_c_add_stage(
	    b, onn_c_reduce_windows, r, onn_size_divide_up(r->outer, r->rows), r->cost);
}

static bool is_by_columns(const onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)step;
	return ((const onn_c_reduction *)subject)->columns;
}

static onn_status prepare_columns(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_reduction *r = subject;
	size_t block = onn_c_program_block(r->program);
	(void)step;
	r->width = onn_size_least(r->kept, block);
	r->tiles = onn_size_divide_up(r->kept, r->width);
	/* a block of several rows holds whole rows: only where they are one tile */
	r->rows = r->tiles == 1 ? block / r->width : 1;
	onn_status status = cut(b, r, r->outer * r->tiles, r->width);
	if (status)
		return status;
	return onn_c_add_stage(
	    b, onn_c_reduce_columns, r, r->outer * r->tiles * r->segments, r->cost);
}

/* Some fit in a block. */
static bool is_of_short_rows(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const onn_c_reduction *r = subject;
	(void)b, (void)step;
	return r->reduced <= onn_c_program_block(r->program) && r->reduced > 0;
}

static onn_status prepare_short_rows(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_reduction *r = subject;
	(void)step;
	r->width = 1;
	r->rows = onn_c_program_block(r->program) / r->reduced;
	return onn_c_add_stage(
	    b, onn_c_reduce_short_rows, r, onn_size_divide_up(r->outer, r->rows), r->cost);
}

static onn_status prepare_rows(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_reduction *r = subject;
	(void)step;
	r->width = 1;
	onn_status status = cut(b, r, r->outer, 1);
	if (status)
		return status;
	return onn_c_add_stage(b, onn_c_reduce_long_row, r, r->outer * r->segments, r->cost);
}

static const onn_c_path paths[] = {
    {"windows", is_of_windows, prepare_windows},
    {"columns", is_by_columns, prepare_columns},
    {"short rows", is_of_short_rows, prepare_short_rows},
    {"rows", NULL, prepare_rows},
};

static onn_status touch_operands(onn_c_builder *b, const onn_program *program)
{
	onn_status status = ONN_OK;
	for (uint32_t i = 0; i < program->ninputs && !status; i++)
		status = onn_c_touch_value(b, program->input[i].value, false);
	return status ? status : onn_c_touch_value(b, program->output[0].view.value, true);
}

/* The program over the elements in the order in which they are read. */
static onn_status make_program(onn_c_builder *b, onn_c_reduction *r, const onn_step *step)
{
	const size_t *shape = step->u.pointwise.shape;
	uint32_t kept = step->u.pointwise.kept, ndim = step->u.pointwise.ndim;
	uint32_t axis[ONN_MAX_DIMS] = {0, 1, 2, 3, 4, 5, 6, 7};
	onn_c_space space;
	onn_c_program *made;
	if (r->windows)
		order_windows(step, axis);
	if (r->columns)
		order_columns(step, axis);
	onn_c_space_init(&space, ndim, shape, axis);
	onn_status status =
	    onn_c_program_create(&made, b, &step->u.pointwise.program, &space, false);
	r->program = made;
	if (status || !r->windows)
		return status;
	r->tall = shape[kept];
	r->wide = shape[kept + 1];
	if (r->tall * shape[kept - 1] * r->wide <= onn_c_program_block(made))
		return ONN_OK;
	r->windows = false; /* a block holds no row of windows */
	r->columns = prefer_columns(step);
	return make_program(b, r, step);
}

onn_status onn_c_prepare_reduce(onn_c_builder *b, const onn_step *step)
{
	const onn_program *program = &step->u.pointwise.program;
	uint32_t kept = step->u.pointwise.kept, ndim = step->u.pointwise.ndim;
	onn_c_space kept_space;
	onn_c_reduction *r = onn_c_allocate(b, sizeof *r);
	if (!r)
		return ONN_ERROR_MEMORY;
	r->type = b->schedule->value[program->output[0].view.value].type;
	r->windows = are_windows(step, r->type);
	r->columns = !r->windows && prefer_columns(step);
	onn_c_space_init(&kept_space, kept, step->u.pointwise.shape, NULL);
	if (kept_space.count == 0)
		return ONN_OK;
	onn_status status = make_program(b, r, step);
	if (status)
		return status;

	r->kernels = b->kernels;
	r->maximum = step->u.pointwise.reduce == ONN_OP_REDUCE_MAX;
	r->size = onn_type_size(r->type);
	r->total_size = r->maximum ? r->size : onn_total_size(r->type);
	r->kept = r->columns || r->windows ? step->u.pointwise.shape[kept - 1] : 1;
	r->outer = kept_space.count / r->kept;
	r->reduced = 1;
	for (uint32_t i = kept; i < ndim; i++)
		r->reduced *= step->u.pointwise.shape[i];
	onn_c_view_init(&r->out, b, &program->output[0].view, &kept_space);
	r->acc_at = onn_c_program_scratch(r->program);
	r->total_at = r->acc_at + ONN_BLOCK_MAX * ONN_C_TOTAL_BYTES;
	onn_c_need_scratch(b, r->total_at + ONN_BLOCK_MAX * ONN_C_TOTAL_BYTES);

	r->cost = (onn_c_program_cost(r->program) + 1) * (double)(kept_space.count * r->reduced) +
	          (r->windows ? 1 : ONN_C_COST_RESULT) * (double)kept_space.count;
	status = onn_c_take_path(b, step, paths, ONN_COUNT(paths), r);
	if (status)
		return status;
	/* stages that share partial totals say nothing: they are kept apart */
	if (!r->partial)
		return touch_operands(b, program);
	return onn_c_add_stage(b, onn_c_reduce_combine, r,
	    onn_size_divide_up(kept_space.count, r->width),
	    (double)(r->segments * kept_space.count));
}
