/*
 * Images with kernels as matrix products: the pixels that each place of the kernel meets become a
 * column of a matrix. Only as many places at a time as stay in the cache, whole rows of the result.
 *
 * Chunks depend on shapes alone. A pixel's sum over places, and a kernel's over images, is taken in
 * one order; the latter in parts, which are added up in theirs.
 */
#include "backend/c/product/convolve.h"

#include <string.h>

#include "backend/c/fourier/kernels.h"
#include "backend/c/product/lanes.h"
#include "backend/c/thresholds.h"
#include "core/element.h"
#include "core/memory.h"

/* ---- pixels as columns ---- */

/* A step by matrix products, and some of its rows of the result. */
typedef struct columns {
	onn_c_convolve *s;
	size_t channels, outputs;    /* of a group */
	size_t taps;                 /* numbers of a kernel of one channel */
	size_t rows, blocks;         /* of the result: rows of a block, blocks of an image */
	size_t cut;                  /* channels of a chunk, for the gradient of images */
	size_t product_at, gemm_at;  /* in the scratch */
	const onn_lane_kernels *own; /* for few numbers of a kernel; NULL: a library's products */
	size_t own_at;               /* in the scratch */
} columns;

typedef struct block {
	size_t image, group, first, rows; /* rows of the result */
	size_t channel, channels;         /* within the group */
} block;

static char *image_of(const columns *m, const onn_c_thread *thread, const block *k)
{
	const onn_convolve *c = &m->s->of;
	size_t channel = k->image * c->channels + k->group * m->channels + k->channel;
	return onn_c_at(thread, m->s->x) + channel * c->image[0] * c->image[1] * m->s->size;
}

static char *result_of(const columns *m, const onn_c_thread *thread, const block *k)
{
	const onn_convolve *c = &m->s->of;
	size_t output = k->image * c->outputs + k->group * m->outputs;
	return onn_c_at(thread, m->s->y) +
	       (output * c->result[0] + k->first) * c->result[1] * m->s->size;
}

/* Places first ... last-1 along an axis at which number i of the kernel meets the image; *pixel is
 * the first one's, or any where there is none. */
static void meet(
    size_t *first, size_t *last, size_t *pixel, const onn_convolve *c, int axis, size_t i)
{
	size_t stride = c->stride[axis], padding = c->padding[axis], at = i * c->dilation[axis];
	size_t end = c->image[axis] + padding; /* of pixels, counted from the padding's first */
	*first = at >= padding ? 0 : (padding - at + stride - 1) / stride;
	*last = at >= end ? 0 : onn_size_least((end - at + stride - 1) / stride, c->result[axis]);
	if (*last < *first)
		*last = *first;
	*pixel = *first < *last ? *first * stride + at - padding : 0;
}

#define COPY_STRIDED(type)                                                                         \
	static void gather_##type(                                                                 \
	    type *restrict to, const type *restrict from, size_t n, size_t s)                      \
	{                                                                                          \
		for (size_t i = 0; i < n; i++)                                                     \
			to[i] = from[i * s];                                                       \
	}                                                                                          \
	static void add_##type(type *restrict to, const type *restrict from, size_t n, size_t s)   \
	{                                                                                          \
		for (size_t i = 0; i < n; i++)                                                     \
			to[i * s] += from[i];                                                      \
	}
COPY_STRIDED(float)
COPY_STRIDED(double)

/* n elements that are `stride` apart, one behind the other. */
static void gather(onn_type type, char *to, const char *from, size_t n, size_t stride)
{
	size_t size = onn_type_size(type);
	if (stride == 1)
		memcpy(to, from, n * size);
	else if (size == sizeof(float))
		gather_float((float *)(void *)to, (const float *)(const void *)from, n, stride);
	else if (size == sizeof(double))
		gather_double((double *)(void *)to, (const double *)(const void *)from, n, stride);
	else
		for (size_t i = 0; i < n; i++)
			memcpy(to + i * size, from + i * stride * size, size);
}

