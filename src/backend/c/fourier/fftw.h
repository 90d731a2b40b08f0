/*
 * Lines by FFTW, for comparisons.
 */
#ifndef ONN_SRC_BACKEND_C_FOURIER_FFTW_H
#define ONN_SRC_BACKEND_C_FOURIER_FFTW_H

#include "backend/c/fourier/kernels.h"

/* Lines of length n by FFTW, in place and in order; NULL where there is none or it has no plan. */
typedef struct onn_fft_library onn_fft_library;
onn_fft_library *onn_fft_library_create(const onn_fft_kernels *kernels, size_t n);
void onn_fft_library_destroy(onn_fft_library *library);
void onn_fft_library_run(const onn_fft_library *library, void *lines, bool inverse);

#endif
