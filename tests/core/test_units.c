#include <math.h>
#include <string.h>

#include <onn/settings.h>

#include "core/units.h"
#include "testing.h"

static double read(const char *text, const char *unit)
{
	double value = NAN;
	ck_assert_msg(
	    onn_quantity_read(&value, text, strlen(text), unit), "'%s' in %s", text, unit);
	return value;
}

START_TEST(a_prefix_gives_the_bits_of_the_plain_number)
{
	static const struct {
		const char *text, *unit;
		double wanted;
	} row[] = {
	    {"532nm", "m", 532e-9},
	    {"532 nm", "m", 532e-9},
	    {"5.32e-7", "m", 5.32e-7},
	    {"0.532um", "m", .532e-6},
	    {"0.532\302\265m", "m", .532e-6},
	    {"0.532\316\274m", "m", .532e-6},
	    {"8um", "m", 8e-6},
	    {"5cm", "m", 5e-2},
	    {"-2e-3mm", "m", -2e-6},
	    {"1e3nm", "m", 1e-6},
	    {"3m", "m", 3},
	    {"2km", "m", 2e3},
	    {"26ns", "s", 26e-9},
	    {"1.5ms", "s", 1.5e-3},
	    {"2mW", "W", 2e-3},
	    {".5mrad", "rad", .5e-3},
	    {"6MHz", "Hz", 6e6},
	    {"300K", "K", 300},
	    {"2kPa", "Pa", 2e3},
	    {"5nJ", "J", 5e-9},
	    {"2mW/cm^2", "W/m^2", 20},
	    {"2mW/cm2", "W/m^2", 20},
	    {"50uJ/cm\302\262", "J/m^2", .5},
	    {"3e4", "W/m^2", 3e4},
	};
	for (size_t i = 0; i < COUNT(row); i++)
		ck_assert_msg(read(row[i].text, row[i].unit) == row[i].wanted, "%s is %.17g",
		    row[i].text, read(row[i].text, row[i].unit));
	ck_assert(fabs(read("30deg", "rad") - 0.52359877559829882) < 2e-16);
	ck_assert(fabs(read("180\302\260", "rad") - 3.141592653589793) < 1e-15);
}
END_TEST

START_TEST(a_unit_of_another_kind_is_no_number)
{
	static const struct {
		const char *text, *unit;
	} row[] = {{"5ns", "m"}, {"5nm", "s"}, {"5", ""}, {"nm", "m"}, {"", "m"}, {"5 ", "m"},
	    {"5  nm", "m"}, {"5n m", "m"}, {"5nmm", "m"}, {"5xm", "m"}, {"5cs", "s"},
	    {"5W", "W/m^2"}, {"5W/cm", "W/m^2"}, {"5mW/cm^3", "W/m^2"}, {"5deg", "m"}, {"5M", "m"},
	    {"0x5m", "m"}, {"1e400nm", "m"}, {"1e9999nm", "m"}, {"inf m", "m"}, {"1,5mm", "m"},
	    {"e5m", "m"}};
	for (size_t i = 0; i < COUNT(row); i++) {
		double value = 7;
		if (!*row[i].unit)
			continue;
		ck_assert_msg(
		    !onn_quantity_read(&value, row[i].text, strlen(row[i].text), row[i].unit),
		    "'%s' in %s is %g", row[i].text, row[i].unit, value);
		ck_assert(value == 7);
	}
	double value;
	ck_assert(!onn_quantity_read(&value, "5nm", 3, NULL));
	ck_assert(onn_quantity_read(&value, "5", 1, NULL));
}
END_TEST

START_TEST(numbers_are_written_as_a_person_does)
{
	static const struct {
		double value;
		const char *unit, *wanted;
	} row[] = {
	    {532e-9, "m", "532 nm"},
	    {8e-6, "m", "8 um"},
	    {.05, "m", "5 cm"},
	    {9e-3, "m", "9 mm"},
	    {1.5, "m", "1.5 m"},
	    {-40e-6, "m", "-40 um"},
	    {0, "m", "0 m"},
	    {1e-3, "m", "1 mm"},
	    {.99999999e-3, "m", "1 mm"},
	    {26e-9, "s", "26 ns"},
	    {2e-3, "W", "2 mW"},
	    {.5e-3, "rad", "500 urad"},
	    {3e4, "W/m^2", "30000 W/m^2"},
	    {300, "K", "300 K"},
	    {INFINITY, "s", "inf s"},
	    {.25, NULL, "0.25"},
	};
	char text[64];
	for (size_t i = 0; i < COUNT(row); i++)
		ck_assert_str_eq(onn_quantity_text(text, sizeof text, 6, row[i].value, row[i].unit),
		    row[i].wanted);
}
END_TEST

