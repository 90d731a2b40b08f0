/* Fields that are computed again on the way back: the same steps with less memory. */
#include "bench.h"

START_TEST(sgd_follows_central_differences_where_fields_are_computed_again)
{
	for (size_t length = 1; length <= PLATES; length++) {
		onn_design d = small_design();
		d.checkpoint_planes = length;
		check_gradient(d);
	}
}
END_TEST

/* The variables themselves, as the checkpoint holds them. */
static onn_archive *after_a_step(const onn_design *d)
{
	onn_archive *archive;
	bench b;

	open_bench(&b, d, fresh_folder("design_segments"));
	check_ok(onn_designer_step(b.designer));
	check_ok(onn_designer_save(b.designer));
	close_bench(&b);
	check_ok(onn_archive_load(&archive, "design_segments/last.npz"));
	return archive;
}

START_TEST(fields_computed_again_change_no_bit_of_a_step)
{
	static const char *const name[PLATES] = {"plate_00", "plate_01", "plate_02", "plate_03"};

	for (int phase = 0; phase < 2; phase++) {
		onn_design d = phase ? phase_design() : small_design();
		onn_archive *kept = after_a_step(&d);
		for (d.checkpoint_planes = 1; d.checkpoint_planes <= PLATES;
		     d.checkpoint_planes++) {
			onn_archive *again = after_a_step(&d);
			for (size_t k = 0; k < PLATES; k++) {
				const onn_array *a = onn_archive_get(kept, name[k]),
				                *b = onn_archive_get(again, name[k]);
				ck_assert_mem_eq(onn_array_const_data(a), onn_array_const_data(b),
				    onn_array_count(a) * onn_type_size(onn_array_type(a)));
			}
			onn_archive_destroy(again);
		}
		onn_archive_destroy(kept);
	}
}
END_TEST

/* The bytes of a step's temporaries, in planes. */
static double planes(size_t plates, size_t length)
{
	onn_design d = small_design();
	onn_designer *designer;

	d.pixels = 64;
	d.plates = plates;
	d.padding = 0;
	d.checkpoint_planes = length;
	check_ok(onn_designer_create(&designer, &d, NULL, NULL, device));
	double bytes = (double)onn_plan_bytes(onn_designer_plan(designer));
	onn_designer_destroy(designer);
	return bytes / (64 * 64 * 16);
}

START_TEST(a_step_holds_the_fields_and_little_more)
{
	/* kept fields, the spectrum, a gradient or two: no gradients of all plates */
	double all = planes(32, 0);
	ck_assert_msg(all >= 32 && all <= 36, "%g planes for 32 plates", all);
	/* each sixth field, and the six of the segment at hand */
	double few = planes(32, 6);
	ck_assert_msg(few <= 6 + 6 + 4, "%g planes for 32 plates, each sixth kept", few);
}
END_TEST

TESTS_ON_DEVICE("segments", sgd_follows_central_differences_where_fields_are_computed_again,
    fields_computed_again_change_no_bit_of_a_step, a_step_holds_the_fields_and_little_more)
