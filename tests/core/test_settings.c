/*
 * Tables of values: found by name, read, written, checked, compared.
 */
#include <onn/array.h>

#include "core/error.h"
#include "core/settings.h"
#include "testing.h"

typedef enum colour { RED, GREEN, BLUE } colour;
static const onn_synonym synonyms[] = {{"crimson", RED}};
extern const onn_words colour_words;
const char *colour_name(colour value);
bool colour_from_name(colour *value, const char *name);
ONN_WORDS_ALSO(colour, synonyms, 1, "red", "green", "blue")

typedef struct lamp {
	double power;
	bool hot;
	double reach;
} lamp;

typedef struct scene {
	colour colour;
	onn_type precision;
	double tilt, open;
	size_t count, levels, nwidths, widths[4], padding;
	uint64_t seed;
	double pitch[2];
	unsigned slices;
	bool bias;
	char name[8];
	lamp lamp, inner;
} scene;

static onn_status check_lamp(const void *values)
{
	const lamp *l = values;
	return l->hot && l->power == 0
	           ? onn_error(ONN_ERROR_ARGUMENT, "lamp: hot without power; expected power > 0")
	           : ONN_OK;
}

static const lamp lamp_standard = {1, false, INFINITY};
static const onn_setting lamp_rows[] = {
    {ONN_SETTING("power", REAL, lamp, power), .low = 0, .high = 1e3, .unit = "W"},
    {ONN_SETTING("hot", BOOL, lamp, hot)},
    {ONN_SETTING("reach", REAL, lamp, reach), .infinite = true},
};
static const onn_settings *lamp_settings(void)
{
	static const onn_settings settings = {
	    "lamp", lamp_rows, COUNT(lamp_rows), sizeof(lamp), &lamp_standard, check_lamp};
	return &settings;
}

static const char *const mark[] = {"scene"};
static const onn_words mark_words = {mark, 1, 0, NULL, 0};
static const scene standard = {GREEN, ONN_F32, 0, 1, 3, 0, 2, {5, 6}, SIZE_MAX, 7, {1, 2}, 1, false,
    "lab", {1, false, INFINITY}, {1, false, INFINITY}};
#define AT(member) offsetof(scene, member)
static const onn_setting rows[] = {
    {.name = "model", .kind = ONN_SETTING_MARK, .words = &mark_words},
    {ONN_SETTING("colour", WORD, scene, colour), .words = &colour_words},
    {ONN_SETTING("precision", WORD, scene, precision), .words = &onn_precision_words},
    {ONN_SETTING("tilt", REAL, scene, tilt)},
    {ONN_SETTING("open", REAL, scene, open), .low = 0, .high = 2, .low_open = true,
        .high_open = true},
    {ONN_SETTING("count", SIZE, scene, count), .low = 1, .high = 100},
    {ONN_SETTING("levels", SIZE, scene, levels), .low = 2, .high = 256, .zero = "any"},
    {ONN_SETTING("widths", SIZE, scene, widths), .low = 1, .high = 9, .length = 4, .counted = true,
        .counter = AT(nwidths)},
    {ONN_SETTING("padding", SIZE, scene, padding), .low = 0, .high = 50, .word = "half"},
    {ONN_SETTING("seed", WHOLE, scene, seed)},
    {ONN_SETTING("pitch", REAL, scene, pitch), .low = 0, .high = INFINITY, .low_open = true,
        .length = 2},
    {ONN_SETTING("slices", UNSIGNED, scene, slices), .low = 0, .high = 10, .late = true},
    {ONN_SETTING("bias", BOOL, scene, bias)},
    {ONN_SETTING("name", TEXT, scene, name), .length = 8},
    {ONN_SETTING("lamp", PART, scene, lamp), .part = lamp_settings, .needs = "colour=red|blue"},
    {ONN_SETTING(NULL, PART, scene, inner), .part = lamp_settings},
};
static const onn_settings settings = {"scene", rows, COUNT(rows), sizeof(scene), &standard, NULL};

START_TEST(fields_are_found_by_name_also_within_parts)
{
	size_t base = 99;
	ck_assert_str_eq(onn_settings_find(&base, &settings, "tilt")->name, "tilt");
	ck_assert_uint_eq(base, 0);
	ck_assert_ptr_eq(onn_settings_find(&base, &settings, "lamp.power"), &lamp_rows[0]);
	ck_assert_uint_eq(base, AT(lamp));
	ck_assert_ptr_eq(onn_settings_find(&base, &settings, "hot"), &lamp_rows[1]);
	ck_assert_uint_eq(base, AT(inner));
	ck_assert_ptr_eq(onn_settings_find(NULL, &settings, "lamp"), &rows[14]);
	ck_assert_ptr_null(onn_settings_find(&base, &settings, "lamp.colour"));
	ck_assert_ptr_null(onn_settings_find(&base, &settings, "lam"));
	ck_assert_ptr_null(onn_settings_find(&base, &settings, "lamp."));
}
END_TEST

