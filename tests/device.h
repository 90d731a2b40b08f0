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

#endif
