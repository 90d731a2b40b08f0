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

/* The word that stands at the other option. */
static void word_of(char *word, size_t room, const option_row *other, const void *settings)
{
	const char *structure;
	const onn_setting *s =
	    other->kind == VALUE_SETTING ? setting_of(&structure, other, settings) : NULL;

	if (s)
		snprintf(word, room, "%s",
		    onn_words_name(s->words, *(const int *)(structure + s->offset)));
	else
		choice_name(other->names, *(const int *)((const char *)settings + other->offset),
		    word, room);
}

/* Whether the number at the other option is above 0. */
static bool is_positive(const option_row *other, const void *settings)
{
	const char *structure;
	const onn_setting *s =
	    other->kind == VALUE_SETTING ? setting_of(&structure, other, settings) : NULL;
	const char *value = s ? structure + s->offset : (const char *)settings + other->offset;

	return *(const double *)value > 0;
}

static int check(const command *c, const option_row *row, const option_row *other,
    const char *needs, const void *settings)
{
	char has[64], words[256];
	const char *values = strchr(needs, '=');

	if (!values) {
		if (is_positive(other, settings))
			return EXIT_OK;
		return command_usage(c, "--%s goes with --%s, which is 0", row->name, other->name);
	}
	word_of(has, sizeof has, other, settings);
	if (is_among(values + 1, has))
		return EXIT_OK;
	choice_words(values + 1, words, sizeof words);
	return command_usage(
	    c, "--%s goes with --%s %s; given %s", row->name, other->name, words, has);
}

/* The row of "sa-od" or "update=adam|sgd". */
static const option_row *option_named(const command *c, const char *needs)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(needs, "="), needs);
	return command_row(c, name);
}

static int check_row(const command *c, const option_row *row, const void *settings)
{
	const option_row *other;
	const char *needs;
	int code = EXIT_OK;

	if (row->needs)
		return check(c, row, option_named(c, row->needs), row->needs, settings);
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
