/*
 * The pointwise operations, a function each: real, complex and integer. ops.def says which of the
 * three an operation has, and one that is missing here does not compile.
 */
#include <complex.h>
#undef complex /* the name of an operation below */
#include <math.h>
#include <stdint.h>

#include "backend/reference/reference.h"
#include "core/philox.h"
#include "shared/all.h"

/* ---- real operands ---- */

#define REAL_1(name, formula)                                                                      \
	static onn_ref_number real_##name(const double *v)                                         \
	{                                                                                          \
		double x = v[0];                                                                   \
		return formula;                                                                    \
	}
#define REAL_2(name, formula)                                                                      \
	static onn_ref_number real_##name(const double *v)                                         \
	{                                                                                          \
		double a = v[0], b = v[1];                                                         \
		return formula;                                                                    \
	}

REAL_1(neg, -x)
REAL_1(recip, 1 / x)
REAL_1(sqrt, sqrt(x))
REAL_1(exp, exp(x))
REAL_1(log, log(x))
REAL_1(sin, sin(x))
REAL_1(cos, cos(x))
REAL_1(tanh, tanh(x))
REAL_1(asinh, asinh(x))
REAL_1(expm1, expm1(x))
REAL_1(log1p, log1p(x))
REAL_1(abs, fabs(x))
REAL_1(sign, isnan(x) ? x : (x > 0) - (x < 0))
REAL_1(floor, floor(x))
/* halves to even: the rounding mode that every C program starts in */
REAL_1(round, nearbyint(x))
REAL_2(complex, onn_ref_complex(a, b))
REAL_2(add, a + b)
REAL_2(sub, a - b)
REAL_2(mul, a *b)
REAL_2(div, a / b)
REAL_2(pow, pow(a, b))
REAL_2(atan2, atan2(a, b))
/* a NaN wins, other than in fmin and fmax */
REAL_2(min, isnan(a) || a < b ? a : b)
REAL_2(max, isnan(a) || a > b ? a : b)
REAL_2(less, a < b)
REAL_2(less_equal, a <= b)
REAL_2(equal, a == b)
REAL_2(absorbance, onn_ref_absorbance(a, b))

/* ---- complex operands ---- */

#define COMPLEX_1(name, formula)                                                                   \
	static onn_ref_number complex_##name(const onn_ref_number *v)                              \
	{                                                                                          \
		onn_ref_number z = v[0];                                                           \
		return formula;                                                                    \
	}
#define COMPLEX_2(name, formula)                                                                   \
	static onn_ref_number complex_##name(const onn_ref_number *v)                              \
	{                                                                                          \
		onn_ref_number a = v[0], b = v[1];                                                 \
		return formula;                                                                    \
	}

/* z/|z|, 0 for 0; an infinite part is as long as it all. */
static onn_ref_number direction(onn_ref_number z)
{
	double x = fabs(creal(z)), y = fabs(cimag(z)), most = x > y ? x : y;

	if (z == 0)
		return 0;
	if (isinf(most))
		return onn_ref_complex(copysign(x > y, creal(z)), copysign(!(x > y), cimag(z)));
	z = onn_ref_complex(creal(z) / most, cimag(z) / most);
	return z / cabs(z);
}

COMPLEX_1(neg, -z)
COMPLEX_1(recip, 1 / z)
COMPLEX_1(sqrt, csqrt(z))
COMPLEX_1(exp, cexp(z))
COMPLEX_1(log, clog(z))
COMPLEX_1(sin, csin(z))
COMPLEX_1(cos, ccos(z))
COMPLEX_1(tanh, ctanh(z))
COMPLEX_1(abs, cabs(z))
COMPLEX_1(sign, direction(z))
COMPLEX_1(abs2, creal(z) * creal(z) + cimag(z) * cimag(z))
COMPLEX_1(real, creal(z))
COMPLEX_1(imag, cimag(z))
COMPLEX_1(conj, conj(z))
COMPLEX_2(add, a + b)
COMPLEX_2(sub, a - b)
COMPLEX_2(mul, a *b)
COMPLEX_2(div, a / b)

/* ---- integer operands: i32 or u32, the result is wrapped to its type by the caller ---- */

#define INTEGER_1(name, formula)                                                                   \
	static int64_t integer_##name(const int64_t *v)                                            \
	{                                                                                          \
		int64_t x = v[0];                                                                  \
		return formula;                                                                    \
	}
#define INTEGER_2(name, formula)                                                                   \
	static int64_t integer_##name(const int64_t *v)                                            \
	{                                                                                          \
		int64_t a = v[0], b = v[1];                                                        \
		return formula;                                                                    \
	}

INTEGER_1(neg, -x)
INTEGER_2(add, a + b)
INTEGER_2(sub, a - b)
/* the product of two u32 can pass 2^63: unsigned, so that it wraps */
INTEGER_2(mul, (int64_t)((uint64_t)a *(uint64_t)b &UINT32_MAX))
INTEGER_2(min, a < b ? a : b)
INTEGER_2(max, a > b ? a : b)
INTEGER_2(less, a < b)
INTEGER_2(less_equal, a <= b)
INTEGER_2(equal, a == b)

/* ---- the tables ---- */

