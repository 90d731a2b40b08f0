/* MATLAB's files: what SciPy writes is read, and what is written is what MATLAB's format says. */
#include "core/mat.h"

#include "core/formats.h"
#include "format_cases.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/core/fixtures/" name

START_TEST(deflated_variables_are_read_by_name)
{
	onn_array *a;
	check_ok(onn_array_load(&a, FIXTURE("two.mat:a")));
	ck_assert_int_eq(onn_array_type(a), ONN_F64);
	ck_assert(onn_array_shape(a)[0] == 2 && onn_array_shape(a)[1] == 3);
	for (int i = 0; i < 6; i++)
		ck_assert(((const double *)onn_array_const_data(a))[i] == i);
	onn_array_destroy(a);
	check_ok(onn_array_load(&a, FIXTURE("two.mat:c")));
	ck_assert_int_eq(onn_array_type(a), ONN_C64);
	const float *c = onn_array_const_data(a);
	for (int i = 0; i < 6; i++)
		ck_assert(c[2 * i] == (float)i && c[2 * i + 1] == (float)((i + 3) % 6));
	onn_array_destroy(a);
	check_error(onn_array_load(&a, FIXTURE("two.mat")), ONN_ERROR_FORMAT,
	    "two.mat:NAME with one of a, c");
	check_error(onn_array_load(&a, FIXTURE("two.mat:words")), ONN_ERROR_FORMAT,
	    "has no array words; expected one of a, c");
}
END_TEST

START_TEST(whole_numbers_of_any_width_are_i32)
{
	onn_array *a;
	check_ok(onn_array_load(&a, FIXTURE("narrow.mat")));
	ck_assert_int_eq(onn_array_type(a), ONN_I32);
	ck_assert_uint_eq(onn_array_ndim(a), 3);
	for (int i = 0; i < 24; i++)
		ck_assert_int_eq(((const int32_t *)onn_array_const_data(a))[i], i - 7);
	onn_array_destroy(a);
}
END_TEST

START_TEST(what_is_written_is_read) { check_round_trips("round.mat", 2); }
END_TEST

START_TEST(a_variable_takes_the_place_of_the_one_of_its_name)
{
	void *data;
	size_t bytes;
	onn_array *a = counted(ONN_F32, 2, (size_t[]){3, 5}), *b;
	check_ok(onn_file_read(&data, &bytes, FIXTURE("two.mat")));
	check_ok(onn_file_write("more.mat", data, bytes));
	check_ok(onn_array_save(a, "more.mat:new"));
	check_ok(onn_array_save(a, "more.mat:c"));
	check_ok(onn_array_load(&b, "more.mat:c"));
	check_same(a, b);
	onn_array_destroy(b);
	check_ok(onn_array_load(&b, "more.mat:new"));
	check_same(a, b);
	onn_array_destroy(b);
	check_error(
	    onn_array_load(&b, "more.mat:x"), ONN_ERROR_FORMAT, "expected one of a, new, c");
	check_error(onn_array_save(a, "more.mat:2x"), ONN_ERROR_ARGUMENT, "no variable of MATLAB");
	check_ok(onn_file_write("more.mat", "text", 4));
	check_error(onn_array_save(a, "more.mat:x"), ONN_ERROR_FORMAT, "no MAT file of version 5");
	onn_array_destroy(a);
	onn_free(data);
}
END_TEST

/* Bytes of any file as a machine with the other order would write them. */
static void turn(unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		unsigned char c = p[i];
		p[i] = p[size - 1 - i];
		p[size - 1 - i] = c;
	}
}

START_TEST(the_other_order_of_bytes_is_read)
{
	onn_array *a = counted(ONN_F64, 2, (size_t[]){2, 2}), *b;
	void *data;
	size_t bytes;
	check_ok(onn_array_save(a, "order.mat"));
	check_ok(onn_file_read(&data, &bytes, "order.mat"));
	unsigned char *p = data;
	turn(p + 124, 2);
	turn(p + 126, 2);
	/* tags, flags and shape; behind the name, which stays, the numbers' tag, and these */
	for (size_t at = 128; at < 192; at += 4)
		if (at < 176 || at >= 184)
			turn(p + at, 4);
	for (size_t at = 192; at < bytes; at += 8)
		turn(p + at, 8);
	check_ok(onn_file_write("order.mat", data, bytes));
	check_ok(onn_array_load(&b, "order.mat"));
	check_same(a, b);
	onn_array_destroy(a);
	onn_array_destroy(b);
	onn_free(data);
}
END_TEST

START_TEST(damaged_files_are_refused)
{
	onn_array *a;
	check_spoilt(FIXTURE("two.mat"), "spoilt.mat", "spoilt.mat:a", 1);
	check_spoilt(FIXTURE("narrow.mat"), "spoilt.mat", "spoilt.mat", 1);
	check_ok(onn_file_write("spoilt.mat", "no such file", 12));
	check_error(
	    onn_array_load(&a, "spoilt.mat"), ONN_ERROR_FORMAT, "no MAT file of version 5 or 7.3");
}
END_TEST

TESTS("mat", deflated_variables_are_read_by_name, whole_numbers_of_any_width_are_i32,
    what_is_written_is_read, a_variable_takes_the_place_of_the_one_of_its_name,
    the_other_order_of_bytes_is_read, damaged_files_are_refused)
