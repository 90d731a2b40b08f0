/* config.json of a design: its settings by the options' names, as the table lists them. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "design.h"

/* Options that a resumed run may change: how long, where, and what is written. */
static bool may_change(const char *name)
{
	static const char *const names[] = {"steps", "save-every", "index", "base", "stl", "device",
	    "threads", "out", "resume", "profile", "quiet"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Of this call alone, not of the design. */
static bool is_kept(const char *name)
{
	return strcmp(name, "out") != 0 && strcmp(name, "resume") != 0 &&
	       strcmp(name, "quiet") != 0 && strcmp(name, "profile") != 0 &&
	       strcmp(name, "stl") != 0;
}

/* The name of a choice; free it. */
static char *choice_name(const char *names, int which)
{
	while (which-- > 0)
		names += strcspn(names, "|") + 1;
	size_t n = strcspn(names, "|");
	char *name = malloc(n + 1);
	if (name) {
		memcpy(name, names, n);
		name[n] = '\0';
	}
	return name;
}

static cJSON *value_item(const option_row *row, const void *value)
{
	const char *text;
	char *name;
	cJSON *item = NULL;

	switch (row->kind) {
	case VALUE_NONE:
		return cJSON_CreateBool(*(const bool *)value);
	case VALUE_REAL:
		return cJSON_CreateNumber(*(const double *)value);
	case VALUE_WHOLE:
		return cJSON_CreateNumber((double)*(const uint64_t *)value);
	case VALUE_CHOICE:
		name = choice_name(row->names, *(const int *)value);
		item = name ? cJSON_CreateString(name) : NULL;
		free(name);
		return item;
	default:
		text = *(const char *const *)value;
		return text ? cJSON_CreateString(text) : cJSON_CreateNull();
	}
}

char *design_config_text(const design_settings *s)
{
	cJSON *o = cJSON_CreateObject();
	char *text = NULL;
	bool fine = o && cJSON_AddStringToObject(o, "command", "design");

	for (size_t i = 0; fine && i < design_row_count; i++) {
		const option_row *row = &design_rows[i];
		if (!is_kept(row->name))
			continue;
		cJSON *item = value_item(row, (const char *)s + row->offset);
		fine = item && cJSON_AddItemToObject(o, row->name, item);
	}
	char *printed = fine ? cJSON_Print(o) : NULL;
	size_t n = printed ? strlen(printed) : 0;
	text = printed ? malloc(n + 2) : NULL;
	if (text) {
		memcpy(text, printed, n);
		memcpy(text + n, "\n", 2);
	}
	cJSON_free(printed);
	cJSON_Delete(o);
	return text;
}

/* False: the item is no value of that option. */
static bool item_value(const option_row *row, const cJSON *item, void *value)
{
	if (row->kind == VALUE_WHOLE || row->kind == VALUE_REAL) {
		if (!cJSON_IsNumber(item))
			return false;
		double x = item->valuedouble;
		/* 0 stands for an option that was not given */
		if (x != 0 && !(x >= row->low && x <= row->high))
			return false;
		if (row->kind == VALUE_REAL)
			*(double *)value = x;
		else
			*(uint64_t *)value = (uint64_t)x;
		return true;
	}
	if (row->kind == VALUE_CHOICE)
		return cJSON_IsString(item) && value_parse(row, item->valuestring, value);
	if (cJSON_IsNull(item)) {
		*(const char **)value = NULL;
		return true;
	}
	if (!cJSON_IsString(item))
		return false;
	*(const char **)value = item->valuestring;
	return true;
}

static bool equal_values(const option_row *row, const void *a, const void *b)
{
	switch (row->kind) {
	case VALUE_REAL:
		return *(const double *)a == *(const double *)b;
	case VALUE_WHOLE:
		return *(const uint64_t *)a == *(const uint64_t *)b;
	case VALUE_CHOICE:
		return *(const int *)a == *(const int *)b;
	default: {
		const char *x = *(const char *const *)a, *y = *(const char *const *)b;
		return x && y ? !strcmp(x, y) : x == y;
	}
	}
}

static int differs(const option_row *row, const char *given, const cJSON *item)
{
	char *saved = cJSON_PrintUnformatted(item);
	int code = command_fail(&command_design, "--%s is %s; the run to resume has %s", row->name,
	    given, saved ? saved : "another value");

	cJSON_free(saved);
	return code;
}

int design_config_take(
    design_settings *s, const command_line *line, const char *text, const char *path, void **keep)
{
	cJSON *o = cJSON_Parse(text);
	const cJSON *command_item = cJSON_GetObjectItemCaseSensitive(o, "command");

	*keep = o;
	if (!cJSON_IsString(command_item) || strcmp(command_item->valuestring, "design") != 0)
		return command_fail(
		    &command_design, "%s holds no design; expected a run of onn design", path);
	for (size_t i = 0; i < design_row_count; i++) {
		const option_row *row = &design_rows[i];
		union {
			double real;
			uint64_t whole;
			int choice;
			const char *text;
		} saved = {0};
		if (!is_kept(row->name))
			continue;
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, row->name);
		if (!item || !item_value(row, item, &saved))
			return command_fail(
			    &command_design, "%s: \"%s\" is missing or wrong", path, row->name);
		void *mine = (char *)s + row->offset;
		const char *given = line->given[i];
		if (given && may_change(row->name))
			continue;
		if (given && !equal_values(row, mine, &saved))
			return differs(row, given, item);
		if (row->kind == VALUE_REAL)
			*(double *)mine = saved.real;
		else if (row->kind == VALUE_WHOLE)
			*(uint64_t *)mine = saved.whole;
		else if (row->kind == VALUE_CHOICE)
			*(int *)mine = saved.choice;
		else
			*(const char **)mine = saved.text;
	}
	return EXIT_OK;
}

void design_config_release(void *keep) { cJSON_Delete(keep); }
