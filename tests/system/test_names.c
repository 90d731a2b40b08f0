/* Systems as files: names, settings, what is refused. */
#include "system.h"

static const char two[] =
    "{\"layer\": \"plane\", \"radius\": \"0.1mm\"}, {\"layer\": \"lens\", \"f\": \"60mm\"},"
    "{\"layer\": \"space\", \"distance\": \"60mm\"}, {\"layer\": \"lens\", \"name\": \"eyepiece\","
    "\"f\": 0.02}, {\"layer\": \"lens\", \"f\": \"10mm\"}, {\"layer\": \"camera\", \"radius\": "
    "\"30um\"}";

START_TEST(layers_have_names)
{
	onn_system *s = system_of(64, "", two);
	double z;
	ck_assert_uint_eq(onn_system_layers(s), 6);
	ck_assert_str_eq(onn_system_name(s, 0), "plane");
	ck_assert_str_eq(onn_system_name(s, 1), "lens1");
	ck_assert_str_eq(onn_system_name(s, 3), "eyepiece");
	ck_assert_str_eq(onn_system_name(s, 4), "lens2");
	ck_assert_str_eq(onn_system_kind(s, 3), "lens");
	ck_assert(!onn_system_name(s, 6));
	ck_assert_uint_eq(onn_system_find(s, "lens"), SIZE_MAX);
	check_ok(onn_system_place(&z, s, 5));
	check_near(z, 60e-3, 0);
	onn_system_destroy(s);
}
END_TEST

static void check_value(const onn_system *s, const char *name, const char *expected)
{
	char *value = onn_system_get(s, name);
	ck_assert_msg(value && strcmp(value, expected) == 0, "%s is %s, not %s", name,
	    value ? value : "not there", expected);
	onn_free(value);
}

START_TEST(settings_are_changed_by_name)
{
	onn_system *s = system_of(64, "", two);
	check_ok(onn_system_set(s, "lens2.f", "80mm"));
	check_value(s, "lens2.f", "0.08");
	check_ok(onn_system_set(s, "eyepiece.at", "0,1mm"));
	check_value(s, "eyepiece.at", "0,0.001");
	check_ok(onn_system_set(s, "eyepiece.at.y", "-2um"));
	check_value(s, "eyepiece.at", "-2e-06,0.001");
	check_value(s, "eyepiece.at.x", "0.001");
	check_ok(onn_system_set_real(s, "wavelength", 633e-9));
	check_value(s, "wavelength", "6.33e-07");
	check_ok(onn_system_set(s, "camera.radius", "1um"));
	check_ok(onn_system_set(s, "grid", "32,64"));
	ck_assert_uint_eq(onn_system_options_of(s)->grid[1], 64);
	ck_assert_str_eq(onn_system_row(s, "lens2.f")->unit, "m");
	check_error(
	    onn_system_set(s, "lens.f", "1m"), ONN_ERROR_ARGUMENT, "lens1., space., eyepiece.");
	check_error(
	    onn_system_set(s, "lens1.g", "1m"), ONN_ERROR_ARGUMENT, "expected one of f, at");
	check_error(onn_system_set(s, "lens1.f", "5ns"), ONN_ERROR_ARGUMENT, "a length");
	check_error(onn_system_set(s, "lens1.at.x", "0,1"), ONN_ERROR_ARGUMENT, "a length");
	check_error(onn_system_set(s, "lens1.f.x", "1m"), ONN_ERROR_ARGUMENT, "no 'f.x'");
	check_error(onn_system_set(s, "camera.colour", "1"), ONN_ERROR_ARGUMENT, "target");
	check_value(s, "lens1.f", "0.06");
	onn_system_destroy(s);
}
END_TEST

START_TEST(a_file_comes_back_as_it_was)
{
	onn_system *s = system_of(64, "\"precision\": \"f32\",", two), *again, *copy;
	char *first = onn_system_to_json(s), *second, *third;
	ck_assert(first != NULL);
	check_ok(onn_system_from_json(&again, first, NULL));
	second = onn_system_to_json(again);
	check_ok(onn_system_copy(&copy, again));
	third = onn_system_to_json(copy);
	ck_assert_str_eq(first, second);
	ck_assert_str_eq(first, third);
	onn_free(first);
	onn_free(second);
	onn_free(third);
	onn_system_destroy(s);
	onn_system_destroy(again);
	onn_system_destroy(copy);
}
END_TEST

/* What is wrong with a system of these layers. */
static void check_refused(const char *more, const char *layers, const char *part)
{
	char json[1024];
	onn_system *s;
	snprintf(json, sizeof json,
	    "{\"grid\": 64, \"pitch\": 8e-6, \"wavelength\": 5e-7, %s \"layers\": [%s]}", more,
	    layers);
	check_error(onn_system_from_json(&s, json, NULL), ONN_ERROR_FORMAT, part);
	ck_assert(s == NULL);
}

