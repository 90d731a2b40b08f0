/* Runs: sources of letters, rows that stand for several, partly coherent light, and what is told on
 * the way. */
#include <onn/plan.h>

#include "network.h"
#include "system.h"

static onn_device *device;

/* The squares of "I" are 11 of 35, wherever edges lie in pixels. */
START_TEST(letters_are_as_bright_as_their_squares_are_large)
{
	static const struct {
		const char *text, *height;
		double squares;
	} of[] = {
	    {"I", "0.2mm", 11}, {"I", "0.1237mm", 11}, {"-", "0.1mm", 5}, {"I-I", "70um", 27}};
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		char layers[256];
		snprintf(layers, sizeof layers,
		    "{\"layer\": \"text\", \"text\": \"%s\", \"height\": \"%s\", \"at\": "
		    "[\"30um\", \"-11um\"]}, {\"layer\": \"camera\"}",
		    of[i].text, of[i].height);
		onn_system *system = system_of(64, "", layers);
		onn_system_result *result = result_of(system, device);
		const onn_system_camera *c = onn_system_camera_at(result, 0);
		const double *seen = onn_array_const_data(c->intensity);
		double area = 0, square = strtod(of[i].height, NULL) / 7;
		square *= strstr(of[i].height, "mm") ? 1e-3 : 1e-6;
		for (size_t k = 0; k < 64 * 64; k++)
			area += sqrt(seen[k]) * 64e-12;
		check_near(area / (of[i].squares * square * square), 1, 1e-9);
		onn_system_result_destroy(result);
		onn_system_destroy(system);
	}
}
END_TEST

/* "L" has its corner below and on the left: rows of a picture go down, columns to the right. */
START_TEST(letters_stand_upright)
{
	onn_system *system = system_of(64, "",
	    "{\"layer\": \"text\", \"text\": \"L\", \"height\": \"0.4mm\"}, {\"layer\": "
	    "\"camera\"}");
	onn_system_result *result = result_of(system, device);
	const onn_light_measure *m = &onn_system_camera_at(result, 0)->measure;
	ck_assert(m->mean[0] > 50e-6 && m->mean[1] < -30e-6);
	onn_system_result_destroy(result);
	onn_system_destroy(system);
}
END_TEST

START_TEST(texts_without_letters_are_refused)
{
	onn_system *system = system_of(64, "", "{\"layer\": \"text\"}, {\"layer\": \"camera\"}");
	check_ok(onn_system_set(system, "text.text", "K\303\266nig"));
	check_error(onn_system_check(system), ONN_ERROR_ARGUMENT, "no letter here for byte 1");
	check_ok(onn_system_set(system, "text.text", ""));
	check_error(onn_system_check(system), ONN_ERROR_ARGUMENT, "no text; expected some letters");
	onn_system_destroy(system);
}
END_TEST

START_TEST(what_is_learnt_has_no_place_in_a_system)
{
	onn_system *system;
	check_error(onn_system_from_json(&system,
	                "{\"grid\": 8, \"pitch\": 1e-5, \"wavelength\": 1e-6, \"layers\": "
	                "[{\"layer\": \"plane\"}, {\"layer\": \"slm\"}]}",
	                NULL),
	    ONN_ERROR_FORMAT, "layer 2 (slm): no file");
}
END_TEST

START_TEST(a_4f_in_one_row_is_a_4f_in_six)
{
	static const char arm[] = "{\"layer\": \"space\", \"distance\": \"40mm\"},"
	                          "{\"layer\": \"lens\", \"f\": \"40mm\"},"
	                          "{\"layer\": \"space\", \"distance\": \"40mm\"}";
	static const char source[] = "{\"layer\": \"gaussian\", \"waist\": \"90um\"}";
	static const char mask[] = "{\"layer\": \"aperture\", \"radius\": \"50um\"}";
	char one[512], six[512];
	snprintf(one, sizeof one,
	    "%s, {\"4f\": {\"f1\": \"40mm\", \"mask\": %s}}, {\"layer\": \"camera\"}", source,
	    mask);
	snprintf(
	    six, sizeof six, "%s, %s, %s, %s, {\"layer\": \"camera\"}", source, arm, mask, arm);
	onn_system *a = system_of(64, "", one), *b = system_of(64, "", six);
	ck_assert_uint_eq(onn_system_layers(a), onn_system_layers(b));
	onn_system_result *x = result_of(a, device), *y = result_of(b, device);
	const double *p = onn_array_const_data(onn_system_camera_at(x, 0)->intensity);
	const double *q = onn_array_const_data(onn_system_camera_at(y, 0)->intensity);
	for (size_t i = 0; i < 64 * 64; i++)
		check_near(p[i], q[i], 0);
	onn_system_result_destroy(x);
	onn_system_result_destroy(y);
	onn_system_destroy(a);
	onn_system_destroy(b);
}
END_TEST

/* ---- partial coherence ---- */

/* 2 J1(v)/v by its series. */
static double airy(double v)
{
	double sum = 1, term = 1;
	for (int k = 1; k < 30; k++) {
		term *= -(v / 2) * (v / 2) / (k * (k + 1.0));
		sum += term;
	}
	return sum;
}

