/*
 * Mixed radix by decimation in time, from tables of roots of unity; lengths with a large prime
 * factor by Bluestein's chirp, as a convolution whose length is a power of two.
 */
#include "core/dft.h"

#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

/* A prime factor up to this is summed up directly. */
enum { LARGEST_RADIX = 61, MAX_FACTORS = 64 };

struct onn_dft {
	size_t n, nfactors;
	size_t factor[MAX_FACTORS];
	double _Complex *root; /* exp(-2 pi i k / n) */
	onn_dft *inner;        /* Bluestein: the convolution's; NULL: mixed radix */
	double _Complex *chirp, *kernel;
};

double _Complex onn_root_of_unity(size_t k, size_t n)
{
	/* the angle's octant by whole numbers */
	const long double turn = 6.283185307179586476925286766559L;
	bool negative = 2 * k > n;
	if (negative)
		k = n - k;
	bool left = 4 * k > n;
	size_t eighth = left ? n - 2 * k : 2 * k; /* of n/2, counted from the real axis */
	bool steep = 4 * eighth > n;
	long double angle = steep ? turn / 4 - turn / 2 * (long double)eighth / (long double)n
	                          : turn / 2 * (long double)eighth / (long double)n;
	long double c = steep ? sinl(angle) : cosl(angle), s = steep ? cosl(angle) : sinl(angle);
	double re = (double)(left ? -c : c), im = (double)(negative ? s : -s);
	return re + im * _Complex_I;
}

float _Complex onn_round_to_unit(double _Complex z)
{
	const float re = (float)creal(z), im = (float)cimag(z);
	const float x[3] = {re, nextafterf(re, -2), nextafterf(re, 2)};
	const float y[3] = {im, nextafterf(im, -2), nextafterf(im, 2)};
	double best = INFINITY;
	float _Complex nearest = re + im * _Complex_I;
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			double error = fabs((double)x[i] * x[i] + (double)y[j] * y[j] - 1);
			if (error >= best)
				continue;
			best = error;
			nearest = x[i] + y[j] * _Complex_I;
		}
	return nearest;
}

static size_t smallest_factor(size_t n)
{
	for (size_t p = 2; p * p <= n; p++)
		if (n % p == 0)
			return p;
	return n;
}

static bool factorise(onn_dft *d)
{
	for (size_t rest = d->n; rest > 1;) {
		size_t p = rest % 4 == 0 ? 4 : smallest_factor(rest);
		if (p > LARGEST_RADIX)
			return false;
		d->factor[d->nfactors++] = p;
		rest /= p;
	}
	return true;
}

void onn_chirp(double _Complex *chirp, double _Complex *kernel, size_t n, size_t m)
{
	for (size_t k = n; k <= m - n; k++)
		kernel[k] = 0;
	/* k^2 reduced by 2n as a whole number */
	for (size_t k = 0, square = 0; k < n; square = (square + 2 * k + 1) % (2 * n), k++) {
		chirp[k] = onn_root_of_unity(square, 2 * n);
		kernel[k] = kernel[(m - k) % m] = conj(chirp[k]) / (double)m;
	}
}

static onn_status make_chirp(onn_dft *d)
{
	size_t m = 1;
	while (m < 2 * d->n)
		m *= 2;
	onn_status status = onn_dft_create(&d->inner, m);
	if (status)
		return status;
	d->chirp = malloc(d->n * sizeof *d->chirp);
	d->kernel = malloc(m * sizeof *d->kernel);
	double _Complex *work = malloc(onn_dft_work(d->inner) * sizeof *work);
	if (d->chirp && d->kernel && work) {
		onn_chirp(d->chirp, d->kernel, d->n, m);
		onn_dft_run(d->inner, d->kernel, 1, false, work);
	} else {
		status = onn_error_memory("Fourier transform", m * sizeof *d->kernel);
	}
	free(work);
	return status;
}

void onn_dft_destroy(onn_dft *d)
{
	if (!d)
		return;
	onn_dft_destroy(d->inner);
	onn_free_all(d->root, d->chirp, d->kernel, d);
}

