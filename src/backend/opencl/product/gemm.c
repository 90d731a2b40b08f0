/*
 * Matrix products by CLBlast, which is tuned for many GPUs. It compiles its kernels when a kind of
 * product comes first, so prepare() runs each product of a schedule once.
 */
#include "config.h"

#include "backend/opencl/opencl_backend.h"
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

bool onn_cl_gemm_takes(const onn_cl_device *d, const onn_schedule *s, const onn_step *step)
{
	const onn_matrix *a = &step->u.matmul.a, *b = &step->u.matmul.b;
	size_t batches;

	onn_size_product(&batches, step->u.matmul.nbatch, step->u.matmul.batch);
	/* it has no conjugation without transposition */
	return d->clblast && onn_type_is_float(s->value[step->u.matmul.c].type) && a->op != ONN_C &&
	       b->op != ONN_C && ld_is_enough(a, step->u.matmul.m, step->u.matmul.k) &&
	       ld_is_enough(b, step->u.matmul.k, step->u.matmul.n) &&
	       (batches == 1 || (batch_stride(step, a) > 0 && batch_stride(step, b) > 0));
}

static CLBlastTranspose transpose(int op)
{
	return op == ONN_T   ? CLBlastTransposeYes
	       : op == ONN_H ? CLBlastTransposeConjugate
	                     : CLBlastTransposeNo;
}

typedef struct operand {
	cl_mem memory;
	size_t offset, ld, stride;
} operand;

static int multiply(onn_type type, CLBlastTranspose ta, CLBlastTranspose tb, size_t m, size_t n,
    size_t k, const operand *a, const operand *b, const operand *c, size_t batches,
    cl_command_queue *queue, cl_event *event)
{
#define GEMM(letter, one, zero)                                                                    \
	(batches == 1                                                                              \
	        ? CLBlast##letter##gemm(CLBlastLayoutRowMajor, ta, tb, m, n, k, one, a->memory,    \
	              a->offset, a->ld, b->memory, b->offset, b->ld, zero, c->memory, c->offset,   \
	              n, queue, event)                                                             \
	        : CLBlast##letter##gemmStridedBatched(CLBlastLayoutRowMajor, ta, tb, m, n, k, one, \
	              a->memory, a->offset, a->ld, a->stride, b->memory, b->offset, b->ld,         \
	              b->stride, zero, c->memory, c->offset, n, m * n, batches, queue, event))
	const cl_float2 one32 = {{1, 0}}, zero32 = {{0, 0}};
	const cl_double2 one64 = {{1, 0}}, zero64 = {{0, 0}};

	switch (type) {
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

/* Where an operand starts, in elements; memory is filled in by the caller. */
static operand operand_of(const onn_schedule *s, const onn_step *step, const onn_matrix *x)
{
	const onn_value *v = &s->value[x->value];
	operand o = {NULL, v->offset / onn_type_size(v->type) + (size_t)x->offset, x->ld,
	    batch_stride(step, x)};

	return o;
}

static onn_status run(
    onn_cl_executable *e, uint32_t number, operand a, operand b, operand c, cl_event *event)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	size_t batches;

	onn_size_product(&batches, step->u.matmul.nbatch, step->u.matmul.batch);
	int code = multiply(s->value[step->u.matmul.c].type, transpose(step->u.matmul.a.op),
	    transpose(step->u.matmul.b.op), step->u.matmul.m, step->u.matmul.n, step->u.matmul.k,
	    &a, &b, &c, batches, &e->device->queue, event);
	if (code)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_run: step %u (%s): CLBlast gave %d on device %s; "
		    "ONN_OPENCL_CLBLAST=0 does "
		    "without it",
		    (unsigned)number, step->label, code, e->base.device->name);
	return ONN_OK;
}

onn_status onn_cl_gemm_run(
    onn_cl_executable *e, uint32_t number, onn_buffer *const *buffers, cl_event *event)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_value *out = &s->value[step->u.matmul.c];
	operand a = operand_of(s, step, &step->u.matmul.a);
	operand b = operand_of(s, step, &step->u.matmul.b);
	operand c = {NULL, out->offset / onn_type_size(out->type), step->u.matmul.n, 0};

	a.memory = ((onn_cl_buffer *)buffers[s->value[step->u.matmul.a.value].memory])->memory;
	b.memory = ((onn_cl_buffer *)buffers[s->value[step->u.matmul.b.value].memory])->memory;
	c.memory = ((onn_cl_buffer *)buffers[out->memory])->memory;
	return run(e, number, a, b, c, event);
}

/* A stand-in for one piece of the schedule's memory. */
static onn_status borrow(onn_cl_executable *e, uint32_t value, onn_buffer **buffer)
{
	const onn_schedule *s = e->base.schedule;

	return onn_cl_buffer_create(
	    buffer, e->base.device, s->memory[s->value[value].memory].bytes);
}

static onn_status warm_step(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	operand a = operand_of(s, step, &step->u.matmul.a);
	operand b = operand_of(s, step, &step->u.matmul.b);
	operand c = {NULL,
	    s->value[step->u.matmul.c].offset / onn_type_size(s->value[step->u.matmul.c].type),
	    step->u.matmul.n, 0};
	onn_buffer *memory[3] = {NULL, NULL, NULL};
	onn_status status = borrow(e, step->u.matmul.a.value, &memory[0]);

	if (!status)
		status = borrow(e, step->u.matmul.b.value, &memory[1]);
	if (!status)
		status = borrow(e, step->u.matmul.c, &memory[2]);
	if (!status) {
		a.memory = ((onn_cl_buffer *)memory[0])->memory;
		b.memory = ((onn_cl_buffer *)memory[1])->memory;
		c.memory = ((onn_cl_buffer *)memory[2])->memory;
		status = run(e, number, a, b, c, NULL);
	}
	if (!status)
		status = onn_cl_wait(e->base.device);
	for (int i = 0; i < 3; i++)
		onn_cl_buffer_destroy(memory[i]);
	return status;
}

onn_status onn_cl_gemm_warm(onn_cl_executable *e)
{
	onn_status status = ONN_OK;

	for (size_t i = 0; !status && i < e->launches; i++)
		if (e->launch[i].kind == ONN_CL_GEMM)
			status = warm_step(e, e->launch[i].step);
	return status;
}

#else

bool onn_cl_gemm_takes(const onn_cl_device *d, const onn_schedule *s, const onn_step *step)
{
	(void)d;
	(void)s;
	(void)step;
	return false;
}

onn_status onn_cl_gemm_warm(onn_cl_executable *e)
{
	(void)e;
	return ONN_OK;
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
