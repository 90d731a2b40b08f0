/*
 * What a pulse does in one cell of a medium, one slot long; docs/physics.md, "Pulses in time". Read
 * once for each precision, as pointwise.h.
 */
#undef PULSE_THIN /* what a depth counts as at least: so thin that light does not see it */
#if ONN_BITS == 32
#define PULSE_THIN R(1e-20)
#else
#define PULSE_THIN R(1e-150)
#endif

/* Of functions of a lane, and of loops that go by constants: a loop with a call, or one that asks
 * at each lane, is no vector. */
#undef PULSE_INLINE
#ifdef __OPENCL_VERSION__
#define PULSE_INLINE PW
#else
#define PULSE_INLINE PW __attribute__((always_inline))
#endif

#include "pulse_exp.h"

/*
 * G(u, v) = ln[1 + e^-v (e^u - 1)] for u <= v, with no large number in it. The other way round it
 * is (v - u) + G(u, v), for light and medium lose alike.
 */
PULSE_INLINE real PW_R(pulse_weaker)(real u, real v)
{
	return PW_R(pulse_log1p)(-PW_R(pulse_exp)(u - v) * PW_R(pulse_expm1)(-u));
}

/* Light of fluence u and a medium of depth a leave G(u, a) and G(a, u) of each other. */
PULSE_INLINE void PW_R(pulse_absorb)(real *u, real *a)
{
	int weak = *u <= *a;
	real low = weak ? *u : *a, high = weak ? *a : *u;
	real less = PW_R(pulse_weaker)(low, high), more = (high - low) + less;
	*u = weak ? less : more;
	*a = weak ? more : less;
}

/* What is not bleached, a while later; e is exp(-while/T1). */
PULSE_INLINE real PW_R(pulse_relaxed)(real rest, real e) { return R(1.0) - (R(1.0) - rest) * e; }

/*
 * Unsaturable loss and two-photon absorption over a piece: dI/dz = -b I - c I^2. keep = e^-b z, two
 * = c (1 - e^-b z)/b over the slot, for f is a fluence.
 */
PULSE_INLINE real PW_R(pulse_dimmed)(real f, real keep, real two)
{
	return f * keep / (R(1.0) + f * two);
}

/* (1 - e^-b z)/b, z for b = 0; and its derivative by b. */
PW real PW_R(pulse_length)(real b, real z)
{
	real x = b * z;
	return x < R(1e-30) ? z : -R_LIB(expm1)(-x) / (x < R(1e-30) ? R(1.0) : b);
}
PW real PW_R(pulse_length_slope)(real b, real z)
{
	real x = b * z, by = x < R(0.02) ? R(1.0) : b;
	real series =
	    R(1.0) / R(2.0) -
	    x * (R(1.0) / R(3.0) -
	            x * (R(1.0) / R(8.0) -
	                    x * (R(1.0) / R(30.0) - x * (R(1.0) / R(144.0) - x / R(840.0)))));
	return x < R(0.02) ? -z * z * series : (z * R_LIB(exp)(-x) + R_LIB(expm1)(-x) / by) / by;
}

/*
 * The way back through pulse_absorb: dG(u, v)/du = exp(-G(v, u)), dG(u, v)/dv = expm1(-G(u, v)).
 * The medium's depth is h rest, so that what is kept of it is rest; more and less h also count.
 *
 * ea, eu: expm1 of minus depth and light behind, a' and u'; rp: rest there; rest: before. du, dr:
 * gradients behind, and then before; returns h's. Of thin cells d rp/dh = (e^-u' a - a')/h^2 is a
 * difference of nearly equal numbers: then by Taylor's series of its integral form
 * (1/h^2) int_0^a t g (1 - g) dt, g(a) = e^-u', from the end.
 */
PULSE_INLINE real PW_R(pulse_absorb_back)(
    real *du, real *dr, real ea, real eu, real rp, real rest, real h, real per_h)
{
	real a = h * rest, g = R(1.0) + eu, gg = -eu * g, odd = R(1.0) - R(2.0) * g;
	real series =
	    R(0.5) - a * (odd / R(6.0) - a * ((R(1.0) - R(6.0) * gg) / R(24.0) -
	                                         a * odd * (R(1.0) - R(12.0) * gg) / R(120.0)));
	real thin = rest * rest * gg * series, thick = (g * rest - rp) * per_h;
	real dh = rest * eu * *du + (a < (ONN_BITS == 32 ? R(0.1) : R(0.002)) ? thin : thick) * *dr;
	real light = (R(1.0) + ea) * *du + ea * per_h * *dr;
	*dr = g * *dr + h * eu * *du;
	*du = light;
	return dh;
}
