/*
 * Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011. Read by C11 and by OpenCL C: a number depends on the seed,
 * the step, the stream and the element alone, so that every device and every thread count draws the
 * same.
 */
#ifndef ONN_CL_SHARED_PHILOX_H
#define ONN_CL_SHARED_PHILOX_H

#ifdef __OPENCL_VERSION__
typedef uint pw_u32;
typedef ulong pw_u64;
#define PW_PHILOX
#else
#include <stdint.h>
typedef uint32_t pw_u32;
typedef uint64_t pw_u64;
#define PW_PHILOX static inline
#endif

typedef struct pw_u32x4 {
	pw_u32 x, y, z, w;
} pw_u32x4;

/* Ten rounds; two keys that grow by Weyl constants, two 32 x 32 bit products a round. */
PW_PHILOX pw_u32x4 pw_philox(pw_u32 k0, pw_u32 k1, pw_u32 c0, pw_u32 c1, pw_u32 c2, pw_u32 c3)
{
	for (int round = 0; round < 10; round++) {
		pw_u64 p0 = (pw_u64)0xD2511F53u * c0;
		pw_u64 p1 = (pw_u64)0xCD9E8D57u * c2;
		c0 = (pw_u32)(p1 >> 32) ^ c1 ^ k0;
		c1 = (pw_u32)p1;
		c2 = (pw_u32)(p0 >> 32) ^ c3 ^ k1;
		c3 = (pw_u32)p0;
		k0 += 0x9E3779B9u;
		k1 += 0xBB67AE85u;
	}
	pw_u32x4 out = {c0, c1, c2, c3};
	return out;
}

/* The words that onn draws for an element: key = seed, counter = (element, stream, step, 0). */
PW_PHILOX pw_u32x4 pw_random_words(
    pw_u32 seed_low, pw_u32 seed_high, pw_u32 element, pw_u32 stream, pw_u32 step)
{
	return pw_philox(seed_low, seed_high, element, stream, step, 0);
}

/* Uniform in [0, 1) from 24 bits: every value is an f32, and 1 is not reached. */
PW_PHILOX float pw_uniform_f32(pw_u32x4 words) { return (float)(words.x >> 8) * 0x1p-24f; }

#if !defined(__OPENCL_VERSION__) || ONN_FP64
/* Uniform in [0, 1) from 53 bits. */
PW_PHILOX double pw_uniform_f64(pw_u32x4 words)
{
	pw_u64 bits = ((pw_u64)words.x << 21) | (words.y >> 11);
	return (double)bits * 0x1p-53;
}
#endif

#endif
