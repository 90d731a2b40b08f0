/*
 * Jobs side by side: each is done by one of several processes, which takes the next when it has
 * done one. What they print is shown in the order of the jobs, and what they come to depends
 * neither on how many are done at once nor on who does which.
 */
#ifndef ONN_APPS_JOBS_H
#define ONN_APPS_JOBS_H

#include <onn/group.h>

#include "command.h"
#include "ranks.h"
#include "record.h"
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
	record record;      /* what all are of, where there is a folder */
	const char *folder; /* NULL: nothing is kept */
	bool kept;          /* the numbers are, so that none is done twice */
	size_t self;        /* which of the processes this is */
	ranks ranks; /* who do them: each process of a launcher has every so manieth job, and all
	                get the numbers; and on which devices */
	/* Does one: its numbers, which are 0, and may be any bits; an exit status. At the first
	 * that is not EXIT_OK no further one is begun. */
	int (*work)(double *number, void *user, size_t job);
	void *user;
	struct jobs_board *board; /* what all who work have in common */
	workers workers;
} jobs;

/*
 * Who does j->count of them: with a launcher of MPI its processes, one by one; else as many
 * processes as are asked for, or, for 0, one a device of a list, or as many as are faster; an exit
 * status. devices: "opencl:0,opencl:1", NULL: none is named. threads: of all, 0: as many as there
 * are; ONN_THREADS becomes each one's share. To be called before this process has threads.
 */
int jobs_share(jobs *j, size_t asked, const char *devices, size_t threads);
/* Whether this is the process that says and writes what they came to. */
bool jobs_is_first(const jobs *j);
/* In work: the device to open; NULL: none is named. */
const char *jobs_device(const jobs *j);
/* And on which one it was done, in the end. */
void jobs_tell_device(jobs *j, size_t job, const onn_device *device);
/* All of them; an exit status. jobs_end behind it, with what the process exits with. */
int jobs_run(jobs *j);
/* Once they are done: what one came to; the devices, with commas between; returns text. */
const double *jobs_numbers(const jobs *j, size_t job);
const char *jobs_devices(const jobs *j, char *text, size_t room);
void jobs_end(jobs *j, int code);

/* The next that nobody has taken; false: there is none, or no further one is to be begun. Whoever
 * works asks here: this process, or another one of the same board. */
bool jobs_take(jobs *j, size_t *job);

#endif
