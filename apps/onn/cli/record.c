#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "system.h"

static const char record_name[] = "runs.json";

record record_begin(const command *c) { return (record){.c = c, .entry = cJSON_CreateObject()}; }

void record_end(record *r)
{
	cJSON_Delete(r->entry);
	*r = (record){0};
}

void record_add(record *r, const char *name, const char *text)
{
	if (!r->entry || !text || !cJSON_AddStringToObject(r->entry, name, text))
		r->no_memory = true;
}

bool record_has(const char *option)
{
	static const char *const any[] = {"out", "resume", "device", "threads", "quiet", "profile",
	    "log-every", "jobs", "data-dir", "epochs", "seeds", "steps", "save-every", "plot",
	    "csv", "json", "show", "log", "gamma"};

	for (size_t i = 0; i < sizeof any / sizeof *any; i++)
		if (!strcmp(any[i], option))
			return false;
	return true;
}

void record_add_options(record *r, const command_line *line)
{
	for (size_t i = 0; i < r->c->row_count; i++)
		if (line->given[i] && record_has(r->c->row[i].name))
			record_add(r, r->c->row[i].name, line->given[i]);
}

/* ---- what was, and what is ---- */

static bool is_option(const command *c, const char *name)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (!strcmp(c->row[i].name, name))
			return true;
	return false;
}

/* Whether a message can quote it. */
static bool is_short(const char *text) { return !text || strlen(text) <= 60; }

static int compare_one(const record *r, const char *folder, const char *name, const char *was)
{
	const char *is = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(r->entry, name));
	const char *dashes = is_option(r->c, name) ? "--" : "";

	if (was && is && !strcmp(was, is))
		return EXIT_OK;
	if (r->grows && r->grows(r->c, name, was, is)) {
		if (was && is)
			fprintf(stderr, "onn %s: %s also holds runs of %s%s %s\n", r->c->name,
			    folder, dashes, name, was);
		return EXIT_OK;
	}
	if (!is_short(was) || !is_short(is))
		return command_fail(r->c,
		    "%s holds runs that were made with another %s%s; expected the same, or another "
		    "folder",
		    folder, dashes, name);
	return command_fail(r->c,
	    "%s holds runs that were made %s%s%s%s%s, and it is %s%s now; expected the same, or "
	    "another folder",
	    folder, was ? "with " : "without ", dashes, name, was ? " " : "", was ? was : "",
	    is ? "" : "not given", is ? is : "");
}

static int compare(const record *r, const char *folder, const cJSON *was)
{
	int code = EXIT_OK;

	for (const cJSON *e = was->child; e && !code; e = e->next)
		code = compare_one(r, folder, e->string, cJSON_GetStringValue(e));
	for (const cJSON *e = r->entry->child; e && !code; e = e->next)
		if (!cJSON_GetObjectItemCaseSensitive(was, e->string))
			code = compare_one(r, folder, e->string, NULL);
	return code;
}

/* Lists of train and design had the same under another name; other lists had something else. */
static int read_before(cJSON **was, const record *r, const char *folder)
{
	char *text = path_read(folder, record_name);
	char *other = text ? NULL : path_read(folder, "jobs/what.txt");

	*was = NULL;
	if (!text && !other)
		text = path_read(folder, "sweep.json");
	if (text)
		*was = cJSON_Parse(text);
	int code = EXIT_OK;
	if (other)
		code = command_fail(r->c,
		    "%s holds runs of an earlier onn, which said what they are of in "
		    "jobs/what.txt; expected another folder",
		    folder);
	else if (text && !cJSON_IsObject(*was))
		code = command_fail(r->c,
		    "%s holds runs, and %s, which says what they are of, cannot be read; expected "
		    "another folder",
		    folder, record_name);
	free(text);
	free(other);
	return code;
}

static void write_text(FILE *file, const void *text) { fprintf(file, "%s\n", (const char *)text); }

int record_keep(const record *r, const char *folder)
{
	cJSON *was = NULL;
	char *text = r->no_memory || !r->entry ? NULL : cJSON_Print(r->entry);
	int code = text ? read_before(&was, r, folder) : command_fail(r->c, "no memory");

	if (!code && was)
		code = compare(r, folder, was);
	if (!code && !system_make_folder(folder)) {
		fprintf(stderr, "onn %s: ", r->c->name);
		system_error(folder);
		code = EXIT_FAILED;
	}
	if (!code)
		code = path_write(r->c, folder, record_name, write_text, text);
	cJSON_free(text);
	cJSON_Delete(was);
	return code;
}

/* ---- several where one is wanted ---- */

static bool has_file(const char *folder, const char *name)
{
	char *path = folder ? path_join(folder, name) : NULL;
	bool there = path && path_exists(path);

	free(path);
	return there;
}

/* The first run in a folder of several, free it; NULL: none has begun. */
static char *first_run(const char *folder)
{
	size_t count;
	char **name = system_folders(folder, &count), *first = NULL;

	for (size_t i = 0; i < count; i++) {
		char *path = first ? NULL : path_join(folder, name[i]);
		if (has_file(path, "config.json"))
			first = path;
		else
			free(path);
		free(name[i]);
	}
	free(name);
	return first;
}

int record_refuse_several(const command *c, const char *folder, bool resume)
{
	static const char *const sign[] = {record_name, "sweep.json", "sweep.csv"};
	bool several = false;

	for (size_t i = 0; i < sizeof sign / sizeof *sign && !several; i++)
		several = has_file(folder, sign[i]);
	if (!several || has_file(folder, "config.json"))
		return EXIT_OK;
	char *first = first_run(folder);
	command_fail(c, "%s holds several runs; expected one of them%s%s%s", folder,
	    first ? ", such as " : "", first ? first : "",
	    resume ? "; all go on by the command that began them" : "");
	free(first);
	return EXIT_FAILED;
}
