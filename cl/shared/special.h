/*
 * Functions that no mathematical library has, per precision as pointwise.h.
 */

/*
 * Absorbance A = -ln T of a thick saturable absorber, T its transmission, for s = I / Isat and the
 * optical depth a0:
 *     g(A) = A + s (1 - e) - a0 = (A - (a0 - s)) - s e = 0,  e = exp(-A)
 * by Halley's rule from max(a0 / (1 + s), a0 - s). Four steps reach single precision and
 * five double, for s from 0 to 1e9 and a0 to 700 (the slowest is s near a0, both large). The first
 * form of g is right for small A; the second for large A, where a0 - s cancels s exactly. p =
 * exp(A) - 1 gives e and 1 - e without loss.
 */
PW real PW_R(absorbance)(real s, real a0)
{
	real weak = a0 / (R(1.0) + s), strong = a0 - s;
	real a = strong > weak ? strong : weak;
	real most = ONN_BITS == 32 ? R(80.0) : R(700.0); /* past this e counts for nothing */
	for (int i = 0; i < ONN_BITS / 32 + 3; i++) {
		real p = R_EXPM1(a > most ? most : a);
		real e = R(1.0) / (R(1.0) + p);
		real g = a > R(1.0) ? (a - strong) - s * e : (a - a0) + s * (p * e);
		real g1 = R(1.0) + s * e;
		a -= g / (g1 + R(0.5) * g * (s * e / g1));
	}
	/* an infinite s bleaches the medium: A is 0, or NaN where a0 is */
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

/* Where |x| > n, or n = 0. */
PW real PW_R(sinc_up)(real x, int order)
{
	real r = R(1.0) / x;
	real d = R_SIN(x), next = R_COS(x); /* the k-th and the next derivative of sin */
	real f = x == R(0.0) ? R(1.0) : d * r;
	for (int k = 1; k <= order; k++) {
		real after = -d;
		d = next;
		next = after;
		f = (d - (real)k * f) * r;
	}
	return f;
}

/* Where |x| <= n; top is sinc_top(order). */
PW real PW_R(sinc_down)(real x, int order, int top)
{
	real s = R_SIN(x), c = R_COS(x);
	/* the derivative of sin of order `top`, and the one before it */
	real d = (top & 1) ? c : s, before = (top & 1) ? s : -c;
	d = (top & 2) ? -d : d;
	before = (top & 2) ? -before : before;
	real f = R(0.0);
	for (int k = top; k > order; k--) {
		f = (d - x * f) / (real)k;
		real after = -d;
		d = before;
		before = after;
	}
	return f;
}

PW real PW_R(sinc)(real x, int order)
{
	if (order > 0 && R_ABS(x) <= (real)order)
		return PW_R(sinc_down)(x, order, PW_R(sinc_top)(order));
	return PW_R(sinc_up)(x, order);
}

/* Uniform in [0, 1): the number that element `element` of stream `stream` has in step `step`. */
PW real PW_R(random)(pw_u32 element, pw_u32 step, pw_u32 seed_lo, pw_u32 seed_hi, pw_u32 stream)
{
	return PW_R(uniform)(pw_random_words(seed_lo, seed_hi, element, stream, step));
}
