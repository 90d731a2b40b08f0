/*
 * Lines by FFTW, on request.
 *
 * Its planner keeps everything in the process, so one lock is around each call of it; transforms
 * themselves need none. What planning found out ("wisdom") stays in the user's cache folder: a file
 * that cannot be read or written costs time at the next start.
 */
#include "backend/c/fourier/fftw.h"

#include "config.h"

#ifdef ONN_HAVE_FFTW
#include <fftw3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/c/c_backend.h"
#include "core/memory.h"
#include "core/os.h"

struct onn_fft_library {
	bool is_double;
	size_t half; /* bytes from a row's real parts to its imaginary ones */
	/* a plan holds for one distance of the two parts: [1] has them exchanged */
	union {
		fftwf_plan f32;
		fftw_plan f64;
	} plan[2];
};

static atomic_flag planning = ATOMIC_FLAG_INIT;

static void lock(void)
{
	while (atomic_flag_test_and_set_explicit(&planning, memory_order_acquire))
		onn_thread_yield();
}

static void unlock(void) { atomic_flag_clear_explicit(&planning, memory_order_release); }

/* ONN_FFTW: how long FFTW looks for a good plan. */
static unsigned effort(void)
{
	const char *wish = getenv("ONN_FFTW");
	if (wish && strcmp(wish, "estimate") == 0)
		return FFTW_ESTIMATE;
	return wish && strcmp(wish, "patient") == 0 ? FFTW_PATIENT : FFTW_MEASURE;
}

static bool wisdom_path(char *path, size_t room, bool is_double)
{
	char folder[1024];
	if (!onn_cache_directory(folder, sizeof folder))
		return false;
	int length = snprintf(
	    path, room, "%s/fftw-%s-%s.wisdom", folder, onn_c_isa(), is_double ? "f64" : "f32");
	return length > 0 && (size_t)length < room;
}

/* A plan of each distance; the time limit keeps a start short, and FFTW takes the best so far. */
#define PLANNER(api, real, field, is_double_)                                                      \
	static void load_##field(void)                                                             \
	{                                                                                          \
		static bool loaded;                                                                \
		char path[1200];                                                                   \
		void *text;                                                                        \
		size_t bytes;                                                                      \
		if (loaded)                                                                        \
			return;                                                                    \
		loaded = true;                                                                     \
		if (!wisdom_path(path, sizeof path, is_double_) || !onn_file_exists(path) ||       \
		    onn_file_read(&text, &bytes, path))                                            \
			return;                                                                    \
		api##_import_wisdom_from_string(text);                                             \
		onn_free(text);                                                                    \
	}                                                                                          \
	static void save_##field(void)                                                             \
	{                                                                                          \
		char path[1200], *text = api##_export_wisdom_to_string();                          \
		if (text && wisdom_path(path, sizeof path, is_double_))                            \
			onn_file_write(path, text, strlen(text));                                  \
		free(text);                                                                        \
	}                                                                                          \
	static void plan_##field(onn_fft_library *l, size_t n, size_t lanes)                       \
	{                                                                                          \
		const api##_iodim points = {(int)n, 2 * (int)lanes, 2 * (int)lanes};               \
		const api##_iodim lines = {(int)lanes, 1, 1};                                      \
		real *x = onn_aligned_alloc(2 * n * lanes * sizeof *x);                            \
		unsigned flags = effort();                                                         \
		bool learnt = false;                                                               \
		if (!x)                                                                            \
			return;                                                                    \
		load_##field();                                                                    \
		for (int i = 0; i < 2; i++) {                                                      \
			real *re = i ? x + lanes : x, *im = i ? x : x + lanes;                     \
			l->plan[i].field = api##_plan_guru_split_dft(                              \
			    1, &points, 1, &lines, re, im, re, im, flags | FFTW_WISDOM_ONLY);      \
			if (l->plan[i].field)                                                      \
				continue;                                                          \
			api##_set_timelimit(1);                                                    \
			l->plan[i].field = api##_plan_guru_split_dft(                              \
			    1, &points, 1, &lines, re, im, re, im, flags);                         \
			api##_set_timelimit(FFTW_NO_TIMELIMIT);                                    \
			learnt = flags != FFTW_ESTIMATE;                                           \
		}                                                                                  \
		if (learnt)                                                                        \
			save_##field();                                                            \
		onn_aligned_free(x);                                                               \
	}
PLANNER(fftwf, float, f32, false)
PLANNER(fftw, double, f64, true)

onn_fft_library *onn_fft_library_create(const onn_fft_kernels *kernels, size_t n)
{
	if (n > INT32_MAX / (2 * kernels->lanes))
		return NULL;
	onn_fft_library *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	l->is_double = kernels->row / kernels->lanes == 2 * sizeof(double);
	l->half = kernels->row / 2;
	lock();
	if (l->is_double)
		plan_f64(l, n, kernels->lanes);
	else
		plan_f32(l, n, kernels->lanes);
	unlock();
	bool made =
	    l->is_double ? l->plan[0].f64 && l->plan[1].f64 : l->plan[0].f32 && l->plan[1].f32;
	if (!made) {
		onn_fft_library_destroy(l);
		return NULL;
	}
	return l;
}

void onn_fft_library_destroy(onn_fft_library *l)
{
	if (!l)
		return;
	lock();
	for (int i = 0; i < 2; i++)
		if (l->is_double)
			fftw_destroy_plan(l->plan[i].f64);
		else
			fftwf_destroy_plan(l->plan[i].f32);
	unlock();
	free(l);
}

void onn_fft_library_run(const onn_fft_library *l, void *lines, bool inverse)
{
	char *re = (char *)lines + (inverse ? l->half : 0);
	char *im = (char *)lines + (inverse ? 0 : l->half);
	if (l->is_double)
		fftw_execute_split_dft(
		    l->plan[inverse].f64, (double *)re, (double *)im, (double *)re, (double *)im);
	else
		fftwf_execute_split_dft(
		    l->plan[inverse].f32, (float *)re, (float *)im, (float *)re, (float *)im);
}
#else
onn_fft_library *onn_fft_library_create(const onn_fft_kernels *kernels, size_t n)
{
	(void)kernels;
	(void)n;
	return NULL;
}
void onn_fft_library_destroy(onn_fft_library *l) { (void)l; }
void onn_fft_library_run(const onn_fft_library *l, void *lines, bool inverse)
{
	(void)l;
	(void)lines;
	(void)inverse;
}
#endif
