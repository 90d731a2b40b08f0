/*
 * What a method makes of the finest light that a grid holds: the error of a propagation, in closed
 * form, for light that is known.
 */
#ifndef ONN_SRC_OPTICS_EDGE_H
#define ONN_SRC_OPTICS_EDGE_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

#include <onn/status.h>

/* One field of one wavelength on its way. */
typedef struct onn_edge {
	const double _Complex *e; /* [ny, nx] */
	size_t n[2];              /* y, x */
	double d[2];              /* pitches */
	double wavelength, z;     /* z > 0 */
	size_t padded[2];         /* pixels with padding; of an axis that repeats: its period */
	bool repeats[2];          /* beyond the edges, as a field without padding does */
} onn_edge;

/* 0 of none. */
double onn_largest_amplitude(const double _Complex *e, size_t n);

/* How far aside light of the finest frequency of an axis arrives, 1/(2 d): z tan t, sin t =
 * lambda/(2 d); infinite where that does not travel. */
double onn_edge_reach(double d, double wavelength, double z);

/*
 * The largest error of the amplitude that an axis is the cause of; with rs the kernel's, else that
 * of the angular spectrum on the padded grid, which has to reach farther than the light:
 * (padded - n) d >= onn_edge_reach. For pitches above half a wavelength. ONN_ERROR_MEMORY.
 */
onn_status onn_edge_error(double *error, const onn_edge *edge, int axis, bool rs);

/* The largest error along an axis for any light of amplitude 1 that is even across: the sum of the
 * weights' magnitudes at its worst place; a sample of the sum on long axes. Its e is not read. */
double onn_edge_worst(const onn_edge *edge, int axis, bool rs);

#endif
