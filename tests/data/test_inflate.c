#include "testing.h"

#include <zlib.h>

#include "core/memory.h"
#include "data/files.h"

#define FILE_NAME "test_inflate.gz"

/* A gzip file of `head` and then `zeros` zeros, and `padding` zeros behind it. */
static void write_gzip(const char *head, size_t bytes, size_t zeros, size_t padding)
{
	static const char nothing[1 << 16];
	gzFile out = gzopen(FILE_NAME, "wb9");
	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(gzwrite(out, head, (unsigned)bytes), (int)bytes);
	for (; zeros > 0; zeros -= onn_size_least(zeros, sizeof nothing))
		gzwrite(out, nothing, (unsigned)onn_size_least(zeros, sizeof nothing));
	gzclose(out);
	FILE *file = fopen(FILE_NAME, "ab");
	fwrite(nothing, 1, padding, file);
	fclose(file);
}

START_TEST(zeros_behind_a_gzip_file_are_passed_over)
{
	static const char idx[] = "\0\0\x8\1\0\0\0\3abc";
	static const size_t padding[] = {0, 1, 512};
	for (size_t i = 0; i < COUNT(padding); i++) {
		onn_array *a;
		write_gzip(idx, sizeof idx - 1, 0, padding[i]);
		check_ok(onn_idx_load(&a, FILE_NAME, 1));
		ck_assert_mem_eq(onn_array_const_data(a), "abc", 3);
		onn_array_destroy(a);
	}
	FILE *file = fopen(FILE_NAME, "ab");
	fputc('x', file);
	fclose(file);
	onn_array *a;
	check_error(onn_idx_load(&a, FILE_NAME, 1), ONN_ERROR_FORMAT, "corrupt");
	remove(FILE_NAME);
}
END_TEST

START_TEST(what_the_header_does_not_ask_for_is_not_inflated)
{
	static const char idx[] = "\0\0\x8\1\0\0\0\3abc";
	void *data;
	size_t bytes;
	onn_array *a, *b;
	write_gzip(idx, sizeof idx - 1, 32 << 20, 0);
	check_ok(onn_inflated_read(&data, &bytes, FILE_NAME, onn_idx_most));
	ck_assert_uint_gt(bytes, sizeof idx - 1);
	ck_assert_uint_lt(bytes, 1 << 18);
	onn_free(data);
	check_error(onn_idx_load(&a, FILE_NAME, 1), ONN_ERROR_FORMAT, "bytes of data or more");
	write_gzip("\0\0\x8\2\xff\xff\xff\xff\xff\xff\xff\xff", 12, 1 << 20, 0);
	check_error(onn_idx_load(&a, FILE_NAME, 2), ONN_ERROR_FORMAT, "has 1048576 bytes of data");
	write_gzip("", 0, 80 << 20, 0);
	check_error(onn_digits_load(&a, &b, FILE_NAME), ONN_ERROR_FORMAT, "more than 67108864");
	remove(FILE_NAME);
}
END_TEST

TESTS("inflate", zeros_behind_a_gzip_file_are_passed_over,
    what_the_header_does_not_ask_for_is_not_inflated)
