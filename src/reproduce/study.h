/*
 * A study in memory: its JSON, and its cases.
 */
#ifndef ONN_SRC_REPRODUCE_STUDY_H
#define ONN_SRC_REPRODUCE_STUDY_H

#include "reproduce/case.h"

struct onn_study {
	struct cJSON *json; /* as it was given */
	onn_study_info info;
	bool is_quick; /* `quick` counts */
};

/* A study that is compiled in; name NULL ends the list. */
typedef struct onn_known_study {
	const char *name, *json;
} onn_known_study;
extern const onn_known_study onn_known_studies[];

/* The same study in its quick form, or as it is; the caller destroys it. */
onn_status onn_study_form(onn_study **form, const onn_study *study, bool quick);

/* Whether a series has one cell alone, without x. */
bool onn_study_is_flat(const onn_study *study, size_t series);
/* What a cell stands for; the caller destroys it. ONN_ERROR_FORMAT with series and x. */
onn_status onn_study_case(onn_case **c, const onn_study *study, size_t series, size_t point);
/* What was published; NaN: nothing was. */
double onn_study_published(const onn_study *study, size_t series, size_t point);
/* x of a point: its text and, of words NaN, its number. */
double onn_study_x(char text[40], const onn_study *study, size_t point);

#endif
