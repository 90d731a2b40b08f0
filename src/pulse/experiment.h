/*
 * Points as rows of a batch: a beam is one row, or rings of a Gaussian one and its axis.
 */
#ifndef ONN_SRC_PULSE_EXPERIMENT_H
#define ONN_SRC_PULSE_EXPERIMENT_H

#include <onn/pulse_experiment.h>

#include "pulse/batch.h"
#include "pulse/rings.h"

/* The rows of some points. Row i of point p is number p * rings + i; that of the axis is the
 * last, and its weight is 0 in a Gaussian beam. */
typedef struct onn_pulse_beams {
	const onn_pulse_experiment *experiment;
	const onn_pulse_point *point;
	size_t count, rings;
	double scale[ONN_PULSE_MOST_RINGS + 1], weight[ONN_PULSE_MOST_RINGS + 1];
	double *window; /* [count, 2] */
	double *share;  /* [count * rings, slots] */
	double *column[ONN_PULSE_COLUMNS];
	onn_pulse_batch batch;
} onn_pulse_beams;

/* Checks all of it and chooses the rings. Destroyed also after an error. */
onn_status onn_pulse_beams_create(onn_pulse_beams *b, const onn_pulse_experiment *experiment,
    const onn_pulse_point *point, size_t count);
void onn_pulse_beams_destroy(onn_pulse_beams *b);
/* Fills the batch for so many slots and cells. */
onn_status onn_pulse_beams_cut(onn_pulse_beams *b, size_t slots, unsigned cells);

/* The shares of a window's own light, which are made to sum to 1: all that comes before the window
 * in its first slot would be a flash, of which a deep medium lets more through than of the pulse.
 */
onn_status onn_pulse_window_shares(
    double *share, const onn_pulse_light *light, const double window[2], size_t slots);

/* The beam's mean of what each row lets through: sums of weight * row/scale of fluences, and of
 * weight * row of what is over the fluence that comes. */
double onn_pulse_beams_fluence(
    const onn_pulse_beams *b, const double *row, size_t point, size_t width, size_t i);
double onn_pulse_beams_part(const onn_pulse_beams *b, const double *row, size_t point);

/* The tolerance, also where it is left to the model. */
double onn_pulse_tolerance(const onn_pulse_experiment *e);

/* Slots and cells to begin with, in powers of 2. */
void onn_pulse_beams_first(const onn_pulse_beams *b, size_t *slots, unsigned *cells);

#endif
