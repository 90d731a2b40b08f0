/* The page of a system: its frame, its settings, and what it was made with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/version.h>

#include "html.h"
#include "simulate.h"

/* ---- settings ---- */

/* A setting as text, numbers with their units; "" of none. */
static void text_of(char *text, size_t room, const onn_system *s, const char *name)
{
	const onn_setting *row = onn_system_row(s, name);
	char *value = onn_system_get(s, name);

	text[0] = '\0';
	if (value && row && *value &&
	    (row->kind == ONN_SETTING_REAL || row->kind == ONN_SETTING_SIZE))
		simulate_numbers(text, room, row, value);
	else
		snprintf(text, room, "%s", value ? value : "");
	onn_free(value);
}

/* What all light has in common. */
static void put_options(FILE *page, const onn_system *s)
{
	const onn_settings *table = onn_system_settings();
	char text[640];

	fputs("<table>\n", page);
	for (size_t i = 0; i < table->count; i++) {
		text_of(text, sizeof text, s, table->row[i].name);
		if (!text[0] || !strcmp(text, "none")) /* power: all colours are alike */
			continue;
		fprintf(page, "<tr><th>%s</th>", table->row[i].name);
		html_cell(page, text);
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
}

static onn_status put_layers(FILE *page, const onn_system *s)
{
	onn_status status = ONN_OK;
	char text[640];

	fputs("<table><tr><th>layer</th><th>kind</th><th>settings</th></tr>\n", page);
	for (size_t i = 0; i < onn_system_layers(s) && !status; i++) {
		status = simulate_layer_text(text, sizeof text, s, i);
		fputs("<tr>", page);
		html_cell(page, onn_system_name(s, i));
		html_cell(page, onn_system_kind(s, i));
		html_cell(page, text);
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
	return status;
}

/* What --set made of the file, and --scan. */
static void put_changes(FILE *page, const simulate_work *w)
{
	char name[128], text[640];

	if (w->s->set.count)
		fputs(
		    "<table><tr><th>changed by --set</th><th>in the file</th><th>here</th></tr>\n",
		    page);
	for (size_t i = 0; i < w->s->set.count; i++) {
		const char *item = w->s->set.item[i];
		snprintf(name, sizeof name, "%.*s", (int)strcspn(item, "="), item);
		fputs("<tr>", page);
		html_cell(page, name);
		text_of(text, sizeof text, w->given, name);
		html_cell(page, text);
		text_of(text, sizeof text, w->base ? w->base : w->system, name);
		html_cell(page, text);
		fputs("</tr>\n", page);
	}
	if (w->s->set.count)
		fputs("</table>\n", page);
	if (!w->seen)
		return;
	size_t count = w->value.count;
	fprintf(page, "<p>%s has %zu value%s, %s to ", w->name, count, count > 1 ? "s" : "",
	    simulate_number(text, sizeof text, w->row, w->value.value[0]));
	fprintf(page, "%s, a run each.</p>\n",
	    simulate_number(text, sizeof text, w->row, w->value.value[count - 1]));
}

static int put_settings(FILE *page, const simulate_work *w)
{
	const onn_system *s = w->base ? w->base : w->system;
	char *json = onn_system_to_json(s);

	fputs("<h2>Settings</h2>\n", page);
	put_options(page, s);
	onn_status status = json ? put_layers(page, s) : command_no_memory();
	put_changes(page, w);
	fputs("<details><summary>The whole system, as a file to simulate again</summary>\n<pre>",
	    page);
	html_text(page, json ? json : "");
	fputs("</pre></details>\n", page);
	onn_free(json);
	return status ? command_status(&command_simulate, status) : EXIT_OK;
}

/* ---- what it was made with ---- */

static void put_row(FILE *page, const char *name, const char *text)
{
	if (!*text)
		return;
	fprintf(page, "<tr><th>%s</th>", name);
	html_cell(page, text);
	fputs("</tr>\n", page);
}

/* Whether a list "opencl:0,opencl:1" has the name. */
static bool list_has(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (!strncmp(list, name, n) && (list[n] == ',' || !list[n]))
			return true;
	return false;
}

static void put_device(FILE *page, const onn_device_info *info)
{
	char text[320];

	snprintf(text, sizeof text, "%s: %s%s%s", info->name, info->description,
	    *info->platform ? ", " : "", info->platform);
	put_row(page, "device", text);
	put_row(page, "its driver", info->driver);
	put_row(page, "its libraries", info->libraries);
}

static void put_devices(FILE *page, const simulate_work *w)
{
	onn_device_info *list = NULL, found;
	size_t count = 0;
	char names[1024];

	if (w->seen)
		jobs_devices(&w->jobs, names, sizeof names);
	else
		snprintf(names, sizeof names, "%s", onn_device_name(w->device));
	onn_status status = onn_device_list(&list, &count);
	bool any = !status && !w->seen && device_find(&found, w->device, list, count);
	if (any)
		put_device(page, &found);
	for (size_t i = 0; i < count && !status && w->seen; i++)
		if (list_has(names, list[i].name)) {
			put_device(page, &list[i]);
			any = true;
		}
	if (!any)
		put_row(page, "device", names);
	onn_free(list);
}

static int put_making(FILE *page, const simulate_work *w)
{
	char *again = command_text(&command_simulate, w->line);
	char text[96];

	if (!again)
		return command_status(&command_simulate, command_no_memory());
	fputs("<h2>How it was made</h2>\n<table>\n", page);
	put_row(page, "onn", ONN_VERSION);
	put_devices(page, w);
	if (w->device)
		snprintf(text, sizeof text, "%d", onn_device_threads(w->device));
	else
		snprintf(text, sizeof text, "%zu runs at once", w->jobs.at_once);
	put_row(page, w->device ? "host threads" : "jobs", text);
	put_row(page, "precision", onn_type_name(onn_system_options_of(w->system)->precision));
	if (w->history) {
		snprintf(text, sizeof text, "%.3g s", w->optimizing);
		put_row(page, "time of the optimization", text);
	}
	snprintf(text, sizeof text, "%.3g s", w->running);
	put_row(page, w->seen ? "time of all runs" : "time of the light's way", text);
	fputs("</table>\n<p>The command, in the folder where it was given:</p>\n<pre>", page);
	html_text(page, again);
	fputs("</pre>\n", page);
	free(again);
	return EXIT_OK;
}

/* ---- the whole ---- */

int simulate_page_picture(
    FILE *page, const char *name, const picture_source *p, const picture_look *look)
{
	FILE *drawn = tmpfile();
	char file[ONN_SYSTEM_NAME + 8];

	if (!drawn)
		return command_fail(&command_simulate, "cannot draw %s: %s", name, strerror(errno));
	snprintf(file, sizeof file, "%s.png", name);
	plot_result result = picture_into(&command_simulate, drawn, file, p, look);
	if (result == PLOT_DRAWN)
		html_png(page, drawn, name, NULL);
	fclose(drawn);
	return plot_code(&command_simulate, "--report", result);
}

int simulate_page(const simulate_work *w)
{
	FILE *page = tmpfile();
	char heading[512];

	if (!page)
		return command_fail(
		    &command_simulate, "cannot make %s: %s", w->s->report, strerror(errno));
	snprintf(heading, sizeof heading, "Light through %s", w->path);
	html_begin(page, w->path, heading);
	int code = put_settings(page, w);
	if (!code)
		code = w->seen ? simulate_page_scan(page, w) : simulate_page_run(page, w);
	if (!code)
		code = put_making(page, w);
	html_end(page);
	if (!code && (ferror(page) || fflush(page)))
		code = command_fail(
		    &command_simulate, "cannot make %s: %s", w->s->report, strerror(errno));
	if (!code)
		code = path_copy(&command_simulate, w->s->report, page);
	fclose(page);
	return code;
}
