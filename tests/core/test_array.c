#include "testing.h"

#include <onn/array.h>

START_TEST(arrays_are_zero_aligned_and_know_their_shape)
{
	static const size_t shape[] = {3, 5, 7};
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_C128, 3, shape));
	ck_assert_int_eq(onn_array_type(a), ONN_C128);
	ck_assert_uint_eq(onn_array_ndim(a), 3);
	ck_assert_mem_eq(onn_array_shape(a), shape, sizeof shape);
	ck_assert_uint_eq(onn_array_count(a), 105);
	ck_assert_uint_eq((uintptr_t)onn_array_data(a) % 64, 0);
	const double *x = onn_array_const_data(a);
	for (int i = 0; i < 210; i++)
		ck_assert(x[i] == 0);
	onn_array_destroy(a);
	onn_array_destroy(NULL);
}
END_TEST

START_TEST(scalars_and_empty_arrays_are_arrays_too)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F32, 0, NULL));
	ck_assert_uint_eq(onn_array_count(a), 1);
	onn_array_destroy(a);
	check_ok(onn_array_from(&a, ONN_F32, 2, (size_t[]){0, SIZE_MAX}, NULL));
	ck_assert_uint_eq(onn_array_count(a), 0);
	onn_array *b;
	check_ok(onn_array_convert(&b, a, ONN_F64));
	ck_assert_uint_eq(onn_array_count(b), 0);
	onn_array_destroy(b);
	onn_array_destroy(a);
}
END_TEST

START_TEST(wrong_arguments_are_errors_with_a_text)
{
	onn_array *a = (onn_array *)&a;
	check_error(onn_array_create(&a, (onn_type)7, 0, NULL), ONN_ERROR_ARGUMENT, "type is 7");
	ck_assert_ptr_null(a);
	check_error(onn_array_create(&a, (onn_type)-1, 0, NULL), ONN_ERROR_ARGUMENT, "type is -1");
	check_error(onn_array_create(&a, ONN_F32, 9, (size_t[9]){0}), ONN_ERROR_ARGUMENT,
	    "ndim is 9; expected at most 8");
	check_error(onn_array_create(&a, ONN_F32, 2, NULL), ONN_ERROR_ARGUMENT, "shape is NULL");
	check_error(onn_array_create(&a, ONN_F32, 2, (size_t[]){SIZE_MAX, 2}), ONN_ERROR_MEMORY,
	    "[18446744073709551615, 2]");
	check_error(onn_array_create(&a, ONN_F64, 1, (size_t[]){SIZE_MAX / 4}), ONN_ERROR_MEMORY,
	    "shape is [");
	check_error(onn_array_create(&a, ONN_U8, 1, (size_t[]){SIZE_MAX - 8}), ONN_ERROR_MEMORY,
	    "bytes could not be had");
	check_error(onn_array_from(&a, ONN_F32, 0, NULL, NULL), ONN_ERROR_ARGUMENT, "data is NULL");
	ck_assert_ptr_null(a);
}
END_TEST

START_TEST(conversion_keeps_values_and_stops_at_the_ends_of_integer_ranges)
{
	static const double x[] = {-1, 0.9, 255, 256, 3e9, -3e9, 5e9, NAN};
	static const struct {
		onn_type type;
		double want[8];
	} row[] = {
	    {ONN_U8, {0, 0, 255, 255, 255, 0, 255, 0}},
	    {ONN_I32, {-1, 0, 255, 256, INT32_MAX, INT32_MIN, INT32_MAX, 0}},
	    {ONN_U32, {0, 0, 255, 256, 3e9, 0, UINT32_MAX, 0}},
	    {ONN_F32, {-1, 0.9f, 255, 256, 3e9, -3e9, 5e9, NAN}},
	    {ONN_F64, {-1, 0.9, 255, 256, 3e9, -3e9, 5e9, NAN}},
	    {ONN_C64, {-1, 0.9f, 255, 256, 3e9, -3e9, 5e9, NAN}},
	    {ONN_C128, {-1, 0.9, 255, 256, 3e9, -3e9, 5e9, NAN}},
	};
	onn_array *a, *b, *c;
	check_ok(onn_array_from(&a, ONN_F64, 1, (size_t[]){8}, x));
	for (size_t i = 0; i < COUNT(row); i++) {
		check_ok(onn_array_convert(&b, a, row[i].type));
		ck_assert_int_eq(onn_array_type(b), row[i].type);
		check_ok(onn_array_convert(&c, b, ONN_F64));
		const double *y = onn_array_const_data(c);
		for (int j = 0; j < 8; j++)
			ck_assert_msg(
			    y[j] == row[i].want[j] || (isnan(y[j]) && isnan(row[i].want[j])),
			    "%s: %g became %g", onn_type_name(row[i].type), x[j], y[j]);
		onn_array_destroy(b);
		onn_array_destroy(c);
	}
	onn_array_destroy(a);
}
END_TEST

