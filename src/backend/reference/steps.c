/* The steps, a function each: the formulas of schedule.h, element by element. */
#include <complex.h>
#include <math.h>

#include "backend/reference/reference.h"
#include "core/element.h"

/* ---- elements ---- */

/* The whole number x as an unsigned one of 32 bits, wrapped. */
static uint32_t wrapped(double x)
{
	double m = fmod(x, 4294967296.0);

	return (uint32_t)(m < 0 ? m + 4294967296.0 : m);
}

/* In single precision. Two of these side by side GCC 12's vectoriser of straight code leaves out,
 * unless the number in between has a place. */
static double single(double x)
{
	const volatile float kept = (float)x;

	return kept;
}

onn_ref_number onn_ref_round(onn_type type, onn_ref_number x)
{
	double re = creal(x);

	switch (type) {
	case ONN_U8:
		return (uint8_t)wrapped(re);
	case ONN_I32:
		return (int32_t)wrapped(re);
	case ONN_U32:
		return wrapped(re);
	case ONN_F32:
		return single(re);
	case ONN_F64:
		return re;
	case ONN_C64:
		return onn_ref_complex(single(re), single(cimag(x)));
	case ONN_C128:
		return x;
	}
	return NAN;
}

static unsigned char *address(const onn_ref_run *run, uint32_t value)
{
	const onn_value *v = &run->schedule->value[value];

	return (unsigned char *)((onn_host_buffer *)run->buffers[v->memory])->data + v->offset;
}

static onn_type type_of(const onn_ref_run *run, uint32_t value)
{
	return run->schedule->value[value].type;
}

onn_ref_number onn_ref_load(const onn_ref_run *run, uint32_t value, ptrdiff_t index)
{
	const void *data = address(run, value);
	onn_type type = type_of(run, value);
	size_t i = (size_t)index;

	if (!onn_type_is_complex(type))
		return onn_part_get(data, type, i);
	return onn_ref_complex(
	    onn_part_get(data, type, 2 * i), onn_part_get(data, type, 2 * i + 1));
}

void onn_ref_store(const onn_ref_run *run, uint32_t value, ptrdiff_t index, onn_ref_number number)
{
	onn_type type = type_of(run, value);
	void *data = address(run, value);
	size_t parts = onn_type_parts(type), i = parts * (size_t)index;

	number = onn_ref_round(type, number);
	onn_part_set(data, type, i, creal(number));
	if (parts == 2)
		onn_part_set(data, type, i + 1, cimag(number));
}

/* ---- iteration ---- */

bool onn_ref_next_index(size_t *index, const size_t *shape, uint32_t first, uint32_t last)
{
	for (uint32_t axis = last; axis-- > first;) {
		if (++index[axis] < shape[axis])
			return true;
		index[axis] = 0;
	}
	return false;
}

static bool is_empty(const size_t *shape, uint32_t first, uint32_t last)
{
	for (uint32_t axis = first; axis < last; axis++)
		if (shape[axis] == 0)
			return true;
	return false;
}

static ptrdiff_t element(
    ptrdiff_t offset, const ptrdiff_t *stride, uint32_t ndim, const size_t *index)
{
	for (uint32_t axis = 0; axis < ndim; axis++)
		offset += (ptrdiff_t)index[axis] * stride[axis];
	return offset;
}

static ptrdiff_t view_element(const onn_view *view, uint32_t ndim, const size_t *index)
{
	return element(view->offset, view->stride, ndim, index);
}

