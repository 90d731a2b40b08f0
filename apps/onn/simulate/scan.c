/* A number of the system at many values: a run each. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"
#include "system.h"

int simulate_scan_prepare(simulate_work *w)
{
	const char *text = w->s->scan, *equals = strchr(text, '=');
	option_row list = {.kind = VALUE_INPUTS};
	char expected[384];

	w->name = malloc(strlen(text) + 1);
	if (!w->name)
		return command_status(&command_simulate, command_no_memory());
	snprintf(w->name, strlen(text) + 1, "%.*s", (int)(equals - text), text);
	w->row = onn_system_row(w->system, w->name);
	if (!w->row)
		return command_usage(&command_simulate, "--scan: %s", onn_last_error());
	list.name = w->row->name;
	list.unit = w->row->unit;
	if (!value_parse(&list, equals + 1, &w->value)) {
		value_refusal(&list, equals + 1, expected, sizeof expected);
		return command_usage(&command_simulate, "--scan: %s is '%s'; expected %s", w->name,
		    equals + 1, expected);
	}
	for (size_t i = 0; i < w->value.count; i++)
		if (onn_system_set_real(w->system, w->name, w->value.value[i]))
			return command_usage(&command_simulate, "--scan: %s", onn_last_error());
	w->results = calloc(w->value.count, sizeof *w->results);
	return w->results ? EXIT_OK : command_status(&command_simulate, command_no_memory());
}

int simulate_scan_run(simulate_work *w)
{
	bool shown = system_is_terminal(stderr);
	onn_status status = ONN_OK;
	char where[128], number[48];

	for (size_t i = 0; i < w->value.count && !status; i++) {
		if (shown)
			fprintf(stderr, "\r\033[Konn simulate: %zu of %zu", i + 1, w->value.count);
		status = onn_system_set_real(w->system, w->name, w->value.value[i]);
		if (!status)
			status = onn_system_run(&w->results[i], w->system, w->device);
		if (shown)
			fputs("\r\033[K", stderr);
		if (status)
			break;
		snprintf(where, sizeof where, " at %s = %s", w->name,
		    simulate_number(number, sizeof number, w->row, w->value.value[i]));
		simulate_warn(w, w->results[i], where);
	}
	return status ? command_status(&command_simulate, status) : EXIT_OK;
}

void simulate_scan_report(const simulate_work *w)
{
	char number[48], fwhm[48];

	printf("%14s  %-12s  %8s  %8s  %12s  %12s  %8s\n", w->name, "camera", "light", "inside",
	    "peak", "half width", "overlap");
	for (size_t i = 0; i < w->value.count; i++)
		for (size_t k = 0; k < onn_system_cameras(w->results[i]); k++) {
			const onn_system_camera *c = onn_system_camera_at(w->results[i], k);
			const onn_light_measure *m = &c->measure;
			const char *name = onn_system_name(w->system, c->layer);
			if (w->s->camera && strcmp(w->s->camera, name) != 0)
				continue;
			snprintf(fwhm, sizeof fwhm, "%s",
			    isfinite(m->fwhm[1]) ? METRES(m->fwhm[1], 4) : "-");
			printf("%14s  %-12s  %6.2f %%  %6.2f %%  %12.6g  %12s",
			    simulate_number(number, sizeof number, w->row, w->value.value[i]), name,
			    100 * m->share, 100 * m->inside, m->peak, fwhm);
			if (isnan(m->overlap))
				printf("  %8s\n", "-");
			else
				printf("  %8.6f\n", m->overlap);
		}
}
