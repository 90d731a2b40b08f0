/*
 * Devices that are there and of no use: clGetDeviceInfo here stands before the library's, and says
 * that none is available.
 */
#define _GNU_SOURCE              /* RTLD_NEXT */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>

#include "testing.h"

#include <onn/device.h>

#include "backend/backend.h"

cl_int clGetDeviceInfo(cl_device_id id, cl_device_info what, size_t room, void *value, size_t *size)
{
	cl_int (*next)(cl_device_id, cl_device_info, size_t, void *, size_t *);
	void *there = dlsym(RTLD_NEXT, "clGetDeviceInfo");

	if (!there)
		abort();
	memcpy(&next, &there, sizeof there); /* ISO C has no such cast */
	cl_int code = next(id, what, room, value, size);
	if (!code && value && what == CL_DEVICE_AVAILABLE)
		memset(value, 0, room);
	return code;
}

START_TEST(a_device_that_is_not_available_is_left_out_and_named)
{
	onn_device_info list[4];
	onn_device *d = NULL;

	ck_assert_uint_eq(onn_opencl_list(list, COUNT(list)), 0);
	ck_assert_ptr_nonnull(strstr(onn_device_amiss(), "is not available"));
	check_error(onn_device_create(&d, "opencl", NULL), ONN_ERROR_ARGUMENT, "is not available");
	check_ok(onn_device_create(&d, "auto", NULL));
	ck_assert_str_eq(onn_device_name(d), "c");
	onn_device_destroy(d);
}
END_TEST

int main(void)
{
	cl_platform_id platform[8];
	cl_uint platforms = 0, devices = 0;

	clGetPlatformIDs(COUNT(platform), platform, &platforms);
	for (cl_uint i = 0; i < platforms && i < COUNT(platform) && !devices; i++)
		clGetDeviceIDs(platform[i], CL_DEVICE_TYPE_ALL, 0, NULL, &devices);
	if (devices == 0) {
		printf("skipped: no OpenCL device\n");
		return 77;
	}
	return run_tests("useless devices",
	    (const TTest *[]){a_device_that_is_not_available_is_left_out_and_named, NULL});
}
