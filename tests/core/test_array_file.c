#include "testing.h"

#include <onn/array.h>

#include "core/npy.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/core/fixtures/" name

/* An .npy of version 1 with this header and `bytes` zero bytes; returns its length. */
static size_t make_npy(char *file, const char *header, size_t bytes)
{
	size_t length = strlen(header);
	memcpy(file, "\x93NUMPY\1\0", 8);
	file[8] = (char)(length & 255);
	file[9] = (char)(length >> 8);
	memcpy(file + 10, header, length);
	memset(file + 10 + length, 0, bytes);
	return 10 + length + bytes;
}

static void check_load(
    const char *path, onn_type type, size_t ndim, const size_t *shape, const double *want)
{
	onn_array *a, *wide;
	check_ok(onn_array_load(&a, path));
	ck_assert_int_eq(onn_array_type(a), type);
	ck_assert_uint_eq(onn_array_ndim(a), ndim);
	ck_assert_mem_eq(onn_array_shape(a), shape, ndim * sizeof *shape);
	check_ok(onn_array_convert(&wide, a, ONN_C128));
	const double *got = onn_array_const_data(wide);
	for (size_t i = 0; i < 2 * onn_array_count(a); i++) {
		double x = onn_type_is_complex(type) ? want[i] : i % 2 ? 0 : want[i / 2];
		ck_assert_msg(got[i] == x || (isnan(got[i]) && isnan(x)), "%s: %zu is %g, not %g",
		    path, i, got[i], x);
	}
	onn_array_destroy(wide);
	onn_array_destroy(a);
}

START_TEST(numpys_files_load_with_their_types_orders_and_versions)
{
	double eighths[24];
	for (int i = 0; i < 24; i++)
		eighths[i] = i / 8.0;
	const size_t cube[] = {2, 3, 4};
	check_load(FIXTURE("big_endian_fortran.npy"), ONN_F64, 3, cube, eighths);
	check_load(FIXTURE("version_2.npy"), ONN_F32, 3, cube, eighths);
	check_load(FIXTURE("version_3.npy"), ONN_F32, 3, cube, eighths);
	check_load(FIXTURE("big_endian_complex.npy"), ONN_C64, 2, (size_t[]){2, 3},
	    (double[]){0, 0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5});
	check_load(FIXTURE("half.npy"), ONN_F32, 1, (size_t[]){7},
	    (double[]){0, -1.5, 65504, 0x1p-24, INFINITY, -INFINITY, NAN});
	check_load(FIXTURE("bool.npy"), ONN_U8, 1, (size_t[]){3}, (double[]){1, 0, 1});
	check_load(FIXTURE("i1.npy"), ONN_I32, 1, (size_t[]){2}, (double[]){-128, 127});
	check_load(FIXTURE("i2.npy"), ONN_I32, 2, (size_t[]){2, 1}, (double[]){-32768, 32767});
	check_load(FIXTURE("u2.npy"), ONN_I32, 1, (size_t[]){2}, (double[]){65535, 1});
	check_load(
	    FIXTURE("i8.npy"), ONN_I32, 1, (size_t[]){3}, (double[]){INT32_MIN, 0, INT32_MAX});
}
END_TEST

START_TEST(files_that_do_not_fit_are_format_errors_with_a_reason)
{
	onn_array *a;
	check_error(
	    onn_array_load(&a, FIXTURE("u8_too_large.npy")), ONN_ERROR_FORMAT, "does not fit");
	ck_assert_ptr_null(a);
	check_error(onn_array_load(&a, FIXTURE("text.npy")), ONN_ERROR_FORMAT, "'<U1'");
	check_error(onn_array_load(&a, FIXTURE("structured.npy")), ONN_ERROR_FORMAT, "structured");
	check_error(onn_array_load(&a, FIXTURE("make.py")), ONN_ERROR_FORMAT, "not NumPy's .npy");
	check_error(onn_array_load(&a, FIXTURE("no such file")), ONN_ERROR_FILE, "no such file");
	check_error(onn_array_load(&a, ONN_SOURCE_DIR), ONN_ERROR_FILE, "directory");
}
END_TEST

