/* Derivatives by focal lengths, positions, tilts, radii, distances and wavelengths against central
 * differences, and what an optimisation finds. */
#include <onn/plan.h>

#include "system.h"

static onn_device *device;

/* The loss of a system whose number `name` is free, and its derivative, as a plan. */
typedef struct bench {
	onn_plan *plan;
	onn_tensor *value;
} bench;

static bench bench_of(onn_system *system, const char *name)
{
	bench b;
	onn_graph *g;
	onn_system_graph built;
	onn_node out[2];
	check_ok(onn_system_release(system, name));
	ck_assert_uint_eq(onn_system_free_count(system), 1);
	check_ok(onn_graph_create(&g));
	onn_system_build(&built, g, system);
	ck_assert_msg(!onn_graph_status(g), "%s", onn_graph_error(g));
	out[0] = built.loss;
	check_ok(onn_gradient(out + 1, g, built.loss, ONN_NULL_NODE, built.free, 1));
	check_ok(onn_plan_create(&b.plan, device, g, out, 2, NULL));
	check_ok(onn_tensor_create(&b.value, device, ONN_F64, 0, NULL));
	check_ok(onn_plan_bind(b.plan, onn_system_free(system, 0), b.value));
	onn_graph_destroy(g);
	return b;
}

static void look(const bench *b, double at, double result[2])
{
	check_ok(onn_tensor_write(b->value, &at, sizeof at));
	check_ok(onn_plan_run(b->plan));
	for (size_t i = 0; i < 2; i++)
		check_ok(
		    onn_tensor_read(&result[i], onn_plan_output(b->plan, i), sizeof result[i]));
}

static void check_gradient(const char *name, double at, double h)
{
	onn_system *system = system_of(48, "\"objective\": {\"maximize\": \"power\"},",
	    "{\"layer\": \"gaussian\", \"waist\": \"90um\", \"at\": [\"10um\", \"-5um\"]},"
	    "{\"layer\": \"aperture\", \"radius\": \"120um\", \"edge\": \"30um\"},"
	    "{\"layer\": \"lens\", \"f\": \"25mm\", \"at\": [\"8um\", \"3um\"]},"
	    "{\"layer\": \"tilt\", \"angle\": [\"2mrad\", \"-1mrad\"]},"
	    "{\"layer\": \"space\", \"distance\": \"15mm\", \"padding\": 24},"
	    "{\"layer\": \"camera\", \"radius\": \"45um\"}");
	double result[2], beside[2], below[2];
	bench b = bench_of(system, name);
	look(&b, at, result);
	look(&b, at + h, beside);
	look(&b, at - h, below);
	double expected = (beside[0] - below[0]) / (2 * h);
	ck_assert_msg(fabs(expected) * fabs(at) > 1e-4, "%s has no derivative", name);
	ck_assert_msg(fabs(result[1] - expected) <= 1e-5 * fabs(expected),
	    "d loss/d %s is %.12g, central differences give %.12g", name, result[1], expected);
	onn_plan_destroy(b.plan);
	onn_tensor_destroy(b.value);
	onn_system_destroy(system);
}

START_TEST(every_number_of_a_lens_has_its_derivative)
{
	check_gradient("lens.f", 25e-3, 1e-6);
	check_gradient("lens.at.y", 8e-6, 1e-9);
	check_gradient("lens.at.x", 3e-6, 1e-9);
}
END_TEST

START_TEST(distances_tilts_and_wavelengths_have_derivatives)
{
	check_gradient("space.distance", 15e-3, 1e-6);
	check_gradient("tilt.angle.y", 2e-3, 1e-7);
	check_gradient("tilt.angle.x", -1e-3, 1e-7);
	check_gradient("wavelength", 532e-9, 1e-12);
}
END_TEST

START_TEST(beams_and_soft_apertures_have_derivatives)
{
	check_gradient("gaussian.waist", 90e-6, 1e-9);
	check_gradient("gaussian.at.y", 10e-6, 1e-9);
	check_gradient("gaussian.distance", 5e-3, 1e-6);
	check_gradient("aperture.radius", 121e-6, 1e-10);
}
END_TEST

