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
