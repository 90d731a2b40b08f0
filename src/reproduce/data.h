/*
 * The images of cases: loaded once for all that use them, and cut to the first so many.
 */
#ifndef ONN_SRC_REPRODUCE_DATA_H
#define ONN_SRC_REPRODUCE_DATA_H

#include "core/os.h"
#include "reproduce/case.h"

/* A set. */
typedef struct onn_case_set {
	onn_case_data of;
	onn_dataset *dataset;
	char digest[65];
	size_t users;
	struct onn_case_set *next;
} onn_case_set;

/* Sets that tasks at hand share, and the one that was used last. */
typedef struct onn_case_sets {
	onn_mutex *mutex;
	onn_case_set *first;
} onn_case_sets;

onn_status onn_case_sets_create(onn_case_sets *sets);
/* Nobody uses one. */
void onn_case_sets_clear(onn_case_sets *sets);
/* Lends what the case needs, loaded if need be, until it is given back. */
onn_status onn_case_sets_take(
    const onn_case_set **set, onn_case_sets *sets, const onn_case_data *data, const char *data_dir);
/* NULL is fine. */
void onn_case_sets_give(onn_case_sets *sets, const onn_case_set *set);

/* How large a set is, without its files where its name tells. */
typedef struct onn_case_size {
	size_t height, width, classes, train, test;
} onn_case_size;
onn_status onn_case_size_of(onn_case_size *size, const onn_case_data *data, const char *data_dir);

#endif
