#include "testing.h"

#include <onn/archive.h>

#include "core/os.h"

static const char file[] = "test_safetensors.safetensors";

/* A file of a header and bytes behind it. */
static void write_file(const char *header, const void *data, size_t bytes)
{
	unsigned char whole[2048] = {0};
	size_t length = strlen(header);
	ck_assert_uint_le(8 + length + bytes, sizeof whole);
	for (int i = 0; i < 8; i++)
		whole[i] = (unsigned char)((uint64_t)length >> 8 * i);
	memcpy(whole + 8, header, length);
	memcpy(whole + 8 + length, data, bytes);
	check_ok(onn_file_write(file, whole, 8 + length + bytes));
}

START_TEST(what_is_saved_loads_as_it_was_and_large_elements_come_first)
{
	static const double w[] = {1, 2.5, -3, 4, 5, 6e300};
	static const unsigned char pixel[] = {0, 127, 255};
	static const float part[] = {1, -2, 3, -4};
	onn_archive *archive, *loaded;
	onn_array *a;
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_from(&a, ONN_U8, 1, (size_t[]){3}, pixel));
	check_ok(onn_archive_put(archive, "pixels", a));
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_I32, 2, (size_t[]){0, 7}));
	check_ok(onn_archive_put(archive, "none", a));
	onn_array_destroy(a);
	check_ok(onn_array_from(&a, ONN_C64, 1, (size_t[]){2}, part));
	check_ok(onn_archive_put(archive, "field", a));
	onn_array_destroy(a);
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 3}, w));
	check_ok(onn_archive_put(archive, "w0", a));
	onn_array_destroy(a);
	check_ok(onn_archive_put_text(archive, "model.json", "{\"\\u00e9\": 3}\n"));
	check_ok(onn_archive_save(archive, file));

	check_ok(onn_archive_load(&loaded, file));
	ck_assert_str_eq(onn_archive_get_text(loaded, "model.json"), "{\"\\u00e9\": 3}\n");
	const onn_array *b = onn_archive_get(loaded, "w0");
	ck_assert(b && onn_array_type(b) == ONN_F64 && onn_array_shape(b)[1] == 3);
	ck_assert_mem_eq(onn_array_const_data(b), w, sizeof w);
	b = onn_archive_get(loaded, "pixels");
	ck_assert(b && onn_array_type(b) == ONN_U8);
	ck_assert_mem_eq(onn_array_const_data(b), pixel, sizeof pixel);
	b = onn_archive_get(loaded, "field");
	ck_assert(b && onn_array_type(b) == ONN_C64);
	ck_assert_mem_eq(onn_array_const_data(b), part, sizeof part);
	b = onn_archive_get(loaded, "none");
	ck_assert(b && onn_array_type(b) == ONN_I32 && onn_array_shape(b)[1] == 7);
	onn_archive_destroy(loaded);

	void *bytes;
	size_t count;
	check_ok(onn_file_read(&bytes, &count, file));
	ck_assert_uint_eq((count - 16 - 48 - 3) % 8, 0); /* behind a header of eights */
	ck_assert_mem_eq((char *)bytes + count - 3, pixel, 3);
	onn_free(bytes);
	onn_archive_destroy(archive);
	remove(file);
}
END_TEST

