/* The two functions that the C library does not have. */
#include <float.h>
#include <math.h>

#include "backend/reference/reference.h"

/* d^n/dx^n sin x */
static long double sine_derivative(uint32_t n, long double x)
{
	switch (n % 4) {
	case 0:
		return sinl(x);
	case 1:
		return cosl(x);
	case 2:
		return -sinl(x);
	default:
		return -cosl(x);
	}
}

/*
 * f = sin(x)/x. Deriving x f = sin x n times gives x f_n + n f_(n-1) = sin^(n) x, used in the
 * direction in which errors shrink: upwards each step multiplies them by n/x, downwards by x/n.
 * Downwards it starts from 0 where the error has shrunk below the last digit, also of the odd
 * orders near 0, which are as small as x: f_n is at most 1/(n+1) anyway.
 */
double onn_ref_sinc(uint32_t order, double x)
{
	long double v = fabsl((long double)x), f;

	if (isinf(x))
		return 0;
	if (v > order) {
		f = sinl(v) / v;
		for (uint32_t n = 1; n <= order; n++)
			f = (sine_derivative(n, v) - n * f) / v;
	} else {
		uint32_t n = order;
		long double shrunk = 1;
		while (shrunk > LDBL_EPSILON * LDBL_EPSILON * fminl(v, 1))
			shrunk *= v / ++n;
		f = 0;
		/* here f is f_n; one step down gives f_(n-1) */
		for (; n > order; n--)
			f = (sine_derivative(n, v) - v * f) / n;
	}
	/* f_n is odd for odd n */
	return (double)(x < 0 && order % 2 ? -f : f);
}

/*
 * g(A) = A + s (1 - exp(-A)) - depth rises everywhere, and changes its sign between 0 and depth.
 * Newton's steps, and halving wherever one would leave the bracket. Where A is large, s - depth
 * comes first: each alone may be far larger than A.
 */
double onn_ref_absorbance(double s, double depth)
{
	long double low = depth < 0 ? depth : 0, high = depth < 0 ? 0 : depth;
	long double A = depth / (1 + (long double)s);

	if (isnan(s) || isnan(depth) || s < 0)
		return NAN;
	if (isinf(s) || depth == 0)
		return isinf(depth) ? NAN : 0;
	if (isinf(depth))
		return depth;
	for (int i = 0; i < 2000; i++) {
		long double before = A;
		long double g = A > 1 ? A + ((long double)s - depth) - s * expl(-A)
		                      : A - depth - s * expm1l(-A);
		if (g == 0)
			break;
		if (g > 0)
			high = A;
		else
			low = A;
		A -= g / (1 + s * expl(-A));
		if (!(A >= low && A <= high))
			A = low + (high - low) / 2;
		if (fabsl(A - before) <= LDBL_EPSILON * fabsl(A))
			break;
	}
	return (double)A;
}