void onn_ref_evaluate(onn_ref_number *reg, const onn_ref_run *run, const onn_program *p,
    uint32_t ndim, const size_t *index)
{
	for (uint32_t i = 0; i < p->ninputs; i++)
		*reg++ =
		    onn_ref_load(run, p->input[i].value, view_element(&p->input[i], ndim, index));
	for (uint32_t i = 0; i < p->nimmediates; i++)
		*reg++ = onn_ref_round(
		    p->immediate[i].type, onn_ref_complex(p->immediate[i].re, p->immediate[i].im));
	reg -= p->ninputs + p->nimmediates;
	for (uint32_t i = 0; i < p->ninstrs; i++) {
		const onn_instr *instr = &p->instr[i];
		onn_ref_number x[3] = {0};
		for (int j = 0; j < instr->arity; j++)
			x[j] = reg[instr->src[j]];
		reg[p->ninputs + p->nimmediates + i] = onn_ref_apply(instr, x);
	}
}

onn_status onn_ref_pointwise(const onn_ref_run *run, const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	const size_t *shape = step->u.pointwise.shape;
	uint32_t ndim = step->u.pointwise.ndim;
	size_t index[ONN_MAX_DIMS] = {0};
	onn_ref_number reg[ONN_PROGRAM_MAX_REGISTERS];

	if (is_empty(shape, 0, ndim))
		return ONN_OK;
	do {
		onn_ref_evaluate(reg, run, p, ndim, index);
		for (uint32_t i = 0; i < p->noutputs; i++)
			onn_ref_store(run, p->output[i].view.value,
			    view_element(&p->output[i].view, ndim, index), reg[p->output[i].reg]);
	} while (onn_ref_next_index(index, shape, 0, ndim));
	return ONN_OK;
}

onn_status onn_ref_reduce(const onn_ref_run *run, const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	const size_t *shape = step->u.pointwise.shape;
	uint32_t ndim = step->u.pointwise.ndim, kept = step->u.pointwise.kept;
	bool largest = step->u.pointwise.reduce == ONN_OP_REDUCE_MAX;
	size_t index[ONN_MAX_DIMS] = {0};
	onn_ref_number reg[ONN_PROGRAM_MAX_REGISTERS];

	if (is_empty(shape, 0, kept))
		return ONN_OK;
	do {
		/* long double: the rounding of a long sum stays below that of its terms */
		long double re = largest ? -INFINITY : 0, im = 0;
		bool more = !is_empty(shape, kept, ndim);
		ptrdiff_t out = view_element(&p->output[0].view, ndim, index);
		while (more) {
			onn_ref_evaluate(reg, run, p, ndim, index);
			onn_ref_number x = reg[p->output[0].reg];
			if (!largest) {
				re += creal(x);
				im += cimag(x);
			} else if (creal(x) > re || isnan(creal(x))) {
				re = creal(x); /* nothing is greater than a NaN: it stays */
			}
			more = onn_ref_next_index(index, shape, kept, ndim);
		}
		onn_ref_store(
		    run, p->output[0].view.value, out, onn_ref_complex((double)re, (double)im));
	} while (onn_ref_next_index(index, shape, 0, kept));
	return ONN_OK;
}

onn_status onn_ref_argmax(const onn_ref_run *run, const onn_step *step)
{
	size_t n = step->u.argmax.n, inner = step->u.argmax.inner;

	for (size_t o = 0; o < step->u.argmax.outer; o++)
		for (size_t i = 0; i < inner; i++) {
			size_t best = 0;
			double most = NAN;
			for (size_t k = 0; k < n; k++) {
				double x = creal(onn_ref_load(
				    run, step->u.argmax.x, (ptrdiff_t)((o * n + k) * inner + i)));
				if (k == 0 || x > most || (isnan(x) && !isnan(most))) {
					best = k;
					most = x;
				}
			}
			onn_ref_store(
			    run, step->u.argmax.out, (ptrdiff_t)(o * inner + i), (double)best);
		}
	return ONN_OK;
}

/* The row that an index names: the nearest one where it is outside. */
static ptrdiff_t row_of(const onn_ref_run *run, uint32_t index, size_t i, size_t rows)
{
	double row = creal(onn_ref_load(run, index, (ptrdiff_t)i));

	return row < 0 ? 0 : row >= (double)rows ? (ptrdiff_t)rows - 1 : (ptrdiff_t)row;
}

