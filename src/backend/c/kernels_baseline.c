#define ONN_KERNELS      onn_kernels_baseline
#define ONN_KERNELS_NAME "baseline"
#include "backend/c/kernel_table.inc"
