/* From a device's name to the backend that answers to it. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "backend/backend.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/options.h"
#include "core/os.h"

#define DEVICE_NAMES "auto, c, reference, opencl[:N|:NAME], opencl-pure[:N|:NAME]"

enum { MAX_THREADS = 1024 };

static onn_status unknown_name(const char *name)
{
	static const char *const known[] = {"auto", "c", "reference", "opencl", "opencl-pure"};
	onn_nearest nearest = ONN_NEAREST_INIT(name);
	char hint[ONN_NEAREST_HINT];

	for (size_t i = 0; i < ONN_COUNT(known); i++)
		onn_nearest_try(&nearest, known[i]);
	return onn_error(ONN_ERROR_ARGUMENT,
	    "onn_device_create: no device \"%.64s\"%s (expected %s)", name,
	    onn_nearest_hint(hint, &nearest), DEVICE_NAMES);
}

static onn_status open_opencl(
    onn_device **device, const char *rest, bool pure, const onn_device_options *options)
{
#ifdef ONN_HAVE_OPENCL
	return onn_opencl_open(device, rest, pure, options);
#else
	(void)rest;
	(void)options;
	*device = NULL;
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "onn_device_create: device %s; this build has no OpenCL, only c and reference",
	    pure ? "opencl-pure" : "opencl");
#endif
}

bool onn_device_stuck(void)
{
#ifdef ONN_HAVE_OPENCL
	return onn_opencl_is_stuck();
#else
	return false;
#endif
}

const char *onn_device_amiss(void)
{
#ifdef ONN_HAVE_OPENCL
	return onn_opencl_amiss();
#else
	return "";
#endif
}

static bool has_gpu(void)
{
#ifdef ONN_HAVE_OPENCL
	return onn_opencl_has_gpu();
#else
	return false;
#endif
}

/* True where name is stem, or stem and ':' and something; *rest is what follows the stem. */
static bool starts_with(const char *name, const char *stem, const char **rest)
{
	size_t length = strlen(stem);

	if (strncmp(name, stem, length) != 0 || (name[length] != '\0' && name[length] != ':'))
		return false;
	*rest = name + length;
	return strcmp(*rest, ":") != 0;
}

static onn_status open_by_name(
    onn_device **device, const char *name, const onn_device_options *options)
{
	const char *rest;

	if (strcmp(name, "auto") == 0)
		return has_gpu() ? open_opencl(device, "", false, options)
		                 : onn_c_open(device, options);
	if (strcmp(name, "c") == 0)
		return onn_c_open(device, options);
	if (strcmp(name, "reference") == 0)
		return onn_reference_open(device, options);
	if (starts_with(name, "opencl", &rest))
		return open_opencl(device, rest, false, options);
	if (starts_with(name, "opencl-pure", &rest))
		return open_opencl(device, rest, true, options);
	return unknown_name(name);
}

onn_status onn_device_choose_threads(int *threads)
{
	const char *text = getenv("ONN_THREADS");
	char *end;
	long number;

	if (*threads < 0 || *threads > MAX_THREADS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_create: threads is %d; expected 0 to %d", *threads, MAX_THREADS);
	if (*threads > 0)
		return ONN_OK;
	if (!text || !*text) {
		*threads = onn_processors();
		return ONN_OK;
	}
	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || *end || number < 1 || number > MAX_THREADS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_create: ONN_THREADS is \"%.32s\"; expected a number from 1 to %d",
		    text, MAX_THREADS);
	*threads = (int)number;
	return ONN_OK;
}

onn_status onn_device_create(
    onn_device **device, const char *name, const onn_device_options *options)
{
	onn_device_options chosen = ONN_DEVICE_OPTIONS_INIT;
	onn_status status;

	if (!device)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_create: device is NULL; expected a place for the device");
	*device = NULL;
	status = onn_options_take(&chosen, options, "onn_device_create", "ONN_DEVICE_OPTIONS_INIT");
	if (!status)
		status = onn_device_choose_threads(&chosen.threads);
	if (status)
		return status;
	if (!name)
		name = getenv("ONN_DEVICE");
	if (!name || !*name)
		name = "auto";
	status = open_by_name(device, name, &chosen);
	if (status) {
		*device = NULL;
		return status;
	}
	(*device)->profile = chosen.profile;
	(*device)->check = chosen.check;
	return ONN_OK;
}

void onn_device_destroy(onn_device *device)
{
	if (device)
		device->backend->close(device);
}

const char *onn_device_name(const onn_device *device) { return device->name; }
const char *onn_device_description(const onn_device *device) { return device->description; }

const char *onn_device_remark(const onn_device *device) { return device->remark; }
int onn_device_threads(const onn_device *device) { return device->threads; }

bool onn_device_supports(const onn_device *device, onn_type type)
{
	if (type == ONN_F64 || type == ONN_C128)
		return device->fp64;
	return onn_type_size(type) > 0;
}

onn_status onn_device_list(onn_device_info **list, size_t *count)
{
	size_t host = 2, room = 32;

	if (!list || !count)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_list: %s is NULL; expected a place for it",
		    list ? "count" : "list");
	*count = 0;
	*list = calloc(host + room, sizeof **list);
	if (!*list)
		return onn_error_memory("onn_device_list", (host + room) * sizeof **list);
	onn_c_info(&(*list)[0]);
	onn_reference_info(&(*list)[1]);
	*count = host;
#ifdef ONN_HAVE_OPENCL
	size_t found = onn_opencl_list(*list + host, room);
	*count += found < room ? found : room;
#endif
	return ONN_OK;
}
