/*
 * A run's history: a row of numbers after each epoch or step, in the checkpoint and as metrics.csv.
 */
#ifndef ONN_SRC_RUN_HISTORY_H
#define ONN_SRC_RUN_HISTORY_H

#include "run/folder.h"

enum { ONN_HISTORY_MAX_COLUMNS = 8 };

typedef struct onn_history_column {
	const char *name;   /* in the head of metrics.csv */
	const char *format; /* of its numbers there: "%.9g" */
} onn_history_column;

typedef struct onn_history {
	const char *index; /* head of the first column, which counts from 1: "epoch" */
	const char *array; /* name of the numbers in a checkpoint: f64 [rows, kept]; of one
	                      column [rows] */
	size_t columns;
	size_t kept;   /* the first so many columns are in the checkpoint; the others are not */
	size_t before; /* the first so many rows are of before the first step: metrics.csv leaves
	                  them out */
	const onn_history_column *column;
	double *row; /* [count, columns] */
	size_t count, capacity;
} onn_history;

void onn_history_free(onn_history *h);
/* Room for so many rows in all: adding these fails no more, and moves none. ONN_ERROR_MEMORY. */
onn_status onn_history_reserve(onn_history *h, size_t count);
/* Lent until the next row that there is no room for. */
const double *onn_history_row(const onn_history *h, size_t i);
/* Adds a row of `columns` numbers. ONN_ERROR_MEMORY. */
onn_status onn_history_add(onn_history *h, const double *row);

/* The first `count` rows. */
onn_status onn_history_put(onn_archive *archive, const onn_history *h, size_t count);
/* The first `count` rows of a checkpoint; columns that it does not keep become 0. ONN_ERROR_FORMAT
 * with the file's name. */
onn_status onn_history_take(
    onn_history *h, const onn_archive *archive, size_t count, const char *path);
/* Writes metrics.csv. */
onn_status onn_history_write(const onn_run_folder *f, const onn_history *h);

#endif
