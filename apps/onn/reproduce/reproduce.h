/* onn reproduce: what its files share. */
#ifndef ONN_APPS_REPRODUCE_H
#define ONN_APPS_REPRODUCE_H

#include <onn/reproduce.h>

#include "command.h"
#include "plot.h"

/* Progress on the terminal or in lines; part of onn_reproduce's user pointer. */
typedef struct reproduce_progress {
	bool bar; /* a person is watching */
	bool quiet;
	bool drawn;  /* a bar stands on the current line */
	double last; /* system_clock of the last drawing */
	size_t told; /* trainings that a line told of */
} reproduce_progress;

reproduce_progress reproduce_progress_begin(bool quiet);
void reproduce_progress_tell(reproduce_progress *p, const onn_reproduce_progress *at);
/* Takes the bar away. */
void reproduce_progress_end(reproduce_progress *p);

/* Writes what a study came to into its folder, and prints its table; an exit status. */
int reproduce_report(const onn_study_table *table, const char *folder);
/* Draws it; PLOT_NO_GNUPLOT is told by the caller. */
plot_result reproduce_figure(const onn_study_table *table, const char *folder);
/* "98.10 %", "0.0820850", "" for NaN: a value of a study; returns text. */
const char *reproduce_value(char text[32], const onn_study_info *info, double value);

/* Prints studies: what each repeats, where that was published, how long it takes on a device. */
void reproduce_list(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device);
/* The same as JSON; an exit status. */
int reproduce_list_json(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device);

#endif
