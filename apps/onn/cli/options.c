/* The command line of a subcommand, by getopt_long and the subcommand's table. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/status.h>

#include "command.h"
#include "ranks.h"

enum { FIRST_OPTION = 256, HELP = 'h' };

static void complain(const command *c, const char *format, va_list arguments)
{
	fprintf(stderr, "onn%s%s: ", c ? " " : "", c ? c->name : "");
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

int command_usage(const command *c, const char *format, ...)
{
	va_list arguments;

	if (ranks_is_other()) /* the first process says it */
		return EXIT_USAGE;
	va_start(arguments, format);
	complain(c, format, arguments);
	va_end(arguments);
	fprintf(stderr, "See 'onn%s%s --help'.\n", c ? " " : "", c ? c->name : "");
	return EXIT_USAGE;
}

int command_fail(const command *c, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	complain(c, format, arguments);
	va_end(arguments);
	return EXIT_FAILED;
}

static bool own_memory; /* it was the command that lacked it */

onn_status command_no_memory(void)
{
	own_memory = true;
	return ONN_ERROR_MEMORY;
}

const char *command_plain(char *text, size_t room, const char *from)
{
	size_t used = 0;

	/* "onn_file_read: " is for programmers, at the start or where a reason is quoted */
	while (*from && used + 1 < room) {
		size_t word = strspn(from, "abcdefghijklmnopqrstuvwxyz0123456789_");
		bool begins = used == 0 || text[used - 1] == ' ' || text[used - 1] == '(';
		if (begins && !strncmp(from, "onn_", 4) && !strncmp(from + word, ": ", 2))
			from += word + 2;
		else
			text[used++] = *from++;
	}
	text[used] = '\0';
	return text;
}

int command_status(const command *c, onn_status status)
{
	char text[1024];

	command_plain(text, sizeof text,
	    status == ONN_ERROR_MEMORY && own_memory ? "no memory" : onn_last_error());
	return command_fail(c, "%s", *text ? text : onn_status_name(status));
}

static int unknown_option(const command *c, const char *word)
{
	char names[1024] = "--help", hint[96];
	size_t n = strlen(names), length = strcspn(word, "=");

	for (size_t i = 0; i < c->row_count && n < sizeof names; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "|--%s", c->row[i].name);
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), word);
	return command_usage(
	    c, "unknown option '%s'%s", name, nearest_hint(hint, sizeof hint, name, names));
}

static int wrong_value(const command *c, const option_row *row, const char *text)
{
	char expected[256], found[64] = "";

	value_refusal(row, text, expected, sizeof expected);
	if (value_names(row))
		nearest_name(text, value_names(row), found, sizeof found);
	return command_usage(c, "--%s is '%s'; expected %s%s%s%s", row->name, text, expected,
	    *found ? " (the nearest is " : "", found, *found ? ")" : "");
}

/* getopt_long takes any unambiguous beginning of a name. A script that relies on one breaks when an
 * option is added, so names are taken in full only. */
static bool written_in_full(const char *word, const char *name)
{
	size_t length = strcspn(word, "=");
	return length == strlen(name) + 2 && !strncmp(word + 2, name, length - 2);
}

static int take_option(
    const command *c, const option_row *row, const char *word, command_line *line)
{
	if (!written_in_full(word, row->name))
		return unknown_option(c, word);
	if (row->kind == VALUE_NONE) {
		line->given[row - c->row] = "";
		return EXIT_OK;
	}
	if (!strchr(word, '=') && !strncmp(optarg, "--", 2))
		return command_usage(c, "--%s needs a value; '%s' is an option", row->name, optarg);
	line->given[row - c->row] = optarg;
	if (row->kind != VALUE_CHANGES)
		return EXIT_OK;
	if (line->changes == MAX_CHANGES)
		return command_usage(c, "--%s is given more than %d times", row->name, MAX_CHANGES);
	line->change_row[line->changes] = (size_t)(row - c->row);
	line->change[line->changes++] = optarg;
	return EXIT_OK;
}

/* What getopt_long could not take: ':' a missing value, '?' anything else. */
static int refuse(const command *c, int code, const char *word)
{
	if (code == ':') {
		char expected[256];
		value_expected(&c->row[optopt - FIRST_OPTION], expected, sizeof expected);
		return command_usage(c, "%s needs a value; expected %s", word, expected);
	}
	if (optopt >= FIRST_OPTION)
		return command_usage(
		    c, "--%s takes no value; given '%s'", c->row[optopt - FIRST_OPTION].name, word);
	if (!strncmp(word, "--", 2))
		return unknown_option(c, word);
	return command_usage(c, "unknown option '%s'; options are words behind two dashes", word);
}

