/*
 * Fourier transforms of whole lines in local memory, with what stands before and behind them: a
 * program or the plane is read, and a field or the plane is written. The host reads this file once
 * for each kernel and defines
 *
 *   NAME            the kernel's name
 *   ITEMS, PER      work items of a group, and of a line
 *   LINES           lines abreast in a group: ITEMS / PER
 *   LANES, V        numbers in one V, a real vector where LANES is not 1: as many lines in one
 *   T, S, I         complex and real type, and uint or ulong for elements
 *   N, PASSES       points of a line, and the passes that transform it: PASS(8, 1) PASS(8, 8) ...
 *   COLUMNS         1: along y of fields; 0: along x
 *   PITCH, ROWS     elements of the plane's rows, and rows of a field there (along x)
 *   WIDTH, PADDED   COLUMNS: those of a field, and as many as its groups take
 *   IN_FROM, IN_COUNT    what of a line is read; all else is 0
 *   OUT_FROM, OUT_COUNT  what of a line is written
 *   FIRST, LAST     what is done to a line before and after MIDDLE: 0 nothing, 1 the transform, -1
 *                   the inverse
 *   MIDDLE          0 nothing, 1 the filter, 2 the field ends as at the end of a kernel with STORE,
 *                   and ELEMENT goes on from it; JOINT_FROM, JOINT_COUNT are its points of a line
 *   PROGRAM, STORE  1 where lines are read from a program, and written to a field
 *   STORED          whether a field is stored, or only seen by ELEMENT and ALSO
 *   ELEMENT(i)      the program's value for element i of all; MIDDLE 2: of `given` there
 *   ALSO(i)         other steps that take element i of the field, `given`
 *   PLACE(i)        where element i of the field goes, from the output's offset on
 *   FILTER(o)       where the filter of field o starts
 *   PARAMETERS      arguments of ELEMENT and ALSO
 *   SPREAD          1 where local memory has room between lines' points for fewer bank conflicts
 *
 * roots[k] is exp(-2 pi i k / N). The inverse is the transform with real and imaginary parts
 * exchanged. The plane holds fields [ROWS, PITCH]; a group reads lines of it whole before it writes
 * these, so the same plane is read and written.
 */
#ifndef T
#include "../shared/all.h"
#define NAME        lines
#define ITEMS       64
#define PER         64
#define LINES       1
#define LANES       1
#define T           pw_c64
#define S           pw_f32
#define V           pw_f32
#define I           uint
#define N           512
#define PASSES      PASS(8, 1) PASS(8, 8) PASS(8, 64)
#define COLUMNS     0
#define PITCH       512
#define ROWS        512
#define WIDTH       512
#define PADDED      512
#define IN_FROM     0
#define IN_COUNT    512
#define OUT_FROM    0
#define OUT_COUNT   512
#define FIRST       1
#define MIDDLE      1
#define LAST        -1
#define STORED      0
#define SPREAD      1
#define JOINT_FROM  0
#define JOINT_COUNT 512
#define ALSO(i)
#define PROGRAM   0
#define STORE     0
#define FILTER(o) (o) * 512 * 512
#define PARAMETERS
#endif

#define PASTE_(a, b) a##_##b
#define PASTE(a, b)  PASTE_(a, b)
#define FLY(radix)   PASTE(fly##radix, NAME)
#define Z            PASTE(point, NAME)

typedef struct Z {
	V x, y;
} Z;

#define SUM(a, b)        ((Z){(a).x + (b).x, (a).y + (b).y})
#define DIFFERENCE(a, b) ((Z){(a).x - (b).x, (a).y - (b).y})
#define TIMES(z, w)      ((Z){(z).x * (w).x - (z).y * (w).y, (z).x * (w).y + (z).y * (w).x})
#define TURN(z)          ((Z){(z).y, -(z).x}) /* -iz */

/* ---- butterflies ---- */

static void FLY(2)(Z *v, __global const T *roots)
{
	const Z a = v[0], b = v[1];
	(void)roots;
	v[0] = SUM(a, b);
	v[1] = DIFFERENCE(a, b);
}

static void FLY(3)(Z *v, __global const T *roots)
{
	const T w = roots[N / 3];
	const Z a = SUM(v[1], v[2]), b = DIFFERENCE(v[1], v[2]);
	const Z even = {v[0].x + a.x * w.x, v[0].y + a.y * w.x}, odd = {-b.y * w.y, b.x * w.y};
	v[0] = SUM(v[0], a);
	v[1] = SUM(even, odd);
	v[2] = DIFFERENCE(even, odd);
}

