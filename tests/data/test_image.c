#include "testing.h"

#include <onn/image.h>

#include "core/os.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/data/fixtures/" name

START_TEST(pngs_of_each_kind_load_as_grey)
{
	static const struct {
		const char *path;
		double want[6];
	} row[] = {
	    {FIXTURE("grey8.png"), {0, 0.2, 0.4, 0.6, 0.8, 1}},
	    {FIXTURE("interlaced8.png"), {0, 0.2, 0.4, 0.6, 0.8, 1}},
	    {FIXTURE("grey16.png"),
	        {0, 1 / 65535.0, 32768 / 65535.0, 65534 / 65535.0, 1, 257 / 65535.0}},
	    {FIXTURE("grey1.png"), {0, 1, 0, 1, 0, 1}},
	    {FIXTURE("grey_alpha8.png"), {0, 0.2, 1, 0.2, 0.04, 0}},
	    {FIXTURE("rgb8.png"), {0.299, 0.587, 0.114, 1, 0, 0.2}},
	    {FIXTURE("rgba16.png"), {1, 0, 0, 0.2, 0.2, 0}},
	    {FIXTURE("palette2.png"), {0, 1, 0.2, 0.2, 1, 0}},
	    {FIXTURE("palette_alpha8.png"), {0, 0.2, 0.2, 0.2, 0.2, 0}},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		static const size_t shape[] = {2, 3};
		onn_array *a;
		check_ok(onn_image_load(&a, row[i].path));
		ck_assert_int_eq(onn_array_type(a), ONN_F64);
		ck_assert_uint_eq(onn_array_ndim(a), 2);
		ck_assert_mem_eq(onn_array_shape(a), shape, sizeof shape);
		const double *x = onn_array_const_data(a);
		for (int k = 0; k < 6; k++)
			ck_assert_msg(fabs(x[k] - row[i].want[k]) <= 2e-7,
			    "%s: %d is %.9g, not %.9g", row[i].path, k, (double)x[k],
			    row[i].want[k]);
		onn_array_destroy(a);
	}
}
END_TEST

START_TEST(saved_pictures_load_as_they_were_and_floats_are_cut)
{
	static const double x[] = {-3, 0.25, 0.5, 1e-6, 1, INFINITY};
	static const unsigned char pixel[] = {0, 1, 77, 128, 254, 255};
	onn_array *a, *bytes, *b;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 3}, x));
	check_ok(onn_array_from(&bytes, ONN_U8, 2, (size_t[]){3, 2}, pixel));
	for (int bits = 8; bits <= 16; bits += 8) {
		double full = bits == 8 ? 255 : 65535;
		check_ok(onn_image_save(a, "test_image_1.png", bits));
		check_ok(onn_image_load(&b, "test_image_1.png"));
		const double *y = onn_array_const_data(b);
		for (int i = 0; i < 6; i++)
			check_near(y[i], floor(fmax(0, fmin(1, x[i])) * full + 0.5) / full, 1e-7);
		onn_array_destroy(b);
		check_ok(onn_image_save(bytes, "test_image_1.png", bits));
		check_ok(onn_image_load(&b, "test_image_1.png"));
		ck_assert_uint_eq(onn_array_shape(b)[0], 3);
		y = onn_array_const_data(b);
		for (int i = 0; i < 6; i++)
			check_near(y[i], pixel[i] / 255.0, 1e-7);
		onn_array_destroy(b);
	}
	onn_array_destroy(a);
	onn_array_destroy(bytes);
	remove("test_image_1.png");
}
END_TEST

START_TEST(colours_are_saved_in_their_order)
{
	static const float rgb[] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};
	onn_array *a, *b;
	check_ok(onn_array_from(&a, ONN_F32, 3, (size_t[]){2, 2, 3}, rgb));
	check_ok(onn_image_save(a, "test_image_2.png", 8));
	check_ok(onn_image_load(&b, "test_image_2.png"));
	const double *y = onn_array_const_data(b);
	check_near(y[0], 0.299, 1e-7);
	check_near(y[1], 0.587, 1e-7);
	check_near(y[2], 0.114, 1e-7);
	check_near(y[3], 1, 1e-7);
	onn_array_destroy(a);
	onn_array_destroy(b);
	remove("test_image_2.png");
}
END_TEST

