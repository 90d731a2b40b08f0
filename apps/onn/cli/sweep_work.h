/*
 * Lists of options under way: what sweep.c and sweep_report.c have in common.
 */
#ifndef ONN_APPS_SWEEP_WORK_H
#define ONN_APPS_SWEEP_WORK_H

#include "jobs.h"
#include "sweep.h"

enum { SWEEP_AXES = 4, SWEEP_WORD = 64, SWEEP_NAME = 256 };

/* An option that is a list. */
typedef struct sweep_axis {
	const option_row *row;
	size_t count;
	double *value;
	char (*text)[SWEEP_WORD]; /* as given, or of MIN:MAX:COUNT with six digits */
	char (*name)[SWEEP_WORD]; /* of folders: one for a number, however it was written */
} sweep_axis;

typedef struct sweep {
	const sweep_kind *kind;
	const command *c;
	const command_line *line;
	const char *out;
	sweep_axis axis[SWEEP_AXES];
	size_t axes, runs;
	jobs jobs; /* one a run */
} sweep;

/* The setting of a row that takes one number; NULL of others. */
const onn_setting *sweep_number(const option_row *row);
/* Which value of list k a run has. */
size_t sweep_place(const sweep *s, size_t run, size_t k);
/* "lr=0.001,momentum=0.5"; given: the values as they were written. */
void sweep_name(char name[SWEEP_NAME], const sweep *s, size_t run, bool given);
/* sweep_report.c: a table of all runs, printed and in a file, and a figure; an exit status. */
int sweep_report(const sweep *s);

#endif
