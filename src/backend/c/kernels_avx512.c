#define ONN_KERNELS      onn_kernels_avx512
#define ONN_KERNELS_NAME "AVX-512"
#include "backend/c/kernel_table.inc"
