#define _DEFAULT_SOURCE /* setenv */
#include "testing.h"

#include <zlib.h>

#include <onn/archive.h>
#include <onn/dataset.h>

#include "core/os.h"

/* Everything is made below this folder of the folder that the test runs in. */
#define ROOM "test_dataset.d"

/* An IDX file; shape ends with 0. fill is the first byte of the data, which counts up. */
static void write_idx(const char *path, const unsigned *shape, int fill, int modulus, bool gzip)
{
	unsigned char file[4096] = {0, 0, 8};
	size_t used = 4, count = 1;
	for (int i = 0; shape[i]; i++) {
		file[3]++;
		for (int shift = 24; shift >= 0; shift -= 8)
			file[used++] = (unsigned char)(shape[i] >> shift);
		count *= shape[i];
	}
	ck_assert_uint_lt(used + count, sizeof file);
	for (size_t i = 0; i < count; i++)
		file[used++] = (unsigned char)(((size_t)fill + i) % (size_t)modulus);
	if (gzip) {
		gzFile out = gzopen(path, "wb");
		ck_assert_ptr_nonnull(out);
		ck_assert_int_eq(gzwrite(out, file, (unsigned)used), (int)used);
		gzclose(out);
	} else {
		check_ok(onn_file_write(path, file, used));
	}
}

/* Four files of 7 and 3 images of 2 x 3 pixels. */
static void write_set(const char *folder, const char *const names[4], bool gzip)
{
	static const unsigned shape[4][4] = {{7, 2, 3}, {7}, {3, 2, 3}, {3}};
	check_ok(onn_directory_make(folder));
	for (int i = 0; i < 4; i++) {
		char path[256];
		snprintf(path, sizeof path, "%s/%s%s", folder, names[i], gzip ? ".gz" : "");
		write_idx(path, shape[i], i, i % 2 ? 10 : 256, gzip);
	}
}

static const char *const mnist_files[4] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
static const char *const emnist_files[4] = {"emnist-balanced-train-images-idx3-ubyte",
    "emnist-balanced-train-labels-idx1-ubyte", "emnist-balanced-test-images-idx3-ubyte",
    "emnist-balanced-test-labels-idx1-ubyte"};

static void check_small_set(const onn_dataset *d)
{
	static const size_t train[] = {7, 2, 3}, test[] = {3, 2, 3};
	ck_assert_uint_eq(onn_array_ndim(d->train_x), 3);
	ck_assert_mem_eq(onn_array_shape(d->train_x), train, sizeof train);
	ck_assert_mem_eq(onn_array_shape(d->test_x), test, sizeof test);
	ck_assert_int_eq(onn_array_type(d->train_x), ONN_U8);
	ck_assert_int_eq(onn_array_type(d->train_y), ONN_I32);
	ck_assert(d->height == 2 && d->width == 3 && d->classes == 10 && d->scale == 255);
	const unsigned char *pixel = onn_array_const_data(d->test_x);
	const int32_t *label = onn_array_const_data(d->test_y);
	for (int i = 0; i < 18; i++)
		ck_assert_int_eq(pixel[i], 2 + i);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(label[i], 3 + i);
}

START_TEST(idx_sets_load_plain_and_gzipped_from_the_folder_and_its_subfolder)
{
	static const char *const folder[] = {
	    ROOM "/a", ROOM "/b/mnist", ROOM "/c", ROOM "/d/mnist"};
	static const char *const named[] = {ROOM "/a", ROOM "/b", ROOM "/c/", ROOM "/d/"};
	for (int i = 0; i < 4; i++) {
		onn_dataset *d;
		write_set(folder[i], mnist_files, i >= 2);
		check_ok(onn_dataset_load(&d, "mnist", named[i], 0));
		ck_assert_str_eq(d->name, "mnist");
		check_small_set(d);
		onn_dataset_destroy(d);
	}
}
END_TEST

