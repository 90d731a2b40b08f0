/* Plates in and out, and the phases that they show. */
#include "bench.h"

START_TEST(a_plate_comes_back_as_it_was_set)
{
	static const onn_design_update update[] = {
	    ONN_DESIGN_UPDATE_PHASE_SIGN, ONN_DESIGN_UPDATE_ADAM};
	double z[2 * PIXELS];
	unsigned seed = 3;
	onn_array *given, *seen;

	for (size_t i = 0; i < 2 * PIXELS; i++)
		z[i] = noise(&seed);
	check_ok(onn_array_from(&given, ONN_C128, 2, (size_t[]){N, N}, z));
	for (size_t u = 0; u < COUNT(update); u++) {
		onn_design d = small_design();
		bench b;
		d.update = update[u];
		open_bench(&b, &d, NULL);
		check_ok(onn_designer_set_plate(b.designer, 2, given));
		check_ok(onn_designer_plate(&seen, b.designer, 2));
		ck_assert_int_eq(onn_array_type(seen), ONN_C128);
		ck_assert_mem_eq(onn_array_const_data(seen), z, sizeof z);
		onn_array_destroy(seen);
		check_ok(onn_designer_plate(&seen, b.designer, 3));
		ck_assert_mem_eq(onn_array_const_data(seen), b.x[3], sizeof z);
		onn_array_destroy(seen);
		close_bench(&b);
	}
	onn_array_destroy(given);
}
END_TEST

START_TEST(a_plate_of_phase_takes_phases_or_the_phase_of_numbers)
{
	onn_design d = phase_design();
	double z[2 * PIXELS], phase[PIXELS];
	unsigned seed = 3;
	onn_array *given[2], *seen;
	bench b;

	for (size_t i = 0; i < PIXELS; i++) {
		phase[i] = 3 * noise(&seed);
		z[2 * i] = 2.5 * cos(phase[i]);
		z[2 * i + 1] = 2.5 * sin(phase[i]);
	}
	check_ok(onn_array_from(&given[0], ONN_F64, 2, (size_t[]){N, N}, phase));
	check_ok(onn_array_from(&given[1], ONN_C128, 2, (size_t[]){N, N}, z));
	open_bench(&b, &d, NULL);
	for (size_t k = 0; k < 2; k++) {
		check_ok(onn_designer_set_plate(b.designer, k, given[k]));
		check_ok(onn_designer_plate(&seen, b.designer, k));
		for (size_t i = 0; i < 2 * PIXELS; i++)
			check_near(
			    ((const double *)onn_array_const_data(seen))[i], z[i] / 2.5, 1e-14);
		onn_array_destroy(seen);
		onn_array_destroy(given[k]);
	}
	close_bench(&b);
}
END_TEST

START_TEST(levels_are_what_a_plate_shows)
{
	static const double quarter = 1.5707963267948966;
	onn_design d = phase_design();
	bench b;

	d.levels = 4;
	d.loss = ONN_DESIGN_LOSS_MSE;
	open_bench(&b, &d, NULL);
	double fine = loss_of(&b);
	/* phases moved to the levels that they are shown as: the same light */
	for (size_t k = 0; k < PLATES; k++) {
		for (size_t i = 0; i < PIXELS; i++)
			b.x[k][i] = nearbyint(b.x[k][i] / quarter) * quarter;
		set_plate(&b, k);
	}
	check_near(loss_of(&b), fine, 1e-12);
	/* and the gradient passes straight through */
	check_ok(onn_designer_step(b.designer));
	check_near(loss_of(&b), fine, 1e-12); /* 1e-3 rad away: still the same levels */
	for (int i = 0; i < 1000; i++)
		check_ok(onn_designer_step(b.designer));
	ck_assert(fabs(loss_of(&b) - fine) > 1e-6); /* a radian away */
	close_bench(&b);
}
END_TEST

START_TEST(wrong_plates_are_named)
{
	onn_design d = small_design();
	onn_array *a, *line;
	bench b;

	open_bench(&b, &d, NULL);
	check_ok(onn_array_create(&a, ONN_C128, 2, (size_t[]){N, N}));
	check_ok(onn_array_create(&line, ONN_C128, 1, (size_t[]){PIXELS}));
	((double *)onn_array_data(a))[2 * (3 * N + 5) + 1] = INFINITY;
	check_error(onn_designer_set_plate(b.designer, 0, a), ONN_ERROR_ARGUMENT,
	    "plate holds 0+infi at [3, 5]");
	check_error(
	    onn_designer_set_plate(b.designer, 0, line), ONN_ERROR_ARGUMENT, "expected [12, 12]");
	check_error(onn_designer_set_plate(b.designer, 0, NULL), ONN_ERROR_ARGUMENT, "nothing");
	check_error(onn_designer_set_plate(b.designer, 4, a), ONN_ERROR_ARGUMENT, "plate 4 of 4");
	onn_array_destroy(a);
	check_error(onn_designer_plate(&a, b.designer, PLATES), ONN_ERROR_ARGUMENT, "plate 4 of 4");
	ck_assert_ptr_null(a);
	onn_array_destroy(line);
	close_bench(&b);
}
END_TEST

TESTS_ON_DEVICE("plates", a_plate_comes_back_as_it_was_set,
    a_plate_of_phase_takes_phases_or_the_phase_of_numbers, levels_are_what_a_plate_shows,
    wrong_plates_are_named)
