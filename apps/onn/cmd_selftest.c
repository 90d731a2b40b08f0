/* onn selftest: a device against the reference, operation by operation. */
#include <stdio.h>

#include <onn/selftest.h>

#include "command.h"

typedef struct settings {
	const char *device;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE),
};

typedef struct tally {
	size_t count[3]; /* by onn_selftest_outcome */
} tally;

static bool print_row(const onn_selftest_row *row, void *user)
{
	static const char *const outcome[] = {"ok", "FAILED", "skipped"};
	tally *t = user;

	t->count[row->outcome]++;
	printf("%-22s %-5s %-8s", row->name, onn_type_name(row->type), outcome[row->outcome]);
	if (row->outcome == ONN_SELFTEST_SKIPPED)
		printf(" %10s %10s", "-", "-");
	else
		printf(" %10.2g %10.2g", row->error, row->tolerance);
	/* Where the worst of a good row was is of no use to a reader. */
	if (row->outcome != ONN_SELFTEST_PASSED && *row->text)
		printf("  %s", row->text);
	putchar('\n');
	fflush(stdout);
	return true;
}

static int test(onn_device *device)
{
	tally t = {{0}};
	size_t failed;

	printf("device %s: %s\n\n%-22s %-5s %-8s %10s %10s\n", onn_device_name(device),
	    onn_device_description(device), "OPERATION", "TYPE", "RESULT", "ERROR", "TOLERANCE");
	onn_status status = onn_selftest(&failed, device, print_row, &t);
	if (status)
		return command_status(&command_selftest, status);
	printf("\n%zu passed, %zu failed, %zu skipped\n", t.count[ONN_SELFTEST_PASSED],
	    t.count[ONN_SELFTEST_FAILED], t.count[ONN_SELFTEST_SKIPPED]);
	return failed ? EXIT_FAILED : EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	onn_device *device;

	(void)line;
	onn_status status = device_open(&device, s->device, NULL);
	if (status)
		return command_status(&command_selftest, status);
	int code = test(device);
	device_close(device);
	return code;
}

const command command_selftest = {
    .name = "selftest",
    .summary = "compare a device with the reference, operation by operation",
    .text = "Runs every operation with every type on a device and on the reference with "
            "equal inputs, and prints the worst relative error beside what it may be. "
            "Exits with 1 if any operation fails.",
    ROWS(rows),
    .example = "onn selftest --device opencl",
    WORK(settings, run),
};
