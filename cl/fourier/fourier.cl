/*
 * Fourier transforms of lines in the executable's scratch memory, and what stands around them. The
 * host reads this file once for each kernel, with FFT one of FFT_LOAD ... FFT_CHIRP, and defines
 *
 *   NAME, GROUP    the kernel's name, work items of a group
 *   T, S           the complex type of the work and its real one
 *   F              the complex type of fields and filters: T, or the single one of a T in double
 *   I              uint, or ulong where 32 bits cannot count the elements
 *   LOAD: PARAMETERS, ELEMENT(i)  the prologue's arguments, and its value for element i of all
 *   STORE: PLACE(i)               where element i of all goes, from the output's offset on
 *   MULTIPLY: PLACE(o)            where the filter of field o starts
 *   BUTTERFLY: RADIX              2, 3, 4, 5 or 8
 *
 * Lines lie in arrays [outer, n, inner], n along the line. A pass reads elements in_from ...
 * in_from+in_count-1 of a line, for the others are 0 and not stored; it writes out_from ...
 * out_from+out_count-1. roots[k] is exp(-2 pi i k / n).
 */
#define FFT_LOAD      1
#define FFT_STORE     2
#define FFT_MULTIPLY  3
#define FFT_BUTTERFLY 4
#define FFT_DIRECT    5
#define FFT_CHIRP     6
#ifndef T
#include "../shared/all.h"
#define FFT        FFT_BUTTERFLY
#define RADIX      8
#define NAME       fft
#define GROUP      64
#define T          pw_c64
#define S          pw_f32
#define F          pw_c64
#define I          uint
#define PARAMETERS __global const T *x0,
#define ELEMENT(i) x0[i]
#endif

#define KERNEL      __attribute__((reqd_work_group_size(GROUP, 1, 1))) __kernel void
#define TIMES(a, b) ((T)((a).x * (b).x - (a).y * (b).y, (a).x * (b).y + (a).y * (b).x))
/* What every pass gets. */
#define LINES                                                                                      \
	__global T *work, ulong from, ulong to, __global const T *roots, I n, I inner, I in_from,  \
	    I in_count, I out_from, I out_count, int inverse, I total

#if FFT == FFT_LOAD
/* Fields first ... of the program, [h, w] each, at (y, x) of [rows, columns] with zeros around. */
KERNEL NAME(PARAMETERS __global T *work, ulong to, ulong first, I rows, I columns, I y, I x, I h,
    I w, I total)
{
	const I i = (I)get_global_id(0);
	if (i >= total)
		return;
	const I column = i % columns - x, row = i / columns % rows - y, o = i / columns / rows;
	T value = (T)(0);
	if (row < h && column < w) {
		const F z = ELEMENT((((I)first + o) * h + row) * w + column);
		value.x = z.x;
		value.y = z.y;
	}
	work[to + i] = value;
}

#elif FFT == FFT_STORE
/* The window [h, w] at (y, x) of fields [rows, columns], times scale. */
KERNEL NAME(__global F *out, ulong out_offset, __global const T *work, ulong from, S scale,
    ulong first, I rows, I columns, I y, I x, I h, I w, I total)
{
	const I i = (I)get_global_id(0);
	if (i >= total)
		return;
	const I column = i % w, row = i / w % h, o = i / w / h;
	const T z = work[from + (o * rows + y + row) * columns + x + column] * scale;
	F value;
	value.x = z.x;
	value.y = z.y;
	out[out_offset + PLACE((I)first * h * w + i)] = value;
}

#elif FFT == FFT_MULTIPLY
/* Fields of `area` elements, times the filter or its conjugate, and times scale. */
KERNEL NAME(__global const F *filter, ulong filter_offset, __global T *work, ulong at, ulong first,
    I area, int conjugate, S scale, I total)
{
	const I i = (I)get_global_id(0);
	if (i >= total)
		return;
	const F factor = filter[filter_offset + PLACE((I)first + i / area) + i % area];
	const T v = work[at + i];
	T h;
	h.x = factor.x * scale;
	h.y = (conjugate ? -factor.y : factor.y) * scale;
	work[at + i] = TIMES(v, h);
}

#elif FFT == FFT_BUTTERFLY
#define ROOT(k)    ((T)(roots[k].x, inverse ? -roots[k].y : roots[k].y))
#define TIMES_I(z) ((T)(inverse ? -(z).y : (z).y, inverse ? (z).x : -(z).x)) /* -iz, inverse iz */
#define FOUR(p, q, r, s)                                                                           \
	do {                                                                                       \
		const T a = p + r, b = p - r, c = q + s, d = q - s;                                \
		p = a + c;                                                                         \
		q = b + TIMES_I(d);                                                                \
		r = a - c;                                                                         \
		s = b - TIMES_I(d);                                                                \
	} while (0)

