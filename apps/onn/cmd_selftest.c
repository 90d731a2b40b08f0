/* onn selftest: a device against the reference, operation by operation, and works of real size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/onn.h>
#include <onn/selftest.h>

#include "command.h"
#include "result.h"

typedef struct settings {
	const char *device, *report;
	bool json;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE),
    {OPTION("report", FILE, report), .shown = "FILE",
        .help = "also run works of real size against device c, time them, and write what was found "
                "into FILE, as Markdown that can be sent to somebody"},
    JSON_ROW,
};

/* What came of it; for the report. */
typedef struct findings {
	onn_device *device;
	result *json;    /* NULL: text is printed */
	size_t count[3]; /* operations by onn_selftest_outcome */
	size_t wrong;    /* works */
	char *failed;    /* lines of operations that failed */
	size_t length;
	char *works; /* lines of the table */
	size_t works_length;
	bool no_memory;
} findings;

static void append(findings *f, char **text, size_t *length, const char *line)
{
	const size_t more = strlen(line);
	char *longer = realloc(*text, *length + more + 1);

	if (!longer) {
		f->no_memory = true;
		return;
	}
	memcpy(longer + *length, line, more + 1);
	*text = longer;
	*length += more;
}

/* ---- operations ---- */

static const char *const outcomes[] = {"ok", "FAILED", "skipped"};

static void add_row(result *r, const onn_selftest_row *row)
{
	result_row(r, "operations");
	result_text(r, "name", row->name);
	result_text(r, "type", onn_type_name(row->type));
	result_text(r, "outcome", outcomes[row->outcome]);
	if (row->outcome != ONN_SELFTEST_SKIPPED) {
		result_real(r, "error", row->error, NULL);
		result_real(r, "tolerance", row->tolerance, NULL);
	}
	result_text(r, "text", row->text);
	result_leave(r);
}

static void show_row(const onn_selftest_row *row)
{
	printf("%-22s %-5s %-8s", row->name, onn_type_name(row->type), outcomes[row->outcome]);
	if (row->outcome == ONN_SELFTEST_SKIPPED)
		printf(" %10s %10s", "-", "-");
	else
		printf(" %10.2g %10.2g", row->error, row->tolerance);
	/* Where the worst of a good row was is of no use to a reader. */
	if (row->outcome != ONN_SELFTEST_PASSED && *row->text)
		printf("  %s", row->text);
	putchar('\n');
	fflush(stdout);
}

static bool print_row(const onn_selftest_row *row, void *user)
{
	findings *f = user;
	char line[800];

	f->count[row->outcome]++;
	if (f->json)
		add_row(f->json, row);
	else
		show_row(row);
	if (row->outcome == ONN_SELFTEST_FAILED) {
		snprintf(line, sizeof line, "- %s, %s: off by %.2g, not %.2g: %s\n", row->name,
		    onn_type_name(row->type), row->error, row->tolerance, row->text);
		append(f, &f->failed, &f->length, line);
	}
	return true;
}

/* ---- works ---- */

static void add_work(result *r, const onn_selftest_work *w)
{
	result_row(r, "works");
	result_text(r, "name", w->name);
	result_text(r, "type", onn_type_name(w->type));
	result_text(r, "outcome", outcomes[w->outcome]);
	if (w->seconds > 0) {
		result_real(r, "error", w->error, NULL);
		result_real(r, "seconds", w->seconds, "s");
		result_real(r, "first", w->first, "s");
		result_real(r, "flops", w->flops, NULL);
		result_real(r, "bytes", w->bytes, "B");
	}
	result_text(r, "text", w->text);
	result_leave(r);
}

static void show_work(const onn_selftest_work *w)
{
	printf("%-34s %-5s %-8s", w->name, onn_type_name(w->type), outcomes[w->outcome]);
	if (w->seconds > 0)
		printf(" %8.1e %10.3f %9.2f %8.1f %8.1f\n", w->error, w->seconds * 1e3, w->first,
		    w->flops / w->seconds * 1e-9, w->bytes / w->seconds * 1e-9);
	else
		printf("  %s\n", w->text);
	fflush(stdout);
}

static bool print_work(const onn_selftest_work *w, void *user)
{
	findings *f = user;
	char numbers[80], line[800];

	f->wrong += w->outcome == ONN_SELFTEST_FAILED;
	if (f->json)
		add_work(f->json, w);
	else
		show_work(w);
	if (w->seconds > 0)
		snprintf(numbers, sizeof numbers, "%.1e | %.3f | %.2f | %.1f | %.1f", w->error,
		    w->seconds * 1e3, w->first, w->flops / w->seconds * 1e-9,
		    w->bytes / w->seconds * 1e-9);
	else
		snprintf(numbers, sizeof numbers, "- | - | - | - | -");
	snprintf(line, sizeof line, "| %s | %s | %s%s%s | %s |\n", w->name, onn_type_name(w->type),
	    outcomes[w->outcome], *w->text ? ": " : "", w->text, numbers);
	append(f, &f->works, &f->works_length, line);
	return true;
}

/* ---- the report ---- */

