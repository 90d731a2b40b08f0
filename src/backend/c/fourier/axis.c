/* Transforms of one length: radices, twiddles and where each frequency ends up. */
#include "backend/c/fourier/axis.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/c/fourier/fftw.h"
#include "backend/c/product/lanes.h"
#include "backend/c/thresholds.h"
#include "core/dft.h"
#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"

enum { PASSES_MAX = 32 };

typedef struct pass {
	onn_fft_pass dif, dit;
	size_t block, radix;
	void *twiddle;
} pass;

struct onn_fft_axis {
	onn_fft_axis *next;
	const onn_fft_kernels *kernels;
	size_t n;
	bool is_double;
	pass pass[PASSES_MAX];
	size_t npasses;
	double gain;
	uint32_t *frequency, *position;
	/* where one is not NULL it does the transforms, and they are in order */
	onn_fft_library *library;
	/*
	 * Bluestein's, in double: a chirp in single precision is off in the same way at each
	 * transform, and hops in a row add that up. An axis in single precision has one in double
	 * for half the lanes.
	 */
	const onn_fft_axis *wide;
	const onn_fft_axis *inner; /* of the convolution */
	double *chirp, *kernel;    /* rows that are equal in all lanes */
};

const onn_fft_kernels *onn_fft_kernels_choose(const onn_c_builder *b, bool is_double)
{
#ifdef ONN_X86_KERNELS
	if (b->kernels == &onn_kernels_avx512)
		return is_double ? &onn_fft_avx512_f64 : &onn_fft_avx512_f32;
	if (b->kernels == &onn_kernels_avx2)
		return is_double ? &onn_fft_avx2_f64 : &onn_fft_avx2_f32;
#endif
	(void)b;
	return is_double ? &onn_fft_baseline_f64 : &onn_fft_baseline_f32;
}

const onn_lane_kernels *onn_lane_kernels_choose(const onn_c_builder *b)
{
#ifdef ONN_X86_KERNELS
	if (b->kernels == &onn_kernels_avx512)
		return &onn_lanes_avx512_f32;
	if (b->kernels == &onn_kernels_avx2)
		return &onn_lanes_avx2_f32;
#endif
	(void)b;
	return &onn_lanes_baseline_f32;
}

/* ---- passes of our own ---- */

/*
 * The radices that n splits into, the largest powers of two last: the last pass has no twiddles. 16
 * is worth it there alone, with twiddles it takes more registers than there are. Their number; 0
 * where n has another prime factor.
 */
static size_t split(size_t n, size_t *radix)
{
	static const size_t odd[] = {13, 11, 7, 5, 3};
	size_t count = 0, twos = 0;
	for (size_t i = 0; i < ONN_COUNT(odd); i++)
		for (; n % odd[i] == 0; n /= odd[i])
			radix[count++] = odd[i];
	for (; n % 2 == 0; n /= 2)
		twos++;
	if (n > 1)
		return 0;
	bool sixteen = twos % 3 == 1 && twos > 3;
	size_t rest = sixteen ? twos - 4 : twos;
	if (rest % 3)
		radix[count++] = rest % 3 == 1 ? 2 : 4;
	for (size_t i = 0; i < rest / 3; i++)
		radix[count++] = 8;
	if (sixteen)
		radix[count++] = 16;
	return count;
}

static bool make_twiddles(onn_c_builder *b, const onn_fft_axis *a, pass *p, size_t radix)
{
	size_t m = p->block / radix, count = (m - 1) * (radix - 1) * 2;
	p->twiddle = onn_c_allocate_array(b, count, a->is_double ? sizeof(double) : sizeof(float));
	if (!p->twiddle)
		return false;
	size_t at = 0;
	for (size_t j = 1; j < m; j++)
		for (size_t q = 1; q < radix; q++) {
			const double _Complex root = onn_root_of_unity(j * q % p->block, p->block);
			const double w[2] = {creal(root), cimag(root)};
			for (int i = 0; i < 2; i++, at++)
				onn_part_set(
				    p->twiddle, a->is_double ? ONN_F64 : ONN_F32, at, w[i]);
		}
	return true;
}

/* Position p in digits of the radices, the first pass's first, is the frequency's the other way. */
static void make_order(const onn_fft_axis *a, const size_t *radix, size_t count)
{
	for (size_t p = 0; p < a->n; p++) {
		size_t rest = p, block = a->n, weight = 1, frequency = 0;
		for (size_t i = 0; i < count; i++) {
			block /= radix[i];
			frequency += rest / block * weight;
			rest %= block;
			weight *= radix[i];
		}
		a->frequency[p] = (uint32_t)frequency;
		a->position[frequency] = (uint32_t)p;
	}
}