START_TEST(the_folder_in_the_environment_comes_after_the_one_that_is_named)
{
	onn_dataset *d;
	write_set(ROOM "/e/kmnist", mnist_files, false);
	setenv("ONN_DATA_DIR", ROOM "/e", 1);
	check_ok(onn_dataset_load(&d, "kmnist", NULL, 0));
	check_small_set(d);
	onn_dataset_destroy(d);
	check_ok(onn_dataset_load(&d, "kmnist", ROOM, 0));
	onn_dataset_destroy(d);
	unsetenv("ONN_DATA_DIR");
	check_error(onn_dataset_load(&d, "kmnist", NULL, 0), ONN_ERROR_FILE, "kmnist");
}
END_TEST

START_TEST(a_folder_of_the_sets_own_goes_before_one_of_equal_file_names)
{
	onn_dataset *d;
	static const unsigned one[] = {7, 5, 5, 0}, two[] = {3, 5, 5, 0};
	write_set(ROOM "/f", mnist_files, false);
	write_set(ROOM "/f/fashion", mnist_files, false);
	write_idx(ROOM "/f/fashion/train-images-idx3-ubyte", one, 0, 256, false);
	write_idx(ROOM "/f/fashion/t10k-images-idx3-ubyte", two, 0, 256, false);
	check_ok(onn_dataset_load(&d, "fashion", ROOM "/f", 0));
	ck_assert_uint_eq(d->height, 5);
	onn_dataset_destroy(d);
}
END_TEST

START_TEST(emnist_is_turned_upright_and_has_47_classes)
{
	onn_dataset *d;
	write_set(ROOM "/g", emnist_files, true);
	check_ok(onn_dataset_load(&d, "emnist", ROOM "/g", 0));
	ck_assert_uint_eq(d->height, 3);
	ck_assert_uint_eq(d->width, 2);
	ck_assert_uint_eq(d->classes, 47);
	/* the file's 2 x 3 image 0 1 2 / 3 4 5 */
	static const unsigned char want[] = {0, 3, 1, 4, 2, 5};
	ck_assert_mem_eq(onn_array_const_data(d->train_x), want, sizeof want);
	onn_dataset_destroy(d);
}
END_TEST

START_TEST(a_missing_set_says_which_files_from_which_page_into_which_folder)
{
	onn_dataset *d;
	check_error(onn_dataset_load(&d, "mnist", ROOM "/none", 0), ONN_ERROR_FILE,
	    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
	    "t10k-labels-idx1-ubyte");
	ck_assert_ptr_null(d);
	ck_assert(strstr(onn_last_error(), "github.com/cvdfoundation/mnist"));
	ck_assert(strstr(onn_last_error(), "into " ROOM "/none or its subfolder mnist"));
	check_error(onn_dataset_load(&d, "emnist", NULL, 0), ONN_ERROR_FILE, "www.nist.gov");
	ck_assert(strstr(onn_last_error(), "--data-dir or ONN_DATA_DIR"));

	write_set(ROOM "/h", mnist_files, true);
	check_ok(onn_file_remove(ROOM "/h/t10k-labels-idx1-ubyte.gz"));
	check_error(onn_dataset_load(&d, "kmnist", ROOM "/h", 0), ONN_ERROR_FILE,
	    "get t10k-labels-idx1-ubyte (");
	ck_assert(strstr(onn_last_error(), "into " ROOM "/h"));
}
END_TEST

START_TEST(mismatched_and_damaged_idx_files_are_format_errors)
{
	static const unsigned eight[] = {8, 0}, four[] = {3, 2, 2, 0}, flat[] = {18, 0};
	onn_dataset *d;
	write_set(ROOM "/i", mnist_files, false);
	write_idx(ROOM "/i/train-labels-idx1-ubyte", eight, 0, 10, false);
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT,
	    "train-labels-idx1-ubyte has 8 labels; expected one for each of 7 images");
	write_set(ROOM "/i", mnist_files, false);
	write_idx(ROOM "/i/t10k-images-idx3-ubyte", four, 0, 256, false);
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT,
	    "2 x 3 to train and 2 x 2 to test");
	write_idx(ROOM "/i/t10k-images-idx3-ubyte", flat, 0, 256, false);
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT, "00 00 08 01");
	write_set(ROOM "/i", mnist_files, false);
	write_idx(ROOM "/i/train-labels-idx1-ubyte", (unsigned[]){7, 0}, 9, 20, false);
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT,
	    "label 1 is 10; expected 0 to 9");
	check_ok(onn_file_write(ROOM "/i/train-labels-idx1-ubyte", "\0\0\10\1\0\0\0\7\1\2", 10));
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT,
	    "says that its shape is [7], and has 2 bytes");
	check_ok(onn_file_write(ROOM "/i/train-labels-idx1-ubyte", "", 0));
	check_error(onn_dataset_load(&d, "mnist", ROOM "/i", 0), ONN_ERROR_FORMAT, "has 0 bytes");
}
END_TEST

