/*
 * Matrix products of batches: a chunk is a tile of one product. Tiles depend on the shape alone,
 * since in another tiling sums may be rounded otherwise. They are cut along the rows where there
 * are enough: then a thread works on the same rows as in the pointwise steps before and after.
 *
 * A few rows times a large matrix are cut along the sum instead: tiles of rows would have each
 * thread read the whole matrix, which the threads have just updated by shares, out of each other's
 * caches. The parts are added up in their order.
 */
#include "backend/c/builder.h"
#include "backend/c/product/gemm.h"
#include "backend/c/thresholds.h"
#include "core/memory.h"

typedef struct matmul {
	const onn_kernels *kernels;
	onn_c_place a, b, c;
	onn_gemm gemm;                                            /* of the whole product */
	ptrdiff_t a_stride[ONN_MAX_DIMS], b_stride[ONN_MAX_DIMS]; /* bytes */
	size_t size;
	uint32_t nbatch;
	size_t batch[ONN_MAX_DIMS];
	size_t products; /* of the batch */
	size_t tiles;
	bool along_rows;
	char *part; /* ONN_C_PARTS products, where the sum is cut; else NULL */
} matmul;

/* Where tile i begins: even shares, in whole units. */
static size_t bound(const matmul *s, size_t i)
{
	size_t side = s->along_rows ? s->gemm.m : s->gemm.n;
	size_t unit = s->along_rows ? ONN_C_ROW_UNIT : ONN_C_COLUMN_UNIT;
	return i == s->tiles ? side : side * i / s->tiles / unit * unit;
}

static void run_tile(const matmul *s, const onn_c_thread *thread, size_t chunk)
{
	size_t product = chunk / s->tiles, batch = product, tile = chunk % s->tiles;
	size_t from = bound(s, tile), to = bound(s, tile + 1);
	size_t i = s->along_rows ? from : 0, j = s->along_rows ? 0 : from;
	const char *a = onn_c_at(thread, s->a), *b = onn_c_at(thread, s->b);
	char *c = onn_c_at(thread, s->c);
	onn_gemm g = s->gemm;
	for (uint32_t axis = s->nbatch; axis-- > 0; batch /= s->batch[axis]) {
		ptrdiff_t at = (ptrdiff_t)(batch % s->batch[axis]);
		a += at * s->a_stride[axis];
		b += at * s->b_stride[axis];
	}
	a += (g.op_a & ONN_T ? i : i * g.lda) * s->size;
	b += (g.op_b & ONN_T ? j * g.ldb : j) * s->size;
	c += (product * g.m * g.n + i * g.n + j) * s->size;
	if (s->along_rows)
		g.m = to - from;
	else
		g.n = to - from;
	onn_gemm_run(&g, s->kernels, a, b, c, thread->scratch);
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	for (size_t chunk = begin; chunk < end; chunk++)
		run_tile(data, thread, chunk);
}

/* As many tiles as have ONN_C_TILE_FLOPS, or twice that where there are more than two. */
static void choose_tiles(matmul *s)
{
	size_t m = s->gemm.m, n = s->gemm.n, wanted = 1;
	double flops = 2.0 * (double)m * (double)n * (double)s->gemm.k;
	while (wanted < ONN_C_TILES &&
	       flops >= (double)wanted * (wanted == 1 ? 2.0 : 4.0) * ONN_C_TILE_FLOPS)
		wanted *= 2;
	s->along_rows = m >= n || m / ONN_C_TILE_ROWS >= wanted;
	size_t most = s->along_rows ? m / ONN_C_TILE_ROWS : n / ONN_C_TILE_COLUMNS;
	s->tiles = wanted < most ? wanted : (most > 0 ? most : 1);
}

/* ---- cut along the sum ---- */

static size_t part_bound(size_t k, size_t i)
{
	return i == ONN_C_PARTS ? k : k * i / ONN_C_PARTS / ONN_C_ROW_UNIT * ONN_C_ROW_UNIT;
}

static void multiply_part(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const matmul *s = data;
	const char *a = onn_c_at(thread, s->a), *b = onn_c_at(thread, s->b);
	for (size_t i = begin; i < end; i++) {
		size_t k = part_bound(s->gemm.k, i);
		onn_gemm g = s->gemm;
		g.k = part_bound(s->gemm.k, i + 1) - k;
		g.ldc = g.n;
		onn_gemm_run(&g, s->kernels, a + (g.op_a & ONN_T ? k * g.lda : k) * s->size,
		    b + (g.op_b & ONN_T ? k : k * g.ldb) * s->size,
		    s->part + i * g.m * g.n * s->size, thread->scratch);
	}
}

static void add_f32(float *restrict c, const float *restrict part, size_t count, size_t apart)
{
	for (size_t i = 0; i < count; i++) {
		float sum = part[i];
		for (size_t p = 1; p < ONN_C_PARTS; p++)
			sum += part[p * apart + i];
		c[i] = sum;
	}
}

/* A chunk is a row of the product. */
static void add_parts(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const matmul *s = data;
	size_t n = s->gemm.n;
	add_f32((float *)onn_c_at(thread, s->c) + begin * n, (const float *)s->part + begin * n,
	    (end - begin) * n, s->gemm.m * n);
}