START_TEST(complex_conversion_keeps_both_parts)
{
	static const float z[] = {1.5f, -2.5f};
	onn_array *a, *b;
	check_ok(onn_array_from(&a, ONN_C64, 0, NULL, z));
	check_ok(onn_array_convert(&b, a, ONN_C128));
	const double *y = onn_array_const_data(b);
	ck_assert(y[0] == 1.5 && y[1] == -2.5);
	onn_array_destroy(b);
	onn_array_destroy(a);
}
END_TEST

START_TEST(promotion_is_symmetric_and_keeps_double_precision)
{
	static const struct {
		onn_type a, b, want;
	} row[] = {
	    {ONN_U8, ONN_U8, ONN_U8},
	    {ONN_U8, ONN_F32, ONN_F32},
	    {ONN_I32, ONN_U32, ONN_U32},
	    {ONN_F32, ONN_F64, ONN_F64},
	    {ONN_F32, ONN_C64, ONN_C64},
	    {ONN_F64, ONN_C64, ONN_C128},
	    {ONN_U32, ONN_C64, ONN_C64},
	    {ONN_F64, ONN_C128, ONN_C128},
	    {ONN_C64, ONN_C128, ONN_C128},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		ck_assert_int_eq(onn_type_promote(row[i].a, row[i].b), row[i].want);
		ck_assert_int_eq(onn_type_promote(row[i].b, row[i].a), row[i].want);
	}
}
END_TEST

START_TEST(type_functions_answer_for_every_type_and_for_none)
{
	static const struct {
		onn_type type;
		const char *name;
		size_t size;
		bool is_complex, is_float;
		onn_type real, complex;
	} row[] = {
	    {ONN_U8, "u8", 1, false, false, ONN_U8, ONN_C64},
	    {ONN_I32, "i32", 4, false, false, ONN_I32, ONN_C64},
	    {ONN_U32, "u32", 4, false, false, ONN_U32, ONN_C64},
	    {ONN_F32, "f32", 4, false, true, ONN_F32, ONN_C64},
	    {ONN_F64, "f64", 8, false, true, ONN_F64, ONN_C128},
	    {ONN_C64, "c64", 8, true, true, ONN_F32, ONN_C64},
	    {ONN_C128, "c128", 16, true, true, ONN_F64, ONN_C128},
	    {(onn_type)99, "?", 0, false, false, (onn_type)99, (onn_type)99},
	};
	ck_assert_uint_eq(COUNT(row), ONN_TYPE_COUNT + 1);
	for (size_t i = 0; i < COUNT(row); i++) {
		ck_assert_str_eq(onn_type_name(row[i].type), row[i].name);
		ck_assert_uint_eq(onn_type_size(row[i].type), row[i].size);
		ck_assert(onn_type_is_complex(row[i].type) == row[i].is_complex);
		ck_assert(onn_type_is_float(row[i].type) == row[i].is_float);
		ck_assert_int_eq(onn_type_real(row[i].type), row[i].real);
		ck_assert_int_eq(onn_type_complex(row[i].type), row[i].complex);
	}
}
END_TEST

TESTS("array", arrays_are_zero_aligned_and_know_their_shape,
    scalars_and_empty_arrays_are_arrays_too, wrong_arguments_are_errors_with_a_text,
    conversion_keeps_values_and_stops_at_the_ends_of_integer_ranges,
    complex_conversion_keeps_both_parts, promotion_is_symmetric_and_keeps_double_precision,
    type_functions_answer_for_every_type_and_for_none)
