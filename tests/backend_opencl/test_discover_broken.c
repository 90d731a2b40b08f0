/*
 * A machine whose only OpenCL driver aborts: BROKEN_DRIVER is its library. The loader takes the
 * list of drivers from OCL_ICD_VENDORS.
 */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <onn/device.h>

#include <unistd.h>

#include "backend/backend.h"
#include "core/os.h"

START_TEST(a_driver_that_aborts_is_no_device_and_no_crash)
{
	onn_device_info info;
	onn_device *d = NULL;

	ck_assert_uint_eq(onn_opencl_list(&info, 1), 0);
	ck_assert(!onn_opencl_has_gpu());
	check_error(onn_device_create(&d, "opencl", NULL), ONN_ERROR_DEVICE, "driver");
	ck_assert_ptr_null(d);
	ck_assert_ptr_nonnull(strstr(onn_device_amiss(), "driver"));
	check_ok(onn_device_create(&d, "auto", NULL));
	ck_assert_str_eq(onn_device_name(d), "c");
	onn_device_destroy(d);
}
END_TEST

int main(void)
{
	char folder[600], file[640], at[500];

	if (!getcwd(at, sizeof at))
		return EXIT_FAILURE;
	snprintf(folder, sizeof folder, "%s/drivers-of-test-%ld", at, (long)getpid());
	snprintf(file, sizeof file, "%s/broken.icd", folder);
	if (onn_directory_make(folder) ||
	    onn_file_write(file, BROKEN_DRIVER "\n", strlen(BROKEN_DRIVER) + 1))
		return EXIT_FAILURE;
	setenv("OCL_ICD_VENDORS", folder, 1);
	int result = run_tests("broken driver",
	    (const TTest *[]){a_driver_that_aborts_is_no_device_and_no_crash, NULL});
	remove(file);
	rmdir(folder);
	return result;
}
