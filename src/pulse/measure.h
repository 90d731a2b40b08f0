/*
 * What is read off a pulse that is given as fluences of slots.
 */
#ifndef ONN_SRC_PULSE_MEASURE_H
#define ONN_SRC_PULSE_MEASURE_H

#include <stddef.h>

/* Full width at half maximum, between the outermost times where the power is half of its
 * largest, by straight lines between the middles of slots; 0 without light. */
double onn_pulse_width(const double *fluence, size_t slots, double slot);

/* The mean time of the light behind the start of the first slot; NaN without light. */
double onn_pulse_mean_time(const double *fluence, size_t slots, double slot);

#endif