START_TEST(a_free_number_is_the_same_light_as_a_plain_one)
{
	/* the graph of nodes against the tables of a run */
	onn_system *system = system_of(48, "\"objective\": {\"maximize\": \"power\"},",
	    "{\"layer\": \"gaussian\", \"waist\": \"90um\", \"distance\": \"4mm\"},"
	    "{\"layer\": \"lens\", \"f\": \"25mm\", \"at\": [\"8um\", \"3um\"]},"
	    "{\"layer\": \"space\", \"distance\": \"15mm\", \"method\": \"asm\"},"
	    "{\"layer\": \"camera\", \"radius\": \"45um\"}");
	static const char *const name[] = {
	    "gaussian.waist", "gaussian.distance", "lens.f", "lens.at.x", "space.distance"};
	onn_system_result *result;
	check_ok(onn_system_run(&result, system, device));
	const onn_light_measure *m = &onn_system_camera_at(result, 0)->measure;
	for (size_t i = 0; i < COUNT(name); i++) {
		onn_system *copy;
		double seen[2];
		char *value = onn_system_get(system, name[i]);
		check_ok(onn_system_copy(&copy, system));
		bench b = bench_of(copy, name[i]);
		look(&b, strtod(value, NULL), seen);
		check_near(-seen[0], m->share * m->inside, 1e-10);
		onn_free(value);
		onn_plan_destroy(b.plan);
		onn_tensor_destroy(b.value);
		onn_system_destroy(copy);
	}
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

static bool count_steps(const onn_system_progress *p, void *user)
{
	ck_assert(p->step < p->steps && p->count == 2);
	return ++*(size_t *)user < 1000;
}

START_TEST(an_optimisation_finds_the_lens_that_focuses)
{
	onn_system *system =
	    system_of(96, "\"objective\": {\"maximize\": \"peak\", \"steps\": 60},",
	        "{\"layer\": \"gaussian\", \"waist\": \"200um\"},"
	        "{\"layer\": \"lens\", \"f\": {\"optimize\": true, \"start\": \"28mm\", \"step\": "
	        "\"0.5mm\"}, \"at\": [0, {\"optimize\": true, \"start\": \"24um\"}]},"
	        "{\"layer\": \"space\", \"distance\": \"20mm\"},"
	        "{\"layer\": \"camera\"}");
	onn_array *history;
	size_t steps = 0;
	ck_assert_str_eq(onn_system_free(system, 0), "lens.f");
	ck_assert_str_eq(onn_system_free(system, 1), "lens.at.x");
	check_ok(onn_system_optimize(&history, system, device, count_steps, &steps));
	ck_assert_uint_eq(steps, 60);
	ck_assert_uint_eq(onn_array_shape(history)[0], 61);
	const double *row = onn_array_const_data(history);
	check_near(row[1], 28e-3, 0);
	ck_assert(row[60 * 3] < 1.3 * row[0]);
	char *f = onn_system_get(system, "lens.f");
	/* a beam's brightest plane lies a little before the focus: f = z + zr'^2/... of 0.6 % */
	check_near(strtod(f, NULL), 20e-3, .4e-3);
	check_near(strtod(f, NULL), row[60 * 3 + 1], 0);
	onn_free(f);
	onn_array_destroy(history);
	onn_system_destroy(system);
}
END_TEST

START_TEST(what_has_no_derivative_is_refused)
{
	onn_system *system = system_of(32, "",
	    "{\"layer\": \"plane\"}, {\"layer\": \"zernike\"}, {\"layer\": \"aperture\"},"
	    "{\"layer\": \"camera\"}");
	onn_graph *g;
	onn_system_graph built;
	check_error(onn_system_release(system, "zernike.radius"), ONN_ERROR_ARGUMENT,
	    "expected one of: coefficient");
	check_error(onn_system_release(system, "pitch"), ONN_ERROR_ARGUMENT, "wavelength");
	check_error(onn_system_release(system, "wavelength"), ONN_ERROR_ARGUMENT, "zernike");
	check_error(
	    onn_system_optimize(NULL, system, device, NULL, NULL), ONN_ERROR_ARGUMENT, "free");
	check_ok(onn_system_release(system, "aperture.radius"));
	check_error(onn_system_optimize(NULL, system, device, NULL, NULL), ONN_ERROR_ARGUMENT,
	    "no objective");
	check_ok(onn_graph_create(&g));
	ck_assert_int_eq(onn_system_build(&built, g, system), ONN_ERROR_ARGUMENT);
	ck_assert(strstr(onn_graph_error(g), "sharp edge"));
	onn_graph_destroy(g);
	onn_system_destroy(system);
}
END_TEST

TESTS_ON_DEVICE("system_graph", every_number_of_a_lens_has_its_derivative,
    distances_tilts_and_wavelengths_have_derivatives, beams_and_soft_apertures_have_derivatives,
    a_free_number_is_the_same_light_as_a_plain_one, an_optimisation_finds_the_lens_that_focuses,
    what_has_no_derivative_is_refused)
