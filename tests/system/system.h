/*
 * Systems of a few lines, for tests.
 */
#ifndef ONN_TESTS_SYSTEM_H
#define ONN_TESTS_SYSTEM_H

#include <onn/system.h>

#include "device.h"

/* A system of n x n pixels of 8 um at 532 nm with these layers, and more beside them. */
static inline onn_system *system_of(size_t n, const char *more, const char *layers)
{
	char json[2048];
	onn_system *system;
	snprintf(json, sizeof json,
	    "{\"grid\": %zu, \"pitch\": \"8um\", \"wavelength\": \"532nm\", %s \"layers\": [%s]}",
	    n, more, layers);
	check_ok(onn_system_from_json(&system, json, NULL));
	return system;
}

static inline onn_system_result *result_of(onn_system *system, onn_device *device)
{
	onn_system_result *result;
	check_ok(onn_system_run(&result, system, device));
	return result;
}

#endif
