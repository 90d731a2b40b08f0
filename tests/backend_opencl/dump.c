/*
 * Loaded before a program (LD_PRELOAD): writes each OpenCL program that it makes into the folder
 * ONN_DUMP, one file for each text, for offline.py. No device here runs native kernels, so that
 * plans are those for a GPU.
 */
#define _GNU_SOURCE              /* RTLD_NEXT */
#define CL_TARGET_OPENCL_VERSION 120
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CL/cl.h>

static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	if (!function)
		abort();
	return function;
}

/* FNV-1a: equal texts have one file. */
static uint64_t number_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

static void write_text(const char *text)
{
	const char *folder = getenv("ONN_DUMP");
	char path[4096];
	FILE *f;
	if (!folder)
		return;
	snprintf(path, sizeof path, "%s/%016llx.cl", folder, (unsigned long long)number_of(text));
	f = fopen(path, "w");
	if (!f)
		return;
	fputs(text, f);
	fclose(f);
}

cl_program clCreateProgramWithSource(
    cl_context context, cl_uint count, const char **strings, const size_t *lengths, cl_int *code)
{
	cl_program (*real)(cl_context, cl_uint, const char **, const size_t *, cl_int *);
	*(void **)&real = next("clCreateProgramWithSource");
	if (count == 1 && (!lengths || !lengths[0]))
		write_text(strings[0]);
	return real(context, count, strings, lengths, code);
}

cl_int clGetDeviceInfo(
    cl_device_id device, cl_device_info what, size_t room, void *value, size_t *size)
{
	cl_int (*real)(cl_device_id, cl_device_info, size_t, void *, size_t *);
	*(void **)&real = next("clGetDeviceInfo");
	cl_int code = real(device, what, room, value, size);
	if (!code && what == CL_DEVICE_EXECUTION_CAPABILITIES && value)
		*(cl_device_exec_capabilities *)value = CL_EXEC_KERNEL;
	return code;
}
