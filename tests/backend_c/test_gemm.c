/* Own loops and libraries against a plain triple loop in double. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "testing.h"

#include <complex.h>

#include "backend/c/product/gemm.h"
#include "core/memory.h"
#include "core/os.h"
#include "core/philox.h"
#include <onn/graph.h>

enum { SIDE = 70, ROOM = SIDE * SIDE };

static double complex get(const void *data, onn_type type, size_t i)
{
	switch (type) {
	case ONN_F32:
		return ((const float *)data)[i];
	case ONN_F64:
		return ((const double *)data)[i];
	case ONN_C64:
		return ((const float *)data)[2 * i] + I * ((const float *)data)[2 * i + 1];
	default:
		return ((const double *)data)[2 * i] + I * ((const double *)data)[2 * i + 1];
	}
}

static void draw(void *data, onn_type type, uint32_t stream)
{
	size_t parts = onn_type_is_complex(type) ? 2 : 1;
	for (size_t i = 0; i < ROOM * parts; i++) {
		double v = onn_philox_uniform(1, 0, stream, (uint32_t)i) - 0.5;
		if (onn_type_real(type) == ONN_F32)
			((float *)data)[i] = (float)v;
		else
			((double *)data)[i] = v;
	}
}

static double complex element(
    const void *data, onn_type type, size_t ld, int op, size_t i, size_t j)
{
	double complex v = get(data, type, op & ONN_T ? j * ld + i : i * ld + j);
	return op & ONN_C ? conj(v) : v;
}

static void check_product(const onn_gemm *g, const void *a, const void *b, const void *c)
{
	double tolerance = onn_type_real(g->type) == ONN_F32 ? 1e-5 : 1e-13;
	for (size_t i = 0; i < g->m; i++)
		for (size_t j = 0; j < g->n; j++) {
			double complex want = 0, got = get(c, g->type, i * g->ldc + j);
			for (size_t p = 0; p < g->k; p++)
				want += element(a, g->type, g->lda, g->op_a, i, p) *
				        element(b, g->type, g->ldb, g->op_b, p, j);
			ck_assert_msg(cabs(got - want) <= tolerance,
			    "%s %d%d %zu %zu %zu at %zu %zu: %g%+gi, not %g%+gi",
			    onn_type_name(g->type), g->op_a, g->op_b, g->m, g->n, g->k, i, j,
			    creal(got), cimag(got), creal(want), cimag(want));
		}
}

static const size_t size[][3] = {{1, 1, 1}, {1, 7, 5}, {5, 1, 9}, {4, 48, 3}, {17, 23, 31},
    {64, 64, 64}, {3, 50, 0}, {13, 49, 70}};
static const char *const sets[] = {"baseline", "avx2", "avx512"};

/* own: the loops of our own, which a build with libraries would not reach. */
static void check_type(onn_type type, bool own, const onn_kernels *kernels)
{
	void *a = onn_aligned_alloc(ROOM * 16), *b = onn_aligned_alloc(ROOM * 16);
	void *c = onn_aligned_alloc(ROOM * 16), *work = onn_aligned_alloc(ONN_GEMM_WORK);
	draw(a, type, 1);
	draw(b, type, 2);
	for (size_t s = 0; s < COUNT(size); s++)
		for (int op = 0; op < 16; op++) {
			onn_gemm g = {type, op & 3, op >> 2, size[s][0], size[s][1], size[s][2],
			    SIDE, SIDE, SIDE, own};
			memset(c, 0xff, ROOM * 16); /* NaN: c must not be read */
			onn_gemm_run(&g, kernels, a, b, c, work);
			check_product(&g, a, b, c);
		}
	onn_aligned_free(a);
	onn_aligned_free(b);
	onn_aligned_free(c);
	onn_aligned_free(work);
}

START_TEST(own_loops_multiply_with_every_transposition)
{
	for (size_t s = 0; s < COUNT(sets); s++) {
		setenv("ONN_ISA", sets[s], 1);
		for (int type = ONN_F32; type <= ONN_C128; type++)
			check_type((onn_type)type, true, onn_kernels_choose());
	}
	unsetenv("ONN_ISA");
}
END_TEST