static void FLY(4)(Z *v, __global const T *roots)
{
	const Z a = SUM(v[0], v[2]), b = DIFFERENCE(v[0], v[2]);
	const Z c = SUM(v[1], v[3]), d = DIFFERENCE(v[1], v[3]), e = TURN(d);
	(void)roots;
	v[0] = SUM(a, c);
	v[1] = SUM(b, e);
	v[2] = DIFFERENCE(a, c);
	v[3] = DIFFERENCE(b, e);
}

static void FLY(5)(Z *v, __global const T *roots)
{
	const T w = roots[N / 5], u = roots[N / 5 * 2];
	const Z a = SUM(v[1], v[4]), b = DIFFERENCE(v[1], v[4]);
	const Z c = SUM(v[2], v[3]), d = DIFFERENCE(v[2], v[3]);
	const Z p = {v[0].x + a.x * w.x + c.x * u.x, v[0].y + a.y * w.x + c.y * u.x};
	const Z q = {v[0].x + a.x * u.x + c.x * w.x, v[0].y + a.y * u.x + c.y * w.x};
	const Z g = {-(b.y * w.y + d.y * u.y), b.x * w.y + d.x * u.y};
	const Z h = {-(b.y * u.y - d.y * w.y), b.x * u.y - d.x * w.y};
	v[0] = (Z){v[0].x + a.x + c.x, v[0].y + a.y + c.y};
	v[1] = SUM(p, g);
	v[2] = SUM(q, h);
	v[3] = DIFFERENCE(q, h);
	v[4] = DIFFERENCE(p, g);
}

static void FLY(8)(Z *v, __global const T *roots)
{
	Z even[4] = {v[0], v[2], v[4], v[6]}, odd[4] = {v[1], v[3], v[5], v[7]};

	FLY(4)(even, roots);
	FLY(4)(odd, roots);
	for (uint q = 0; q < 4; q++) {
		const T w = roots[q * (N / 8)];
		const Z z = TIMES(odd[q], w);
		v[q] = SUM(even[q], z);
		v[q + 4] = DIFFERENCE(even[q], z);
	}
}

/* ---- passes, in Stockham's order: from lines of `below` points to lines of `below` radix ---- */

/* Point e of a line in local memory, in V: columns lie side by side, rows one behind the other.
 * Spread, items whose points are a power of two apart do not all meet in one bank. */
#define SPOT(k) ((k) + SPREAD * ((k) / 32))
#if COLUMNS
#define AT(e) SPOT((e)*LINES + c)
#else
#define AT(e) SPOT(c *N + (e))
#endif
#define ROOM (SPOT(N * LINES - 1) + 1)

#define GET(k) ((Z){re[AT(k)], im[AT(k)]})
#define SWAP(a, b)                                                                                 \
	do {                                                                                       \
		__local V *const other = a;                                                        \
		a = b;                                                                             \
		b = other;                                                                         \
	} while (0)

#if ITEMS == 1
/* One item goes from one half of the memory to the other. */
#define MEET
#define MEET_BEHIND_READS
#define PASS(RADIX, BELOW)                                                                         \
	for (uint j = 0; j < N / RADIX; j++) {                                                     \
		const uint k = j % BELOW, first = (j - k) * RADIX + k;                             \
		Z v[RADIX];                                                                        \
		for (uint q = 0; q < RADIX; q++)                                                   \
			v[q] = GET(j + q * (N / RADIX));                                           \
		for (uint q = 1; q < RADIX && BELOW > 1; q++) {                                    \
			const T w = roots[k * q * (N / RADIX / BELOW)];                            \
			v[q] = TIMES(v[q], w);                                                     \
		}                                                                                  \
		FLY(RADIX)(v, roots);                                                              \
		for (uint q = 0; q < RADIX; q++) {                                                 \
			re_to[AT(first + q * BELOW)] = v[q].x;                                     \
			im_to[AT(first + q * BELOW)] = v[q].y;                                     \
		}                                                                                  \
	}                                                                                          \
	SWAP(re, re_to);                                                                           \
	SWAP(im, im_to);
