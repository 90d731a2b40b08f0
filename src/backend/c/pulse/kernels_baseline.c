#define PULSE_KERNELS onn_pulse_baseline
#include "backend/c/pulse/kernels.inc"
