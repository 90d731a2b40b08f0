/*
 * Transforms of the lines along one axis, of any length, and filters of them.
 */
#ifndef ONN_SRC_BACKEND_C_FOURIER_AXIS_H
#define ONN_SRC_BACKEND_C_FOURIER_AXIS_H

#include "backend/c/fourier/kernels.h"

/*
 * Transforms of length n: passes where its prime factors are up to 13, else Bluestein's chirp; with
 * ONN_FFT=fftw FFTW's, for comparisons.
 */
typedef struct onn_fft_axis onn_fft_axis;

/* Made once for a length and kept by the builder. */
onn_status onn_fft_axis_get(
    const onn_fft_axis **axis, onn_c_builder *b, const onn_fft_kernels *kernels, size_t n);
/* "own FFT", "FFTW", "chirp 1021 in f64". */
void onn_fft_axis_describe(char *text, size_t room, const onn_fft_axis *axis);
/* Bytes of workspace of a run, a multiple of 64. */
size_t onn_fft_axis_work(const onn_fft_axis *axis);
/* frequency[p] is at position p of a transform; frequency k is at position[k]. */
const uint32_t *onn_fft_axis_frequency(const onn_fft_axis *axis);
const uint32_t *onn_fft_axis_position(const onn_fft_axis *axis);
/*
 * What a line is multiplied by on its way to frequencies and back, beside n. The constants of some
 * radices have no near f32, so a pair of transforms is short by up to 1e-7, which adds up from hop
 * to hop: filters make up for it. 1 in double.
 */
double onn_fft_axis_gain(const onn_fft_axis *axis);
/* Points to frequencies; not divided. */
void onn_fft_axis_run(const onn_fft_axis *axis, void *lines, bool inverse, void *work);
/* Frequencies, as they come from there, to points by the inverse; not divided. */
void onn_fft_axis_run_back(const onn_fft_axis *axis, void *lines, void *work);

/* Rows at ... at + count - 1 of n, of which the others are 0 or not wanted. */
typedef struct onn_fft_window {
	size_t at, count;
} onn_fft_window;

/* Makes the others 0. */
void onn_fft_axis_clear_around(const onn_fft_axis *axis, void *lines, onn_fft_window in);

/* Points in memory, x times y, `width` columns of them, to frequencies in lines. */
void onn_fft_axis_from_field(const onn_fft_axis *axis, void *lines, onn_fft_field x,
    onn_fft_field y, onn_fft_factor factor, onn_fft_window in, size_t width, bool inverse,
    void *work);
/* Frequencies in lines, which are lost, to points in memory by the inverse. */
void onn_fft_axis_to_field(const onn_fft_axis *axis, void *lines, onn_fft_field x,
    onn_fft_window out, size_t width, void *work);
/*
 * Points, rows of lines, to frequencies, times h or its conjugate, and back in place. lines: room
 * for n rows.
 */
void onn_fft_axis_filter(const onn_fft_axis *axis, void *points, onn_fft_window in,
    onn_fft_window out, const void *h, bool conjugate, void *lines, void *work);

#endif
