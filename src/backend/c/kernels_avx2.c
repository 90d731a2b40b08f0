#define ONN_KERNELS      onn_kernels_avx2
#define ONN_KERNELS_NAME "AVX2"
#include "backend/c/kernel_table.inc"
