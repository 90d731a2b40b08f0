#define SET    avx512
#define VECTOR 64
#include "backend/c/fourier/kernels.inc"
