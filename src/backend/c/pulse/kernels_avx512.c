#define PULSE_KERNELS onn_pulse_avx512
#include "backend/c/pulse/kernels.inc"
