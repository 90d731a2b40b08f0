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
 * says. work has onn_pulse_work() numbers of PULSE_ROOM_BYTES, a lane each.
 */
typedef void (*onn_pulse_kernel)(const pw_pulse *p, const void *const in[4], void *out, void *work);

/* By way, there and back, and precision (f32, f64). */
typedef struct onn_pulse_kernels {
	size_t unit; /* bytes of the lanes that are worked on together; a call has whole units */
	onn_pulse_kernel way[ONN_PULSE_WAYS][2][2];
} onn_pulse_kernels;

extern const onn_pulse_kernels onn_pulse_baseline, onn_pulse_avx2, onn_pulse_avx512;

#endif
