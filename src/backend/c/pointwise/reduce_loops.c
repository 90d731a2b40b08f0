/* Reductions: rows, columns and windows of what a program computes, added up or compared. */
#include "backend/c/pointwise/reduce.h"

#include <math.h>
#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"

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
static void set_neutral(const onn_c_reduction *r, void *total, size_t n)
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
    const onn_c_reduction *r, const onn_c_thread *thread, const char *total, size_t first, size_t n)
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
static void combine(const onn_c_reduction *r, void *total, const void *partial, size_t n)
{
	if (r->maximum)
		r->kernels->raise[r->type](total, partial, n);
	else if (r->total_size == sizeof(uint32_t))
		r->kernels->gain[ONN_U32](total, partial, n);
	else
		r->kernels->gain[ONN_F64](total, partial, n * (r->total_size / sizeof(double)));
}

/* ---- rows ---- */

static void total_of_row(const onn_c_reduction *r, void *total, const char *x, size_t n)
{
	if (r->maximum)
		r->kernels->maximum[r->type](total, x, n);
	else
		r->kernels->sum[r->type](total, x, n);
}

/* A chunk is a segment of one long row. */
void onn_c_reduce_long_row(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_reduction *r = data;
	size_t block = onn_c_program_block(r->program);
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t row = chunk / r->segments, segment = chunk % r->segments;
		size_t from = segment * r->segment,
		       to = onn_size_least(from + r->segment, r->reduced);
		_Alignas(ONN_C_TOTAL_BYTES) char total[ONN_C_TOTAL_BYTES];
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
void onn_c_reduce_short_rows(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_reduction *r = data;
	onn_c_program_begin(r->program, thread);
	for (size_t chunk = begin; chunk < end; chunk++) {
		size_t first = chunk * r->rows, rows = onn_size_least(r->rows, r->outer - first);
		onn_c_program_run(r->program, thread, first * r->reduced, rows * r->reduced);
		const char *x = onn_c_program_result(r->program, thread);
		for (size_t i = 0; i < rows; i++, x += r->reduced * r->size) {
			_Alignas(ONN_C_TOTAL_BYTES) char total[ONN_C_TOTAL_BYTES];
			set_neutral(r, total, 1);
			total_of_row(r, total, x, r->reduced);
			store(r, thread, total, first + i, 1);
		}
	}
}

/* ---- columns ---- */

static void fold(const onn_c_reduction *r, char *total, char *acc, size_t n)
{
	r->kernels->gain_total[r->type](total, acc, n);
	memset(acc, 0, n * r->size);
}

/* Adds rows from ... to-1 of a tile, n columns wide from column c on, to the total. */
static void add_rows(const onn_c_reduction *r, const onn_c_thread *thread, size_t outer, size_t c,
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
void onn_c_reduce_columns(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_reduction *r = data;
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
void onn_c_reduce_windows(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_reduction *r = data;
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
void onn_c_reduce_combine(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_reduction *r = data;
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
