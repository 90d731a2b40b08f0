/* A command line again, for a shell to read back: to go on with what was stopped, to repeat it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* A word for a shell; to: NULL: how many bytes it takes. */
static size_t quote(char *to, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+";
	char *at = to;
	size_t count = 2;

	if (*word && word[strspn(word, plain)] == '\0') {
		if (to)
			memcpy(to, word, strlen(word));
		return strlen(word);
	}
	if (to)
		*at++ = '\'';
	for (; *word; word++) {
		size_t n = *word == '\'' ? 4 : 1;
		if (to) {
			memcpy(at, n > 1 ? "'\\''" : word, n);
			at += n;
		}
		count += n;
	}
	if (to)
		*at = '\'';
	return count;
}

void command_again(const command *c, int argc, char **argv, const char *more)
{
	fprintf(stderr, "  onn %s", c->name);
	for (int i = 1; i < argc; i++) {
		size_t n = quote(NULL, argv[i]);
		char *word = malloc(n);
		if (word)
			quote(word, argv[i]);
		fprintf(
		    stderr, " %.*s", word ? (int)n : (int)strlen(argv[i]), word ? word : argv[i]);
		free(word);
	}
	fprintf(stderr, "%s\n", more);
}

/* The words behind the command's name, in an order of their own; count of them. */
static size_t words_of(const char *word[], const command *c, const command_line *line)
{
	size_t n = 0;

	for (size_t i = 0; i < MAX_ARGUMENTS && line->argument[i]; i++)
		word[n++] = line->argument[i];
	for (size_t i = 0; i < c->row_count; i++) {
		bool several = c->row[i].kind == VALUE_CHANGES;
		if (!line->given[i] || several)
			continue;
		word[n++] = NULL;
		word[n++] = c->row[i].name;
		if (c->row[i].kind != VALUE_NONE)
			word[n++] = line->given[i];
	}
	for (size_t i = 0; i < line->changes; i++) {
		word[n++] = NULL;
		word[n++] = c->row[line->change_row[i]].name;
		word[n++] = line->change[i];
	}
	return n;
}

char *command_text(const command *c, const command_line *line)
{
	const char *word[MAX_ARGUMENTS + 3 * (MAX_OPTIONS + MAX_CHANGES)];
	size_t count = words_of(word, c, line), room = strlen(c->name) + sizeof "onn ";

	for (size_t i = 0; i < count; i++)
		room += word[i] ? quote(NULL, word[i]) + 1 : 2;
	char *text = malloc(room);
	char *at = text;
	if (text)
		at += sprintf(text, "onn %s", c->name);
	for (size_t i = 0; i < count && text; i++) {
		*at++ = ' ';
		if (!word[i]) { /* an option follows */
			*at++ = '-';
			*at++ = '-';
			i++;
		}
		at += quote(at, word[i]);
	}
	if (text)
		*at = '\0';
	return text;
}