static onn_status make_passes(onn_c_builder *b, onn_fft_axis *a, const size_t *radix, size_t count)
{
	size_t block = a->n;
	for (size_t i = 0; i < count; i++) {
		pass *p = &a->pass[a->npasses++];
		*p = (pass){
		    a->kernels->dif[radix[i]], a->kernels->dit[radix[i]], block, radix[i], NULL};
		if (!make_twiddles(b, a, p, radix[i]))
			return ONN_ERROR_MEMORY;
		block /= radix[i];
	}
	return ONN_OK;
}

/* ---- Bluestein's chirp ---- */

/* Row k of rows has this number in every lane. */
static void fill_row(const onn_fft_axis *a, double *rows, size_t k, double _Complex z)
{
	size_t lanes = a->kernels->lanes;
	double *row = rows + 2 * k * lanes;
	for (size_t i = 0; i < lanes; i++) {
		row[i] = creal(z);
		row[lanes + i] = cimag(z);
	}
}

static bool is_smooth(size_t n)
{
	size_t radix[PASSES_MAX];
	return split(n, radix) > 0;
}

static onn_status make_chirp(onn_c_builder *b, onn_fft_axis *a)
{
	size_t n = a->n, m = (2 * n + 15) / 16 * 16;
	while (!is_smooth(m))
		m += 16;
	onn_status status = onn_fft_axis_get(&a->inner, b, a->kernels, m);
	if (status)
		return status;
	a->chirp = onn_c_allocate_array(b, n, a->kernels->row);
	a->kernel = onn_c_allocate_array(b, m, a->kernels->row);
	double _Complex *chirp = onn_c_allocate_array(b, n + m, sizeof *chirp);
	if (!a->chirp || !a->kernel || !chirp)
		return ONN_ERROR_MEMORY;
	double _Complex *kernel = chirp + n;
	onn_chirp(chirp, kernel, n, m);
	if ((status = onn_dft_2d(kernel, 1, m, false)))
		return status;
	for (size_t k = 0; k < n; k++)
		fill_row(a, a->chirp, k, chirp[k]);
	for (size_t p = 0; p < m; p++)
		fill_row(a, a->kernel, p, kernel[a->inner->frequency[p]]);
	return ONN_OK;
}

/* ---- gain ---- */

/* The mean over four lines of numbers of modulus 1, which are the same with any number of lanes. */
static onn_status measure_gain(onn_fft_axis *a)
{
	enum { LINES = 4 };
	size_t lanes = a->kernels->lanes, bytes = a->n * a->kernels->row;
	float *x = onn_aligned_alloc(bytes), *y = onn_aligned_alloc(bytes);
	void *work = onn_aligned_alloc(onn_fft_axis_work(a) + 1);
	onn_status status =
	    x && y && work ? ONN_OK : onn_error_memory("onn_plan_create", 2 * bytes);
	double kept = 0, all = 0;
	for (size_t k = 0; k < a->n && !status; k++)
		for (size_t i = 0; i < lanes; i++) {
			double angle = 2.399963 * (double)(k * k) * (double)(i % LINES + 1);
			x[2 * k * lanes + i] = (float)cos(angle);
			x[(2 * k + 1) * lanes + i] = (float)sin(angle);
		}
	if (!status) {
		memcpy(y, x, bytes);
		onn_fft_axis_run(a, y, false, work);
		onn_fft_axis_run_back(a, y, work);
	}
	for (size_t k = 0; k < 2 * a->n && !status; k++)
		for (size_t i = 0; i < LINES && i < lanes; i++) {
			double from = x[k * lanes + i];
			kept += from * y[k * lanes + i];
			all += from * from;
		}
	if (!status)
		a->gain = kept / (all * (double)a->n);
	onn_aligned_free(x);
	onn_aligned_free(y);
	onn_aligned_free(work);
	return status;
}

/* ---- axes ---- */

onn_status onn_fft_axis_get(
    const onn_fft_axis **axis, onn_c_builder *b, const onn_fft_kernels *kernels, size_t n)
{
	for (onn_fft_axis *a = b->fft_axes; a; a = a->next)
		if (a->n == n && a->kernels == kernels) {
			*axis = a;
			return ONN_OK;
		}
	onn_fft_axis *a = onn_c_allocate(b, sizeof *a);
	size_t radix[PASSES_MAX], count = split(n, radix);
	if (!a)
		return ONN_ERROR_MEMORY;
	*a = (onn_fft_axis){.next = b->fft_axes,
	    .kernels = kernels,
	    .n = n,
	    .gain = 1,
	    .is_double = kernels->row / kernels->lanes == 2 * sizeof(double)};
	b->fft_axes = a;
	*axis = a;
	a->frequency = onn_c_allocate_array(b, n, sizeof *a->frequency);
	a->position = onn_c_allocate_array(b, n, sizeof *a->position);
	if (!a->frequency || !a->position)
		return ONN_ERROR_MEMORY;
	const char *wish = getenv("ONN_FFT");
	bool smooth = count > 0 || n == 1;
	if (wish && strcmp(wish, "fftw") == 0)
		a->library = onn_fft_library_create(kernels, n);
	onn_status status = ONN_OK;
	if (smooth && !a->library) {
		make_order(a, radix, count);
		status = make_passes(b, a, radix, count);
	} else {
		for (size_t i = 0; i < n; i++)
			a->frequency[i] = a->position[i] = (uint32_t)i;
		if (!a->library)
			status = a->is_double ? make_chirp(b, a)
			                      : onn_fft_axis_get(&a->wide, b, kernels->wide, n);
	}
	return status || a->is_double || a->wide ? status : measure_gain(a);
}

