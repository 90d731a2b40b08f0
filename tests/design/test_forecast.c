/* What is known of a design before it runs. */
#include "bench.h"

static const double pi = 3.14159265358979323846;

static onn_design_forecast foresee(
    const onn_design *d, const onn_array *target, const onn_array *source)
{
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_forecast f;

	in.target = target;
	in.source = source;
	check_ok(onn_design_foresee(&f, d, &in, device));
	return f;
}

static onn_array *even(size_t n)
{
	onn_array *a;

	check_ok(onn_array_create(&a, ONN_F64, 2, (size_t[]){n, n}));
	for (size_t i = 0; i < n * n; i++)
		((double *)onn_array_data(a))[i] = 1;
	return a;
}

START_TEST(the_tutorial_reaches_its_face_and_stays_on_the_grid)
{
	onn_design d = ONN_DESIGN_INIT;
	onn_design_forecast f = foresee(&d, NULL, NULL);

	/* 250 um pixels turn 550 nm by 1.1 mrad, over 1.6 m */
	check_near(f.reach, 1.6 * tan(asin(550e-9 / 500e-6)), 1e-15);
	ck_assert(f.unreached == 0 && f.padding == 0);
	ck_assert_msg(f.aperture > 5.5e-3 && f.aperture < 6.5e-3, "%g", f.aperture);
	ck_assert(f.distance < 10e-3);
	/* and on any grid, whose arrays are not made for it */
	d.pixels = 32768;
	d.distance *= 128 / 32768. * 1;
	f = foresee(&d, NULL, NULL);
	ck_assert(f.unreached == 0);
	ck_assert(f.bytes > 32768. * 32768 * 8 * 64 && f.memory < INFINITY);
}
END_TEST

/* The command's own example of before: a picture that fills the grid, a disc of 8 mm, 3.5 mm to
 * turn aside. */
START_TEST(a_picture_beyond_the_reach_is_told_with_what_would_reach_it)
{
	onn_design d = ONN_DESIGN_INIT;
	d.pixels = 256;
	onn_array *picture = even(256);
	onn_design_forecast f = foresee(&d, picture, NULL);
	double r = 8e-3 + f.reach;

	check_near(f.reach, 3.52e-3, 1e-5);
	/* from what is beyond the square about the disc to what is beyond the circle */
	ck_assert(f.unreached > 1 - 4 * r * r / (32e-3 * 32e-3) - .05);
	ck_assert(f.unreached < 1 - pi * r * r / (32e-3 * 32e-3));
	d.aperture = f.aperture;
	ck_assert(foresee(&d, picture, NULL).unreached < .01);
	d.aperture = 8e-3;
	d.distance = f.distance;
	ck_assert(foresee(&d, picture, NULL).unreached < .01);
	onn_array_destroy(picture);
}
END_TEST

START_TEST(a_source_of_a_file_counts_where_it_shines)
{
	enum { M = 64 };
	onn_design d = ONN_DESIGN_INIT;
	onn_array *target = even(M), *source = even(M);
	double *e = onn_array_data(source);

	d.pixels = M;
	ck_assert(foresee(&d, target, source).unreached == 0);
	for (size_t i = 0; i < M * M; i++)
		e[i] = i % M < M / 4 ? 2 : 1e-3;
	onn_design_forecast f = foresee(&d, target, source);
	/* of 64 columns 16 shine; .9 mm are 1 of 500 um, and there is one of grace */
	check_near(f.unreached, (64. - 16 - 2) / 64, 1e-12);
	onn_array_destroy(target);
	onn_array_destroy(source);
}
END_TEST

START_TEST(light_that_leaves_the_grid_asks_for_padding)
{
	onn_design d = ONN_DESIGN_INIT;

	d.aperture = 14e-3;
	d.plates = 5;
	d.distance = 1;
	onn_design_forecast f = foresee(&d, NULL, NULL);
	ck_assert_uint_eq(f.padding, 5); /* 1.1 mm a space, of 250 um */
	d.padding = 5;
	ck_assert_uint_eq(foresee(&d, NULL, NULL).padding, 0);
	d.padding = 0;
	d.wavelength = 1e-3; /* pixels of less than half a wavelength turn light anywhere */
	f = foresee(&d, NULL, NULL);
	ck_assert(f.reach == INFINITY && f.unreached == 0 && f.distance == 0);
	ck_assert_uint_eq(f.padding, 32768);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
	onn_design d = ONN_DESIGN_INIT;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_forecast f;
	onn_array *a = even(3);

	in.source = a;
	check_error(onn_design_foresee(&f, &d, &in, NULL), ONN_ERROR_ARGUMENT, "source is [3, 3]");
	check_error(onn_design_foresee(&f, NULL, NULL, NULL), ONN_ERROR_ARGUMENT, "no design");
	d.plates = 0;
	check_error(onn_design_foresee(&f, &d, NULL, NULL), ONN_ERROR_ARGUMENT, "plates is 0");
	onn_array_destroy(a);
}
END_TEST

TESTS_ON_DEVICE("forecast", the_tutorial_reaches_its_face_and_stays_on_the_grid,
    a_picture_beyond_the_reach_is_told_with_what_would_reach_it,
    a_source_of_a_file_counts_where_it_shines, light_that_leaves_the_grid_asks_for_padding,
    what_is_wrong_is_named)
