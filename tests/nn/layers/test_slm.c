/* Modulators: what is learnt of them, and that through the other rows of systems what stands in
 * front of them is learnt. */
#include <onn/fabrication.h>
#include <onn/image.h>

#include "bench.h"

static onn_device *device;

#define ENCODE                                                                                     \
	{                                                                                          \
		"encode", "grid=12 pitch=20e-6 wavelength=1e-6 image=8"                            \
	}
#define SPACE                                                                                      \
	{                                                                                          \
		"space", "distance=1e-3"                                                           \
	}
#define DETECT                                                                                     \
	{                                                                                          \
		"detect", "regions=1,3 reading=fraction"                                           \
	}

/* A plate, a row between, and a plate: both are learnt, the first through the row. */
static void check_row(const char *kind, const char *settings)
{
	const layer_text list[] = {ENCODE, {"plate", "init_std=0.6"}, SPACE, {kind, settings},
	    SPACE, {"plate", "init_std=0.6"}, SPACE, DETECT, {NULL, NULL}};
	check_layer_gradients(device, 4, 4, 3, list, 17, 1e-7);
}

START_TEST(every_row_of_a_system_passes_derivatives)
{
	check_row("lens", "f=4e-3 at=10e-6,-5e-6");
	check_row("grating", "kind=binary period=120e-6 depth=2");
	check_row("zernike", "n=4 m=0 radius=100e-6 coefficient=0.8");
	check_row("tilt", "angle=2e-3,-1e-3");
	check_row("filter", "transmission=0.5");
	check_row("aperture", "radius=90e-6");
	check_row("sheet", "od=1");
}
END_TEST

START_TEST(gaps_of_every_method_pass_derivatives)
{
	check_row("space", "distance=2e-3 method=auto");
	check_row("space", "distance=2e-3 method=rs");
	check_row("space", "distance=2e-3 method=scaled pitch=15e-6");
	check_row("space", "distance=6e-3 method=fraunhofer");
}
END_TEST

START_TEST(a_modulator_without_a_file_is_learnt)
{
	static const layer_text list[] = {ENCODE, {"slm", "fill=0.9"}, SPACE, DETECT, {NULL, NULL}};
	check_layer_gradients(device, 4, 4, 3, list, 7, 1e-7);
}
END_TEST

/* Of 2 levels: as a plate of them, whose phases are the same numbers. */
START_TEST(its_levels_are_those_of_a_plate)
{
	static const layer_text slm[] = {ENCODE, {"slm", "levels=2"}, SPACE, DETECT, {NULL, NULL}};
	static const layer_text plate[] = {
	    ENCODE, {"plate", "levels=2"}, SPACE, DETECT, {NULL, NULL}};
	onn_model *a = model_of_layers(4, 4, 3, slm), *b = model_of_layers(4, 4, 3, plate);
	double pixel[16], seen[3], expected[3];
	for (size_t i = 0; i < 16; i++)
		pixel[i] = .5 + .5 * sin((double)i);
	for (size_t i = 0; i < onn_array_count(onn_model_weight(a, 0)); i++) {
		float phase = (float)(4 * sin(1.3 * (double)i));
		((float *)onn_array_data(onn_model_weight(a, 0)))[i] = phase;
		((float *)onn_array_data(onn_model_weight(b, 0)))[i] = phase;
	}
	outputs_of(seen, device, a, pixel);
	outputs_of(expected, device, b, pixel);
	for (size_t i = 0; i < 3; i++)
		check_near(seen[i], expected[i], 1e-6);
	onn_model_destroy(a);
	onn_model_destroy(b);
}
END_TEST

/* A pattern that was made for a panel shows its plate there, up to half a level. */
START_TEST(a_pattern_shows_its_plate_on_the_panel_that_it_is_for)
{
	enum { N = 12 };
	double phase[N * N], own[N * N], table[256];
	onn_array *plate, *flatness, *lut, *grey;
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	for (int i = 0; i < N * N; i++) {
		phase[i] = 5 * sin(.7 * i);
		own[i] = 3 * cos(.3 * i);
	}
	for (int i = 0; i < 256; i++)
		table[i] = 7 * pow(i / 255., 1.2);
	check_ok(onn_array_from(&plate, ONN_F64, 2, (size_t[]){N, N}, phase));
	check_ok(onn_array_from(&flatness, ONN_F64, 2, (size_t[]){N, N}, own));
	check_ok(onn_array_from(&lut, ONN_F64, 1, (size_t[]){256}, table));
	d.lut = lut;
	d.flatness = flatness;
	check_ok(onn_slm_pattern(&grey, NULL, plate, &d));
	check_ok(onn_array_save(plate, "plate.npy"));
	check_ok(onn_array_save(flatness, "flatness.npy"));
	check_ok(onn_array_save(lut, "lut.npy"));
	check_ok(onn_image_save(grey, "grey.png", 8));

	const layer_text wanted[] = {
	    ENCODE, {"slm", "file=plate.npy white=1"}, SPACE, DETECT, {NULL, NULL}};
	const layer_text shown[] = {ENCODE,
	    {"slm", "file=grey.png lut=lut.npy flatness=flatness.npy"}, SPACE, DETECT,
	    {NULL, NULL}};
	onn_model *a = model_of_layers(4, 4, 3, wanted), *b = model_of_layers(4, 4, 3, shown);
	double pixel[16], seen[3], expected[3];
	for (size_t i = 0; i < 16; i++)
		pixel[i] = .5 + .5 * sin((double)i);
	outputs_of(expected, device, a, pixel);
	outputs_of(seen, device, b, pixel);
	for (size_t i = 0; i < 3; i++)
		check_near(seen[i], expected[i], 5e-3);
	const double *x = onn_array_const_data(onn_model_weight(b, 0));
	bool single = onn_array_type(onn_model_weight(b, 0)) == ONN_F32;
	const float *f = onn_array_const_data(onn_model_weight(b, 0));
	for (int i = 0; i < N * N; i++) {
		double turn = 6.283185307179586, p = turn * (single ? (double)f[i] : x[i]);
		ck_assert(fabs(remainder(p - phase[i], turn)) < 7 * 1.2 / 255 / 2 + 1e-5);
	}
	onn_model_destroy(a);
	onn_model_destroy(b);
	onn_array_destroy(plate);
	onn_array_destroy(flatness);
	onn_array_destroy(lut);
	onn_array_destroy(grey);
}
END_TEST

TESTS_ON_DEVICE("slm", a_pattern_shows_its_plate_on_the_panel_that_it_is_for,
    every_row_of_a_system_passes_derivatives, gaps_of_every_method_pass_derivatives,
    a_modulator_without_a_file_is_learnt, its_levels_are_those_of_a_plate)
