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

/* "a|b|c" as "a, b or c". */
static void choice_words(const char *names, char *text, size_t room)
{
	size_t n = 0;

	text[0] = '\0';
	for (const char *between = ""; *names && n < room;) {
		size_t length = strcspn(names, "|");
		n += (size_t)snprintf(text + n, room - n, "%s%.*s", between, (int)length, names);
		names += length + (names[length] == '|');
		between = strchr(names, '|') ? ", " : " or ";
	}
}

static int check(const command *c, const option_row *row, const void *settings)
{
	char name[64], has[64], words[256];
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
	choice_words(values + 1, words, sizeof words);
	return command_usage(c, "--%s goes with --%s %s; given %s", row->name, name, words, has);
}

int command_needs(const command *c, const command_line *line, const void *settings)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < c->row_count && !code; i++)
		if (line->given[i] && c->row[i].needs)
			code = check(c, &c->row[i], settings);
	return code;
}
