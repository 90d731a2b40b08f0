/*
 * A run for each value of an option that is a list, or of several: in folders OUT/NAME=VALUE, or
 * files of that name, side by side, with a table and a figure of all of them. What is there already
 * goes on.
 */
#ifndef ONN_APPS_SWEEP_H
#define ONN_APPS_SWEEP_H

#include "command.h"

/* A command with runs: what one comes to, and how it is done. */
typedef struct sweep_kind {
	const command *command;
	/* What a run comes to: the first figure is drawn, and those from `kept` on, which differ
	 * from time to time, stand in the printed table alone. */
	const char *const *figure;
	size_t figures, kept;
	/* A run with the command line argv: fills its figures; an exit status. */
	int (*work)(double *figure, const void *what, int argc, char **argv);
	const void *what;  /* for work */
	const char *label; /* of the first figure on its axis */
	double factor;     /* what it is times there */
	const char *unit;  /* of it then; NULL: a plain number */
	/* ".npy": a run writes a file, named by the command's one argument, which of a list is the
	 * folder OUT; NULL: a folder, named by --out, which --resume goes on in. */
	const char *file;
	/* which figures are parts, .9, that the printed table has as 90.00 %; NULL: none */
	const bool *part;
} sweep_kind;

/* Whether an option that takes one number is given several. */
bool sweep_is_asked(const command *c, const command_line *line);
/* Refuses an option that goes with lists where there is none; an exit status. */
int sweep_check_one(const command *c, const command_line *line);
/* All runs, until one fails; an exit status. The command has options --jobs and --json; --device
 * and --threads count where it has them. */
int sweep_run(const sweep_kind *kind, const command_line *line);

#endif