/* Makes lines of `below` RADIX points from lines of `below` points (Stockham's order). */
KERNEL NAME(LINES, I below)
{
	const I i = (I)get_global_id(0), count = n / RADIX;
	if (i >= total)
		return;
	const I column = i % inner, j = i / inner % count, o = i / inner / count;
	const I k = j % below, first = (j - k) * RADIX + k;
	T v[RADIX];

	work += column;
	for (uint q = 0; q < RADIX; q++) {
		const I e = j + q * count - in_from;
		v[q] = (T)(0);
		if (e < in_count) {
			const T w = ROOT(k * q * (count / below));
			const T z = work[from + (o * in_count + e) * inner];
			v[q] = TIMES(z, w);
		}
	}
#if RADIX == 2
	const T sum = v[0] + v[1];
	v[1] = v[0] - v[1];
	v[0] = sum;
#elif RADIX == 3
	const T w = ROOT(n / 3), a = v[1] + v[2], b = v[1] - v[2];
	const T even = v[0] + a * w.x, odd = (T)(-b.y, b.x) * w.y;
	v[0] += a;
	v[1] = even + odd;
	v[2] = even - odd;
#elif RADIX == 5
	const T w = ROOT(n / 5), w2 = ROOT(n / 5 * 2);
	const T a = v[1] + v[4], b = v[1] - v[4], c = v[2] + v[3], d = v[2] - v[3];
	const T even = v[0] + a * w.x + c * w2.x, even2 = v[0] + a * w2.x + c * w.x;
	const T h = b * w.y + d * w2.y, h2 = b * w2.y - d * w.y;
	const T odd = (T)(-h.y, h.x), odd2 = (T)(-h2.y, h2.x);
	v[0] += a + c;
	v[1] = even + odd;
	v[2] = even2 + odd2;
	v[3] = even2 - odd2;
	v[4] = even - odd;
#elif RADIX == 4
	FOUR(v[0], v[1], v[2], v[3]);
#else
	FOUR(v[0], v[2], v[4], v[6]);
	FOUR(v[1], v[3], v[5], v[7]);
	for (uint q = 0; q < 4; q++) {
		const T w = ROOT(q * (n / 8)), z = TIMES(v[2 * q + 1], w), y = v[2 * q];
		v[2 * q] = y + z;
		v[2 * q + 1] = y - z;
	}
#endif
	for (uint q = 0; q < RADIX; q++) {
#if RADIX == 8
		const uint p = q % 4 * 2 + q / 4; /* where frequency q stands */
#else
		const uint p = q;
#endif
		const I e = first + q * below - out_from;
		if (e < out_count)
			work[to + (o * out_count + e) * inner] = v[p];
	}
}
#undef ROOT
#undef TIMES_I
#undef FOUR

#elif FFT == FFT_DIRECT
/* The same for any radix: a work item sums up one element. */
KERNEL NAME(LINES, I below, I radix)
{
	const I i = (I)get_global_id(0), count = n / radix, length = below * radix;
	if (i >= total)
		return;
	const I column = i % inner, o = i / inner / out_count;
	const I e = i / inner % out_count + out_from;
	const I at = e % length, k = at % below, j = e / length * below + k;
	T sum = (T)(0);

	work += column;
	for (I q = 0, turn = 0; q < radix; q++) {
		const I from_e = j + q * count - in_from;
		if (from_e < in_count) {
			const T w = roots[turn * (count / below)];
			const T z = work[from + (o * in_count + from_e) * inner];
			const T u = (T)(w.x, inverse ? -w.y : w.y);
			sum += TIMES(z, u);
		}
		turn += at;
		turn -= turn < length ? 0 : length;
	}
	work[to + (i - column)] = sum;
}

#elif FFT == FFT_CHIRP
/*
 * Bluestein's way to a line of n points by lines of m >= 2n points: z exp(-pi i k^2/n) with zeros
 * behind; a convolution with exp(pi i k^2/n), whose transform over m is at roots + n; and once more
 * times exp(-pi i k^2/n), which is at roots. The inverse is the conjugate of the transform of the
 * conjugate. part: 0, 1, 2.
 */
KERNEL NAME(LINES, I m, int part)
{
	const I i = (I)get_global_id(0);
	if (i >= total)
		return;
	const I length = part == 2 ? out_count : m;
	const I column = i % inner, k = i / inner % length, o = i / inner / length;
	T z = (T)(0);

	work += column;
	if (part == 0 && k - in_from < in_count) {
		z = work[from + (o * in_count + k - in_from) * inner];
		z = (T)(z.x, inverse ? -z.y : z.y);
		z = TIMES(z, roots[k]);
	} else if (part == 1) {
		z = work[from + (o * m + k) * inner];
		z = TIMES(z, roots[n + k]);
	} else if (part == 2) {
		z = work[from + (o * m + k + out_from) * inner];
		z = TIMES(z, roots[k + out_from]);
		z = (T)(z.x, inverse ? -z.y : z.y);
	}
	work[to + (o * length + k) * inner] = z;
}
#endif

#undef KERNEL
#undef TIMES
#undef LINES