START_TEST(wrong_arguments_and_files_are_errors)
{
	onn_array *a, *loaded;
	check_ok(onn_array_create(&a, ONN_F32, 2, (size_t[]){2, 0}));
	check_error(onn_image_save(a, "none.png", 8), ONN_ERROR_ARGUMENT, "a is [2, 0]");
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_F32, 3, (size_t[]){2, 2, 2}));
	check_error(onn_image_save(a, "none.png", 8), ONN_ERROR_ARGUMENT, "a is [2, 2, 2]");
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_U8, 2, (size_t[]){1, 32769}));
	check_error(onn_image_save(a, "none.png", 8), ONN_ERROR_ARGUMENT, "1 to 32768");
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_C64, 2, (size_t[]){2, 2}));
	check_error(onn_image_save(a, "none.png", 8), ONN_ERROR_ARGUMENT, "a is c64");
	onn_array_destroy(a);
	check_ok(onn_array_from(&a, ONN_F32, 2, (size_t[]){1, 2}, (float[]){0, NAN}));
	check_error(onn_image_save(a, "none.png", 8), ONN_ERROR_ARGUMENT, "element 1 is NaN");
	check_error(onn_image_save(a, "none.png", 4), ONN_ERROR_ARGUMENT, "bits is 4");
	((float *)onn_array_data(a))[1] = 1;
	check_error(onn_image_save(a, "no such folder/a.png", 8), ONN_ERROR_FILE, "no such folder");
	onn_array_destroy(a);
	check_error(onn_image_load(&loaded, "none.png"), ONN_ERROR_FILE, "none.png");
	check_error(onn_image_load(&loaded, FIXTURE("make.py")), ONN_ERROR_FORMAT,
	    "make.py is no PNG, TIFF or JPEG");
	ck_assert_ptr_null(loaded);
}
END_TEST

START_TEST(damaged_pngs_are_format_errors)
{
	onn_array *a;
	unsigned char *file;
	size_t bytes;
	check_ok(onn_file_read((void **)&file, &bytes, FIXTURE("rgb8.png")));
	for (size_t left = 8; left < bytes; left++) {
		check_ok(onn_file_write("test_image_3.png", file, left));
		check_error(
		    onn_image_load(&a, "test_image_3.png"), ONN_ERROR_FORMAT, "damaged PNG");
		ck_assert_ptr_null(a);
	}
	file[bytes - 14] ^= 1; /* in the pixels' checksum */
	check_ok(onn_file_write("test_image_3.png", file, bytes));
	check_error(onn_image_load(&a, "test_image_3.png"), ONN_ERROR_FORMAT, "damaged PNG");
	onn_free(file);
	remove("test_image_3.png");
}
END_TEST

/* A PNG whose header claims a size, the header's own checksum being right. */
static void write_claim(const char *path, unsigned width, unsigned height)
{
	unsigned char file[45] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
	for (int i = 0; i < 4; i++) {
		file[16 + i] = (unsigned char)(width >> (24 - 8 * i));
		file[20 + i] = (unsigned char)(height >> (24 - 8 * i));
	}
	file[24] = 8;
	uint32_t crc = UINT32_MAX;
	for (int i = 12; i < 29; i++) {
		crc ^= file[i];
		for (int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	crc = ~crc;
	for (int i = 0; i < 4; i++)
		file[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
	memcpy(file + 33, "\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
	check_ok(onn_file_write(path, file, sizeof file));
}

START_TEST(a_header_that_claims_a_huge_picture_is_refused)
{
	onn_array *a;
	write_claim("test_image_4.png", 40000, 1);
	check_error(onn_image_load(&a, "test_image_4.png"), ONN_ERROR_FORMAT, "damaged PNG");
	write_claim("test_image_4.png", 32768, 32768);
	check_error(onn_image_load(&a, "test_image_4.png"), ONN_ERROR_FORMAT, "too short");
	write_claim("test_image_4.png", 0, 5);
	check_error(onn_image_load(&a, "test_image_4.png"), ONN_ERROR_FORMAT, "damaged PNG");
	remove("test_image_4.png");
}
END_TEST

START_TEST(the_size_is_known_from_the_first_bytes)
{
	size_t height, width, bytes;
	void *file;
	onn_array *a;
	check_ok(onn_image_size(&height, &width, FIXTURE("interlaced8.png")));
	check_ok(onn_image_load(&a, FIXTURE("interlaced8.png")));
	ck_assert(height == onn_array_shape(a)[0] && width == onn_array_shape(a)[1]);
	onn_array_destroy(a);
	check_ok(onn_file_read(&file, &bytes, FIXTURE("interlaced8.png")));
	check_ok(onn_file_write("test_image_5.png", file, 24));
	check_ok(onn_image_size(&height, &width, "test_image_5.png"));
	check_ok(onn_file_write("test_image_5.png", file, 23));
	check_error(onn_image_size(&height, &width, "test_image_5.png"), ONN_ERROR_FORMAT,
	    "test_image_5.png is no PNG, TIFF or JPEG");
	check_error(onn_image_size(&height, &width, "none.png"), ONN_ERROR_FILE, "none.png");
	onn_free(file);
	remove("test_image_5.png");
}
END_TEST

TESTS("image", the_size_is_known_from_the_first_bytes, pngs_of_each_kind_load_as_grey,
    saved_pictures_load_as_they_were_and_floats_are_cut, colours_are_saved_in_their_order,
    wrong_arguments_and_files_are_errors, damaged_pngs_are_format_errors,
    a_header_that_claims_a_huge_picture_is_refused)