START_TEST(headers_that_lie_are_format_errors)
{
	static const struct {
		const char *header;
		size_t bytes;
		const char *part;
	} row[] = {
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 11, "11 bytes"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 13, "13 bytes"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 12,
	        "12 bytes"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551616,), }", 12,
	        "not a tuple"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 12, "not a tuple"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", 4,
	        "more than 8 axes"},
	    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3", 12, "not a tuple"},
	    {"{'descr': '<f4', 'fortran_order': Maybe, 'shape': (3,), }", 12, "corrupt"},
	    {"{'descr': '<f4', 'shape': (3,), }", 12, "corrupt"},
	    {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 12,
	        "corrupt"},
	    {"{'descr': '<f3', 'fortran_order': False, 'shape': (3,), }", 12, "'<f3'"},
	    {"{'descr': '', 'fortran_order': False, 'shape': (3,), }", 12, "type ''"},
	    {"{'descr': '<f4', 'other': 1, 'fortran_order': False, 'shape': (3,), }", 12,
	        "corrupt"},
	    {"", 12, "corrupt"},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		char file[256];
		onn_array *a;
		size_t length = make_npy(file, row[i].header, row[i].bytes);
		check_error(onn_npy_decode(&a, "it", file, length), ONN_ERROR_FORMAT, row[i].part);
		ck_assert_ptr_null(a);
	}
}
END_TEST

START_TEST(a_type_without_byte_order_is_of_the_host)
{
	static const double value = 2.5;
	char file[256];
	onn_array *a;
	size_t length = make_npy(file, "{'descr': 'f8', 'fortran_order': False, 'shape': (1,)}", 8);
	memcpy(file + length - 8, &value, 8);
	check_ok(onn_npy_decode(&a, "it", file, length));
	ck_assert_int_eq(onn_array_type(a), ONN_F64);
	ck_assert(*(const double *)onn_array_const_data(a) == value);
	onn_array_destroy(a);
}
END_TEST

START_TEST(sizes_of_zero_and_no_axes_load)
{
	char file[256];
	onn_array *a;
	size_t length = make_npy(
	    file, "{'descr': '<f8', 'fortran_order': True, 'shape': (0L, 99999999999999L)}", 0);
	check_ok(onn_npy_decode(&a, "it", file, length));
	ck_assert_uint_eq(onn_array_count(a), 0);
	onn_array_destroy(a);
	length = make_npy(file, "{\"shape\":(),\"descr\":\"<f8\",\"fortran_order\":False}", 8);
	check_ok(onn_npy_decode(&a, "it", file, length));
	ck_assert_uint_eq(onn_array_ndim(a), 0);
	onn_array_destroy(a);
}
END_TEST

START_TEST(saved_arrays_load_as_they_were)
{
	static const size_t shape[] = {1, 2, 1, 3, 1, 2, 1, 1};
	for (int type = 0; type < ONN_TYPE_COUNT; type++) {
		for (size_t ndim = 0; ndim <= ONN_MAX_DIMS; ndim++) {
			onn_array *a, *b;
			check_ok(onn_array_create(&a, (onn_type)type, ndim, shape));
			size_t bytes = onn_array_count(a) * onn_type_size((onn_type)type);
			for (size_t i = 0; i < bytes; i++)
				((unsigned char *)onn_array_data(a))[i] =
				    (unsigned char)(37 * i + 1);
			check_ok(onn_array_save(a, "test_array_file.npy"));
			check_ok(onn_array_load(&b, "test_array_file.npy"));
			ck_assert_int_eq(onn_array_type(b), type);
			ck_assert_uint_eq(onn_array_ndim(b), ndim);
			ck_assert_mem_eq(onn_array_shape(b), shape, ndim * sizeof *shape);
			ck_assert_mem_eq(onn_array_data(b), onn_array_data(a), bytes);
			onn_array_destroy(a);
			onn_array_destroy(b);
		}
	}
	remove("test_array_file.npy");
}
END_TEST

START_TEST(saving_where_no_folder_is_gives_a_file_error)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F32, 0, NULL));
	check_error(onn_array_save(a, "no such folder/a.npy"), ONN_ERROR_FILE, "no such folder/");
	onn_array_destroy(a);
}
END_TEST

TESTS("array_file", numpys_files_load_with_their_types_orders_and_versions,
    files_that_do_not_fit_are_format_errors_with_a_reason, headers_that_lie_are_format_errors,
    a_type_without_byte_order_is_of_the_host, sizes_of_zero_and_no_axes_load,
    saved_arrays_load_as_they_were, saving_where_no_folder_is_gives_a_file_error)