START_TEST(damaged_gzip_files_are_format_errors)
{
	onn_dataset *d;
	char *file;
	size_t bytes;
	write_set(ROOM "/j", mnist_files, true);
	check_ok(onn_file_read((void **)&file, &bytes, ROOM "/j/train-images-idx3-ubyte.gz"));
	check_ok(onn_file_write(ROOM "/j/train-images-idx3-ubyte.gz", file, bytes - 5));
	check_error(onn_dataset_load(&d, "mnist", ROOM "/j", 0), ONN_ERROR_FORMAT,
	    "gzip file that is truncated");
	file[bytes - 6] ^= 1; /* its checksum */
	check_ok(onn_file_write(ROOM "/j/train-images-idx3-ubyte.gz", file, bytes));
	check_error(onn_dataset_load(&d, "mnist", ROOM "/j", 0), ONN_ERROR_FORMAT,
	    "gzip file that is corrupt");
	onn_free(file);
}
END_TEST

START_TEST(the_digits_need_no_folder_and_split_by_the_seed)
{
	onn_dataset *d, *same, *other, *none;
	check_ok(onn_dataset_load(&d, "digits", NULL, 3));
	check_ok(onn_dataset_load(&same, "digits", "/", 3)); /* they are not there */
	check_error(onn_dataset_load(&none, "digits", "no such folder", 3), ONN_ERROR_FILE,
	    "no such folder is no folder; expected the one where data sets are");
	check_ok(onn_dataset_load(&other, "digits", NULL, 4));
	ck_assert(d->height == 8 && d->width == 8 && d->classes == 10 && d->scale == 16);
	ck_assert_uint_eq(onn_array_shape(d->train_x)[0], 1437);
	ck_assert_uint_eq(onn_array_shape(d->test_x)[0], 360);
	ck_assert_mem_eq(
	    onn_array_const_data(d->test_x), onn_array_const_data(same->test_x), 360 * 64);
	ck_assert_mem_ne(
	    onn_array_const_data(d->test_x), onn_array_const_data(other->test_x), 360 * 64);

	/* As many of each digit as the UCI page says, whatever the split. */
	static const int want[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
	const onn_dataset *const both[] = {d, other};
	for (size_t k = 0; k < 2; k++) {
		int count[10] = {0};
		const int32_t *train = onn_array_const_data(both[k]->train_y);
		const int32_t *test = onn_array_const_data(both[k]->test_y);
		for (int i = 0; i < 1437; i++)
			count[train[i]]++;
		for (int i = 0; i < 360; i++)
			count[test[i]]++;
		ck_assert_mem_eq(count, want, sizeof want);
	}
	onn_dataset_destroy(d);
	onn_dataset_destroy(same);
	onn_dataset_destroy(other);
}
END_TEST

static void write_digits(const char *line)
{
	char text[1024] = "";
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 64; k++)
			strcat(text, "9,");
		strcat(text, "3\n");
	}
	strcat(text, line);
	check_ok(onn_directory_make(ROOM "/k"));
	check_ok(onn_file_write(ROOM "/k/digits.csv", text, strlen(text)));
}

