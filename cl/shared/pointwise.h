/*
 * Pointwise maths of the real and complex rows of ops.def, written once: C reads this file once for
 * each precision, and so does OpenCL. The name is pw_<text>_<type of the operands>: pw_abs_c64
 * returns a float.
 *
 * Only R(...) for literals and R_LIB(...) for library calls, so that both compilers see the same
 * text. Branches are selects where they can be: C compilers then vectorise the loops around these
 * bodies.
 */

/* ---- real ---- */

PW real PW_R(neg)(real x) { return -x; }
PW real PW_R(recip)(real x) { return R(1.0) / x; }
PW real PW_R(sqrt)(real x) { return R_LIB(sqrt)(x); }
PW real PW_R(exp)(real x) { return R_LIB(exp)(x); }
PW real PW_R(log)(real x) { return R_LIB(log)(x); }
PW real PW_R(sin)(real x) { return R_LIB(sin)(x); }
PW real PW_R(cos)(real x) { return R_LIB(cos)(x); }
PW real PW_R(tanh)(real x) { return R_LIB(tanh)(x); }
PW real PW_R(asinh)(real x) { return R_LIB(asinh)(x); }
PW real PW_R(expm1)(real x) { return R_LIB(expm1)(x); }
PW real PW_R(log1p)(real x) { return R_LIB(log1p)(x); }
PW real PW_R(abs)(real x) { return R_LIB(fabs)(x); }
PW real PW_R(floor)(real x) { return R_LIB(floor)(x); }
PW real PW_R(round)(real x) { return R_LIB(rint)(x); }
/* x itself for 0 and NaN */
PW real PW_R(sign)(real x) { return x > R(0.0) ? R(1.0) : (x < R(0.0) ? R(-1.0) : x); }

PW real PW_R(add)(real a, real b) { return a + b; }
PW real PW_R(sub)(real a, real b) { return a - b; }
PW real PW_R(mul)(real a, real b) { return a * b; }
PW real PW_R(div)(real a, real b) { return a / b; }
PW real PW_R(pow)(real a, real b) { return R_LIB(pow)(a, b); }
PW real PW_R(atan2)(real y, real x) { return R_LIB(atan2)(y, x); }
/* A NaN on either side wins: with b NaN the comparison fails, with a NaN a != a. */
PW real PW_R(min)(real a, real b) { return (a < b || a != a) ? a : b; }
PW real PW_R(max)(real a, real b) { return (a > b || a != a) ? a : b; }
PW real PW_R(less)(real a, real b) { return a < b ? R(1.0) : R(0.0); }
PW real PW_R(less_equal)(real a, real b) { return a <= b ? R(1.0) : R(0.0); }
PW real PW_R(equal)(real a, real b) { return a == b ? R(1.0) : R(0.0); }
PW real PW_R(select)(real condition, real a, real b) { return condition != R(0.0) ? a : b; }
PW cplx PW_R(complex)(real re, real im) { return CPLX(re, im); }

/* ---- complex ---- */

