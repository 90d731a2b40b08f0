#include "backend/c/product/gemm.h"

#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/os.h"

#ifdef ONN_HAVE_DNNL
#include <dnnl.h>
#endif
#ifdef ONN_HAVE_OPENBLAS
#include <cblas.h>
#endif

/*
 * oneDNN is built with OpenMP, whose number of threads belongs to the calling thread. A weak symbol
 * finds the runtime that oneDNN brought along; without one there is nothing to limit.
 */
#if defined(ONN_HAVE_DNNL) && defined(__GNUC__) && defined(__ELF__)
extern int omp_get_max_threads(void) __attribute__((weak));
extern void omp_set_num_threads(int count) __attribute__((weak));
#define HAVE_OMP (omp_get_max_threads && omp_set_num_threads)
#endif

int onn_gemm_enter(void)
{
#ifdef HAVE_OMP
	if (HAVE_OMP) {
		int before = omp_get_max_threads();
		if (before != 1)
			omp_set_num_threads(1);
		return before;
	}
#endif
	return 1;
}

void onn_gemm_leave(int before)
{
#ifdef HAVE_OMP
	if (HAVE_OMP && before != 1)
		omp_set_num_threads(before);
#else
	(void)before;
#endif
}

void onn_gemm_init(void)
{
#ifdef ONN_HAVE_OPENBLAS
	/* OpenBLAS keeps one number for the whole process */
	openblas_set_num_threads(1);
#endif
}

void onn_gemm_libraries(char *text, size_t room)
{
	int used = 0;
	if (room > 0)
		text[0] = 0;
#ifdef ONN_HAVE_DNNL
	const dnnl_version_t *v = dnnl_version();
	used = snprintf(text, room, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
#endif
#ifdef ONN_HAVE_OPENBLAS
	/* "OpenBLAS 0.3.21 NO_LAPACKE ..." */
	const char *config = openblas_get_config();
	size_t name = strcspn(config, " "), length = name;
	if (config[name] == ' ')
		length = name + 1 + strcspn(config + name + 1, " ");
	if (used >= 0 && (size_t)used < room)
		used += snprintf(text + used, room - (size_t)used, "%s%.*s", used > 0 ? ", " : "",
		    (int)length, config);
#endif
	if (used == 0)
		snprintf(text, room, "own loops");
}

/* ---- oneDNN ---- */

#ifdef ONN_HAVE_DNNL
static bool run_dnnl(const onn_gemm *g, const void *a, const void *b, void *c)
{
	return dnnl_sgemm(g->op_a & ONN_T ? 'T' : 'N', g->op_b & ONN_T ? 'T' : 'N',
	           (dnnl_dim_t)g->m, (dnnl_dim_t)g->n, (dnnl_dim_t)g->k, 1.0f, a,
	           (dnnl_dim_t)g->lda, b, (dnnl_dim_t)g->ldb, 0.0f, c,
	           (dnnl_dim_t)g->ldc) == dnnl_success;
}
#endif

/* ---- OpenBLAS ---- */

#ifdef ONN_HAVE_OPENBLAS
static CBLAS_TRANSPOSE blas_op(onn_type type, int op)
{
	if (!onn_type_is_complex(type))
		op &= ONN_T;
	switch (op) {
	case ONN_T:
		return CblasTrans;
	case ONN_C:
		return CblasConjNoTrans;
	case ONN_H:
		return CblasConjTrans;
	default:
		return CblasNoTrans;
	}
}

static bool fits_int(size_t n) { return n <= INT_MAX; }

static bool call_blas(const onn_gemm *g, const void *a, const void *b, void *c)
{
	static const double one[2] = {1, 0}, zero[2] = {0, 0};
	static const float one_f[2] = {1, 0}, zero_f[2] = {0, 0};
	if (!fits_int(g->m) || !fits_int(g->n) || !fits_int(g->k) || !fits_int(g->lda) ||
	    !fits_int(g->ldb) || !fits_int(g->ldc))
		return false;
	CBLAS_TRANSPOSE ta = blas_op(g->type, g->op_a), tb = blas_op(g->type, g->op_b);
	int m = (int)g->m, n = (int)g->n, k = (int)g->k;
	int lda = (int)g->lda, ldb = (int)g->ldb, ldc = (int)g->ldc;
	switch (g->type) {
	case ONN_F32:
		cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
		return true;
	case ONN_F64:
		cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
		return true;
	case ONN_C64:
		cblas_cgemm(CblasRowMajor, ta, tb, m, n, k, one_f, a, lda, b, ldb, zero_f, c, ldc);
		return true;
	case ONN_C128:
		cblas_zgemm(CblasRowMajor, ta, tb, m, n, k, one, a, lda, b, ldb, zero, c, ldc);
		return true;
	default:
		return false;
	}
}

/* An OpenBLAS that is built without threads gives two that call it at once the same memory to work
 * in (0.3.21 of Debian 12: one product in a hundred is wrong). */
static bool run_blas(const onn_gemm *g, const void *a, const void *b, void *c)
{
	bool alone = openblas_get_parallel() == 0;
	if (alone)
		onn_product_lock();
	bool fine = call_blas(g, a, b, c);
	if (alone)
		onn_product_unlock();
	return fine;
}
#endif

/* ---- own loops ---- */

bool onn_gemm_prefers_own(onn_type type, const onn_kernels *kernels)
{
#ifdef ONN_HAVE_DNNL
	if (type == ONN_F32)
		return false;
#else
	(void)type;
#endif
#ifdef ONN_HAVE_OPENBLAS
	return kernels != &onn_kernels_baseline;
#else
	(void)kernels;
	return true;
#endif
}

const char *onn_gemm_library(const onn_gemm *g)
{
#ifdef ONN_HAVE_DNNL
	if (!g->own && g->type == ONN_F32)
		return "oneDNN";
#endif
#ifdef ONN_HAVE_OPENBLAS
	if (!g->own)
		return "OpenBLAS";
#endif
	(void)g;
	return "own loops";
}

static onn_gemm_view view_of(const void *data, size_t ld, int op)
{
	ptrdiff_t row = (ptrdiff_t)ld;
	return op & ONN_T ? (onn_gemm_view){data, 1, row, op & ONN_C}
	                  : (onn_gemm_view){data, row, 1, op & ONN_C};
}

static void clear(const onn_gemm *g, char *c)
{
	size_t size = onn_type_size(g->type);
	for (size_t i = 0; i < g->m; i++)
		memset(c + i * g->ldc * size, 0, g->n * size);
}

void onn_gemm_run(const onn_gemm *g, const onn_kernels *kernels, const void *a, const void *b,
    void *c, void *work)
{
	if (g->m == 0 || g->n == 0)
		return;
	if (g->k == 0) {
		clear(g, c);
		return;
	}
#ifdef ONN_HAVE_DNNL
	if (!g->own && g->type == ONN_F32 && run_dnnl(g, a, b, c))
		return;
#endif
#ifdef ONN_HAVE_OPENBLAS
	if (!g->own && run_blas(g, a, b, c))
		return;
#endif
	onn_gemm_view va = view_of(a, g->lda, g->op_a), vb = view_of(b, g->ldb, g->op_b);
	kernels->gemm[g->type](&va, &vb, c, g->ldc, g->m, g->n, g->k, work);
}
