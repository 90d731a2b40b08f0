/*
 * Several ranks: devices of this process, or processes that a launcher of MPI has started.
 */
#ifndef ONN_APPS_RANKS_H
#define ONN_APPS_RANKS_H

#include <onn/group.h>

#include "command.h"

/* The ranks of this process, and the devices that it names. */
typedef struct ranks {
	const onn_group *group; /* of processes; NULL: this one alone */
	size_t local;           /* of them on this machine, which one this is */
	size_t count;           /* devices that --device lists, at least 1 */
	char *name[ONN_GROUP_MOST];
	char *text; /* theirs */
} ranks;

/* Whether this is another process than the first of those that a launcher started: what all of them
 * would say is the first one's to say. */
bool ranks_is_other(void);
/* Whether a launcher started several. */
bool ranks_are_processes(void);
/* Joins the others, if a launcher started some, and reads a list of devices, "opencl:0,opencl:1"
 * (NULL: none is named); an exit status, its error printed. */
int ranks_begin(ranks *r, const command *c, const char *devices);
/* The same where each process works alone, at what its number and theirs say: from then on none of
 * its ranks_begin joins the others, and it is no other. Processes but the first print nothing more
 * on standard output. */
int ranks_spread(ranks *r, const command *c, const char *devices);
/* Refuses several devices where there is one thing to do; an exit status. */
int ranks_check_one(const command *c, const char *devices);
/* The device of the ith rank of this process: of several processes each has the next of the list.
 * NULL: none is named. */
const char *ranks_device(const ranks *r, size_t i);
/* code: what this process exits with; where that is not EXIT_OK, and others wait, they end too. */
void ranks_end(ranks *r, int code);

#endif
