/*
 * What the operations PULSE and PULSE_ADJOINT read and give: rows of real numbers, a pulse each.
 *
 *   light       [rows, light]  rate model: the fluence of each slot over Fsat. Bloch model: real
 *               parts of the Rabi frequency in each slot, then imaginary ones. Of two beams that of
 *               the second, which comes from behind, follows.
 *   state       [rows or 1, state]  rate model: what is not bleached of each cell and class. Bloch
 *               model: real parts of the polarisations, imaginary ones, the same of the second
 *               beam's where there is one, inversions. Classes of a cell stand side by side.
 *   parameters  [rows or 1, parameters]  see onn_pulse_parameter, then the detuning of each class
 *               in half linewidths and the weight of each, which add up to 1
 *
 * PULSE gives the light behind, the state afterwards and, where it is asked for, the bleached
 * fraction of each cell before each step and after the last. PULSE_ADJOINT reads the gradient of
 * that beside the three and gives theirs, one behind the other.
 *
 * A step is a slot; beams that meet take cells - 1 more, for the last light to leave.
 */
#ifndef ONN_SRC_OPS_PULSE_H
#define ONN_SRC_OPS_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct onn_pulse_rows {
	uint32_t model; /* an onn_pulse_model */
	uint32_t slots, cells, classes, beams;
	bool lossy; /* loss or two-photon absorption */
	bool record;
} onn_pulse_rows;

typedef enum onn_pulse_parameter {
	ONN_PULSE_ROW_SLOT,       /* duration of a slot */
	ONN_PULSE_ROW_DEPTH,      /* optical depth on resonance for a weak beam's intensity */
	ONN_PULSE_ROW_G1,         /* 1/T1 */
	ONN_PULSE_ROW_G2,         /* 1/T2; Bloch */
	ONN_PULSE_ROW_LOSS,       /* depth of unsaturable loss */
	ONN_PULSE_ROW_TWO_PHOTON, /* rate: dI/dz = -two_photon I^2, I in Fsat a unit of time */
	ONN_PULSE_ROW_FIRST_CLASS
} onn_pulse_parameter;

/* Numbers of a row. */
static inline size_t onn_pulse_rows_parts(const onn_pulse_rows *p) { return p->model ? 2 : 1; }
static inline size_t onn_pulse_rows_light(const onn_pulse_rows *p)
{
	return (size_t)p->beams * onn_pulse_rows_parts(p) * p->slots;
}
static inline size_t onn_pulse_rows_planes(const onn_pulse_rows *p) /* of each class */
{
	return p->model ? 1 + 2 * (size_t)p->beams : 1;
}
static inline size_t onn_pulse_rows_state(const onn_pulse_rows *p)
{
	return (size_t)p->cells * p->classes * onn_pulse_rows_planes(p);
}
static inline size_t onn_pulse_rows_parameters(const onn_pulse_rows *p)
{
	return ONN_PULSE_ROW_FIRST_CLASS + 2 * (size_t)p->classes;
}
static inline size_t onn_pulse_rows_steps(const onn_pulse_rows *p)
{
	return (size_t)p->slots + (p->beams == 2 ? p->cells - 1 : 0);
}
static inline size_t onn_pulse_rows_record(const onn_pulse_rows *p)
{
	return p->record ? (onn_pulse_rows_steps(p) + 1) * p->cells : 0;
}
static inline size_t onn_pulse_rows_given(const onn_pulse_rows *p)
{
	return onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + onn_pulse_rows_record(p);
}
static inline size_t onn_pulse_rows_gradients(const onn_pulse_rows *p)
{
	return onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + onn_pulse_rows_parameters(p);
}

union onn_attr;
/* By the attributes of a node, and the numbers that a row of its light has. */
onn_pulse_rows onn_pulse_rows_of(const union onn_attr *a, size_t light);

#endif