START_TEST(settings_take_units_of_their_kind)
{
	struct {
		double length, list[4];
		size_t count;
		double plain;
	} s = {0};
	const onn_setting length = {.kind = ONN_SETTING_REAL, .unit = "m", .low = 0, .high = 1};
	const onn_setting list = {.kind = ONN_SETTING_REAL,
	    .unit = "m",
	    .offset = sizeof(double),
	    .length = 4,
	    .counted = true,
	    .counter = 5 * sizeof(double)};
	char text[128];

	ck_assert(onn_setting_parse(&s, &length, "8um"));
	ck_assert(s.length == 8e-6);
	ck_assert(!onn_setting_parse(&s, &length, "8ns"));
	ck_assert(!onn_setting_parse(&s, &length, "8km")); /* beyond its range */
	ck_assert(s.length == 8e-6);
	ck_assert_str_eq(onn_setting_expected(text, sizeof text, &length),
	    "a length from 0 to 1 (in m, or as 8um)");
	ck_assert(onn_setting_parse(&s, &list, "532nm,1um,1e-6"));
	ck_assert(s.count == 3 && s.list[0] == 532e-9 && s.list[1] == s.list[2]);
}
END_TEST

START_TEST(a_plain_number_that_nobody_means_has_lost_its_unit)
{
	static const struct {
		const char *name, *unit;
		double value;
		const char *wanted;
	} row[] = {
	    {"wavelength", "m", 532, "a unit: 532nm, or 532m where that is meant"},
	    {"wavelength", "m", 1.55, "a unit: 1.55um, or 1.55m where that is meant"},
	    {"pitch", "m", 8, "a unit: 8um, or 8m where that is meant"},
	    {"radius", "m", -20, "a unit: -20mm, or -20m where that is meant"},
	    {"f", "m", 60, "a unit: 60mm, or 60m where that is meant"},
	    {"tilt", "rad", 30, "a unit: 30deg, or 30rad where that is meant"},
	    {"wavelength", "m", .1, NULL},
	    {"wavelength", "m", 532e-9, NULL},
	    {"f", "m", -.06, NULL},
	    {"f", "m", INFINITY, NULL},
	    {"f", "m", NAN, NULL},
	    {"f", "s", 60, NULL},
	    {"width", "s", 150, NULL}, /* times may be in units of a lifetime */
	    {"outputs", "m", 600, NULL},
	    {"f", NULL, 60, NULL},
	    {NULL, "m", 60, NULL},
	};
	char text[64];
	for (size_t i = 0; i < COUNT(row); i++) {
		const char *found =
		    onn_quantity_doubt(text, sizeof text, row[i].value, row[i].name, row[i].unit);
		ck_assert_msg(!found == !row[i].wanted, "%g: %s", row[i].value, found);
		if (found)
			ck_assert_str_eq(found, row[i].wanted);
	}
}
END_TEST

