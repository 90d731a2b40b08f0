/* The command `onn`: finds the subcommand and runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/device.h>
#include <onn/version.h>

#include "command.h"
#include "system.h"

const command *const commands[] = {&command_devices, &command_selftest, &command_response,
    &command_pulse, &command_train_mlp, &command_train_cnn, &command_train_d2nn, &command_train_net,
    &command_datasets, &command_show, &command_eval, &command_compare, &command_predict,
    &command_design, &command_source, &command_propagate, &command_simulate, &command_plot,
    &command_reproduce, &command_examples, &command_version, NULL};

typedef struct version_settings {
	const char *device;
} version_settings;

#define AT(member) offsetof(version_settings, member)

static const option_row version_rows[] = {
    DEVICE_ROW("also say what this device is"),
};

static int version(void *settings, const command_line *line)
{
	const version_settings *s = settings;

	(void)line;
	printf("onn %s\n", ONN_VERSION);
	if (!s->device)
		return EXIT_OK;
	onn_device *device;
	onn_status status = device_open(&device, s->device, NULL);
	if (status)
		return command_status(&command_version, status);
	printf("%s: %s\n", onn_device_name(device), onn_device_description(device));
	device_close(device);
	return EXIT_OK;
}

const command command_version = {
    .name = "--version",
    .summary = "print the version",
    .text = "Prints the version of the command and its library.",
    ROWS(version_rows),
    .example = "onn --version --device c",
    WORK(version_settings, version),
};

/* How many words of argv the name has in common with the command line: all of its own, or 0. */
static int words_of(const char *name, int argc, char **argv)
{
	int words = 0;

	while (*name) {
		size_t length = strcspn(name, " ");
		if (words == argc || strlen(argv[words]) != length ||
		    memcmp(argv[words], name, length) != 0)
			return 0;
		words++;
		name += length + (name[length] == ' ');
	}
	return words;
}

/* "mlp|d2nn|net": what follows `train` in the commands' names. */
static const char *networks(void)
{
	static char text[64];
	size_t n = 0;

	for (size_t i = 0; commands[i]; i++)
		if (!strncmp(commands[i]->name, "train ", 6) && n < sizeof text)
			n += (size_t)snprintf(
			    text + n, sizeof text - n, "%s%s", n ? "|" : "", commands[i]->name + 6);
	return text;
}

/* `onn train` without a network, or with one that there is not. */
static int train_what(int argc, char **argv)
{
	char hint[64];

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("Usage: onn train NETWORK [options]\n\nNetworks:\n");
		for (size_t i = 0; commands[i]; i++)
			if (!strncmp(commands[i]->name, "train ", 6))
				printf("  %-5s %s\n", commands[i]->name + 6, commands[i]->summary);
		printf("\nExample:\n  onn train mlp --help\n");
		return EXIT_OK;
	}
	if (argc == 1 || argv[1][0] == '-')
		return command_usage(NULL, "'train' needs a network: onn train %s", networks());
	return command_usage(NULL, "unknown network '%s'; expected %s%s", argv[1], networks(),
	    nearest_hint(hint, sizeof hint, argv[1], networks()));
}

static int unknown_command(const char *word)
{
	char names[256] = "help", hint[96];
	size_t n = strlen(names);

	if (word[0] == '-')
		return command_usage(NULL, "unknown option '%s'%s", word,
		    nearest_hint(hint, sizeof hint, word, "--help|--version"));
	for (size_t i = 0; commands[i]; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "|%.*s",
		    (int)strcspn(commands[i]->name, " "), commands[i]->name);
	return command_usage(
	    NULL, "unknown command '%s'%s", word, nearest_hint(hint, sizeof hint, word, names));
}

/* The command that the words begin with, and how many of them are its name; NULL: none. */
static const command *find(int *words, int argc, char **argv)
{
	for (size_t i = 0; commands[i]; i++) {
		*words = words_of(commands[i]->name, argc, argv);
		if (*words)
			return commands[i];
	}
	return NULL;
}

/* `onn help COMMAND`, the same as `onn COMMAND --help`. */
static int help(int argc, char **argv)
{
	char train[] = "train", option[] = "--help", *of_networks[] = {train, option};
	int words;
	const command *c = find(&words, argc, argv);

	if (c && argc > words)
		return command_usage(
		    NULL, "unexpected argument '%s' behind 'help %s'", argv[words], c->name);
	if (c)
		help_print(c);
	else if (strcmp(argv[0], "train") != 0)
		return unknown_command(argv[0]);
	else if (argc > 1)
		return train_what(argc, argv);
	else
		return train_what(2, of_networks);
	return EXIT_OK;
}

static int dispatch(int argc, char **argv)
{
	if (argc == 0)
		return command_usage(NULL, "expected a command, such as 'onn devices'");
	if (!strcmp(argv[0], "help") && argc > 1)
		return help(argc - 1, argv + 1);
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h") || !strcmp(argv[0], "help")) {
		help_print_all();
		return EXIT_OK;
	}
	/* Not shown in --help: the build makes the manual page and the completion with these. */
	if (argc == 1 && !strcmp(argv[0], "--print-manual")) {
		page_manual();
		return EXIT_OK;
	}
	if (argc == 2 && !strcmp(argv[0], "--print-completion") && page_completion(argv[1]))
		return EXIT_OK;
	int words;
	const command *c = find(&words, argc, argv);
	if (c)
		return command_run(c, argc - words + 1, argv + words - 1);
	return strcmp(argv[0], "train") ? unknown_command(argv[0]) : train_what(argc, argv);
}

int main(int argc, char **argv)
{
	system_prepare();
	int code = dispatch(argc - 1, argv + 1);

	/* A full disk or a closed pipe shows at the latest here. */
	if (fflush(stdout) || ferror(stdout)) {
		system_error("onn: cannot write to standard output");
		code = code == EXIT_OK ? EXIT_FAILED : code;
	}
	if (onn_device_stuck()) /* a driver's own end would not come back either */
		_Exit(code);
	return code;
}
