/*
 * Jobs side by side: each is done by one of several processes, which takes the next when it has
 * done one. What they print is shown in the order of the jobs, and what they come to depends
 * neither on how many are done at once nor on who does which.
 */
#ifndef ONN_APPS_JOBS_H
#define ONN_APPS_JOBS_H

#include <onn/group.h>

#include "command.h"
#include "workers.h"

/* How many at once; a member of the settings of those commands that have lists. */
typedef struct job_choice {
	size_t jobs; /* 0: as many as are faster */
} job_choice;
const onn_settings *job_choice_settings(void);
#define JOBS_ROW                                                                                   \
	{                                                                                          \
		SETTING("jobs", job_choice_settings, jobs),                                        \
		    .shown = "N",                                                                  \
		    .help = "of a list: do so many at once, each on its share of the threads; 0: " \
		            "as many as are faster. Results do not depend on it"                   \
	}

struct jobs_board;
typedef struct jobs {
	const command *c;
	size_t count;     /* of jobs */
	size_t reals;     /* numbers that each comes to */
	size_t at_once;   /* processes; 1: this one does all */
	const char *what; /* "runs", for who waits */
	bool quiet;
	/* Where what they came to is kept, so that nothing is done twice, and a text of what they
	 * have in common (kept.h); NULL: nowhere. */
	const char *folder, *same;
	size_t self; /* which of the processes this is */
	/* NULL, or processes that all do this: each has every so manieth job, and all get the
	 * numbers. */
	const onn_group *group;
	/* Does one: its numbers, which are 0; an exit status. At the first that is not EXIT_OK no
	 * further one is begun. */
	int (*work)(double *number, void *user, size_t job);
	void *user;
	struct jobs_board *board; /* what all who work have in common */
	workers workers;
} jobs;

/* How many to do at once on a device of that name (NULL: none is given) with so many threads (0:
 * all); asked: by the user, 0: not. For each the variable ONN_THREADS becomes its share. To be
 * called before this process has threads. */
size_t jobs_at_once(size_t asked, size_t count, const char *device, size_t threads);
/* All of them; an exit status. jobs_clear behind it. */
int jobs_run(jobs *j);
/* Once they are done: what one came to. */
const double *jobs_numbers(const jobs *j, size_t job);
void jobs_clear(jobs *j);

/* The next that nobody has taken; false: there is none, or no further one is to be begun. Whoever
 * works asks here: this process, or another one of the same board. */
bool jobs_take(jobs *j, size_t *job);

#endif
