/* Names and options of devices, and what wrong ones give. */
#define _POSIX_C_SOURCE 200809L /* setenv */

#include "testing.h"

#include "config.h"

#include <onn/device.h>

START_TEST(unknown_names_give_the_nearest_one_and_the_list)
{
	onn_device *d;

	check_ok(onn_device_create(&d, "reference", NULL));
	onn_device *before = d;
	check_error(onn_device_create(&d, "refrence", NULL), ONN_ERROR_ARGUMENT,
	    "onn_device_create: no device \"refrence\"; did you mean \"reference\"?");
	ck_assert_ptr_null(d);
	onn_device_destroy(before);
	check_error(onn_device_create(&d, "open-cl", NULL), ONN_ERROR_ARGUMENT, "\"opencl\"?");
	check_error(
	    onn_device_create(&d, "opencl-puree", NULL), ONN_ERROR_ARGUMENT, "\"opencl-pure\"?");
	check_error(onn_device_create(&d, "Auto", NULL), ONN_ERROR_ARGUMENT, "\"auto\"?");
	check_error(onn_device_create(&d, "vulkan-something", NULL), ONN_ERROR_ARGUMENT,
	    "expected auto, c, reference, opencl[:N|:NAME], opencl-pure[:N|:NAME]");
	check_error(onn_device_create(&d, "c:1", NULL), ONN_ERROR_ARGUMENT, "no device \"c:1\"");
	check_error(
	    onn_device_create(&d, "opencl:", NULL), ONN_ERROR_ARGUMENT, "no device \"opencl:\"");
	/* a name of any length is no danger */
	char longest[4001];
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	check_error(onn_device_create(&d, longest, NULL), ONN_ERROR_ARGUMENT, "no device \"xxx");
}
END_TEST

START_TEST(options_are_checked)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *d;

	check_error(onn_device_create(NULL, "c", NULL), ONN_ERROR_ARGUMENT, "device is NULL");
	options.threads = -1;
	check_error(onn_device_create(&d, "c", &options), ONN_ERROR_ARGUMENT, "threads is -1");
	options.threads = 100000;
	check_error(onn_device_create(&d, "c", &options), ONN_ERROR_ARGUMENT, "threads is 100000");
	options.size = sizeof options + sizeof(size_t);
	struct {
		onn_device_options options;
		size_t unknown;
	} newer = {options, 1};
	check_error(onn_device_create(&d, "c", &newer.options), ONN_ERROR_ARGUMENT,
	    "onn_device_create: the options have");
	options.size = 0;
	check_error(
	    onn_device_create(&d, "c", &options), ONN_ERROR_ARGUMENT, "ONN_DEVICE_OPTIONS_INIT");
}
END_TEST

START_TEST(older_options_keep_the_defaults_of_what_they_lack)
{
	/* as old as can be: a size and nothing else, so that -1 is not read */
	onn_device_options options = {sizeof(size_t), -1, false, false, NULL};
	onn_device *d;

	check_ok(onn_device_create(&d, "c", &options));
	ck_assert_int_ge(onn_device_threads(d), 1);
	onn_device_destroy(d);
}
END_TEST

START_TEST(the_environment_names_a_device_and_its_threads)
{
	onn_device *d;

	ck_assert_int_eq(setenv("ONN_DEVICE", "reference", 1), 0);
	check_ok(onn_device_create(&d, NULL, NULL));
	ck_assert_str_eq(onn_device_name(d), "reference");
	onn_device_destroy(d);
	ck_assert_int_eq(setenv("ONN_DEVICE", "nowhere", 1), 0);
	check_error(onn_device_create(&d, NULL, NULL), ONN_ERROR_ARGUMENT, "nowhere");
	ck_assert_int_eq(unsetenv("ONN_DEVICE"), 0);

	ck_assert_int_eq(setenv("ONN_THREADS", "2", 1), 0);
	check_ok(onn_device_create(&d, "c", NULL));
	ck_assert_int_eq(onn_device_threads(d), 2);
	onn_device_destroy(d);
	static const char *const wrong[] = {"0", "two", "-1", "3x", "99999999999999999999"};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		ck_assert_int_eq(setenv("ONN_THREADS", wrong[i], 1), 0);
		check_error(onn_device_create(&d, "c", NULL), ONN_ERROR_ARGUMENT, "ONN_THREADS");
	}
	/* an option comes before the environment */
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = 1;
	check_ok(onn_device_create(&d, "c", &options));
	ck_assert_int_eq(onn_device_threads(d), 1);
	onn_device_destroy(d);
	ck_assert_int_eq(unsetenv("ONN_THREADS"), 0);
}
END_TEST

