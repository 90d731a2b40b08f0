/* Images as light: where they stand, and what of them is amplitude or phase. */
#include "bench.h"

static onn_device *device;

START_TEST(an_image_keeps_its_proportions_in_the_middle_of_the_grid)
{
	static const struct {
		const char *settings;
		size_t y, x, ny, nx;
	} row[] = {{"grid=20", 5, 5, 10, 10}, {"grid=20,30 image=8", 6, 11, 8, 8},
	    {"grid=9 image=9", 0, 0, 9, 9}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_region r;
		onn_network *n = network_of(ONN_F32, 4, 4, 1,
		    (const layer_text[]){
		        {"encode", row[i].settings}, {"detect", "regions=1"}, {NULL, NULL}});
		check_ok(onn_network_image(&r, n, 0));
		ck_assert(
		    r.y == row[i].y && r.x == row[i].x && r.ny == row[i].ny && r.nx == row[i].nx);
		onn_network_destroy(n);
	}
	onn_region r;
	onn_network *n = network_of(ONN_F32, 2, 4, 1,
	    (const layer_text[]){{"encode", "grid=20"}, {"detect", "regions=1"}, {NULL, NULL}});
	check_ok(onn_network_image(&r, n, 0));
	ck_assert(r.ny == 5 && r.nx == 10);
	onn_network_destroy(n);
}
END_TEST

START_TEST(phases_dim_nothing_and_amplitudes_are_squared)
{
	static const char *const settings[] = {"grid=2 image=2", "grid=2 image=2 encoding=phase"};
	for (int phase = 0; phase < 2; phase++) {
		onn_model *model = model_of_layers(2, 2, 4,
		    (const layer_text[]){{"encode", settings[phase]}, {"camera", NULL},
		        {"flatten", NULL}, {NULL, NULL}});
		double y[4];
		outputs_of(y, device, model, (double[]){0, .25, .5, 1});
		check_near(y[0], phase, 1e-6);
		check_near(y[2], phase ? 1 : .25, 1e-6);
		onn_model_destroy(model);
	}
}
END_TEST

/* What a list gives of an image without coherence: pixel by pixel, what it gives of each alone. */
START_TEST(incoherent_pixels_add_their_powers)
{
	static const char *const reading[] = {"reading=power regions=2,2 side=3",
	    "reading=fraction regions=2,2 side=3", "reading=share regions=2,2 side=3"};
	static const double x[4] = {.5, 0, 1, .25};
	for (size_t kind = 0; kind < 3; kind++) {
		double together[4], alone[4], light = 0, sum[4] = {0};
		onn_model *model[2];
		for (int coherent = 0; coherent < 2; coherent++)
			model[coherent] = model_of_layers(2, 2, 4,
			    (const layer_text[]){
			        {"encode", coherent ? "grid=12 image=7 pitch=1e-5 wavelength=1e-6"
			                            : "grid=12 image=7 pitch=1e-5 wavelength=1e-6 "
			                              "encoding=incoherent"},
			        {"plate", "init_std=2"}, {"space", "distance=2e-4"},
			        {"detect", coherent ? reading[0] : reading[kind]}, {NULL, NULL}});
		outputs_of(together, device, model[0], x);
		for (size_t i = 0; i < 4; i++) {
			double one[4] = {0}, all[144];
			onn_model *whole = model_of_layers(2, 2, 144,
			    (const layer_text[]){
			        {"encode", "grid=12 image=7 pitch=1e-5 wavelength=1e-6"},
			        {"camera", NULL}, {"flatten", NULL}, {NULL, NULL}});
			one[i] = 1;
			outputs_of(alone, device, model[1], one);
			outputs_of(all, device, whole, one);
			for (size_t k = 0; k < 144; k++)
				light += x[i] * all[k];
			for (size_t k = 0; k < 4; k++)
				sum[k] += x[i] * alone[k];
			onn_model_destroy(whole);
		}
		double read = sum[0] + sum[1] + sum[2] + sum[3];
		double unit = kind == 0 ? 1 : kind == 1 ? light : read;
		ck_assert(read > 0 && read < light);
		for (size_t k = 0; k < 4; k++)
			check_near(together[k], sum[k] / unit, 1e-5 * (kind ? 1 : light));
		onn_model_destroy(model[0]);
		onn_model_destroy(model[1]);
	}
}
END_TEST

START_TEST(what_needs_one_field_refuses_incoherent_light)
{
	onn_network *n;
	check_ok(onn_network_create(&n, NULL));
	check_ok(onn_network_add(n, "encode", "grid=8 encoding=incoherent"));
	check_ok(onn_network_add(n, "sheet", NULL));
	check_ok(onn_network_add(n, "detect", "regions=1"));
	check_ok(onn_network_fit(n, 2, 2, 1));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "incoherent light");
	onn_network_destroy(n);
}
END_TEST

TESTS_ON_DEVICE("encode", an_image_keeps_its_proportions_in_the_middle_of_the_grid,
    phases_dim_nothing_and_amplitudes_are_squared, incoherent_pixels_add_their_powers,
    what_needs_one_field_refuses_incoherent_light)
