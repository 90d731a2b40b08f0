/* Operands in memory: which axes they have, and copies between them and dense blocks. */
#include "backend/c/view.h"

#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"

void onn_c_space_init(onn_c_space *space, uint32_t ndim, const size_t *shape, const uint32_t *axis)
{
	space->ndim = ndim;
	space->count = 1;
	for (uint32_t i = 0; i < ndim; i++) {
		space->axis[i] = axis ? axis[i] : i;
		space->shape[i] = shape[space->axis[i]];
		space->count *= space->shape[i];
	}
}

/* Two axes are one where a step along the outer is a whole row of the inner. */
static void merge_axes(onn_c_view *v)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < v->ndim; i++) {
		if (v->shape[i] == 1)
			continue;
		if (kept > 0 && v->stride[kept - 1] == v->stride[i] * (ptrdiff_t)v->shape[i]) {
			v->shape[kept - 1] *= v->shape[i];
			v->stride[kept - 1] = v->stride[i];
			continue;
		}
		v->shape[kept] = v->shape[i];
		v->stride[kept] = v->stride[i];
		kept++;
	}
	v->ndim = kept;
}

void onn_c_view_init(
    onn_c_view *view, const onn_c_builder *b, const onn_view *from, const onn_c_space *space)
{
	const onn_value *value = &b->schedule->value[from->value];
	*view = (onn_c_view){.size = onn_type_size(value->type), .ndim = space->ndim};
	view->place = onn_c_value_place(b, from->value);
	view->place.offset += (size_t)(from->offset * (ptrdiff_t)view->size);
	for (uint32_t i = 0; i < space->ndim; i++) {
		view->shape[i] = space->shape[i];
		view->stride[i] = from->stride[space->axis[i]] * (ptrdiff_t)view->size;
	}
	merge_axes(view);
	view->dense =
	    view->ndim == 0 || (view->ndim == 1 && view->stride[0] == (ptrdiff_t)view->size);
	view->uniform = view->ndim == 0 || (view->ndim == 1 && view->stride[0] == 0);
}

char *onn_c_view_element(const onn_c_view *view, const onn_c_thread *thread, size_t i)
{
	char *p = onn_c_at(thread, view->place);
	for (uint32_t axis = view->ndim; axis-- > 0; i /= view->shape[axis])
		p += (ptrdiff_t)(i % view->shape[axis]) * view->stride[axis];
	return p;
}

#define STRIDED_COPY(type)                                                                         \
	for (size_t i = 0; i < n; i++)                                                             \
		memcpy(to + (ptrdiff_t)i * to_stride, from + (ptrdiff_t)i * from_stride,           \
		    sizeof(type));                                                                 \
	break

void onn_c_copy_run(
    char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t n, size_t size)
{
	if (to_stride == (ptrdiff_t)size && from_stride == (ptrdiff_t)size) {
		memcpy(to, from, n * size);
		return;
	}
	switch (size) {
	case 1:
		STRIDED_COPY(uint8_t);
	case 4:
		STRIDED_COPY(uint32_t);
	case 8:
		STRIDED_COPY(uint64_t);
	default:
		STRIDED_COPY(struct { uint64_t word[2]; });
	}
}

#define SHORT_RUNS(type)                                                                           \
	static void load_##type(type *restrict to, const char *from, const ptrdiff_t stride[2],    \
	    size_t runs, size_t length)                                                            \
	{                                                                                          \
		if (length == 2 && stride[1] == 0 && stride[0] == (ptrdiff_t)sizeof(type)) {       \
			const type *x = (const type *)(const void *)from;                          \
			for (size_t i = 0; i < runs; i++)                                          \
				to[2 * i] = to[2 * i + 1] = x[i];                                  \
			return;                                                                    \
		}                                                                                  \
		for (size_t i = 0; i < runs; i++, from += stride[0])                               \
			for (size_t k = 0; k < length; k++)                                        \
				memcpy(&to[i * length + k], from + (ptrdiff_t)k * stride[1],       \
				    sizeof(type));                                                 \
	}
SHORT_RUNS(uint32_t)
SHORT_RUNS(uint64_t)

/* Whole runs of few elements, in a row of them. */
static void load_runs(const onn_c_view *v, char *block, const char *from, size_t runs)
{
	const ptrdiff_t *stride = v->stride + v->ndim - 2;
	if (v->size == sizeof(uint32_t))
		load_uint32_t((uint32_t *)(void *)block, from, stride, runs, v->shape[v->ndim - 1]);
	else
		load_uint64_t((uint64_t *)(void *)block, from, stride, runs, v->shape[v->ndim - 1]);
}

