/*
 * Rows of pulses on a device: each row has a shape, a fluence and a medium of its own, and what
 * they leave comes back as numbers in double, whatever the device's precision.
 */
#ifndef ONN_SRC_PULSE_BATCH_H
#define ONN_SRC_PULSE_BATCH_H

#include <onn/device.h>
#include <onn/pulse.h>

/* What each row has a number of its own for. */
typedef enum onn_pulse_quantity {
	ONN_PULSE_COLUMN_FLUENCE, /* over Fsat */
	ONN_PULSE_COLUMN_SLOT,
	ONN_PULSE_COLUMN_DEPTH,
	ONN_PULSE_COLUMN_T1,
	ONN_PULSE_COLUMN_T2,
	ONN_PULSE_COLUMN_DETUNING,
	ONN_PULSE_COLUMN_LOSS,
	ONN_PULSE_COLUMN_TWO_PHOTON,
	ONN_PULSE_COLUMN_DELAY, /* of the weak probe, behind the last slot */
	ONN_PULSE_COLUMNS
} onn_pulse_quantity;

typedef struct onn_pulse_batch {
	onn_pulse_medium medium; /* what no column says */
	size_t rows, slots;
	double probe_fraction; /* of the strong probe */
	const double *share;   /* [rows, slots]: of the fluence, in each slot */
	/* [rows]; NULL: as the medium says. Fluence and slot are needed. */
	const double *column[ONN_PULSE_COLUMNS];
} onn_pulse_batch;

/* What comes back. An array that is NULL is not computed. */
typedef struct onn_pulse_left {
	double *light;    /* [rows, slots]: fluence behind */
	double *bleached; /* [rows, cells] */
	double *state;    /* [rows, numbers of a state] */
	double *record;   /* [rows, slots + 1, cells] */
	double *probe;    /* [rows]: the weak probe's transmission */
	double *strong;   /* [rows]: fluence of the strong probe behind */
	/* [rows]: derivatives of the fluence behind, and of the weak probe, by columns that are
	 * there */
	double *light_by[ONN_PULSE_COLUMNS], *probe_by[ONN_PULSE_COLUMNS];
} onn_pulse_left;

/* Runs the rows, as many at once as there is reasonable memory for: in f64, in f32 where the device
 * lacks that. ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY, ONN_ERROR_DEVICE. */
onn_status onn_pulse_batch_run(
    const onn_pulse_left *left, onn_device *device, const onn_pulse_batch *batch);

#endif
