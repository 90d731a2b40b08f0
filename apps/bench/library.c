#include "library.h"

#include <complex.h>
#include <stddef.h>
#include <stdio.h>

#ifdef ONN_HAVE_ONEDNN
#include <dnnl.h>
#endif
#ifdef ONN_HAVE_OPENBLAS
#include <cblas.h>
#endif

/* oneDNN's number of threads is the OpenMP runtime's, for each calling thread its own. */
#if defined(ONN_HAVE_ONEDNN) && defined(__GNUC__) && defined(__ELF__)
extern void omp_set_num_threads(int count) __attribute__((weak));
#define HAVE_OMP
#endif

void library_name(onn_type type, char *text, size_t room)
{
#ifdef ONN_HAVE_ONEDNN
	if (type == ONN_F32) {
		snprintf(text, room, "oneDNN");
		return;
	}
#endif
	(void)type;
#ifdef ONN_HAVE_OPENBLAS
	/* which may take a processor newer than itself for a very old one */
	snprintf(text, room, "OpenBLAS for %s", openblas_get_corename());
#else
	snprintf(text, room, "loops");
#endif
}

void library_one_thread(void)
{
#ifdef HAVE_OMP
	if (omp_set_num_threads)
		omp_set_num_threads(1);
#endif
#ifdef ONN_HAVE_OPENBLAS
	openblas_set_num_threads(1);
#endif
}

#ifdef ONN_HAVE_OPENBLAS
static void blas(
    onn_type type, bool ta, bool tb, int m, int n, int k, const void *a, const void *b, void *c)
{
	static const float one_f[2] = {1, 0}, zero_f[2] = {0, 0};
	static const double one[2] = {1, 0}, zero[2] = {0, 0};
	CBLAS_TRANSPOSE opa = ta ? CblasTrans : CblasNoTrans, opb = tb ? CblasTrans : CblasNoTrans;
	int lda = ta ? m : k, ldb = tb ? k : n;
	if (type == ONN_F32)
		cblas_sgemm(CblasRowMajor, opa, opb, m, n, k, 1, a, lda, b, ldb, 0, c, n);
	else if (type == ONN_F64)
		cblas_dgemm(CblasRowMajor, opa, opb, m, n, k, 1, a, lda, b, ldb, 0, c, n);
	else if (type == ONN_C64)
		cblas_cgemm(CblasRowMajor, opa, opb, m, n, k, one_f, a, lda, b, ldb, zero_f, c, n);
	else
		cblas_zgemm(CblasRowMajor, opa, opb, m, n, k, one, a, lda, b, ldb, zero, c, n);
}
#else
/* Rows of b are added up where b is not transposed: the innermost loop runs along memory. */
#define LOOPS(name, number)                                                                        \
	static void name(bool ta, bool tb, size_t m, size_t n, size_t k, const number *a,          \
	    const number *b, number *c)                                                            \
	{                                                                                          \
		for (size_t i = 0; i < m; i++) {                                                   \
			for (size_t j = 0; j < n; j++)                                             \
				c[i * n + j] = 0;                                                  \
			for (size_t l = 0; l < k; l++) {                                           \
				number x = ta ? a[l * m + i] : a[i * k + l];                       \
				for (size_t j = 0; j < n; j++)                                     \
					c[i * n + j] += x * (tb ? b[j * k + l] : b[l * n + j]);    \
			}                                                                          \
		}                                                                                  \
	}
LOOPS(loops_f32, float)
LOOPS(loops_f64, double)
LOOPS(loops_c64, float _Complex)
LOOPS(loops_c128, double _Complex)

static void blas(
    onn_type type, bool ta, bool tb, int m, int n, int k, const void *a, const void *b, void *c)
{
	size_t rows = (size_t)m, columns = (size_t)n, inner = (size_t)k;
	if (type == ONN_F32)
		loops_f32(ta, tb, rows, columns, inner, a, b, c);
	else if (type == ONN_F64)
		loops_f64(ta, tb, rows, columns, inner, a, b, c);
	else if (type == ONN_C64)
		loops_c64(ta, tb, rows, columns, inner, a, b, c);
	else
		loops_c128(ta, tb, rows, columns, inner, a, b, c);
}
#endif

void library_gemm(onn_type type, bool a_transposed, bool b_transposed, int m, int n, int k,
    const void *a, const void *b, void *c)
{
#ifdef ONN_HAVE_ONEDNN
	if (type == ONN_F32) {
		dnnl_sgemm(a_transposed ? 'T' : 'N', b_transposed ? 'T' : 'N', m, n, k, 1, a,
		    a_transposed ? m : k, b, b_transposed ? k : n, 0, c, n);
		return;
	}
#endif
	blas(type, a_transposed, b_transposed, m, n, k, a, b, c);
}
