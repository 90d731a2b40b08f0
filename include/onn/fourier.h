/**
 * @file
 * Fourier transforms in a graph, and filters by them.
 *
 * Forward sums x exp(-2 pi i jk/n) and is not divided; an inverse sums with + and divides by the
 * number of points, as NumPy does. Any length; leading axes are a batch. Element 0 is frequency 0:
 * onn_fftshift moves it to index n/2.
 */
#ifndef ONN_FOURIER_H
#define ONN_FOURIER_H

#include <onn/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Transform along one axis. A real x counts as complex with imaginary part 0.
 *
 * On the devices c and, on the host's own processor, opencl, numbers below the normal range
 * (1.2e-38 in single, 2.2e-308 in double precision) count as 0 within transforms and filters. So
 * what is transformed keeps its digits while its largest elements are above 1e-30 (1e-296); at
 * 1e-34 it is off by .3 %, at 1e-36 nothing is left. Fainter light wants another unit.
 *
 * @param g     graph
 * @param x     real or complex
 * @param axis  from 0, or from the end where it is negative
 * @return complex node of x's shape and precision; the graph's error: an axis that x has not, an
 *         axis of size 0, an integer type
 */
ONN_API onn_node onn_fft(onn_graph *g, onn_node x, int axis);
/** Inverse transform along one axis, as onn_fft. */
ONN_API onn_node onn_ifft(onn_graph *g, onn_node x, int axis);
/** Transform along the last two axes, as onn_fft; x has at least two. */
ONN_API onn_node onn_fft2(onn_graph *g, onn_node x);
/** Inverse transform along the last two axes, as onn_fft2. */
ONN_API onn_node onn_ifft2(onn_graph *g, onn_node x);
/** Moves index 0 to n/2 on one axis. */
ONN_API onn_node onn_fftshift(onn_graph *g, onn_node x, int axis);
/** Moves index n/2 to 0 on one axis. */
ONN_API onn_node onn_ifftshift(onn_graph *g, onn_node x, int axis);

/** Which part of a larger field is meant: rows offset[0] ... offset[0]+size[0]-1, columns
 * likewise. */
typedef struct onn_window {
	size_t offset[2]; /**< first row, first column */
	size_t size[2];   /**< rows, columns */
} onn_window;

/**
 * Filters fields in their spectrum, as one step that neither transforms rows known to be zero nor
 * computes rows that nobody keeps:
 *
 *     y = window(ifft2(spectrum * fft2(x placed in zeros)))
 *
 * @param g         graph
 * @param x         complex or real [..., h, w]; at least two axes
 * @param spectrum  complex [..., ny, nx], frequency 0 first; its leading axes broadcast with x's
 * @param at        where in the ny x nx field x's first element stands (y, x); NULL: 0, 0.
 *                  at + (h, w) <= (ny, nx): nothing wraps
 * @param keep      the part of the result that is kept; NULL: the part where x stood
 * @return complex [..., keep size]; its gradient with respect to x is the same step with the
 *         conjugate spectrum and the windows exchanged; the graph's error: shapes or windows that
 *         do not fit, an integer type
 */
ONN_API onn_node onn_filter(
    onn_graph *g, onn_node x, onn_node spectrum, const size_t at[2], const onn_window *keep);

#ifdef __cplusplus
}
#endif

#endif
