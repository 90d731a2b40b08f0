/*
 * The images of cases: loaded once, and cut to the first so many.
 */
#ifndef ONN_SRC_REPRODUCE_DATA_H
#define ONN_SRC_REPRODUCE_DATA_H

#include "reproduce/case.h"

/* The set that was asked for last. All zeros: none yet. */
typedef struct onn_case_set {
	onn_case_data of;
	onn_dataset *dataset;
	char digest[65];
} onn_case_set;

/* Makes `set` what the case needs; nothing is done where it is that already. */
onn_status onn_case_set_load(onn_case_set *set, const onn_case_data *data, const char *data_dir);
void onn_case_set_clear(onn_case_set *set);

/* How large a set is, without its files where its name tells. */
typedef struct onn_case_size {
	size_t height, width, classes, train, test;
} onn_case_size;
onn_status onn_case_size_of(onn_case_size *size, const onn_case_data *data, const char *data_dir);

#endif
