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

TESTS_ON_DEVICE("encode", an_image_keeps_its_proportions_in_the_middle_of_the_grid,
    phases_dim_nothing_and_amplitudes_are_squared)
