#define SET    avx2
#define VECTOR 32
#include "backend/c/fft_kernels.inc"
