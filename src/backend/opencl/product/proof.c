/*
 * Whether a library's product is one: random factors, and c x against a (b x) for a random vector
 * x, in double on the host (Freivalds, 1977). An element of c that is wrong by more than rounding
 * changes c x, and what is written beside c is seen as well.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/product/proof.h"
#include "core/memory.h"
#include "core/philox.h"

enum {
	GUARD = 256, /* elements beside c that nobody may write to */
	BATCHES = 2  /* of a batch that are tried */
};

/* A matrix on the host as it lies in memory: [batch] from `offset` on, rows of ld. */
typedef struct side {
	unsigned char *data;
	size_t elements, offset, stride, ld;
	int op;
} side;

static double *parts_of(double z[2], onn_type type, const unsigned char *data, size_t i)
{
	const size_t size = onn_type_size(type);
	float single[2] = {0, 0};

	z[1] = 0;
	if (onn_type_real(type) == ONN_F64) {
		memcpy(z, data + i * size, size);
	} else {
		memcpy(single, data + i * size, size);
		z[0] = single[0];
		z[1] = single[1];
	}
	return z;
}

static void fill(onn_type type, unsigned char *data, size_t elements, uint32_t stream)
{
	const size_t parts = elements * (onn_type_is_complex(type) ? 2 : 1);
	uint32_t word[4];

	for (size_t i = 0; i < parts; i++) {
		const uint32_t at[4] = {(uint32_t)(i / 4), 0, stream, 0};
		if (i % 4 == 0)
			onn_philox(word, 9, at);
		const double number = (double)word[i % 4] / 2147483648. - 1;
		if (onn_type_real(type) == ONN_F64)
			((double *)(void *)data)[i] = number;
		else
			((float *)(void *)data)[i] = (float)number;
	}
}

/* y = op(m) x of one matrix: rows results, from columns numbers. */
static void apply(double *y, onn_type type, const side *m, size_t batch, size_t rows,
    size_t columns, const double *x)
{
	const bool turned = m->op == ONN_T || m->op == ONN_H;
	const double sign = m->op == ONN_C || m->op == ONN_H ? -1 : 1;
	const size_t first = m->offset + batch * m->stride;

	memset(y, 0, rows * sizeof(double[2]));
	/* along memory */
	for (size_t i = 0; i < (turned ? columns : rows); i++)
		for (size_t j = 0; j < (turned ? rows : columns); j++) {
			const size_t to = turned ? j : i, from = turned ? i : j;
			double z[2];
			parts_of(z, type, m->data, first + i * m->ld + j);
			z[1] *= sign;
			y[2 * to] += z[0] * x[2 * from] - z[1] * x[2 * from + 1];
			y[2 * to + 1] += z[0] * x[2 * from + 1] + z[1] * x[2 * from];
		}
}

static bool is_untouched(const unsigned char *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (data[i] != 0xff)
			return false;
	return true;
}

/* The largest difference over what a row's sum is like; work: numbers for x, b x, a (b x), c x. */
static double compare(const onn_cl_product *p, const side m[3], size_t batches, double *work)
{
	double *x = work, *bx = x + 2 * p->n, *abx = bx + 2 * p->k, *cx = abx + 2 * p->m;
	const double like = sqrt((double)p->k * (double)p->n) / 3, parts = 2;
	double worst = 0;

	for (size_t i = 0; i < 2 * p->n; i++)
		x[i] = onn_philox_uniform(10, 0, 0, (uint32_t)i) * 2 - 1;
	for (size_t batch = 0; batch < batches; batch++) {
		apply(bx, p->type, &m[1], batch, p->k, p->n, x);
		apply(abx, p->type, &m[0], batch, p->m, p->k, bx);
		apply(cx, p->type, &m[2], batch, p->m, p->n, x);
		for (size_t i = 0; i < 2 * p->m; i++) {
			const double off = fabs(cx[i] - abx[i]) / (parts * like);
			worst = off <= worst ? worst : off; /* NaN counts */
		}
	}
	return worst;
}

/* Elements from the first to the last of a factor whose rows and columns lie so. */
static size_t extent(const onn_cl_factor *f, size_t rows, size_t columns, size_t batches)
{
	const bool turned = f->op == ONN_T || f->op == ONN_H;

	return (batches - 1) * f->stride + ((turned ? columns : rows) - 1) * f->ld +
	       (turned ? rows : columns);
}

