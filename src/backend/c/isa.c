/* Which of the compiled sets of kernels runs. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "backend/c/c_backend.h"
#include "backend/c/product/gemm.h"
#include "backend/c/kernels.h"

#ifdef ONN_X86_KERNELS
static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#endif

const onn_kernels *onn_kernels_choose(void)
{
#ifdef ONN_X86_KERNELS
	const char *wish = getenv("ONN_ISA");
	if (!wish)
		wish = "";
	if (strcmp(wish, "baseline") == 0)
		return &onn_kernels_baseline;
	if (has_avx512() && strcmp(wish, "avx2") != 0)
		return &onn_kernels_avx512;
	if (has_avx2())
		return &onn_kernels_avx2;
#endif
	return &onn_kernels_baseline;
}

const char *onn_c_isa(void) { return onn_kernels_choose()->name; }

void onn_c_libraries(char *text, size_t room) { onn_gemm_libraries(text, room); }
