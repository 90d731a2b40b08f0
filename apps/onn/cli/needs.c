/* Options that count only beside another one, as their rows say. */
#include <stdio.h>
#include <string.h>

#include "command.h"

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

/* other: a setting of a word, or of a real number, as it is here. */
static int check(const command *c, const option_row *row, const option_row *other,
    const char *needs, const void *settings)
{
	char words[256];
	const char *structure, *values = strchr(needs, '=');
	const onn_setting *s = setting_of(&structure, other, settings);
	const void *value = structure + s->offset;

	if (!values) {
		if (*(const double *)value > 0)
			return EXIT_OK;
		return command_usage(c, "--%s goes with --%s, which is 0", row->name, other->name);
	}
	const char *has = onn_words_name(s->words, *(const int *)value);
	if (names_have(values + 1, has, strlen(has)))
		return EXIT_OK;
	choice_words(values + 1, words, sizeof words);
	return command_usage(
	    c, "--%s goes with --%s %s; given %s", row->name, other->name, words, has);
}

static int check_row(const command *c, const option_row *row, const void *settings)
{
	const option_row *other;
	const char *needs;
	int code = EXIT_OK;

	if (row->kind != VALUE_SETTING)
		return EXIT_OK;
	for (size_t i = 0; !code && (needs = setting_needs(&other, c, row, i)); i++)
		code = check(c, row, other, needs, settings);
	return code;
}

int command_needs(const command *c, const command_line *line, const void *settings)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < c->row_count; i++)
		if (c->row[i].needed && !line->given[i]) {
			char expected[256];
			value_expected(&c->row[i], expected, sizeof expected);
			return command_usage(
			    c, "--%s is missing; expected %s", c->row[i].name, expected);
		}
	for (size_t i = 0; i < c->row_count && !code; i++)
		if (line->given[i])
			code = check_row(c, &c->row[i], settings);
	return code;
}
