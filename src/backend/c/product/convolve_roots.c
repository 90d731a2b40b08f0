/*
 * Images with kernels as products of polynomials, in single precision.
 *
 * Kernels of r numbers and results of m make images of N = m + r - 1: where a line's numbers are
 * coefficients, image = kernel * result is a product of polynomials, and it is known by its values
 * at N points. A convolution and both its gradients are that bilinear map read three ways
 * (Winograd's transposition). The points are 0, infinity and the roots of z^(N-2) = 1, of which a
 * pair is three real products (Karatsuba): P = 1.5 N or so an axis, P^2 products of matrices
 * [images, channels] x [channels, outputs] instead of m^2 r^2 products of numbers each. On the unit
 * circle no number grows, so sums are as exact as those of the convolution itself.
 *
 *     values = T lines, and lines = T' values, along both axes:
 *     image  x: T = R', kernels w and results y: T = V
 *     V      a row a point: its powers; for a root exp(-it) those of cosines, sines, their sum
 *     R      coefficients of the values of a product
 *
 * Channels are lanes of vectors. Where padding is zero, R' has columns for pixels alone.
 */
#include "backend/c/product/convolve.h"

#include <math.h>
#include <string.h>

#include "backend/c/product/lanes.h"
#include "backend/c/thresholds.h"
#include "core/memory.h"
#include "core/pi.h"

enum { LEAST = 4 }; /* numbers of an image along an axis */

/* Images, kernels or results: as they lie in memory, and as values at points. */
typedef struct side {
	onn_c_place place;
	size_t n[2];          /* numbers along each axis */
	size_t rows, lanes;   /* what is an index of rows, and of lanes */
	size_t row, lane;     /* their distances in memory, in numbers */
	size_t vectors;       /* of lanes */
	const float *to[2];   /* T, packed */
	const float *back[2]; /* T', packed */
	float *values;        /* [point][row][lane] */
	size_t point;         /* distance of points */
} side;

typedef struct roots {
	const onn_c_convolve *s;
	const onn_lane_kernels *kernels;
	size_t points[2];
	size_t block; /* images of a pass */
	size_t mid_at;
	side x, w, y;
} roots;

/* Rows from `from` on, of one pass, a chunk being a vector of one. */
typedef struct turn {
	const roots *m;
	const side *s;
	size_t from;
} turn;

typedef struct times {
	const roots *m;
	onn_lane_product of; /* at the first point */
	size_t a_point, b_point, c_point;
} times;

/* What other steps of a plan have of the same value. */
typedef struct onn_c_values {
	struct onn_c_values *next;
	uint32_t value;
	bool image; /* or a result, which has other values at the points */
	const onn_c_convolve *s;
	float *values;
} onn_c_values;

/* ---- running ---- */

/* Asks for a vector of values at all points: they lie pages apart, where no processor looks ahead.
 */
static void ask_for_values(const turn *t, size_t i, size_t end, bool write)
{
#if defined(__GNUC__)
	const side *s = t->s;
	const float *at = s->values + i * t->m->kernels->lanes;
	size_t points = t->m->points[0] * t->m->points[1];
	for (size_t p = 0; i < end && p < points; p++, at += s->point)
		if (write)
			__builtin_prefetch(at, 1);
		else
			__builtin_prefetch(at, 0);
#else
	(void)t, (void)i, (void)end, (void)write;
#endif
}

static void load_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const turn *t = data;
	const side *s = t->s;
	const onn_lane_kernels *k = t->m->kernels;
	const size_t *points = t->m->points, *n = s->n, lanes = k->lanes;
	float *tile = thread->scratch, *mid = tile + t->m->mid_at;
	for (size_t i = begin; i < end; i++) {
		size_t row = i / s->vectors, first = i % s->vectors * lanes;
		const float *from = (const float *)(const void *)onn_c_at(thread, s->place) +
		                    (t->from + row) * s->row + first * s->lane;
		float *to = s->values + row * s->vectors * lanes + first;
		ask_for_values(t, i + 1, end, true);
		k->load(tile, lanes, from, s->lane, onn_size_least(lanes, s->lanes - first),
		    n[0] * n[1]);
		k->mix((onn_lane_rows){mid, lanes, points[1] * lanes},
		    (onn_lane_rows){tile, lanes, n[1] * lanes}, s->to[1], points[1], n[1], n[0]);
		k->mix((onn_lane_rows){to, points[1] * s->point, s->point},
		    (onn_lane_rows){mid, points[1] * lanes, lanes}, s->to[0], points[0], n[0],
		    points[1]);
	}
}