static bool make_side(side *s, const onn_cl_product *p, const onn_cl_factor *f, size_t rows,
    size_t columns, size_t batches)
{
	*s = (side){NULL, 0, f->offset ? GUARD : 0, f->stride, f->ld, f->op};
	s->elements = s->offset + extent(f, rows, columns, batches) + GUARD;
	s->data = malloc(s->elements * onn_type_size(p->type));
	return s->data != NULL;
}

static cl_mem upload(onn_cl_device *d, const side *s, onn_type type, cl_int *code)
{
	return clCreateBuffer(d->context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
	    s->elements * onn_type_size(type), s->data, code);
}

/* What is wrong, as a text; "" nothing. */
static void run(char *wrong, size_t room, onn_cl_device *d, const onn_cl_product *p, side m[3],
    size_t batches, double *work)
{
	const size_t size = onn_type_size(p->type), guard = GUARD * size;
	/* a long sum rounds more */
	const double allowed =
	    (onn_type_real(p->type) == ONN_F64 ? 1e-12 : 1e-5) * (1 + sqrt((double)p->k) / 100);
	cl_mem memory[3] = {NULL, NULL, NULL};
	cl_int code = CL_SUCCESS;
	onn_cl_product trial = *p;
	int given = 0;

	for (int i = 0; i < 3 && !code; i++)
		memory[i] = upload(d, &m[i], p->type, &code);
	trial.batches = batches;
	trial.a.offset = m[0].offset;
	trial.b.offset = m[1].offset;
	trial.c.offset = m[2].offset;
	if (!code)
		given = p->multiply(d, &trial, memory, NULL);
	if (!code && !given)
		code = onn_cl_await_trial(d);
	if (!code && !given)
		code = clEnqueueReadBuffer(d->queue, memory[2], CL_TRUE, 0, m[2].elements * size,
		    m[2].data, 0, NULL, NULL);
	for (int i = 0; i < 3; i++)
		if (memory[i] && !onn_cl_inherited(d))
			clReleaseMemObject(memory[i]);
	if (given) {
		snprintf(wrong, room, "it gives %d", given);
	} else if (code) {
		snprintf(wrong, room, "a trial ends with %s", onn_cl_error_name(code));
	} else if (!is_untouched(m[2].data, m[2].offset * size) ||
	           !is_untouched(m[2].data + m[2].elements * size - guard, guard)) {
		snprintf(wrong, room, "it writes beside its result");
	} else {
		const double off = compare(p, m, batches, work);
		if (!(off <= allowed))
			snprintf(wrong, room, "off by %.2g", off);
	}
}

bool onn_cl_product_is_right(onn_cl_device *d, const onn_cl_product *p)
{
	const size_t batches = p->batches < BATCHES ? p->batches : BATCHES;
	char name[ONN_CL_WORK_TEXT], wrong[80] = "";

	snprintf(name, sizeof name, "%s, %s %zu x %zu x %zu, forms %d %d, rows of %zu and %zu%s%s",
	    p->library, onn_type_name(p->type), p->m, p->n, p->k, p->a.op, p->b.op, p->a.ld,
	    p->b.ld, p->batches > 1 ? ", a batch" : "", p->c.offset ? ", within memory" : "");
	onn_cl_verdict verdict = onn_cl_verdict_of(d, name);
	if (verdict != ONN_CL_UNTRIED)
		return verdict == ONN_CL_RIGHT;
	side m[3] = {{0}, {0}, {0}};
	double *work = malloc((p->m * 2 + p->n + p->k) * sizeof(double[2]));
	bool room = work && make_side(&m[0], p, &p->a, p->m, p->k, batches) &&
	            make_side(&m[1], p, &p->b, p->k, p->n, batches) &&
	            make_side(&m[2], p, &p->c, p->m, p->n, batches);
	if (room) {
		fill(p->type, m[0].data, m[0].elements, 0);
		fill(p->type, m[1].data, m[1].elements, 1);
		memset(m[2].data, 0xff, m[2].elements * onn_type_size(p->type));
		run(wrong, sizeof wrong, d, p, m, batches, work);
		onn_cl_judge(d, name, *wrong ? wrong : NULL, "own kernels");
	}
	for (int i = 0; i < 3; i++)
		free(m[i].data);
	free(work);
	return room && !*wrong;
}
