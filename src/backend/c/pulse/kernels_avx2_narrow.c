#define PULSE_KERNELS onn_pulse_avx2_narrow
#define PULSE_NARROW
#include "backend/c/pulse/kernels.inc"