static void store_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const turn *t = data;
	const side *s = t->s;
	const onn_lane_kernels *k = t->m->kernels;
	const size_t *points = t->m->points, *n = s->n, lanes = k->lanes;
	float *tile = thread->scratch, *mid = tile + t->m->mid_at;
	for (size_t i = begin; i < end; i++) {
		size_t row = i / s->vectors, first = i % s->vectors * lanes;
		float *to = (float *)(void *)onn_c_at(thread, s->place) + (t->from + row) * s->row +
		            first * s->lane;
		float *from = s->values + row * s->vectors * lanes + first;
		ask_for_values(t, i + 1, end, false);
		k->mix((onn_lane_rows){mid, points[1] * lanes, lanes},
		    (onn_lane_rows){from, points[1] * s->point, s->point}, s->back[0], n[0],
		    points[0], points[1]);
		k->mix((onn_lane_rows){tile, lanes, n[1] * lanes},
		    (onn_lane_rows){mid, lanes, points[1] * lanes}, s->back[1], n[1], points[1],
		    n[0]);
		k->store(to, tile, s->lane, onn_size_least(lanes, s->lanes - first), n[0] * n[1]);
	}
}

static void times_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const times *t = data;
	(void)thread;
	for (size_t i = begin; i < end; i++) {
		onn_lane_product p = t->of;
		p.a += i * t->a_point;
		p.b += i * t->b_point;
		p.c += i * t->c_point;
		t->m->kernels->product(&p);
	}
}

/* ---- the matrices ---- */

/* Real products of a line of n: 0, infinity, 1, maybe -1, and three of each pair of roots. */
static size_t count_points(size_t n)
{
	size_t order = n - 2;
	return order % 2 ? 3 + 3 * (order / 2) : 1 + 3 * (order / 2);
}

/* Row p of V [points, n]: what a line of n numbers is there; `all` numbers are an image's. */
static double power(size_t p, size_t j, size_t n, size_t all)
{
	size_t order = all - 2, real = order % 2 ? 3 : 4;
	if (p < 2)
		return j == (p == 0 ? 0 : n - 1);
	if (p < real)
		return p == 3 && j % 2 ? -1 : 1;
	size_t pair = 1 + (p - real) / 3, part = (p - real) % 3;
	double angle = ONN_TWO_PI * (double)(pair * j % order) / (double)order;
	double re = cos(angle), im = -sin(angle);
	return part == 0 ? re : part == 1 ? im : re + im;
}

/* Number j of what is left of a line's product by z^(all-2) = 1, of row p's. */
static double folded(size_t p, size_t j, size_t all)
{
	size_t order = all - 2, real = order % 2 ? 3 : 4;
	if (p < 2)
		return 0;
	if (p < real)
		return (p == 3 && j % 2 ? -1.0 : 1.0) / (double)order;
	size_t pair = 1 + (p - real) / 3, part = (p - real) % 3;
	double angle = ONN_TWO_PI * (double)(pair * j % order) / (double)order;
	double c = cos(angle), s = sin(angle), scale = 2 / (double)order;
	/* (a + ib)(c + id): ac - bd and (a + b)(c + d) - ac - bd, back by exp(it) */
	return scale * (part == 0 ? c + s : part == 1 ? s - c : -s);
}

/* R [all, points]: the first coefficient is the value at 0, the last the one at infinity, and both
 * are known in what they were folded upon. */
static double coefficient(size_t p, size_t j, size_t all)
{
	size_t order = all - 2;
	if (j == 0 || j == all - 1)
		return p == (j == 0 ? 0u : 1u);
	double c = folded(p, j % order, all);
	if (p == 0 && j % order == 0)
		c -= 1;
	if (p == 1 && j % order == (all - 1) % order)
		c -= 1;
	return c;
}

/* What an axis of a side has to do with points. */
typedef struct axis {
	size_t n, all, points, before;
	bool image;
} axis;

static double element(const axis *a, size_t p, size_t j)
{
	return a->image ? coefficient(p, j + a->before, a->all) : power(p, j, a->n, a->all);
}

