/* Beginnings that are refused, and what they leave. */
#include "bench.h"

START_TEST(wrong_arguments_are_named)
{
	onn_design d = small_design();
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_designer *designer = NULL;

	check_error(
	    onn_designer_create(&designer, &d, NULL, NULL, NULL), ONN_ERROR_ARGUMENT, "no device");
	check_error(onn_designer_create(&designer, NULL, NULL, NULL, device), ONN_ERROR_ARGUMENT,
	    "ONN_DESIGN_INIT");
	in.size = 0;
	check_error(onn_designer_create(&designer, &d, &in, NULL, device), ONN_ERROR_ARGUMENT,
	    "ONN_DESIGN_INPUTS_INIT");
	o.size++;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "ONN_DESIGN_OPTIONS_INIT");
	o.size--;
	o.resume = true;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "resume without out");
	d.wavelength = 0;
	check_error(onn_designer_create(&designer, &d, NULL, NULL, device), ONN_ERROR_ARGUMENT,
	    "wavelength is 0");
	ck_assert_ptr_null(designer);
	onn_designer_destroy(NULL);
}
END_TEST

START_TEST(a_name_that_no_file_has_room_for_is_refused)
{
	static char name[ONN_DESIGN_NAME_ROOM + 1];
	onn_design d = small_design();
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_designer *designer;

	memset(name, 'a', sizeof name - 1);
	in.source_name = name;
	check_error(onn_designer_create(&designer, &d, &in, NULL, device), ONN_ERROR_ARGUMENT,
	    "source has a name of 4096 bytes");
}
END_TEST

START_TEST(what_the_device_cannot_hold_is_told_before_it_is_tried)
{
	onn_design d = ONN_DESIGN_INIT;
	onn_designer *designer;

	d.pixels = 32768;
	d.plates = 4096;
	check_error(onn_designer_create(&designer, &d, NULL, NULL, device), ONN_ERROR_MEMORY,
	    "size 32768 with 4096 plates needs 7");
	d = small_design();
	d.padding = 32768;
	check_error(onn_designer_create(&designer, &d, NULL, NULL, device), ONN_ERROR_MEMORY,
	    "and this padding");
}
END_TEST

START_TEST(a_beginning_that_fails_leaves_no_folder)
{
	onn_design d = small_design();
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_designer *designer;
	onn_array *dark;

	check_ok(onn_array_create(&dark, ONN_F64, 2, (size_t[]){N, N}));
	in.source = dark;
	o.out = "design_create_nothing";
	d.loss = ONN_DESIGN_LOSS_CORRELATION;
	check_error(onn_designer_create(&designer, &d, &in, &o, device), ONN_ERROR_NUMERIC, "loss");
	ck_assert(!onn_directory_exists(o.out));
	onn_array_destroy(dark);
}
END_TEST

START_TEST(a_folder_is_taken_only_as_it_was_meant)
{
	onn_design d = small_design();
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_designer *designer;

	o.out = fresh_folder("design_create");
	o.resume = true;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "design_create has no checkpoint last.npz");
	o.resume = false;
	/* of a run that left no checkpoint: not of this one */
	check_ok(onn_directory_make(o.out));
	check_ok(onn_file_write("design_create/metrics.csv", "step", 4));
	check_ok(onn_designer_create(&designer, &d, NULL, &o, device));
	ck_assert(!onn_file_exists("design_create/metrics.csv"));
	onn_designer_destroy(designer);
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "design_create holds a run already");
	o.resume = true;
	d.rate = 0.5;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "designed with lr 0.001, and 0.5 is asked for");
	d.rate = 1e-3;
	d.update = ONN_DESIGN_UPDATE_SGD;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "update phase-sign, and sgd");
	d.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON; /* which does not go with the modulation */
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "update phase-sign, and gerchberg-saxton");
	d.update = ONN_DESIGN_UPDATE_PHASE_SIGN;
	in.target_name = "face.png";
	check_error(onn_designer_create(&designer, &d, &in, &o, device), ONN_ERROR_ARGUMENT,
	    "designed with target smiley, and face.png is asked for");
	in.target_name = "smiley";
	in.start_name = "plates.npy";
	check_error(onn_designer_create(&designer, NULL, &in, &o, device), ONN_ERROR_ARGUMENT,
	    "start of its own, and plates.npy");
	in.start_name = NULL;
	/* these are not of the design itself */
	d.steps = 3;
	d.save_every = 2;
	d.index = 1.7;
	d.base = 3e-3;
	check_ok(onn_designer_create(&designer, &d, &in, &o, device));
	ck_assert_uint_eq(onn_designer_design(designer)->steps, 3);
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	d.steps = 2;
	check_error(onn_designer_create(&designer, &d, NULL, &o, device), ONN_ERROR_ARGUMENT,
	    "design_create has taken 3 steps; expected steps of at least that, not 2");
	check_ok(onn_designer_create(&designer, NULL, NULL, &o, device));
	ck_assert(onn_designer_design(designer)->index == 1.7);
	ck_assert_uint_eq(onn_designer_steps(designer), 3);
	onn_designer_destroy(designer);
}
END_TEST

TESTS_ON_DEVICE("create", wrong_arguments_are_named, a_name_that_no_file_has_room_for_is_refused,
    what_the_device_cannot_hold_is_told_before_it_is_tried, a_beginning_that_fails_leaves_no_folder,
    a_folder_is_taken_only_as_it_was_meant)