#else
/* Items hold what they make until all have read. */
#define MEET              barrier(CLK_LOCAL_MEM_FENCE)
/* The plane's numbers are read by one item and later written by another. */
#define MEET_BEHIND_READS barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define PASS(RADIX, BELOW)                                                                         \
	{                                                                                          \
		Z v[(N / RADIX + PER - 1) / PER][RADIX];                                           \
		_Pragma("unroll") for (uint b = 0; b < (N / RADIX + PER - 1) / PER; b++)           \
		{                                                                                  \
			const uint j = t + b * PER, k = j % BELOW;                                 \
			if (j < N / RADIX) {                                                       \
				for (uint q = 0; q < RADIX; q++)                                   \
					v[b][q] = GET(j + q * (N / RADIX));                        \
				for (uint q = 1; q < RADIX && BELOW > 1; q++) {                    \
					const T w = roots[k * q * (N / RADIX / BELOW)];            \
					v[b][q] = TIMES(v[b][q], w);                               \
				}                                                                  \
				FLY(RADIX)(v[b], roots);                                           \
			}                                                                          \
		}                                                                                  \
		MEET;                                                                              \
		_Pragma("unroll") for (uint b = 0; b < (N / RADIX + PER - 1) / PER; b++)           \
		{                                                                                  \
			const uint j = t + b * PER, k = j % BELOW, first = (j - k) * RADIX + k;    \
			if (j < N / RADIX)                                                         \
				for (uint q = 0; q < RADIX; q++) {                                 \
					re[AT(first + q * BELOW)] = v[b][q].x;                     \
					im[AT(first + q * BELOW)] = v[b][q].y;                     \
				}                                                                  \
		}                                                                                  \
		MEET;                                                                              \
	}
#endif

/* Any other radix: point e is summed up by itself. */
#define SUM_UP(e, sum, RADIX, BELOW)                                                               \
	Z sum = {(V)(0), (V)(0)};                                                                  \
	{                                                                                          \
		const uint at = (e) % (BELOW * RADIX), k = at % BELOW;                             \
		const uint j = (e) / (BELOW * RADIX) * BELOW + k;                                  \
		for (uint q = 0, turn = 0; q < RADIX; q++) {                                       \
			const T w = roots[turn * (N / RADIX / BELOW)];                             \
			const Z z = GET(j + q * (N / RADIX)), u = TIMES(z, w);                     \
			sum = SUM(sum, u);                                                         \
			turn += at;                                                                \
			turn -= turn < BELOW * RADIX ? 0 : BELOW * RADIX;                          \
		}                                                                                  \
	}
#if ITEMS == 1
#define DIRECT(RADIX, BELOW)                                                                       \
	for (uint e = 0; e < N; e++) {                                                             \
		SUM_UP(e, sum, RADIX, BELOW)                                                       \
		re_to[AT(e)] = sum.x;                                                              \
		im_to[AT(e)] = sum.y;                                                              \
	}                                                                                          \
	SWAP(re, re_to);                                                                           \
	SWAP(im, im_to);
#else
/* Points b of the item's line, which stay in registers if the loop is unrolled. */
#define HELD _Pragma("unroll") for (uint b = 0; b < (N + PER - 1) / PER; b++) if (t + b * PER < N)
#define DIRECT(RADIX, BELOW)                                                                       \
	{                                                                                          \
		Z v[(N + PER - 1) / PER];                                                          \
		HELD                                                                               \
		{                                                                                  \
			SUM_UP(t + b * PER, sum, RADIX, BELOW)                                     \
			v[b] = sum;                                                                \
		}                                                                                  \
		MEET;                                                                              \
		HELD                                                                               \
		{                                                                                  \
			re[AT(t + b * PER)] = v[b].x;                                              \
			im[AT(t + b * PER)] = v[b].y;                                              \
		}                                                                                  \
		MEET;                                                                              \
	}
#endif

/* ---- the kernel ---- */

/* Points e of the item's line, and lanes l of its V. */
#if COLUMNS
#define EACH                                                                                       \
	for (uint e = t; e < N; e += PER)                                                          \
		for (uint l = 0; l < LANES; l++)
#define INSIDE                (o < total && x + l < WIDTH)
#define DENSE(from, count)    ((((I)first + o) * count + e - from) * WIDTH + x + l)
#define IN_PLANE(from, count) ((o * count + e - from) * PITCH + x + l)
#else
#define EACH                                                                                       \
	for (uint l = 0; l < LANES; l++)                                                           \
		for (uint e = t; e < N; e += PER)
#define INSIDE                (x + l < total)
#define DENSE(from, count)    (((I)first * ROWS + x + l) * count + e - from)
#define IN_PLANE(from, count) ((x + l) * PITCH + e - from)
#endif
#define RE (((__local S *)re)[AT(e) * LANES + l])
#define IM (((__local S *)im)[AT(e) * LANES + l])

