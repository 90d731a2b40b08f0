/* What stands before OpenCL: each call fails on demand, and devices claim to be less than they are.
 * */
#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#define _POSIX_C_SOURCE 200809L
#include "inject.h"

#include <CL/cl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALL(name, parameters, arguments, says)       cl_int __real_##name parameters;
#define MAKE(type, name, parameters, arguments, says) type __real_##name parameters;
#include "opencl.def"
#undef CALL
#undef MAKE

/* ---- lies ---- */

static char words[256];

void inject_lie(const char *text) { snprintf(words, sizeof words, " %s", text ? text : ""); }

/* The value behind " word="; NULL where the word is not said. */
static const char *said(const char *word)
{
	size_t n = strlen(word);
	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n)
		if (p > words && p[-1] == ' ' && p[n] == '=')
			return p + n + 1;
	return NULL;
}

static uint64_t number(const char *word, uint64_t otherwise)
{
	const char *text = said(word);
	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* What a device can be asked, and the bytes of the answer. */
static const struct {
	const char *word;
	cl_device_info what;
	size_t bytes;
} claim[] = {{"group", CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof(size_t)},
    {"local", CL_DEVICE_LOCAL_MEM_SIZE, sizeof(cl_ulong)},
    {"alloc", CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof(cl_ulong)},
    {"global", CL_DEVICE_GLOBAL_MEM_SIZE, sizeof(cl_ulong)},
    {"units", CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(cl_uint)},
    {"type", CL_DEVICE_TYPE, sizeof(cl_device_type)},
    {"fp64", CL_DEVICE_DOUBLE_FP_CONFIG, sizeof(cl_device_fp_config)},
    {"divide", CL_DEVICE_SINGLE_FP_CONFIG, sizeof(cl_device_fp_config)},
    {"native", CL_DEVICE_EXECUTION_CAPABILITIES, sizeof(cl_device_exec_capabilities)},
    {"unified", CL_DEVICE_HOST_UNIFIED_MEMORY, sizeof(cl_bool)},
    {"available", CL_DEVICE_AVAILABLE, sizeof(cl_bool)},
    {"compiler", CL_DEVICE_COMPILER_AVAILABLE, sizeof(cl_bool)},
    {"images", CL_DEVICE_IMAGE_SUPPORT, sizeof(cl_bool)},
    {"align", CL_DEVICE_MEM_BASE_ADDR_ALIGN, sizeof(cl_uint)}};

static const cl_device_info text_of[] = {
    CL_DEVICE_NAME, CL_DEVICE_VENDOR, CL_DEVICE_VERSION, CL_DRIVER_VERSION, CL_DEVICE_EXTENSIONS};

static cl_int give(const void *from, size_t bytes, size_t room, void *value, size_t *size)
{
	if (size)
		*size = bytes;
	if (value && room < bytes)
		return CL_INVALID_VALUE;
	if (value)
		memcpy(value, from, bytes);
	return CL_SUCCESS;
}

/* A text of `length` characters that are awkward to print, or no byte at all. */
static cl_int give_text(size_t length, size_t room, void *value, size_t *size)
{
	static char text[100001];
	for (size_t i = 0; i < length && i + 1 < sizeof text; i++)
		text[i] = "%s%n\"'\n\t\\/"[i % 10];
	return give(text, length ? length + 1 : 0, room, value, size);
}

enum { GO_ON = 1 }; /* no answer of OpenCL's */

static cl_int device_says(cl_device_info what, size_t room, void *value, size_t *size)
{
	for (size_t i = 0; i < sizeof claim / sizeof *claim; i++)
		if (claim[i].what == what && said(claim[i].word)) {
			uint64_t x = number(claim[i].word, 0); /* the little end comes first */
			return give(&x, claim[i].bytes, room, value, size);
		}
	for (size_t i = 0; i < sizeof text_of / sizeof *text_of; i++)
		if (text_of[i] == what && said("texts"))
			return give_text(number("texts", 0), room, value, size);
	return GO_ON;
}

static cl_int device_count(cl_uint *count)
{
	if (!said("devices"))
		return GO_ON;
	if (count)
		*count = 0;
	return number("devices", 0) ? CL_SUCCESS : CL_DEVICE_NOT_FOUND;
}

/* ---- what is claimed is held to ---- */

static cl_int buffer_says(size_t bytes)
{
	return bytes > number("alloc", SIZE_MAX) ? CL_INVALID_BUFFER_SIZE : GO_ON;
}

static cl_int source_says(cl_uint n, const char **text)
{
	for (cl_uint i = 0; said("fp64") && i < n; i++)
		if (!strncmp(text[i], "#define ONN_FP64 1", 18))
			return CL_INVALID_VALUE;
	return GO_ON;
}

static void never(void)
{
	for (;;)
		pause();
}

/* build, sleep = 1: it fails or never ends with optimisation; 2: without, too. */
static cl_int build_says(const char *options)
{
	const uint64_t plainly = options && strstr(options, "-cl-opt-disable") ? 1 : 0;
	if (number("sleep", 0) > plainly)
		never();
	if (number("build", 0) > plainly)
		return CL_BUILD_PROGRAM_FAILURE;
	if (said("divide") && options && strstr(options, "correctly-rounded"))
		return CL_INVALID_BUILD_OPTIONS;
	return said("compiler") ? CL_COMPILER_NOT_AVAILABLE : GO_ON;
}

static cl_int native_says(void) { return said("native") ? CL_INVALID_OPERATION : GO_ON; }

/* hang=N: no launch behind the N-th ends. */
static atomic_ulong launches;

static bool hangs(void) { return said("hang") && atomic_load(&launches) > number("hang", 0); }

static cl_int wait_says(void)
{
	if (hangs())
		never();
	return GO_ON;
}

static cl_int event_says(cl_event_info what, size_t room, void *value, size_t *size)
{
	static const cl_int now = CL_RUNNING;
	if (what != CL_EVENT_COMMAND_EXECUTION_STATUS || !hangs())
		return GO_ON;
	return give(&now, sizeof now, room, value, size);
}

static cl_int launch_says(cl_command_queue q, cl_kernel k, cl_uint axes, const size_t *local)
{
	atomic_fetch_add(&launches, 1);
	size_t group = 1;
	cl_ulong bytes = 0;
	cl_device_id d;
	for (cl_uint i = 0; local && i < axes; i++)
		group *= local[i];
	if (group > number("group", SIZE_MAX))
		return CL_INVALID_WORK_GROUP_SIZE;
	__real_clGetCommandQueueInfo(q, CL_QUEUE_DEVICE, sizeof d, &d, NULL);
	clGetKernelWorkGroupInfo(k, d, CL_KERNEL_LOCAL_MEM_SIZE, sizeof bytes, &bytes, NULL);
	return bytes > number("local", UINT64_MAX) ? CL_OUT_OF_RESOURCES : GO_ON;
}

/* A binary of another size than there is. */
static cl_int binary_says(cl_program_info what, size_t room, void *value, size_t *size)
{
	uint64_t x = number("binary", 0);
	if (!said("binary"))
		return GO_ON;
	return what == CL_PROGRAM_BINARY_SIZES ? give(&x, sizeof(size_t), room, value, size)
	       : what == CL_PROGRAM_BINARIES   ? CL_SUCCESS /* and nothing is filled in */
	                                       : GO_ON;
}

/* ---- each call ---- */

#define CALL(name, parameters, arguments, says)                                                    \
	cl_int __wrap_##name parameters;                                                           \
	cl_int __wrap_##name parameters                                                            \
	{                                                                                          \
		if (inject_fails(INJECT_OPENCL, #name, INJECT_CALLER))                             \
			return inject_code();                                                      \
		cl_int answer = says;                                                              \
		return answer == GO_ON ? __real_##name arguments : answer;                         \
	}
#define MAKE(type, name, parameters, arguments, says)                                              \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		bool fails = inject_fails(INJECT_OPENCL, #name, INJECT_CALLER);                    \
		cl_int answer = fails ? inject_code() : says;                                      \
		if (answer != GO_ON && code)                                                       \
			*code = answer;                                                            \
		return answer == GO_ON ? __real_##name arguments : NULL;                           \
	}
#include "opencl.def"