START_TEST(libraries_multiply_with_every_transposition)
{
	char text[128];
	onn_gemm_libraries(text, sizeof text);
	printf("products by %s\n", text);
	for (int type = ONN_F32; type <= ONN_C128; type++)
		check_type((onn_type)type, false, onn_kernels_choose());
}
END_TEST

enum { THREADS = 4, REPEATS = 3000 };

typedef struct multiplier {
	double a[SIDE * SIDE], b[SIDE * SIDE], first[SIDE * SIDE], c[SIDE * SIDE];
	onn_type type;
	long wrong;
} multiplier;

static void multiply(void *data)
{
	multiplier *m = data;
	const size_t n = m->type == ONN_F64 ? 37 : 26;
	const onn_gemm g = {m->type, 0, 0, n, n, n, n, n, n, false};
	void *work = onn_aligned_alloc(ONN_GEMM_WORK);
	for (int i = 0; i < REPEATS; i++) {
		onn_gemm_run(&g, onn_kernels_choose(), m->a, m->b, m->c, work);
		m->wrong += memcmp(m->c, m->first, n * n * onn_type_size(m->type)) != 0;
	}
	onn_aligned_free(work);
}

/* The one that multiplied alone has the right numbers: those of each thread are its own. */
START_TEST(threads_multiply_at_the_same_time)
{
	static multiplier m[THREADS];
	onn_thread *thread[THREADS];
	static const onn_type types[] = {ONN_F64, ONN_C64, ONN_C128};
	for (size_t t = 0; t < COUNT(types); t++) {
		for (unsigned k = 0; k < THREADS; k++) {
			m[k] = (multiplier){.type = types[t]};
			for (size_t i = 0; i < SIDE * SIDE; i++) {
				double x = onn_philox_uniform(k, 0, 3, (uint32_t)i) - .5;
				double y = onn_philox_uniform(k, 0, 4, (uint32_t)i) - .5;
				if (types[t] == ONN_C64) {
					((float *)m[k].a)[i] = (float)x;
					((float *)m[k].b)[i] = (float)y;
				} else {
					m[k].a[i] = x;
					m[k].b[i] = y;
				}
			}
			multiply(&m[k]);
			memcpy(m[k].first, m[k].c, sizeof m[k].c);
			m[k].wrong = 0;
		}
		for (int k = 0; k < THREADS; k++)
			check_ok(onn_thread_start(&thread[k], multiply, &m[k]));
		for (int k = 0; k < THREADS; k++)
			onn_thread_join(thread[k]);
		for (int k = 0; k < THREADS; k++)
			ck_assert_msg(m[k].wrong == 0, "%s: %ld of %d are wrong in thread %d",
			    onn_type_name(types[t]), m[k].wrong, REPEATS, k);
	}
}
END_TEST

START_TEST(own_loops_go_deeper_than_one_panel)
{
	enum { DEEP = 700 };
	static float a[5 * DEEP], b[DEEP * 6], c[5 * 6];
	void *work = onn_aligned_alloc(ONN_GEMM_WORK);
	for (int i = 0; i < 5 * DEEP; i++)
		a[i] = (float)(i % 13) - 6;
	for (int i = 0; i < DEEP * 6; i++)
		b[i] = (float)(i % 7) - 3;
	onn_gemm_view va = {a, DEEP, 1, 0}, vb = {b, 6, 1, 0};
	onn_kernels_choose()->gemm[ONN_F32](&va, &vb, c, 6, 5, 6, DEEP, work);
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 6; j++) {
			double want = 0;
			for (int p = 0; p < DEEP; p++)
				want += (double)a[i * DEEP + p] * b[p * 6 + j];
			check_near(c[i * 6 + j], want, 0); /* whole numbers: exact */
		}
	onn_aligned_free(work);
}
END_TEST

START_TEST(a_thread_gets_its_own_number_of_threads_back)
{
	int before = onn_gemm_enter();
	ck_assert_int_ge(before, 1);
	onn_gemm_leave(before);
	ck_assert_int_eq(onn_gemm_enter(), before);
	onn_gemm_leave(before);
}
END_TEST

int main(void)
{
	onn_gemm_init();
	return run_tests(
	    "gemm", (const TTest *[]){own_loops_multiply_with_every_transposition,
	                libraries_multiply_with_every_transposition,
	                threads_multiply_at_the_same_time, own_loops_go_deeper_than_one_panel,
	                a_thread_gets_its_own_number_of_threads_back, NULL});
}
