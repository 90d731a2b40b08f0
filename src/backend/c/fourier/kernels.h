/*
 * Fourier transforms of several lines at once, one line in each lane of a vector.
 *
 * A buffer of lines has a row for each point: `lanes` real parts, then `lanes` imaginary parts. All
 * arithmetic is between rows, so there is no shuffling, and any length that the radices divide runs
 * at the speed of the vector units. Real parts and imaginary parts exchanged turn a forward
 * transform into an inverse one: that is how both come from one set of kernels.
 *
 * A transform by decimation in frequency leaves frequency `frequency[p]` at position p; the way
 * back by decimation in time takes them from there. Between the two nothing is put in order.
 */
#ifndef ONN_SRC_BACKEND_C_FOURIER_KERNELS_H
#define ONN_SRC_BACKEND_C_FOURIER_KERNELS_H

#include "backend/c/builder.h"

enum {
	ONN_FFT_RADIX_MAX = 16,
	ONN_FFT_LANES_MAX = 16,
	ONN_FFT_ROW_MAX = 128 /* bytes */
};

/*
 * One pass in place over n rows: in each block of rows, transforms of `radix` rows that are
 * block / radix apart, and their twiddles: after them (dif) or before (dit).
 */
typedef void (*onn_fft_pass)(void *re, void *im, size_t n, size_t block, const void *twiddle);

/* What a row-major field is multiplied by while it is read. */
typedef enum onn_fft_factor {
	ONN_FFT_ALONE,
	ONN_FFT_TIMES,
	ONN_FFT_TIMES_CONJUGATE
} onn_fft_factor;

/* A row-major piece of a complex field in memory; the distance of rows in complex numbers. */
typedef struct onn_fft_field {
	void *data;
	ptrdiff_t row;
} onn_fft_field;

typedef struct onn_fft_kernels onn_fft_kernels;

struct onn_fft_kernels {
	size_t lanes;
	size_t row; /* bytes of a row: lanes complex numbers */
	onn_fft_pass dif[ONN_FFT_RADIX_MAX + 1], dit[ONN_FFT_RADIX_MAX + 1]; /* by radix, or NULL */

	/* dif without twiddles, times h, and dit of the inverse: the middle of a filter, n rows */
	void (*middle[ONN_FFT_RADIX_MAX + 1])(void *lines, const void *h, size_t n, bool conjugate);

	/*
	 * The first pass of dif from other lines, of which rows at ... at + rows - 1 are there and
	 * the others are 0; and the last of the inverse's dit to others, of which only those are
	 * wanted.
	 */
	void (*first[ONN_FFT_RADIX_MAX + 1])(
	    void *lines, const void *x, size_t at, size_t rows, size_t n, const void *twiddle);
	void (*last[ONN_FFT_RADIX_MAX + 1])(
	    void *x, const void *lines, size_t at, size_t rows, size_t n, const void *twiddle);

	/* lines[r] = x[r, 0 ... lanes-1] (times y) for each of the rows; lanes from `width` on are
	 * 0 */
	void (*load_columns)(void *lines, onn_fft_field x, onn_fft_field y, onn_fft_factor factor,
	    size_t rows, size_t width);
	/* x[r, 0 ... width-1] = lines[r] */
	void (*store_columns)(onn_fft_field x, const void *lines, size_t rows, size_t width);
	/* the same past the caches, for a reader who comes late; others see it behind a fence */
	void (*stream_columns)(onn_fft_field x, const void *lines, size_t rows, size_t width);
	/* lines[c] lane r = x[r, c] for r < height, c < columns; other lanes 0 */
	void (*load_rows)(void *lines, onn_fft_field x, size_t height, size_t columns);
	/* row[r][c] = scale lines[order[c]] lane r */
	void (*store_rows)(void *const *row, const void *lines, const uint32_t *order,
	    size_t height, size_t columns, double scale);
	/*
	 * Lines that run across: to[c] lane r = lines[order[r]] lane c, lanes by lanes; from r =
	 * height on nothing is read, 0 is written. order NULL: as they stand.
	 */
	void (*transpose)(void *to, const void *lines, const uint32_t *order, size_t height);
	/* lines *= h, row by row; both n rows */
	void (*multiply)(void *lines, const void *h, size_t n, bool conjugate);
	/* to[c] lane r = scale row[r][order[c]]; row NULL: 0 */
	void (*gather)(void *to, void *const *row, const uint32_t *order, size_t n, double scale);

	/* of single precision: n rows in double, the first half of the lanes and the second, and
	 * back */
	const onn_fft_kernels *wide;
	void (*widen)(void *first, void *second, const void *lines, size_t n);
	void (*narrow)(void *lines, const void *first, const void *second, size_t n);
};

extern const onn_fft_kernels onn_fft_baseline_f32, onn_fft_baseline_f64;
extern const onn_fft_kernels onn_fft_avx2_f32, onn_fft_avx2_f64;
extern const onn_fft_kernels onn_fft_avx512_f32, onn_fft_avx512_f64;

/* Those of the builder's instruction set. */
const onn_fft_kernels *onn_fft_kernels_choose(const onn_c_builder *b, bool is_double);

#endif
