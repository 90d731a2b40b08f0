/* Transforms and filters of schedule.h, a whole field at a time in double. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/reference/reference.h"
#include "core/dft.h"
#include "core/error.h"
#include "core/memory.h"

/* What the program computes for one batch index, at its place among zeros. */
static void load_field(
    const onn_ref_run *run, const onn_step *step, size_t *index, double _Complex *field)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const onn_program *p = &step->u.pointwise.program;
	uint32_t ndim = step->u.pointwise.ndim;
	const size_t *shape = step->u.pointwise.shape + ndim - 2;
	onn_ref_number reg[ONN_PROGRAM_MAX_REGISTERS];

	memset(field, 0, t->n[0] * t->n[1] * sizeof *field);
	for (size_t y = 0; y < shape[0]; y++)
		for (size_t x = 0; x < shape[1]; x++) {
			index[ndim - 2] = y;
			index[ndim - 1] = x;
			onn_ref_evaluate(reg, run, p, ndim, index);
			field[(t->at[0] + y) * t->n[1] + t->at[1] + x] = reg[p->output[0].reg];
		}
	index[ndim - 2] = index[ndim - 1] = 0;
}

static onn_status transform(const onn_transform *t, double _Complex *field, bool inverse)
{
	if (t->axes == 2)
		return onn_dft_2d(field, t->n[0], t->n[1], inverse);
	onn_status status = ONN_OK;
	for (size_t y = 0; y < t->n[0] && !status; y++)
		status = onn_dft_2d(field + y * t->n[1], 1, t->n[1], inverse);
	return status;
}

static void multiply(const onn_ref_run *run, const onn_transform *t, uint32_t nbatch,
    const size_t *index, double _Complex *field)
{
	ptrdiff_t at = t->filter.offset;

	for (uint32_t i = 0; i < nbatch; i++)
		at += (ptrdiff_t)index[i] * t->filter.stride[i];
	for (size_t i = 0; i < t->n[0] * t->n[1]; i++) {
		onn_ref_number h = onn_ref_load(run, t->filter.value, at + (ptrdiff_t)i);
		field[i] *= t->conjugate ? conj(h) : h;
	}
}

static void store_field(
    const onn_ref_run *run, const onn_step *step, const size_t *index, const double _Complex *field)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const onn_view *out = &step->u.pointwise.program.output[0].view;
	uint32_t nbatch = step->u.pointwise.ndim - 2;
	double n =
	    t->filtered || t->inverse ? (double)t->n[1] * (t->axes == 2 ? (double)t->n[0] : 1) : 1;
	ptrdiff_t at = out->offset;

	for (uint32_t i = 0; i < nbatch; i++)
		at += (ptrdiff_t)index[i] * out->stride[i];
	for (size_t y = 0; y < t->size[0]; y++)
		for (size_t x = 0; x < t->size[1]; x++)
			onn_ref_store(run, out->value,
			    at + (ptrdiff_t)y * out->stride[nbatch] +
			        (ptrdiff_t)x * out->stride[nbatch + 1],
			    field[(t->from[0] + y) * t->n[1] + t->from[1] + x] / n);
}

onn_status onn_ref_fft(const onn_ref_run *run, const onn_step *step)
{
	const onn_transform *t = &step->u.pointwise.transform;
	uint32_t nbatch = step->u.pointwise.ndim - 2;
	size_t index[ONN_MAX_DIMS] = {0}, area = t->n[0] * t->n[1];
	double _Complex *field = malloc(area * sizeof *field);
	onn_status status = ONN_OK;

	if (!field)
		return onn_error_memory("onn_plan_run", area * sizeof *field);
	do {
		load_field(run, step, index, field);
		status = transform(t, field, t->inverse);
		if (!status && t->filtered) {
			multiply(run, t, nbatch, index, field);
			status = transform(t, field, true);
		}
		if (!status)
			store_field(run, step, index, field);
	} while (!status && onn_ref_next_index(index, step->u.pointwise.shape, 0, nbatch));
	free(field);
	return status;
}
