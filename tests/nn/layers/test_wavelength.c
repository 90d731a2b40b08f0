/* Colours: side by side, each with its own diffraction, added up where light is read. */
#include "bench.h"

static onn_device *device;

enum { N = 16 };

/* A white image behind a plate, whose phases are so many times those of the test, and space. */
static void behind(double *light, const char *encode, const char *colours, double times)
{
	layer_text layer[] = {{"encode", encode}, {"wavelength", colours}, {"plate", NULL},
	    {"space", "distance=8e-3"}, {"detect", "regions=1"}, {NULL, NULL}};
	if (!colours) /* nothing, in its place */
		layer[1] = (layer_text){"aperture", "radius=1"};
	onn_model *model = model_of_layers(4, 4, 1, layer);
	float *phase = onn_array_data(onn_model_weight(model, 0));
	double white[16];
	for (size_t i = 0; i < 16; i++)
		white[i] = 1;
	for (size_t i = 0; i < N * N; i++)
		phase[i] = (float)(times * sin(.3 * (double)(i * i)));
	plane_of(light, device, model, white, 1);
	onn_model_destroy(model);
}

START_TEST(powers_of_colours_add_up_each_with_its_own_diffraction)
{
	double red[N * N], green[N * N], both[N * N], differ = 0;
	behind(red, "grid=16 wavelength=6e-4", NULL, 2);
	behind(green, "grid=16 wavelength=5e-4", NULL, 2 * 6. / 5);
	behind(both, "grid=16 wavelength=1e-3", "value=6e-4,5e-4 power=1,3", 2);
	for (size_t i = 0; i < N * N; i++) {
		check_near(both[i], .25 * red[i] + .75 * green[i], 2e-6);
		differ = fmax(differ, fabs(red[i] - green[i]));
	}
	ck_assert(differ > .1);
	behind(both, "grid=16 wavelength=1e-3", "value=5e-4", 2 * 6. / 5);
	for (size_t i = 0; i < N * N; i++)
		check_near(both[i], green[i], 2e-6);
}
END_TEST

START_TEST(gradients_pass_through_several_colours)
{
	check_layer_gradients(device, 4, 4, 2,
	    (const layer_text[]){{"encode", "grid=8"}, {"wavelength", "value=7e-4,6e-4,5e-4"},
	        {"plate", "init_std=1"}, {"space", "distance=2e-3"}, {"lens", "f=.1"},
	        {"plate", "modulation=complex"}, {"space", "distance=1e-3"},
	        {"detect", "side=2 detection=differential"}, {NULL, NULL}},
	    3, 1e-8);
}
END_TEST

START_TEST(what_does_not_go_together_is_said)
{
	static const struct {
		const char *settings, *behind, *says;
	} row[] = {{NULL, "flatten", "no value; expected a wavelength or several"},
	    {"value=5e-7,6e-7 power=1", "lens", "1 powers of 2 wavelengths"},
	    {"value=5e-7,0", "lens", "expected"},
	    {"value=5e-7,6e-7", "sheet", "light of 2 wavelengths; expected one"},
	    {"value=5e-7,6e-7", "plate", NULL}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_network *n;
		check_ok(onn_network_create(&n, NULL));
		check_ok(onn_network_add(n, "encode", NULL));
		onn_status status = onn_network_add(n, "wavelength", row[i].settings);
		if (!status)
			check_ok(onn_network_add(n, row[i].behind, NULL));
		if (!status)
			check_ok(onn_network_add(n, "detect", "regions=1"));
		if (!status)
			check_ok(onn_network_fit(n, 4, 4, 1));
		if (!status)
			status = onn_network_check(n);
		ck_assert_int_eq(status, row[i].says ? ONN_ERROR_ARGUMENT : ONN_OK);
		if (row[i].says)
			ck_assert_msg(
			    strstr(onn_last_error(), row[i].says) != NULL, "%s", onn_last_error());
		onn_network_destroy(n);
	}
}
END_TEST

TESTS_ON_DEVICE("wavelength", powers_of_colours_add_up_each_with_its_own_diffraction,
    gradients_pass_through_several_colours, what_does_not_go_together_is_said)
