/*
 * onn pulse --fit.
 */
#ifndef ONN_APPS_PULSE_FIT_H
#define ONN_APPS_PULSE_FIT_H

#include <onn/pulse_fit.h>

#include "pulse/pulse.h"

/* Fits the model to the file that the settings name, tells what came of it, writes and draws it; an
 * exit status. */
int pulse_fit(const pulse_settings *s);

/* What a column of a table is, for the unit in its name. */
typedef struct pulse_column {
	const char *what, *unit, *example; /* unit: "s"; NULL: parts of 1, which may be % */
	bool any;                          /* of which unit does not matter */
} pulse_column;
/* Factors to SI by the units in the first line of a file; those it does not name stay as they are.
 * An exit status: a unit of another kind. */
int pulse_header(double *factor, const char *path, const pulse_column *column, size_t columns);
/* The first columns of a table times these. */
void pulse_scale(onn_array *table, const double *factor, size_t columns);

#endif
