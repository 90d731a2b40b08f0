/* How to go on with what was stopped: the command line again. */
#include <stdio.h>
#include <string.h>

#include "command.h"

/* A word for a shell to read back. */
static void print_quoted(FILE *stream, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+";

	if (*word && word[strspn(word, plain)] == '\0') {
		fputs(word, stream);
		return;
	}
	fputc('\'', stream);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", stream);
		else
			fputc(*word, stream);
	fputc('\'', stream);
}

void command_again(const command *c, int argc, char **argv, const char *more)
{
	fprintf(stderr, "  onn %s", c->name);
	for (int i = 1; i < argc; i++) {
		fputc(' ', stderr);
		print_quoted(stderr, argv[i]);
	}
	fprintf(stderr, "%s\n", more);
}
