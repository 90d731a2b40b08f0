/*
 * Transforms and filters of schedule.h: columns, rows and, of a filter, columns again.
 *
 * Columns are read from memory `lanes` at a time and transformed; what they become is transposed
 * and put into the plane, which holds blocks of `lanes` rows as lines of kernels.h. Rows are
 * transformed there, filtered, and transformed back. The columns' way back ends in memory. So a
 * filter transposes twice, and touches the field's memory twice. Columns outside of the windows are
 * left out, and frequencies stay in the order in which transforms leave them: the filter is put in
 * that order.
 *
 * Evanescent waves fade to numbers below the normal range, which took most of a filter's time where
 * it has many: within transforms they count as 0.
 *
 * A few fields: each goes through stages that share its columns and rows among threads. Many, or
 * small ones: a field is a chunk, with a plane of the thread's own that stays in its cache.
 */
#include "backend/c/fourier/step.h"

#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"
#include "core/subnormal.h"

static char *scratch(const onn_c_thread *thread, size_t at) { return (char *)thread->scratch + at; }

/* ---- lines ---- */

onn_fft_window onn_fft_window_in(const onn_fft_step *f, int axis)
{
	return (onn_fft_window){f->t->at[axis], f->shape[axis]};
}

/* What is wanted. */
static onn_fft_window window_out(const onn_fft_step *f, int axis)
{
	return (onn_fft_window){f->t->from[axis], f->t->size[axis]};
}

/* Elements begin ... end-1 of what the program computes over all fields, to a dense array. */
static void evaluate(
    const onn_fft_step *f, const onn_c_thread *thread, size_t begin, size_t end, char *to)
{
	size_t block = onn_c_program_block(f->program);
	for (size_t i = begin, n; i < end; i += n, to += n * f->size) {
		n = onn_size_least(block, end - i);
		onn_c_program_run(f->program, thread, i, n);
		memcpy(to, onn_c_program_result(f->program, thread), n * f->size);
	}
}

onn_fft_field onn_fft_field_at(const onn_fft_operand *x, const onn_c_thread *thread, size_t batch)
{
	return (onn_fft_field){onn_c_view_element(&x->view, thread, batch), x->row};
}

/* ---- the three passes over a field ---- */

void onn_fft_ask_for(
    const onn_fft_step *f, onn_fft_field tile, size_t begin, size_t end, bool write)
{
	for (size_t r = begin; r < end; r++) {
		const char *row =
		    (const char *)tile.data + (ptrdiff_t)r * tile.row * (ptrdiff_t)f->size;
		for (size_t i = 0; i < f->kernels->row; i += ONN_C_LINE)
			if (write)
				__builtin_prefetch(row + i, 1, 2);
			else
				__builtin_prefetch(row + i, 0, 2);
	}
}

onn_fft_field onn_fft_tile(const onn_fft_step *f, onn_fft_field x, size_t column)
{
	return (onn_fft_field){(char *)x.data + column * f->size, x.row};
}

onn_fft_field onn_fft_rows(const onn_fft_step *f, onn_fft_field x, size_t row)
{
	return (onn_fft_field){(char *)x.data + (ptrdiff_t)row * x.row * (ptrdiff_t)f->size, x.row};
}

void onn_fft_transpose_out(const onn_fft_step *f, char *plane, const char *lines, size_t block,
    const uint32_t *order, size_t rows)
{
	const onn_fft_kernels *k = f->kernels;
	size_t row = block * k->lanes;
	k->transpose(plane + block * f->block_bytes, order ? lines : lines + row * k->row,
	    order ? order + row : NULL, onn_size_least(k->lanes, rows - row));
}

void onn_fft_transpose_in(const onn_fft_step *f, char *lines, const char *plane, size_t block)
{
	const onn_fft_kernels *k = f->kernels;
	k->transpose(
	    lines + block * k->lanes * k->row, plane + block * f->block_bytes, NULL, k->lanes);
}

