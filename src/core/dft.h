/*
 * Discrete Fourier transforms in double on the host, of any length: the reference backend's, and
 * what tables of optics are made with. Accurate and simple; devices have faster ones.
 */
#ifndef ONN_SRC_CORE_DFT_H
#define ONN_SRC_CORE_DFT_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

#include <onn/status.h>

/* exp(-2 pi i k / n), 0 <= k < n, with no more error than the last rounding. */
double _Complex onn_root_of_unity(size_t k, size_t n);

/*
 * A number of modulus 1 in single precision: of the f32 next to it those whose modulus is nearest
 * to 1. A filter multiplies by Bluestein's chirp on the way to frequencies and by its conjugate on
 * the way back: an error of the angle cancels, one of the modulus adds up from filter to filter.
 */
float _Complex onn_round_to_unit(double _Complex z);

/*
 * Bluestein's way from n points to a convolution of m >= 2n: chirp[k] = exp(-pi i k^2 / n), k < n,
 * and kernel[k] = kernel[m - k] = conj(chirp[k]) / m, the others 0.
 */
void onn_chirp(double _Complex *chirp, double _Complex *kernel, size_t n, size_t m);

typedef struct onn_dft onn_dft;

/* Tables for length n >= 1. ONN_ERROR_MEMORY. */
onn_status onn_dft_create(onn_dft **dft, size_t n);
void onn_dft_destroy(onn_dft *dft);
/* Complex numbers of workspace that a run needs. */
size_t onn_dft_work(const onn_dft *dft);
/*
 * Elements x[0], x[stride], ... become X[k] = sum of x[j] exp(-+ 2 pi i j k / n): minus, or plus
 * for the inverse, which is not divided by n. Threads may run one dft, each with its own work.
 */
void onn_dft_run(
    const onn_dft *dft, double _Complex *x, ptrdiff_t stride, bool inverse, double _Complex *work);

/* Both axes of [ny, nx], in place; not divided either. ONN_ERROR_MEMORY. */
onn_status onn_dft_2d(double _Complex *x, size_t ny, size_t nx, bool inverse);

#endif