/* T, or T' where back, in blocks of rows; rows past the last are 0. */
static const float *make_matrix(onn_c_builder *b, const axis *a, bool back)
{
	size_t rows = back ? a->n : a->points, terms = back ? a->points : a->n;
	size_t blocks = onn_size_divide_up(rows, ONN_LANE_ROWS);
	float *made = onn_c_allocate_array(b, blocks * ONN_LANE_ROWS, terms * sizeof *made);
	for (size_t i = 0; made && i < rows; i++)
		for (size_t j = 0; j < terms; j++) {
			size_t at = (i / ONN_LANE_ROWS * terms + j) * ONN_LANE_ROWS;
			double v = back ? element(a, j, i) : element(a, i, j);
			made[at + i % ONN_LANE_ROWS] = (float)v;
		}
	return made;
}

/* ---- preparation ---- */

static bool same_values(const onn_c_convolve *s, const onn_c_convolve *t)
{
	const onn_convolve *a = &s->of, *b = &t->of;
	return memcmp(a->image, b->image, sizeof a->image) == 0 &&
	       memcmp(a->kernel, b->kernel, sizeof a->kernel) == 0 &&
	       memcmp(a->padding, b->padding, sizeof a->padding) == 0 && a->batch == b->batch &&
	       a->channels == b->channels && a->outputs == b->outputs;
}

static onn_status load(onn_c_builder *b, const roots *m, const side *s, size_t from, size_t rows)
{
	turn *t = onn_c_allocate(b, sizeof *t);
	if (!t)
		return ONN_ERROR_MEMORY;
	*t = (turn){m, s, from};
	return onn_c_add_stage(b, load_work, t, rows * s->vectors, HUGE_VAL);
}

static onn_status store(onn_c_builder *b, const roots *m, const side *s, size_t from, size_t rows)
{
	turn *t = onn_c_allocate(b, sizeof *t);
	if (!t)
		return ONN_ERROR_MEMORY;
	*t = (turn){m, s, from};
	return onn_c_add_stage(b, store_work, t, rows * s->vectors, HUGE_VAL);
}

/* Room for values of `rows` rows, which start at other lines of the caches at each point. */
static bool make_values(onn_c_builder *b, const roots *m, side *s, size_t rows)
{
	size_t row = s->vectors * m->kernels->lanes, bytes;
	s->point = rows * row + ONN_C_LINE / sizeof(float);
	s->values = onn_size_product(
	                &bytes, 3, (size_t[]){m->points[0] * m->points[1], s->point, sizeof(float)})
	                ? onn_c_allocate(b, bytes)
	                : NULL;
	return s->values != NULL;
}

/* A value's, or those that another step has of it, whose stages come before. */
static onn_status load_once(onn_c_builder *b, const roots *m, side *s, uint32_t value)
{
	bool whole = m->block == m->s->of.batch, image = s == &m->x;
	for (onn_c_values *v = b->values; v && whole; v = v->next)
		if (v->value == value && v->image == image && same_values(v->s, m->s)) {
			s->values = v->values;
			s->point =
			    s->rows * s->vectors * m->kernels->lanes + ONN_C_LINE / sizeof(float);
			return ONN_OK;
		}
	onn_c_values *kept = onn_c_allocate(b, sizeof *kept);
	if (!kept || !make_values(b, m, s, m->block))
		return ONN_ERROR_MEMORY;
	*kept = (onn_c_values){b->values, value, image, m->s, s->values};
	if (!whole)
		return ONN_OK;
	b->values = kept;
	return load(b, m, s, 0, m->block);
}

