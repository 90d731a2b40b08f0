/*
 * What jobs came to, kept in a folder: a file a job, so that what a killed command has done is not
 * done again.
 */
#ifndef ONN_APPS_KEPT_H
#define ONN_APPS_KEPT_H

#include "command.h"

/* Makes the folder; an exit status. */
int kept_open(const command *c, const char *folder);
/* Reads what a job came to; false: it is not there, or not so many numbers. */
bool kept_read(double *number, size_t count, const char *folder, size_t job);
/* Writes it, whole or not at all; an exit status. */
int kept_write(
    const command *c, const char *folder, size_t job, const double *number, size_t count);

#endif