#define REAL_RCI(text) real_##text
#define REAL_RC(text)  real_##text
#define REAL_RI(text)  real_##text
#define REAL_R(text)   real_##text
#define REAL_C(text)   NULL
static onn_ref_number (*const real_function[ONN_OP_COUNT])(const double *) = {
#define ONN_POINTWISE(id, text, arity, result, classes, ...) [ONN_OP_##id] = REAL_##classes(text),
#include "ops/ops.def"
};

#define COMPLEX_RCI(text) complex_##text
#define COMPLEX_RC(text)  complex_##text
#define COMPLEX_RI(text)  NULL
#define COMPLEX_R(text)   NULL
#define COMPLEX_C(text)   complex_##text
static onn_ref_number (*const complex_function[ONN_OP_COUNT])(const onn_ref_number *) = {
#define ONN_POINTWISE(id, text, arity, result, classes, ...)                                       \
	[ONN_OP_##id] = COMPLEX_##classes(text),
#include "ops/ops.def"
};

#define INTEGER_RCI(text) integer_##text
#define INTEGER_RC(text)  NULL
#define INTEGER_RI(text)  integer_##text
#define INTEGER_R(text)   NULL
#define INTEGER_C(text)   NULL
static int64_t (*const integer_function[ONN_OP_COUNT])(const int64_t *) = {
#define ONN_POINTWISE(id, text, arity, result, classes, ...)                                       \
	[ONN_OP_##id] = INTEGER_##classes(text),
#include "ops/ops.def"
};

/* ---- rows ONN_SPECIAL, which are not alike ---- */

static onn_ref_number special_select(const onn_instr *instr, const onn_ref_number *x)
{
	(void)instr;
	return creal(x[0]) != 0 ? x[1] : x[2];
}

static onn_ref_number special_sinc(const onn_instr *instr, const onn_ref_number *x)
{
	return onn_ref_sinc(instr->order, creal(x[0]));
}

/* In [0, 1): from the first 24 random bits in f32, the first 53 in f64, so that none rounds to
 * 1. */
static onn_ref_number special_random(const onn_instr *instr, const onn_ref_number *x)
{
	uint32_t element = (uint32_t)creal(x[0]), step = (uint32_t)creal(x[1]);
	const uint32_t counter[4] = {element, instr->stream, step, 0};
	uint32_t word[4];

	onn_philox(word, instr->seed, counter);
	if (instr->type == ONN_F32)
		return (word[0] >> 8) / 16777216.0;
	return ((double)word[0] * 2097152.0 + (word[1] >> 11)) / 9007199254740992.0;
}

/* The text of cl/shared: it is exact in whole numbers, and tests hold it to the distribution. */
static onn_ref_number special_poisson(const onn_instr *instr, const onn_ref_number *x)
{
	uint32_t element = (uint32_t)creal(x[0]), step = (uint32_t)creal(x[1]);

	return pw_poisson_f64(element, step, creal(x[2]), (uint32_t)instr->seed,
	    (uint32_t)(instr->seed >> 32), instr->stream);
}

/* To an integer by truncation. Out of range is the nearest end, and NaN 0: C leaves both open. */
static onn_ref_number truncated(onn_type type, double x)
{
	double low = type == ONN_I32 ? INT32_MIN : 0;
	double high = type == ONN_I32 ? INT32_MAX : type == ONN_U32 ? UINT32_MAX : UINT8_MAX;

	if (isnan(x))
		return 0;
	x = trunc(x);
	return x < low ? low : x > high ? high : x;
}

static onn_ref_number special_cast(const onn_instr *instr, const onn_ref_number *x)
{
	if (onn_type_is_float(instr->source) && !onn_type_is_float(instr->type))
		return truncated(instr->type, creal(x[0]));
	return onn_ref_round(instr->type, x[0]);
}

/* A user's function in double where there is one: more exact than the type asks for. */
static onn_ref_number special_custom(const onn_instr *instr, const onn_ref_number *x)
{
	const onn_operation *custom = instr->custom;
	double x64[3], y64 = NAN;
	float x32[3], y32 = NAN;
	const double *in64[3];
	const float *in32[3];

	for (int i = 0; i < custom->arity; i++) {
		x64[i] = creal(x[i]);
		x32[i] = (float)x64[i];
		in64[i] = &x64[i];
		in32[i] = &x32[i];
	}
	if (custom->f64) {
		custom->f64(&y64, in64, 1);
		return y64;
	}
	if (custom->f32)
		custom->f32(&y32, in32, 1);
	return y32;
}

static onn_ref_number (*const special[ONN_OP_COUNT])(const onn_instr *, const onn_ref_number *) = {
#define ONN_SPECIAL(id, text, ...) [ONN_OP_##id] = special_##text,
#include "ops/ops.def"
};

onn_ref_number onn_ref_apply(const onn_instr *instr, const onn_ref_number *x)
{
	if (special[instr->op])
		return special[instr->op](instr, x);
	if (onn_type_is_complex(instr->source))
		return complex_function[instr->op](x);
	if (onn_type_is_float(instr->source)) {
		double v[3] = {0};
		for (int i = 0; i < instr->arity; i++)
			v[i] = creal(x[i]);
		return real_function[instr->op](v);
	}
	int64_t v[3] = {0};
	for (int i = 0; i < instr->arity; i++)
		v[i] = (int64_t)creal(x[i]);
	return onn_ref_round(instr->type, (double)integer_function[instr->op](v));
}
