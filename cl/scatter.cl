/*
 * Groups' work of scatter_add: out = 0; out[index[i], j] += updates[i, j], i ascending. Sums come
 * in one order, and nothing is atomic. The host defines what cl/index.cl says, which stands before,
 * and DIGITS, how many values a digit has.
 *
 * Few updates: a work item walks through all indices. Many: positions of updates are sorted by
 * their rows, digit by digit from the lowest, and equal ones keep their order; an element of the
 * result then sums what is its row's. A digit is three launches: count how often each of its values
 * comes in each part of the list, add these numbers up, move the positions. In the scratch memory
 * stand two lists of positions, the first and the end of each row's in the last of them, and a
 * table [values of a digit, parts].
 */
#ifndef T
#include "index.cl"
#define DIGITS 64u
#endif

/* A work item owns column j of `block` rows. */
static void NAME(scatter_walk)(__global const int *index, ulong index_offset,
    __global const T *updates, ulong updates_offset, __global T *out, ulong out_offset,
    int is_unsigned, ulong rows, ulong count, ulong row, ulong block, ulong total, const uint group)
{
	const I item = (I)group * GROUP + (I)get_local_id(0);
	if (item >= (I)total)
		return;
	const I j = item % (I)row;
	const I first = item / (I)row * (I)block;
	const I last = first + (I)block < (I)rows ? first + (I)block : (I)rows;
	index += index_offset;
	updates += updates_offset + j;
	out += out_offset + j;
	for (I r = first; r < last; r++)
		out[(ulong)r * row] = (T)(0);
	for (I i = 0; i < (I)count; i++) {
		const I r = NAME(nearest)(index[i], is_unsigned, (I)rows);
		if (r >= first && r < last)
			out[(ulong)r * row] += updates[(ulong)i * row];
	}
}

/* The digit of an update's row. */
static uint NAME(scatter_digit)(
    __global const int *index, int is_unsigned, uint rows, uint i, uint shift)
{
	return (uint)NAME(nearest)(index[i], is_unsigned, (I)rows) >> shift & (DIGITS - 1);
}

/* How often each digit comes in a part of `length` positions: a work item for each part. from: the
 * list of positions; of the first digit, where they are 0, 1, 2 ..., rows are made empty, too. */
static void NAME(scatter_count)(__global const int *index, ulong index_offset,
    __global uint *scratch, ulong base, ulong table, ulong from, ulong first_of_row,
    int is_unsigned, uint rows, uint count, uint shift, uint parts, uint length, const uint group)
{
	const uint part = group * GROUP + (uint)get_local_id(0);
	if (part >= parts)
		return;
	const uint first = part * length, last = min(first + length, count);
	index += index_offset;
	scratch += base;
	for (ulong r = part; shift == 0 && r < 2 * (ulong)rows; r += parts)
		scratch[first_of_row + r] = 0;
	for (uint d = 0; d < DIGITS; d++)
		scratch[table + d * parts + part] = 0;
	for (uint e = first; e < last; e++) {
		const uint i = shift == 0 ? e : scratch[from + e];
		const uint d = NAME(scatter_digit)(index, is_unsigned, rows, i, shift);
		scratch[table + d * parts + part]++;
	}
}

/* Each of n numbers becomes the sum of those before it: one group. */
static void NAME(scatter_starts)(
    __global uint *scratch, ulong base, ulong table, uint n, __local uint *sum, const uint group)
{
	const uint me = (uint)get_local_id(0), each = (n + GROUP - 1) / GROUP;
	const uint first = min(me * each, n), last = min(first + each, n);
	uint total = 0;
	scratch += base + table;
	for (uint i = first; i < last; i++)
		total += scratch[i];
	sum[me] = total;
	for (uint step = 1; step < GROUP; step *= 2) {
		barrier(CLK_LOCAL_MEM_FENCE);
		const uint before = me >= step ? sum[me - step] : 0;
		barrier(CLK_LOCAL_MEM_FENCE);
		sum[me] += before;
	}
	uint at = sum[me] - total;
	for (uint i = first; i < last; i++) {
		const uint here = scratch[i];
		scratch[i] = at;
		at += here;
	}
	(void)group;
}

/* Positions by that digit, from one list to the other. */
static void NAME(scatter_move)(__global const int *index, ulong index_offset,
    __global uint *scratch, ulong base, ulong table, ulong from, ulong to, int is_unsigned,
    uint rows, uint count, uint shift, uint parts, uint length, const uint group)
{
	const uint part = group * GROUP + (uint)get_local_id(0);
	if (part >= parts)
		return;
	const uint first = part * length, last = min(first + length, count);
	index += index_offset;
	scratch += base;
	for (uint e = first; e < last; e++) {
		const uint i = shift == 0 ? e : scratch[from + e];
		const uint d = NAME(scatter_digit)(index, is_unsigned, rows, i, shift);
		scratch[to + scratch[table + d * parts + part]++] = i;
	}
}

/* Where each row's updates begin and end in the list: a work item for each update. */
static void NAME(scatter_rows)(__global const int *index, ulong index_offset,
    __global uint *scratch, ulong base, ulong first_of_row, ulong order, int is_unsigned, uint rows,
    uint count, const uint group)
{
	const uint e = group * GROUP + (uint)get_local_id(0);
	if (e >= count)
		return;
	index += index_offset;
	scratch += base;
	__global const uint *list = scratch + order;
	const I r = NAME(nearest)(index[list[e]], is_unsigned, (I)rows);
	if (e == 0 || NAME(nearest)(index[list[e - 1]], is_unsigned, (I)rows) != r)
		scratch[first_of_row + r] = e;
	if (e + 1 == count || NAME(nearest)(index[list[e + 1]], is_unsigned, (I)rows) != r)
		scratch[first_of_row + rows + r] = e + 1;
}

/* out[r, j]: a work item for each. */
static void NAME(scatter_sum)(__global const T *updates, ulong updates_offset, __global T *out,
    ulong out_offset, __global const uint *scratch, ulong base, ulong first_of_row, ulong order,
    uint rows, ulong row, ulong total, const uint group)
{
	const I item = (I)group * GROUP + (I)get_local_id(0);
	if (item >= (I)total)
		return;
	const I r = item / (I)row;
	scratch += base;
	const uint last = scratch[first_of_row + rows + r];
	updates += updates_offset + (item - r * (I)row);
	T sum = (T)(0);
	for (uint e = scratch[first_of_row + r]; e < last; e++)
		sum += updates[scratch[order + e] * row];
	out[out_offset + item] = sum;
}
