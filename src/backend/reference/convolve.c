/* Images with kernels: each element of the result is summed by itself, as its formula reads. */
#include "backend/reference/reference.h"

/* The pixel along an axis that number i of the kernel meets at place p; -1 outside of the image. */
static ptrdiff_t pixel(const onn_convolve *c, int axis, size_t p, size_t i)
{
	ptrdiff_t at =
	    (ptrdiff_t)(p * c->stride[axis] + i * c->dilation[axis]) - (ptrdiff_t)c->padding[axis];

	return at >= 0 && at < (ptrdiff_t)c->image[axis] ? at : -1;
}

/* Where an element stands, or -1 for a pixel outside of the image. */
static ptrdiff_t place_x(
    const onn_convolve *c, size_t n, size_t channel, const size_t *p, const size_t *i)
{
	ptrdiff_t row = pixel(c, 0, p[0], i[0]), column = pixel(c, 1, p[1], i[1]);

	if (row < 0 || column < 0)
		return -1;
	return ((ptrdiff_t)(n * c->channels + channel) * (ptrdiff_t)c->image[0] + row) *
	           (ptrdiff_t)c->image[1] +
	       column;
}

static ptrdiff_t place_w(const onn_convolve *c, size_t output, size_t channel, const size_t *i)
{
	size_t each = c->channels / c->groups;

	return (ptrdiff_t)(((output * each + channel) * c->kernel[0] + i[0]) * c->kernel[1] + i[1]);
}

static ptrdiff_t place_y(const onn_convolve *c, size_t n, size_t output, const size_t *p)
{
	return (ptrdiff_t)(((n * c->outputs + output) * c->result[0] + p[0]) * c->result[1] + p[1]);
}

typedef struct sum {
	long double re, im;
} sum;

static void add(sum *s, onn_ref_number a, onn_ref_number b)
{
	onn_ref_number product = a * b;
	const double *part = (const double *)&product;

	s->re += part[0];
	s->im += part[1];
}

static void store(const onn_ref_run *run, uint32_t value, ptrdiff_t at, const sum *s)
{
	onn_ref_store(run, value, at, onn_ref_complex((double)s->re, (double)s->im));
}

static void make_y(const onn_ref_run *run, const onn_convolve *c, const size_t *at)
{
	size_t each = c->channels / c->groups, group = at[1] / (c->outputs / c->groups);
	const size_t shape[3] = {each, c->kernel[0], c->kernel[1]};
	size_t in[3] = {0};
	sum s = {0, 0};

	do {
		ptrdiff_t x = place_x(c, at[0], group * each + in[0], at + 2, in + 1);
		if (x >= 0)
			add(&s, onn_ref_load(run, c->x, x),
			    onn_ref_load(run, c->w, place_w(c, at[1], in[0], in + 1)));
	} while (onn_ref_next_index(in, shape, 0, 3));
	store(run, c->y, place_y(c, at[0], at[1], at + 2), &s);
}

/* The place along an axis at which number i of the kernel meets a pixel; -1 where there is none. */
static ptrdiff_t meeting(const onn_convolve *c, int axis, size_t at, size_t i)
{
	ptrdiff_t from = (ptrdiff_t)(at + c->padding[axis]) - (ptrdiff_t)(i * c->dilation[axis]);
	ptrdiff_t stride = (ptrdiff_t)c->stride[axis];

	if (from < 0 || from % stride != 0 || from / stride >= (ptrdiff_t)c->result[axis])
		return -1;
	return from / stride;
}

/* Every number of the kernels of the pixel's group, at the place where it meets the pixel. */
static void make_x(const onn_ref_run *run, const onn_convolve *c, const size_t *at)
{
	size_t each = c->channels / c->groups, outputs = c->outputs / c->groups;
	const size_t shape[3] = {outputs, c->kernel[0], c->kernel[1]};
	size_t in[3] = {0};
	ptrdiff_t here =
	    (ptrdiff_t)(((at[0] * c->channels + at[1]) * c->image[0] + at[2]) * c->image[1] +
	                at[3]);
	sum s = {0, 0};

	do {
		size_t output = at[1] / each * outputs + in[0];
		ptrdiff_t p = meeting(c, 0, at[2], in[1]), q = meeting(c, 1, at[3], in[2]);
		size_t place[2] = {(size_t)p, (size_t)q};
		if (p >= 0 && q >= 0)
			add(&s, onn_ref_load(run, c->w, place_w(c, output, at[1] % each, in + 1)),
			    onn_ref_load(run, c->y, place_y(c, at[0], output, place)));
	} while (onn_ref_next_index(in, shape, 0, 3));
	store(run, c->x, here, &s);
}

static void make_w(const onn_ref_run *run, const onn_convolve *c, const size_t *at)
{
	size_t each = c->channels / c->groups, group = at[0] / (c->outputs / c->groups);
	const size_t shape[3] = {c->batch, c->result[0], c->result[1]};
	size_t in[3] = {0};
	sum s = {0, 0};

	do {
		ptrdiff_t x = place_x(c, in[0], group * each + at[1], in + 1, at + 2);
		if (x >= 0)
			add(&s, onn_ref_load(run, c->x, x),
			    onn_ref_load(run, c->y, place_y(c, in[0], at[0], in + 1)));
	} while (onn_ref_next_index(in, shape, 0, 3));
	store(run, c->w, place_w(c, at[0], at[1], at + 2), &s);
}

onn_status onn_ref_convolve(const onn_ref_run *run, const onn_step *step)
{
	const onn_convolve *c = &step->u.convolve;
	const size_t shape[][4] = {
	    [ONN_CONVOLVE_OUTPUT] = {c->batch, c->outputs, c->result[0], c->result[1]},
	    [ONN_CONVOLVE_INPUT] = {c->batch, c->channels, c->image[0], c->image[1]},
	    [ONN_CONVOLVE_WEIGHT] = {
	        c->outputs, c->channels / c->groups, c->kernel[0], c->kernel[1]}};
	size_t at[4] = {0};

	do {
		if (c->part == ONN_CONVOLVE_OUTPUT)
			make_y(run, c, at);
		else if (c->part == ONN_CONVOLVE_INPUT)
			make_x(run, c, at);
		else
			make_w(run, c, at);
	} while (onn_ref_next_index(at, shape[c->part], 0, 4));
	return ONN_OK;
}