/* Adds n elements to ones that are `stride` apart. */
static void scatter(onn_type type, char *to, const char *from, size_t n, size_t stride)
{
	bool single = onn_type_real(type) == ONN_F32, pairs = onn_type_is_complex(type);
	if (pairs && stride == 1) {
		n *= 2;
		pairs = false;
	}
	for (size_t part = 0; part < (pairs ? 2u : 1u); part++)
		for (size_t i = 0; pairs && i < n; i++) {
			if (single)
				((float *)(void *)to)[2 * i * stride + part] +=
				    ((const float *)(const void *)from)[2 * i + part];
			else
				((double *)(void *)to)[2 * i * stride + part] +=
				    ((const double *)(const void *)from)[2 * i + part];
		}
	if (pairs)
		return;
	if (single)
		add_float((float *)(void *)to, (const float *)(const void *)from, n, stride);
	else
		add_double((double *)(void *)to, (const double *)(const void *)from, n, stride);
}

/* One row of the matrix, of a channel's number (i, j) of the kernel: pixels to it, or from it. */
static void move_row(
    const columns *m, const block *k, char *plane, size_t i, size_t j, char *row, bool back)
{
	const onn_convolve *c = &m->s->of;
	size_t size = m->s->size, width = c->result[1];
	size_t down[2], across[2], y, x;
	meet(&down[0], &down[1], &y, c, 0, i);
	meet(&across[0], &across[1], &x, c, 1, j);
	size_t n = across[1] - across[0];
	for (size_t p = k->first; p < k->first + k->rows; p++, row += width * size) {
		bool inside = p >= down[0] && p < down[1] && n > 0;
		char *pixels =
		    inside ? plane + ((y + (p - down[0]) * c->stride[0]) * c->image[1] + x) * size
		           : plane;
		if (back) {
			if (inside)
				scatter(
				    m->s->type, pixels, row + across[0] * size, n, c->stride[1]);
			continue;
		}
		if (!inside) {
			memset(row, 0, width * size);
			continue;
		}
		memset(row, 0, across[0] * size);
		gather(m->s->type, row + across[0] * size, pixels, n, c->stride[1]);
		memset(row + across[1] * size, 0, (width - across[1]) * size);
	}
}

/* Whether all that kernels meet are pixels, side by side. */
static bool is_plain(const onn_convolve *c)
{
	return c->padding[0] == 0 && c->padding[1] == 0 && c->stride[0] == 1 && c->stride[1] == 1;
}

static void pack(const columns *m, const float *plane, const block *k, float *matrix)
{
	const onn_convolve *c = &m->s->of;
	size_t width = c->image[1], step = k->rows * c->result[1];
	plane += k->first * width;
	for (size_t channel = 0; channel < k->channels; channel++, plane += c->image[0] * width)
		for (size_t i = 0; i < c->kernel[0]; i++)
			for (size_t j = 0; j < c->kernel[1]; j++, matrix += step)
				m->own->pack(matrix,
				    plane + i * c->dilation[0] * width + j * c->dilation[1], width,
				    c->result[1], k->rows);
}

static void move(
    const columns *m, const onn_c_thread *thread, const block *k, char *matrix, bool back)
{
	const onn_convolve *c = &m->s->of;
	char *plane = image_of(m, thread, k);
	size_t step = k->rows * c->result[1] * m->s->size;
	if (m->own && is_plain(c)) {
		pack(m, (const float *)(const void *)plane, k, (float *)(void *)matrix);
		return;
	}
	for (size_t channel = 0; channel < k->channels; channel++) {
		for (size_t i = 0; i < c->kernel[0]; i++)
			for (size_t j = 0; j < c->kernel[1]; j++, matrix += step)
				move_row(m, k, plane, i, j, matrix, back);
		plane += c->image[0] * c->image[1] * m->s->size;
	}
}

static void take_block(const columns *m, block *k, size_t number)
{
	size_t height = m->s->of.result[0];
	k->first = number * m->rows;
	k->rows = onn_size_least(m->rows, height - k->first);
}