START_TEST(a_digits_file_of_ones_own_is_checked_line_by_line)
{
	onn_dataset *d;
	write_digits("");
	check_ok(onn_dataset_load(&d, "digits", ROOM "/k", 0));
	ck_assert_uint_eq(onn_array_shape(d->train_x)[0], 2);
	onn_dataset_destroy(d);
	write_digits("1,2,3");
	check_error(
	    onn_dataset_load(&d, "digits", ROOM "/k", 0), ONN_ERROR_FORMAT, "line 4: 3 fields");
	write_digits("1,17,3");
	check_error(onn_dataset_load(&d, "digits", ROOM "/k", 0), ONN_ERROR_FORMAT,
	    "line 4, field 2: expected a whole number from 0 to 16");
	write_digits("1,-1");
	check_error(onn_dataset_load(&d, "digits", ROOM "/k", 0), ONN_ERROR_FORMAT, "field 2");
	write_digits("\n");
	check_error(onn_dataset_load(&d, "digits", ROOM "/k", 0), ONN_ERROR_FORMAT, "line 4");
	check_ok(onn_file_write(ROOM "/k/digits.csv", "", 0));
	check_error(onn_dataset_load(&d, "digits", ROOM "/k", 0), ONN_ERROR_FORMAT, "is empty");
}
END_TEST

/* Adds an array of zeros but for element 1, which is `one`. */
static void put(onn_archive *archive, const char *name, onn_type type, size_t ndim,
    const size_t *shape, double one)
{
	onn_array *wide, *a;
	check_ok(onn_array_create(&wide, ONN_F64, ndim, shape));
	((double *)onn_array_data(wide))[1] = one;
	check_ok(onn_array_convert(&a, wide, type));
	check_ok(onn_archive_put(archive, name, a));
	onn_array_destroy(wide);
	onn_array_destroy(a);
}

static onn_status load_archive(onn_dataset **d, onn_archive *archive)
{
	check_ok(onn_directory_make(ROOM "/l"));
	check_ok(onn_archive_save(archive, ROOM "/l/own.npz"));
	return onn_dataset_load(d, "own.npz", ROOM "/l", 1);
}

START_TEST(a_users_archive_loads_in_each_shape_and_type)
{
	static const struct {
		onn_type type;
		size_t ndim, shape[4], height, width;
		double one, scale;
	} row[] = {
	    {ONN_U8, 3, {10, 4, 6}, 4, 6, 200, 255},
	    {ONN_U8, 3, {10, 4, 6}, 4, 6, 1, 1},
	    {ONN_U8, 4, {10, 1, 4, 6}, 4, 6, 200, 255},
	    {ONN_U8, 4, {10, 4, 6, 1}, 4, 6, 200, 255},
	    {ONN_F32, 2, {10, 49}, 7, 7, 0.5, 1},
	    {ONN_F64, 2, {10, 50}, 1, 50, 0.5, 1},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_archive *archive;
		onn_dataset *d;
		check_ok(onn_archive_create(&archive));
		put(archive, "x", row[i].type, row[i].ndim, row[i].shape, row[i].one);
		put(archive, "y", ONN_I32, 1, (size_t[]){10}, 4);
		check_ok(load_archive(&d, archive));
		ck_assert_str_eq(d->name, "own.npz");
		ck_assert_uint_eq(d->height, row[i].height);
		ck_assert_uint_eq(d->width, row[i].width);
		ck_assert_uint_eq(d->classes, 5);
		ck_assert(d->scale == row[i].scale);
		ck_assert_int_eq(
		    onn_array_type(d->train_x), row[i].type == ONN_U8 ? ONN_U8 : ONN_F32);
		ck_assert_uint_eq(onn_array_shape(d->train_x)[0], 8);
		ck_assert_uint_eq(onn_array_shape(d->test_x)[0], 2);
		onn_dataset_destroy(d);
		onn_archive_destroy(archive);
	}
}
END_TEST

