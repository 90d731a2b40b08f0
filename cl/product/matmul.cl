/*
 * c[batch] = op(a[batch]) op(b[batch]), c dense. A group computes a square tile of c from tiles in
 * `room` in local memory; an item WORK x WORK elements of it, EDGE apart. The host defines, for
 * each such work,
 *
 *   NAME                its name
 *   T, COMPLEX          the element type, and 1 where it is complex
 *   A_T, A_C, B_T, B_C  1 where an operand is transposed, conjugated
 *   A_BATCH(i), B_BATCH(i)  where matrix i of an operand starts, in elements
 *   EDGE, WORK, DEPTH   a group is EDGE x EDGE work items; a tile is DEPTH deep
 *   LANES, V            numbers in one V, a vector of T, where one item is all of a group on a
 *                       processor; else 1
 *   PARTS, BATCHES      where PARTS > 1 a group takes one part of the sum of so many, and c is
 *                       [PARTS, BATCHES, m, n], which NAME_sum adds up
 *   I                   uint, or ulong where 32 bits cannot count the elements of c
 *   STORED, ALSO(i)     whether c is stored, and other steps that take element i of it, `given`
 *   PARAMETERS          arguments of ALSO, each followed by a comma
 */
#ifndef T
#include "../shared/all.h"
#define NAME       matmul
#define T          pw_f32
#define COMPLEX    0
#define A_T        0
#define A_C        0
#define B_T        0
#define B_C        0
#define A_BATCH(i) (i)
#define B_BATCH(i) (i)
#define EDGE       16
#define WORK       4
#define DEPTH      16
#define LANES      1
#define PARTS      2
#define BATCHES    1
#define I          uint
#define STORED     1
#define ALSO(i)
#define PARAMETERS
#endif

#define TILE (EDGE * WORK)
#if LANES == 16
#define LOAD vload16
#define KEEP vstore16
#elif LANES == 8
#define LOAD vload8
#define KEEP vstore8
#endif
#if LANES > 1
/* COUNT numbers of each of LINES lines, of which `lines` and `count` are there. */
#define COPY(LINES, COUNT, to, from, ld, lines, count)                                             \
	for (uint q = 0; q < LINES; q++) {                                                         \
		__global const T *line = (from) + (ulong)q * (ld);                                 \
		if (q < (lines) && COUNT <= (count))                                               \
			for (uint p = 0; p < COUNT / LANES; p++)                                   \
				KEEP(LOAD(p, line), p, to[q]);                                     \
		else                                                                               \
			for (uint p = 0; p < COUNT; p++)                                           \
				to[q][p] = q < (lines) && p < (count) ? line[p] : 0;               \
	}
#endif
/* an item alone waits for nobody, and its sums need not leave their registers */
#if EDGE > 1
#define MEET barrier(CLK_LOCAL_MEM_FENCE)
#else
#define MEET
#endif
/* where rows of a are read as they lie, they are kept so */
#if LANES > 1 && !A_T
#define A_ELEMENT(j, u) rows[u][j]
#else
#define A_ELEMENT(j, u) at[j][u]
#endif
#if COMPLEX
#define MULTIPLY_ADD(s, p, q)                                                                      \
	((s) + (T)((p).x * (q).x - (p).y * (q).y, (p).x * (q).y + (p).y * (q).x))
#define CONJUGATE(z) ((T)((z).x, -(z).y))
#else
#define MULTIPLY_ADD(s, p, q) ((s) + (p) * (q))
#define CONJUGATE(z)          (z)
#endif
#if A_C
#define A_VALUE(z) CONJUGATE(z)
#else
#define A_VALUE(z) (z)
#endif
#if B_C
#define B_VALUE(z) CONJUGATE(z)
#else
#define B_VALUE(z) (z)
#endif

#if STORED
#define STORE(i, value)                                                                            \
	{                                                                                          \
		const T given = value;                                                             \
		c[c_offset + (i)] = given;                                                         \
		ALSO((i))                                                                          \
	}
#define RESULT __global T *c, ulong c_offset,
#else
#define STORE(i, value)                                                                            \
	{                                                                                          \
		const T given = value;                                                             \
		ALSO((i))                                                                          \
	}
#define RESULT
#endif

