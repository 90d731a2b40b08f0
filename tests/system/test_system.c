/* Light through systems: against the elements called one by one, and against theory. */
#include <onn/elements.h>
#include <onn/plan.h>

#include "system.h"

static onn_device *device;

static const char lens[] = "{\"layer\": \"plane\", \"radius\": \"0.5mm\"},"
                           "{\"layer\": \"lens\", \"f\": \"60mm\"},"
                           "{\"layer\": \"space\", \"distance\": \"60mm\", \"method\": \"asm\"},"
                           "{\"layer\": \"camera\"}";

START_TEST(a_system_is_its_elements_called_one_by_one)
{
	enum { N = 128 };
	onn_system *system = system_of(N, "", lens);
	onn_system_result *result = result_of(system, device);
	const onn_system_camera *camera = onn_system_camera_at(result, 0);
	onn_grid grid = onn_grid_square(N, N * 8e-6);
	onn_light light = onn_monochromatic(ONN_C128, 532e-9);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_graph *g;
	onn_plan *plan;
	onn_array *field;
	how.method = ONN_METHOD_ASM;
	check_ok(onn_graph_create(&g));
	onn_field f = onn_plane_wave(g, &grid, &light, 0, 0);
	f = onn_circular_aperture(g, f, .5e-3, 0, 0);
	f = onn_thin_lens(g, f, 60e-3, 0, 0);
	f = onn_propagate(g, f, 60e-3, &how);
	check_ok(onn_plan_create(&plan, device, g, &f.e, 1, NULL));
	check_ok(onn_plan_run(plan));
	check_ok(onn_tensor_to_array(&field, onn_plan_output(plan, 0)));
	const double *a = onn_array_const_data(field), *b = onn_array_const_data(camera->field);
	ck_assert_uint_eq(onn_array_count(camera->field), (size_t)N * N);
	for (size_t i = 0; i < 2u * N * N; i++)
		check_near(a[i], b[i], 1e-10);
	const double *seen = onn_array_const_data(camera->intensity);
	for (size_t i = 0; i < (size_t)N * N; i++)
		check_near(seen[i], a[2 * i] * a[2 * i] + a[2 * i + 1] * a[2 * i + 1], 1e-8);
	check_near(camera->z, 60e-3, 1e-15);
	onn_array_destroy(field);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(a_lens_has_airys_focus)
{
	onn_system *system = system_of(256, "", lens);
	check_ok(onn_system_set(system, "space.method", "auto"));
	onn_system_result *result = result_of(system, device);
	const onn_light_measure *m = &onn_system_camera_at(result, 0)->measure;
	/* (pi a^2/(lambda f))^2 with an aperture of 12253 pixels, and 1.0290 lambda f/D */
	double area = m->power / m->share, peak = area / (532e-9 * 60e-3);
	check_near(m->peak / (peak * peak), 1, 5e-3);
	check_near(m->fwhm[0], 1.0290 * 532e-9 * 60e-3 / 1e-3, .4e-6);
	check_near(m->fwhm[1], m->fwhm[0], 1e-9);
	check_near(m->at[0], 0, 0);
	ck_assert(m->share > .98 && m->share < 1);
	ck_assert(onn_system_step_at(result, 2)->sampling.enough);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(a_4f_system_turns_its_picture_round)
{
	onn_system *system = system_of(256, "",
	    "{\"layer\": \"gaussian\", \"waist\": \"150um\", \"at\": [\"200um\", \"-120um\"]},"
	    "{\"layer\": \"camera\", \"name\": \"object\"},"
	    "{\"layer\": \"space\", \"distance\": \"40mm\"}, {\"layer\": \"lens\", \"f\": "
	    "\"40mm\"},"
	    "{\"layer\": \"space\", \"distance\": \"40mm\"},"
	    "{\"layer\": \"camera\", \"name\": \"spectrum\"},"
	    "{\"layer\": \"space\", \"distance\": \"40mm\"}, {\"layer\": \"lens\", \"f\": "
	    "\"40mm\"},"
	    "{\"layer\": \"space\", \"distance\": \"40mm\"},"
	    "{\"layer\": \"camera\", \"name\": \"image\"}");
	onn_system_result *result = result_of(system, device);
	const onn_light_measure *object = &onn_system_camera_at(result, 0)->measure;
	const onn_light_measure *spectrum = &onn_system_camera_at(result, 1)->measure;
	const onn_light_measure *image = &onn_system_camera_at(result, 2)->measure;
	check_near(object->mean[0], 200e-6, 1e-9);
	check_near(image->mean[0], -200e-6, 1e-7);
	check_near(image->mean[1], 120e-6, 1e-7);
	check_near(object->width[1], 150e-6, 1e-8);
	check_near(image->width[1], 150e-6, 1e-6);
	/* lambda f/(pi w), in the middle wherever the object is */
	check_near(spectrum->width[0], 532e-9 * 40e-3 / (acos(-1) * 150e-6), 1e-6);
	check_near(spectrum->mean[0], 0, 1e-6);
	check_near(image->peak, 1, 1e-2);
	check_near(image->share, 1, 1e-4);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

/* The intensity in the middle of a camera behind two sources. */
static double middle_of(const char *more, const char *layers)
{
	onn_system *system = system_of(32, more, layers);
	onn_system_result *result = result_of(system, device);
	const onn_system_camera *c = onn_system_camera_at(result, 0);
	double value = ((const double *)onn_array_const_data(c->intensity))[16 * 32 + 16];
	onn_system_result_destroy(result);
	onn_system_destroy(system);
	return value;
}

START_TEST(sources_interfere_unless_they_are_said_not_to)
{
	static const char two[] =
	    "{\"layer\": \"plane\"}, {\"layer\": \"plane\"}, {\"layer\": \"camera\"}";
	check_near(middle_of("", two), 4, 1e-12);
	check_near(middle_of("\"incoherent\": true,", two), 2, 1e-12);
}
END_TEST

START_TEST(points_of_a_disc_do_not_interfere)
{
	/* each as far from the plane as it is wide: what they add up to is as bright as one */
	double value = middle_of("", "{\"layer\": \"point\", \"distance\": \"1m\", \"size\": "
	                             "\"0.1mm\", \"points\": 50}, {\"layer\": \"camera\"}");
	check_near(value, 1, 1e-6);
}
END_TEST

START_TEST(colours_share_the_light_and_do_not_interfere)
{
	onn_system *system = system_of(64, "",
	    "{\"layer\": \"gaussian\", \"waist\": \"100um\"},"
	    "{\"layer\": \"space\", \"distance\": \"50mm\"}, {\"layer\": \"camera\"}");
	check_ok(onn_system_set(system, "power", "1,3"));
	check_error(onn_system_check(system), ONN_ERROR_ARGUMENT, "2 powers of 1 wavelengths");
	check_ok(onn_system_set(system, "wavelength", "400nm,800nm"));
	onn_system_result *result = result_of(system, device);
	const onn_light_measure *m = &onn_system_camera_at(result, 0)->measure;
	double zr[2] = {acos(-1) * 1e-8 / 400e-9, acos(-1) * 1e-8 / 800e-9};
	double expected = .25 / (1 + pow(50e-3 / zr[0], 2)) + .75 / (1 + pow(50e-3 / zr[1], 2));
	check_near(m->peak, expected, 2e-3);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(a_camera_counts_photons)
{
	onn_system *system = system_of(
	    64, "", "{\"layer\": \"plane\"}, {\"layer\": \"camera\", \"photons\": 409600}");
	onn_system_result *result = result_of(system, device);
	const onn_system_camera *c = onn_system_camera_at(result, 0);
	const double *seen = onn_array_const_data(c->intensity);
	double mean = 0, square = 0;
	for (size_t i = 0; i < 4096; i++) {
		mean += seen[i] / 4096;
		square += seen[i] * seen[i] / 4096;
	}
	/* 100 photons a pixel: a tenth of noise */
	check_near(mean, 1, .01);
	check_near(sqrt(square - mean * mean), .1, .01);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(a_gap_may_end_on_other_pixels)
{
	onn_system *system = system_of(256, "",
	    "{\"layer\": \"plane\", \"radius\": \"0.5mm\"}, {\"layer\": \"lens\", \"f\": \"60mm\"},"
	    "{\"layer\": \"space\", \"distance\": \"60mm\", \"method\": \"scaled\", \"pitch\": "
	    "\"1um\"}, {\"layer\": \"camera\", \"radius\": \"19.5um\"}");
	onn_system_result *result = result_of(system, device);
	const onn_system_camera *c = onn_system_camera_at(result, 0);
	check_near(c->grid.dx, 1e-6, 1e-18);
	check_near(c->measure.fwhm[1], 1.0290 * 532e-9 * 60e-3 / 1e-3, .3e-6);
	/* 84 % of the light is within Airy's first dark ring, of 38.9 um */
	check_ok(onn_system_set(system, "camera.radius", "38.9um"));
	onn_system_result_destroy(result);
	result = result_of(system, device);
	c = onn_system_camera_at(result, 0);
	check_near(c->measure.inside * c->measure.share, .838, .01);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(gratings_and_prisms_send_light_aside)
{
	onn_system *system = system_of(256, "",
	    "{\"layer\": \"gaussian\", \"waist\": \"300um\"},"
	    "{\"layer\": \"grating\", \"period\": \"64um\"},"
	    "{\"layer\": \"tilt\", \"angle\": [\"4mrad\", \"-2mrad\"]},"
	    "{\"layer\": \"filter\", \"transmission\": 0.25},"
	    "{\"layer\": \"space\", \"distance\": \"50mm\"}, {\"layer\": \"camera\"}");
	onn_system_result *result = result_of(system, device);
	const onn_light_measure *m = &onn_system_camera_at(result, 0)->measure;
	/* eight pixels a period: 95 % in the first order */
	double x = 50e-3 * (532e-9 / 64e-6 - 2e-3);
	check_near(m->mean[0], 50e-3 * 4e-3, 2e-6);
	check_near(m->at[1], x, 17e-6);
	check_near(m->share, .25, 1e-3);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

TESTS_ON_DEVICE("system", a_system_is_its_elements_called_one_by_one, a_lens_has_airys_focus,
    a_4f_system_turns_its_picture_round, sources_interfere_unless_they_are_said_not_to,
    points_of_a_disc_do_not_interfere, colours_share_the_light_and_do_not_interfere,
    a_camera_counts_photons, a_gap_may_end_on_other_pixels, gratings_and_prisms_send_light_aside)