START_TEST(floats_beyond_0_to_1_have_a_range)
{
	static const struct {
		double one, low, high;
	} row[] = {{.5, 0, 1}, {1, 0, 1}, {16, 0, 16}, {-2, -2, 1}};
	for (size_t i = 0; i < COUNT(row); i++) {
		double range[2];
		onn_archive *archive;
		onn_dataset *d;
		check_ok(onn_archive_create(&archive));
		put(archive, "x", ONN_F64, 2, (size_t[]){10, 9}, row[i].one);
		put(archive, "y", ONN_I32, 1, (size_t[]){10}, 4);
		check_ok(load_archive(&d, archive));
		onn_dataset_range(range, d);
		ck_assert_msg(range[0] == row[i].low && range[1] == row[i].high, "%g: %g to %g",
		    row[i].one, range[0], range[1]);
		onn_dataset_destroy(d);
		onn_archive_destroy(archive);
	}
}
END_TEST

START_TEST(a_users_archive_may_have_a_test_part_of_its_own)
{
	onn_archive *archive;
	onn_dataset *d;
	check_ok(onn_archive_create(&archive));
	put(archive, "x", ONN_U8, 3, (size_t[]){10, 4, 6}, 200);
	put(archive, "y", ONN_F64, 2, (size_t[]){10, 1}, 4);
	put(archive, "x_test", ONN_U8, 3, (size_t[]){3, 4, 6}, 200);
	check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, "has no y_test");
	put(archive, "y_test", ONN_U8, 1, (size_t[]){3}, 6);
	check_ok(load_archive(&d, archive));
	ck_assert_uint_eq(d->classes, 7);
	ck_assert_uint_eq(onn_array_shape(d->train_x)[0], 10);
	ck_assert_int_eq(((const unsigned char *)onn_array_const_data(d->train_x))[1], 200);
	ck_assert_int_eq(((const int32_t *)onn_array_const_data(d->test_y))[1], 6);
	onn_dataset_destroy(d);
	put(archive, "x_test", ONN_U8, 3, (size_t[]){3, 6, 4}, 200);
	check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, "4 x 6 to train and 6 x 4");
	put(archive, "x_test", ONN_F32, 3, (size_t[]){3, 4, 6}, 1);
	check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, "x is u8 and x_test is f32");
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(a_users_archive_that_does_not_fit_is_a_format_error)
{
	static const size_t image[] = {10, 4, 6}, ten[] = {10}, nine[] = {9};
	static const struct {
		onn_type x_type;
		size_t x_ndim;
		double x_one;
		onn_type y_type;
		const size_t *y_shape;
		double y_one;
		const char *part;
	} row[] = {
	    {ONN_I32, 3, 1, ONN_I32, ten, 1, "elements of x are whole numbers of another type"},
	    {ONN_C64, 3, 1, ONN_I32, ten, 1, "elements of x are c64"},
	    {ONN_U8, 1, 1, ONN_I32, ten, 1, "x is [10]; expected"},
	    {ONN_F32, 3, NAN, ONN_I32, ten, 1, "element 1 of x is not finite"},
	    {ONN_F64, 3, 1e300, ONN_I32, ten, 1, "element 1 of x is not finite"},
	    {ONN_U8, 3, 1, ONN_I32, nine, 1, "y is [9]; expected [10]"},
	    {ONN_U8, 3, 1, ONN_I32, ten, -1, "label 1 in y is -1"},
	    {ONN_U8, 3, 1, ONN_F32, ten, 0.5, "label 1 in y is 0.5"},
	    {ONN_U8, 3, 1, ONN_F64, ten, NAN, "label 1 in y is"},
	    {ONN_U8, 3, 1, ONN_I32, ten, 1e9, "label 1 in y is 1e+09"},
	    {ONN_U8, 3, 1, ONN_C64, ten, 1, "y is complex"},
	    {ONN_U8, 3, 1, ONN_I32, ten, 0, "every label is 0"},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_archive *archive;
		onn_dataset *d;
		check_ok(onn_archive_create(&archive));
		put(archive, "x", row[i].x_type, row[i].x_ndim, image, row[i].x_one);
		put(archive, "y", row[i].y_type, 1, row[i].y_shape, row[i].y_one);
		check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, row[i].part);
		ck_assert_ptr_null(d);
		onn_archive_destroy(archive);
	}
	onn_archive *archive;
	onn_dataset *d;
	check_ok(onn_archive_create(&archive));
	check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, "has no x");
	put(archive, "x", ONN_U8, 3, (size_t[]){1, 4, 6}, 200);
	put(archive, "y", ONN_I32, 1, (size_t[]){2}, 1);
	check_error(load_archive(&d, archive), ONN_ERROR_FORMAT, "y is [2]; expected [1]");
	onn_archive_destroy(archive);
	check_error(onn_dataset_load(&d, "none.npz", NULL, 0), ONN_ERROR_FILE, "none.npz");
}
END_TEST

