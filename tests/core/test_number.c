/*
 * Numbers as texts and back, under any locale.
 */
#include <locale.h>

#include "core/number.h"
#include "testing.h"

static bool reads(const char *text, double want)
{
	double x = -77;
	return onn_number_read(&x, text, strlen(text)) && x == want;
}

static bool refuses(const char *text)
{
	double x = -77;
	return !onn_number_read(&x, text, strlen(text)) && x == -77;
}

START_TEST(decimals_are_read_and_nothing_else)
{
	ck_assert(reads("12", 12) && reads("-.5", -.5) && reads("5.", 5) && reads("+1e-3", 1e-3));
	ck_assert(reads("0.1", .1) && reads("1E2", 100) && reads("123456789.125", 123456789.125));
	static const char *const wrong[] = {"", ".", "-", "1e", "1e+", " 1", "1 ", "0x10", "inf",
	    "nan", "1,5", "1.2.3", "1e999", "--1", "five"};
	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(refuses(wrong[i]), "%s was read", wrong[i]);
}
END_TEST

START_TEST(whole_numbers_are_digits_up_to_64_bits)
{
	uint64_t x = 5;
	ck_assert(onn_number_read_whole(&x, "18446744073709551615", 20) && x == UINT64_MAX);
	ck_assert(onn_number_read_whole(&x, "0", 1) && x == 0);
	static const char *const wrong[] = {"", "18446744073709551616", "-1", "1.0", "1e3", " 1"};
	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert(!onn_number_read_whole(&x, wrong[i], strlen(wrong[i])));
	ck_assert_uint_eq(x, 0);
}
END_TEST

START_TEST(texts_are_short_and_come_back_to_the_bit)
{
	static const struct {
		double value;
		const char *text;
	} row[] = {{.1, "0.1"}, {1e22, "1e+22"}, {-3, "-3"}, {1. / 3, "0.333333333333333315"},
	    {5e-324, "4.94065645841247e-324"}};
	char text[ONN_NUMBER_ROOM];
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_number_text(text, row[i].value);
		ck_assert_msg(reads(text, row[i].value), "%s", text);
		if (i != 3)
			ck_assert_str_eq(text, row[i].text);
	}
	ck_assert_str_eq(onn_number_format(text, "%.3f", 2.5), "2.500");
}
END_TEST

START_TEST(a_locale_with_a_comma_changes_nothing)
{
	char text[ONN_NUMBER_ROOM];
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
		return;
	ck_assert(reads("2.5", 2.5) && refuses("2,5"));
	ck_assert_str_eq(onn_number_text(text, 2.5), "2.5");
	ck_assert_str_eq(onn_number_format(text, "%.2e", 2.5), "2.50e+00");
	setlocale(LC_NUMERIC, "C");
}
END_TEST

TESTS("number", decimals_are_read_and_nothing_else, whole_numbers_are_digits_up_to_64_bits,
    texts_are_short_and_come_back_to_the_bit, a_locale_with_a_comma_changes_nothing)
