/* `onn selftest`: every case with every type, a row each. */
#include <onn/selftest.h>

#include <stdio.h>

#include "backend/backend.h"
#include "core/error.h"
#include "selftest/cases.h"

typedef struct test {
	onn_case_devices on;
	onn_selftest_callback callback;
	void *user;
	size_t failed;
	bool cancelled;
} test;

static bool has(onn_type type, void *user)
{
	const test *t = user;
	return onn_device_supports(t->on.device, type);
}

static bool tell(const onn_case_result *r, void *user)
{
	test *t = user;
	char text[64];
	onn_selftest_row row = {r->self->name, r->type, ONN_SELFTEST_SKIPPED, 0,
	    onn_case_tolerance(r->self, r->type), r->text};

	if (r->left_out) {
		snprintf(text, sizeof text, "the device has no %s", onn_type_name(r->type));
		row.text = text;
	} else if (r->status != ONN_ERROR_UNSUPPORTED) {
		bool passed = !r->status && r->error <= row.tolerance;
		row.error = r->status ? 0 : r->error;
		row.outcome = passed ? ONN_SELFTEST_PASSED : ONN_SELFTEST_FAILED;
	}
	t->failed += row.outcome == ONN_SELFTEST_FAILED;
	t->cancelled = t->callback && !t->callback(&row, t->user);
	return !t->cancelled;
}

onn_status onn_selftest(
    size_t *failed, onn_device *device, onn_selftest_callback callback, void *user)
{
	test t = {.on = {.device = device, .wanted = has, .told = tell, .user = &t},
	    .callback = callback,
	    .user = user};
	onn_status status;

	if (!device)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_selftest: device is NULL; expected an open device");
	t.on.extent = device->backend->compiles ? ONN_CASES_FEW : ONN_CASES_ALL;
	status = onn_device_create(&t.on.reference, "reference", NULL);
	for (const onn_case *const *table = onn_case_tables; !status && !t.cancelled && *table;
	     table++)
		status = onn_case_compare_all(*table, &t.on);
	if (!status && t.cancelled)
		status = onn_error(ONN_CANCELLED, "onn_selftest: cancelled");
	onn_device_destroy(t.on.reference);
	if (failed)
		*failed = t.failed;
	return status;
}