START_TEST(an_unknown_name_brings_the_nearest_known_one)
{
	static const char *const row[][2] = {{"mnits", "\"mnist\""},
	    {"fashion-mnist", "\"fashion\""}, {"kminst", "\"kmnist\""},
	    {"emnist-balanced", "\"emnist\""}, {"digit", "\"digits\""}};
	onn_dataset *d;
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(
		    onn_dataset_load(&d, row[i][0], NULL, 0), ONN_ERROR_ARGUMENT, row[i][1]);
		ck_assert_ptr_null(d);
	}
	check_error(onn_dataset_load(&d, "", NULL, 0), ONN_ERROR_ARGUMENT, "expected digits");
	check_error(onn_dataset_load(&d, NULL, NULL, 0), ONN_ERROR_ARGUMENT, "name is NULL");
	char *name = malloc(5000);
	memset(name, 'm', 4999);
	name[4999] = 0;
	check_error(onn_dataset_load(&d, name, name, 0), ONN_ERROR_ARGUMENT, "mmm");
	memcpy(name + 4995, ".npz", 5);
	check_error(onn_dataset_load(&d, name, name, 0), ONN_ERROR_FILE, "mmm");
	free(name);
	onn_dataset_destroy(NULL);
}
END_TEST

START_TEST(every_known_set_says_what_it_holds_and_where_it_is)
{
	size_t count = 0;
	for (const onn_dataset_info *info; (info = onn_dataset_known(count)); count++) {
		onn_dataset *d = NULL;
		onn_status status =
		    onn_dataset_load(&d, info->name, count ? ROOM "/none" : NULL, 0);
		if (status == ONN_OK)
			ck_assert_uint_eq(d->classes, info->classes);
		else
			ck_assert(status == ONN_ERROR_FILE && strstr(onn_last_error(), info->page));
		ck_assert(info->title[0] && info->licence[0] && info->train >= info->test &&
		          info->test > 0);
		onn_dataset_destroy(d);
	}
	ck_assert_uint_gt(count, 4);
	ck_assert_str_eq(onn_dataset_known(0)->name, "digits");
	ck_assert_ptr_null(onn_dataset_known(count));
	ck_assert_ptr_null(onn_dataset_known(SIZE_MAX));
}
END_TEST

int main(void)
{
	unsetenv("ONN_DATA_DIR");
	return run_tests("dataset",
	    (const TTest *[]){idx_sets_load_plain_and_gzipped_from_the_folder_and_its_subfolder,
	        the_folder_in_the_environment_comes_after_the_one_that_is_named,
	        a_folder_of_the_sets_own_goes_before_one_of_equal_file_names,
	        emnist_is_turned_upright_and_has_47_classes,
	        a_missing_set_says_which_files_from_which_page_into_which_folder,
	        mismatched_and_damaged_idx_files_are_format_errors,
	        damaged_gzip_files_are_format_errors,
	        the_digits_need_no_folder_and_split_by_the_seed,
	        a_digits_file_of_ones_own_is_checked_line_by_line,
	        a_users_archive_loads_in_each_shape_and_type, floats_beyond_0_to_1_have_a_range,
	        a_users_archive_may_have_a_test_part_of_its_own,
	        a_users_archive_that_does_not_fit_is_a_format_error,
	        an_unknown_name_brings_the_nearest_known_one,
	        every_known_set_says_what_it_holds_and_where_it_is, NULL});
}
