#include "testing.h"

#include <complex.h>
#include <math.h>

#include "core/dft.h"

static double draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) / 0x1p23 - 1;
}

/* The sum in long double; angles are reduced by whole numbers. */
static void direct(const double _Complex *x, size_t n, bool inverse, double _Complex *y)
{
	const long double turn = 6.283185307179586476925286766559L;
	for (size_t k = 0; k < n; k++) {
		long double re = 0, im = 0;
		for (size_t j = 0; j < n; j++) {
			long double angle = turn * (long double)(j * k % n) / (long double)n;
			long double c = cosl(angle), s = inverse ? sinl(angle) : -sinl(angle);
			re += creal(x[j]) * c - cimag(x[j]) * s;
			im += creal(x[j]) * s + cimag(x[j]) * c;
		}
		y[k] = (double)re + (double)im * _Complex_I;
	}
}

/* The largest difference from the sum, in units of the root of the sum of |x|^2. */
static double error_of(size_t n, bool inverse, ptrdiff_t stride)
{
	onn_dft *d;
	double _Complex *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y);
	double _Complex *strided = calloc(n * (size_t)stride, sizeof *strided);
	uint32_t state = (uint32_t)n;
	double worst = 0, length = 0;
	ck_assert_int_eq(onn_dft_create(&d, n), ONN_OK);
	double _Complex *work = calloc(onn_dft_work(d), sizeof *work);
	for (size_t i = 0; i < n; i++) {
		x[i] = draw(&state) + draw(&state) * _Complex_I;
		length += creal(x[i]) * creal(x[i]) + cimag(x[i]) * cimag(x[i]);
		strided[(ptrdiff_t)i * stride] = x[i];
	}
	direct(x, n, inverse, y);
	onn_dft_run(d, strided, stride, inverse, work);
	for (size_t i = 0; i < n; i++) {
		double e = cabs(strided[(ptrdiff_t)i * stride] - y[i]);
		worst = e <= worst ? worst : e;
	}
	onn_dft_destroy(d);
	free(x);
	free(y);
	free(strided);
	free(work);
	return worst / sqrt(length);
}

START_TEST(every_length_to_130_is_the_direct_sum)
{
	for (size_t n = 1; n <= 130; n++)
		for (int inverse = 0; inverse < 2; inverse++) {
			double e = error_of(n, inverse, n % 3 + 1);
			ck_assert_msg(e <= 2e-15, "length %zu: %g", n, e);
		}
}
END_TEST

/* 127, 1009 and 1021 by Bluestein's chirp, 62 and 183 with a factor summed up directly */
START_TEST(long_and_prime_lengths_are_the_direct_sum)
{
	static const size_t n[] = {
	    127, 183, 256, 343, 400, 512, 625, 720, 961, 1000, 1009, 1021, 1024};
	for (size_t i = 0; i < COUNT(n); i++) {
		double e = error_of(n[i], i % 2, 1);
		ck_assert_msg(e <= 4e-15, "length %zu: %g", n[i], e);
	}
}
END_TEST

START_TEST(both_axes_are_one_after_the_other)
{
	enum { NY = 6, NX = 10 };
	double _Complex x[NY * NX], y[NY * NX], line[NY], column[NY];
	uint32_t state = 7;
	for (size_t i = 0; i < NY * NX; i++)
		x[i] = draw(&state) + draw(&state) * _Complex_I;
	for (size_t r = 0; r < NY; r++)
		direct(x + r * NX, NX, true, y + r * NX);
	for (size_t c = 0; c < NX; c++) {
		for (size_t r = 0; r < NY; r++)
			line[r] = y[r * NX + c];
		direct(line, NY, true, column);
		for (size_t r = 0; r < NY; r++)
			y[r * NX + c] = column[r];
	}
	ck_assert_int_eq(onn_dft_2d(x, NY, NX, true), ONN_OK);
	for (size_t i = 0; i < NY * NX; i++)
		ck_assert(cabs(x[i] - y[i]) <= 1e-14);
}
END_TEST

TESTS("dft", every_length_to_130_is_the_direct_sum, long_and_prime_lengths_are_the_direct_sum,
    both_axes_are_one_after_the_other)