START_TEST(texts_become_values_and_come_back)
{
	static const struct {
		const char *name, *text, *back;
	} row[] = {{"colour", "blue", "blue"}, {"colour", "crimson", "red"},
	    {"precision", "f64", "f64"}, {"tilt", "-2.50", "-2.5"}, {"open", "0.1", "0.1"},
	    {"count", "100", "100"}, {"levels", "0", "0"}, {"levels", "2", "2"},
	    {"widths", "9,1,2", "9,1,2"}, {"widths", "none", "none"}, {"padding", "50", "50"},
	    {"padding", "half", "half"}, {"seed", "18446744073709551615", "18446744073709551615"},
	    {"pitch", "3", "3,3"}, {"pitch", "3,4e-6", "3,4e-06"}, {"slices", "10", "10"},
	    {"bias", "true", "true"}, {"name", "1234567", "1234567"}, {"lamp.power", "5", "5"},
	    {"hot", "true", "true"}, {"reach", "-inf", "-inf"}, {"reach", "inf", "inf"}};
	scene s = standard;
	for (size_t i = 0; i < COUNT(row); i++) {
		check_ok(onn_settings_set(&s, &settings, row[i].name, row[i].text));
		char *text = onn_settings_get(&settings, &s, row[i].name);
		ck_assert_ptr_nonnull(text);
		ck_assert_str_eq(text, row[i].back);
		onn_free(text);
	}
	ck_assert(s.colour == RED && s.precision == ONN_F64 && s.nwidths == 0 && s.inner.hot &&
	          !s.lamp.hot && s.lamp.power == 5 && s.pitch[1] == 4e-6);
}
END_TEST

START_TEST(wrong_texts_change_nothing_and_say_what_was_expected)
{
	static const struct {
		const char *name, *text, *part;
	} row[] = {{"colour", "pink", "one of red, green, blue"}, {"tilt", "nan", "a number"},
	    {"tilt", "1,5", "a number"}, {"open", "0", "a number above 0 and below 2"},
	    {"open", "2", "below 2"}, {"count", "0", "a whole number from 1 to 100"},
	    {"count", "1.0", "whole"}, {"levels", "1", "from 2 to 256, or 0: any"},
	    {"widths", "1,2,3,4,5", "at most 4 whole numbers from 1 to 9 with commas, or none"},
	    {"widths", "1,,2", "with commas"}, {"widths", "10", "with commas"},
	    {"padding", "halves", "from 0 to 50, or half"},
	    {"padding", "18446744073709551615", "or half"},
	    {"seed", "-1", "a whole number of at least 0"}, {"pitch", "1,2,3", "or Y,X"},
	    {"pitch", "0", "above 0"}, {"bias", "yes", "true or false"},
	    {"name", "12345678", "at most 7 bytes"},
	    {"lamp.power", "2000", "from 0 to 1000 (in W, or as 2mW)"},
	    {"lamp.power", "inf", "from 0 to 1000"}, {"reach", "infinite", "a number, or inf"},
	    {"lamp", "x", "no setting lamp"}, {"model", "scene", "no setting model"},
	    {"size", "1", "no setting size"}};
	scene s = standard;
	char name[64];
	for (size_t i = 0; i < COUNT(row); i++)
		check_error(onn_settings_set(&s, &settings, row[i].name, row[i].text),
		    ONN_ERROR_ARGUMENT, row[i].part);
	ck_assert_ptr_null(onn_settings_difference(name, sizeof name, &settings, &s, &standard));
	ck_assert_ptr_null(onn_settings_get(&settings, &s, "lamp"));
}
END_TEST

START_TEST(checks_name_the_first_field_that_is_wrong)
{
	scene s = standard;
	check_ok(onn_settings_check(&settings, &s));
	s.colour = (colour)7;
	check_error(
	    onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "scene: colour is number 7");
	s = standard;
	s.pitch[1] = NAN;
	check_error(onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "pitch[1] is nan");
	s = standard;
	s.tilt = INFINITY;
	check_error(onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "tilt is inf");
	s = standard;
	s.nwidths = 5;
	check_error(onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "widths is a list of 5");
	s = standard;
	s.inner.hot = true;
	s.inner.power = 0;
	check_error(onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "hot without power");
	/* a part that does not count is not looked at */
	s = standard;
	s.lamp.power = -1;
	check_ok(onn_settings_check(&settings, &s));
	s.colour = BLUE;
	check_error(onn_settings_check(&settings, &s), ONN_ERROR_ARGUMENT, "lamp: power is -1");
}
END_TEST

