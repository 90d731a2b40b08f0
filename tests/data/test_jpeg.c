/* JPEGs in: grey and colours, in one pass or several. */
#include <onn/image.h>

#include "core/os.h"
#include "testing.h"

#define FIXTURE(name) ONN_SOURCE_DIR "/tests/data/fixtures/" name

#ifdef ONN_HAVE_JPEG

START_TEST(shades_are_within_what_compression_loses)
{
	onn_array *a;
	size_t height, width;
	check_ok(onn_image_size(&height, &width, FIXTURE("ramp.jpg")));
	ck_assert(height == 40 && width == 56);
	check_ok(onn_image_load(&a, FIXTURE("ramp.jpg")));
	ck_assert(onn_array_shape(a)[0] == 40 && onn_array_shape(a)[1] == 56);
	for (int y = 0; y < 40; y++)
		for (int x = 0; x < 56; x++)
			check_near(((const double *)onn_array_const_data(a))[56 * y + x],
			    (x + y) / 94., 3 / 255.);
	onn_array_destroy(a);
}
END_TEST

START_TEST(colours_become_the_greys_that_pngs_have)
{
	static const double shade[] = {.299, .587, .114};
	onn_array *a;
	check_ok(onn_image_load(&a, FIXTURE("colours.jpg")));
	for (int i = 0; i < 16 * 24; i++)
		check_near(
		    ((const double *)onn_array_const_data(a))[i], shade[i % 24 / 8], 4 / 255.);
	onn_array_destroy(a);
}
END_TEST

START_TEST(cut_and_spoilt_files_are_refused)
{
	static const char *const path[] = {FIXTURE("ramp.jpg"), FIXTURE("colours.jpg")};
	for (size_t k = 0; k < COUNT(path); k++) {
		void *data;
		size_t bytes;
		check_ok(onn_file_read(&data, &bytes, path[k]));
		for (size_t i = 0; i < bytes; i++) {
			onn_array *a;
			unsigned char *p = data, old = p[i];
			if (i + 2 < bytes) { /* the end's marker may be missing */
				check_ok(onn_file_write("spoilt.jpg", data, i));
				check_error(onn_image_load(&a, "spoilt.jpg"), ONN_ERROR_FORMAT,
				    "spoilt.jpg");
				ck_assert_ptr_null(a);
			}
			p[i] = (unsigned char)(old ^ 0x55);
			check_ok(onn_file_write("spoilt.jpg", data, bytes));
			p[i] = old;
			onn_status status = onn_image_load(&a, "spoilt.jpg");
			ck_assert(!status == (a != NULL));
			ck_assert(!status || strstr(onn_last_error(), "spoilt.jpg"));
			onn_array_destroy(a);
		}
		onn_free(data);
	}
}
END_TEST

START_TEST(none_is_written)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F64, 2, (size_t[]){2, 2}));
	check_error(onn_image_save(a, "x.jpg", 8), ONN_ERROR_UNSUPPORTED, "expected .png or .tif");
	onn_array_destroy(a);
}
END_TEST

TESTS("jpeg", shades_are_within_what_compression_loses, colours_become_the_greys_that_pngs_have,
    cut_and_spoilt_files_are_refused, none_is_written)

#else

START_TEST(without_its_library_a_file_is_an_error_that_says_so)
{
	onn_array *a;
	check_error(onn_image_load(&a, FIXTURE("ramp.jpg")), ONN_ERROR_UNSUPPORTED, "libjpeg");
	ck_assert_ptr_null(a);
}
END_TEST

TESTS("jpeg", without_its_library_a_file_is_an_error_that_says_so)

#endif
