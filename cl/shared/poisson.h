/*
 * Poisson's distribution in whole numbers, read by C11 and by OpenCL C: every decision is made on
 * integers, so that a mean gives the same count on every device and in every precision.
 *
 * Means below 16: the inverse distribution function, by summing probabilities of 64 bits that are
 * right to 1e-10 of themselves. From 16 on: the floor of the normal approximation with the terms
 * down to 1/m that turn it into that inverse,
 *     x = m + sqrt(m) z + 1/3 + z^2/6 - (z/36 + z^3/72)/sqrt(m) + (-8/405 + 7 z^2/810 + z^4/270)/m,
 * with z normal by Box and Muller's transform of two words. The distribution then differs from
 * Poisson's by 5e-5 in all (total variation) at m = 16, 1.3e-9 at 3000: as m^(-3/2) or faster.
 *
 * Cornish and Fisher's expansion; M. B. Giles, "Algorithm 955", ACM Trans. Math. Softw. 42, 7
 * (2016).
 */
#ifndef ONN_CL_SHARED_POISSON_H
#define ONN_CL_SHARED_POISSON_H

#include "philox.h"

#ifdef __OPENCL_VERSION__
typedef long pw_i64;
#define PW_TABLE __constant
#else
#include <math.h>
typedef int64_t pw_i64;
#define PW_TABLE static const
#endif

/* a b / 2^64 */
PW_PHILOX pw_u64 pw_high_product(pw_u64 a, pw_u64 b)
{
#ifdef __OPENCL_VERSION__
	return mul_hi(a, b);
#elif defined(__SIZEOF_INT128__)
	__extension__ typedef unsigned __int128 wide;
	return (pw_u64)((wide)a * b >> 64);
#else
	pw_u64 a0 = (pw_u32)a, a1 = a >> 32, b0 = (pw_u32)b, b1 = b >> 32;
	pw_u64 cross = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (pw_u32)cross;
	return a1 * b1 + (cross >> 32) + (other >> 32);
#endif
}

enum { PW_POISSON_MOST = 63 }; /* a mean of 16 passes it once in 10^17 draws */

/* 2^64/k for k = 1 ... 63 */
PW_TABLE pw_u64 pw_inverse[PW_POISSON_MOST] = {0xffffffffffffffff, 0x8000000000000000,
    0x5555555555555555, 0x4000000000000000, 0x3333333333333333, 0x2aaaaaaaaaaaaaab,
    0x2492492492492492, 0x2000000000000000, 0x1c71c71c71c71c72, 0x199999999999999a,
    0x1745d1745d1745d1, 0x1555555555555555, 0x13b13b13b13b13b1, 0x1249249249249249,
    0x1111111111111111, 0x1000000000000000, 0x0f0f0f0f0f0f0f0f, 0x0e38e38e38e38e39,
    0x0d79435e50d79436, 0x0ccccccccccccccd, 0x0c30c30c30c30c31, 0x0ba2e8ba2e8ba2e9,
    0x0b21642c8590b216, 0x0aaaaaaaaaaaaaab, 0x0a3d70a3d70a3d71, 0x09d89d89d89d89d9,
    0x097b425ed097b426, 0x0924924924924925, 0x08d3dcb08d3dcb09, 0x0888888888888889,
    0x0842108421084211, 0x0800000000000000, 0x07c1f07c1f07c1f0, 0x0787878787878788,
    0x0750750750750750, 0x071c71c71c71c71c, 0x06eb3e45306eb3e4, 0x06bca1af286bca1b,
    0x0690690690690690, 0x0666666666666666, 0x063e7063e7063e70, 0x0618618618618618,
    0x05f417d05f417d06, 0x05d1745d1745d174, 0x05b05b05b05b05b0, 0x0590b21642c8590b,
    0x0572620ae4c415ca, 0x0555555555555555, 0x05397829cbc14e5e, 0x051eb851eb851eb8,
    0x0505050505050505, 0x04ec4ec4ec4ec4ec, 0x04d4873ecade304d, 0x04bda12f684bda13,
    0x04a7904a7904a790, 0x0492492492492492, 0x047dc11f7047dc12, 0x0469ee58469ee584,
    0x0456c797dd49c341, 0x0444444444444444, 0x04325c53ef368eb0, 0x0421084210842108,
    0x0410410410410410};

/* exp(-mean) in units of 2^-64, mean in units of 2^-32 and below 16: the series of a quarter of the
 * fraction, its fourth power, and a factor 1/e for each whole part. */
PW_PHILOX pw_u64 pw_poisson_none(pw_u64 mean)
{
	const pw_u64 one = ~(pw_u64)0;
	pw_u64 quarter = (mean << 32) >> 2, p = one;
	for (pw_u32 k = 13; k > 0; k--)
		p = one - pw_high_product(pw_high_product(quarter, p), pw_inverse[k - 1]);
	p = pw_high_product(p, p);
	p = pw_high_product(p, p);
	for (pw_u32 k = (pw_u32)(mean >> 32); k > 0; k--)
		p = pw_high_product(p, 0x5e2d58d8b3bcdf1b);
	return p;
}

