/*
 * The words that pointwise.h and special.h are written in, for the precision ONN_BITS (32 or 64).
 * Included before each reading of those files; real_end.h takes the words back.
 *
 *   real, cplx   the real and the complex type
 *   R(x)         a literal; x has a decimal point: R(0.5)
 *   R_EXP ...    the library's functions
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
#define CPLX(a, b)   ((cplx)((a), (b)))
#define R_CALL(name) name
#define R_ABS        fabs
#define R_INF        ((real)INFINITY)
#define R_NAN        ((real)NAN)
#else
#define CPLX(a, b) ((cplx){(a), (b)})
#if ONN_BITS == 32
#define R_CALL(name) name##f
#else
#define R_CALL(name) name
#endif
#define R_ABS R_CALL(fabs)
#define R_INF ((real)INFINITY)
#define R_NAN ((real)NAN)
#endif

#define R_SQRT     R_CALL(sqrt)
#define R_EXP      R_CALL(exp)
#define R_LOG      R_CALL(log)
#define R_SIN      R_CALL(sin)
#define R_COS      R_CALL(cos)
#define R_TANH     R_CALL(tanh)
#define R_EXPM1    R_CALL(expm1)
#define R_LOG1P    R_CALL(log1p)
#define R_FLOOR    R_CALL(floor)
#define R_RINT     R_CALL(rint)
#define R_POW      R_CALL(pow)
#define R_ATAN2    R_CALL(atan2)
#define R_COPYSIGN R_CALL(copysign)
