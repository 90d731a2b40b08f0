/*
 * What the runs in a folder are of, kept in it: so that the same folder takes no runs of other
 * settings.
 */
#ifndef ONN_APPS_RECORD_H
#define ONN_APPS_RECORD_H

#include "command.h"

struct cJSON;

typedef struct record {
	const command *c;
	struct cJSON *entry; /* texts by name */
	bool no_memory;
	/* Whether an entry may be another one than it was, NULL: it is not given; NULL: none may.
	 */
	bool (*grows)(const command *c, const char *name, const char *was, const char *is);
} record;

record record_begin(const command *c);
/* What all runs have in common; an option by its name, others by what a person calls them. */
void record_add(record *r, const char *name, const char *text);
/* The options that are given, but for those that no result depends on. */
void record_add_options(record *r, const command_line *line);
/* Whether results depend on an option, and no run can go on with another value of it. */
bool record_has(const char *option);
/* Makes the folder, refuses one whose runs are of something else, and writes down in it what they
 * are of; an exit status. */
int record_keep(const record *r, const char *folder);
void record_end(record *r);
/* Refuses a folder of several runs where one is wanted, be it to go on with it, and names one of
 * them; EXIT_OK where the folder is another. */
int record_refuse_several(const command *c, const char *folder, bool resume);

#endif
