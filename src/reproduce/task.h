/*
 * A task done: what it trains and measures is found in the folder, gone on with, or begun there.
 */
#ifndef ONN_SRC_REPRODUCE_TASK_H
#define ONN_SRC_REPRODUCE_TASK_H

#include "reproduce/data.h"
#include "reproduce/work.h"

/* What a task is done with; of several at once each has a device of its own. */
typedef struct onn_workshop {
	onn_device *device;
	const onn_work *work; /* of all studies, joined: a training may begin where one ended */
	size_t works;
	onn_case_sets *sets;
	const char *jobs; /* the folder of trainings */
	const char *data_dir;
	void *user; /* of the calls below */
	bool (*progress)(
	    void *user, const onn_train_progress *progress); /* see onn_train_options */
	bool (*stop)(void *user);                            /* the same */
	/* Returns when no other task at hand has that run. */
	void (*claim)(void *user, const char *run);
} onn_workshop;

/* run receives the run's folder, and is left alone where nothing is trained. What onn_train
 * returns, and measurements. */
onn_status onn_task_do(double *value, char run[32], const onn_workshop *s, const onn_task *t);

#endif
