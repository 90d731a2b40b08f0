/* Steps that move rows by index: argmax, take, scatter_add; and zero. */
#include <string.h>

#include "backend/c/builder.h"
#include "backend/c/thresholds.h"
#include "core/memory.h"

/* Two values that are read and one that is written, whole. */
static onn_status touch_all(onn_c_builder *b, uint32_t x, uint32_t y, uint32_t out)
{
	onn_status status = onn_c_touch_value(b, x, false);
	if (!status)
		status = onn_c_touch_value(b, y, false);
	return status ? status : onn_c_touch_value(b, out, true);
}

/* ---- argmax: a chunk is an output ---- */

typedef struct argmax {
	onn_c_place x, out;
	size_t n, inner;
} argmax;

/* The first of the largest; a NaN is larger than all, and the first of them counts. */
#define ARGMAX(name, type)                                                                         \
	static void argmax_##name(                                                                 \
	    const void *data, const onn_c_thread *thread, size_t begin, size_t end)                \
	{                                                                                          \
		const argmax *s = data;                                                            \
		int32_t *out = (int32_t *)onn_c_at(thread, s->out);                                \
		for (size_t chunk = begin; chunk < end; chunk++) {                                 \
			const type *x = (const type *)onn_c_at(thread, s->x) +                     \
			                chunk / s->inner * s->n * s->inner + chunk % s->inner;     \
			type best = x[0];                                                          \
			size_t at = 0;                                                             \
			for (size_t i = 1; i < s->n && best == best; i++) {                        \
				type v = x[i * s->inner];                                          \
				if (v > best || v != v) {                                          \
					best = v;                                                  \
					at = i;                                                    \
				}                                                                  \
			}                                                                          \
			out[chunk] = (int32_t)at;                                                  \
		}                                                                                  \
	}
ARGMAX(u8, uint8_t)
ARGMAX(i32, int32_t)
ARGMAX(u32, uint32_t)
ARGMAX(f32, float)
ARGMAX(f64, double)

onn_status onn_c_prepare_argmax(onn_c_builder *b, const onn_step *step)
{
	static const onn_c_work work[ONN_TYPE_COUNT] = {
	    [ONN_U8] = argmax_u8,
	    [ONN_I32] = argmax_i32,
	    [ONN_U32] = argmax_u32,
	    [ONN_F32] = argmax_f32,
	    [ONN_F64] = argmax_f64,
	};
	argmax *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	s->x = onn_c_value_place(b, step->u.argmax.x);
	s->out = onn_c_value_place(b, step->u.argmax.out);
	s->n = step->u.argmax.n;
	s->inner = step->u.argmax.inner;
	size_t chunks = step->u.argmax.outer * s->inner;
	onn_status status = onn_c_add_stage(b, work[b->schedule->value[step->u.argmax.x].type], s,
	    chunks, ONN_C_COST_ARGMAX * (double)chunks * (double)s->n);
	return status ? status
	              : touch_all(b, step->u.argmax.x, step->u.argmax.x, step->u.argmax.out);
}

/* ---- indices ---- */

typedef struct indices {
	onn_c_place place;
	bool is_signed;
	size_t rows;
} indices;

static indices indices_of(const onn_c_builder *b, uint32_t value, size_t rows)
{
	return (indices){
	    onn_c_value_place(b, value), b->schedule->value[value].type == ONN_I32, rows};
}

/* Entry i; outside 0 ... rows-1 the nearest inside. */
static size_t index_at(const indices *x, const onn_c_thread *thread, size_t i)
{
	const char *p = onn_c_at(thread, x->place);
	size_t row;
	if (x->is_signed) {
		int32_t value = ((const int32_t *)(const void *)p)[i];
		row = value < 0 ? 0 : (size_t)value;
	} else {
		row = ((const uint32_t *)(const void *)p)[i];
	}
	return row < x->rows ? row : x->rows - 1;
}

/* ---- take: a chunk is a row of the result ---- */

typedef struct take {
	indices index;
	onn_c_place x, out;
	size_t row;       /* bytes */
	ptrdiff_t stride; /* bytes */
	size_t count;
} take;

static const char *taken_row(const take *s, const onn_c_thread *thread, size_t i)
{
	return onn_c_at(thread, s->x) + (ptrdiff_t)index_at(&s->index, thread, i) * s->stride;
}

/* Rows of a large set are far apart: the next ones are asked for ahead of time. */
static void prefetch(const char *p, size_t bytes)
{
#if defined(__GNUC__)
	for (size_t i = 0; i < bytes && i < ONN_C_TAKE_AHEAD_BYTES; i += ONN_C_LINE)
		__builtin_prefetch(p + i);
#else
	(void)p, (void)bytes;
#endif
}

static void take_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const take *s = data;
	char *out = onn_c_at(thread, s->out);
	for (size_t i = begin; i < end; i++) {
		if (i + ONN_C_TAKE_AHEAD < s->count)
			prefetch(taken_row(s, thread, i + ONN_C_TAKE_AHEAD), s->row);
		memcpy(out + i * s->row, taken_row(s, thread, i), s->row);
	}
}

