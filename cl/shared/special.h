/*
 * Functions that no mathematical library has, per precision as pointwise.h.
 */

/*
 * Absorbance A = -ln T of a thick saturable absorber, T its transmission, for s = I / Isat and the
 * optical depth a0:
 *     g(A) = A + s (1 - e) - a0 = (A - (a0 - s)) - s e = 0,  e = exp(-A)
 * by Halley's rule from the largest of three lower bounds; g is concave. The first form of g is
 * right for small A, the second for large A, where a0 - s cancels s exactly. Two bounds are a0 / (1
 * + s) and a0 - s. Near s = a0, both large, they are far off: there w = s e is Wright's function,
 * w + ln w = z with z = ln s + s - a0, hence w <= max(z, 1) and A >= ln s - ln max(z, 1). Two steps
 * reach single precision and three double, for all s and a0. q = exp(-A/2), twice applied, neither
 * over- nor underflows where it counts.
 */
PW real PW_R(absorbance)(real s, real a0)
{
	real weak = a0 / (R(1.0) + s), strong = a0 - s;
	/* Logarithms of what is not a positive number take a slow way: of s = 0, and of z < 0,
	 * which compilers take for a max by a choice. */
	real ln = R_LIB(log)(s + R(1e-30)), z = ln - strong;
	real dark = ln - R_LIB(log)(R(0.5) * (z + R(1.0)) + R(0.5) * R_LIB(fabs)(z - R(1.0)));
	real a = strong > weak ? strong : weak;
	a = dark > a ? dark : a;
	real most = ONN_BITS == 32 ? R(80.0) : R(700.0); /* past this e counts for nothing */
	for (int i = 0; i < ONN_BITS / 32 + 1; i++) {
		real h = R(0.5) * a;
		real p = R_LIB(expm1)(h > most ? most : h);
		real q = R(1.0) / (R(1.0) + p);
		real out = s * q * q;
		real g = a > R(1.0) ? (a - strong) - out : (a - a0) + s * (p * q * (R(1.0) + q));
		real g1 = R(1.0) + out;
		a -= g / (g1 + R(0.5) * g * (out / g1));
	}
	/* a medium without end lets nothing through */
	a = a0 > R_MAX ? a0 : a;
	/* an infinite s bleaches the medium: A is 0, or NaN where a0 is, or is infinite */
	return s > R_MAX ? a0 * R(0.0) : a;
}

/*
 * f = d^n/dx^n (sin x / x), any order n. Deriving x f_0 = sin x n times gives
 *     x f_n + n f_(n-1) = d^n/dx^n sin x,
 * which is used in its stable directions: upward from f_0 where |x| > n, downward from a far order
 * with f = 0 where |x| <= n (each step then shrinks the error by |x| / k < 1; `top` orders shrink
 * it to nothing).
 */
PW int PW_R(sinc_top)(int order)
{
	/* the product of n / k over k = n+1 ... top bounds the factor for every |x| <= n */
	real factor = R(1.0);
	int top = order + 2;
	for (int k = order + 3; factor > (ONN_BITS == 32 ? R(1e-9) : R(1e-18)); k++) {
		factor *= (real)order / (real)k;
		top = k;
	}
	return top;
}

/* One order up, from f_(k-1) to f_k: d is the k-th derivative of sin, r is 1 / x. */
PW real PW_R(sinc_next)(real f, real d, real r, real k) { return (d - k * f) * r; }

/* One order down, from f_k to f_(k-1): d is the k-th derivative of sin, q is 1 / k. */
PW real PW_R(sinc_before)(real f, real d, real x, real q) { return (d - x * f) * q; }

/* The k-th derivative of sin from s = sin x and c = cos x. */
PW real PW_R(sin_derivative)(real s, real c, int k)
{
	real d = (k & 1) ? c : s;
	return (k & 2) ? -d : d;
}

/* What sin and cos are taken of: f_n is 0 at infinity, which 0 for it and r = 0 give. */
PW real PW_R(sinc_angle)(real x) { return R_LIB(fabs)(x) > R_MAX ? R(0.0) : x; }

/* f_0 from s = sin x. A quotient: 1 / x is infinite for some x below the normal range, and where
 * those count as 0 even 0 / 0 is near. */
PW real PW_R(sinc_start)(real x, real s) { return R_LIB(fabs)(x) < R(1e-30) ? R(1.0) : s / x; }

PW real PW_R(sinc)(real x, int order)
{
	real angle = PW_R(sinc_angle)(x);
	real s = R_LIB(sin)(angle), c = R_LIB(cos)(angle), r = R(1.0) / x;
	if (order > 0 && R_LIB(fabs)(x) <= (real)order) {
		real f = R(0.0);
		for (int k = PW_R(sinc_top)(order); k > order; k--)
			f = PW_R(sinc_before)(
			    f, PW_R(sin_derivative)(s, c, k), x, R(1.0) / (real)k);
		return f;
	}
	real f = PW_R(sinc_start)(x, s);
	for (int k = 1; k <= order; k++)
		f = PW_R(sinc_next)(f, PW_R(sin_derivative)(s, c, k), r, (real)k);
	return f;
}

/* Uniform in [0, 1): the number that element `element` of stream `stream` has in step `step`. */
PW real PW_R(random)(pw_u32 element, pw_u32 step, pw_u32 seed_lo, pw_u32 seed_hi, pw_u32 stream)
{
	return PW_R(uniform)(pw_random_words(seed_lo, seed_hi, element, stream, step));
}

/* A count of Poisson's distribution. Past 2^30 the single counts are below the noise of the draw:
 * mean + sqrt(mean) z. */
PW real PW_R(poisson)(
    pw_u32 element, pw_u32 step, real mean, pw_u32 seed_lo, pw_u32 seed_hi, pw_u32 stream)
{
	pw_u32x4 words = pw_random_words(seed_lo, seed_hi, element, stream, step);
	if (!(mean > R(0.0)))
		return mean != mean ? mean : R(0.0);
	if (mean < R(1073741824.0))
		return (real)pw_poisson((pw_u64)(mean * R(4294967296.0)), words);
	real by = R_LIB(sqrt)(mean) * R_LIB(sqrt)((real)pw_normal_square(words) / R(67108864.0));
	return pw_normal_below_0(words) ? mean - by : mean + by;
}
