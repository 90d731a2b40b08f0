/* Pooling of images with and without channels. */
#include "bench.h"

static onn_device *device;

START_TEST(windows_of_an_image_become_averages_or_the_largest)
{
	static const double pixel[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	static const struct {
		const char *settings;
		double y[2];
	} row[] = {{"window=2", {4, 6}}, {"kind=max window=2", {7, 9}},
	    {"kind=max window=2,4 stride=1,1", {9, 10}}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_model *model = model_of_layers(2, 5, 2,
		    (const layer_text[]){
		        {"pool", row[i].settings}, {"flatten", NULL}, {NULL, NULL}});
		double y[2];
		outputs_of(y, device, model, pixel);
		check_near(y[0], row[i].y[0], 1e-6);
		check_near(y[1], row[i].y[1], 1e-6);
		onn_model_destroy(model);
	}
}
END_TEST

TESTS_ON_DEVICE("pool", windows_of_an_image_become_averages_or_the_largest)
