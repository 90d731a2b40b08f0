#define PULSE_KERNELS onn_pulse_baseline_narrow
#define PULSE_NARROW
#include "backend/c/pulse/kernels.inc"