static int scan(const command *c, int argc, char **argv, const struct option *known,
    command_line *line, bool *help)
{
	size_t count = 0, most = c->argument_most ? c->argument_most : c->argument_count;

	/* '-' gives arguments in their place, so that argv[optind] is always the word at hand; ':'
	 * tells a missing value from an unknown option; getopt's own messages are off. */
	optind = 1;
	opterr = 0;
	for (;;) {
		const char *word = optind < argc ? argv[optind] : "";
		int code = getopt_long(argc, argv, "-:h", known, NULL);
		if (code == -1)
			break;
		if (code == HELP) {
			*help = true;
			return EXIT_OK;
		}
		if (code == 1) {
			if (count == most)
				return command_usage(c, "unexpected argument '%s'", optarg);
			line->argument[count++] = optarg;
			continue;
		}
		int failed = code < FIRST_OPTION
		                 ? refuse(c, code, word)
		                 : take_option(c, &c->row[code - FIRST_OPTION], word, line);
		if (failed)
			return failed;
	}
	for (; optind < argc; optind++) { /* behind "--" */
		if (count == most)
			return command_usage(c, "unexpected argument '%s'", argv[optind]);
		line->argument[count++] = argv[optind];
	}
	if (count < c->argument_count)
		return command_usage(c, "expected %s", c->arguments);
	return EXIT_OK;
}

const char *command_given(const command *c, const command_line *line, const char *option)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (strcmp(c->row[i].name, option) == 0)
			return line->given[i];
	return NULL;
}

/* Each structure of a table begins as the table says, before any option counts. */
void command_standard(const command *c, void *settings)
{
	for (size_t i = 0; i < c->row_count; i++) {
		const option_row *row = &c->row[i];
		const onn_settings *table = row->table ? row->table() : NULL;
		if (table)
			memcpy((char *)settings + row->offset, table->standard, table->size);
	}
	for (size_t i = 0; i < c->row_count; i++)
		if (c->row[i].standard)
			value_parse(&c->row[i], c->row[i].standard, settings);
}

/* Values that own memory. */
static void release(const option_row *row, void *settings)
{
	if (row->kind == VALUE_INPUTS) {
		number_list *list = (void *)((char *)settings + row->offset);
		free(list->value);
		*list = (number_list){0};
	}
}

/* The value of an option, or each that it was given; the first that is wrong in *text. */
static bool parse_given(
    const command *c, const command_line *line, size_t row, void *settings, const char **text)
{
	*text = line->given[row];
	if (c->row[row].kind != VALUE_CHANGES)
		return value_parse(&c->row[row], *text, settings);
	for (size_t i = 0; i < line->changes; i++) {
		*text = line->change[i];
		if (line->change_row[i] == row && !value_parse(&c->row[row], *text, settings))
			return false;
	}
	return true;
}

bool command_fill(const command *c, const command_line *line, void *settings, int *code)
{
	const char *text;

	*code = EXIT_OK;
	for (size_t i = 0; i < c->row_count && !*code; i++) {
		if (!line->given[i])
			continue;
		release(&c->row[i], settings); /* the default */
		errno = 0;
		if (!parse_given(c, line, i, settings, &text)) {
			bool lacks = errno == ENOMEM;
			command_release(c, settings);
			*code =
			    lacks ? command_fail(c, "no memory") : wrong_value(c, &c->row[i], text);
		}
	}
	return *code == EXIT_OK;
}

void command_release(const command *c, void *settings)
{
	for (size_t i = 0; i < c->row_count; i++)
		release(&c->row[i], settings);
}

bool command_scan(command_line *line, const command *c, int argc, char **argv, int *code)
{
	struct option known[MAX_OPTIONS + 2] = {{0}};
	bool help = false;

	for (size_t i = 0; i < c->row_count; i++) {
		known[i].name = c->row[i].name;
		known[i].has_arg = c->row[i].kind == VALUE_NONE ? no_argument : required_argument;
		known[i].val = FIRST_OPTION + (int)i;
	}
	known[c->row_count] = (struct option){"help", no_argument, NULL, HELP};
	memset(line, 0, sizeof *line);
	*code = scan(c, argc, argv, known, line, &help);
	if (help)
		help_print(c);
	return !help && *code == EXIT_OK;
}

int command_run(const command *c, int argc, char **argv)
{
	command_line line;
	int code;

	if (!c->work)
		return c->run(argc, argv);
	if (!command_scan(&line, c, argc, argv, &code))
		return code;
	void *settings = calloc(1, c->settings_size);
	if (!settings)
		return command_fail(c, "no memory");
	command_standard(c, settings);
	if (command_fill(c, &line, settings, &code)) {
		code = c->work(settings, &line);
		command_release(c, settings);
	}
	free(settings);
	return code;
}
