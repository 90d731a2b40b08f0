/*
 * Images with kernels as a product of matrices that are never made: c = a b, of a group of channels
 * each. A group of work items computes a square tile of c from tiles in local memory, a work item
 * WORK x WORK elements of it, EDGE apart. The host defines, for each kernel,
 *
 *   NAME              its name
 *   T, COMPLEX        the element type, and 1 where it is complex
 *   I                 a signed integer that counts all elements
 *   PART              the result: 0 y of x and w, 1 x of w and y, 2 w of x and y
 *   BATCH, CG, OG, GROUPS   images; channels and outputs of a group; groups
 *   IH, IW, KH, KW, OH, OW  sizes of x, w and y
 *   SY, SX, PY, PX, DY, DX  strides, padding, dilation
 *   PARTS             that the sum is cut into, each a matrix of its own
 *   EDGE, WORK, DEPTH a group is EDGE x EDGE work items; a tile is DEPTH deep
 */
#ifndef T
#include "../shared/all.h"
#define NAME    convolve
#define T       pw_f32
#define COMPLEX 0
#define I       int
#define PART    0
#define BATCH   2
#define CG      3
#define OG      4
#define GROUPS  1
#define IH      8
#define IW      8
#define KH      3
#define KW      3
#define OH      6
#define OW      6
#define SY      1
#define SX      1
#define PY      0
#define PX      0
#define DY      1
#define DX      1
#define PARTS   1
#define EDGE    16
#define WORK    4
#define DEPTH   16
#endif

#define TILE         (EDGE * WORK)
#define TAPS         ((I)KH * KW)
#define IMAGE        ((I)IH * IW)
#define RESULT       ((I)OH * OW)
#define JOIN(a)      JOIN_(NAME, a)
#define JOIN_(a, b)  JOIN__(a, b)
#define JOIN__(a, b) a##b
#if COMPLEX
#define MULTIPLY_ADD(s, p, q)                                                                      \
	((s) + (T)((p).x * (q).x - (p).y * (q).y, (p).x * (q).y + (p).y * (q).x))
#else
#define MULTIPLY_ADD(s, p, q) ((s) + (p) * (q))
#endif
#if PART == 0
#define ROWS    OG
#define COLUMNS (BATCH * RESULT)
#define SUM     (CG * TAPS)
#elif PART == 1
#define ROWS    CG
#define COLUMNS (BATCH * IMAGE)
#define SUM     (OG * TAPS)
#else
#define ROWS    OG
#define COLUMNS (CG * TAPS)
#define SUM     (BATCH * RESULT)
#endif

#if PART != 1
/* The pixel of a channel that a number of the kernel meets at a place of image n; 0 outside. */
static T JOIN(_pixel)(__global const T *x, I group, I n, I place, I channel, I tap)
{
	const I row = place / OW * SY + tap / KW * DY - PY;
	const I column = place % OW * SX + tap % KW * DX - PX;
	if (row < 0 || row >= IH || column < 0 || column >= IW)
		return (T)(0);
	return x[((n * GROUPS + group) * CG + channel) * IMAGE + row * IW + column];
}
#endif

/* Element (i, j) of a. */
static T JOIN(_a)(__global const T *a, I group, I i, I j)
{
#if PART == 0
	return a[(group * OG + i) * SUM + j];
#elif PART == 1
	return a[((group * OG + j / TAPS) * CG + i) * TAPS + j % TAPS];
#else
	return a[((j / RESULT * GROUPS + group) * OG + i) * RESULT + j % RESULT];
#endif
}

/* Element (j, i) of b. */
static T JOIN(_b)(__global const T *b, I group, I j, I i)
{
#if PART == 0
	return JOIN(_pixel)(b, group, i / RESULT, i % RESULT, j / TAPS, j % TAPS);
#elif PART == 1
	/* the result that meets the pixel by that number of the kernel, where there is one */
	const I pixel = i % IMAGE, tap = j % TAPS;
	const I row = pixel / IW + PY - tap / KW * DY;
	const I column = pixel % IW + PX - tap % KW * DX;
	if (row < 0 || row % SY || row / SY >= OH || column < 0 || column % SX || column / SX >= OW)
		return (T)(0);
	return b[((i / IMAGE * GROUPS + group) * OG + j / TAPS) * RESULT + row / SY * OW +
	         column / SX];
#else
	return JOIN(_pixel)(b, group, j / RESULT, j % RESULT, i / TAPS, i % TAPS);
#endif
}

