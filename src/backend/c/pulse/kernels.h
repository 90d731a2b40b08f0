/*
 * Pulses through media, several rows at once, one in each lane: cl/shared/pulse_all.h, compiled
 * once for each instruction set.
 */
#ifndef ONN_SRC_BACKEND_C_PULSE_KERNELS_H
#define ONN_SRC_BACKEND_C_PULSE_KERNELS_H

#include "backend/pulse_work.h"
#include "backend/c/builder.h"
#include "shared/types.h"
#include "shared/pulse_lanes.h"

/*
 * in: light, state, parameters and, on the way back, the gradient of what comes out, as ops/pulse.h
 * says. work has onn_pulse_work() numbers of so many lanes.
 */
typedef void (*onn_pulse_kernel)(const pw_pulse *p, const void *const in[4], void *out, void *work);

/* By way, there and back, and precision (f32, f64). */
typedef struct onn_pulse_kernels {
	/* Bytes of the lanes that numbers in working memory have, and of those that are worked on
	 * together, of which a call has whole ones; 0: a lane. */
	size_t room, unit;
	onn_pulse_kernel way[ONN_PULSE_WAYS][2][2];
} onn_pulse_kernels;

extern const onn_pulse_kernels onn_pulse_baseline, onn_pulse_avx2, onn_pulse_avx512;
/* The same a row at a time, for few rows. */
extern const onn_pulse_kernels onn_pulse_baseline_narrow, onn_pulse_avx2_narrow;

#endif