static bool is_cut_along_sum(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const matmul *s = subject;
	const onn_gemm *g = &s->gemm;
	(void)b, (void)step;
	return s->products == 1 && g->type == ONN_F32 && g->m < g->n &&
	       g->k >= ONN_C_LONG_SUM * g->n &&
	       g->k / ONN_C_PARTS * g->n * s->size >= ONN_C_PART_BYTES;
}

/* Both stages leave it open what they touch, and so threads meet before and behind each. */
static onn_status prepare_parts(onn_c_builder *b, const onn_step *step, void *subject)
{
	matmul *s = subject;
	const onn_gemm *g = &s->gemm;
	(void)step;
	s->part = onn_c_allocate_array(b, ONN_C_PARTS * g->m * g->n, s->size);
	if (!s->part)
		return ONN_ERROR_MEMORY;
	double products = (double)g->m * (double)g->n;
	onn_status status = onn_c_add_stage(
	    b, multiply_part, s, ONN_C_PARTS, products * (double)g->k / 4 + ONN_C_COST_PRODUCT);
	return status ? status : onn_c_add_stage(b, add_parts, s, g->m, products * ONN_C_PARTS);
}

/* A single row may have any ld, and libraries want at least the length of a row. */
static size_t whole_ld(size_t ld, size_t columns) { return ld > columns ? ld : columns; }

static size_t c_edge(const void *data, size_t chunk)
{
	const matmul *s = data;
	size_t row = chunk / s->tiles * s->gemm.m + bound(s, chunk % s->tiles);
	return row * s->gemm.n * s->size;
}

static size_t a_edge(const void *data, size_t chunk)
{
	const matmul *s = data;
	return bound(s, chunk) * s->gemm.lda * s->size;
}

/* The rows of a single product's a line up with its tiles. */
static onn_status touch_a(onn_c_builder *b, const matmul *s, uint32_t value)
{
	if (s->products != 1 || !s->along_rows || s->gemm.op_a & ONN_T || s->gemm.k == 0)
		return onn_c_touch_value(b, value, false);
	size_t elements = (s->gemm.m - 1) * s->gemm.lda + s->gemm.k;
	return onn_c_touch(b, s->a.memory, s->a.offset, elements * s->size, false, a_edge);
}

static onn_status prepare_tiles(onn_c_builder *b, const onn_step *step, void *subject)
{
	matmul *s = subject;
	const onn_gemm *g = &s->gemm;
	choose_tiles(s);
	onn_c_say(b, b->step, " %zu", s->products * s->tiles);
	onn_status status = onn_c_add_stage(b, work, s, s->products * s->tiles,
	    (double)s->products *
	        ((double)g->m * (double)g->n * (double)(g->k + 1) / 4 + ONN_C_COST_PRODUCT));
	if (!status)
		status = touch_a(b, s, step->u.matmul.a.value);
	if (!status)
		status = onn_c_touch_value(b, step->u.matmul.b.value, false);
	return status
	           ? status
	           : onn_c_touch(b, s->c.memory, s->c.offset, s->products * g->m * g->n * s->size,
	                 true, s->along_rows ? c_edge : NULL);
}

static const onn_c_path paths[] = {
    {"sum in parts", is_cut_along_sum, prepare_parts},
    {"tiles", NULL, prepare_tiles},
};

onn_status onn_c_prepare_matmul(onn_c_builder *b, const onn_step *step)
{
	const onn_matrix *x = &step->u.matmul.a, *y = &step->u.matmul.b;
	size_t m = step->u.matmul.m, n = step->u.matmul.n, k = step->u.matmul.k;
	matmul *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	onn_type type = b->schedule->value[step->u.matmul.c].type;
	ptrdiff_t size = (ptrdiff_t)onn_type_size(type);
	s->kernels = b->kernels;
	s->size = (size_t)size;
	s->a = onn_c_value_place(b, x->value);
	s->a.offset += (size_t)(x->offset * size);
	s->b = onn_c_value_place(b, y->value);
	s->b.offset += (size_t)(y->offset * size);
	s->c = onn_c_value_place(b, step->u.matmul.c);
	s->gemm = (onn_gemm){type, x->op, y->op, m, n, k, whole_ld(x->ld, x->op & ONN_T ? m : k),
	    whole_ld(y->ld, y->op & ONN_T ? k : n), n > 0 ? n : 1,
	    onn_gemm_prefers_own(type, b->kernels)};
	s->nbatch = step->u.matmul.nbatch;
	s->products = 1;
	for (uint32_t i = 0; i < s->nbatch; i++) {
		s->batch[i] = step->u.matmul.batch[i];
		s->a_stride[i] = x->batch_stride[i] * size;
		s->b_stride[i] = y->batch_stride[i] * size;
		s->products *= s->batch[i];
	}
	if (m == 0 || n == 0)
		return ONN_OK;
	b->gemm = true;
	onn_c_need_scratch(b, ONN_GEMM_WORK);
	onn_c_say(b, b->step, "%s", onn_gemm_library(&s->gemm));
	return onn_c_take_path(b, step, paths, ONN_COUNT(paths), s);
}
