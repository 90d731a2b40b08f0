/* How near words are. */
#include "testing.h"

#include "core/nearest.h"

START_TEST(distances_count_edits_swaps_and_beginnings)
{
	static const struct {
		const char *text, *word;
		size_t distance;
	} row[] = {
	    {"mnist", "mnist", 0},
	    {"MNIST", "mnist", 0},
	    {"mnits", "mnist", 1}, /* a swap */
	    {"fasion", "fashion", 1},
	    {"kitten", "sitting", 3},
	    {"emnist-balanced", "emnist", 2}, /* one begins with the other */
	    {"opencl", "opencl-pure", 2},
	    {"opencl-puree", "opencl-pure", 1},
	    {"ab", "abcdef", SIZE_MAX}, /* too short a beginning */
	    {"vulkan-something", "auto", SIZE_MAX},
	    {"x", "y", 1},
	    {"", "ab", SIZE_MAX},
	};
	for (size_t i = 0; i < COUNT(row); i++)
		ck_assert_msg(onn_word_distance(row[i].text, row[i].word) == row[i].distance,
		    "%s %s: %zu", row[i].text, row[i].word,
		    onn_word_distance(row[i].text, row[i].word));
}
END_TEST

START_TEST(long_words_are_cut)
{
	char long_one[200], other[200];
	memset(long_one, 'a', sizeof long_one);
	memset(other, 'b', sizeof other);
	long_one[sizeof long_one - 1] = other[sizeof other - 1] = '\0';
	ck_assert_uint_eq(onn_word_distance(long_one, other), SIZE_MAX);
	other[0] = 'a';
	ck_assert_uint_eq(onn_word_distance(long_one, long_one + 1), 0);
}
END_TEST

START_TEST(of_some_words_the_first_of_the_nearest_is_kept)
{
	onn_nearest n = ONN_NEAREST_INIT("emist"), none = ONN_NEAREST_INIT("vulkan-something");
	char hint[ONN_NEAREST_HINT];
	ck_assert(onn_nearest_try(&n, "mnist"));
	ck_assert(onn_nearest_try(&n, "emnist"));
	ck_assert(!onn_nearest_try(&n, "kmnist"));
	ck_assert_str_eq(onn_nearest_hint(hint, &n), "; did you mean \"emnist\"?");
	ck_assert(!onn_nearest_try(&none, "auto"));
	ck_assert_str_eq(onn_nearest_hint(hint, &none), "");
}
END_TEST

TESTS("nearest", distances_count_edits_swaps_and_beginnings, long_words_are_cut,
    of_some_words_the_first_of_the_nearest_is_kept)
