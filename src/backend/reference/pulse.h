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

/* The sample of a beam that is in cell k at step n; false where there is none. One beam goes
 * through all cells within a step; of two each moves by a cell, the second from behind. */
bool onn_ref_pulse_sample_at(size_t *sample, const onn_pulse_rows *p, int beam, size_t n, size_t k);

/*
 * Of each model: numbers of the tape; what comes out; and, after that and with given replaced by
 * its gradient, the gradients.
 */
size_t onn_ref_pulse_rate_tape(const onn_pulse_rows *kind);
void onn_ref_pulse_rate_forward(onn_ref_pulse_row *r);
void onn_ref_pulse_rate_backward(onn_ref_pulse_row *r);
size_t onn_ref_pulse_bloch_tape(const onn_pulse_rows *kind);
void onn_ref_pulse_bloch_forward(onn_ref_pulse_row *r);
void onn_ref_pulse_bloch_backward(onn_ref_pulse_row *r);

#endif
