#define SET    baseline
#define VECTOR 16
#include "backend/c/fourier/kernels.inc"