static const char *kernels_of(const columns *m, const onn_c_thread *thread, size_t group)
{
	return onn_c_at(thread, m->s->w) + group * m->outputs * m->channels * m->taps * m->s->size;
}

/* ---- few numbers of a kernel: our own loops are faster than a library's ---- */

/* Pixels are lanes. */
static void output_by_lanes(const columns *m, const onn_c_thread *thread, const block *k, size_t n)
{
	const onn_convolve *c = &m->s->of;
	size_t sum = m->channels * m->taps;
	onn_lane_product p = {.a = (const float *)(const void *)kernels_of(m, thread, k->group),
	    .b = thread->scratch,
	    .c = (float *)(void *)result_of(m, thread, k),
	    .a_row = sum,
	    .a_column = 1,
	    .b_row = n,
	    .c_row = c->result[0] * c->result[1],
	    .rows = m->outputs,
	    .terms = sum,
	    .vectors = n / m->own->lanes};
	m->own->product(&p);
}

/* Numbers of a kernel are lanes: the matrix is turned. */
static void weight_by_lanes(
    const columns *m, const onn_c_thread *thread, const block *k, float *to, size_t n, bool first)
{
	const onn_convolve *c = &m->s->of;
	size_t sum = m->channels * m->taps, lanes = m->own->lanes;
	size_t row = onn_size_round_up(sum, lanes);
	const float *matrix = thread->scratch;
	float *turned = (float *)(void *)((char *)thread->scratch + m->own_at);
	float *product = (float *)(void *)((char *)thread->scratch + m->product_at);
	onn_lane_product p = {.a = (const float *)(const void *)result_of(m, thread, k),
	    .b = turned,
	    .c = product,
	    .a_row = c->result[0] * c->result[1],
	    .a_column = 1,
	    .b_row = row,
	    .c_row = row,
	    .rows = m->outputs,
	    .terms = n,
	    .vectors = row / lanes};
	for (size_t v = 0; v < sum; v += lanes)
		m->own->load(turned + v, row, matrix + v * n, n, onn_size_least(lanes, sum - v), n);
	m->own->product(&p);
	for (size_t i = 0; i < m->outputs; i++)
		for (size_t j = 0; j < sum; j++) {
			float *w = &to[i * sum + j];
			*w = product[i * row + j] + (first ? 0 : *w);
		}
}

/* ---- a chunk is a block of rows of a group's results of an image ---- */

static void output_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const columns *m = data;
	const onn_convolve *c = &m->s->of;
	char *matrix = thread->scratch;
	size_t sum = m->channels * m->taps;
	for (size_t chunk = begin; chunk < end; chunk++) {
		block k = {.channels = m->channels};
		take_block(m, &k, chunk % m->blocks);
		k.group = chunk / m->blocks % c->groups;
		k.image = chunk / m->blocks / c->groups;
		size_t n = k.rows * c->result[1];
		move(m, thread, &k, matrix, false);
		if (m->own) {
			output_by_lanes(m, thread, &k, n);
			continue;
		}
		onn_gemm g = {m->s->type, ONN_N, ONN_N, m->outputs, n, sum, sum, n,
		    c->result[0] * c->result[1], onn_gemm_prefers_own(m->s->type, m->s->kernels)};
		onn_gemm_run(&g, m->s->kernels, kernels_of(m, thread, k.group), matrix,
		    result_of(m, thread, &k), (char *)thread->scratch + m->gemm_at);
	}
}

/* ---- a chunk is some channels of an image ---- */

