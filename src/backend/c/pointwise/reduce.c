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
#include "backend/c/pointwise/program.h"

#include <math.h>
#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"

enum { TOTAL_BYTES = 16 };

typedef struct reduction {
	const onn_c_program *program;
	const onn_kernels *kernels;
	bool maximum;
	onn_type type;
	size_t size, total_size;
	size_t outer, kept, reduced; /* rows: kept is 1 (the innermost axis); columns: its size */
	size_t width, tiles;         /* of columns: elements of a tile, tiles of the kept axis */
	size_t rows;                 /* evaluated at once: whole rows of a block */
	size_t segment, segments;    /* of the reduced axes */
	bool columns;                /* the last kept axis is innermost */
	bool windows;                /* [outer, tall, kept, wide], tall and wide reduced */
	size_t tall, wide;
	double cost;
	size_t acc_at, total_at; /* in the scratch */
	char *partial;  /* totals: [segment][outer][kept]; NULL where there is one segment */
	onn_c_view out; /* over the kept axes */
} reduction;

size_t onn_total_size(onn_type type)
{
	switch (type) {
	case ONN_C64:
	case ONN_C128:
		return 16;
	case ONN_F32:
	case ONN_F64:
		return 8;
	default:
		return 4;
	}
}

/* The number that changes no sum or no maximum. */
static void set_neutral(const reduction *r, void *total, size_t n)
{
	if (!r->maximum) {
		memset(total, 0, n * r->total_size);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		switch (r->type) {
		case ONN_F32:
			((float *)total)[i] = -INFINITY;
			break;
		case ONN_F64:
			((double *)total)[i] = -INFINITY;
			break;
		case ONN_I32:
			((int32_t *)total)[i] = INT32_MIN;
			break;
		default:
			((uint32_t *)total)[i] = 0;
		}
	}
}

/* Totals of kept elements first ... first+n-1 to the output. */
static void store(
    const reduction *r, const onn_c_thread *thread, const char *total, size_t first, size_t n)
{
	for (size_t i = 0; i < n; i++, total += r->total_size) {
		char *out = onn_c_view_element(&r->out, thread, first + i);
		float f[2];
		if (r->maximum || (r->type != ONN_F32 && r->type != ONN_C64)) {
			memcpy(out, total, r->size);
			continue;
		}
		f[0] = (float)((const double *)total)[0];
		if (r->type == ONN_C64)
			f[1] = (float)((const double *)total)[1];
		memcpy(out, f, r->size);
	}
}

/* Adds totals of a later segment to those of earlier ones. */
static void combine(const reduction *r, void *total, const void *partial, size_t n)
{
	if (r->maximum)
		r->kernels->raise[r->type](total, partial, n);
	else if (r->total_size == sizeof(uint32_t))
		r->kernels->gain[ONN_U32](total, partial, n);
	else
		r->kernels->gain[ONN_F64](total, partial, n * (r->total_size / sizeof(double)));
}

/* ---- rows ---- */

static void total_of_row(const reduction *r, void *total, const char *x, size_t n)
{
	if (r->maximum)
		r->kernels->maximum[r->type](total, x, n);
	else
		r->kernels->sum[r->type](total, x, n);
}

/* A chunk is a segment of one long row. */
static void long_row_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const reduction *r = data;
	size_t block = onn_c_program_block(r->program);
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t row = chunk / r->segments, segment = chunk % r->segments;
		size_t from = segment * r->segment,
		       to = onn_size_least(from + r->segment, r->reduced);
		_Alignas(TOTAL_BYTES) char total[TOTAL_BYTES];
		set_neutral(r, total, 1);
		for (size_t i = from; i < to; i += block) {
			size_t n = onn_size_least(block, to - i);
			onn_c_program_run(r->program, thread, row * r->reduced + i, n);
			total_of_row(r, total, onn_c_program_result(r->program, thread), n);
		}
		if (r->partial)
			memcpy(r->partial + (segment * r->outer + row) * r->total_size, total,
			    r->total_size);
		else
			store(r, thread, total, row, 1);
	}
}

