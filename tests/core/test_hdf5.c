/* HDF5: what h5py writes is read, and what is written is read. */
#include "core/formats.h"
#include "format_cases.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/core/fixtures/" name

#ifdef ONN_HAVE_HDF5

START_TEST(datasets_are_read_by_their_path)
{
	onn_array *a;
	check_ok(onn_array_load(&a, FIXTURE("groups.h5:/light/field")));
	ck_assert_int_eq(onn_array_type(a), ONN_C128);
	ck_assert(onn_array_shape(a)[0] == 2 && onn_array_shape(a)[1] == 3);
	const double *c = onn_array_const_data(a);
	for (int i = 0; i < 6; i++)
		ck_assert(c[2 * i] == i && c[2 * i + 1] == (i + 3) % 6);
	onn_array_destroy(a);
	check_ok(onn_array_load(&a, FIXTURE("groups.h5:x")));
	ck_assert_int_eq(onn_array_type(a), ONN_I32);
	for (int i = 0; i < 12; i++)
		ck_assert_int_eq(((const int32_t *)onn_array_const_data(a))[i], i);
	onn_array_destroy(a);
	check_ok(onn_array_load(&a, FIXTURE("groups.h5:light/packed")));
	ck_assert_uint_eq(onn_array_count(a), 4000);
	for (int i = 0; i < 4000; i++)
		ck_assert(((const float *)onn_array_const_data(a))[i] == (float)(i % 100));
	onn_array_destroy(a);
}
END_TEST

START_TEST(truth_values_and_half_floats_are_read)
{
	onn_array *a;
	check_ok(onn_array_load(&a, FIXTURE("groups.h5:truth")));
	ck_assert_int_eq(onn_array_type(a), ONN_U8);
	ck_assert(memcmp(onn_array_const_data(a), "\1\0\1", 3) == 0);
	onn_array_destroy(a);
	check_ok(onn_array_load(&a, FIXTURE("groups.h5:half")));
	ck_assert_int_eq(onn_array_type(a), ONN_F32);
	const float *half = onn_array_const_data(a);
	ck_assert(half[0] == .5f && half[1] == -2);
	onn_array_destroy(a);
}
END_TEST

START_TEST(what_is_no_array_is_refused_with_what_there_is)
{
	onn_array *a;
	check_error(onn_array_load(&a, FIXTURE("groups.h5")), ONN_ERROR_FORMAT,
	    "has several arrays; expected");
	check_error(onn_array_load(&a, FIXTURE("groups.h5:/light")), ONN_ERROR_FORMAT,
	    "has no array /light; expected one of half, light, truth, word, x");
	check_error(onn_array_load(&a, FIXTURE("groups.h5:word")), ONN_ERROR_FORMAT,
	    "elements that are no numbers");
	check_error(onn_array_load(&a, "no.h5"), ONN_ERROR_FILE, "no.h5");
}
END_TEST

START_TEST(what_is_written_is_read) { check_round_trips("round.h5", 0); }
END_TEST

START_TEST(an_array_is_added_or_takes_the_place_of_its_name)
{
	onn_array *a = counted(ONN_C64, 2, (size_t[]){3, 5}), *b;
	onn_array *other = counted(ONN_U8, 1, (size_t[]){4});
	check_ok(onn_array_save(a, "more.h5"));
	check_ok(onn_array_save(a, "more.h5:/light/camera"));
	check_ok(onn_array_save(other, "more.h5:/light/camera"));
	check_ok(onn_array_load(&b, "more.h5:/light/camera"));
	check_same(other, b);
	onn_array_destroy(b);
	check_ok(onn_array_load(&b, "more.h5:data"));
	check_same(a, b);
	onn_array_destroy(b);
	check_ok(onn_file_write("more.h5", "text", 4));
	check_error(
	    onn_array_save(a, "more.h5:x"), ONN_ERROR_FORMAT, "that an array can be added to");
	onn_array_destroy(a);
	onn_array_destroy(other);
}
END_TEST

START_TEST(equal_arrays_make_equal_files)
{
	onn_array *a = counted(ONN_F32, 2, (size_t[]){3, 5});
	void *data[2];
	size_t bytes[2];
	for (int i = 0; i < 2; i++) {
		check_ok(onn_array_save(a, "equal.h5"));
		check_ok(onn_file_read(&data[i], &bytes[i], "equal.h5"));
	}
	ck_assert_uint_eq(bytes[0], bytes[1]);
	ck_assert(memcmp(data[0], data[1], bytes[0]) == 0);
	onn_free(data[0]);
	onn_free(data[1]);
	onn_array_destroy(a);
}
END_TEST

START_TEST(damaged_files_are_refused)
{
	onn_array *a;
	check_spoilt(FIXTURE("groups.h5"), "spoilt.h5", "spoilt.h5:light/field", 997);
	check_ok(onn_file_write("spoilt.h5", "no such file", 12));
	check_error(onn_array_load(&a, "spoilt.h5"), ONN_ERROR_FORMAT, "is no HDF5 file");
}
END_TEST

TESTS("hdf5", datasets_are_read_by_their_path, truth_values_and_half_floats_are_read,
    what_is_no_array_is_refused_with_what_there_is, what_is_written_is_read,
    an_array_is_added_or_takes_the_place_of_its_name, equal_arrays_make_equal_files,
    damaged_files_are_refused)

#else

START_TEST(without_its_library_a_file_is_an_error_that_says_so)
{
	onn_array *a;
	check_error(onn_array_load(&a, FIXTURE("groups.h5:x")), ONN_ERROR_UNSUPPORTED, "libhdf5");
	ck_assert_ptr_null(a);
}
END_TEST

TESTS("hdf5", without_its_library_a_file_is_an_error_that_says_so)

#endif
