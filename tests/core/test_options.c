#include "testing.h"

#include "core/options.h"

typedef struct options {
	size_t size;
	double rate;
	int64_t count, more;
} options;

static const options defaults = {sizeof(options), 0.5, 7, 9};

/* A newer version's, which this one knows the beginning of. */
typedef struct newer {
	options known;
	int64_t added;
} newer;

START_TEST(no_options_are_the_defaults)
{
	options own = defaults;
	check_ok(onn_options_take(&own, NULL, "f", "INIT"));
	ck_assert_mem_eq(&own, &defaults, sizeof own);
}
END_TEST

START_TEST(options_of_this_version_are_taken)
{
	options own = defaults, given = {sizeof given, 2, 3, 4};
	check_ok(onn_options_take(&own, &given, "f", "INIT"));
	ck_assert_mem_eq(&own, &given, sizeof own);
}
END_TEST

START_TEST(an_older_version_s_fields_are_taken_and_no_others)
{
	options own = defaults, given = {offsetof(options, more), 2, 3, 4};
	check_ok(onn_options_take(&own, &given, "f", "INIT"));
	check_near(own.rate, 2, 0);
	ck_assert_int_eq(own.count, 3);
	ck_assert_int_eq(own.more, 9);
	ck_assert_uint_eq(own.size, sizeof own);
}
END_TEST

START_TEST(a_newer_version_s_are_taken_where_what_is_new_is_0)
{
	options own = defaults;
	newer given = {{sizeof given, 2, 3, 4}, 0};
	check_ok(onn_options_take(&own, &given, "f", "INIT"));
	ck_assert_int_eq(own.more, 4);
	ck_assert_uint_eq(own.size, sizeof own);
	own = defaults;
	given.added = 1;
	check_error(onn_options_take(&own, &given, "f", "INIT"), ONN_ERROR_ARGUMENT,
	    "f: the options have 40 bytes, of which this version knows 32; expected 0 in the "
	    "others");
	ck_assert_mem_eq(&own, &defaults, sizeof own);
}
END_TEST

START_TEST(sizes_of_no_version_are_refused)
{
	static const size_t wrong[] = {0, 1, sizeof(options) - 1, sizeof(options) + 4};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		options own = defaults, given = {wrong[i], 2, 3, 4};
		check_error(onn_options_take(&own, &given, "f", "INIT"), ONN_ERROR_ARGUMENT,
		    "expected 32, as from INIT");
		ck_assert_mem_eq(&own, &defaults, sizeof own);
	}
}
END_TEST

TESTS("options", no_options_are_the_defaults, options_of_this_version_are_taken,
    an_older_version_s_fields_are_taken_and_no_others,
    a_newer_version_s_are_taken_where_what_is_new_is_0, sizes_of_no_version_are_refused)
