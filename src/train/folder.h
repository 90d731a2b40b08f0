/*
 * The files of one training: metrics.csv, best.npz, last.npz, and the seconds that epochs took,
 * which are kept apart so that equal trainings write equal checkpoints.
 */
#ifndef ONN_SRC_TRAIN_FOLDER_H
#define ONN_SRC_TRAIN_FOLDER_H

#include <onn/trainer.h>

#include "run/history.h"
#include "train/stepper.h"

/* What last.npz holds beside tensors. */
typedef struct onn_position {
	size_t epoch;      /* epochs done */
	size_t step;       /* steps done of the next one */
	size_t best_epoch; /* from 1; 0: none */
} onn_position;

/* A row of metrics.csv. */
enum { ONN_METRIC_LOSS, ONN_METRIC_SELECTION, ONN_METRIC_REPORT, ONN_METRIC_SECONDS, ONN_METRICS };

typedef struct onn_folder {
	onn_run_folder files;
	char *config; /* config.json */
	onn_history history;
} onn_folder;

/* path NULL: a folder that keeps rows and writes nothing; config: copied. onn_folder_close frees
 * what it holds. */
onn_status onn_folder_open(onn_folder *f, const char *path, const char *config);
void onn_folder_close(onn_folder *f);

/* Makes the folder and the files of a run that begins; what an older one left goes. */
onn_status onn_folder_start(onn_folder *f);
/* Reads last.npz into model, and the history as far as it says. archive: for the stepper; the
 * caller destroys it. partial: seconds that the interrupted epoch has taken. */
onn_status onn_folder_resume(onn_folder *f, onn_model *model, onn_position *position,
    double *partial, onn_archive **archive);

/* Adds an epoch's row and writes metrics.csv. */
onn_status onn_folder_add(onn_folder *f, const double row[ONN_METRICS]);
onn_status onn_folder_write_best(onn_folder *f, const onn_model *model, size_t epoch);
/* copy: which of the stepper's; partial: seconds of the epoch that is interrupted at
 * position->step. */
onn_status onn_folder_write_last(onn_folder *f, const onn_model *model, const onn_stepper *stepper,
    size_t copy, const onn_position *position, double partial);
/* How far the run in a folder has come, by its checkpoint. */
onn_status onn_folder_position(onn_position *position, const char *folder);

#endif