/* p(k) = p(k-1) mean/k, divided first, so that it stays below 1; 4 bits of the mean are whole. */
PW_PHILOX pw_u32 pw_poisson_small(pw_u64 mean, pw_u64 u)
{
	pw_u64 p = pw_poisson_none(mean);
	pw_u32 count = 0;
	while (u >= p && p > 0 && count < PW_POISSON_MOST) {
		u -= p;
		p = pw_high_product(pw_high_product(p, pw_inverse[count]), mean << 28) << 4;
		count++;
	}
	return count;
}

/* floor(sqrt(n)), n < 2^63: a float's root to 2^-22, one of Newton's steps, then by comparison. */
PW_PHILOX pw_u64 pw_root(pw_u64 n)
{
#ifdef __OPENCL_VERSION__
	pw_u64 r = (pw_u64)sqrt((float)n);
#else
	pw_u64 r = (pw_u64)sqrtf((float)n);
#endif
	if (n == 0)
		return 0;
	r = r ? (r + n / r) / 2 : 1;
	while (r * r > n)
		r--;
	while ((r + 1) * (r + 1) <= n)
		r++;
	return r;
}

/* -2 log(u) for u = (2 word + 1)/2^33, in units of 2^-26: u = v/2^s with v in [1/2, 1) and
 * -log v = 2 artanh(q), q = (1-v)/(1+v) <= 1/3, by its series to q^17. */
PW_PHILOX pw_u64 pw_minus_2_log(pw_u32 word)
{
	const pw_u64 top = (pw_u64)1 << 33;
	pw_u64 v = 2 * (pw_u64)word + 1;
	pw_u32 shift = 0;
	for (pw_u32 step = 32; step > 0; step /= 2)
		if (v < top >> step) {
			v <<= step;
			shift += step;
		}
	pw_u64 q = ((top - v) << 30) / (top + v), q2 = q * q >> 30, sum = 0;
	for (int k = 17; k > 0; k -= 2)
		sum = ((pw_u64)1 << 30) / (pw_u32)k + (sum * q2 >> 30);
	return (4 * (q * sum >> 30) + shift * (pw_u64)1488522236) >> 4;
}

/* |cos(2 pi word/2^32)| in units of 2^-30, by cos's series in the square of the part of a quarter
 * turn. */
PW_PHILOX pw_u64 pw_cosine(pw_u32 word)
{
	pw_i64 part = word & 0x3fffffff;
	if (word >> 30 & 1)
		part = 0x40000000 - part;
	pw_i64 a = part * part >> 30, c = 7;
	c = 506 - (c * a >> 30);
	c = 27060 - (c * a >> 30);
	c = 987048 - (c * a >> 30);
	c = 22401992 - (c * a >> 30);
	c = 272375560 - (c * a >> 30);
	c = 1324675879 - (c * a >> 30);
	c = 1073741824 - (c * a >> 30);
	return c > 0 ? (pw_u64)c : 0;
}

/* z^2 in units of 2^-26; z is below 0 in the second and third quarter. */
PW_PHILOX pw_u64 pw_normal_square(pw_u32x4 words)
{
	pw_u64 c = pw_cosine(words.y);
	return pw_minus_2_log(words.x) * (c * c >> 30) >> 30;
}
PW_PHILOX int pw_normal_below_0(pw_u32x4 words) { return ((words.y >> 30) + 1) >> 1 & 1; }

PW_PHILOX pw_u32 pw_poisson_large(pw_u64 mean, pw_u32x4 words)
{
	pw_u64 z2 = pw_normal_square(words);
	/* s = sqrt(z^2 mean): of the mean its first 30 or 31 bits, without an even number of
	 * others */
	pw_u32 off = 0;
	for (pw_u32 step = 32; step > 1; step /= 2)
		if (mean >> off >> step >> 29)
			off += step;
	/* from here on in units of 2^-32; bits go before products that would not fit */
	pw_u64 s = pw_root(z2 * (mean >> off)) << (off / 2 + 3);
	pw_u64 inverse = ((pw_u64)1 << 63) / (mean >> 1), w = z2 << 6;
	pw_u64 third = ((s >> 16) * inverse >> 16) * ((119304647 + w / 72) >> 12) >> 20;
	pw_u64 last = ((w / 810 * 7 + (w >> 14) * (w >> 18) / 270) >> 8) * inverse >> 24;
	pw_u64 less = (pw_u64)(84838860 >> 8) * inverse >> 24;
	pw_i64 x = (pw_i64)(mean + 1431655765 + w / 6 + last - less);
	pw_i64 odd = (pw_i64)s - (pw_i64)third;
	x += pw_normal_below_0(words) ? -odd : odd;
	return x < 0 ? 0 : (pw_u32)((pw_u64)x >> 32);
}

/* mean in units of 2^-32, up to 2^62, that is 2^30 counts */
PW_PHILOX pw_u32 pw_poisson(pw_u64 mean, pw_u32x4 words)
{
	if (mean == 0)
		return 0;
	if (mean >> 36)
		return pw_poisson_large(mean, words);
	return pw_poisson_small(mean, ((pw_u64)words.x << 32) | words.y);
}

#endif
