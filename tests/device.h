/*
 * The device that a test runs on: ONN_TEST_DEVICE, "c" where that is not set. "gpu" is the first
 * OpenCL GPU. CMake registers such a test once a device (onn_add_device_tests).
 */
#ifndef ONN_TESTS_DEVICE_H
#define ONN_TESTS_DEVICE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/device.h>

#include "testing.h"

/* The name of the first GPU; false where there is none. */
static inline bool first_gpu(char *name, size_t room)
{
	onn_device_info *list = NULL;
	size_t count = 0;
	bool found = false;

	if (onn_device_list(&list, &count) == ONN_OK)
		for (size_t i = 0; i < count && !found; i++) {
			found = list[i].gpu;
			if (found)
				snprintf(name, room, "%s", list[i].name);
		}
	onn_free(list);
	return found;
}

/* Opens it, or ends the program: with 77, a skip, where the machine has no such device. */
static inline onn_device *open_test_device(const onn_device_options *options)
{
	const char *asked = getenv("ONN_TEST_DEVICE");
	char name[128];
	onn_device *device = NULL;

	snprintf(name, sizeof name, "%s", asked && *asked ? asked : "c");
	if (strcmp(name, "gpu") == 0 && !first_gpu(name, sizeof name)) {
		printf("skipped: no OpenCL GPU\n");
		exit(77);
	}
	if (onn_device_create(&device, name, options)) {
		bool absent = strncmp(name, "opencl", 6) == 0;
		printf("%s: %s\n", absent ? "skipped" : "failed", onn_last_error());
		exit(absent ? 77 : EXIT_FAILURE);
	}
	printf("device %s: %s\n", onn_device_name(device), onn_device_description(device));
	return device;
}

/* What main returns: the tests on that device, which is open in *device while they run. */
static inline int run_on_device(const char *name, onn_device **device, const TTest *const tests[])
{
	*device = open_test_device(NULL);
	int failed = run_tests(name, tests);
	onn_device_destroy(*device);
	return failed;
}

/* The same for tests that need f64: 77, a skip, where the device lacks it. */
static inline int run_in_f64(const char *name, onn_device **device, const TTest *const tests[])
{
	*device = open_test_device(NULL);
	int failed = 77;
	if (onn_device_supports(*device, ONN_F64))
		failed = run_tests(name, tests);
	else
		printf("skipped: the device has no f64\n");
	onn_device_destroy(*device);
	return failed;
}

/* The program's main(): these tests on the file's `device`; in f64. */
#define TESTS_ON_DEVICE(name, ...)                                                                 \
	int main(void)                                                                             \
	{                                                                                          \
		return run_on_device(name, &device, (const TTest *[]){__VA_ARGS__, NULL});         \
	}
#define TESTS_IN_F64(name, ...)                                                                    \
	int main(void) { return run_in_f64(name, &device, (const TTest *[]){__VA_ARGS__, NULL}); }

/* Kernels that are compiled one by one, on the device that has f64: minutes for what rusticl, which
 * lacks it, shows in f32 as well. */
static inline bool is_repeated_by_rusticl(void)
{
	const char *asked = getenv("ONN_TEST_DEVICE");
	return asked && strcmp(asked, "opencl-pure:portable") == 0;
}

static inline bool is_rusticl(void)
{
	const char *asked = getenv("ONN_TEST_DEVICE");
	return asked && strcmp(asked, "opencl-pure:rusticl") == 0;
}

/* Whether every case is tried: ONN_TEST_ALL=1, as tests/nightly.sh has it. Else devices that take a
 * second to compile a kernel are content with one case of several. */
static inline bool is_thorough(void)
{
	const char *all = getenv("ONN_TEST_ALL");
	return all && strcmp(all, "1") == 0;
}

/* The same once a precision that the device has; *real is then the type, and *fine, where it is not
 * NULL, its tolerance. */
static inline int run_in_each_precision(onn_device **device, const TTest *const tests[],
    onn_type *real, double *fine, double fine32, double fine64)
{
	int failed = 0;
	*device = open_test_device(NULL);
	for (*real = ONN_F32; *real <= ONN_F64; ++*real) {
		if (fine)
			*fine = *real == ONN_F32 ? fine32 : fine64;
		if (*real == ONN_F32 && is_repeated_by_rusticl())
			printf("f32 is left to rusticl, for which the same test stands\n");
		else if (onn_device_supports(*device, *real))
			failed |= run_tests(onn_type_name(*real), tests);
		else
			printf("skipped: %s: no fp64 on this device\n", onn_type_name(*real));
	}
	onn_device_destroy(*device);
	return failed;
}

/* The same once, in f64 where the device has it: every other one where rusticl, in f32, has all. */
static inline int run_in_widest_precision(const char *name, onn_device **device,
    const TTest *const tests[], onn_type *real, double *fine, double fine32, double fine64)
{
	*device = open_test_device(NULL);
	bool wide = onn_device_supports(*device, ONN_F64);
	bool few = is_repeated_by_rusticl() && !is_thorough();
	const TTest *some[64] = {NULL};
	*real = wide ? ONN_F64 : ONN_F32;
	if (fine)
		*fine = wide ? fine64 : fine32;
	for (size_t i = 0, n = 0; tests[i] && n + 1 < COUNT(some); i++)
		if (!few || i % 2 == 0)
			some[n++] = tests[i];
	int failed = run_tests(name, some);
	onn_device_destroy(*device);
	return failed;
}

#endif
