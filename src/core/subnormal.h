/*
 * Numbers below the normal range, each of which takes some processors a hundred cycles or more.
 */
#ifndef ONN_SRC_CORE_SUBNORMAL_H
#define ONN_SRC_CORE_SUBNORMAL_H

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/*
 * From here on they count as 0 in this thread's arithmetic, where the processor can do that and we
 * know how; the way it was comes back with onn_subnormals_restore.
 */
static inline unsigned onn_subnormals_to_zero(void)
{
#if defined(__x86_64__)
	const unsigned results = 1u << 15, operands = 1u << 6;
	unsigned before = _mm_getcsr();
	_mm_setcsr(before | results | operands);
	return before;
#else
	return 0;
#endif
}

static inline void onn_subnormals_restore(unsigned before)
{
#if defined(__x86_64__)
	const unsigned both = 1u << 15 | 1u << 6;
	_mm_setcsr((_mm_getcsr() & ~both) | (before & both));
#else
	(void)before;
#endif
}

#endif
