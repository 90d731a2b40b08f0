/*
 * One row of a pulse's step: ops/pulse.h.
 */
#ifndef ONN_SRC_BACKEND_REFERENCE_PULSE_H
#define ONN_SRC_BACKEND_REFERENCE_PULSE_H

#include "backend/reference/reference.h"

typedef struct onn_ref_pulse_row {
	const onn_pulse_rows *kind;
	double *light, *state, *parameters;
	double *given;     /* what comes out, or its gradient on the way back */
	double *gradients; /* of the three */
	double *tape;      /* what the way back needs of the way forward */
} onn_ref_pulse_row;

/* Numbers of the tape. */
size_t onn_ref_pulse_tape(const onn_pulse_rows *kind);
void onn_ref_pulse_forward(onn_ref_pulse_row *r);
/* After the way forward, with given replaced by its gradient. */
void onn_ref_pulse_backward(onn_ref_pulse_row *r);

/* Of each model. */
size_t onn_ref_pulse_rate_tape(const onn_pulse_rows *kind);
void onn_ref_pulse_rate_forward(onn_ref_pulse_row *r);
void onn_ref_pulse_rate_backward(onn_ref_pulse_row *r);

#endif