onn_status onn_dft_create(onn_dft **dft, size_t n)
{
	*dft = NULL;
	onn_dft *d = calloc(1, sizeof *d);
	if (!d)
		return onn_error_memory("Fourier transform", sizeof *d);
	d->n = n;
	onn_status status = ONN_OK;
	if (!factorise(d)) {
		status = make_chirp(d);
	} else {
		d->root = malloc(n * sizeof *d->root);
		if (!d->root)
			status = onn_error_memory("Fourier transform", n * sizeof *d->root);
		for (size_t k = 0; d->root && k < n; k++)
			d->root[k] = onn_root_of_unity(k, n);
	}
	if (status)
		onn_dft_destroy(d);
	else
		*dft = d;
	return status;
}

size_t onn_dft_work(const onn_dft *d)
{
	return d->inner ? d->inner->n + onn_dft_work(d->inner) : 2 * d->n;
}

/* out[0 ... n-1] = transform of in[0], in[stride], ... where n is what factors from `level` on make
 */
static void transform(const onn_dft *d, size_t n, size_t level, const double _Complex *in,
    size_t stride, bool inverse, double _Complex *out)
{
	if (n == 1) {
		out[0] = in[0];
		return;
	}
	size_t p = d->factor[level], m = n / p, step = d->n / n;
	double _Complex t[LARGEST_RADIX];
	for (size_t r = 0; r < p; r++)
		transform(d, m, level + 1, in + r * stride, stride * p, inverse, out + r * m);
	for (size_t k = 0; k < m; k++) {
		for (size_t r = 0; r < p; r++) {
			double _Complex w = d->root[r * k * step];
			t[r] = out[r * m + k] * (inverse ? conj(w) : w);
		}
		for (size_t q = 0; q < p; q++) {
			double _Complex sum = t[0];
			for (size_t r = 1; r < p; r++) {
				double _Complex w = d->root[r * q % p * (d->n / p)];
				sum += t[r] * (inverse ? conj(w) : w);
			}
			out[q * m + k] = sum;
		}
	}
}

/* The inverse is the conjugate of the transform of the conjugate. */
static void bluestein(
    const onn_dft *d, double _Complex *x, ptrdiff_t stride, bool inverse, double _Complex *work)
{
	size_t m = d->inner->n;
	double _Complex *a = work;
	for (size_t k = 0; k < m; k++) {
		double _Complex value = k < d->n ? x[(ptrdiff_t)k * stride] : 0;
		a[k] = k < d->n ? (inverse ? conj(value) : value) * d->chirp[k] : 0;
	}
	onn_dft_run(d->inner, a, 1, false, work + m);
	for (size_t k = 0; k < m; k++)
		a[k] *= d->kernel[k];
	onn_dft_run(d->inner, a, 1, true, work + m);
	for (size_t k = 0; k < d->n; k++) {
		double _Complex value = a[k] * d->chirp[k];
		x[(ptrdiff_t)k * stride] = inverse ? conj(value) : value;
	}
}

void onn_dft_run(
    const onn_dft *d, double _Complex *x, ptrdiff_t stride, bool inverse, double _Complex *work)
{
	if (d->inner) {
		bluestein(d, x, stride, inverse, work);
		return;
	}
	double _Complex *in = work, *out = work + d->n;
	for (size_t k = 0; k < d->n; k++)
		in[k] = x[(ptrdiff_t)k * stride];
	transform(d, d->n, 0, in, 1, inverse, out);
	for (size_t k = 0; k < d->n; k++)
		x[(ptrdiff_t)k * stride] = out[k];
}

onn_status onn_dft_2d(double _Complex *x, size_t ny, size_t nx, bool inverse)
{
	for (int axis = 0; axis < 2; axis++) {
		size_t n = axis ? ny : nx, lines = axis ? nx : ny;
		onn_dft *d;
		onn_status status = onn_dft_create(&d, n);
		if (status)
			return status;
		double _Complex *work = malloc(onn_dft_work(d) * sizeof *work);
		for (size_t i = 0; work && i < lines; i++)
			onn_dft_run(
			    d, x + (axis ? i : i * nx), axis ? (ptrdiff_t)nx : 1, inverse, work);
		bool failed = !work;
		free(work);
		onn_dft_destroy(d);
		if (failed)
			return onn_error_memory("Fourier transform", n * sizeof *work);
	}
	return ONN_OK;
}
