/*
 * Loops that are vectors, for the files that are compiled once for each instruction set, before
 * cl/shared. Prototypes say which functions of the library have vector versions: glibc's libmvec.
 */
#ifndef ONN_SRC_BACKEND_C_SIMD_H
#define ONN_SRC_BACKEND_C_SIMD_H

#include <math.h>

#ifdef ONN_SIMD
#define SIMD             _Pragma("omp simd")
#define SIMD_SUM(s)      ONN_PRAGMA(omp simd reduction(+ : s))
#define SIMD_SUM_2(s, t) ONN_PRAGMA(omp simd reduction(+ : s, t))
#define SIMD_MAX(s)      ONN_PRAGMA(omp simd reduction(max : s))
#define ONN_PRAGMA(text) _Pragma(#text)
#else
#define SIMD
#define SIMD_SUM(s)
#define SIMD_SUM_2(s, t)
#define SIMD_MAX(s)
#endif

#if defined(ONN_SIMD) && defined(ONN_HAVE_LIBMVEC)
/* const: that they touch no memory is not known of functions that are no built-ins */
#define VECTOR _Pragma("omp declare simd notinbranch") __attribute__((const))
#define VECTOR_1(name)                                                                             \
	VECTOR float name##f(float);                                                               \
	VECTOR double name(double)
#define VECTOR_2(name)                                                                             \
	VECTOR float name##f(float, float);                                                        \
	VECTOR double name(double, double)
/* All that libmvec has, so that an operation need not look for its own. */
/* clang-format off */
VECTOR_1(exp); VECTOR_1(log); VECTOR_1(sin); VECTOR_1(cos); VECTOR_2(pow);
#ifdef ONN_HAVE_LIBMVEC_TANH /* since glibc 2.35 */
VECTOR_1(tanh); VECTOR_1(sinh); VECTOR_1(cosh); VECTOR_1(tan);
VECTOR_1(asinh); VECTOR_1(acosh); VECTOR_1(atanh); VECTOR_1(asin); VECTOR_1(acos); VECTOR_1(atan);
VECTOR_1(exp2); VECTOR_1(expm1); VECTOR_1(log2); VECTOR_1(log10); VECTOR_1(log1p);
VECTOR_1(cbrt); VECTOR_1(erf); VECTOR_1(erfc); VECTOR_2(atan2); VECTOR_2(hypot);
#endif
/* clang-format on */
#endif

#endif
