/* Cameras: the intensity of each pixel, and its noise. */
#include "bench.h"

static onn_device *device;

static void picture_of(double y[4], const char *settings, const double *pixel)
{
	onn_model *model = model_of_layers(2, 2, 4,
	    (const layer_text[]){{"encode", "grid=2 image=2"}, {"camera", settings},
	        {"flatten", NULL}, {NULL, NULL}});
	outputs_of(y, device, model, pixel);
	onn_model_destroy(model);
}

START_TEST(a_camera_gives_the_intensity_of_each_pixel)
{
	double y[4];
	picture_of(y, NULL, (double[]){0, .25, .5, 1});
	check_near(y[0], 0, 1e-7);
	check_near(y[1], .0625, 1e-7);
	check_near(y[2], .25, 1e-7);
	check_near(y[3], 1, 1e-7);
}
END_TEST

START_TEST(photons_and_electrons_make_noise_of_their_size)
{
	double y[4], spread = 0;
	/* 10^4 photons a pixel: 1 % */
	picture_of(y, "photons=4e4", (double[]){1, 1, 1, 1});
	for (size_t i = 0; i < 4; i++) {
		check_near(y[i], 1, .05);
		spread += fabs(y[i] - 1);
	}
	ck_assert(spread > 1e-3);
	/* read noise of 1000 electrons beside it: 10 % */
	picture_of(y, "photons=4e4 read_noise=1000", (double[]){1, 1, 1, 1});
	spread = 0;
	for (size_t i = 0; i < 4; i++)
		spread += fabs(y[i] - 1);
	ck_assert(spread > .02 && spread < 2);
}
END_TEST

START_TEST(gradients_pass_a_camera)
{
	check_layer_gradients(device, 4, 4, 2,
	    (const layer_text[]){{"encode", "grid=6"}, {"plate", "init_std=1"},
	        {"space", "distance=1e-3"}, {"camera", NULL}, {"flatten", NULL},
	        {"linear", "outputs=2"}, {NULL, NULL}},
	    3, 1e-8);
}
END_TEST

TESTS_ON_DEVICE("camera", a_camera_gives_the_intensity_of_each_pixel,
    photons_and_electrons_make_noise_of_their_size, gradients_pass_a_camera)
