/*
 * Archives that others wrote, for good or ill: what is asked for is read, and nothing else.
 */
#include "testing.h"

#include <zlib.h>

#include <onn/archive.h>

#include "core/os.h"

#define PATH "test_archive_read.npz"

/* A zip under way: members, and the directory that names them. */
typedef struct zip {
	char *data, *directory;
	size_t used, listed, count;
} zip;

static void number(char *to, size_t bytes, size_t value)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (char)(value >> 8 * i & 255);
}

enum { ROOM_FOR_DATA = 16 << 20, LOCAL = 30, ENTRY = 46 };

static zip begin(void)
{
	zip z = {malloc(ROOM_FOR_DATA), malloc(ROOM_FOR_DATA), 0, 0, 0};
	ck_assert(z.data && z.directory);
	return z;
}

/* Another name for the bytes at a place. method 8: deflated. */
static void list(
    zip *z, const char *name, size_t at, int method, size_t packed, size_t size, unsigned long sum)
{
	char *p = z->directory + z->listed;
	memset(p, 0, ENTRY);
	memcpy(p, "PK\1\2\24\0\24\0", 8);
	number(p + 10, 2, (size_t)method);
	number(p + 16, 4, sum);
	number(p + 20, 4, packed);
	number(p + 24, 4, size);
	number(p + 28, 2, strlen(name));
	number(p + 42, 4, at);
	memcpy(p + ENTRY, name, strlen(name));
	z->listed += ENTRY + strlen(name);
	z->count++;
}