START_TEST(what_is_wrong_with_a_file_is_told)
{
	onn_system *s;
	check_error(onn_system_from_json(&s, "[1]", NULL), ONN_ERROR_FORMAT, "expected an object");
	check_error(
	    onn_system_from_json(&s, "{\"grid\": 8}", NULL), ONN_ERROR_FORMAT, "no \"layers\"");
	check_error(onn_system_from_json(
	                &s, "{\"pitch\": 1e-6, \"layers\": [{\"layer\": \"plane\"}]}", NULL),
	    ONN_ERROR_FORMAT, "no wavelength");
	check_refused("", "", "begins with nothing; expected a source");
	check_refused("", "{\"layer\": \"lens\"}", "begins with lens; expected a source");
	check_refused(
	    "", "{\"layer\": \"plan\"}", "no kind of layer 'plan' in a system; expected one of");
	check_refused(
	    "", "{\"layer\": \"plane\"}, {\"layer\": \"linear\"}", "no place for 'linear'");
	check_refused("", "{\"layer\": \"plane\"}, {\"layer\": \"lens\", \"f\": \"5ns\"}",
	    "layer 2 (lens): f is \"5ns\"; expected a length");
	check_refused("",
	    "{\"layer\": \"plane\", \"name\": \"a\"}, {\"layer\": \"lens\", \"name\": \"a\"}",
	    "both are called 'a'");
	check_refused("", "{\"layer\": \"plane\", \"name\": \"a.b\"}", "expected letters");
	check_refused(
	    "", "{\"layer\": \"plane\"}, {\"layer\": \"mask\"}", "layer 2 (mask): no file");
	check_refused("\"focus\": 1,", "{\"layer\": \"plane\"}", "no setting \"focus\"");
	check_refused("\"objective\": {\"maximize\": \"power\", \"minimize\": \"width\"},",
	    "{\"layer\": \"plane\"}", "both maximize and minimize");
	check_refused("",
	    "{\"layer\": \"plane\"}, {\"layer\": \"lens\", \"f\": {\"optimize\": true}}",
	    "\"start\"");
	check_refused("",
	    "{\"layer\": \"plane\", \"radius\": {\"optimize\": true, \"start\": \"1mm\"}}",
	    "cannot be optimized; expected one of: tilt");
	check_refused("",
	    "{\"layer\": \"plane\"}, {\"layer\": \"lens\", \"f\": {\"optimize\": true, \"start\": "
	    "1, "
	    "\"stop\": 2}}",
	    "no \"stop\" of a free number");
}
END_TEST

START_TEST(a_network_refuses_what_is_for_systems)
{
	onn_network *n;
	check_ok(onn_network_create(&n, NULL));
	check_ok(onn_network_add(n, "plane", NULL));
	check_ok(onn_network_fit(n, 8, 8, 10));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "a source begins a system");
	onn_network_destroy(n);
}
END_TEST

START_TEST(measures_are_those_of_a_gaussian_beam)
{
	enum { N = 64 };
	static double light[N * N];
	onn_grid grid = {N, N, 2e-6, 1e-6, 5e-6, 0};
	onn_light_measure m;
	onn_array *a;
	double w = 12e-6, x0 = 3.25e-6;
	for (size_t i = 0; i < (size_t)N * N; i++) {
		double y = 5e-6 + ((double)(i / N) - 32) * 2e-6;
		double x = ((double)(i % N) - 32) * 1e-6 - x0;
		light[i] = 3 * exp(-2 * (y * y + x * x) / (w * w));
	}
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){N, N}, light));
	check_ok(onn_measure_light(&m, a, &grid));
	check_near(m.power, 3 * acos(-1) * w * w / 2, 1e-14);
	check_near(m.width[0], w, 1e-8);
	check_near(m.width[1], w, 1e-8);
	check_near(m.mean[0], 0, 1e-8);
	check_near(m.mean[1], x0, 1e-8);
	/* w sqrt(2 ln 2), by straight lines between pixels */
	check_near(m.fwhm[1], w * sqrt(2 * log(2)), .1e-6);
	ck_assert(isnan(m.overlap) && m.inside == 1);
	grid.ny = 5;
	check_error(
	    onn_measure_light(&m, a, &grid), ONN_ERROR_ARGUMENT, "expected f32 or f64 [5, 64]");
	onn_array_destroy(a);
}
END_TEST

TESTS("system_names", layers_have_names, settings_are_changed_by_name, a_file_comes_back_as_it_was,
    what_is_wrong_with_a_file_is_told, a_network_refuses_what_is_for_systems,
    measures_are_those_of_a_gaussian_beam)
