/* Names of OpenCL devices, and what is said where there is none such. */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <onn/device.h>

#include <ctype.h>
#include <stdlib.h>

#include "backend/backend.h"

static onn_device_info list[32];
static size_t count;

START_TEST(each_device_opens_by_the_name_in_the_list)
{
	for (size_t i = 0; i < count; i++) {
		onn_device *d;
		char name[64];
		snprintf(name, sizeof name, "opencl:%zu", i);
		ck_assert_str_eq(list[i].name, name);
		check_ok(onn_device_create(&d, name, NULL));
		ck_assert_str_eq(onn_device_name(d), name);
		ck_assert(onn_device_supports(d, ONN_F64) == list[i].fp64);
		ck_assert(onn_device_supports(d, ONN_C64));
		onn_device_destroy(d);
	}
}
END_TEST

START_TEST(part_of_a_name_in_any_case_is_enough)
{
	onn_device *d;
	char name[80] = "opencl-pure:", *part = name + strlen(name);

	memcpy(part, list[0].description, 12);
	part[12] = '\0';
	for (char *c = part; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	check_ok(onn_device_create(&d, name, NULL));
	ck_assert_str_eq(onn_device_name(d), "opencl-pure:0");
	onn_device_destroy(d);
}
END_TEST

START_TEST(plain_opencl_is_the_first_gpu_or_else_the_first_device)
{
	onn_device *d;
	size_t first = 0;

	for (size_t i = count; i-- > 0;)
		if (list[i].gpu)
			first = i;
	check_ok(onn_device_create(&d, "opencl", NULL));
	ck_assert_str_eq(onn_device_name(d), list[first].name);
	ck_assert(onn_opencl_has_gpu() == list[first].gpu);
	onn_device_destroy(d);
}
END_TEST

START_TEST(a_name_that_is_not_there_lists_those_that_are)
{
	static const char *const names[] = {
	    "opencl:99", "opencl:4294967296", "opencl-pure:no such device"};

	for (size_t i = 0; i < COUNT(names); i++) {
		onn_device *d = NULL;
		check_error(onn_device_create(&d, names[i], NULL), ONN_ERROR_ARGUMENT, names[i]);
		ck_assert_msg(strstr(onn_last_error(), "opencl:0 ("), "%s", onn_last_error());
		ck_assert_ptr_null(d);
	}
}
END_TEST

START_TEST(the_environment_forces_kernels)
{
	onn_device *d;
	onn_device_info forced[32];

	setenv("ONN_OPENCL_NATIVE", "0", 1);
	onn_opencl_list(forced, COUNT(forced));
	ck_assert_ptr_null(strstr(forced[0].libraries, "native"));
	check_ok(onn_device_create(&d, "opencl:0", NULL));
	ck_assert_int_eq(onn_device_threads(d), 1);
	onn_device_destroy(d);
	unsetenv("ONN_OPENCL_NATIVE");
}
END_TEST

START_TEST(a_device_without_fp64_says_so)
{
	for (size_t i = 0; i < count; i++) {
		onn_device *d;
		onn_tensor *t = NULL;
		if (list[i].fp64)
			continue;
		check_ok(onn_device_create(&d, list[i].name, NULL));
		check_error(
		    onn_tensor_create(&t, d, ONN_F64, 0, NULL), ONN_ERROR_UNSUPPORTED, "f64");
		onn_device_destroy(d);
	}
}
END_TEST

int main(void)
{
	count = onn_opencl_list(list, COUNT(list));
	if (count == 0) {
		printf("skipped: no OpenCL device\n");
		return 77;
	}
	return run_tests("opencl discovery",
	    (const TTest *[]){each_device_opens_by_the_name_in_the_list,
	        part_of_a_name_in_any_case_is_enough,
	        plain_opencl_is_the_first_gpu_or_else_the_first_device,
	        a_name_that_is_not_there_lists_those_that_are, the_environment_forces_kernels,
	        a_device_without_fp64_says_so, NULL});
}
