#include "testing.h"

#include <onn/archive.h>

#include "core/os.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/core/fixtures/" name

/* Two arrays and two texts. */
static onn_archive *make_sample(void)
{
	static const double w[] = {1, 2.5, -3, 4, 5, 6e300};
	static const unsigned char pixels[] = {0, 127, 255};
	onn_archive *archive;
	onn_array *a, *b;
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 3}, w));
	check_ok(onn_array_from(&b, ONN_U8, 1, (size_t[]){3}, pixels));
	check_ok(onn_archive_put(archive, "layer0.weight", a));
	check_ok(onn_archive_put_text(archive, "config.json", "{\"epoch\": 3}\n"));
	check_ok(onn_archive_put(archive, "pixels", b));
	check_ok(onn_archive_put_text(archive, "empty", ""));
	onn_array_destroy(a);
	onn_array_destroy(b);
	return archive;
}

static void check_sample(const onn_archive *archive)
{
	ck_assert_str_eq(onn_archive_name(archive, 0), "layer0.weight");
	ck_assert_str_eq(onn_archive_name(archive, 1), "pixels");
	ck_assert_ptr_null(onn_archive_name(archive, 2));
	ck_assert_str_eq(onn_archive_get_text(archive, "config.json"), "{\"epoch\": 3}\n");
	ck_assert_str_eq(onn_archive_get_text(archive, "empty"), "");
	ck_assert_ptr_null(onn_archive_get_text(archive, "pixels"));
	ck_assert_ptr_null(onn_archive_get(archive, "config.json"));
	const onn_array *w = onn_archive_get(archive, "layer0.weight");
	ck_assert_ptr_nonnull(w);
	ck_assert_int_eq(onn_array_type(w), ONN_F64);
	ck_assert_uint_eq(onn_array_ndim(w), 2);
	ck_assert(((const double *)onn_array_const_data(w))[5] == 6e300);
}

START_TEST(a_saved_archive_loads_as_it_was)
{
	onn_archive *archive = make_sample(), *loaded;
	check_sample(archive);
	check_ok(onn_archive_save(archive, "test_archive_1.npz"));
	check_ok(onn_archive_load(&loaded, "test_archive_1.npz"));
	check_sample(loaded);
	onn_archive_destroy(loaded);
	onn_archive_destroy(archive);
	remove("test_archive_1.npz");
}
END_TEST

START_TEST(equal_contents_make_equal_bytes_at_another_time)
{
	void *one, *two;
	size_t one_bytes, two_bytes;
	onn_archive *archive = make_sample();
	check_ok(onn_archive_save(archive, "test_archive_2.npz"));
	check_ok(onn_file_read(&one, &one_bytes, "test_archive_2.npz"));
	/* zip's clock ticks every two seconds */
	for (double start = onn_clock(); onn_clock() < start + 2.1;)
		;
	onn_archive_destroy(archive);
	archive = make_sample();
	check_ok(onn_archive_save(archive, "test_archive_2.npz"));
	check_ok(onn_file_read(&two, &two_bytes, "test_archive_2.npz"));
	ck_assert_uint_eq(one_bytes, two_bytes);
	ck_assert_mem_eq(one, two, one_bytes);
	onn_free(one);
	onn_free(two);
	onn_archive_destroy(archive);
	remove("test_archive_2.npz");
}
END_TEST

START_TEST(putting_a_name_again_replaces_it)
{
	onn_archive *archive = make_sample();
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_I32, 0, NULL));
	check_ok(onn_archive_put(archive, "pixels", a));
	check_ok(onn_archive_put_text(archive, "config.json", "new"));
	ck_assert_int_eq(onn_array_type(onn_archive_get(archive, "pixels")), ONN_I32);
	ck_assert_str_eq(onn_archive_get_text(archive, "config.json"), "new");
	ck_assert_ptr_null(onn_archive_name(archive, 2));
	onn_array_destroy(a);
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(an_empty_archive_saves_and_loads)
{
	onn_archive *archive;
	check_ok(onn_archive_create(&archive));
	check_ok(onn_archive_save(archive, "test_archive_3.npz"));
	onn_archive_destroy(archive);
	check_ok(onn_archive_load(&archive, "test_archive_3.npz"));
	ck_assert_ptr_null(onn_archive_name(archive, 0));
	onn_archive_destroy(archive);
	onn_archive_destroy(NULL);
	remove("test_archive_3.npz");
}
END_TEST

START_TEST(numpys_archives_load_stored_and_compressed)
{
	static const char *const path[] = {FIXTURE("savez.npz"), FIXTURE("savez_compressed.npz")};
	for (size_t i = 0; i < COUNT(path); i++) {
		onn_archive *archive;
		check_ok(onn_archive_load(&archive, path[i]));
		const onn_array *a = onn_archive_get(archive, "a");
		const onn_array *fortran = onn_archive_get(archive, "fortran");
		const onn_array *z = onn_archive_get(archive, "z");
		const onn_array *n = onn_archive_get(archive, "n");
		const onn_array *empty = onn_archive_get(archive, "empty");
		ck_assert(a && fortran && z && n && empty);
		ck_assert_mem_eq(
		    onn_array_const_data(a), onn_array_const_data(fortran), 24 * sizeof(float));
		ck_assert(((const float *)onn_array_const_data(a))[23] == 23 / 8.0f);
		ck_assert_int_eq(onn_array_type(z), ONN_C128);
		ck_assert(((const double *)onn_array_const_data(z))[11] == -5);
		ck_assert_int_eq(*(const int32_t *)onn_array_const_data(n), -7);
		ck_assert_uint_eq(onn_array_count(empty), 0);
		onn_archive_destroy(archive);
	}
}
END_TEST