onn_status onn_ref_take(const onn_ref_run *run, const onn_step *step)
{
	const onn_view *x = &step->u.take.x;
	size_t row = step->u.take.row;

	for (size_t i = 0; i < step->u.take.count; i++) {
		ptrdiff_t from = row_of(run, step->u.take.index, i, step->u.take.rows);
		for (size_t j = 0; j < row; j++)
			onn_ref_store(run, step->u.take.out, (ptrdiff_t)(i * row + j),
			    onn_ref_load(
			        run, x->value, x->offset + from * x->stride[0] + (ptrdiff_t)j));
	}
	return ONN_OK;
}

onn_status onn_ref_scatter(const onn_ref_run *run, const onn_step *step)
{
	uint32_t out = step->u.scatter.out, updates = step->u.scatter.updates;
	size_t row = step->u.scatter.row, rows = step->u.scatter.rows;

	/* each element of the result by itself, so that its sum is rounded once */
	for (size_t r = 0; r < rows; r++)
		for (size_t j = 0; j < row; j++) {
			long double re = 0, im = 0;
			for (size_t i = 0; i < step->u.scatter.count; i++) {
				if (row_of(run, step->u.scatter.index, i, rows) != (ptrdiff_t)r)
					continue;
				onn_ref_number x =
				    onn_ref_load(run, updates, (ptrdiff_t)(i * row + j));
				re += creal(x);
				im += cimag(x);
			}
			onn_ref_store(run, out, (ptrdiff_t)(r * row + j),
			    onn_ref_complex((double)re, (double)im));
		}
	return ONN_OK;
}

/* Element (i, j) of op(matrix), whose batch starts at `start`. */
static onn_ref_number matrix_element(
    const onn_ref_run *run, const onn_matrix *m, ptrdiff_t start, size_t i, size_t j)
{
	bool transposed = m->op == ONN_T || m->op == ONN_H;
	size_t row = transposed ? j : i, column = transposed ? i : j;
	onn_ref_number x = onn_ref_load(run, m->value, start + (ptrdiff_t)(row * m->ld + column));

	return m->op == ONN_C || m->op == ONN_H ? conj(x) : x;
}

onn_status onn_ref_matmul(const onn_ref_run *run, const onn_step *step)
{
	const onn_matrix *a = &step->u.matmul.a, *b = &step->u.matmul.b;
	size_t m = step->u.matmul.m, n = step->u.matmul.n, k = step->u.matmul.k;
	const size_t *batch = step->u.matmul.batch;
	uint32_t nbatch = step->u.matmul.nbatch;
	size_t index[ONN_MAX_DIMS] = {0};
	ptrdiff_t out = 0;

	if (is_empty(batch, 0, nbatch))
		return ONN_OK;
	do {
		ptrdiff_t a0 = element(a->offset, a->batch_stride, nbatch, index);
		ptrdiff_t b0 = element(b->offset, b->batch_stride, nbatch, index);
		for (size_t i = 0; i < m; i++)
			for (size_t j = 0; j < n; j++) {
				long double re = 0, im = 0;
				for (size_t l = 0; l < k; l++) {
					onn_ref_number x = matrix_element(run, a, a0, i, l) *
					                   matrix_element(run, b, b0, l, j);
					re += creal(x);
					im += cimag(x);
				}
				onn_ref_store(run, step->u.matmul.c, out++,
				    onn_ref_complex((double)re, (double)im));
			}
	} while (onn_ref_next_index(index, batch, 0, nbatch));
	return ONN_OK;
}

onn_status onn_ref_zero(const onn_ref_run *run, const onn_step *step)
{
	const onn_value *v = &run->schedule->value[step->u.zero.out];

	for (size_t i = 0; i < v->count; i++)
		onn_ref_store(run, step->u.zero.out, (ptrdiff_t)i, 0);
	return ONN_OK;
}
