#define SET    baseline
#define VECTOR 16
#include "backend/c/fft_kernels.inc"
