/* onn examples: lists the examples that come with onn, or copies them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "examples/examples.h"
#include "result.h"
#include "system.h"

typedef struct settings {
	bool json;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {JSON_ROW};

static int list(const settings *s)
{
	result r = {0};

	if (s->json)
		r = result_begin(&command_examples);
	for (const example *e = example_files; e->name; e++) {
		if (!*e->shows)
			continue;
		if (!s->json) {
			printf("%-24s %s\n", e->name, e->shows);
			continue;
		}
		result_row(&r, "examples");
		result_text(&r, "name", e->name);
		result_text(&r, "shows", e->shows);
		result_leave(&r);
	}
	return s->json ? result_end(&r, EXIT_OK) : EXIT_OK;
}

/* Nothing is written where one of them is there already. */
static int refuse_old(const char *folder)
{
	for (const example *e = example_files; e->name; e++) {
		char *path = path_join(folder, e->name);
		char *full = path ? system_full_path(path) : NULL;
		int code = EXIT_OK;
		if (full)
			code = command_fail(
			    &command_examples, "%s is there already; nothing was copied", path);
		else if (!path)
			code = command_fail(&command_examples, "no memory for a name");
		free(full);
		free(path);
		if (code)
			return code;
	}
	return EXIT_OK;
}

/* The folder that a file goes into, made if need be. */
static int make_folder(const char *folder, const char *name)
{
	char *path = path_join(folder, name);
	int code = EXIT_OK;

	if (!path)
		return command_fail(&command_examples, "no memory for a name");
	*strrchr(path, '/') = '\0';
	if (!system_make_folder(path))
		code = command_fail(&command_examples, "the folder %s could not be made: %s", path,
		    strerror(errno));
	free(path);
	return code;
}

static void write_one(FILE *file, const void *user)
{
	const example *e = user;
	fwrite(e->data, 1, e->bytes, file);
}

static int copy(const settings *s, const char *folder)
{
	size_t files = 0;
	result r = {0};
	int code = refuse_old(folder);

	for (const example *e = example_files; e->name && !code; e++, files++) {
		code = make_folder(folder, e->name);
		if (!code)
			code = path_write(&command_examples, folder, e->name, write_one, e);
	}
	if (s->json) {
		r = result_begin(&command_examples);
		result_text(&r, "folder", folder);
		result_whole(&r, "files", files);
		return result_end(&r, code);
	}
	if (!code)
		printf(
		    "%zu files in %s; %s/README.md says how to run them\n", files, folder, folder);
	return code;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;

	if (!line->argument[0])
		return list(s);
	if (!*line->argument[0])
		return command_usage(&command_examples, "DIR is ''; expected the name of a folder");
	return copy(s, line->argument[0]);
}

const command command_examples = {
    .name = "examples",
    .summary = "list the examples, or copy them into a folder",
    .text = "Lists the examples that come with onn: programs in C and in Python, systems of light "
            "and networks in files. With DIR it copies all of them, with the pictures that they "
            "read, into that folder, which is made if need be; where a file of theirs is there "
            "already, it names that and copies nothing.",
    .arguments = "[DIR]",
    .argument_most = 1,
    ROWS(rows),
    .example = "onn examples\nonn examples my-examples",
    WORK(settings, run),
};