static void NAME(__global const T *a, ulong a_offset, __global const T *b, ulong b_offset,
#if PARTS > 1
    __global T *parts, ulong parts_offset,
#else
    RESULT PARAMETERS
#endif
    ulong lda, ulong ldb, uint m, uint n, uint k, __local T *room, const uint number)
{
	/* one column more, so that work items side by side hit different banks */
	__local T(*bt)[TILE + 1] = (__local T(*)[TILE + 1]) room;
#if LANES > 1 && !A_T
	__local T(*rows)[DEPTH] = (__local T(*)[DEPTH])(room + DEPTH * (TILE + 1));
#else
	__local T(*at)[TILE + 1] = bt + DEPTH;
#endif
	const uint me = (uint)get_local_id(0), x = me % EDGE, y = me / EDGE;
	const uint across = (n + TILE - 1) / TILE, down = (m + TILE - 1) / TILE;
	const uint group = number / PARTS, part = number % PARTS;
	/* whole tiles but for the last */
	const uint deep = (k + PARTS * DEPTH - 1) / (PARTS * DEPTH) * DEPTH;
	const uint first = part * deep, last = part == PARTS - 1 ? k : min(k, first + deep);
	const uint column = group % across * TILE, row = group / across % down * TILE;
	const uint matrix = group / across / down;
	T sum[WORK][WORK];
#if LANES > 1
	V wide[WORK][WORK / LANES];
#endif

	a += a_offset + A_BATCH(matrix);
	b += b_offset + B_BATCH(matrix);
#if PARTS > 1
	parts += parts_offset + ((ulong)part * BATCHES + matrix) * m * n;
#endif
#if LANES > 1
#pragma unroll
	for (uint u = 0; u < WORK; u++)
#pragma unroll
		for (uint v = 0; v < WORK / LANES; v++)
			wide[u][v] = (V)(0);
#else
	for (uint u = 0; u < WORK; u++)
		for (uint v = 0; v < WORK; v++)
			sum[u][v] = (T)(0);
#endif
	for (uint k0 = first; k0 < last; k0 += DEPTH) {
#if LANES > 1
		const uint some = min((uint)DEPTH, last - k0);
#endif
#if LANES > 1 && A_T
		COPY(DEPTH, TILE, at, a + (ulong)k0 * lda + row, lda, some, m - row)
#elif LANES > 1
		COPY(TILE, DEPTH, rows, a + (ulong)row * lda + k0, lda, m - row, some)
#else
		for (uint e = me; e < TILE * DEPTH; e += EDGE * EDGE) {
			/* neighbours read along the operand's rows in memory */
#if A_T
			const uint i = e % TILE, j = e / TILE;
			const ulong from = (ulong)(k0 + j) * lda + row + i;
#else
			const uint i = e / DEPTH, j = e % DEPTH;
			const ulong from = (ulong)(row + i) * lda + k0 + j;
#endif
			T value = (T)(0);
			if (row + i < m && k0 + j < last)
				value = A_VALUE(a[from]);
			at[j][i] = value;
		}
#endif
#if LANES > 1 && !B_T
		COPY(DEPTH, TILE, bt, b + (ulong)k0 * ldb + column, ldb, some, n - column)
#else
		for (uint e = me; e < TILE * DEPTH; e += EDGE * EDGE) {
#if B_T
			const uint i = e / DEPTH, j = e % DEPTH;
			const ulong from = (ulong)(column + i) * ldb + k0 + j;
#else
			const uint i = e % TILE, j = e / TILE;
			const ulong from = (ulong)(k0 + j) * ldb + column + i;
#endif
			T value = (T)(0);
			if (column + i < n && k0 + j < last)
				value = B_VALUE(b[from]);
			bt[j][i] = value;
		}
#endif
		MEET;
#if LANES > 1
		for (uint j = 0; j < some; j++)
#pragma unroll
			for (uint u = 0; u < WORK; u++)
#pragma unroll
				for (uint v = 0; v < WORK / LANES; v++)
					wide[u][v] += (V)(A_ELEMENT(j, u)) * LOAD(v, bt[j]);
#else
#if COMPLEX && DEPTH <= 8
		/* all eight at once would be 118 registers of AMD's, in place of 88 */
#pragma unroll 2
#endif
		for (uint j = 0; j < DEPTH; j++)
			for (uint u = 0; u < WORK; u++)
				for (uint v = 0; v < WORK; v++)
					sum[u][v] = MULTIPLY_ADD(
					    sum[u][v], at[j][y + u * EDGE], bt[j][x + v * EDGE]);
#endif
		MEET;
	}
#if LANES > 1
#pragma unroll
	for (uint u = 0; u < WORK; u++)
#pragma unroll
		for (uint v = 0; v < WORK / LANES; v++)
			KEEP(wide[u][v], v, sum[u]);
#endif
	for (uint u = 0; u < WORK; u++)
		for (uint v = 0; v < WORK; v++) {
			const uint i = row + y + u * EDGE, j = column + x + v * EDGE;
			if (i < m && j < n)
#if PARTS > 1
				parts[(ulong)i * n + j] = sum[u][v];
#else
				STORE(((I)matrix * m + i) * n + j, sum[u][v])
#endif
		}
}

#if PARTS > 1
#define SUM_OF(name)  SUM_OF_(name)
#define SUM_OF_(name) name##_sum
static void SUM_OF(NAME)(__global const T *part, ulong part_offset, RESULT PARAMETERS ulong count,
    uint items, const uint group)
{
	const I i = (I)group * items + (I)get_local_id(0);
	if (i >= (I)count)
		return;
	T sum = part[part_offset + i];
	for (uint p = 1; p < PARTS; p++)
		sum += part[part_offset + p * count + i];
	STORE(i, sum)
}
#undef SUM_OF
#undef SUM_OF_
#endif

#undef TILE
#undef LOAD
#undef KEEP
#undef COPY
#undef A_ELEMENT
#undef MEET
#undef STORE
#undef RESULT
#undef MULTIPLY_ADD
#undef CONJUGATE
#undef A_VALUE
#undef B_VALUE
