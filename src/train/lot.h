/*
 * Trainings that are stepped together: of consecutive seeds, all at the same step of the same
 * epoch. Mostly it is one. Each has its model, folder and history, and files as if it were alone.
 */
#ifndef ONN_SRC_TRAIN_LOT_H
#define ONN_SRC_TRAIN_LOT_H

#include "train/evaluate.h"
#include "train/folder.h"
#include "train/seed.h"
#include "train/stepper.h"

/* One seed's run. */
typedef struct onn_lot_run {
	const onn_seed_task *task;
	onn_folder folder;
	onn_position at;
} onn_lot_run;

typedef struct onn_lot {
	const onn_train_options *options; /* of the first: only seeds differ */
	size_t count;
	onn_lot_run *run;
	onn_model **model; /* each run's */
	double *loss;      /* the following, too: room for what steps come to */
	size_t *bad;
	onn_accuracy *accuracy;
	onn_stepper *stepper;
	onn_evaluator *evaluator;
	size_t steps;          /* of an epoch */
	bool under_way;        /* an epoch has begun, and `start` is when */
	bool wants_stop, stop; /* the caller; of a group, any rank's caller */
	size_t done;           /* steps in all */
	double start;
	double seconds; /* that the epoch at hand has taken, for all */
} onn_lot;

/* Steps from where the runs are to the end of the last epoch; with checkpoints. */
onn_status onn_lot_train(onn_lot *l);
/* Writes last.npz of a run in the middle of an epoch, or before the first. */
onn_status onn_lot_write_last(onn_lot *l, size_t i);
/* A run's epoch i, from 0, as its history has it; whether one is the best so far. */
onn_train_epoch onn_lot_epoch(const onn_lot_run *r, size_t i, bool best);
/* The selection half is small and ties are common: the network that has trained longer wins. */
bool onn_lot_is_best(const onn_lot_run *r, double selection, size_t best_epoch);

#endif
