/* What a design starts from: what is taken, and what is refused by name. */
#include "bench.h"

/* Tries to begin with an input; 0 array: none. */
static onn_status begin(const char *what, const onn_array *a, const onn_design *d)
{
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_designer *designer;

	if (!strcmp(what, "target"))
		in.target = a, in.target_name = "given.npy";
	else if (!strcmp(what, "source"))
		in.source = a, in.source_name = "given.npy";
	else
		in.start = a, in.start_name = "given.npy";
	onn_status status = onn_designer_create(&designer, d, &in, NULL, device);
	ck_assert(!status == (designer != NULL));
	onn_designer_destroy(designer);
	return status;
}

static onn_array *ones(onn_type type, size_t ndim, const size_t *shape)
{
	onn_array *f64, *a;
	check_ok(onn_array_create(&f64, ONN_F64, ndim, shape));
	for (size_t i = 0; i < onn_array_count(f64); i++)
		((double *)onn_array_data(f64))[i] = 1;
	check_ok(onn_array_convert(&a, f64, type));
	onn_array_destroy(f64);
	return a;
}

START_TEST(shapes_and_types_are_checked)
{
	static const size_t good[] = {PLATES, N, N},
	                    wrong[][3] = {{N, N - 1, 0}, {N - 1, N, 0}, {1, N, N}, {PLATES, N, N},
	                        {PLATES, N, N - 1}};
	static const size_t axes[] = {2, 2, 3, 3, 3};
	static const char *const what[] = {"target", "source", "start"};
	onn_design d = small_design();

	for (size_t w = 0; w < COUNT(what); w++) {
		for (size_t i = 0; i < COUNT(wrong); i++) {
			if (w == 2 && i == 3)
				continue; /* what a start is like */
			onn_array *a = ones(ONN_F64, axes[i], wrong[i]);
			check_error(begin(what[w], a, &d), ONN_ERROR_ARGUMENT,
			    w == 2 ? "given.npy is [" : "expected [12, 12]");
			onn_array_destroy(a);
		}
		for (int type = ONN_U8; type <= ONN_C128; type++) {
			onn_array *a = ones((onn_type)type, w == 2 ? 3 : 2, good + (w != 2));
			if (w == 0 && onn_type_is_complex((onn_type)type))
				check_error(begin(what[w], a, &d), ONN_ERROR_ARGUMENT,
				    "target given.npy is c");
			else
				check_ok(begin(what[w], a, &d));
			onn_array_destroy(a);
		}
	}
}
END_TEST

START_TEST(values_are_checked_and_their_places_told)
{
	static const struct {
		const char *what;
		size_t ndim;
		double value;
		const char *expected;
	} row[] = {{"target", 2, NAN, "target given.npy holds nan+0i at [3, 5]; expected finite"},
	    {"target", 2, INFINITY, "holds inf+0i at [3, 5]"},
	    {"target", 2, -0.5, "target given.npy holds -0.5 at [3, 5]; an intensity is not"},
	    {"source", 2, NAN, "source given.npy holds nan+0i at [3, 5]"},
	    {"start", 3, INFINITY, "start given.npy holds inf+0i at [1, 3, 5]"}};
	static const size_t shape[] = {PLATES, N, N};
	onn_design d = small_design();

	for (size_t i = 0; i < COUNT(row); i++) {
		onn_array *a = ones(ONN_F64, row[i].ndim, shape + 3 - row[i].ndim);
		size_t plane = row[i].ndim == 3 ? PIXELS : 0;
		((double *)onn_array_data(a))[plane + 3 * N + 5] = row[i].value;
		check_error(begin(row[i].what, a, &d), ONN_ERROR_ARGUMENT, row[i].expected);
		onn_array_destroy(a);
	}
	onn_array *dark;
	check_ok(onn_array_create(&dark, ONN_F32, 2, shape + 1));
	check_error(begin("target", dark, &d), ONN_ERROR_ARGUMENT, "is dark everywhere");
	onn_array_destroy(dark);
}
END_TEST

START_TEST(light_that_is_not_finite_is_found_before_the_first_step)
{
	static const size_t shape[] = {N, N};
	onn_design d = small_design();
	onn_array *dark, *bright = ones(ONN_F64, 2, shape);

	check_ok(onn_array_create(&dark, ONN_F64, 2, shape));
	for (size_t i = 0; i < PIXELS; i++)
		((double *)onn_array_data(bright))[i] = 1e200;
	check_error(
	    begin("source", bright, &d), ONN_ERROR_NUMERIC, "loss before the first step is");
	d.loss = ONN_DESIGN_LOSS_CORRELATION;
	check_error(begin("source", dark, &d), ONN_ERROR_NUMERIC, "not dark");
	d.loss = ONN_DESIGN_LOSS_OVERLAP;
	check_error(begin("source", dark, &d), ONN_ERROR_NUMERIC, "not dark");
	onn_array_destroy(dark);
	onn_array_destroy(bright);
}
END_TEST

START_TEST(the_standard_is_a_smiley_a_disc_and_ones)
{
	onn_design d = small_design();
	onn_designer *designer;
	onn_array *smiley, *disc, *plate;

	d.aperture = 13e-6; /* 2.6 pixels */
	check_ok(onn_designer_create(&designer, &d, NULL, NULL, device));
	check_ok(onn_design_smiley(&smiley, N));
	check_ok(onn_design_disc(&disc, &d));
	const double *e = onn_array_const_data(onn_designer_source(designer));
	const double *t = onn_array_const_data(onn_designer_target(designer));
	ck_assert_mem_eq(t, onn_array_const_data(smiley), PIXELS * sizeof *t);
	for (size_t i = 0; i < PIXELS; i++) {
		int y = (int)(i / N) - N / 2, x = (int)(i % N) - N / 2;
		ck_assert(e[2 * i] == (x * x + y * y <= 6) && e[2 * i + 1] == 0);
		ck_assert(e[2 * i] == ((const double *)onn_array_const_data(disc))[i]);
	}
	check_ok(onn_designer_plate(&plate, designer, PLATES - 1));
	const double *z = onn_array_const_data(plate);
	for (size_t i = 0; i < PIXELS; i++)
		ck_assert(z[2 * i] == 1 && z[2 * i + 1] == 0);
	onn_array_destroy(plate);
	onn_array_destroy(smiley);
	onn_array_destroy(disc);
	onn_designer_destroy(designer);
}
END_TEST

/* As many pixels as a circle of 32 pixels has, those on its edge included; and a point. */
START_TEST(a_disc_has_its_edge)
{
	onn_design d = ONN_DESIGN_INIT;
	onn_array *disc;

	for (int i = 0; i < 2; i++) {
		double sum = 0;
		check_ok(onn_design_disc(&disc, &d));
		for (size_t k = 0; k < onn_array_count(disc); k++)
			sum += ((const double *)onn_array_const_data(disc))[k];
		ck_assert(sum == (i ? 1 : 3209));
		onn_array_destroy(disc);
		d.aperture = 0;
	}
	d.aperture = -1;
	check_error(onn_design_disc(&disc, &d), ONN_ERROR_ARGUMENT, "aperture is -1");
}
END_TEST

TESTS_ON_DEVICE("inputs", shapes_and_types_are_checked, values_are_checked_and_their_places_told,
    light_that_is_not_finite_is_found_before_the_first_step,
    the_standard_is_a_smiley_a_disc_and_ones, a_disc_has_its_edge)