PW real PW_C(real)(cplx z) { return z.x; }
PW real PW_C(imag)(cplx z) { return z.y; }
PW real PW_C(abs2)(cplx z) { return z.x * z.x + z.y * z.y; }
PW cplx PW_C(conj)(cplx z) { return CPLX(z.x, -z.y); }
PW cplx PW_C(neg)(cplx z) { return CPLX(-z.x, -z.y); }
PW cplx PW_C(add)(cplx a, cplx b) { return CPLX(a.x + b.x, a.y + b.y); }
PW cplx PW_C(sub)(cplx a, cplx b) { return CPLX(a.x - b.x, a.y - b.y); }
PW cplx PW_C(mul)(cplx a, cplx b) { return CPLX(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
PW cplx PW_C(select)(real condition, cplx a, cplx b)
{
	return CPLX(condition != R(0.0) ? a.x : b.x, condition != R(0.0) ? a.y : b.y);
}

/*
 * n/m of the smaller to the larger part of a number; 0 where m is infinite, n (0 or NaN) where m is
 * 0. Like all selects below it chooses between numbers that are needed anyway: a library call whose
 * result only one side of a select needs moves into a branch, and the loop around it is not
 * vectorised.
 */
PW real PW_R(ratio)(real n, real m)
{
	real r = n / m;
	r = m == R(0.0) ? n : r;
	return m > R_MAX ? R(0.0) : r;
}

/* m sqrt(1 + (n/m)^2): no square overflows. */
PW real PW_C(abs)(cplx z)
{
	real ax = R_LIB(fabs)(z.x), ay = R_LIB(fabs)(z.y);
	real m = ax > ay ? ax : ay;
	real n = ax > ay ? ay : ax;
	real r = PW_R(ratio)(n, m);
	return m * R_LIB(sqrt)(R(1.0) + r * r);
}

/* The larger part counts as 1, which is divided by the length that it then has. */
PW cplx PW_C(sign)(cplx z)
{
	real ax = R_LIB(fabs)(z.x), ay = R_LIB(fabs)(z.y);
	int wide = ax > ay;
	real m = wide ? ax : ay;
	real n = wide ? ay : ax;
	real r = PW_R(ratio)(n, m);
	real f = (m > R(0.0) ? R(1.0) : m) / R_LIB(sqrt)(R(1.0) + r * r);
	return CPLX(R_LIB(copysign)(wide ? f : f * r, z.x), R_LIB(copysign)(wide ? f * r : f, z.y));
}

/*
 * a / b by Smith's rule: b's larger part is divided out, so that |b|^2 is not formed. An infinite
 * part of b gives 0, a zero b what a / 0 gives.
 */
PW cplx PW_C(div)(cplx a, cplx b)
{
	int wide = R_LIB(fabs)(b.x) >= R_LIB(fabs)(b.y);
	real p = wide ? b.x : b.y;
	real q = wide ? b.y : b.x;
	real r = q / p;
	r = (p == R(0.0) || R_LIB(fabs)(p) > R_MAX) ? q * R(0.0) : r;
	real d = p + q * r;
	d = R_LIB(fabs)(p) > R_MAX ? p : d;
	real u = wide ? a.x : a.y;
	real v = wide ? a.y : -a.x;
	/* wide: (a.x + a.y r, a.y - a.x r) / d; else (a.x r + a.y, a.y r - a.x) / d */
	return CPLX((u + (wide ? a.y : a.x) * r) / d, (v - (wide ? a.x : -a.y) * r) / d);
}

PW cplx PW_C(recip)(cplx z) { return PW_C(div)(CPLX(R(1.0), R(0.0)), z); }

/*
 * With m and n the larger and the smaller part: |z| + |x| = m (sqrt(1 + r^2) + (m is x ? 1 : r)), r
 * = n/m, which neither overflows nor cancels; the other part of the root comes from 2 Re Im = y.
 */
PW cplx PW_C(sqrt)(cplx z)
{
	real ax = R_LIB(fabs)(z.x), ay = R_LIB(fabs)(z.y);
	real m = ax > ay ? ax : ay;
	real n = ax > ay ? ay : ax;
	real r = PW_R(ratio)(n, m);
	real t = ax > ay ? R(1.0) : r;
	real w = R_LIB(sqrt)(m) * R_LIB(sqrt)(R(0.5) * (t + R_LIB(sqrt)(R(1.0) + r * r)));
	w = z.x != z.x ? z.x : w;
	real h = ay / (w + w);
	h = w == R(0.0) ? R(0.0) : h;
	real re = z.x >= R(0.0) ? w : h;
	real im = z.x >= R(0.0) ? h : w;
	/* x + i inf, with any x, has the root inf + i inf */
	re = ay > R_MAX ? ay : re;
	im = ay > R_MAX ? ay : im;
	return CPLX(re, R_LIB(copysign)(im, z.y));
}

/* Infinity becomes the largest number, which 0 times does not make a NaN of. */
PW real PW_R(finite)(real x) { return x > R_MAX ? R_MAX : x; }

/* e^x is applied in two halves, so that e^x cos y is finite wherever it can be. */
PW cplx PW_C(exp)(cplx z)
{
	real h = R_LIB(exp)(R(0.5) * z.x);
	real g = PW_R(finite)(h);
	return CPLX(h * R_LIB(cos)(z.y) * h, g * R_LIB(sin)(z.y) * g);
}

/* log |z| = log m + log1p((n/m)^2) / 2: right near |z| = 1 and free of overflow. */
PW cplx PW_C(log)(cplx z)
{
	real ax = R_LIB(fabs)(z.x), ay = R_LIB(fabs)(z.y);
	real m = ax > ay ? ax : ay;
	real n = ax > ay ? ay : ax;
	real r = PW_R(ratio)(n, m);
	real re = R_LIB(log)(m) + R(0.5) * R_LIB(log1p)(r * r);
	return CPLX(re, R_LIB(atan2)(z.y, z.x));
}

/*
 * cosh y and sinh y, both divided by *scale: for |y| > 20 they are equal to the last bit, e^|y| /
 * 2, and carry e^(|y|/2) in the scale, so that sin x cosh y overflows only where it must.
 */
PW cplx PW_R(cosh_sinh)(real y, real *scale)
{
	real a = R_LIB(fabs)(y);
	int large = a > R(20.0);
	real em = R_LIB(expm1)(large ? R(0.5) * a : a);
	real e = em + R(1.0);
	real c = large ? R(0.5) * e : R(1.0) + R(0.5) * em * em / e;
	real s = large ? R(0.5) * e : R(0.5) * (em + em / e);
	*scale = large ? e : R(1.0);
	return CPLX(c, R_LIB(copysign)(s, y));
}

PW cplx PW_C(sin)(cplx z)
{
	real e;
	cplx h = PW_R(cosh_sinh)(z.y, &e);
	return CPLX(
	    R_LIB(sin)(z.x) * PW_R(finite)(h.x) * PW_R(finite)(e), R_LIB(cos)(z.x) * h.y * e);
}

PW cplx PW_C(cos)(cplx z)
{
	real e;
	cplx h = PW_R(cosh_sinh)(z.y, &e);
	real s = R_LIB(copysign)(PW_R(finite)(R_LIB(fabs)(h.y)), h.y);
	return CPLX(R_LIB(cos)(z.x) * h.x * e, -(R_LIB(sin)(z.x) * s * PW_R(finite)(e)));
}

/*
 * (sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y): Kahan's form with the tangent cleared. A
 * larger x than `most` changes only an imaginary part that is too small to be a normal number.
 */
PW cplx PW_C(tanh)(cplx z)
{
	real most = ONN_BITS == 32 ? R(43.0) : R(354.0);
	real a = R_LIB(fabs)(z.x);
	real em = R_LIB(expm1)(a > most ? most : a);
	real e = em + R(1.0);
	real s = R(0.5) * (em + em / e);
	real c = R(1.0) + R(0.5) * em * em / e;
	real sy = R_LIB(sin)(z.y), cy = R_LIB(cos)(z.y);
	real d = s * s + cy * cy;
	return CPLX(R_LIB(copysign)(s * c / d, z.x), sy * cy / d);
}
