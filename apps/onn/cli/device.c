/* Devices as the command opens them: where "auto" has to pass one over, a line says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

bool device_is_auto(const char *name)
{
	if (!name)
		name = getenv("ONN_DEVICE");
	return !name || !*name || !strcmp(name, "auto");
}

onn_status device_open(onn_device **device, const char *name, const onn_device_options *options)
{
	onn_status status = onn_device_create(device, name, options);

	/* a GPU was taken: what else there is does not matter */
	if (!status && device_is_auto(name) && !strcmp(onn_device_name(*device), "c") &&
	    *onn_device_amiss())
		fprintf(stderr, "onn: %s; auto takes c\n", onn_device_amiss());
	return status;
}

onn_status device_open_for(
    onn_device **device, const char *name, const onn_device_options *options, onn_type type)
{
	onn_status status = device_open(device, name, options);

	if (!status && device_is_auto(name) && !onn_device_supports(*device, type)) {
		fprintf(stderr, "onn: %s has no double precision; auto takes c\n",
		    onn_device_name(*device));
		onn_device_destroy(*device);
		*device = NULL;
		status = onn_device_create(device, "c", options);
	}
	return status;
}

void device_close(onn_device *device)
{
	const char *remark = device ? onn_device_remark(device) : "";

	if (*remark)
		fprintf(stderr, "onn: %s: %s\n", onn_device_name(device), remark);
	onn_device_destroy(device);
}

/* "opencl-pure:0" is what the list has as "opencl:0". */
static bool is_listed_as(const char *name, const char *listed)
{
	static const char pure[] = "opencl-pure:", usual[] = "opencl:";

	if (strncmp(name, pure, strlen(pure)) != 0)
		return !strcmp(name, listed);
	return !strncmp(listed, usual, strlen(usual)) &&
	       !strcmp(name + strlen(pure), listed + strlen(usual));
}

bool device_find(
    onn_device_info *info, const onn_device *device, const onn_device_info *list, size_t count)
{
	static const char native[] = "native kernels";
	const char *name = onn_device_name(device);

	for (size_t i = 0; i < count; i++) {
		if (!is_listed_as(name, list[i].name))
			continue;
		*info = list[i];
		if (!strcmp(name, list[i].name))
			return true;
		snprintf(info->name, sizeof info->name, "%s", name);
		if (!strncmp(info->libraries, native, strlen(native)))
			info->libraries[0] = '\0';
		return true;
	}
	return false;
}
