/*
 * The words that pointwise.h and special.h are written in, for the precision ONN_BITS (32 or 64).
 * Included before each reading of those files; real_end.h takes the words back.
 *
 *   real, cplx   the real and the complex type
 *   R(x)         a literal; x has a decimal point: R(0.5)
 *   R_LIB(exp)   the library's function: exp or expf
 *   PW_R(name)   pw_name_f32 or pw_name_f64
 *   PW_C(name)   pw_name_c64 or pw_name_c128
 *   CPLX(a, b)   a + ib
 */
#if ONN_BITS == 32
#define real       pw_f32
#define cplx       pw_c64
#define R(x)       x##f
#define PW_R(name) pw_##name##_f32
#define PW_C(name) pw_##name##_c64
#define R_MAX      FLT_MAX
#else
#define real       pw_f64
#define cplx       pw_c128
#define R(x)       x
#define PW_R(name) pw_##name##_f64
#define PW_C(name) pw_##name##_c128
#define R_MAX      DBL_MAX
#endif

#ifdef __OPENCL_VERSION__
#define CPLX(a, b)  ((cplx)((a), (b)))
#define R_LIB(name) name
#define R_INF       ((real)INFINITY)
#define R_NAN       ((real)NAN)
#else
#define CPLX(a, b) ((cplx){(a), (b)})
#if ONN_BITS == 32
#define R_LIB(name) name##f
#else
#define R_LIB(name) name
#endif
#define R_INF ((real)INFINITY)
#define R_NAN ((real)NAN)
#endif