static void input_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const columns *m = data;
	const onn_convolve *c = &m->s->of;
	char *matrix = thread->scratch;
	size_t sum = m->channels * m->taps, cuts = onn_size_divide_up(m->channels, m->cut);
	for (size_t chunk = begin; chunk < end; chunk++) {
		block k = {.image = chunk / cuts / c->groups,
		    .group = chunk / cuts % c->groups,
		    .channel = chunk % cuts * m->cut};
		k.channels = onn_size_least(m->cut, m->channels - k.channel);
		memset(image_of(m, thread, &k), 0,
		    k.channels * c->image[0] * c->image[1] * m->s->size);
		const char *w = kernels_of(m, thread, k.group) + k.channel * m->taps * m->s->size;
		for (size_t i = 0; i < m->blocks; i++) {
			take_block(m, &k, i);
			size_t n = k.rows * c->result[1];
			onn_gemm g = {m->s->type, ONN_T, ONN_N, k.channels * m->taps, n, m->outputs,
			    sum, c->result[0] * c->result[1], n,
			    onn_gemm_prefers_own(m->s->type, m->s->kernels)};
			onn_gemm_run(&g, m->s->kernels, w, result_of(m, thread, &k), matrix,
			    (char *)thread->scratch + m->gemm_at);
			move(m, thread, &k, matrix, true);
		}
	}
}

/* ---- a chunk is a part of the images' blocks ---- */

static void add_product(onn_type type, char *to, const char *from, size_t n)
{
	size_t scalars = n * onn_type_parts(type);
	if (onn_type_real(type) == ONN_F32)
		add_float((float *)(void *)to, (const float *)(const void *)from, scalars, 1);
	else
		add_double((double *)(void *)to, (const double *)(const void *)from, scalars, 1);
}

static void weight_block(
    const columns *m, const onn_c_thread *thread, block *k, char *total, bool first)
{
	const onn_convolve *c = &m->s->of;
	char *matrix = thread->scratch, *product = (char *)thread->scratch + m->product_at;
	size_t sum = m->channels * m->taps, n = k->rows * c->result[1];
	for (k->group = 0; k->group < c->groups; k->group++) {
		char *to = total + k->group * m->outputs * sum * m->s->size;
		move(m, thread, k, matrix, false);
		if (m->own) {
			weight_by_lanes(m, thread, k, (float *)(void *)to, n, first);
			continue;
		}
		onn_gemm g = {m->s->type, ONN_N, ONN_T, m->outputs, sum, n,
		    c->result[0] * c->result[1], n, sum,
		    onn_gemm_prefers_own(m->s->type, m->s->kernels)};
		onn_gemm_run(&g, m->s->kernels, result_of(m, thread, k), matrix,
		    first ? to : product, (char *)thread->scratch + m->gemm_at);
		if (!first)
			add_product(m->s->type, to, product, m->outputs * sum);
	}
}

static void weight_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const columns *m = data;
	size_t units = m->s->of.batch * m->blocks;
	for (size_t part = begin; part < end; part++) {
		char *total = onn_c_convolve_part(m->s, thread, part);
		size_t from = units * part / m->s->parts, to = units * (part + 1) / m->s->parts;
		for (size_t i = from; i < to; i++) {
			block k = {.channels = m->channels, .image = i / m->blocks};
			take_block(m, &k, i % m->blocks);
			weight_block(m, thread, &k, total, i == from);
		}
	}
}

/* ---- preparation ---- */

/* Few numbers of a kernel, which are lanes of its gradient; pixels are lanes of a result, and fill
 * vectors. */
bool onn_c_convolve_has_lanes(const onn_c_builder *b, const onn_c_convolve *s)
{
	const onn_convolve *c = &s->of;
	size_t lanes = onn_lane_kernels_choose(b)->lanes;
	size_t sum = c->channels / c->groups * c->kernel[0] * c->kernel[1];
	if (s->type != ONN_F32 || sum > ONN_C_LANE_TAPS || c->part == ONN_CONVOLVE_INPUT)
		return false;
	return c->part == ONN_CONVOLVE_WEIGHT || c->result[0] * c->result[1] % lanes == 0;
}