START_TEST(settings_ask_for_a_unit_that_was_left_away)
{
	double list[2] = {1, 1};
	const onn_setting row = {
	    .name = "pitch", .kind = ONN_SETTING_REAL, .unit = "m", .length = 2, .high = INFINITY};
	const onn_settings table = {"grid", &row, 1, sizeof list, list, NULL};
	char text[128];

	ck_assert(!onn_setting_parse(list, &row, "8"));
	ck_assert_str_eq(onn_setting_lost_unit(text, sizeof text, &row, "8um,9"),
	    "a unit: 9um, or 9m where that is meant");
	ck_assert(!onn_setting_lost_unit(text, sizeof text, &row, "8um,x"));
	ck_assert(!onn_setting_lost_unit(text, sizeof text, &row, "8um,9 um,inf,1e-6,-3e-6 m"));
	ck_assert(onn_settings_set(list, &table, "pitch", "8") == ONN_ERROR_ARGUMENT);
	ck_assert_str_eq(onn_last_error(),
	    "grid: pitch is '8'; expected a unit: 8um, or 8m where that is meant");
	ck_assert(
	    onn_settings_from_json(list, &table, "{\"pitch\": [1e-6, 8]}") == ONN_ERROR_FORMAT);
	ck_assert_str_eq(onn_last_error(),
	    "grid: pitch is [1e-06,8]; expected a unit: 8um, or 8m where that is meant");
	/* what is meant is written so that it is read back */
	ck_assert(onn_setting_parse(list, &row, "8m,0.1"));
	char *json = onn_settings_to_json(&table, list);
	char *plain = onn_settings_get(&table, list, "pitch");
	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(plain, "8m,0.1");
	list[0] = list[1] = 0;
	ck_assert_msg(onn_settings_from_json(list, &table, json) == ONN_OK, "%s", json);
	ck_assert(list[0] == 8 && list[1] == .1);
	list[0] = 0;
	ck_assert(onn_settings_set(list, &table, "pitch", plain) == ONN_OK);
	ck_assert(list[0] == 8 && list[1] == .1);
	onn_free(json);
	onn_free(plain);
}
END_TEST

START_TEST(a_unit_that_is_none_is_answered_with_those_that_are)
{
	static const struct {
		const char *given, *unit, *wanted;
	} row[] = {
	    {"532n", "m", "a length: 532nm, 532um, 532mm, 532cm or 532m"},
	    {"1e-3 s", "m", "a length: 1e-3nm, 1e-3um, 1e-3mm, 1e-3cm or 1e-3m"},
	    {"8um,9u", "m", "a length: 9nm, 9um, 9mm, 9cm or 9m"},
	    {"1mm:2ns:3", "m", "a length: 2nm, 2um, 2mm, 2cm or 2m"},
	    {"\"5ns\"", "m", "a length: 5nm, 5um, 5mm, 5cm or 5m"},
	    {"30de", "rad", "an angle: 30deg, 30mrad or 30rad"},
	    {"20C", "K", "a temperature: 20K"},
	    {"2mW", "W/m^2", "an intensity: 2mW/cm^2, 2W/cm^2 or 2W/m^2"},
	    {"5x", NULL, NULL},
	    {"x5", "m", NULL},
	    {"--5n", "m", NULL},
	};
	char text[128];
	for (size_t i = 0; i < COUNT(row); i++) {
		const onn_setting one = {.kind = ONN_SETTING_REAL, .unit = row[i].unit};
		const char *found = onn_setting_lost_unit(text, sizeof text, &one, row[i].given);
		ck_assert_msg(!found == !row[i].wanted, "%s: %s", row[i].given, found);
		if (found)
			ck_assert_str_eq(found, row[i].wanted);
	}
}
END_TEST

START_TEST(each_unit_of_the_list_is_read_and_of_a_kind_of_its_own)
{
	double value;
	size_t count = 0;
	for (const char *unit; (unit = onn_quantity_unit(count)); count++) {
		char text[24];
		snprintf(text, sizeof text, "3%s", unit);
		for (size_t k = 0; onn_quantity_unit(k); k++)
			ck_assert_int_eq(
			    onn_quantity_read(&value, text, strlen(text), onn_quantity_unit(k)),
			    k == count);
		ck_assert_int_eq(onn_quantity_read(&value, text, strlen(text), NULL), false);
	}
	ck_assert_uint_eq(count, 10);
}
END_TEST

TESTS("units", each_unit_of_the_list_is_read_and_of_a_kind_of_its_own,
    a_unit_that_is_none_is_answered_with_those_that_are,
    a_plain_number_that_nobody_means_has_lost_its_unit, settings_ask_for_a_unit_that_was_left_away,
    a_prefix_gives_the_bits_of_the_plain_number, a_unit_of_another_kind_is_no_number,
    numbers_are_written_as_a_person_does, settings_take_units_of_their_kind)
