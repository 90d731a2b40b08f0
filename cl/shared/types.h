/*
 * The element types under one name in C11 and in OpenCL C: pw_f32, pw_f64, pw_c64, pw_c128, pw_i32,
 * pw_u32, pw_u8. The text of a type in onn (onn_type_name) is the suffix of each function that
 * works on it.
 *
 * ONN_FP64 is 1 where double exists: always in C, with cl_khr_fp64 in OpenCL.
 */
#ifndef ONN_CL_SHARED_TYPES_H
#define ONN_CL_SHARED_TYPES_H

#ifdef __OPENCL_VERSION__

#ifndef ONN_FP64
#ifdef cl_khr_fp64
#define ONN_FP64 1
#else
#define ONN_FP64 0
#endif
#endif
#if ONN_FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define PW static
typedef uchar pw_u8;
typedef int pw_i32;
typedef float pw_f32;
typedef float2 pw_c64;
#if ONN_FP64
typedef double pw_f64;
typedef double2 pw_c128;
#endif

#else

#include <float.h>
#include <math.h>
#include <stdint.h>

#define ONN_FP64 1
#define PW       static inline
typedef uint8_t pw_u8;
typedef int32_t pw_i32;
typedef float pw_f32;
typedef double pw_f64;
typedef struct pw_c64 {
	float x, y;
} pw_c64;
typedef struct pw_c128 {
	double x, y;
} pw_c128;

#endif

/* pw_u32 is philox.h's. */
#include "philox.h"
#include "poisson.h"

#endif
