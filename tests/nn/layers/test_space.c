/* Free space within a network: its padding, its methods, and how it is sampled. */
#include "bench.h"

static onn_device *device;

static void light_behind(double light[256], const char *settings)
{
	onn_model *model = model_of_layers(2, 2, 1,
	    (const layer_text[]){{"encode", "grid=16 pitch=2e-3 wavelength=1e-3 image=8"},
	        {"space", settings}, {"detect", "regions=1"}, {NULL, NULL}});
	plane_of(light, device, model, (double[]){1, .5, .2, 1}, 1);
	onn_model_destroy(model);
}

static double distance_of(const double *a, const double *b)
{
	double most = 0;
	for (size_t i = 0; i < 256; i++)
		most = fmax(most, fabs(a[i] - b[i]));
	return most;
}

START_TEST(half_is_half_of_the_grid)
{
	double a[256], b[256], c[256];
	light_behind(a, "distance=0.05");
	light_behind(b, "distance=0.05 padding=8");
	light_behind(c, "distance=0.05 padding=0");
	ck_assert(distance_of(a, b) == 0);
	ck_assert(distance_of(a, c) > 1e-3);
}
END_TEST

START_TEST(methods_agree_where_light_is_paraxial)
{
	double a[256], b[256], c[256];
	light_behind(a, "distance=0.01");
	light_behind(b, "distance=0.01 method=band-limited");
	light_behind(c, "distance=0.01 method=fresnel");
	ck_assert(distance_of(a, b) < 1e-5);
	ck_assert(distance_of(a, c) < .2 && distance_of(a, c) > 0);
}
END_TEST

START_TEST(a_long_way_on_a_small_grid_is_said_to_be_sampled_too_coarsely)
{
	onn_sampling s;
	onn_network *n = network_of(ONN_F32, 2, 2, 1,
	    (const layer_text[]){{"encode", "grid=16"}, {"space", "distance=1e-3"},
	        {"space", "distance=5"}, {"detect", "regions=1"}, {NULL, NULL}});
	check_ok(onn_network_sampling(&s, n, 1));
	ck_assert(s.enough);
	check_ok(onn_network_sampling(&s, n, 2));
	ck_assert(!s.enough);
	check_error(onn_network_sampling(&s, n, 0), ONN_ERROR_ARGUMENT, "is encode");
	onn_network_destroy(n);
}
END_TEST

TESTS_ON_DEVICE("space", half_is_half_of_the_grid, methods_agree_where_light_is_paraxial,
    a_long_way_on_a_small_grid_is_said_to_be_sampled_too_coarsely)
