/*
 * Philox 4x32-10 on the host, from the text in cl/shared that kernels use: shuffles, splits,
 * initial weights.
 */
#ifndef ONN_SRC_CORE_PHILOX_H
#define ONN_SRC_CORE_PHILOX_H

#include <stddef.h>
#include <stdint.h>

/* Four random words for a counter. */
void onn_philox(uint32_t out[4], uint64_t seed, const uint32_t counter[4]);

/* The numbers that onn_random_uniform and onn_random_normal draw for element i, in double. */
double onn_philox_uniform(uint64_t seed, uint32_t step, uint32_t stream, uint32_t i);
double onn_philox_normal(uint64_t seed, uint32_t step, uint32_t stream, uint32_t i);

/* order[0 ... n-1] becomes a random permutation of 0 ... n-1. */
void onn_philox_permutation(
    int32_t *order, size_t n, uint64_t seed, uint32_t step, uint32_t stream);

#endif
