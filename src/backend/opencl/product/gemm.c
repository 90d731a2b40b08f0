/*
 * Matrix products by CLBlast, which is tuned for many GPUs. It compiles its kernels when a kind of
 * product comes first: on its trial, before a plan is made.
 */
#include "config.h"

#include "backend/opencl/product/proof.h"
#include "core/memory.h"

#ifdef ONN_HAVE_CLBLAST

#include <clblast_c.h>

/* Elements from matrix to matrix where the batch is evenly spaced, with at least one element; else
 * 0. */
static size_t batch_stride(const onn_step *step, const onn_matrix *m)
{
	ptrdiff_t stride = 0, expected = 0;

	for (uint32_t d = step->u.matmul.nbatch; d > 0; d--) {
		size_t size = step->u.matmul.batch[d - 1];
		if (size == 1)
			continue;
		if (stride == 0)
			stride = expected = m->batch_stride[d - 1];
		if (stride <= 0 || m->batch_stride[d - 1] != expected)
			return 0;
		expected *= (ptrdiff_t)size;
	}
	return (size_t)stride;
}

/* Columns of the matrix as it lies in memory; CLBlast wants ld to be at least that. */
static bool ld_is_enough(const onn_matrix *x, size_t rows, size_t columns)
{
	bool transposed = x->op == ONN_T || x->op == ONN_H;

	return x->ld >= (transposed ? rows : columns);
}

bool onn_cl_gemm_wanted(bool gpu)
{
	return onn_cl_choice("ONN_OPENCL_CLBLAST", gpu && ONN_CLBLAST_IS_SOUND);
}

static CLBlastTranspose transpose(int op)
{
	return op == ONN_T   ? CLBlastTransposeYes
	       : op == ONN_H ? CLBlastTransposeConjugate
	                     : CLBlastTransposeNo;
}

static int multiply(
    onn_cl_device *d, const onn_cl_product *p, const cl_mem memory[3], cl_event *event)
{
	const CLBlastTranspose ta = transpose(p->a.op), tb = transpose(p->b.op);
	const onn_cl_factor *a = &p->a, *b = &p->b, *c = &p->c;
	cl_command_queue *queue = &d->queue;
#define GEMM(letter, one, zero)                                                                    \
	(p->batches == 1 ? CLBlast##letter##gemm(CLBlastLayoutRowMajor, ta, tb, p->m, p->n, p->k,  \
	                       one, memory[0], a->offset, a->ld, memory[1], b->offset, b->ld,      \
	                       zero, memory[2], c->offset, c->ld, queue, event)                    \
	                 : CLBlast##letter##gemmStridedBatched(CLBlastLayoutRowMajor, ta, tb,      \
	                       p->m, p->n, p->k, one, memory[0], a->offset, a->ld, a->stride,      \
	                       memory[1], b->offset, b->ld, b->stride, zero, memory[2], c->offset, \
	                       c->ld, c->stride, p->batches, queue, event))
	const cl_float2 one32 = {{1, 0}}, zero32 = {{0, 0}};
	const cl_double2 one64 = {{1, 0}}, zero64 = {{0, 0}};

	switch (p->type) {
	case ONN_F32:
		return GEMM(S, 1, 0);
	case ONN_F64:
		return GEMM(D, 1, 0);
	case ONN_C64:
		return GEMM(C, one32, zero32);
	default:
		return GEMM(Z, one64, zero64);
	}
#undef GEMM
}

static onn_cl_factor factor_of(const onn_schedule *s, const onn_step *step, const onn_matrix *x)
{
	const onn_value *v = &s->value[x->value];

	return (onn_cl_factor){x->op, v->offset / onn_type_size(v->type) + (size_t)x->offset, x->ld,
	    batch_stride(step, x)};
}

static onn_cl_product product_of(const onn_schedule *s, const onn_step *step)
{
	const onn_value *c = &s->value[step->u.matmul.c];
	const size_t m = step->u.matmul.m, n = step->u.matmul.n;
	onn_cl_product p = {"CLBlast", c->type, m, n, step->u.matmul.k, 1,
	    factor_of(s, step, &step->u.matmul.a), factor_of(s, step, &step->u.matmul.b),
	    {ONN_N, c->offset / onn_type_size(c->type), n, m * n}, multiply};

	onn_size_product(&p.batches, step->u.matmul.nbatch, step->u.matmul.batch);
	return p;
}

bool onn_cl_gemm_takes(onn_cl_device *d, const onn_schedule *s, const onn_step *step)
{
	const onn_matrix *a = &step->u.matmul.a, *b = &step->u.matmul.b;

	/* it has no conjugation without transposition */
	if (!d->clblast || s->own || s->copies > 1 ||
	    !onn_type_is_float(s->value[step->u.matmul.c].type) || a->op == ONN_C ||
	    b->op == ONN_C || !ld_is_enough(a, step->u.matmul.m, step->u.matmul.k) ||
	    !ld_is_enough(b, step->u.matmul.k, step->u.matmul.n))
		return false;
	const onn_cl_product p = product_of(s, step);
	if (p.batches > 1 && (p.a.stride == 0 || p.b.stride == 0))
		return false;
	return onn_cl_product_is_right(d, &p);
}

onn_status onn_cl_gemm_run(
    onn_cl_executable *e, uint32_t number, onn_buffer *const *buffers, cl_event *event)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_cl_product p = product_of(s, step);
	const uint32_t value[3] = {
	    step->u.matmul.a.value, step->u.matmul.b.value, step->u.matmul.c};
	cl_mem memory[3];

	for (int i = 0; i < 3; i++)
		memory[i] = ((onn_cl_buffer *)buffers[s->value[value[i]].memory])->memory;
	int code = multiply(e->device, &p, memory, event);
	if (code)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_run: step %u (%s): CLBlast gave %d on device %s; "
		    "ONN_OPENCL_CLBLAST=0 does "
		    "without it",
		    (unsigned)number, step->label, code, e->base.device->name);
	return ONN_OK;
}

#else

bool onn_cl_gemm_wanted(bool gpu)
{
	(void)gpu;
	return false;
}

bool onn_cl_gemm_takes(onn_cl_device *d, const onn_schedule *s, const onn_step *step)
{
	(void)d;
	(void)s;
	(void)step;
	return false;
}

onn_status onn_cl_gemm_run(
    onn_cl_executable *e, uint32_t number, onn_buffer *const *buffers, cl_event *event)
{
	(void)buffers;
	(void)event;
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "onn_plan_run: step %u on device %s; this build has no CLBlast", (unsigned)number,
	    e->base.device->name);
}

#endif