/* What the list says of the device. */
static void write_device(FILE *file, const onn_device *device)
{
	onn_device_info *list = NULL, d;
	size_t count = 0;

	fprintf(file, "| | |\n|---|---|\n| device | %s: %s |\n", onn_device_name(device),
	    onn_device_description(device));
	if (onn_device_list(&list, &count))
		return;
	if (device_find(&d, device, list, count)) {
		if (*d.platform)
			fprintf(file, "| platform | %s |\n| driver | %s |\n", d.platform, d.driver);
		fprintf(file, "| memory | %.1f GiB |\n| units | %u |\n| double precision | %s |\n",
		    (double)d.memory / 1073741824., d.units, d.fp64 ? "yes" : "no");
		fprintf(file, "| libraries | %s |\n", *d.libraries ? d.libraries : "none");
	}
	onn_free(list);
}

static void write_report(FILE *file, const void *user)
{
	const findings *f = user;
	const char *remark = onn_device_remark(f->device);

	fprintf(file, "# onn %s on %s\n\n", onn_version(), onn_device_description(f->device));
	write_device(file, f->device);
	fprintf(file, "\n%s%s\n",
	    *remark ? "Found wrong: " : "No library and no kernel was found wrong.", remark);
	fprintf(file,
	    "\n## Operations\n\n%zu passed, %zu failed, %zu skipped (types that the device "
	    "lacks).\n%s%s",
	    f->count[ONN_SELFTEST_PASSED], f->count[ONN_SELFTEST_FAILED],
	    f->count[ONN_SELFTEST_SKIPPED], f->failed ? "\n" : "", f->failed ? f->failed : "");
	fprintf(file,
	    "\n## Works, against device c\n\nerror: the largest difference over the largest "
	    "number. ms: the median run. first: seconds until the first run was done.\n\n"
	    "| work | type | result | error | ms | first | GFLOP/s | GB/s |\n"
	    "|---|---|---|---|---|---|---|---|\n%s",
	    f->works ? f->works : "");
}

static int report(const settings *s, findings *f)
{
	if (!f->json)
		printf("\n%-34s %-5s %-8s %8s %10s %9s %8s %8s\n", "WORK, AGAINST DEVICE C", "TYPE",
		    "RESULT", "ERROR", "MS", "FIRST, S", "GFLOP/S", "GB/S");
	onn_status status = onn_selftest_works(NULL, f->device, print_work, f);
	if (status)
		return command_status(&command_selftest, status);
	if (f->no_memory)
		return command_status(&command_selftest, command_no_memory());
	int code = path_write(&command_selftest, NULL, s->report, write_report, f);
	if (!code && !f->json)
		printf("\nwritten into %s\n", s->report);
	return code;
}

static int test(const settings *s, findings *f)
{
	if (!f->json)
		printf("device %s: %s\n\n%-22s %-5s %-8s %10s %10s\n", onn_device_name(f->device),
		    onn_device_description(f->device), "OPERATION", "TYPE", "RESULT", "ERROR",
		    "TOLERANCE");
	onn_status status = onn_selftest(NULL, f->device, print_row, f);
	if (status)
		return command_status(&command_selftest, status);
	if (!f->json)
		printf("\n%zu passed, %zu failed, %zu skipped\n", f->count[ONN_SELFTEST_PASSED],
		    f->count[ONN_SELFTEST_FAILED], f->count[ONN_SELFTEST_SKIPPED]);
	int code = s->report ? report(s, f) : EXIT_OK;
	return code ? code : f->count[ONN_SELFTEST_FAILED] || f->wrong ? EXIT_FAILED : EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	findings f = {0};

	(void)line;
	if (s->report && path_check_folder(&command_selftest, s->report))
		return EXIT_FAILED;
	onn_status status = device_open(&f.device, s->device, NULL);
	if (status)
		return command_status(&command_selftest, status);
	result r = {0};
	if (s->json) {
		r = result_begin(&command_selftest);
		result_text(&r, "device", onn_device_name(f.device));
		result_text(&r, "description", onn_device_description(f.device));
		f.json = &r;
	}
	int code = test(s, &f);
	bool told = f.count[ONN_SELFTEST_PASSED] > 0; /* a failed operation is a result, too */
	if (s->json) {
		result_whole(&r, "passed", f.count[ONN_SELFTEST_PASSED]);
		result_whole(&r, "failed", f.count[ONN_SELFTEST_FAILED]);
		result_whole(&r, "skipped", f.count[ONN_SELFTEST_SKIPPED]);
		int printed = result_end(&r, told ? EXIT_OK : code);
		code = code ? code : printed;
	}
	device_close(f.device);
	free(f.failed);
	free(f.works);
	return code;
}

const command command_selftest = {
    .name = "selftest",
    .summary = "compare a device with the reference, operation by operation",
    .text =
        "Runs every operation with every type on a device and on the reference with equal "
        "inputs, and prints the worst relative error beside what it may be. With --report it "
        "also times products, fields, sums, convolutions and training steps of real size, and "
        "compares them with device c. A device's first time compiles some hundred kernels, which "
        "takes a slow compiler a minute and more; then they are kept. Exits with 1 if anything "
        "fails.",
    ROWS(rows),
    .example = "onn selftest --device opencl\n"
               "onn selftest --device opencl --report device.md",
    WORK(settings, run),
};
