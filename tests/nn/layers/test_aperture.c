/* Apertures: what is inside passes, the rest is dark. */
#include "bench.h"

static onn_device *device;

static void light_behind(double *light, const char *settings)
{
	/* a space too short to change anything lets one look at the plane behind the aperture */
	onn_model *model = model_of_layers(4, 4, 1,
	    (const layer_text[]){{"encode", "grid=16 pitch=1e-3 wavelength=1e-3 image=16"},
	        {"aperture", settings}, {"space", "distance=1e-12 padding=0"},
	        {"detect", "regions=1"}, {NULL, NULL}});
	double white[16];
	for (size_t i = 0; i < 16; i++)
		white[i] = 1;
	plane_of(light, device, model, white, 1);
	onn_model_destroy(model);
}

START_TEST(a_rectangle_leaves_what_is_inside)
{
	double light[256];
	light_behind(light, "shape=rectangle sides=4e-3,6e-3 at=1e-3,0");
	for (size_t i = 0; i < 256; i++) {
		double y = (double)(i / 16) - 8, x = (double)(i % 16) - 8;
		check_near(light[i], fabs(y - 1) <= 2 && fabs(x) <= 3, 1e-5);
	}
}
END_TEST

START_TEST(a_circle_leaves_what_is_within_its_radius)
{
	double light[256];
	light_behind(light, "radius=5e-3");
	for (size_t i = 0; i < 256; i++) {
		double y = (double)(i / 16) - 8, x = (double)(i % 16) - 8;
		check_near(light[i], y * y + x * x <= 25, 1e-5);
	}
}
END_TEST

TESTS_ON_DEVICE(
    "aperture", a_rectangle_leaves_what_is_inside, a_circle_leaves_what_is_within_its_radius)
