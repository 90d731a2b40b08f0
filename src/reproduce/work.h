/*
 * The work of some studies: trainings, each once, and what is measured of them.
 */
#ifndef ONN_SRC_REPRODUCE_WORK_H
#define ONN_SRC_REPRODUCE_WORK_H

#include "core/sha256.h"
#include "reproduce/measure.h"
#include "reproduce/study.h"

/* A value of a table: a cell's case, by a seed. */
typedef struct onn_task {
	size_t cell, number; /* which seed, from 0 */
	uint64_t seed;
	const onn_case *c; /* lent */
	char job
	    [ONN_SHA256_TEXT]; /* network, training and data but for epochs; "": trains nothing */
	bool first;            /* of its job's with as many epochs, in all studies */
	size_t chain;          /* tasks of one job, from 0: one goes on where another ended */
	double images;         /* of an epoch */
	double training;       /* work: epochs times images, where it is the first */
	double measuring;
} onn_task;

/* A study, taken apart. */
typedef struct onn_work {
	onn_study *study; /* in the form asked for */
	onn_study_table table;
	onn_case **c;   /* of each cell */
	onn_task *task; /* seed by seed, cell by cell */
	size_t count;
	double seconds; /* for a unit of its tasks' work; 0: not known yet */
	char reason[1024];
} onn_work;

/* seeds 0: as the study says. onn_work_clear frees what it holds, also after an error. */
onn_status onn_work_create(
    onn_work *w, const onn_study *study, bool quick, size_t seeds, const char *data_dir);
void onn_work_clear(onn_work *w);
/* Finds the first of equal trainings among several studies' tasks, and chains: how many. Tasks of
 * different chains can be done at once. */
size_t onn_work_join(onn_work *w, size_t count);
/* Whether a training goes on where the one of fewer epochs ended. */
bool onn_case_can_go_on(const onn_case *c);

/* Fills means, deviations and what is missing. */
void onn_table_sum_up(onn_study_table *table);

#endif
