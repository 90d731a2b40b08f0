/*
 * A case: what one cell of a study's table stands for, as typed settings.
 */
#ifndef ONN_SRC_REPRODUCE_CASE_H
#define ONN_SRC_REPRODUCE_CASE_H

#include <onn/pulse_experiment.h>
#include <onn/reproduce.h>

struct cJSON;
struct onn_study_measure;

/* Which images. */
typedef struct onn_case_data {
	char dataset[1024];
	size_t train, test; /* the first so many; 0: all */
} onn_case_data;

typedef struct onn_case {
	onn_case_data data;
	char *network; /* its JSON; NULL: none */
	onn_train_options training;
	const struct onn_study_measure *measure;
	/* of the measure */
	char measure_name[24];
	onn_evaluate_options evaluation;
	size_t copies;   /* damaged ones */
	char weight[24]; /* whose gradient; "": all */
	size_t images;   /* of a batch whose gradient is looked at */
	onn_absorber absorber;
	double input;
	onn_pulse_experiment pulse;
	onn_pulse_point medium;
	double probe_detuning;
} onn_case;

/* Reads a case's members. ONN_ERROR_FORMAT with the one that is wrong. The caller destroys it. */
onn_status onn_case_create(onn_case **c, const struct cJSON *object);
void onn_case_destroy(onn_case *c);

/* The network for images of a size. The caller destroys it. */
onn_status onn_case_network(
    onn_network **network, const onn_case *c, size_t height, size_t width, size_t classes);

#endif