void onn_c_release_fft(onn_c_builder *b)
{
	for (onn_fft_axis *a = b->fft_axes; a; a = a->next)
		onn_fft_library_destroy(a->library);
}

void onn_fft_axis_describe(char *text, size_t room, const onn_fft_axis *a)
{
	if (a->library)
		snprintf(text, room, "FFTW");
	else if (a->wide || a->inner)
		snprintf(text, room, "chirp %zu in f64", a->n);
	else
		snprintf(text, room, "own FFT");
}

/* Bytes of a line's points in double, for half of the lanes. */
static size_t half_bytes(const onn_fft_axis *a) { return a->n * a->kernels->row; }

size_t onn_fft_axis_work(const onn_fft_axis *a)
{
	if (a->wide)
		return 2 * half_bytes(a) + onn_fft_axis_work(a->wide);
	return a->inner ? a->inner->n * a->kernels->row : 0;
}

double onn_fft_axis_gain(const onn_fft_axis *a) { return a->gain; }
const uint32_t *onn_fft_axis_frequency(const onn_fft_axis *a) { return a->frequency; }
const uint32_t *onn_fft_axis_position(const onn_fft_axis *a) { return a->position; }

/*
 * Bluestein: jk = (j^2 + k^2 - (k - j)^2) / 2 makes the transform a convolution with a chirp, which
 * a filter of a smooth length does. The chirp is symmetric, so the inverse has the conjugates.
 */
static void run_chirp(const onn_fft_axis *a, void *lines, bool inverse, void *work)
{
	onn_fft_window points = {0, a->n};
	a->kernels->multiply(lines, a->chirp, a->n, inverse);
	onn_fft_axis_filter(a->inner, lines, points, points, a->kernel, inverse, work, NULL);
	a->kernels->multiply(lines, a->chirp, a->n, inverse);
}

static void run_other(const onn_fft_axis *a, void *lines, bool inverse, void *work)
{
	if (a->library) {
		onn_fft_library_run(a->library, lines, inverse);
		return;
	}
	if (a->inner) {
		run_chirp(a, lines, inverse, work);
		return;
	}
	char *half[2] = {work, (char *)work + half_bytes(a)}, *rest = half[1] + half_bytes(a);
	a->kernels->widen(half[0], half[1], lines, a->n);
	for (int i = 0; i < 2; i++)
		run_other(a->wide, half[i], inverse, rest);
	a->kernels->narrow(lines, half[0], half[1], a->n);
}

/*
 * Passes begin ... end-1 over n rows, there and back. Where the rows would leave the first-level
 * cache from one pass to the next, each block that a pass makes goes through all that is left to do
 * in it before the next block does.
 */
static bool goes_by_blocks(const onn_fft_axis *a, size_t n, size_t next, size_t end)
{
	return next + 1 < end && n > a->pass[next].block && n * a->kernels->row > ONN_C_L1_LINES;
}

static void run_passes(
    const onn_fft_axis *a, char *re, char *im, size_t n, size_t begin, size_t end)
{
	for (; begin < end; begin++) {
		const pass *p = &a->pass[begin];
		if (goes_by_blocks(a, n, begin, end)) {
			size_t bytes = p->block * a->kernels->row;
			for (size_t at = 0; at < n * a->kernels->row; at += bytes)
				run_passes(a, re + at, im + at, p->block, begin, end);
			return;
		}
		p->dif(re, im, n, p->block, p->twiddle);
	}
}

static void run_passes_back(
    const onn_fft_axis *a, char *re, char *im, size_t n, size_t begin, size_t end)
{
	const pass *p = &a->pass[begin];
	if (begin == end)
		return;
	if (goes_by_blocks(a, n, begin, end)) {
		size_t bytes = p->block * a->kernels->row;
		for (size_t at = 0; at < n * a->kernels->row; at += bytes)
			run_passes_back(a, re + at, im + at, p->block, begin, end);
		return;
	}
	run_passes_back(a, re, im, n, begin + 1, end);
	p->dit(re, im, n, p->block, p->twiddle);
}

