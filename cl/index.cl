/*
 * Groups' work that finds or follows an index: take and argmax; scatter_add is scatter.cl's. The
 * host defines, for each type,
 *
 *   T        the element type
 *   NAME(x)  the name of function x for that type
 *   I        uint, or ulong where 32 bits cannot count the elements
 *   GROUP    work items of a group
 */
#ifndef T
#include "shared/all.h"
#define T       pw_f32
#define NAME(x) x##_f32
#define I       uint
#define GROUP   256
#endif

/* The row that an index names; one outside counts as the nearest inside. rows > 0. */
static I NAME(nearest)(int index, int is_unsigned, I rows)
{
	if (is_unsigned)
		return (uint)index < rows ? (uint)index : rows - 1;
	return index < 0 ? 0 : ((I)index < rows ? (I)index : rows - 1);
}

/* Element e of x[index[i], j]; rows of x are stride elements apart. */
static T NAME(taken)(__global const T *x, __global const int *index, long stride, int is_unsigned,
    ulong rows, ulong row, const I e)
{
	const I line = e / (I)row;
	const I from = NAME(nearest)(index[line], is_unsigned, (I)rows);
	return x[(long)from * stride + (long)(e - line * (I)row)];
}

/* out[i, j] = x[index[i], j] */
static void NAME(take)(__global const T *x, ulong x_offset, __global const int *index,
    ulong index_offset, __global T *out, ulong out_offset, long stride, int is_unsigned, ulong rows,
    ulong row, ulong total, const uint group)
{
	const I i = (I)group * GROUP + (I)get_local_id(0);
	if (i < (I)total)
		out[out_offset + i] = NAME(taken)(
		    x + x_offset, index + index_offset, stride, is_unsigned, rows, row, i);
}

#ifndef NO_ARGMAX
/* Whether b at j comes before a at i: larger, or the first of equals. NaN is the largest. */
static int NAME(before)(T a, uint i, T b, uint j)
{
	const int a_nan = a != a, b_nan = b != b;
	if (a_nan || b_nan)
		return b_nan && (!a_nan || j < i);
	return b > a || (b == a && j < i);
}

/* out[o, i] = argmax over n of x[o, n, i]: a work item for each. */
static void NAME(argmax)(__global const T *x, ulong x_offset, __global int *out, ulong out_offset,
    ulong n, ulong inner, ulong total, const uint group)
{
	const I item = (I)group * GROUP + (I)get_local_id(0);
	if (item >= (I)total)
		return;
	const I o = item / (I)inner;
	x += x_offset + (ulong)o * n * inner + (item - o * (I)inner);
	T best = x[0];
	uint at = 0;
	for (uint j = 1; j < (uint)n; j++) {
		const T v = x[(ulong)j * inner];
		if (NAME(before)(best, at, v, j)) {
			best = v;
			at = j;
		}
	}
	out[out_offset + item] = (int)at;
}

/* The same for few long rows: a group for each. value: room for GROUP numbers and as
 * many places, GROUP rounded up to a multiple of 4. */
static void NAME(argmax_long)(__global const T *x, ulong x_offset, __global int *out,
    ulong out_offset, ulong n, ulong inner, __local T *value, const uint group)
{
	__local uint *place = (__local uint *)(value + (GROUP + 3) / 4 * 4);
	const uint me = (uint)get_local_id(0);
	const I item = (I)group;
	const I o = item / (I)inner;
	x += x_offset + (ulong)o * n * inner + (item - o * (I)inner);
	uint at = me < (uint)n ? me : 0;
	T best = x[(ulong)at * inner];
	for (uint j = me + GROUP; j < (uint)n; j += GROUP) {
		const T v = x[(ulong)j * inner];
		if (NAME(before)(best, at, v, j)) {
			best = v;
			at = j;
		}
	}
	value[me] = best;
	place[me] = at;
	for (uint half_size = GROUP / 2; half_size > 0; half_size /= 2) {
		barrier(CLK_LOCAL_MEM_FENCE);
		if (me < half_size && NAME(before)(value[me], place[me], value[me + half_size],
		                          place[me + half_size])) {
			value[me] = value[me + half_size];
			place[me] = place[me + half_size];
		}
	}
	if (me == 0)
		out[out_offset + item] = (int)place[0];
}
#endif