START_TEST(a_device_opens_again_by_its_own_name)
{
	static const char *const names[] = {"c", "reference", "auto"};

	for (size_t i = 0; i < COUNT(names); i++) {
		onn_device *d, *again;
		check_ok(onn_device_create(&d, names[i], NULL));
		check_ok(onn_device_create(&again, onn_device_name(d), NULL));
		ck_assert_str_eq(onn_device_name(d), onn_device_name(again));
		ck_assert_str_ne(onn_device_description(d), "");
		ck_assert_int_ge(onn_device_threads(d), 1);
		ck_assert(onn_device_supports(d, ONN_F32));
		ck_assert(!onn_device_supports(d, (onn_type)99));
		onn_device_destroy(again);
		onn_device_destroy(d);
	}
	onn_device_destroy(NULL);
}
END_TEST

#ifndef ONN_HAVE_OPENCL
START_TEST(a_build_without_opencl_says_so)
{
	onn_device *d;

	check_error(onn_device_create(&d, "opencl", NULL), ONN_ERROR_UNSUPPORTED, "no OpenCL");
	check_error(
	    onn_device_create(&d, "opencl-pure:1", NULL), ONN_ERROR_UNSUPPORTED, "no OpenCL");
}
END_TEST
#else
START_TEST(an_opencl_device_that_is_not_there_is_an_error)
{
	onn_device *d;

	ck_assert_int_ne(onn_device_create(&d, "opencl:nobody-makes-this", NULL), ONN_OK);
	ck_assert_ptr_null(d);
	ck_assert_msg(strstr(onn_last_error(), "nobody-makes-this"), "%s", onn_last_error());
	ck_assert_int_ne(onn_device_create(&d, "opencl:9999", NULL), ONN_OK);
	ck_assert_msg(strstr(onn_last_error(), "9999"), "%s", onn_last_error());
}
END_TEST
#endif

START_TEST(the_list_begins_with_c_and_reference)
{
	onn_device_info *list;
	size_t count;

	check_error(
	    onn_device_list(NULL, &count), ONN_ERROR_ARGUMENT, "onn_device_list: list is NULL");
	check_error(
	    onn_device_list(&list, NULL), ONN_ERROR_ARGUMENT, "onn_device_list: count is NULL");
	check_ok(onn_device_list(&list, &count));
	ck_assert_uint_ge(count, 2);
	ck_assert_str_eq(list[0].name, "c");
	ck_assert_str_eq(list[1].name, "reference");
	for (size_t i = 0; i < count; i++) {
		ck_assert_str_ne(list[i].description, "");
		ck_assert_uint_gt(list[i].memory, 0);
		ck_assert_uint_gt(list[i].units, 0);
	}
	onn_free(list);
}
END_TEST

int main(void)
{
	unsetenv("ONN_DEVICE");
	unsetenv("ONN_THREADS");
	return run_tests(
	    "dispatch", (const TTest *[]){unknown_names_give_the_nearest_one_and_the_list,
	                    options_are_checked, older_options_keep_the_defaults_of_what_they_lack,
	                    the_environment_names_a_device_and_its_threads,
	                    a_device_opens_again_by_its_own_name,
#ifndef ONN_HAVE_OPENCL
	                    a_build_without_opencl_says_so,
#else
	                    an_opencl_device_that_is_not_there_is_an_error,
#endif
	                    the_list_begins_with_c_and_reference, NULL});
}
