/*
 * Phases on their way to a surface: what relief.c and unwrap.c share.
 */
#ifndef ONN_SRC_OPTICS_RELIEF_H
#define ONN_SRC_OPTICS_RELIEF_H

#include <math.h>
#include <stddef.h>

#include <onn/fabrication.h>

#include "core/pi.h"

/* To 0 up to 2 pi: a little below 0 rounds to a whole turn, that is 0. */
static inline double onn_phase_wrap(double phase)
{
	double rest = fmod(phase, ONN_TWO_PI);
	if (rest < 0)
		rest += ONN_TWO_PI;
	return rest < ONN_TWO_PI ? rest : 0;
}

/* From phase a to phase b the short way round, -pi to pi. */
static inline double onn_phase_way(double a, double b) { return remainder(b - a, ONN_TWO_PI); }

/* heights.c: f64 of a plate's phases, wrapped. */
onn_status onn_phases_take(onn_array **phase, const char *function, const onn_array *plate);
/* heights.c: ONN_ERROR_ARGUMENT where a map of phases is not [ny, nx] of real numbers. */
onn_status onn_phase_check(const char *function, const onn_array *phase);
/* relief.c: makes phases a relief where they stand. The status of onn_phase_unwrap. */
onn_status onn_relief_make(onn_array *phase, onn_relief *relief, bool unwrap);
/* unwrap.c: adds whole turns to phases [ny, nx], 0 to 2 pi. ONN_ERROR_MEMORY, ONN_ERROR_ARGUMENT.
 */
onn_status onn_phase_unwrap(double *phase, size_t ny, size_t nx);

#endif