START_TEST(the_first_difference_is_named)
{
	scene a = standard, b = standard;
	char name[64];
	b.lamp.reach = 3;
	const onn_setting *row = onn_settings_difference(name, sizeof name, &settings, &a, &b);
	ck_assert_ptr_eq(row, &lamp_rows[2]);
	ck_assert_str_eq(name, "lamp.reach");
	b.seed = UINT64_MAX;
	a.seed = UINT64_MAX - 1; /* the same as a double */
	onn_settings_difference(name, sizeof name, &settings, &a, &b);
	ck_assert_str_eq(name, "seed");
	b.nwidths = 1;
	onn_settings_difference(name, sizeof name, &settings, &a, &b);
	ck_assert_str_eq(name, "widths");
}
END_TEST

START_TEST(json_comes_back_to_the_bit)
{
	scene s = standard, back;
	char name[64];
	s.colour = BLUE;
	s.precision = ONN_F64;
	s.tilt = .1 + .2;
	s.seed = UINT64_MAX;
	s.nwidths = 0;
	s.pitch[0] = 1. / 3;
	s.lamp.reach = 1e300;
	s.inner.power = 5e-324;
	strcpy(s.name, "a\"b");
	char *text = onn_settings_to_json(&settings, &s);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(strstr(text, "\"model\":\t\"scene\""));
	ck_assert_ptr_null(strstr(text, "slices"));
	check_ok(onn_settings_from_json(&back, &settings, text));
	ck_assert_ptr_null(onn_settings_difference(name, sizeof name, &settings, &s, &back));
	onn_free(text);
	s.slices = 3;
	s.colour = GREEN;
	text = onn_settings_to_json(&settings, &s);
	ck_assert_ptr_nonnull(strstr(text, "\"slices\":\t3"));
	ck_assert_ptr_null(strstr(text, "lamp"));
	onn_free(text);
}
END_TEST

START_TEST(missing_fields_are_the_standard_and_wrong_ones_are_named)
{
	static const struct {
		const char *json, *part;
	} row[] = {{"{", "not JSON"}, {"[]", "not JSON"}, {"{\"size\": 1}", "no setting \"size\""},
	    {"{\"lamp.power\": 1}", "no setting \"lamp.power\""},
	    {"{\"model\": \"house\"}", "expected \"scene\""}, {"{\"colour\": \"pink\"}", "pink"},
	    {"{\"colour\": 1}", "colour is 1"}, {"{\"count\": 1.5}", "count is 1.5"},
	    {"{\"count\": -1}", "count is -1"}, {"{\"tilt\": null}", "tilt is null"},
	    {"{\"tilt\": \"1\"}", "tilt"}, {"{\"widths\": [0]}", "widths is [0]"},
	    {"{\"widths\": [1,2,3,4,5]}", "widths"}, {"{\"pitch\": [1]}", NULL},
	    {"{\"pitch\": [1,2,3]}", "pitch"}, {"{\"padding\": \"half\"}", NULL},
	    {"{\"padding\": 1e19}", "padding"}, {"{\"bias\": 0}", "true or false"},
	    {"{\"name\": \"12345678\"}", "name"}, {"{\"lamp\": 3}", "lamp"},
	    {"{\"lamp\": {\"watt\": 3}}", "no setting \"watt\""}, {"{\"reach\": null}", NULL},
	    {"{\"seed\": 1e999}", "seed"}, {"{\"seed\": -1}", "seed"}, {"{\"seed\": 1e20}", "seed"},
	    {"{\"hot\": true, \"power\": 0}", "hot without power"}};
	scene s;
	for (size_t i = 0; i < COUNT(row); i++) {
		if (row[i].part)
			check_error(onn_settings_from_json(&s, &settings, row[i].json),
			    ONN_ERROR_FORMAT, row[i].part);
		else
			check_ok(onn_settings_from_json(&s, &settings, row[i].json));
	}
	check_ok(onn_settings_from_json(&s, &settings, "{\"count\": 9}"));
	ck_assert(s.count == 9 && s.colour == GREEN && s.widths[1] == 6);
	check_error(onn_settings_from_json(&s, &settings, NULL), ONN_ERROR_FORMAT, "not JSON");
}
END_TEST

START_TEST(words_have_values_and_values_have_words)
{
	colour c = BLUE;
	ck_assert_str_eq(colour_name(GREEN), "green");
	ck_assert_str_eq(colour_name((colour)3), "?");
	ck_assert_str_eq(colour_name((colour)-1), "?");
	ck_assert(colour_from_name(&c, "crimson") && c == RED);
	ck_assert(!colour_from_name(&c, "Red") && !colour_from_name(&c, NULL) && c == RED);
	ck_assert_str_eq(onn_words_name(&onn_precision_words, ONN_F64), "f64");
	ck_assert_str_eq(onn_words_name(&onn_precision_words, ONN_U8), "?");
}
END_TEST

TESTS("settings", fields_are_found_by_name_also_within_parts, texts_become_values_and_come_back,
    wrong_texts_change_nothing_and_say_what_was_expected, checks_name_the_first_field_that_is_wrong,
    the_first_difference_is_named, json_comes_back_to_the_bit,
    missing_fields_are_the_standard_and_wrong_ones_are_named,
    words_have_values_and_values_have_words)
