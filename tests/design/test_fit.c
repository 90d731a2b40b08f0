/* Pictures of another size as targets. */
#include <onn/design.h>
#include <onn/image.h>

#include "testing.h"

static onn_array *picture(size_t h, size_t w, const double *x)
{
	onn_array *a;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){h, w}, x));
	return a;
}

START_TEST(a_picture_of_the_same_size_is_itself)
{
	static const double x[] = {0, 0.5, 1, 0.25, 1, 0, 0.125, 0.75, 0.5};
	onn_array *a = picture(3, 3, x), *t;

	check_ok(onn_design_fit(&t, a, 3));
	ck_assert_mem_eq(onn_array_const_data(t), x, sizeof x);
	onn_array_destroy(a);
	onn_array_destroy(t);
}
END_TEST

START_TEST(a_wide_picture_is_centred_in_the_dark_and_keeps_its_mean)
{
	static const double x[] = {1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5};
	static const double small[] = {0.5, 0.25, 0.5, 0.25},
	                    large[] = {0, 0, 0, 0, 1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5, 0, 0, 0, 0};
	onn_array *a = picture(2, 4, x), *t;

	check_ok(onn_design_fit(&t, a, 4));
	ck_assert_mem_eq(onn_array_const_data(t), large, sizeof large);
	onn_array_destroy(t);
	/* half a pixel of light, half of dark: taken as it is */
	check_ok(onn_design_fit(&t, a, 2));
	for (int i = 0; i < 4; i++)
		check_near(((const double *)onn_array_const_data(t))[i], 2 * small[i], 1e-15);
	onn_array_destroy(t);
	onn_array_destroy(a);
}
END_TEST

START_TEST(pixels_are_means_where_edges_cut)
{
	static const double x[] = {0, 0, 0, 0, 9, 0, 0, 0, 0};
	onn_array *a = picture(3, 3, x), *t;

	/* each pixel covers 1.5 x 1.5 of the picture's, a quarter of its bright one */
	check_ok(onn_design_fit(&t, a, 2));
	for (int i = 0; i < 4; i++)
		check_near(((const double *)onn_array_const_data(t))[i], 9 * .25 / 2.25, 1e-15);
	onn_array_destroy(t);
	onn_array_destroy(a);
}
END_TEST

/* Row by row from a file as whole from memory, to the bit, larger and smaller than the target. */
START_TEST(a_file_is_fitted_as_its_picture)
{
	static const size_t shape[][3] = {{7, 11, 5}, {7, 11, 40}, {64, 9, 13}, {33, 33, 33}};
	static const char path[] = "test_design_fit.png";

	for (size_t k = 0; k < COUNT(shape); k++) {
		onn_array *a, *back, *t, *u;
		check_ok(onn_array_create(&a, ONN_F64, 2, shape[k]));
		for (size_t i = 0; i < onn_array_count(a); i++)
			((double *)onn_array_data(a))[i] = (double)(i * i % 251) / 250;
		check_ok(onn_image_save(a, path, 16));
		check_ok(onn_image_load(&back, path));
		check_ok(onn_design_fit(&t, back, shape[k][2]));
		check_ok(onn_design_fit_file(&u, path, shape[k][2]));
		ck_assert_mem_eq(onn_array_const_data(t), onn_array_const_data(u),
		    shape[k][2] * shape[k][2] * sizeof(double));
		onn_array_destroy(a);
		onn_array_destroy(back);
		onn_array_destroy(t);
		onn_array_destroy(u);
	}
	onn_array *none;
	check_error(onn_design_fit_file(&none, "no.png", 3), ONN_ERROR_FILE, "no.png");
	check_error(onn_design_fit_file(&none, path, 0), ONN_ERROR_ARGUMENT, "no pixels");
	ck_assert_ptr_null(none);
	remove(path);
}
END_TEST

START_TEST(what_is_no_picture_is_refused)
{
	static const double x[] = {1, 2};
	onn_array *line, *pair, *t;

	check_ok(onn_array_from(&line, ONN_F64, 1, (size_t[]){2}, x));
	check_ok(onn_array_from(&pair, ONN_C128, 2, (size_t[]){1, 1}, x));
	check_error(onn_design_fit(&t, line, 2), ONN_ERROR_ARGUMENT, "1 axes of f64");
	check_error(onn_design_fit(&t, pair, 2), ONN_ERROR_ARGUMENT, "2 axes of c128");
	check_error(onn_design_fit(&t, NULL, 2), ONN_ERROR_ARGUMENT, "nothing");
	ck_assert_ptr_null(t);
	onn_array_destroy(line);
	onn_array_destroy(pair);
}
END_TEST

TESTS("fit", a_picture_of_the_same_size_is_itself,
    a_wide_picture_is_centred_in_the_dark_and_keeps_its_mean, pixels_are_means_where_edges_cut,
    a_file_is_fitted_as_its_picture, what_is_no_picture_is_refused)
