/* Sheets: a saturable absorber that light passes. */
#include "bench.h"

static onn_device *device;

START_TEST(a_sheet_dims_weak_light_by_its_depth_and_lets_strong_light_pass)
{
	static const struct {
		const char *settings;
		double transmission;
	} row[] = {{"od=2 isat=1e6", 0.135335283237}, {"od=2 isat=1e-6", 1},
	    {"od=10", 0.00673794699909 /* exp(-10/2) */}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_model *model = model_of_layers(2, 2, 4,
		    (const layer_text[]){{"encode", "grid=2 image=2"}, {"sheet", row[i].settings},
		        {"camera", NULL}, {"flatten", NULL}, {NULL, NULL}});
		double y[4];
		outputs_of(y, device, model, (double[]){1, 1, 1, 1});
		for (size_t k = 0; k < 4; k++)
			check_near(y[k], row[i].transmission, 1e-5);
		onn_model_destroy(model);
	}
}
END_TEST

START_TEST(gradients_pass_a_sheet)
{
	check_layer_gradients(device, 4, 4, 2,
	    (const layer_text[]){{"encode", "grid=8"}, {"plate", "init_std=1"},
	        {"space", "distance=1e-3"}, {"sheet", "od=2 gradient=exact"}, {"plate", NULL},
	        {"space", "distance=1e-3"}, {"detect", "side=2"}, {NULL, NULL}},
	    3, 1e-8);
}
END_TEST

TESTS_ON_DEVICE("sheet", a_sheet_dims_weak_light_by_its_depth_and_lets_strong_light_pass,
    gradients_pass_a_sheet)
