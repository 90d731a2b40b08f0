/* --help, of the command and of each subcommand. */
#include <stdio.h>
#include <string.h>

#include "command.h"

enum { WIDTH = 79, INDENT = 8 };

/* Prints text in lines of at most WIDTH columns; '\n' in it starts a new line. */
static void wrapped(const char *text, size_t indent)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " \n");
		if (column && column + 1 + word > WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%*s%.*s", column ? 1 : (int)indent, "", (int)word, text);
		text += word;
		if (*text == '\n') {
			putchar('\n');
			column = 0;
		}
		text += *text != '\0';
	}
	putchar('\n');
}

/* The unit of plain numbers, where the help does not say it in words; NULL: none. */
static const char *unit_of(const option_row *row)
{
	static const char *const word[][2] = {
	    {"m", "metres"}, {"s", "seconds"}, {"rad", "radians"}};
	const char *structure;
	const onn_setting *s = row->kind == VALUE_SETTING ? setting_of(&structure, row, "") : NULL;
	const char *unit = s ? s->unit : row->plain ? NULL : row->unit;

	for (size_t i = 0; unit && i < sizeof word / sizeof *word; i++)
		if (!strcmp(unit, word[i][0]) && strstr(row->help, word[i][1]))
			return NULL;
	return unit;
}

const char *help_note(char *text, size_t room, const option_row *row)
{
	const char *unit = unit_of(row), *standard = setting_standard(row);

	if (!unit && !standard)
		return "";
	snprintf(text, room, " (%s%s%s%s%s)", unit ? "in " : "", unit ? unit : "",
	    unit && standard ? "; " : "", standard ? "default: " : "", standard ? standard : "");
	return text;
}

static void print_row(const option_row *row)
{
	char text[1024], note[192];

	printf("  --%s%s%s\n", row->name, *value_shown(row) ? " " : "", value_shown(row));
	snprintf(text, sizeof text, "%s%s", row->help, help_note(note, sizeof note, row));
	wrapped(text, INDENT);
}

static void print_examples(const char *lines)
{
	printf("\nExample%s:\n", strchr(lines, '\n') ? "s" : "");
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		printf("  %.*s\n", (int)length, lines);
		lines += length + (lines[length] == '\n');
	}
}

void help_print(const command *c)
{
	printf("Usage: onn %s%s%s%s\n\n", c->name, c->arguments ? " " : "",
	    c->arguments ? c->arguments : "", c->row_count ? " [options]" : "");
	wrapped(c->text, 0);
	printf("\nOptions:\n");
	for (size_t i = 0; i < c->row_count; i++)
		print_row(&c->row[i]);
	printf("  --help\n%*sprint this text\n", INDENT, "");
	print_examples(c->example);
}

void help_print_all(void)
{
	printf("Usage: onn COMMAND [options]\n\n"
	       "All-optical neural networks: training with saturable absorbers and optical\n"
	       "backpropagation, on plain C and on OpenCL.\n\nCommands:\n");
	for (size_t i = 0; commands[i]; i++)
		printf("  onn %-12s %s\n", commands[i]->name, commands[i]->summary);
	printf(
	    "\nonn help COMMAND, or onn COMMAND --help, says more of one.\n"
	    "\nExit codes: 0 success, 1 failure, 2 wrong usage, 130 and 143 stopped by a signal.\n"
	    "\nEnvironment:\n"
	    "  ONN_DEVICE    the device where --device is not given\n"
	    "  ONN_THREADS   host threads where --threads is not given\n"
	    "  ONN_DATA_DIR  a folder with data sets, looked in after --data-dir\n");
	print_examples(
	    "onn devices\nonn train mlp --epochs 20 --out runs/digits\nonn eval runs/digits");
}