/* A product of matrices at each point: rows of c, and what each is summed over. */
static onn_status multiply(onn_c_builder *b, const roots *m, size_t images)
{
	const onn_convolve *c = &m->s->of;
	size_t lanes = m->kernels->lanes;
	const side *x = &m->x, *w = &m->w, *y = &m->y;
	times *t = onn_c_allocate(b, sizeof *t);
	if (!t)
		return ONN_ERROR_MEMORY;
	*t = (times){.m = m};
	onn_lane_product *p = &t->of;
	const side *to, *rows, *vectors;
	if (c->part == ONN_CONVOLVE_OUTPUT)
		to = y, rows = x, vectors = w;
	else if (c->part == ONN_CONVOLVE_INPUT)
		to = x, rows = y, vectors = w;
	else
		to = w, rows = x, vectors = y;
	size_t row = rows->vectors * lanes;
	bool across = c->part == ONN_CONVOLVE_WEIGHT;
	*p = (onn_lane_product){.a = rows->values,
	    .b = vectors->values,
	    .c = to->values,
	    .a_row = across ? 1 : row,
	    .a_column = across ? row : 1,
	    .b_row = vectors->vectors * lanes,
	    .c_row = to->vectors * lanes,
	    .rows = across ? c->channels : images,
	    .terms = across ? images : rows->lanes,
	    .vectors = to->vectors};
	t->a_point = rows->point;
	t->b_point = vectors->point;
	t->c_point = to->point;
	return onn_c_add_stage(b, times_work, t, m->points[0] * m->points[1], HUGE_VAL);
}

static size_t numbers(const size_t n[2]) { return n[0] * n[1]; }

/* What the three sides are; the lanes of kernels are those of the result. */
static void describe(roots *m)
{
	const onn_convolve *c = &m->s->of;
	size_t lanes = m->kernels->lanes, taps = numbers(c->kernel);
	bool image = c->part == ONN_CONVOLVE_INPUT;
	side *x = &m->x, *w = &m->w, *y = &m->y;
	*x = (side){.place = m->s->x, .rows = c->batch, .lanes = c->channels};
	*w = (side){.place = m->s->w,
	    .rows = image ? c->outputs : c->channels,
	    .lanes = image ? c->channels : c->outputs,
	    .row = image ? c->channels * taps : taps,
	    .lane = image ? taps : c->channels * taps};
	*y = (side){.place = m->s->y, .rows = c->batch, .lanes = c->outputs};
	memcpy(x->n, c->image, sizeof x->n);
	memcpy(w->n, c->kernel, sizeof w->n);
	memcpy(y->n, c->result, sizeof y->n);
	x->lane = numbers(x->n);
	y->lane = numbers(y->n);
	x->row = c->channels * x->lane;
	y->row = c->outputs * y->lane;
	for (int i = 0; i < 2; i++)
		m->points[i] = count_points(c->image[i] + 2 * c->padding[i]);
	side *sides[] = {x, w, y};
	for (int i = 0; i < 3; i++)
		sides[i]->vectors = onn_size_divide_up(sides[i]->lanes, lanes);
}

/* Additions of vectors of lanes that a side takes. */
static double turning(const roots *m, const side *s)
{
	double mix = (double)m->points[1] * (double)(s->n[0] * (s->n[1] + m->points[0]));
	double moved = (double)numbers(m->points) * ONN_C_ROOT_MOVE;
	return (double)(s->rows * s->vectors) * (mix * ONN_C_ROOT_MIX + moved);
}

static bool is_worth_it(const roots *m)
{
	const onn_convolve *c = &m->s->of;
	double lanes = (double)m->kernels->lanes;
	double images = (double)c->batch, all = (double)c->channels * (double)c->outputs;
	double direct =
	    images * all * (double)numbers(c->kernel) * (double)numbers(c->result) / lanes;
	const side *to = c->part == ONN_CONVOLVE_OUTPUT  ? &m->y
	                 : c->part == ONN_CONVOLVE_INPUT ? &m->x
	                                                 : &m->w;
	double products =
	    (double)numbers(m->points) * images * all * (double)to->vectors / (double)to->lanes;
	return (products + turning(m, &m->x) + turning(m, &m->w) + turning(m, &m->y)) *
	           ONN_C_ROOT_GAIN <
	       direct;
}

static bool make_matrices(onn_c_builder *b, roots *m)
{
	const onn_convolve *c = &m->s->of;
	side *sides[] = {&m->x, &m->w, &m->y};
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 2; k++) {
			side *s = sides[i];
			axis a = {s->n[k], c->image[k] + 2 * c->padding[k], m->points[k],
			    i == 0 ? c->padding[k] : 0, i == 0};
			bool back = c->part == (i == 0      ? ONN_CONVOLVE_INPUT
			                           : i == 1 ? ONN_CONVOLVE_WEIGHT
			                                    : ONN_CONVOLVE_OUTPUT);
			const float **to = back ? &s->back[k] : &s->to[k];
			*to = make_matrix(b, &a, back);
			if (!*to)
				return false;
		}
	return true;
}

