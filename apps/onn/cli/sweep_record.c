/* What a folder of runs was made with: so that the same folder takes no runs of other settings. */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "system.h"

static const char record_name[] = "sweep.json";

/* Options that no result depends on, or that a run may go on with. */
static bool is_free(const char *option)
{
	static const char *const any[] = {"out", "resume", "device", "threads", "quiet", "profile",
	    "log-every", "jobs", "data-dir", "epochs", "seeds", "steps", "save-every"};

	for (size_t i = 0; i < sizeof any / sizeof *any; i++)
		if (!strcmp(any[i], option))
			return true;
	return false;
}

static cJSON *describe(const command *c, const command_line *line)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; o && i < c->row_count; i++)
		if (line->given[i] && !is_free(c->row[i].name) &&
		    !cJSON_AddStringToObject(o, c->row[i].name, line->given[i])) {
			cJSON_Delete(o);
			o = NULL;
		}
	return o;
}

/* One option, as it was and as it is; NULL: not given. Other values of a list are more runs. */
static int compare_one(const command *c, const char *out, const char *option, const char *was,
    const char *is, bool list)
{
	if ((!was && !is) || (was && is && !strcmp(was, is)))
		return EXIT_OK;
	if (was && is && list) {
		fprintf(
		    stderr, "onn %s: %s also holds runs of --%s %s\n", c->name, out, option, was);
		return EXIT_OK;
	}
	return command_fail(c,
	    "%s holds runs that were made %s--%s%s%s, and it is %s%s now; expected the same, or "
	    "another --out",
	    out, was ? "with " : "without ", option, was ? " " : "", was ? was : "",
	    is ? "" : "not given", is ? is : "");
}

static int compare(const command *c, const char *out, const cJSON *was, const cJSON *is)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < c->row_count && !code; i++) {
		const char *name = c->row[i].name;
		const char *a = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(was, name));
		const char *b = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(is, name));
		bool list = sweep_is_list(&c->row[i], a) && sweep_is_list(&c->row[i], b);
		if (!is_free(name))
			code = compare_one(c, out, name, a, b, list);
	}
	return code;
}

static void write_text(FILE *file, const void *text) { fprintf(file, "%s\n", (const char *)text); }

int sweep_record(const command *c, const command_line *line, const char *out)
{
	char *before = path_read(out, record_name);
	cJSON *was = before ? cJSON_Parse(before) : NULL, *is = describe(c, line);
	char *text = is ? cJSON_Print(is) : NULL;
	int code = text ? EXIT_OK : command_fail(c, "no memory");

	if (!code && was)
		code = compare(c, out, was, is);
	if (!code && !system_make_folder(out)) {
		fprintf(stderr, "onn %s: --out: ", c->name);
		system_error(out);
		code = EXIT_FAILED;
	}
	if (!code)
		code = path_write(c, out, record_name, write_text, text);
	cJSON_free(text);
	cJSON_Delete(was);
	cJSON_Delete(is);
	free(before);
	return code;
}
