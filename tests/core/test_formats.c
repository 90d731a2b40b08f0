/* Files by the endings of their names. */
#include "core/formats.h"

#include <onn/archive.h>

#include "core/os.h"
#include "testing.h"

START_TEST(an_ending_tells_the_format_and_a_colon_the_member)
{
	static const struct {
		const char *name, *ending, *path, *member;
	} expected[] = {{"a.h5", ".h5", "a.h5", NULL}, {"A.H5", ".h5", "A.H5", NULL},
	    {"a.h5:/x/y", ".h5", "a.h5", "/x/y"}, {"a.mat:x", ".mat", "a.mat", "x"},
	    {"b.mat:/a.npz", ".npz", "b.mat:/a.npz", NULL},
	    {"a.h5:/b.mat:x", ".mat", "a.h5:/b.mat", "x"}, {"a:b.hdf5", ".hdf5", "a:b.hdf5", NULL},
	    {"a.npy", NULL, NULL, NULL}, {"a.h5:", NULL, NULL, NULL}, {".h5", NULL, NULL, NULL},
	    {"a.npy:x", NULL, NULL, NULL}, {"", NULL, NULL, NULL}};
	char path[ONN_FORMAT_PATH];
	for (size_t i = 0; i < COUNT(expected); i++) {
		const char *member;
		const onn_format *f = onn_format_find(path, &member, expected[i].name);
		ck_assert_msg(!f == !expected[i].ending, "%s", expected[i].name);
		ck_assert_pstr_eq(member, expected[i].member);
		if (f) {
			ck_assert_str_eq(f->ending, expected[i].ending);
			ck_assert_str_eq(path, expected[i].path);
		}
		ck_assert_int_eq(
		    onn_array_named(expected[i].name), f || strcmp(expected[i].name, "a.npy") == 0);
	}
}
END_TEST

static onn_array *numbers(double first)
{
	onn_array *a;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, 2}, (double[]){first, 2}));
	return a;
}

static double first_of(const char *name)
{
	onn_array *a;
	check_ok(onn_array_load(&a, name));
	ck_assert_uint_eq(onn_array_count(a), 2);
	double x = *(const double *)onn_array_const_data(a);
	onn_array_destroy(a);
	return x;
}

START_TEST(arrays_of_archives_are_read_and_added)
{
	static const char *const ending[] = {"npz", "safetensors"};
	onn_array *a = numbers(7), *b = numbers(8), *none;
	char name[64];
	for (size_t i = 0; i < COUNT(ending); i++) {
		snprintf(name, sizeof name, "archive.%s", ending[i]);
		check_ok(onn_array_save(a, name));
		ck_assert(first_of(name) == 7);
		snprintf(name, sizeof name, "archive.%s:b", ending[i]);
		check_ok(onn_array_save(b, name));
		ck_assert(first_of(name) == 8);
		snprintf(name, sizeof name, "archive.%s:data", ending[i]);
		ck_assert(first_of(name) == 7);
		check_ok(onn_array_save(b, name));
		ck_assert(first_of(name) == 8);
		snprintf(name, sizeof name, "archive.%s", ending[i]);
		check_error(
		    onn_array_load(&none, name), ONN_ERROR_FORMAT, "has several arrays; expected");
		ck_assert_ptr_null(none);
		snprintf(name, sizeof name, "archive.%s:c", ending[i]);
		check_error(
		    onn_array_load(&none, name), ONN_ERROR_FORMAT, "has no array c; expected");
	}
	check_error(onn_array_load(&none, "no.npz:x"), ONN_ERROR_FILE, "no.npz");
	onn_array_destroy(a);
	onn_array_destroy(b);
}
END_TEST

START_TEST(columns_become_rows)
{
	static const int32_t from[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	onn_array *a, *turned, *back;
	check_ok(onn_array_from(&a, ONN_I32, 3, (size_t[]){2, 3, 2}, from));
	check_ok(onn_array_turned(&turned, a));
	const int32_t *t = onn_array_const_data(turned);
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 3; j++)
			for (int k = 0; k < 2; k++)
				ck_assert_int_eq(t[(k * 3 + j) * 2 + i], from[(i * 3 + j) * 2 + k]);
	check_ok(onn_array_turned(&back, turned));
	ck_assert(memcmp(onn_array_const_data(back), from, sizeof from) == 0);
	onn_array_destroy(a);
	onn_array_destroy(turned);
	onn_array_destroy(back);
}
END_TEST

TESTS("formats", an_ending_tells_the_format_and_a_colon_the_member,
    arrays_of_archives_are_read_and_added, columns_become_rows)
