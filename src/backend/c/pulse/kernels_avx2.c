#define PULSE_KERNELS onn_pulse_avx2
#include "backend/c/pulse/kernels.inc"