/* Images of a pass: their values stay in the last cache. */
static size_t images_of_pass(const roots *m)
{
	size_t bytes =
	    numbers(m->points) * (m->x.vectors + m->y.vectors) * m->kernels->lanes * sizeof(float);
	size_t images = ONN_C_ROOT_VALUES / bytes;
	return images ? images : 1;
}

bool onn_c_find_roots(const onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_convolve *s = subject;
	const onn_convolve *c = &s->of;
	roots m = {.s = s, .kernels = onn_lane_kernels_choose(b)};
	(void)step;
	bool fits = s->type == ONN_F32 && c->groups == 1;
	for (int i = 0; i < 2; i++)
		fits = fits && c->stride[i] == 1 && c->dilation[i] == 1 &&
		       c->image[i] + 2 * c->padding[i] >= LEAST &&
		       c->image[i] + 2 * c->padding[i] <= ONN_C_ROOT_LINE;
	if (!fits)
		return false;
	describe(&m);
	/* kernels' gradients are a sum over all images at once */
	if (c->part == ONN_CONVOLVE_WEIGHT && c->batch > ONN_C_ROOT_SUM * images_of_pass(&m))
		return false;
	return onn_c_convolve_forced("roots") || (!onn_c_convolve_forced(NULL) && is_worth_it(&m));
}

static onn_status prepare_block(onn_c_builder *b, roots *m, size_t from, size_t images)
{
	onn_convolve_part part = m->s->of.part;
	bool whole = images == m->s->of.batch;
	onn_status status = ONN_OK;
	if (!whole && part != ONN_CONVOLVE_INPUT)
		status = load(b, m, &m->x, from, images);
	if (!status && !whole && part != ONN_CONVOLVE_OUTPUT)
		status = load(b, m, &m->y, from, images);
	if (!status)
		status = multiply(b, m, images);
	if (status || part == ONN_CONVOLVE_WEIGHT)
		return status;
	return store(b, m, part == ONN_CONVOLVE_OUTPUT ? &m->y : &m->x, from, images);
}

onn_status onn_c_prepare_roots(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_convolve *s = subject;
	const onn_convolve *c = &s->of;
	roots *m = onn_c_allocate(b, sizeof *m);
	(void)step;
	if (!m)
		return ONN_ERROR_MEMORY;
	*m = (roots){.s = s, .kernels = onn_lane_kernels_choose(b)};
	describe(m);
	m->block =
	    c->part == ONN_CONVOLVE_WEIGHT ? c->batch : onn_size_least(images_of_pass(m), c->batch);
	size_t tile =
	    numbers(c->image) > numbers(c->kernel) ? numbers(c->image) : numbers(c->kernel);
	tile = numbers(c->result) > tile ? numbers(c->result) : tile;
	m->mid_at = tile * m->kernels->lanes;
	onn_c_need_scratch(
	    b, (m->mid_at + m->kernels->lanes * m->points[1] * ONN_C_ROOT_LINE) * sizeof(float));
	onn_c_say(b, b->step, " at %zu x %zu points", m->points[0], m->points[1]);
	bool good = make_matrices(b, m) && make_values(b, m, &m->w, m->w.rows);
	onn_status status = good ? ONN_OK : ONN_ERROR_MEMORY;
	if (!status && c->part == ONN_CONVOLVE_INPUT)
		status = make_values(b, m, &m->x, m->block) ? ONN_OK : ONN_ERROR_MEMORY;
	else if (!status)
		status = load_once(b, m, &m->x, c->x);
	if (!status && c->part == ONN_CONVOLVE_OUTPUT)
		status = make_values(b, m, &m->y, m->block) ? ONN_OK : ONN_ERROR_MEMORY;
	else if (!status)
		status = load_once(b, m, &m->y, c->y);
	if (!status && c->part != ONN_CONVOLVE_WEIGHT)
		status = load(b, m, &m->w, 0, m->w.rows);
	for (size_t i = 0; i < c->batch && !status; i += m->block)
		status = prepare_block(b, m, i, onn_size_least(m->block, c->batch - i));
	if (!status && c->part == ONN_CONVOLVE_WEIGHT)
		status = store(b, m, &m->w, 0, m->w.rows);
	return status;
}
