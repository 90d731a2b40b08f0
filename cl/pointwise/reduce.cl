/*
 * Sums and maxima with a fused prologue, as the work of a group. The host defines, for each,
 *   NAME             its function's name
 *   T                the type that is reduced
 *   COMBINE(a, b)    a + b or the larger
 *   IDENTITY         0 or the smallest value
 *   I                uint, or ulong where 32 bits cannot count the elements
 *   PARAMETERS       the prologue's inputs, offsets and numbers, each followed by a comma
 *   ELEMENT(o, r)    the prologue's value for element r of result o
 *   PLACE(o)         where result o goes, from the output's offset on
 *   STORED           0: nobody reads it there
 *   ALSO(i)          what else is done with result i, which is `given`
 *   ALSO_PARAMETERS  what that needs, each followed by a comma
 *   OUTER, LENGTH    results, and elements of each
 *   SEGMENTS, SEGMENT  parts that LENGTH is cut into, and the elements of a part
 *   GROUP            work items of a group that add; there may be more
 *   CHUNK            the elements that an item adds to each other before it adds their sum to
 *                    others: three levels of as many do for all that it adds
 *   ITEMS            1: a work item for each result; 0: a group for each part of each result
 * Which element is added when depends on these numbers alone, so that sums repeat to the bit.
 */
#ifndef T
#include "../shared/all.h"
#define NAME          reduce
#define T             pw_f32
#define COMBINE(a, b) ((a) + (b))
#define IDENTITY      0
#define I             uint
#define PARAMETERS    __global const float *x,
#define ELEMENT(o, r) x[(o)*100 + (r)]
#define PLACE(o)      (o)
#define STORED        1
#define ALSO(i)
#define ALSO_PARAMETERS
#define OUTER    10
#define LENGTH   100
#define SEGMENTS 1
#define SEGMENT  100
#define GROUP    64
#define CHUNK    16
#define ITEMS    0
#endif

/*
 * Adds what an item adds to TOTAL: elements FROM, FROM + STEP, ... below END of result o. In three
 * levels, since equal numbers are rounded the same way again and again, and the error of one long
 * sum grows with its length.
 */
#define ADD_RUN(TOTAL, FROM, END, STEP)                                                            \
	for (I i = (FROM); i < (END); i += CHUNK * CHUNK * (STEP)) {                               \
		const I i_end =                                                                    \
		    (END)-i < CHUNK * CHUNK * (STEP) ? (END) : i + CHUNK * CHUNK * (STEP);         \
		T outer = IDENTITY;                                                                \
		for (I j = i; j < i_end; j += CHUNK * (STEP)) {                                    \
			const I j_end = i_end - j < CHUNK * (STEP) ? i_end : j + CHUNK * (STEP);   \
			T inner = IDENTITY;                                                        \
			for (I r = j; r < j_end; r += (STEP))                                      \
				inner = COMBINE(inner, ELEMENT(o, r));                             \
			outer = COMBINE(outer, inner);                                             \
		}                                                                                  \
		TOTAL = COMBINE(TOTAL, outer);                                                     \
	}

#if STORED
#define STORE(o) out[out_offset + PLACE(o)] = given;
#else
#define STORE(o)
#endif

#if ITEMS
static void NAME(PARAMETERS __global T *out, ulong out_offset, ALSO_PARAMETERS const uint group)
{
	const I o = (I)group * GROUP + (I)get_local_id(0);
	if (get_local_id(0) >= GROUP || o >= OUTER)
		return;
	T given = IDENTITY;
	ADD_RUN(given, 0, LENGTH, 1)
	STORE(o)
	ALSO(o)
}
#else
/* part: room for GROUP numbers */
static void NAME(
    PARAMETERS __global T *out, ulong out_offset, ALSO_PARAMETERS __local T *part, const uint group)
{
	const uint me = (uint)get_local_id(0);
	const I o = (I)group / SEGMENTS;
	const I start = (I)group % SEGMENTS * SEGMENT;
	const I end = start + SEGMENT < LENGTH ? start + SEGMENT : LENGTH;
	if (me < GROUP) {
		T mine = IDENTITY;
		ADD_RUN(mine, start + me, end, GROUP)
		part[me] = mine;
	}
	for (uint half_size = GROUP / 2; half_size > 0; half_size /= 2) {
		barrier(CLK_LOCAL_MEM_FENCE);
		if (me < half_size)
			part[me] = COMBINE(part[me], part[me + half_size]);
	}
	if (me == 0) {
		const T given = part[0];
		STORE((I)group)
		ALSO((I)group)
	}
}
#endif

#undef ADD_RUN
#undef STORE