START_TEST(tensors_of_other_types_become_ours)
{
	static const struct {
		const char *dtype;
		unsigned char data[8];
		size_t bytes;
		onn_type type;
		double want;
	} row[] = {
	    {"F16", {0, 0xc1}, 2, ONN_F32, -2.5},
	    {"BF16", {0x20, 0xc0}, 2, ONN_F32, -2.5},
	    {"F32", {0, 0, 0x20, 0xc0}, 4, ONN_F32, -2.5},
	    {"F64", {0, 0, 0, 0, 0, 0, 4, 0xc0}, 8, ONN_F64, -2.5},
	    {"BOOL", {2}, 1, ONN_U8, 1},
	    {"U8", {200}, 1, ONN_U8, 200},
	    {"I8", {200}, 1, ONN_I32, -56},
	    {"U16", {1, 200}, 2, ONN_I32, 51201},
	    {"I16", {0, 0x80}, 2, ONN_I32, -32768},
	    {"U32", {1, 0, 0, 0x80}, 4, ONN_U32, 2147483649.},
	    {"I32", {0xff, 0xff, 0xff, 0xff}, 4, ONN_I32, -1},
	    {"I64", {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8, ONN_I32, -2},
	    {"U64", {9, 0, 1}, 8, ONN_I32, 65545},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		char header[160];
		onn_archive *archive;
		onn_array *f64;
		snprintf(header, sizeof header,
		    "{\"x\":{\"dtype\":\"%s\",\"shape\":[],\"data_offsets\":[0,%zu]}}  ",
		    row[i].dtype, row[i].bytes);
		write_file(header, row[i].data, row[i].bytes);
		check_ok(onn_archive_load(&archive, file));
		const onn_array *a = onn_archive_get(archive, "x");
		ck_assert_msg(a && onn_array_type(a) == row[i].type && onn_array_ndim(a) == 0,
		    "%s: another type", row[i].dtype);
		check_ok(onn_array_convert(&f64, a, ONN_F64));
		ck_assert_msg(*(double *)onn_array_data(f64) == row[i].want, "%s is %g",
		    row[i].dtype, *(double *)onn_array_data(f64));
		onn_array_destroy(f64);
		onn_archive_destroy(archive);
	}
	remove(file);
}
END_TEST

#define ROW(name, dtype, shape, from, to)                                                          \
	"\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" from      \
	"," to "]}"

START_TEST(damaged_files_are_format_errors_that_say_where)
{
	static const struct {
		const char *header;
		size_t bytes;
		const char *text;
	} row[] = {
	    {"{" ROW("x", "F32", "2", "0", "8") "}", 7, "x: its bytes lie beyond the file"},
	    {"{" ROW("x", "F32", "2", "0", "8") "}", 9, "it has bytes of no tensor"},
	    {"{" ROW("x", "F32", "2", "8", "0") "}", 8, "x: its bytes lie beyond the file"},
	    {"{" ROW("x", "F32", "2", "-8", "0") "}", 8, "x: expected shape and data_offsets"},
	    {"{" ROW("x", "F32", "2", "0", "1e300") "}", 8, "x: expected shape and data_offsets"},
	    {"{" ROW("x", "F32", "2", "0.5", "8") "}", 8, "x: expected shape and data_offsets"},
	    {"{" ROW("x", "F32", "3", "0", "8") "}", 8,
	        "x: its bytes are not as many as its shape"},
	    {"{" ROW("x", "F32", "4294967296,4294967296", "0", "8") "}", 8, "x: its bytes are not"},
	    {"{" ROW("x", "F32", "2.5", "0", "8") "}", 8, "x: its shape is not of whole numbers"},
	    {"{" ROW("x", "F32", "1,1,1,1,1,1,1,1,1,1,2", "0", "8") "}", 8, "too many axes"},
	    {"{" ROW("x", "F4", "2", "0", "8") "}", 8, "x: its dtype is none that is read"},
	    {"{" ROW("x", "F32", "1", "0", "4") "," ROW("y", "F32", "1", "0", "4") "}", 4,
	        "its bytes do not follow"},
	    {"{" ROW("x", "F32", "1", "0", "4") "," ROW("y", "F32", "1", "8", "12") "}", 12,
	        "y: its bytes do not follow those before it"},
	    {"{" ROW("x", "F32", "1", "0", "4") "," ROW("x", "F32", "1", "4", "8") "}", 8,
	        "x: it is there twice"},
	    {"{\"x\":[]}", 0, "x: its dtype is none"},
	    {"{\"x\":{\"dtype\":\"U8\"}}", 0, "x: expected shape and data_offsets"},
	    {"{\"__metadata__\":{\"a\":1}}", 0, "__metadata__: expected an object of texts"},
	    {"{\"__metadata__\":7}", 0, "__metadata__: expected an object of texts"},
	    {"{\"x\":", 0, "test_safetensors.safetensors"},
	    {"[]", 0, "it does not begin with a header and its length"},
	    {"", 0, "it does not begin with a header and its length"},
	    {"{" ROW("x", "I64", "1", "0", "8") "}", 8, "does not fit"},
	};
	unsigned char data[16];
	memset(data, 0x7f, sizeof data);
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_archive *archive;
		write_file(row[i].header, data, row[i].bytes);
		check_error(onn_archive_load(&archive, file), ONN_ERROR_FORMAT, row[i].text);
		ck_assert_ptr_null(archive);
	}
	remove(file);
}
END_TEST

START_TEST(every_cut_of_a_file_is_refused)
{
	static const float x[] = {1, 2, 3};
	onn_archive *archive;
	onn_array *a;
	void *whole;
	size_t bytes;
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_from(&a, ONN_F32, 1, (size_t[]){3}, x));
	check_ok(onn_archive_put(archive, "x", a));
	check_ok(onn_archive_save(archive, file));
	onn_archive_destroy(archive);
	check_ok(onn_file_read(&whole, &bytes, file));
	for (size_t left = 0; left < bytes; left++) {
		check_ok(onn_file_write(file, whole, left));
		check_error(onn_archive_load(&archive, file), ONN_ERROR_FORMAT, file);
	}
	/* A header that claims all that 64 bits can count. */
	memset(whole, 0xff, 8);
	check_ok(onn_file_write(file, whole, bytes));
	check_error(onn_archive_load(&archive, file), ONN_ERROR_FORMAT, "does not begin");
	onn_array_destroy(a);
	onn_free(whole);
	remove(file);
}
END_TEST

START_TEST(what_it_cannot_hold_is_an_error_and_no_file)
{
	onn_archive *archive;
	onn_array *a;
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_create(&a, ONN_C128, 1, (size_t[]){3}));
	check_ok(onn_archive_put(archive, "x", a));
	check_error(onn_archive_save(archive, file), ONN_ERROR_UNSUPPORTED,
	    "x is c128, which a safetensors cannot hold");
	ck_assert(!onn_file_exists(file));
	onn_archive_destroy(archive);
	check_error(onn_archive_load(&archive, "missing.safetensors"), ONN_ERROR_FILE, "missing");
	onn_array_destroy(a);
}
END_TEST

TESTS("safetensors", what_is_saved_loads_as_it_was_and_large_elements_come_first,
    tensors_of_other_types_become_ours, damaged_files_are_format_errors_that_say_where,
    every_cut_of_a_file_is_refused, what_it_cannot_hold_is_an_error_and_no_file)
