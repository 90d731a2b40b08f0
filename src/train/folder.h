/*
 * The files of one run. last.npz is written after the others: it says which rows of metrics.csv
 * count, so that a run killed between two writes goes on from a whole state.
 */
#ifndef ONN_SRC_TRAIN_FOLDER_H
#define ONN_SRC_TRAIN_FOLDER_H

#include <onn/trainer.h>

#include "train/stepper.h"

typedef struct onn_folder onn_folder;

/* What last.npz holds beside tensors. */
typedef struct onn_position {
	size_t epoch;      /* epochs done */
	size_t step;       /* steps done of the next one */
	size_t best_epoch; /* from 1; 0: none */
} onn_position;

/* A row of metrics.csv. */
typedef struct onn_metrics {
	double loss, selection, report, seconds;
} onn_metrics;

/* path NULL: a folder that keeps rows and writes nothing. config is copied. */
onn_status onn_folder_create(onn_folder **f, const char *path, const char *config);
void onn_folder_destroy(onn_folder *f);
/* Whether it has a checkpoint to go on from. */
bool onn_folder_has_checkpoint(const char *path);

/* Makes the folder and the files of a run that begins; what an older one left goes. */
onn_status onn_folder_start(onn_folder *f);
/* Reads last.npz into model, and rows of metrics.csv as far as it says. archive: for the stepper;
 * the caller destroys it. partial: seconds that the interrupted epoch has taken. */
onn_status onn_folder_resume(onn_folder *f, onn_model *model, onn_position *position,
    double *partial, onn_archive **archive);

/* Rows of the epochs done. */
const onn_metrics *onn_folder_rows(const onn_folder *f, size_t *count);
/* Adds an epoch's row and writes metrics.csv. */
onn_status onn_folder_add(onn_folder *f, const onn_metrics *row);
onn_status onn_folder_write_best(onn_folder *f, const onn_model *model, size_t epoch);
/* partial: seconds of the epoch that is interrupted at position->step. */
onn_status onn_folder_write_last(onn_folder *f, const onn_model *model, const onn_stepper *stepper,
    const onn_position *position, double partial);

/* FOLDER/NAME, to be freed with free; NULL without memory. */
char *onn_folder_path(const char *folder, const char *name);

#endif