static size_t take_edge(const void *data, size_t chunk)
{
	return chunk * ((const take *)data)->row;
}

onn_status onn_c_prepare_take(onn_c_builder *b, const onn_step *step)
{
	take *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	size_t size = onn_type_size(b->schedule->value[step->u.take.x.value].type);
	s->index = indices_of(b, step->u.take.index, step->u.take.rows);
	s->x = onn_c_value_place(b, step->u.take.x.value);
	s->x.offset += (size_t)(step->u.take.x.offset * (ptrdiff_t)size);
	s->stride = step->u.take.x.stride[0] * (ptrdiff_t)size;
	s->out = onn_c_value_place(b, step->u.take.out);
	s->row = step->u.take.row * size;
	s->count = step->u.take.count;
	if (s->row == 0)
		return ONN_OK;
	onn_status status = onn_c_add_stage(
	    b, take_work, s, s->count, (double)s->count * (ONN_C_COST_ROW + (double)s->row));
	if (!status)
		status = onn_c_touch_value(b, step->u.take.x.value, false);
	if (!status)
		status = onn_c_touch_value(b, step->u.take.index, false);
	return status ? status
	              : onn_c_touch(
	                    b, s->out.memory, s->out.offset, s->count * s->row, true, take_edge);
}

/* ---- scatter_add: a chunk is some columns of the result, so that each sum keeps its order ---- */

typedef struct scatter_add {
	indices index;
	onn_c_place updates, out;
	size_t count, row, columns; /* columns: of a chunk */
	size_t rows;
} scatter_add;

#define SCATTER_ADD(name, type, parts)                                                             \
	static void scatter_##name(                                                                \
	    const void *data, const onn_c_thread *thread, size_t begin, size_t end)                \
	{                                                                                          \
		const scatter_add *s = data;                                                       \
		const type *updates = (const type *)(const void *)onn_c_at(thread, s->updates);    \
		type *out = (type *)(void *)onn_c_at(thread, s->out);                              \
		size_t row = s->row * (parts), from = begin * s->columns * (parts);                \
		size_t to = end * s->columns * (parts) < row ? end * s->columns * (parts) : row;   \
		for (size_t i = 0; i < s->rows; i++)                                               \
			memset(out + i * row + from, 0, (to - from) * sizeof(type));               \
		for (size_t i = 0; i < s->count; i++) {                                            \
			type *y = out + index_at(&s->index, thread, i) * row;                      \
			const type *x = updates + i * row;                                         \
			for (size_t j = from; j < to; j++)                                         \
				y[j] += x[j];                                                      \
		}                                                                                  \
	}
SCATTER_ADD(u32, uint32_t, 1)
SCATTER_ADD(f32, float, 1)
SCATTER_ADD(f64, double, 1)
SCATTER_ADD(c64, float, 2)
SCATTER_ADD(c128, double, 2)

onn_status onn_c_prepare_scatter(onn_c_builder *b, const onn_step *step)
{
	static const onn_c_work work[ONN_TYPE_COUNT] = {
	    [ONN_I32] = scatter_u32,
	    [ONN_U32] = scatter_u32,
	    [ONN_F32] = scatter_f32,
	    [ONN_F64] = scatter_f64,
	    [ONN_C64] = scatter_c64,
	    [ONN_C128] = scatter_c128,
	};
	scatter_add *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	s->index = indices_of(b, step->u.scatter.index, step->u.scatter.rows);
	s->updates = onn_c_value_place(b, step->u.scatter.updates);
	s->out = onn_c_value_place(b, step->u.scatter.out);
	s->count = step->u.scatter.count;
	s->row = step->u.scatter.row;
	s->rows = step->u.scatter.rows;
	s->columns = ONN_C_SCATTER_COLUMNS;
	if (s->rows == 0)
		return ONN_OK;
	onn_status status = onn_c_add_stage(b, work[b->schedule->value[step->u.scatter.out].type],
	    s, onn_size_divide_up(s->row, ONN_C_SCATTER_COLUMNS),
	    2.0 * (double)(s->count + s->rows) * (double)s->row);
	return status ? status
	              : touch_all(
	                    b, step->u.scatter.index, step->u.scatter.updates, step->u.scatter.out);
}

/* ---- zero: a chunk is a piece of the memory ---- */

typedef struct zero {
	onn_c_place out;
	size_t bytes;
} zero;

static void zero_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const zero *s = data;
	size_t from = begin * ONN_C_ZERO_CHUNK,
	       to = end * ONN_C_ZERO_CHUNK < s->bytes ? end * ONN_C_ZERO_CHUNK : s->bytes;
	memset(onn_c_at(thread, s->out) + from, 0, to - from);
}

onn_status onn_c_prepare_zero(onn_c_builder *b, const onn_step *step)
{
	const onn_value *value = &b->schedule->value[step->u.zero.out];
	zero *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	*s = (zero){
	    onn_c_value_place(b, step->u.zero.out), value->count * onn_type_size(value->type)};
	return onn_c_add_stage(
	    b, zero_work, s, onn_size_divide_up(s->bytes, ONN_C_ZERO_CHUNK), (double)s->bytes / 4);
}