#define TRANSFORM(way)                                                                             \
	if (way < 0)                                                                               \
		SWAP(re, im);                                                                      \
	if (way < 0 && ITEMS == 1)                                                                 \
		SWAP(re_to, im_to);                                                                \
	if (way != 0) {                                                                            \
		PASSES                                                                             \
	}                                                                                          \
	if (way < 0)                                                                               \
		SWAP(re, im);                                                                      \
	if (way < 0 && ITEMS == 1)                                                                 \
		SWAP(re_to, im_to);

/* first: of the batch, the field that this part begins with; total: COLUMNS: fields of the part,
 * else rows. */
__attribute__((reqd_work_group_size(ITEMS, 1, 1))) __kernel void NAME(PARAMETERS
#if STORE || MIDDLE == 2
                                                                          __global T *out,
    ulong out_offset, S scale,
#endif
#if MIDDLE == 1
    __global const T *filter, ulong filter_offset, int conjugate, S filter_scale,
#endif
    __global T *plane, __global const T *roots, ulong first, I total)
{
#if ITEMS == 1
	__local V memory[4 * ROOM];
	__local V *re = memory, *im = re + ROOM, *re_to = im + ROOM, *im_to = re_to + ROOM;
	const uint t = 0, c = 0;
#else
	__local V memory[2 * ROOM];
	__local V *re = memory, *im = memory + ROOM, *re_to = re, *im_to = im;
	const uint item = (uint)get_local_id(0);
#if COLUMNS
	const uint t = item / LINES, c = item % LINES;
#else
	const uint t = item % PER, c = item / PER;
#endif
#endif
	const I line = ((I)get_group_id(0) * LINES + c) * LANES;
#if COLUMNS
	const I o = line / PADDED, x = line % PADDED;
#else
	const I x = line;
#endif

	(void)c, (void)first, (void)re_to, (void)im_to;
	EACH
	{
		T z = (T)(0);
		if (e - IN_FROM < IN_COUNT && INSIDE) {
#if PROGRAM
			z = ELEMENT(DENSE(IN_FROM, IN_COUNT));
#else
			z = plane[IN_PLANE(IN_FROM, IN_COUNT)];
#endif
		}
		RE = z.x;
		IM = z.y;
	}
	MEET_BEHIND_READS;
	TRANSFORM(FIRST)
#if MIDDLE == 1
	EACH
	{
		if (INSIDE) {
			const I row = x + l, field = row / ROWS;
			const T h =
			    filter[filter_offset + FILTER((I)first + field) + row % ROWS * N + e];
			const T w = {h.x * filter_scale, (conjugate ? -h.y : h.y) * filter_scale};
			const T z = {RE, IM};
			RE = z.x * w.x - z.y * w.y;
			IM = z.x * w.y + z.y * w.x;
		}
	}
	MEET;
#elif MIDDLE == 2
	EACH
	{
		T z = (T)(0);
		if (e - JOINT_FROM < JOINT_COUNT && INSIDE) {
			const I i = DENSE(JOINT_FROM, JOINT_COUNT);
			const T given = {RE * scale, IM * scale};
#if STORED
			out[out_offset + PLACE(i)] = given;
#endif
			z = ELEMENT(i);
			ALSO(i);
		}
		RE = z.x;
		IM = z.y;
	}
	MEET;
#endif
	TRANSFORM(LAST)
	EACH
	{
		if (e - OUT_FROM < OUT_COUNT && INSIDE) {
#if STORE
			const I i = DENSE(OUT_FROM, OUT_COUNT);
			const T given = {RE * scale, IM * scale};
#if STORED
			out[out_offset + PLACE(i)] = given;
#endif
			ALSO(i);
#else
			const T z = {RE, IM};
			plane[IN_PLANE(OUT_FROM, OUT_COUNT)] = z;
#endif
		}
	}
}

#undef PASTE_
#undef PASTE
#undef FLY
#undef Z
#undef SUM
#undef DIFFERENCE
#undef TIMES
#undef TURN
#undef SPOT
#undef AT
#undef ROOM
#undef GET
#undef SWAP
#undef MEET
#undef MEET_BEHIND_READS
#undef PASS
#undef SUM_UP
#undef DIRECT
#undef HELD
#undef EACH
#undef INSIDE
#undef DENSE
#undef IN_PLANE
#undef RE
#undef IM
#undef TRANSFORM
