#define SET    avx2
#define VECTOR 32
#include "backend/c/fourier/kernels.inc"
