/* Fourier transforms and filters: a field a chunk. */
#include <complex.h>
#include <string.h>

#include "backend/c/program.h"
#include "core/dft.h"
#include "core/error.h"

typedef struct fields {
	const onn_c_program *program;
	const onn_transform *transform;
	const onn_dft *dft[2];
	size_t shape[2];        /* what the program computes of a field */
	onn_c_view out, filter; /* their first elements over the batch */
	bool single;
	size_t field_at, work_at;
} fields;

static void load(const fields *f, const onn_c_thread *thread, size_t batch, double _Complex *field)
{
	const onn_transform *t = f->transform;
	size_t block = onn_c_program_block(f->program), count = f->shape[0] * f->shape[1];
	memset(field, 0, t->n[0] * t->n[1] * sizeof *field);
	for (size_t i = 0; i < count; i += block) {
		size_t n = count - i < block ? count - i : block;
		onn_c_program_run(f->program, thread, batch * count + i, n);
		const void *x = onn_c_program_result(f->program, thread);
		for (size_t k = 0; k < n; k++) {
			size_t row = (i + k) / f->shape[1], column = (i + k) % f->shape[1];
			field[(t->at[0] + row) * t->n[1] + t->at[1] + column] =
			    f->single ? ((const float _Complex *)x)[k]
			              : ((const double _Complex *)x)[k];
		}
	}
}

static void run(const fields *f, double _Complex *field, bool inverse, double _Complex *work)
{
	const onn_transform *t = f->transform;
	for (size_t y = 0; y < t->n[0]; y++)
		onn_dft_run(f->dft[1], field + y * t->n[1], 1, inverse, work);
	for (size_t x = 0; x < t->n[1] && t->axes == 2; x++)
		onn_dft_run(f->dft[0], field + x, (ptrdiff_t)t->n[1], inverse, work);
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const fields *f = data;
	const onn_transform *t = f->transform;
	double _Complex *field = (void *)((char *)thread->scratch + f->field_at);
	double _Complex *space = (void *)((char *)thread->scratch + f->work_at);
	double points = (double)t->n[1] * (t->axes == 2 ? (double)t->n[0] : 1);
	double scale = t->filtered || t->inverse ? 1 / points : 1;
	onn_c_program_begin(f->program, thread);
	for (size_t batch = begin; batch < end; batch++) {
		load(f, thread, batch, field);
		run(f, field, t->inverse, space);
		if (t->filtered) {
			const void *h = onn_c_view_element(&f->filter, thread, batch);
			for (size_t i = 0; i < t->n[0] * t->n[1]; i++) {
				double _Complex v = f->single ? ((const float _Complex *)h)[i]
				                              : ((const double _Complex *)h)[i];
				field[i] *= t->conjugate ? conj(v) : v;
			}
			run(f, field, true, space);
		}
		void *out = onn_c_view_element(&f->out, thread, batch);
		for (size_t i = 0; i < t->size[0] * t->size[1]; i++) {
			size_t row = t->from[0] + i / t->size[1],
			       column = t->from[1] + i % t->size[1];
			double _Complex v = field[row * t->n[1] + column] * scale;
			if (f->single)
				((float _Complex *)out)[i] = (float _Complex)v;
			else
				((double _Complex *)out)[i] = v;
		}
	}
}

onn_status onn_c_prepare_fft(onn_c_builder *b, const onn_step *step)
{
	const onn_transform *t = &step->u.pointwise.transform;
	uint32_t ndim = step->u.pointwise.ndim;
	const onn_view *out = &step->u.pointwise.program.output[0].view;
	onn_c_space space, batches;
	onn_c_program *program;
	fields *f = onn_c_allocate(b, sizeof *f);
	if (!f)
		return ONN_ERROR_MEMORY;
	onn_c_space_init(&space, ndim, step->u.pointwise.shape, NULL);
	onn_c_space_init(&batches, ndim - 2, step->u.pointwise.shape, NULL);
	onn_status status =
	    onn_c_program_create(&program, b, &step->u.pointwise.program, &space, false);
	if (status)
		return status;
	f->program = program;
	f->transform = t;
	f->single = b->schedule->value[out->value].type == ONN_C64;
	memcpy(f->shape, step->u.pointwise.shape + ndim - 2, sizeof f->shape);
	onn_c_view_init(&f->out, b, out, &batches);
	if (t->filtered)
		onn_c_view_init(&f->filter, b, &t->filter, &batches);
	size_t need = 0;
	for (int i = 0; i < 2; i++) {
		onn_dft *d;
		status = onn_dft_create(&d, t->n[i]);
		if (status)
			return status;
		f->dft[i] = d;
		need = onn_dft_work(d) > need ? onn_dft_work(d) : need;
	}
	f->field_at = onn_c_program_scratch(program);
	f->work_at = f->field_at + (t->n[0] * t->n[1] * sizeof(double _Complex) + 63) / 64 * 64;
	onn_c_need_scratch(b, f->work_at + need * sizeof(double _Complex));
	return onn_c_add_phase(b, work, f, batches.count, step->flops);
}
