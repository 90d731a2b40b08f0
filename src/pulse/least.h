/*
 * Least squares of few parameters: Levenberg and Marquardt's way.
 */
#ifndef ONN_SRC_PULSE_LEAST_H
#define ONN_SRC_PULSE_LEAST_H

#include <stdbool.h>
#include <stddef.h>

enum { ONN_LEAST_MOST = 8 };

/* Residual i and its slopes by the parameters; false: these parameters cannot be. */
typedef bool (*onn_least_residual)(
    void *user, const double *p, size_t i, double *residual, double *slope);

/* Goes from p to the least sum of squares near it. Parameters are to be of a size near 1, or their
 * logarithms. The sum; NaN where none is found. */
double onn_least_squares(
    double *p, size_t parameters, onn_least_residual residual, void *user, size_t count);

/* The inverse of the squares' curvature at p, [parameters, parameters]: the parameters'
 * covariance for residuals of deviation 1. *weakest: the smallest eigenvalue of the curvature whose
 * diagonal is made 1, and *direction its vector. False: a parameter does nothing, *nothing. */
bool onn_least_covariance(double *covariance, double *weakest, double *direction, size_t *nothing,
    const double *p, size_t parameters, onn_least_residual residual, void *user, size_t count);

#endif