/* Two slits, 40 pixels of 4 um apart and 2 wide, in the middle of one row of 256. */
static void write_slits(const char *file)
{
	double open[256] = {0};
	onn_array *a;
	for (size_t i = 0; i < 2; i++)
		open[107 + i] = open[147 + i] = 1;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, 256}, open));
	check_ok(onn_array_save(a, file));
	onn_array_destroy(a);
}

/* Fringes of a disc of light of that diameter, 0.2 m in front of the slits: one is 32 pixels wide,
 * and their middle is between the slits. */
static double visibility_of(const char *file, double diameter)
{
	enum { MIDDLE = 128 };
	char json[1024];
	onn_system *system;
	snprintf(json, sizeof json,
	    "{\"grid\": [1, 256], \"pitch\": \"4um\", \"wavelength\": \"532nm\", \"layers\": ["
	    "{\"layer\": \"point\", \"distance\": 0.2, \"size\": %.6g, \"points\": 150},"
	    "{\"layer\": \"mask\", \"file\": \"%s\"},"
	    "{\"layer\": \"space\", \"distance\": %.9g, \"method\": \"asm\", \"padding\": 512},"
	    "{\"layer\": \"camera\"}]}",
	    diameter, file, 128e-6 * 160e-6 / 532e-9);
	check_ok(onn_system_from_json(&system, json, NULL));
	onn_system_result *result = result_of(system, device);
	const onn_system_camera *c = onn_system_camera_at(result, 0);
	const double *seen = onn_array_const_data(c->intensity);
	double bright = seen[MIDDLE], dark = (seen[MIDDLE - 16] + seen[MIDDLE + 16]) / 2;
	onn_system_result_destroy(result);
	onn_system_destroy(system);
	return (bright - dark) / (bright + dark);
}

START_TEST(fringes_are_as_visible_as_van_cittert_and_zernike_say)
{
	char file[64];
	own_name(file, sizeof file - 4, "test_run");
	strcat(file, ".npy");
	write_slits(file);
	/* 0.6 and, beyond the first zero at 1.22 lambda z/s = 0.811 mm, a fringe that is dark in
	 * its middle */
	for (int k = 1; k <= 3; k++) {
		double d = k * .4e-3, v = acos(-1) * d * 160e-6 / (532e-9 * .2);
		check_near(visibility_of(file, d), airy(v), .015);
	}
	remove(file);
}
END_TEST

/* ---- on the way ---- */

typedef struct watched {
	size_t calls, until;
	char last[ONN_SYSTEM_NAME];
} watched;

static bool watch(const onn_system_stage *stage, void *user)
{
	watched *w = user;
	ck_assert_uint_eq(stage->layer, w->calls);
	ck_assert_uint_eq(stage->layers, 3);
	snprintf(w->last, sizeof w->last, "%s", stage->name);
	return ++w->calls < w->until;
}

START_TEST(a_run_is_told_from_layer_to_layer_and_can_be_stopped)
{
	onn_system *system = system_of(32, "",
	    "{\"layer\": \"plane\"}, {\"layer\": \"space\", \"distance\": \"1mm\"}, {\"layer\": "
	    "\"camera\"}");
	onn_system_result *result;
	watched all = {0, 99, ""}, some = {0, 2, ""};
	check_ok(onn_system_run_watched(&result, system, device, watch, &all));
	ck_assert_uint_eq(all.calls, 3);
	ck_assert_str_eq(all.last, "camera");
	onn_system_result_destroy(result);
	check_error(onn_system_run_watched(&result, system, device, watch, &some), ONN_CANCELLED,
	    "stopped before space");
	ck_assert(result == NULL);
	onn_system_destroy(system);
}
END_TEST

static double bytes_of(const char *more, const char *layers)
{
	double bytes;
	onn_system *system = system_of(64, more, layers);
	check_ok(onn_system_memory(&bytes, system));
	onn_system_destroy(system);
	return bytes;
}

START_TEST(memory_grows_with_modes_colours_and_padding)
{
	static const char one[] = "{\"layer\": \"plane\"}, {\"layer\": \"camera\"}";
	/* c128 before and behind, and kept with an intensity of f64 */
	check_near(bytes_of("", one), 64 * 64 * (2 * 16 + 16 + 8), 0);
	check_near(bytes_of("\"precision\": \"f32\",", one), 64 * 64 * (2 * 8 + 8 + 8), 0);
	check_near(bytes_of("", "{\"layer\": \"point\", \"points\": 10, \"size\": 1e-4},"
	                        "{\"layer\": \"camera\"}"),
	    64 * 64 * (20 * 16 + 10 * 16 + 8), 0);
	check_near(
	    bytes_of("", "{\"layer\": \"plane\"}, {\"layer\": \"space\", \"distance\": 1e-3, "
	                 "\"padding\": 32}"),
	    64 * 64 * 16 * (2 + 4 * 4), 0);
}
END_TEST

TESTS_ON_DEVICE("runs", letters_are_as_bright_as_their_squares_are_large, letters_stand_upright,
    texts_without_letters_are_refused, what_is_learnt_has_no_place_in_a_system,
    a_4f_in_one_row_is_a_4f_in_six, fringes_are_as_visible_as_van_cittert_and_zernike_say,
    a_run_is_told_from_layer_to_layer_and_can_be_stopped,
    memory_grows_with_modes_colours_and_padding)