/* A chunk is as many short rows as a block holds. */
static void short_rows_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const reduction *r = data;
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t first = chunk * r->rows, rows = onn_size_least(r->rows, r->outer - first);
		onn_c_program_run(r->program, thread, first * r->reduced, rows * r->reduced);
		const char *x = onn_c_program_result(r->program, thread);
		for (size_t i = 0; i < rows; i++, x += r->reduced * r->size) {
			_Alignas(TOTAL_BYTES) char total[TOTAL_BYTES];
			set_neutral(r, total, 1);
			total_of_row(r, total, x, r->reduced);
			store(r, thread, total, first + i, 1);
		}
	}
}

/* ---- columns ---- */

static void fold(const reduction *r, char *total, char *acc, size_t n)
{
	r->kernels->gain_total[r->type](total, acc, n);
	memset(acc, 0, n * r->size);
}

/* Adds rows from ... to-1 of a tile, n columns wide from column c on, to the total. */
static void add_rows(const reduction *r, const onn_c_thread *thread, size_t outer, size_t c,
    size_t n, size_t from, size_t to, char *total)
{
	char *acc = (char *)thread->scratch + r->acc_at;
	size_t since = 0;
	memset(acc, 0, n * r->size);
	for (size_t i = from; i < to; i += r->rows) {
		size_t rows = onn_size_least(r->rows, to - i);
		onn_c_program_run(
		    r->program, thread, (outer * r->reduced + i) * r->kept + c, rows * n);
		const char *x = onn_c_program_result(r->program, thread);
		for (size_t j = 0; j < rows; j++, x += n * r->size) {
			if (r->maximum)
				r->kernels->raise[r->type](total, x, n);
			else
				r->kernels->gain[r->type](acc, x, n);
			if (!r->maximum && ++since == ONN_C_FOLD) {
				fold(r, total, acc, n);
				since = 0;
			}
		}
	}
	if (!r->maximum)
		fold(r, total, acc, n);
}

/* A chunk is a segment of a tile. */
static void column_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const reduction *r = data;
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t segment = chunk % r->segments, tile = chunk / r->segments;
		size_t outer = tile / r->tiles, c = tile % r->tiles * r->width;
		size_t n = onn_size_least(r->width, r->kept - c), from = segment * r->segment;
		size_t first = outer * r->kept + c;
		char *total = (char *)thread->scratch + r->total_at;
		if (r->partial)
			total = r->partial + (segment * r->outer * r->kept + first) * r->total_size;
		set_neutral(r, total, n);
		add_rows(r, thread, outer, c, n, from,
		    onn_size_least(from + r->segment, r->reduced), total);
		if (!r->partial)
			store(r, thread, total, first, n);
	}
}

/* ---- windows: too few terms for their rounding to count ---- */

#define FOLD_WINDOWS(type)                                                                         \
	static void fold_windows_##type(                                                           \
	    type *restrict out, const type *restrict x, size_t kept, size_t tall, size_t wide)     \
	{                                                                                          \
		if (tall == 2 && wide == 2) {                                                      \
			const type *below = x + 2 * kept;                                          \
			for (size_t j = 0; j < kept; j++)                                          \
				out[j] =                                                           \
				    (x[2 * j] + x[2 * j + 1]) + (below[2 * j] + below[2 * j + 1]); \
			return;                                                                    \
		}                                                                                  \
		for (size_t j = 0; j < kept; j++)                                                  \
			out[j] = 0;                                                                \
		for (size_t i = 0; i < tall; i++, x += kept * wide)                                \
			for (size_t j = 0; j < kept; j++)                                          \
				for (size_t k = 0; k < wide; k++)                                  \
					out[j] += x[j * wide + k];                                 \
	}
FOLD_WINDOWS(float)
FOLD_WINDOWS(double)

/* A chunk is as many rows of windows as a block holds. */
static void windows_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const reduction *r = data;
	size_t each = r->tall * r->kept * r->wide;
	char *out = (char *)thread->scratch + r->acc_at;
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t first = chunk * r->rows, rows = onn_size_least(r->rows, r->outer - first);
		onn_c_program_run(r->program, thread, first * each, rows * each);
		const char *x = onn_c_program_result(r->program, thread);
		for (size_t i = 0; i < rows; i++, x += each * r->size) {
			char *to = out + i * r->kept * r->size;
			if (r->type == ONN_F32)
				fold_windows_float((float *)(void *)to,
				    (const float *)(const void *)x, r->kept, r->tall, r->wide);
			else
				fold_windows_double((double *)(void *)to,
				    (const double *)(const void *)x, r->kept, r->tall, r->wide);
		}
		onn_c_view_store(&r->out, thread, out, first * r->kept, rows * r->kept);
	}
}

