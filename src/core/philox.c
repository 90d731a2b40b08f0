#include "core/philox.h"

#include <math.h>

#include "core/pi.h"
#include "shared/philox.h"

void onn_philox(uint32_t out[4], uint64_t seed, const uint32_t counter[4])
{
	pw_u32x4 words = pw_philox(
	    (uint32_t)seed, (uint32_t)(seed >> 32), counter[0], counter[1], counter[2], counter[3]);
	out[0] = words.x;
	out[1] = words.y;
	out[2] = words.z;
	out[3] = words.w;
}

/* A graph's node of stream s owns the counter streams 2 s and 2 s + 1: a normal number takes two.
 */
static double uniform(uint64_t seed, uint32_t step, uint32_t counter_stream, uint32_t i)
{
	return pw_uniform_f64(
	    pw_random_words((uint32_t)seed, (uint32_t)(seed >> 32), i, counter_stream, step));
}

double onn_philox_uniform(uint64_t seed, uint32_t step, uint32_t stream, uint32_t i)
{
	return uniform(seed, step, 2 * stream, i);
}

/* Box and Muller's transform; log1p(-u) is finite, since u < 1. */
double onn_philox_normal(uint64_t seed, uint32_t step, uint32_t stream, uint32_t i)
{
	double u1 = uniform(seed, step, 2 * stream, i);
	double u2 = uniform(seed, step, 2 * stream + 1, i);
	return sqrt(-2 * log1p(-u1)) * cos(ONN_TWO_PI * u2);
}

/* Fisher and Yates' shuffle. u < 1 with 53 bits and i < 2^31, so that u (i + 1) rounds below i + 1.
 */
void onn_philox_permutation(int32_t *order, size_t n, uint64_t seed, uint32_t step, uint32_t stream)
{
	for (size_t i = 0; i < n; i++)
		order[i] = (int32_t)i;
	for (size_t i = n; i-- > 1;) {
		double u = onn_philox_uniform(seed, step, stream, (uint32_t)i);
		size_t j = (size_t)(u * (double)(i + 1));
		int32_t moved = order[i];
		order[i] = order[j];
		order[j] = moved;
	}
}
