/* `onn selftest`: every case with every type, a row each. */
#include <onn/selftest.h>

#include <stdio.h>

#include "core/error.h"
#include "selftest/cases.h"

static onn_selftest_row make_row(onn_device *device, onn_device *reference, const onn_case *c,
    onn_type type, char *text, size_t room)
{
	onn_selftest_row row = {
	    c->name, type, ONN_SELFTEST_SKIPPED, 0, onn_case_tolerance(c, type), text};
	onn_status status;

	if (!onn_device_supports(device, type)) {
		snprintf(text, room, "the device has no %s", onn_type_name(type));
		return row;
	}
	status = onn_case_compare(&row.error, text, room, device, reference, c, type, NULL);
	if (status) {
		row.error = 0;
		row.outcome =
		    status == ONN_ERROR_UNSUPPORTED ? ONN_SELFTEST_SKIPPED : ONN_SELFTEST_FAILED;
		snprintf(text, room, "%s", onn_last_error());
	} else {
		row.outcome =
		    row.error <= row.tolerance ? ONN_SELFTEST_PASSED : ONN_SELFTEST_FAILED;
	}
	return row;
}

onn_status onn_selftest(
    size_t *failed, onn_device *device, onn_selftest_callback callback, void *user)
{
	onn_device *reference;
	onn_status status;
	size_t count = 0;
	char text[512];

	if (!device)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_selftest: device is NULL; expected an open device");
	status = onn_device_create(&reference, "reference", NULL);
	for (const onn_case *const *table = onn_case_tables; !status && *table; table++)
		for (const onn_case *c = *table; !status && c->name; c++)
			for (int type = 0; !status && type < ONN_TYPE_COUNT; type++) {
				if (!(c->types & 1u << type))
					continue;
				onn_selftest_row row = make_row(
				    device, reference, c, (onn_type)type, text, sizeof text);
				count += row.outcome == ONN_SELFTEST_FAILED;
				if (callback && !callback(&row, user))
					status =
					    onn_error(ONN_CANCELLED, "onn_selftest: cancelled");
			}
	onn_device_destroy(reference);
	if (failed)
		*failed = count;
	return status;
}
