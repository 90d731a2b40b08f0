/*
 * Every shared function, for each type that the device has: what the C kernels include and what the
 * OpenCL backend puts before a kernel.
 *
 *   pw_<text>_<type>(a, b, c)       rows of ops.def; the type is that of the operands
 *   pw_select_<type>(condition, a, b)
 *                                   the condition is real for real and complex types
 *   pw_sinc_<type>(x, order)
 *   pw_random_<type>(element, step, seed_lo, seed_hi, stream)
 *   pw_poisson_<type>(element, step, mean, seed_lo, seed_hi, stream)
 *   pw_cast_<from>_<to>(x)
 */
#ifndef ONN_CL_SHARED_ALL_H
#define ONN_CL_SHARED_ALL_H

#include "types.h"
#include "integer.h"
#include "cast.h"

#define ONN_BITS 32
#include "real.h"
#include "pointwise.h"
#include "special.h"
#include "broadened.h"
#include "real_end.h"
#undef ONN_BITS

#if ONN_FP64
#define ONN_BITS 64
#include "real.h"
#include "pointwise.h"
#include "special.h"
#include "broadened.h"
#include "real_end.h"
#undef ONN_BITS
#endif

#endif
