/*
 * Matrix products of batches: a chunk is a tile of one product. Tiles depend on the shape alone:
 * they are cut along the longer side until each has about TILE_FLOPS, since sums may be rounded
 * otherwise in another tiling.
 */
#include "backend/c/executable.h"
#include "backend/c/gemm.h"

#include "core/memory.h"

enum {
	TILE_FLOPS = 1 << 20, /* some 5 us */
	TILE_LEAST = 32,      /* rows or columns of a tile */
	MAX_CUTS = 8
};

typedef struct matmul {
	const onn_kernels *kernels;
	onn_c_place a, b, c;
	onn_gemm gemm;                                            /* of the whole product */
	ptrdiff_t a_stride[ONN_MAX_DIMS], b_stride[ONN_MAX_DIMS]; /* bytes */
	size_t size;
	uint32_t nbatch;
	size_t batch[ONN_MAX_DIMS];
	size_t rows, columns; /* of a tile */
	size_t row_tiles, column_tiles;
} matmul;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t divide_up(size_t a, size_t b) { return b == 0 ? 0 : (a + b - 1) / b; }

static void run_tile(const matmul *s, const onn_c_thread *thread, size_t chunk)
{
	size_t tile = chunk % (s->row_tiles * s->column_tiles);
	size_t product = chunk / (s->row_tiles * s->column_tiles), batch = product;
	size_t i = tile / s->column_tiles * s->rows, j = tile % s->column_tiles * s->columns;
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
	g.m = least(s->rows, g.m - i);
	g.n = least(s->columns, g.n - j);
	onn_gemm_run(&g, s->kernels, a, b, c, thread->scratch);
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	for (size_t chunk = begin; chunk < end; chunk++)
		run_tile(data, thread, chunk);
}

/* Cuts one side in two, four or eight. */
static void choose_tiles(matmul *s)
{
	size_t m = s->gemm.m, n = s->gemm.n, cuts = 1;
	double flops = 2.0 * (double)m * (double)n * (double)s->gemm.k;
	bool along_rows = m >= n;
	size_t side = along_rows ? m : n;
	while (cuts < MAX_CUTS && flops / (double)cuts >= 2.0 * TILE_FLOPS &&
	       side / (2 * cuts) >= TILE_LEAST)
		cuts *= 2;
	/* whole vectors of the result in each tile */
	size_t part = cuts == 1 ? side : divide_up(divide_up(side, cuts), 16) * 16;
	s->rows = along_rows ? part : m;
	s->columns = along_rows ? n : part;
	s->row_tiles = divide_up(m, s->rows);
	s->column_tiles = divide_up(n, s->columns);
}

/* A single row may have any ld, and libraries want at least the length of a row. */
static size_t whole_ld(size_t ld, size_t columns) { return ld > columns ? ld : columns; }

onn_status onn_c_prepare_matmul(onn_c_builder *b, const onn_step *step)
{
	const onn_matrix *x = &step->u.matmul.a, *y = &step->u.matmul.b;
	size_t m = step->u.matmul.m, n = step->u.matmul.n, k = step->u.matmul.k, products = 1;
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
	    whole_ld(y->ld, y->op & ONN_T ? k : n), n > 0 ? n : 1};
	s->nbatch = step->u.matmul.nbatch;
	for (uint32_t i = 0; i < s->nbatch; i++) {
		s->batch[i] = step->u.matmul.batch[i];
		s->a_stride[i] = x->batch_stride[i] * size;
		s->b_stride[i] = y->batch_stride[i] * size;
		products *= s->batch[i];
	}
	if (m == 0 || n == 0)
		return ONN_OK;
	choose_tiles(s);
	b->gemm = true;
	onn_c_need_scratch(b, ONN_GEMM_WORK);
	return onn_c_add_phase(b, work, s, products * s->row_tiles * s->column_tiles,
	    (double)products * ((double)m * (double)n * (double)(k + 1) / 4 + 2000));
}
