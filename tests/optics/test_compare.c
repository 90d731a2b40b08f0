/* Likeness of pictures. */
#include <onn/elements.h>

#include "testing.h"

enum { NY = 24, NX = 31 };

static onn_array *picture(onn_type type, size_t ny, size_t nx, const double *value)
{
	onn_array *wide, *a;
	check_ok(onn_array_from(&wide, ONN_F64, 2, (size_t[]){ny, nx}, value));
	check_ok(onn_array_convert(&a, wide, type));
	onn_array_destroy(wide);
	return a;
}

/* Two pictures that a formula makes; the second is the target. */
static void draw(double *x, double *y, size_t ny, size_t nx)
{
	for (size_t i = 0; i < ny; i++)
		for (size_t k = 0; k < nx; k++) {
			double u = (double)i, v = (double)k;
			y[i * nx + k] = .5 + .5 * sin(.4 * u) * cos(.3 * v + .01 * u * v);
			x[i * nx + k] = .8 * y[i * nx + k] + .1 + .1 * sin(1.7 * u + 2.3 * v);
		}
}

static onn_likeness compare(onn_type type, size_t ny, size_t nx, const double *x, const double *y)
{
	onn_likeness l;
	onn_array *a = picture(type, ny, nx, x), *b = picture(type, ny, nx, y);
	check_ok(onn_compare_pictures(&l, a, b, 1));
	onn_array_destroy(a);
	onn_array_destroy(b);
	return l;
}

/* Numbers of scikit-image 0.26 and NumPy for the same pictures: structural_similarity with
 * gaussian_weights, use_sample_covariance=False, data_range=1. */
START_TEST(figures_agree_with_those_of_scikit_image)
{
	double x[NY * NX], y[NY * NX];
	draw(x, y, NY, NX);
	onn_likeness l = compare(ONN_F64, NY, NX, x, y);
	check_near(l.mse, .007510924474787549, 1e-14);
	check_near(l.psnr, 21.243066049946183, 1e-10);
	check_near(l.ssim, .8878794655244387, 1e-12);
	check_near(l.correlation, .9430082714121601, 1e-12);
	check_near(l.efficiency, .6839303602721409, 1e-12);
	l = compare(ONN_F32, NY, NX, x, y);
	check_near(l.ssim, .8878794655244387, 1e-6);
}
END_TEST

START_TEST(equal_pictures_are_alike)
{
	double x[NY * NX], y[NY * NX];
	draw(x, y, NY, NX);
	onn_likeness l = compare(ONN_F64, NY, NX, y, y);
	ck_assert(l.mse == 0 && isinf(l.psnr) && l.psnr > 0);
	check_near(l.ssim, 1, 1e-14);
	check_near(l.correlation, 1, 1e-14);
	for (size_t i = 0; i < NY * NX; i++)
		x[i] = 1 - y[i];
	l = compare(ONN_F64, NY, NX, x, y);
	check_near(l.correlation, -1, 1e-13);
	ck_assert(l.ssim < 0);
}
END_TEST

START_TEST(small_and_flat_pictures_have_finite_figures)
{
	double x[36], y[36];
	draw(x, y, 6, 6);
	for (size_t n = 1; n <= 6; n++) {
		onn_likeness l = compare(ONN_F64, n, 6, x, y);
		ck_assert(l.ssim > 0 && l.ssim < 1);
	}
	memset(x, 0, sizeof x);
	onn_likeness l = compare(ONN_F64, 6, 6, x, y);
	ck_assert(l.correlation == 0 && l.efficiency == 0);
	check_near(compare(ONN_F64, 6, 6, x, x).ssim, 1, 0);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	double x[36] = {0};
	onn_likeness l;
	onn_array *a = picture(ONN_F64, 6, 6, x), *b = picture(ONN_F64, 4, 9, x);
	onn_array *c = picture(ONN_C64, 6, 6, x);
	check_error(onn_compare_pictures(&l, a, b, 1), ONN_ERROR_ARGUMENT, "[4, 9]");
	check_error(
	    onn_compare_pictures(&l, a, c, 1), ONN_ERROR_ARGUMENT, "target has 2 axes of c64");
	check_error(onn_compare_pictures(&l, NULL, a, 1), ONN_ERROR_ARGUMENT, "picture");
	check_error(onn_compare_pictures(&l, a, a, 0), ONN_ERROR_ARGUMENT, "peak is 0");
	check_error(onn_compare_pictures(&l, a, a, NAN), ONN_ERROR_ARGUMENT, "peak is");
	onn_array_destroy(a);
	onn_array_destroy(b);
	onn_array_destroy(c);
}
END_TEST

TESTS("compare", figures_agree_with_those_of_scikit_image, equal_pictures_are_alike,
    small_and_flat_pictures_have_finite_figures, wrong_arguments_are_refused)