/* Where element (i, j) of c is. */
static I JOIN(_c)(I group, I i, I j)
{
#if PART == 0
	return ((j / RESULT * GROUPS + group) * OG + i) * RESULT + j % RESULT;
#elif PART == 1
	return ((j / IMAGE * GROUPS + group) * CG + i) * IMAGE + j % IMAGE;
#else
	return (group * OG + i) * COLUMNS + j;
#endif
}

__attribute__((reqd_work_group_size(EDGE, EDGE, 1))) __kernel void NAME(__global const T *a,
    ulong a_offset, __global const T *b, ulong b_offset, __global T *c, ulong c_offset)
{
	/* one column more, so that work items side by side hit different banks */
	__local T at[DEPTH][TILE + 1], bt[DEPTH][TILE + 1];
	const uint x = (uint)get_local_id(0), y = (uint)get_local_id(1), me = y * EDGE + x;
	/* groups are counted along one axis: devices limit the others to some 65535 */
	const I across = (COLUMNS + TILE - 1) / TILE, down = (ROWS + TILE - 1) / TILE;
	const I item = (I)get_group_id(0);
	const I column = item % across * TILE, row = item / across % down * TILE;
	const I group = item / across / down % GROUPS, part = item / across / down / GROUPS;
	const I share = (SUM + PARTS - 1) / PARTS;
	const I first = part * share, last = first + share < SUM ? first + share : SUM;
	T sum[WORK][WORK];

	a += a_offset;
	b += b_offset;
	c += c_offset + (ulong)part * (GROUPS * ROWS * COLUMNS);
	for (uint u = 0; u < WORK; u++)
		for (uint v = 0; v < WORK; v++)
			sum[u][v] = (T)(0);
	for (I k = first; k < last; k += DEPTH) {
		for (uint e = me; e < TILE * DEPTH; e += EDGE * EDGE) {
			/* neighbours read side by side */
#if PART == 1
			const I i = e % TILE, j = e / TILE;
#else
			const I i = e / DEPTH, j = e % DEPTH;
#endif
			T value = (T)(0);
			if (row + i < ROWS && k + j < last)
				value = JOIN(_a)(a, group, row + i, k + j);
			at[j][i] = value;
		}
		for (uint e = me; e < TILE * DEPTH; e += EDGE * EDGE) {
#if PART == 2
			const I i = e / DEPTH, j = e % DEPTH;
#else
			const I i = e % TILE, j = e / TILE;
#endif
			T value = (T)(0);
			if (column + i < COLUMNS && k + j < last)
				value = JOIN(_b)(b, group, k + j, column + i);
			bt[j][i] = value;
		}
		barrier(CLK_LOCAL_MEM_FENCE);
		for (uint j = 0; j < DEPTH; j++)
			for (uint u = 0; u < WORK; u++)
				for (uint v = 0; v < WORK; v++)
					sum[u][v] = MULTIPLY_ADD(
					    sum[u][v], at[j][y + u * EDGE], bt[j][x + v * EDGE]);
		barrier(CLK_LOCAL_MEM_FENCE);
	}
	for (uint u = 0; u < WORK; u++)
		for (uint v = 0; v < WORK; v++) {
			const I i = row + y + u * EDGE, j = column + x + v * EDGE;
			if (i < ROWS && j < COLUMNS)
				c[JOIN(_c)(group, i, j)] = sum[u][v];
		}
}

#if PARTS > 1
/* Adds the parts up in their order. */
__kernel void JOIN(_sum)(
    __global const T *part, ulong part_offset, __global T *c, ulong c_offset, ulong count)
{
	const ulong i = get_global_id(0);
	if (i >= count)
		return;
	part += part_offset + i;
	T sum = part[0];
	for (uint p = 1; p < PARTS; p++)
		sum += part[p * count];
	c[c_offset + i] = sum;
}
#endif

#undef TILE
#undef TAPS
#undef IMAGE
#undef RESULT
#undef JOIN
#undef JOIN_
#undef JOIN__
#undef MULTIPLY_ADD
#undef ROWS
#undef COLUMNS
#undef SUM