/* A member; deflated where `deflated`. Returns its packed bytes. */
static size_t add(zip *z, const char *name, const void *data, size_t bytes, bool deflated)
{
	size_t at = z->used, packed = bytes;
	unsigned long sum = crc32(0, data, (uInt)bytes);
	char *p = z->data + at, *to = p + LOCAL + strlen(name);
	if (deflated) {
		z_stream s = {0};
		ck_assert_int_eq(deflateInit2(&s, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
		s.next_in = (Bytef *)data;
		s.avail_in = (uInt)bytes;
		s.next_out = (Bytef *)to;
		s.avail_out = ROOM_FOR_DATA - (uInt)at - 1000;
		ck_assert_int_eq(deflate(&s, Z_FINISH), Z_STREAM_END);
		packed = s.total_out;
		deflateEnd(&s);
	} else {
		memcpy(to, data, bytes);
	}
	memset(p, 0, LOCAL);
	memcpy(p, "PK\3\4\24", 5);
	number(p + 8, 2, deflated ? 8 : 0);
	number(p + 14, 4, sum);
	number(p + 18, 4, packed);
	number(p + 22, 4, bytes);
	number(p + 26, 2, strlen(name));
	memcpy(p + LOCAL, name, strlen(name));
	z->used += LOCAL + strlen(name) + packed;
	list(z, name, at, deflated ? 8 : 0, packed, bytes, sum);
	return packed;
}

static void finish(zip *z)
{
	char end[22] = "PK\5\6";
	FILE *file = fopen(PATH, "wb");
	number(end + 8, 2, z->count);
	number(end + 10, 2, z->count);
	number(end + 12, 4, z->listed);
	number(end + 16, 4, z->used);
	fwrite(z->data, 1, z->used, file);
	fwrite(z->directory, 1, z->listed, file);
	fwrite(end, 1, sizeof end, file);
	ck_assert_int_eq(fclose(file), 0);
	free(z->data);
	free(z->directory);
}

/* An .npy of one axis; returns its bytes, to be freed. */
static char *npy(size_t *bytes, const char *descr, size_t count, size_t size)
{
	char head[160];
	int n = snprintf(head, sizeof head,
	    "{'descr': '%s', 'fortran_order': False, 'shape': (%zu,), }", descr, count);
	char *p = calloc(1, *bytes = 10 + (size_t)n + count * size);
	memcpy(p, "\x93NUMPY\1\0", 8);
	number(p + 8, 2, (size_t)n);
	memcpy(p + 10, head, (size_t)n);
	return p;
}

static void add_array(zip *z, const char *name, const char *descr, size_t count, size_t size)
{
	size_t bytes;
	char *data = npy(&bytes, descr, count, size);
	add(z, name, data, bytes, false);
	free(data);
}

START_TEST(members_that_are_no_numbers_leave_the_others_readable)
{
	static const char *const other[] = {"<U1", "<M8[D]", "<f16", "|O", "<f3"};
	onn_archive *archive;
	zip z = begin();
	for (size_t i = 0; i < COUNT(other); i++) {
		char name[16];
		snprintf(name, sizeof name, "other%zu.npy", i);
		add_array(&z, name, other[i], 4, 4);
	}
	add_array(&z, "x.npy", "<f4", 3, 4);
	finish(&z);
	check_ok(onn_archive_load(&archive, PATH));
	const onn_array *a;
	check_ok(onn_archive_find(&a, archive, "x"));
	ck_assert_uint_eq(onn_array_count(a), 3);
	for (size_t i = 0; i < COUNT(other); i++) {
		const char *name = onn_archive_name(archive, i);
		check_error(onn_archive_find(&a, archive, name), ONN_ERROR_FORMAT, name);
		ck_assert(!a && !onn_archive_get(archive, name));
	}
	check_ok(onn_archive_find(&a, archive, "none"));
	ck_assert_ptr_null(a);
	onn_archive_destroy(archive);
}
END_TEST

/* Its pieces are of 1 MiB. */
START_TEST(a_deflated_member_of_several_pieces_is_read_whole)
{
	enum { COUNT_OF = 5000001 };
	size_t bytes;
	onn_archive *archive;
	zip z = begin();
	char *data = npy(&bytes, "|u1", COUNT_OF, 1);
	for (size_t i = 0; i < COUNT_OF; i += 997)
		data[bytes - 1 - i] = (char)(i % 251);
	add(&z, "x.npy", data, bytes, true);
	finish(&z);
	check_ok(onn_archive_load(&archive, PATH));
	const onn_array *a;
	check_ok(onn_archive_find(&a, archive, "x"));
	ck_assert_uint_eq(onn_array_count(a), COUNT_OF);
	ck_assert_mem_eq(onn_array_const_data(a), data + bytes - COUNT_OF, COUNT_OF);
	free(data);
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(what_nobody_asks_for_is_not_inflated)
{
	enum { LARGE = 256 << 20 };
	static const char text[] = "small";
	onn_archive *archive;
	zip z = begin();
	char *nothing = calloc(1, LARGE);
	ck_assert_ptr_nonnull(nothing);
	add(&z, "large.txt", nothing, LARGE, true);
	add(&z, "small.txt", text, strlen(text), false);
	free(nothing);
	finish(&z);
	double start = onn_clock();
	for (int i = 0; i < 20; i++) {
		check_ok(onn_archive_load(&archive, PATH));
		ck_assert_str_eq(onn_archive_get_text(archive, "small.txt"), text);
		onn_archive_destroy(archive);
	}
	double twenty = onn_clock() - start;
	check_ok(onn_archive_load(&archive, PATH));
	start = onn_clock();
	ck_assert_ptr_nonnull(onn_archive_get_text(archive, "large.txt"));
	double one = onn_clock() - start;
	ck_assert_msg(twenty < one, "20 loads took %g s, inflating %g s", twenty, one);
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(members_that_lie_in_each_other_are_refused)
{
	onn_archive *archive;
	zip z = begin();
	char data[4000] = "";
	unsigned long sum = crc32(0, (const Bytef *)data, sizeof data);
	add(&z, "a.txt", data, sizeof data, false);
	list(&z, "b.txt", 0, 0, sizeof data, sizeof data, sum);
	finish(&z);
	check_error(onn_archive_load(&archive, PATH), ONN_ERROR_FORMAT, "claim 8000 of them");
	ck_assert_ptr_null(archive);
}
END_TEST

START_TEST(many_names_are_found_soon_and_the_last_of_equal_ones)
{
	enum { MANY = 60000 };
	onn_archive *archive;
	zip z = begin();
	for (int i = 0; i < MANY; i++) {
		char name[32];
		snprintf(name, sizeof name, "a long name before %05d", i * 7919 % MANY);
		add(&z, name, "", 0, false);
	}
	add(&z, "same", "one", 3, false);
	add(&z, "same", "two", 3, false);
	finish(&z);
	double start = onn_clock();
	check_ok(onn_archive_load(&archive, PATH));
	double seconds = onn_clock() - start;
	ck_assert_msg(seconds < 5, "%g s", seconds); /* looked for one by one: 25 */
	ck_assert_str_eq(onn_archive_get_text(archive, "same"), "two");
	ck_assert_str_eq(onn_archive_get_text(archive, "a long name before 59999"), "");
	ck_assert_ptr_null(onn_archive_get_text(archive, "a long name before 60000"));
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(a_file_of_nothing_is_no_archive)
{
	onn_archive *archive;
	char *text;
	check_ok(onn_file_write(PATH, "", 0));
	check_error(onn_archive_load(&archive, PATH), ONN_ERROR_FORMAT, PATH " is empty");
	check_error(onn_archive_load_text(&text, PATH, "a"), ONN_ERROR_FORMAT, PATH " is empty");
	check_error(onn_archive_load(&archive, "none.npz"), ONN_ERROR_FILE, "none.npz");
	remove(PATH);
}
END_TEST

START_TEST(what_is_cut_off_is_told_from_what_is_no_archive)
{
	onn_archive *archive;
	char *text, data[2000] = "";
	zip z = begin();
	add(&z, "a.txt", data, sizeof data, false);
	for (size_t bytes = 4; bytes <= z.used; bytes += 500) {
		check_ok(onn_file_write(PATH, z.data, bytes));
		check_error(onn_archive_load(&archive, PATH), ONN_ERROR_FORMAT,
		    PATH " begins as an .npz does and has no list of members at its end: it is "
		         "cut off or damaged");
		check_error(
		    onn_archive_load_text(&text, PATH, "a"), ONN_ERROR_FORMAT, "it is cut off");
	}
	check_ok(onn_file_write(PATH, "PK", 2));
	check_error(onn_archive_load(&archive, PATH), ONN_ERROR_FORMAT, PATH " is no .npz");
	check_ok(onn_file_write(PATH, "hello, hello, hello, hello", 26));
	check_error(onn_archive_load(&archive, PATH), ONN_ERROR_FORMAT,
	    PATH " is no .npz: it does not begin as a zip archive does");
	free(z.data);
	free(z.directory);
	remove(PATH);
}
END_TEST

TESTS("archive_read", what_is_cut_off_is_told_from_what_is_no_archive,
    members_that_are_no_numbers_leave_the_others_readable,
    a_deflated_member_of_several_pieces_is_read_whole, what_nobody_asks_for_is_not_inflated,
    members_that_lie_in_each_other_are_refused,
    many_names_are_found_soon_and_the_last_of_equal_ones, a_file_of_nothing_is_no_archive)
