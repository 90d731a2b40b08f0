/*
 * Shapes that lead to each form of a kernel, on ONN_TEST_DEVICE against the reference. The
 * operations themselves are tests/ops' concern.
 */
#ifndef ONN_TESTS_BACKEND_OPENCL_KERNELS_H
#define ONN_TESTS_BACKEND_OPENCL_KERNELS_H

#define _POSIX_C_SOURCE 200809L
#include "trial.h"

#include "device.h"

static onn_device *device, *reference;
/* by Oclgrind, which takes a microsecond for an instruction: no large shapes */
static bool simulated;

/* Rounding errors of sums grow with their length at worst; the numbers are positive, so nothing
 * cancels. */
static const double close32 = 2e-6, close64 = 1e-14;

static inline double close_for(onn_type type)
{
	return onn_type_real(type) == ONN_F64 ? close64 : close32;
}

#define check_trial(t, y, tolerance)                                                               \
	do {                                                                                       \
		double error_ = trial_error(t, device, reference, y);                              \
		ck_assert_msg(error_ <= (tolerance), "error %g, not %g", error_, tolerance);       \
	} while (0)

static const onn_type floats[] = {ONN_F32, ONN_F64, ONN_C64, ONN_C128};

/* Opens the devices around the tests, as run_tests otherwise. */
static inline int run_kernel_tests(const char *name, const TTest *const tests[])
{
	device = open_test_device(NULL);
	simulated = strstr(onn_device_description(device), "Oclgrind") != NULL;
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests(name, tests);
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}

#endif
