/* Options that count only beside another one, as their rows say. */
#include <stdio.h>
#include <string.h>

#include "command.h"

/* Name number `index` of "a|b|c". */
static void choice_name(const char *names, int index, char *name, size_t room)
{
	for (; index > 0; index--)
		names += strcspn(names, "|") + 1;
	snprintf(name, room, "%.*s", (int)strcspn(names, "|"), names);
}

static bool is_among(const char *names, const char *name)
{
	for (;; names++) {
		size_t length = strcspn(names, "|");
		if (length == strlen(name) && !strncmp(names, name, length))
			return true;
		names += length;
		if (!*names)
			return false;
	}
}

static int check(const command *c, const option_row *row, const void *settings)
{
	char name[64], has[64];
	const char *values = strchr(row->needs, '=');

	snprintf(name, sizeof name, "%.*s", (int)strcspn(row->needs, "="), row->needs);
	const option_row *other = command_row(c, name);
	const void *value = (const char *)settings + other->offset;
	if (!values) {
		if (*(const double *)value > 0)
			return EXIT_OK;
		return command_usage(c, "--%s goes with --%s, which is 0", row->name, name);
	}
	choice_name(other->names, *(const int *)value, has, sizeof has);
	if (is_among(values + 1, has))
		return EXIT_OK;
	return command_usage(
	    c, "--%s goes with --%s %s; given %s", row->name, name, values + 1, has);
}

int command_needs(const command *c, const command_line *line, const void *settings)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < c->row_count && !code; i++)
		if (line->given[i] && c->row[i].needs)
			code = check(c, &c->row[i], settings);
	return code;
}
