/* The table of a design's settings. */
#include "bench.h"

START_TEST(the_standard_is_the_tutorials)
{
	onn_design d = ONN_DESIGN_INIT;

	check_ok(onn_design_check(&d));
	ck_assert_uint_eq(d.pixels, 128);
	ck_assert_uint_eq(d.plates, 32);
	ck_assert(d.side == 32e-3 && d.distance == 50e-3 && d.wavelength == 550e-9);
	ck_assert(d.aperture == 8e-3 && d.rate == 1e-3 && d.index == 1.5 && d.base == 1e-3);
	ck_assert_str_eq(onn_design_update_name(d.update), "phase-sign");
	ck_assert_str_eq(onn_design_loss_name(d.loss), "tutorial");
	ck_assert_str_eq(onn_design_modulation_name(d.modulation), "complex");
	ck_assert_str_eq(onn_evanescent_name(d.evanescent), "pass");
}
END_TEST

START_TEST(settings_come_back_by_name_and_from_json)
{
	static const struct {
		const char *name, *text;
	} row[] = {{"size", "64"}, {"side", "0.0041"}, {"plates", "7"}, {"distance", "0.3"},
	    {"wavelength", "6.328e-07"}, {"aperture", "0"}, {"steps", "0"},
	    {"update", "gerchberg-saxton"}, {"lr", "0.1"}, {"modulation", "phase"},
	    {"padding", "3"}, {"evanescent", "decay"}, {"loss", "correlation"},
	    {"slm-levels", "16"}, {"checkpoint-planes", "3"}, {"precision", "f64"},
	    {"save-every", "5"}, {"index", "1.4"}, {"base", "0.002"}};
	const onn_settings *table = onn_design_settings();
	onn_design d = ONN_DESIGN_INIT, back;
	char name[64];

	ck_assert_uint_eq(table->count, COUNT(row));
	for (size_t i = 0; i < COUNT(row); i++) {
		check_ok(onn_settings_set(&d, table, row[i].name, row[i].text));
		char *text = onn_settings_get(table, &d, row[i].name);
		ck_assert_str_eq(text, row[i].text);
		onn_free(text);
		ck_assert_str_eq(table->row[i].name, row[i].name);
	}
	check_ok(onn_design_check(&d));
	char *json = onn_settings_to_json(table, &d);
	check_ok(onn_settings_from_json(&back, table, json));
	ck_assert_ptr_null(onn_settings_difference(name, sizeof name, table, &d, &back));
	onn_free(json);
}
END_TEST

START_TEST(what_is_out_of_range_or_does_not_go_together_is_named)
{
	static const struct {
		const char *name;
		double low, high; /* the first values below and above what is taken */
	} row[] = {{"size", 1, 32769}, {"side", 0, 1e7}, {"plates", 0, 4097}, {"distance", 0, 1e10},
	    {"wavelength", 0, 1e7}, {"aperture", -1, 1e7}, {"steps", -1, 10000001}, {"lr", 0, 1e31},
	    {"padding", -1, 32769}, {"slm-levels", 1, 65537}, {"checkpoint-planes", -1, 4097},
	    {"save-every", -1, 10000001}, {"index", 1, 101}, {"base", 0, 1001}};
	onn_design d = ONN_DESIGN_INIT;
	char text[64], expected[80];

	for (size_t i = 0; i < COUNT(row); i++)
		for (int end = 0; end < 2; end++) {
			snprintf(text, sizeof text, "%.10g", end ? row[i].high : row[i].low);
			snprintf(
			    expected, sizeof expected, "design: %s is '%s'", row[i].name, text);
			check_error(onn_settings_set(&d, onn_design_settings(), row[i].name, text),
			    ONN_ERROR_ARGUMENT, expected);
		}
	d.distance = NAN;
	check_error(onn_design_check(&d), ONN_ERROR_ARGUMENT, "distance is nan");
	d = (onn_design)ONN_DESIGN_INIT;
	d.precision = ONN_C64;
	check_error(onn_design_check(&d), ONN_ERROR_ARGUMENT, "expected one of f32, f64");
	d = (onn_design)ONN_DESIGN_INIT;
	d.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
	check_error(onn_design_check(&d), ONN_ERROR_ARGUMENT, "for plates of phase");
	d.update = ONN_DESIGN_UPDATE_ADAM;
	d.levels = 8;
	check_error(onn_design_check(&d), ONN_ERROR_ARGUMENT, "slm-levels of phase is 8");
	d.modulation = ONN_DESIGN_MODULATION_PHASE;
	check_ok(onn_design_check(&d));
	d.size--;
	check_error(onn_design_check(&d), ONN_ERROR_ARGUMENT, "ONN_DESIGN_INIT");
	check_error(onn_design_check(NULL), ONN_ERROR_ARGUMENT, "ONN_DESIGN_INIT");
}
END_TEST

START_TEST(coarse_spaces_are_told)
{
	onn_design d = ONN_DESIGN_INIT;
	onn_sampling sampling;

	check_ok(onn_design_sampling(&sampling, &d));
	ck_assert(sampling.enough && sampling.method == ONN_METHOD_ASM);
	d.distance = 1e3;
	check_ok(onn_design_sampling(&sampling, &d));
	ck_assert(!sampling.enough);
	d.wavelength = -1;
	check_error(onn_design_sampling(&sampling, &d), ONN_ERROR_ARGUMENT, "wavelength is -1");
}
END_TEST

START_TEST(presets_go_together_and_leave_the_rest)
{
	onn_design d = ONN_DESIGN_INIT, standard = ONN_DESIGN_INIT;
	onn_design_preset preset;
	char name[64];

	d.pixels = 77;
	ck_assert(onn_design_preset_from_name(&preset, "phase"));
	onn_design_use_preset(&d, preset);
	check_ok(onn_design_check(&d));
	ck_assert(d.pixels == 77 && d.plates == 5 && d.distance == 2 && d.padding == 64);
	ck_assert_int_eq(d.modulation, ONN_DESIGN_MODULATION_PHASE);
	onn_design_use_preset(&d, ONN_DESIGN_PRESET_TUTORIAL);
	d.pixels = standard.pixels;
	ck_assert_ptr_null(
	    onn_settings_difference(name, sizeof name, onn_design_settings(), &d, &standard));
}
END_TEST

TESTS("settings", the_standard_is_the_tutorials, presets_go_together_and_leave_the_rest,
    settings_come_back_by_name_and_from_json, what_is_out_of_range_or_does_not_go_together_is_named,
    coarse_spaces_are_told)