/* Rows of the result at a time, and where things stand in the scratch. */
static bool choose_blocks(onn_c_builder *b, columns *m)
{
	const onn_convolve *c = &m->s->of;
	bool image = c->part == ONN_CONVOLVE_INPUT;
	size_t chunks = c->batch * c->groups;
	m->cut = m->channels;
	if (image && chunks < ONN_C_CONVOLVE_CHUNKS)
		m->cut = onn_size_divide_up(
		    m->channels, onn_size_divide_up(ONN_C_CONVOLVE_CHUNKS, chunks));
	size_t row, bytes, kernels;
	if (!onn_size_product(&row, 3, (size_t[]){m->cut * m->taps, c->result[1], m->s->size}))
		return false;
	m->rows = onn_size_least(ONN_C_COLUMNS / row, c->result[0]);
	size_t wanted = onn_size_divide_up(ONN_C_CONVOLVE_CHUNKS, chunks);
	if (!image && wanted > 1) /* few images: more chunks of fewer rows */
		m->rows = onn_size_least(m->rows, onn_size_divide_up(c->result[0], wanted));
	m->rows = m->rows ? m->rows : 1;
	m->blocks = onn_size_divide_up(c->result[0], m->rows);
	if (!onn_size_mul(&bytes, row, m->rows))
		return false;
	m->product_at = onn_size_round_up(bytes, ONN_C_LINE);
	size_t sum = m->channels * m->taps;
	kernels = c->part == ONN_CONVOLVE_WEIGHT
	              ? m->outputs * (sum + ONN_FFT_LANES_MAX) * m->s->size
	              : 0;
	m->gemm_at = onn_size_round_up(m->product_at + kernels, ONN_C_LINE);
	m->own_at = m->gemm_at;
	size_t turned = m->rows * c->result[1] * (sum + ONN_FFT_LANES_MAX) * sizeof(float);
	onn_c_need_scratch(b, m->gemm_at + (turned > ONN_GEMM_WORK ? turned : ONN_GEMM_WORK));
	const onn_lane_kernels *own = onn_lane_kernels_choose(b);
	bool full = c->part == ONN_CONVOLVE_WEIGHT || m->rows * c->result[1] % own->lanes == 0;
	if (full && onn_c_convolve_has_lanes(b, m->s))
		m->own = own;
	return true;
}

onn_status onn_c_prepare_columns(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_convolve *s = subject;
	const onn_convolve *c = &s->of;
	columns *m = onn_c_allocate(b, sizeof *m);
	if (!m)
		return ONN_ERROR_MEMORY;
	*m = (columns){.s = s,
	    .channels = c->channels / c->groups,
	    .outputs = c->outputs / c->groups,
	    .taps = c->kernel[0] * c->kernel[1]};
	if (!choose_blocks(b, m))
		return onn_error_memory("onn_plan_create", SIZE_MAX);
	b->gemm = true;
	onn_gemm g = {.type = s->type, .own = onn_gemm_prefers_own(s->type, s->kernels)};
	onn_c_say(b, b->step, " by %s", m->own ? "lanes" : onn_gemm_library(&g));
	double cost = step->flops / 4 + ONN_C_COST_PRODUCT;
	size_t chunks = c->batch * c->groups * m->blocks;
	onn_status status;
	if (c->part == ONN_CONVOLVE_OUTPUT) {
		status = onn_c_add_stage(b, output_work, m, chunks, cost);
	} else if (c->part == ONN_CONVOLVE_INPUT) {
		chunks = c->batch * c->groups * onn_size_divide_up(m->channels, m->cut);
		status = onn_c_add_stage(b, input_work, m, chunks, cost);
	} else {
		status = onn_c_convolve_part_room(b, s, c->batch * m->blocks);
		if (!status)
			status = onn_c_add_stage(b, weight_work, m, s->parts, cost);
		/* stages that share parts say nothing: they are kept apart */
		if (status || s->parts > 1)
			return status ? status : onn_c_convolve_add_parts(b, s);
	}
	if (!status)
		status = onn_c_convolve_touch_operands(b, s);
	return status ? status
	              : onn_c_touch_value(b,
	                    step->u.convolve.part == ONN_CONVOLVE_OUTPUT  ? c->y
	                    : step->u.convolve.part == ONN_CONVOLVE_INPUT ? c->x
	                                                                  : c->w,
	                    true);
}