static void columns(const onn_fft_step *f, const onn_c_thread *thread, size_t batch, char *field,
    char *plane, size_t begin, size_t end)
{
	unsigned before = onn_subnormals_to_zero();
	const onn_transform *t = f->t;
	const onn_fft_kernels *k = f->kernels;
	const uint32_t *order = t->filtered ? NULL : onn_fft_axis_position(f->axis[0]) + t->from[0];
	size_t rows = t->filtered ? t->n[0] : t->size[0];
	char *lines = scratch(thread, f->lines_at), *work = scratch(thread, f->work_at);
	onn_fft_field x = {field, (ptrdiff_t)f->shape[1]}, y = x;
	if (!f->program)
		x = onn_fft_field_at(&f->x, thread, batch);
	if (f->factor != ONN_FFT_ALONE)
		y = onn_fft_field_at(&f->y, thread, batch);
	for (size_t tile = begin; tile < end; tile++) {
		size_t first = tile * k->lanes,
		       width = onn_size_least(k->lanes, f->shape[1] - first);
		onn_fft_field xt = onn_fft_tile(f, x, first), yt = onn_fft_tile(f, y, first);
		onn_fft_axis_from_field(f->axis[0], lines, xt, yt, f->factor,
		    onn_fft_window_in(f, 0), width, !t->filtered && t->inverse, work);
		bool more = first + 2 * k->lanes <= f->shape[1];
		for (size_t block = 0; block < f->blocks; block++) {
			size_t row = block * k->lanes;
			size_t ahead = more ? onn_size_least(row + k->lanes, f->shape[0]) : 0;
			onn_fft_ask_for(f, onn_fft_tile(f, xt, k->lanes * more), row, ahead, false);
			if (f->factor != ONN_FFT_ALONE)
				onn_fft_ask_for(
				    f, onn_fft_tile(f, yt, k->lanes * more), row, ahead, false);
			onn_fft_transpose_out(f, plane + first * k->row, lines, block, order, rows);
		}
	}
	onn_subnormals_restore(before);
}

static void filter_rows(const onn_fft_step *f, const onn_c_thread *thread, size_t batch,
    char *plane, size_t begin, size_t end)
{
	unsigned before = onn_subnormals_to_zero();
	char *lines = scratch(thread, f->lines_at), *work = scratch(thread, f->work_at);
	for (size_t block = begin; block < end; block++)
		onn_fft_axis_filter(f->axis[1], plane + block * f->block_bytes,
		    onn_fft_window_in(f, 1), window_out(f, 1),
		    onn_fft_filter_block(f, batch, block), f->t->conjugate, lines, work);
	onn_subnormals_restore(before);
}

static void transform_rows(const onn_fft_step *f, const onn_c_thread *thread, size_t batch,
    char *plane, size_t begin, size_t end)
{
	unsigned before = onn_subnormals_to_zero();
	const onn_transform *t = f->t;
	const onn_fft_kernels *k = f->kernels;
	const uint32_t *order = onn_fft_axis_position(f->axis[1]) + t->from[1];
	onn_fft_field out = onn_fft_field_at(&f->out, thread, batch);
	char *lines = scratch(thread, f->lines_at), *work = scratch(thread, f->work_at);
	for (size_t block = begin; block < end; block++) {
		size_t first = block * k->lanes,
		       height = onn_size_least(k->lanes, t->size[0] - first);
		void *row[ONN_FFT_LANES_MAX];
		for (size_t i = 0; i < height; i++)
			row[i] = (char *)out.data +
			         (ptrdiff_t)(first + i) * out.row * (ptrdiff_t)f->size;
		onn_fft_axis_clear_around(f->axis[1], lines, onn_fft_window_in(f, 1));
		memcpy(lines + t->at[1] * k->row, plane + block * f->block_bytes,
		    f->shape[1] * k->row);
		onn_fft_axis_run(f->axis[1], lines, t->inverse, work);
		k->store_rows(row, lines, order, height, t->size[1], f->scale);
	}
	onn_subnormals_restore(before);
}

static void columns_back(const onn_fft_step *f, const onn_c_thread *thread, size_t batch,
    char *plane, size_t begin, size_t end)
{
	unsigned before = onn_subnormals_to_zero();
	const onn_transform *t = f->t;
	const onn_fft_kernels *k = f->kernels;
	char *lines = scratch(thread, f->lines_at), *work = scratch(thread, f->work_at);
	onn_fft_field out = onn_fft_field_at(&f->out, thread, batch);
	for (size_t tile = begin; tile < end; tile++) {
		size_t first = tile * k->lanes,
		       width = onn_size_least(k->lanes, t->size[1] - first);
		onn_fft_field to = onn_fft_tile(f, out, first);
		for (size_t block = 0; block < f->blocks; block++) {
			size_t row = block * k->lanes;
			if (width == k->lanes)
				onn_fft_ask_for(
				    f, to, row, onn_size_least(row + k->lanes, t->size[0]), true);
			onn_fft_transpose_in(f, lines, plane + first * k->row, block);
		}
		onn_fft_axis_to_field(f->axis[0], lines, to, window_out(f, 0), width, work);
	}
	onn_subnormals_restore(before);
}

