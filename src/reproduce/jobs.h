/*
 * How many tasks are done at once, and on what: each has a device of its own.
 */
#ifndef ONN_SRC_REPRODUCE_JOBS_H
#define ONN_SRC_REPRODUCE_JOBS_H

#include "reproduce/work.h"

typedef struct onn_jobs {
	size_t count; /* at least 1 */
	onn_device **device;
	bool own; /* else there is one, the caller's */
} onn_jobs;

/*
 * For works that are joined to so many chains. The threads of `device` are shared out: a small
 * training gains little from a second one, which waits for the first at the end of each layer, and
 * two trainings beside each other wait for nothing. ONN_ERROR_MEMORY, what onn_device_create
 * returns. onn_jobs_clear frees what it holds, also after an error.
 */
onn_status onn_jobs_create(onn_jobs *j, const onn_work *w, size_t works, size_t chains,
    const onn_reproduce_options *options, onn_device *device);
void onn_jobs_clear(onn_jobs *j);

#endif
