/*
 * What is measured of a case: a row a measurement, each a number.
 */
#ifndef ONN_SRC_REPRODUCE_MEASURE_H
#define ONN_SRC_REPRODUCE_MEASURE_H

#include "reproduce/case.h"

/* What a measurement has. Of cases that train nothing: the case and the device. */
typedef struct onn_subject {
	const onn_case *c;
	onn_device *device;
	const onn_dataset *dataset;
	const onn_train_run *run;
	uint64_t seed;
	const char *folder; /* of the run */
} onn_subject;

typedef struct onn_study_measure {
	const char *name;
	bool trains; /* it is of a trained network */
	/* How often it goes through the test set, backward steps not counted. */
	double (*passes)(const onn_case *c);
	onn_status (*read)(double *value, const onn_subject *subject);
} onn_study_measure;

/* ONN_ERROR_FORMAT: no such name, with all that there are. */
onn_status onn_measure_find(const onn_study_measure **measure, const char *name);

/* The cosine between the gradient that a network has, by its absorbers' rule, and the true one. */
onn_status onn_measure_cosine(double *value, const onn_subject *subject);
/* Pulses: see measure.c. */
onn_status onn_measure_transmission(double *value, const onn_subject *subject);
onn_status onn_measure_shift(double *value, const onn_subject *subject);
onn_status onn_measure_peak(double *value, const onn_subject *subject);
onn_status onn_measure_probe(double *value, const onn_subject *subject);

#endif
