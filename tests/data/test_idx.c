/* IDX files of labels in each form that publishers use. */
#include "testing.h"

#include "core/os.h"
#include "data/files.h"

static const char path[] = "test_idx.idx";

static void check_labels(const char *file, size_t bytes, size_t count, const int32_t *want)
{
	onn_array *y;
	check_ok(onn_file_write(path, file, bytes));
	check_ok(onn_idx_load_labels(&y, path));
	ck_assert_int_eq(onn_array_type(y), ONN_I32);
	ck_assert_uint_eq(onn_array_ndim(y), 1);
	ck_assert_uint_eq(onn_array_count(y), count);
	ck_assert_mem_eq(onn_array_const_data(y), want, count * sizeof *want);
	onn_array_destroy(y);
}

START_TEST(labels_are_bytes_or_the_first_column_of_words)
{
	static const int32_t want[] = {7, 200, 258};
	check_labels("\0\0\10\1\0\0\0\2\7\310", 10, 2, want);
	check_labels("\0\0\14\1\0\0\0\3\0\0\0\7\0\0\0\310\0\0\1\2", 20, 3, want);
	check_labels(
	    "\0\0\14\2\0\0\0\2\0\0\0\2\0\0\0\7\0\0\0\1\0\0\0\310\377\377\377\377", 28, 2, want);
	check_labels("\0\0\14\1\0\0\0\1\377\377\377\376", 12, 1, (int32_t[]){-2});
	remove(path);
}
END_TEST

START_TEST(labels_of_other_forms_are_format_errors)
{
	static const struct {
		const char *file;
		size_t bytes;
		const char *part;
	} row[] = {
	    {"\0\0\14\1\0\0\0\2\0\0\0\7", 12, "its shape is [2], and has 4 bytes"},
	    {"\0\0\14\1\0\0\0\1\0\0\0\7\0", 13, "its shape is [1], and has 5 bytes"},
	    {"\0\0\14\2\0\0\0\1\0\0\0\0", 12, "its shape is [1, 0]"},
	    {"\0\0\14\2\0\0\0\1", 8, "has 8 bytes; an IDX file's header has 12"},
	    {"\0\0\14\3\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\7", 20, "expected 00 00 08 01"},
	    {"\0\0\15\1\0\0\0\1\0\0\0\7", 12, "starts with 00 00 0d 01"},
	    {"\0\0\14", 3, "has 3 bytes"},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_array *y;
		check_ok(onn_file_write(path, row[i].file, row[i].bytes));
		check_error(onn_idx_load_labels(&y, path), ONN_ERROR_FORMAT, row[i].part);
		ck_assert_ptr_null(y);
	}
	remove(path);
}
END_TEST

TESTS("idx", labels_are_bytes_or_the_first_column_of_words, labels_of_other_forms_are_format_errors)