/* The second stage: a chunk is a kept element, or a tile of them. */
static void combine_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const reduction *r = data;
	size_t all = r->outer * r->kept;
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t first = chunk * r->width, n = onn_size_least(r->width, all - first);
		char *total = (char *)thread->scratch + r->total_at;
		set_neutral(r, total, n);
		for (size_t s = 0; s < r->segments; s++)
			combine(r, total, r->partial + (s * all + first) * r->total_size, n);
		store(r, thread, total, first, n);
	}
}

/* ---- preparation ---- */

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
static onn_status cut(onn_c_builder *b, reduction *r, size_t tiles, size_t width)
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
	return ((const reduction *)subject)->windows;
}

static onn_status prepare_windows(onn_c_builder *b, const onn_step *step, void *subject)
{
	reduction *r = subject;
	(void)step;
	r->width = 1;
	r->rows = onn_c_program_block(r->program) / (r->tall * r->kept * r->wide);
	return onn_c_add_stage(b, windows_work, r, onn_size_divide_up(r->outer, r->rows), r->cost);
}

static bool is_by_columns(const onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)step;
	return ((const reduction *)subject)->columns;
}

static onn_status prepare_columns(onn_c_builder *b, const onn_step *step, void *subject)
{
	reduction *r = subject;
	size_t block = onn_c_program_block(r->program);
	(void)step;
	r->width = onn_size_least(r->kept, block);
	r->tiles = onn_size_divide_up(r->kept, r->width);
	/* a block of several rows holds whole rows: only where they are one tile */
	r->rows = r->tiles == 1 ? block / r->width : 1;
	onn_status status = cut(b, r, r->outer * r->tiles, r->width);
	if (status)
		return status;
	return onn_c_add_stage(b, column_work, r, r->outer * r->tiles * r->segments, r->cost);
}

/* Some fit in a block. */
static bool is_of_short_rows(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const reduction *r = subject;
	(void)b, (void)step;
	return r->reduced <= onn_c_program_block(r->program) && r->reduced > 0;
}

static onn_status prepare_short_rows(onn_c_builder *b, const onn_step *step, void *subject)
{
	reduction *r = subject;
	(void)step;
	r->width = 1;
	r->rows = onn_c_program_block(r->program) / r->reduced;
	return onn_c_add_stage(
	    b, short_rows_work, r, onn_size_divide_up(r->outer, r->rows), r->cost);
}

static onn_status prepare_rows(onn_c_builder *b, const onn_step *step, void *subject)
{
	reduction *r = subject;
	(void)step;
	r->width = 1;
	onn_status status = cut(b, r, r->outer, 1);
	if (status)
		return status;
	return onn_c_add_stage(b, long_row_work, r, r->outer * r->segments, r->cost);
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
static onn_status make_program(onn_c_builder *b, reduction *r, const onn_step *step)
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
	reduction *r = onn_c_allocate(b, sizeof *r);
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
	r->total_at = r->acc_at + ONN_BLOCK_MAX * TOTAL_BYTES;
	onn_c_need_scratch(b, r->total_at + ONN_BLOCK_MAX * TOTAL_BYTES);

	r->cost = (onn_c_program_cost(r->program) + 1) * (double)(kept_space.count * r->reduced) +
	          (r->windows ? 1 : ONN_C_COST_RESULT) * (double)kept_space.count;
	status = onn_c_take_path(b, step, paths, ONN_COUNT(paths), r);
	if (status)
		return status;
	/* stages that share partial totals say nothing: they are kept apart */
	if (!r->partial)
		return touch_operands(b, program);
	return onn_c_add_stage(b, combine_work, r, onn_size_divide_up(kept_space.count, r->width),
	    (double)(r->segments * kept_space.count));
}