/* ---- a field a chunk ---- */

void onn_fft_fields_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_step *f = data;
	char *field = scratch(thread, f->field_at), *plane = scratch(thread, f->plane_at);
	if (f->program)
		onn_c_program_begin(f->program, thread);
	for (size_t batch = begin; batch < end; batch++) {
		if (f->program)
			evaluate(f, thread, batch * f->area, (batch + 1) * f->area, field);
		columns(f, thread, batch, field, plane, 0, f->tiles_in);
		if (f->t->filtered) {
			filter_rows(f, thread, batch, plane, 0, f->blocks);
			columns_back(f, thread, batch, plane, 0, f->tiles_out);
		} else {
			transform_rows(f, thread, batch, plane, 0, f->blocks);
		}
	}
}

/* ---- a field in stages ---- */

void onn_fft_evaluate_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_piece *p = data;
	const onn_fft_step *f = p->f;
	size_t block = onn_c_program_block(f->program), last = onn_size_least(end * block, f->area);
	onn_c_program_begin(f->program, thread);
	evaluate(f, thread, p->batch * f->area + begin * block, p->batch * f->area + last,
	    f->room->field + begin * block * f->size);
}

void onn_fft_columns_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_piece *p = data;
	columns(p->f, thread, p->batch, p->f->room->field, p->f->room->plane, begin, end);
}

void onn_fft_rows_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_piece *p = data;
	if (p->f->t->filtered)
		filter_rows(p->f, thread, p->batch, p->f->room->plane, begin, end);
	else
		transform_rows(p->f, thread, p->batch, p->f->room->plane, begin, end);
}

void onn_fft_columns_back_work(
    const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_piece *p = data;
	columns_back(p->f, thread, p->batch, p->f->room->plane, begin, end);
}

/* ---- along one axis: as many rows as there are lanes a chunk ---- */

void onn_fft_lines_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_step *f = data;
	const onn_transform *t = f->t;
	const onn_fft_kernels *k = f->kernels;
	char *lines = scratch(thread, f->lines_at), *work = scratch(thread, f->work_at);
	char *field = scratch(thread, f->field_at), *points = scratch(thread, f->plane_at);
	size_t w = f->shape[1], h = f->shape[0], shared = f->filter.fields == 1 ? k->lanes : 1;
	size_t step = t->filtered ? shared : k->lanes;
	onn_c_program_begin(f->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t first = chunk * step, height = onn_size_least(step, f->lines - first);
		void *row[ONN_FFT_LANES_MAX];
		for (size_t i = 0; i < height; i++)
			row[i] = onn_c_view_element(&f->out.view, thread, (first + i) / h) +
			         (ptrdiff_t)((first + i) % h) * f->out.row * (ptrdiff_t)f->size;
		evaluate(f, thread, first * w, (first + height) * w, field);
		onn_fft_field x = {field, (ptrdiff_t)w};
		unsigned before = onn_subnormals_to_zero();
		if (t->filtered) {
			k->load_rows(points, x, height, w);
			onn_fft_axis_filter(f->axis[1], points, onn_fft_window_in(f, 1),
			    window_out(f, 1), onn_fft_filter_block(f, first, 0), t->conjugate,
			    lines, work);
			k->store_rows(row, points, NULL, height, t->size[1], 1);
		} else {
			onn_fft_axis_clear_around(f->axis[1], lines, onn_fft_window_in(f, 1));
			k->load_rows(lines + t->at[1] * k->row, x, height, w);
			onn_fft_axis_run(f->axis[1], lines, t->inverse, work);
			k->store_rows(row, lines, onn_fft_axis_position(f->axis[1]) + t->from[1],
			    height, t->size[1], f->scale);
		}
		onn_subnormals_restore(before);
	}
}
