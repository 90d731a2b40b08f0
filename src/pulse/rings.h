/*
 * A Gaussian beam as rings of even light.
 */
#ifndef ONN_SRC_PULSE_RINGS_H
#define ONN_SRC_PULSE_RINGS_H

#include <stddef.h>

enum { ONN_PULSE_MOST_RINGS = 128 };

/* count fluences over the mean one, and the weights by which what is transmitted is averaged: the
 * energy that passes is mean fluence times the sum of weight * transmission(scale * mean). */
void onn_pulse_rings(double *scale, double *weight, size_t count);

/* How many are enough for this depth and mean fluence, for a slow absorber, whose transmission
 * is the steepest. */
size_t onn_pulse_rings_needed(double depth, double fluence, double tolerance);

/* Gauss and Legendre's points and weights on [0, 1]. */
void onn_gauss_legendre(double *x, double *weight, size_t count);

#endif
