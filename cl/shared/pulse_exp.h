/*
 * exp, expm1 and log1p where pulses need them, in line: a vector function of the library would take
 * all registers, and what a cell holds would go to memory and back around it. Read once for each
 * precision, as pulse.h, which includes it.
 */

#ifdef __OPENCL_VERSION__
#if ONN_BITS == 32
PULSE_INLINE pw_f32 PW_R(pulse_of_bits)(uint bits) { return as_float(bits); }
PULSE_INLINE uint PW_R(pulse_bits)(pw_f32 x) { return as_uint(x); }
#else
PULSE_INLINE pw_f64 PW_R(pulse_of_bits)(ulong bits) { return as_double(bits); }
PULSE_INLINE ulong PW_R(pulse_bits)(pw_f64 x) { return as_ulong(x); }
#endif
#else
#if ONN_BITS == 32
#define PULSE_WORD uint32_t
#else
#define PULSE_WORD uint64_t
#endif
typedef union PW_R(pulse_word) {
	real number;
	PULSE_WORD bits;
} PW_R(pulse_word);
PULSE_INLINE real PW_R(pulse_of_bits)(PULSE_WORD bits)
{
	return (PW_R(pulse_word)){.bits = bits}.number;
}
PULSE_INLINE PULSE_WORD PW_R(pulse_bits)(real x) { return (PW_R(pulse_word)){.number = x}.bits; }
#undef PULSE_WORD
#endif

/*
 * e^r - 1 = r + r^2 q(r) for |r| <= (ln 2)/2. q is the polynomial whose largest error there is the
 * least: 1.3e-8 and 1.8e-17 of r.
 */
PULSE_INLINE real PW_R(pulse_more)(real r)
{
#if ONN_BITS == 32
	const real q =
	    0.500000006f +
	    r * (0.166665429f + r * (0.0416662818f + r * (0.00836659806f + r * 0.00139464734f)));
#else
	const real rr = r * r, r4 = rr * rr;
	const real q = (0.50000000000000055 + r * 0.16666666666666686 +
	                   rr * (0.041666666666573805 + r * 0.0083333333333146001)) +
	               r4 * ((0.0013888888932359968 + r * 1.9841269903040142e-4 +
	                         rr * (2.4801504437409026e-5 + r * 2.7557227924347705e-6)) +
	                        r4 * (2.7626338914354381e-7 + r * 2.5114488158813572e-8));
#endif
	return r + r * r * q;
}

/*
 * e^x = scale (1 + more): x = n ln 2 + r, scale = 2^n, more = e^r - 1; for x up to 88 (709). Below
 * the least x whose scale is a normal number it is that number; NaN stays.
 *
 * x/ln 2 is rounded by adding 1.5 2^23 (2^52), which leaves n in the last digits.
 */
PULSE_INLINE void PW_R(pulse_split)(real *scale, real *more, real x)
{
#if ONN_BITS == 32
	x = x < -87.0f ? -87.0f : x;
	const real sum = x * 1.44269504f + 12582912.0f, n = sum - 12582912.0f;
	const real r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
	*scale = PW_R(pulse_of_bits)((PW_R(pulse_bits)(sum) << 23) + 0x3f800000u);
#else
	x = x < -708.0 ? -708.0 : x;
	const real sum = x * 1.4426950408889634 + 6755399441055744.0;
	const real n = sum - 6755399441055744.0;
	const real r = (x - n * 6.93147180369123816490e-1) - n * 1.90821492927058770002e-10;
	*scale = PW_R(pulse_of_bits)((PW_R(pulse_bits)(sum) << 52) + 0x3ff0000000000000u);
#endif
	*more = PW_R(pulse_more)(r);
}

PULSE_INLINE real PW_R(pulse_exp)(real x)
{
	real scale, more;
	PW_R(pulse_split)(&scale, &more, x);
	return scale + scale * more;
}

PULSE_INLINE real PW_R(pulse_expm1)(real x)
{
	real scale, more;
	PW_R(pulse_split)(&scale, &more, x);
	return scale * more + (scale - R(1.0));
}

/*
 * ln(1 + y) for 0 <= y <= 1: 2 artanh z, z = y/(2 + y) <= 1/3, artanh z = z + z^3 s(z^2) with the
 * least largest error: 5e-9 and 5e-17 of it.
 */
PULSE_INLINE real PW_R(pulse_log1p)(real y)
{
	const real z = y / (R(2.0) + y), w = z * z;
#if ONN_BITS == 32
	const real s = 0.333332130f + w * (0.200105489f + w * (0.140037912f + w * 0.139937813f));
#else
	const real ww = w * w, w4 = ww * ww;
	const real s = (0.33333333333337486 + w * 0.19999999998336344 +
	                   ww * (0.14285714502760901 + w * 0.11111097567625705)) +
	               w4 * ((0.090913800814458449 + w * 0.076825346119560785 +
	                         ww * (0.067898922582621660 + w * 0.049663778827723884)) +
	                        w4 * 0.088411193987799402);
#endif
	return R(2.0) * (z + z * w * s);
}

/* 2 artanh z for |z| <= 0.172, in the same way: 8e-10 and 1e-18. */
PULSE_INLINE real PW_R(pulse_artanh2)(real z)
{
	const real w = z * z;
#if ONN_BITS == 32
	const real s = 0.333333885f + w * (0.199886993f + w * 0.149383205f);
#else
	const real ww = w * w;
	const real s = (0.33333333333333664 + w * 0.19999999999708737) +
	               ww * ((0.14285714371476723 + w * 0.11111099211341275) +
	                        ww * (0.090917880335746403 + w * 0.076568322686682403 +
	                                 ww * 0.074002831796783127));
#endif
	return R(2.0) * (z + z * w * s);
}
