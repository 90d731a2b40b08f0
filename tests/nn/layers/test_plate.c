/* Plates: what they do to light, and what of them is learnt. */
#include "bench.h"

static onn_device *device;

/* Intensities right behind a plate whose numbers are all `value`. */
static void behind(double y[4], const char *settings, float re, float im)
{
	onn_model *model = model_of_layers(2, 2, 4,
	    (const layer_text[]){{"encode", "grid=2 image=2"}, {"plate", settings},
	        {"camera", NULL}, {"flatten", NULL}, {NULL, NULL}});
	onn_array *w = onn_model_weight(model, 0);
	float *value = onn_array_data(w);
	for (size_t i = 0; i < onn_array_count(w); i++)
		value[i] = i < 4 ? re : im;
	outputs_of(y, device, model, (double[]){1, 1, 1, 1});
	onn_model_destroy(model);
}

START_TEST(phases_pass_all_light_and_complex_plates_what_they_say)
{
	double y[4];
	behind(y, NULL, 1.25f, 0);
	check_near(y[2], 1, 1e-6);
	behind(y, "levels=3", 1.25f, 0);
	check_near(y[2], 1, 1e-6);
	behind(y, "modulation=complex", .6f, -.3f);
	check_near(y[2], .36 + .09, 1e-6);
	behind(y, "modulation=passive", .6f, -.3f);
	check_near(y[2], .36 + .09, 1e-6);
	behind(y, "modulation=amplitude", .6f, -.3f);
	check_near(y[2], .36, 1e-6);
}
END_TEST

START_TEST(plates_begin_as_they_are_told)
{
	static const char *const settings[] = {
	    "init_mean=2 init_std=0", "modulation=complex init_mean=2 init_std=0"};
	for (int complex = 0; complex < 2; complex++) {
		onn_model *model = model_of_layers(2, 2, 1,
		    (const layer_text[]){{"encode", "grid=3"}, {"plate", settings[complex]},
		        {"detect", "regions=1"}, {NULL, NULL}});
		const onn_array *w = onn_model_const_weight(model, 0);
		const float *value = onn_array_const_data(w);
		ck_assert_str_eq(onn_model_name(model, 0), "layer0.plate");
		ck_assert_uint_eq(onn_array_count(w), complex ? 18 : 9);
		check_near(value[4], complex ? cos(2) : 2, 1e-6);
		if (complex)
			check_near(value[13], sin(2), 1e-6);
		onn_model_destroy(model);
	}
}
END_TEST

TESTS_ON_DEVICE(
    "plate", phases_pass_all_light_and_complex_plates_what_they_say, plates_begin_as_they_are_told)
