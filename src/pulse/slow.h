/*
 * The slow absorber's transmission against fluence and delay, with its derivatives, and their means
 * over a Gaussian beam.
 */
#ifndef ONN_SRC_PULSE_SLOW_H
#define ONN_SRC_PULSE_SLOW_H

#include <onn/pulse_fit.h>

/* In terms that least squares like: of 1/F2 0 is none. */
typedef struct onn_slow_values {
	double of[ONN_PULSE_FIT_COUNT];
} onn_slow_values;

/* The transmission at x and its derivatives by the values, the one of F2 by 1/F2. */
double onn_slow_model(double slope[ONN_PULSE_FIT_COUNT], onn_pulse_data data,
    onn_pulse_profile profile, const onn_slow_values *v, double x);

#endif
