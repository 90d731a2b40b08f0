/* onn devices: what this machine offers. */
#include <stdio.h>
#include <string.h>

#include <onn/device.h>

#include "command.h"
#include "result.h"

typedef struct settings {
	const char *device;
	bool json;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    DEVICE_ROW("show this one only: " DEVICE_HELP),
    JSON_ROW,
};

enum { COLUMNS = 6 };

/* The texts of a row, each as long as it needs. */
typedef struct table_row {
	char cell[COLUMNS][260];
} table_row;

static table_row head(void)
{
	table_row r = {{"NAME", "MEMORY", "UNITS", "FP64", "LIBRARIES", "DESCRIPTION"}};
	return r;
}

static table_row texts_of(const onn_device_info *info)
{
	table_row r;
	double gib = (double)info->memory / (1024.0 * 1024 * 1024);

	snprintf(r.cell[0], sizeof *r.cell, "%s", info->name);
	snprintf(r.cell[1], sizeof *r.cell, "%.1f GiB", gib);
	snprintf(r.cell[2], sizeof *r.cell, "%u", info->units);
	snprintf(r.cell[3], sizeof *r.cell, "%s", info->fp64 ? "yes" : "no");
	snprintf(r.cell[4], sizeof *r.cell, "%s", *info->libraries ? info->libraries : "-");
	snprintf(r.cell[5], sizeof *r.cell, "%s%s%s%s", info->description,
	    *info->platform ? " (" : "", info->platform, *info->platform ? ")" : "");
	return r;
}

static void print(const table_row *r, const int width[])
{
	for (int i = 0; i < COLUMNS - 1; i++)
		printf("%-*s  ", width[i], r->cell[i]);
	printf("%s\n", r->cell[COLUMNS - 1]);
}

static void widen(int width[], const table_row *r)
{
	for (int i = 0; i < COLUMNS; i++)
		if (width[i] < (int)strlen(r->cell[i]))
			width[i] = (int)strlen(r->cell[i]);
}

static void print_table(const onn_device_info *list, size_t count)
{
	int width[COLUMNS] = {0};
	table_row r = head();

	widen(width, &r);
	for (size_t i = 0; i < count; i++) {
		r = texts_of(&list[i]);
		widen(width, &r);
	}
	r = head();
	print(&r, width);
	for (size_t i = 0; i < count; i++) {
		r = texts_of(&list[i]);
		print(&r, width);
	}
}

/* What devices came to when they were tried, apart from the table. */
static void print_trials(const onn_device_info *list, size_t count)
{
	const char *before = "\n";

	for (size_t i = 0; i < count; i++)
		if (*list[i].trials) {
			printf("%s%s on trial: %s\n", before, list[i].name, list[i].trials);
			before = "";
		}
}

static int print_json(const onn_device_info *list, size_t count)
{
	result r = result_begin(&command_devices);

	result_list(&r, "devices");
	for (size_t i = 0; i < count; i++) {
		const onn_device_info *d = &list[i];
		result_row(&r, "devices");
		result_text(&r, "name", d->name);
		result_text(&r, "description", d->description);
		result_text(&r, "platform", d->platform);
		result_text(&r, "driver", d->driver);
		result_text(&r, "libraries", d->libraries);
		result_real(&r, "memory", (double)d->memory, "B");
		result_whole(&r, "compute_units", d->units);
		result_bool(&r, "fp64", d->fp64);
		result_text(&r, "trials", d->trials);
		result_leave(&r);
	}
	result_text(&r, "amiss", onn_device_amiss());
	return result_end(&r, EXIT_OK);
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	onn_device *device = NULL;
	onn_device_info *list = NULL, one;
	size_t count;
	int code = EXIT_OK;

	(void)line;
	onn_status status = onn_device_list(&list, &count);
	const onn_device_info *shown = list;
	if (!status && s->device)
		status = onn_device_create(&device, s->device, NULL);
	if (device) {
		count = device_find(&one, device, list, count);
		shown = &one;
	}
	if (status)
		code = command_status(&command_devices, status);
	else if (s->json)
		code = print_json(shown, count);
	else {
		print_table(shown, count);
		if (device && !count)
			printf("%s  %s\n", onn_device_name(device), onn_device_description(device));
		print_trials(shown, count);
	}
	if (!status && *onn_device_amiss())
		fprintf(stderr, "onn devices: %s\n", onn_device_amiss());
	device_close(device);
	onn_free(list);
	return code;
}

const command command_devices = {
    .name = "devices",
    .summary = "list the devices of this machine",
    .text = "Lists each device that onn can compute on, with its memory, its units (cores "
            "or compute units), whether it has double precision, and the libraries that "
            "work below it; then what trials of OpenCL devices' kernels and libraries came to "
            "so far. OpenCL platforms are probed in a child process, since a broken "
            "driver may end the process that asks it.",
    ROWS(rows),
    .example = "onn devices\nonn devices --device opencl:0",
    WORK(settings, run),
};