/* Passes from `begin` on, the filter, and as many passes back. */
static void run_filter(
    const onn_fft_axis *a, char *lines, const char *h, bool conjugate, size_t n, size_t begin)
{
	const pass *p = &a->pass[begin];
	char *im = lines + a->kernels->row / 2;
	if (begin + 1 == a->npasses) {
		a->kernels->middle[p->radix](lines, h, n, conjugate);
		return;
	}
	if (goes_by_blocks(a, n, begin, a->npasses)) {
		size_t bytes = p->block * a->kernels->row;
		for (size_t at = 0; at < n * a->kernels->row; at += bytes)
			run_filter(a, lines + at, h + at, conjugate, p->block, begin);
		return;
	}
	p->dif(lines, im, n, p->block, p->twiddle);
	run_filter(a, lines, h, conjugate, n, begin + 1);
	p->dit(im, lines, n, p->block, p->twiddle);
}

static bool is_own(const onn_fft_axis *a) { return !a->library && !a->wide && !a->inner; }

void onn_fft_axis_run(const onn_fft_axis *a, void *lines, bool inverse, void *work)
{
	char *im = (char *)lines + a->kernels->row / 2;
	if (is_own(a))
		run_passes(a, inverse ? im : lines, inverse ? lines : im, a->n, 0, a->npasses);
	else
		run_other(a, lines, inverse, work);
}

void onn_fft_axis_run_back(const onn_fft_axis *a, void *lines, void *work)
{
	if (is_own(a))
		run_passes_back(a, (char *)lines + a->kernels->row / 2, lines, a->n, 0, a->npasses);
	else
		run_other(a, lines, true, work);
}

void onn_fft_axis_clear_around(const onn_fft_axis *a, void *lines, onn_fft_window in)
{
	size_t row = a->kernels->row, end = in.at + in.count;
	memset(lines, 0, in.at * row);
	memset((char *)lines + end * row, 0, (a->n - end) * row);
}

void onn_fft_axis_from_field(const onn_fft_axis *a, void *lines, onn_fft_field x, onn_fft_field y,
    onn_fft_factor factor, onn_fft_window in, size_t width, bool inverse, void *work)
{
	const onn_fft_kernels *k = a->kernels;
	onn_fft_axis_clear_around(a, lines, in);
	k->load_columns((char *)lines + in.at * k->row, x, factor == ONN_FFT_ALONE ? x : y, factor,
	    in.count, width);
	onn_fft_axis_run(a, lines, inverse, work);
}

void onn_fft_axis_to_field(const onn_fft_axis *a, void *lines, onn_fft_field x, onn_fft_window out,
    size_t width, void *work)
{
	const onn_fft_kernels *k = a->kernels;
	onn_fft_axis_run_back(a, lines, work);
	k->store_columns(x, (char *)lines + out.at * k->row, out.count, width);
}

/* Two passes or more: the first reads points, the last writes them. */
static void filter_window(const onn_fft_axis *a, void *points, onn_fft_window in,
    onn_fft_window out, const void *h, bool conjugate, void *lines)
{
	const onn_fft_kernels *k = a->kernels;
	size_t radix = a->pass[0].radix;
	k->first[radix](lines, points, in.at, in.count, a->n, a->pass[0].twiddle);
	run_filter(a, lines, h, conjugate, a->n, 1);
	k->last[radix](points, lines, out.at, out.count, a->n, a->pass[0].twiddle);
}

/* All n points are there and wanted. */
static void filter_whole(
    const onn_fft_axis *a, void *points, const void *h, bool conjugate, void *work)
{
	if (is_own(a) && a->npasses > 0) {
		run_filter(a, points, h, conjugate, a->n, 0);
		return;
	}
	onn_fft_axis_run(a, points, false, work);
	a->kernels->multiply(points, h, a->n, conjugate);
	onn_fft_axis_run_back(a, points, work);
}

void onn_fft_axis_filter(const onn_fft_axis *a, void *points, onn_fft_window in, onn_fft_window out,
    const void *h, bool conjugate, void *lines, void *work)
{
	size_t row = a->kernels->row;
	if (in.count == a->n && out.count == a->n) {
		filter_whole(a, points, h, conjugate, work);
	} else if (is_own(a) && a->npasses > 1) {
		filter_window(a, points, in, out, h, conjugate, lines);
	} else {
		onn_fft_axis_clear_around(a, lines, in);
		memcpy((char *)lines + in.at * row, points, in.count * row);
		filter_whole(a, lines, h, conjugate, work);
		memcpy(points, (char *)lines + out.at * row, out.count * row);
	}
}