START_TEST(a_flipped_bit_in_a_member_is_an_error_that_names_it)
{
	onn_archive *archive = make_sample();
	char *data;
	size_t bytes;
	check_ok(onn_archive_save(archive, "test_archive_4.npz"));
	check_ok(onn_file_read((void **)&data, &bytes, "test_archive_4.npz"));
	onn_archive_destroy(archive);
	/* the first member's elements stand at the end of its 128 byte header */
	data[strlen("layer0.weight.npy") + 30 + 130] ^= 1;
	check_ok(onn_file_write("test_archive_4.npz", data, bytes));
	const onn_array *w, *sound;
	check_ok(onn_archive_load(&archive, "test_archive_4.npz"));
	check_error(onn_archive_find(&w, archive, "layer0.weight"), ONN_ERROR_FORMAT,
	    "member layer0.weight.npy");
	ck_assert_ptr_null(w);
	check_ok(onn_archive_find(&sound, archive, "pixels"));
	ck_assert_uint_eq(onn_array_count(sound), 3);
	check_error(onn_archive_save(archive, "test_archive_5.npz"), ONN_ERROR_FORMAT,
	    "member layer0.weight.npy");
	onn_archive_destroy(archive);
	check_ok(onn_file_write("test_archive_4.npz", data, bytes / 2));
	check_error(onn_archive_load(&archive, "test_archive_4.npz"), ONN_ERROR_FORMAT,
	    "test_archive_4.npz");
	onn_free(data);
	remove("test_archive_4.npz");
}
END_TEST

START_TEST(one_text_is_read_without_the_others)
{
	onn_archive *archive = make_sample();
	char *text, *data;
	size_t bytes;
	check_ok(onn_archive_save(archive, "test_archive_5.npz"));
	check_ok(onn_archive_load_text(&text, "test_archive_5.npz", "config.json"));
	ck_assert_str_eq(text, "{\"epoch\": 3}\n");
	onn_free(text);
	check_error(onn_archive_load_text(&text, "test_archive_5.npz", "pixels"), ONN_ERROR_FORMAT,
	    "member pixels");
	ck_assert_ptr_null(text);
	/* a broken array is not looked at, a broken end is */
	check_ok(onn_file_read((void **)&data, &bytes, "test_archive_5.npz"));
	data[strlen("layer0.weight.npy") + 30 + 130] ^= 1;
	check_ok(onn_file_write("test_archive_5.npz", data, bytes));
	check_ok(onn_archive_load_text(&text, "test_archive_5.npz", "config.json"));
	onn_free(text);
	check_ok(onn_file_write("test_archive_5.npz", data, bytes - 9));
	check_error(onn_archive_load_text(&text, "test_archive_5.npz", "config.json"),
	    ONN_ERROR_FORMAT, "test_archive_5.npz");
	check_error(onn_archive_load_text(&text, "no such.npz", "config.json"), ONN_ERROR_FILE,
	    "no such.npz");
	onn_free(data);
	onn_archive_destroy(archive);
	remove("test_archive_5.npz");
}
END_TEST

START_TEST(wrong_names_and_paths_are_errors)
{
	onn_archive *archive = make_sample(), *loaded;
	const onn_array *a = onn_archive_get(archive, "pixels");
	check_error(onn_archive_put(archive, "", a), ONN_ERROR_ARGUMENT, "name is \"\"");
	check_error(onn_archive_put(archive, "a/", a), ONN_ERROR_ARGUMENT, "name is \"a/\"");
	check_error(
	    onn_archive_put_text(archive, "a.npy", "text"), ONN_ERROR_ARGUMENT, "\"a.npy\"");
	check_error(
	    onn_archive_save(archive, "no such folder/a.npz"), ONN_ERROR_FILE, "no such folder/");
	check_error(onn_archive_load(&loaded, "no such.npz"), ONN_ERROR_FILE, "no such.npz");
	check_error(onn_archive_load(&loaded, FIXTURE("make.py")), ONN_ERROR_FORMAT, "make.py");
	ck_assert_ptr_null(loaded);
	onn_archive_destroy(archive);
}
END_TEST

static const char *sample_path;

START_TEST(the_sample_is_written)
{
	onn_archive *archive = make_sample();
	check_ok(onn_archive_save(archive, sample_path));
	onn_archive_destroy(archive);
}
END_TEST

int main(int argc, char **argv)
{
	/* For numpy_reads_archives.py. */
	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		sample_path = argv[2];
		return run_tests("sample", (const TTest *[]){the_sample_is_written, NULL});
	}
	return run_tests("archive",
	    (const TTest *[]){a_saved_archive_loads_as_it_was,
	        equal_contents_make_equal_bytes_at_another_time, putting_a_name_again_replaces_it,
	        an_empty_archive_saves_and_loads, numpys_archives_load_stored_and_compressed,
	        a_flipped_bit_in_a_member_is_an_error_that_names_it,
	        one_text_is_read_without_the_others, wrong_names_and_paths_are_errors, NULL});
}
