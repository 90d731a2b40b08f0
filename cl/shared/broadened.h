/*
 * Absorbances A = -ln T of thick media beside special.h's, per precision as pointwise.h. s = I /
 * Isat at the entrance, a0 the optical depth.
 *
 * Each solves F(A) = 0 by Halley's steps from a lower bound. F rises and is concave, so the steps
 * do not leave the solution's side. Light is dimmed no less than without motion or loss, hence the
 * bound by Wright's function that special.h has for a medium whose s is near its depth, both large.
 * One to four steps do for nearly all, twelve for s to 1e7 and any depth; a step below a millionth
 * leaves an error of its third power.
 */

/* Halley's step for F, F' and F''. */
PW real PW_R(halley)(real f, real f1, real f2) { return f / (f1 - f * f2 / (R(2.0) * f1)); }

/*
 * Doppler-broadened: A + 2 [d - log1p(d/(1+u_out))] = a0, d = s (1-e)/(u_in+u_out), u = sqrt(1+s);
 * dF/dA = u_out. With m = u_out - 1 that is A - 2 [m - log1p(m/2)], which has no large terms behind
 * a deep medium, less what A would be with nothing left there.
 */
PW real PW_R(absorbance_doppler)(real s, real a0)
{
	real u = R_LIB(sqrt)(R(1.0) + s), most = s / (u + R(1.0));
	real strong = a0 - R(2.0) * (most - R_LIB(log1p)(most / R(2.0)));
	real a = R_LIB(fmax)(a0 / u, strong), step = a;
	if (s > R_MAX || a0 > R_MAX) /* bleached; without end */
		return s > R_MAX ? a0 * R(0.0) : a0;
	for (int i = 0; i < 12 && !(R_LIB(fabs)(step) <= R(1e-6) * a); i++) {
		real e = R_LIB(exp)(-a), out = R_LIB(sqrt)(R(1.0) + s * e);
		real less = R_LIB(expm1)(-a);
		real d = -s * less / (u + out), m = s * e / (R(1.0) + out);
		real f = a > R(1.0) ? (a - strong) - R(2.0) * (m - R_LIB(log1p)(m / R(2.0)))
		                    : a + R(2.0) * (d - R_LIB(log1p)(d / (R(1.0) + out))) - a0;
		step = PW_R(halley)(f, out, -s * e / (R(2.0) * out));
		a -= step;
	}
	return a;
}

/*
 * The lossy A with nothing left behind the medium, b its unsaturable loss: b + (a0/b) (b - log1p(b
 * s/(a0+b))). For small b the bracket is -log1p((b s/(a0+b) - expm1(b))/e^b), and s - a0 comes
 * first.
 */
PW real PW_R(lossy_strong)(real s, real a0, real b)
{
	real total = a0 + b, ratio = a0 / b, rest = R(1.0);
	if (b >= R(1.0))
		return total - ratio * R_LIB(log1p)(b * s / total);
	for (int k = 18; k > 2; k--) /* expm1(b) = b + b^2/2 rest */
		rest = R(1.0) + b / (real)k * rest;
	real bracket = b * (s - a0 - b) / total - R(0.5) * b * b * rest;
	return b - ratio * R_LIB(log1p)(bracket * R_LIB(exp)(-b));
}

/*
 * With unsaturable loss b > 0: A + (a0/b) log1p(b s (1-e)/q) = a0 + b, q = a0 + b + b s e; dF/dA =
 * 1 + a0 s e/q. Or, less the large terms, A - (a0/b) log1p(b s e/(a0+b)) = lossy_strong().
 */
PW real PW_R(absorbance_lossy)(real s, real a0, real b)
{
	real total = a0 + b, ratio = a0 / b, ln = R_LIB(log)(s), z = ln + s - a0;
	real strong = PW_R(lossy_strong)(s, a0, b);
	real dark = ln - R_LIB(log)(R_LIB(fmax)(z, R(1.0)));
	real a = R_LIB(fmax)(R_LIB(fmax)(b + a0 / (R(1.0) + s), strong), dark), step = a;
	if (s > R_MAX || a0 > R_MAX) /* bleached; without end */
		return s > R_MAX ? a0 * R(0.0) + b : a0;
	for (int i = 0; i < 12 && !(R_LIB(fabs)(step) <= R(1e-6) * a); i++) {
		real e = R_LIB(exp)(-a), q = total + b * s * e;
		real f = a > R(1.0)
		             ? (a - strong) - ratio * R_LIB(log1p)(b * s * e / total)
		             : a + ratio * R_LIB(log1p)(-b * s * R_LIB(expm1)(-a) / q) - total;
		step = PW_R(halley)(f, R(1.0) + a0 * s * e / q, -a0 * s * e * total / (q * q));
		a -= step;
	}
	return a;
}
