/*
 * A run for each value of an option that is a list, or of several: in folders OUT/NAME=VALUE, one
 * after the other, with a table and a figure of all of them. What is there already goes on.
 */
#ifndef ONN_APPS_SWEEP_H
#define ONN_APPS_SWEEP_H

#include "command.h"

enum { SWEEP_FIGURES = 8 };

/* What a run came to: the first figure is drawn. */
typedef struct sweep_outcome {
	size_t count;
	const char *name[SWEEP_FIGURES]; /* not copied */
	double value[SWEEP_FIGURES];
} sweep_outcome;

/* A run with the command line argv; an exit status. */
typedef int (*sweep_work)(sweep_outcome *outcome, const void *what, int argc, char **argv);

/* Whether an option that takes one number is given several. */
bool sweep_is_asked(const command *c, const command_line *line);
/* All runs, until one fails; an exit status. what: for work. The command has options --out,
 * --resume and --json. */
int sweep_run(const command *c, const command_line *line, sweep_work work, const void *what);

#endif