/* How many runs from here on are short, whole and in a row: they are loaded at once. */
static size_t whole_runs(const onn_c_view *v, const size_t *at, size_t n)
{
	uint32_t last = v->ndim - 1;
	bool some = v->ndim > 1 && at[last] == 0 && v->shape[last] <= ONN_C_SHORT_RUN &&
	            (v->size == sizeof(uint32_t) || v->size == sizeof(uint64_t));
	return some ? onn_size_least(n / v->shape[last], v->shape[last - 1] - at[last - 1]) : 0;
}

/* Walks the runs along the innermost axis that make up elements start ... start+n-1. */
static void walk(const onn_c_view *v, char *base, char *block, size_t start, size_t n, bool store)
{
	if (v->ndim == 0) {
		if (store)
			onn_c_copy_run(
			    base, (ptrdiff_t)v->size, block, (ptrdiff_t)v->size, n, v->size);
		else
			onn_c_copy_run(block, (ptrdiff_t)v->size, base, 0, n, v->size);
		return;
	}
	uint32_t last = v->ndim - 1;
	size_t at[ONN_MAX_DIMS], inner = v->shape[last];
	ptrdiff_t step = v->stride[last], dense = (ptrdiff_t)v->size;
	char *p = base;
	for (uint32_t axis = v->ndim; axis-- > 0; start /= v->shape[axis]) {
		at[axis] = start % v->shape[axis];
		p += (ptrdiff_t)at[axis] * v->stride[axis];
	}
	for (;;) {
		size_t run = inner - at[last] < n ? inner - at[last] : n;
		size_t whole = store ? 0 : whole_runs(v, at, n);
		if (whole > 0) {
			/* as if the last of them had just been loaded */
			load_runs(v, block, p, whole);
			block += (whole - 1) * inner * v->size;
			p += (ptrdiff_t)(whole - 1) * v->stride[last - 1];
			at[last - 1] += whole - 1;
			n -= (whole - 1) * inner;
			run = inner;
		} else if (store)
			onn_c_copy_run(p, step, block, dense, run, v->size);
		else
			onn_c_copy_run(block, dense, p, step, run, v->size);
		n -= run;
		if (n == 0)
			return;
		block += run * v->size;
		p -= (ptrdiff_t)at[last] * step;
		at[last] = 0;
		for (uint32_t axis = last; axis-- > 0;) {
			p += v->stride[axis];
			if (++at[axis] < v->shape[axis])
				break;
			p -= (ptrdiff_t)at[axis] * v->stride[axis];
			at[axis] = 0;
		}
	}
}

/* Each of n numbers twice. */
static void load_pairs(uint32_t *restrict to, const uint32_t *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[2 * i] = to[2 * i + 1] = x[i];
}

/* Windows of two columns: rows of numbers that are there twice; `start` is a row's first element.
 */
static void load_rows_of_pairs(
    const onn_c_view *v, const char *p, uint32_t *block, size_t start, size_t rows)
{
	uint32_t last = v->ndim - 2;
	size_t at[ONN_MAX_DIMS], width = v->shape[last];
	start /= 2 * width;
	for (uint32_t axis = last; axis-- > 0; start /= v->shape[axis]) {
		at[axis] = start % v->shape[axis];
		p += (ptrdiff_t)at[axis] * v->stride[axis];
	}
	for (; rows > 0; rows--, block += 2 * width) {
		load_pairs(block, (const uint32_t *)(const void *)p, width);
		for (uint32_t axis = last; axis-- > 0;) {
			p += v->stride[axis];
			if (++at[axis] < v->shape[axis])
				break;
			p -= (ptrdiff_t)at[axis] * v->stride[axis];
			at[axis] = 0;
		}
	}
}

static bool has_pairs(const onn_c_view *v)
{
	return v->ndim >= 2 && v->size == sizeof(uint32_t) && v->shape[v->ndim - 1] == 2 &&
	       v->stride[v->ndim - 1] == 0 && v->stride[v->ndim - 2] == sizeof(uint32_t);
}

void onn_c_view_load(
    const onn_c_view *v, const onn_c_thread *thread, void *block, size_t start, size_t n)
{
	char *base = onn_c_at(thread, v->place), *to = block;
	if (has_pairs(v)) {
		size_t row = 2 * v->shape[v->ndim - 2];
		size_t lead = onn_size_least((row - start % row) % row, n), rows = (n - lead) / row;
		if (lead > 0)
			walk(v, base, to, start, lead, false);
		to += lead * v->size;
		load_rows_of_pairs(v, base, (uint32_t *)(void *)to, start + lead, rows);
		to += rows * row * v->size;
		start += lead + rows * row;
		n -= lead + rows * row;
	}
	if (n > 0)
		walk(v, base, to, start, n, false);
}

void onn_c_view_store(
    const onn_c_view *v, const onn_c_thread *thread, const void *block, size_t start, size_t n)
{
	walk(v, onn_c_at(thread, v->place), (char *)(uintptr_t)block, start, n, true);
}
