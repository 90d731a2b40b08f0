/*
 * A weak copy of a pulse that runs back through the medium while the pulse is there, coherent with
 * it: rate model, resonant, atoms at rest. docs/physics.md, pulses in time.
 */
#ifndef ONN_SRC_PULSE_GRATING_H
#define ONN_SRC_PULSE_GRATING_H

#include <onn/pulse_experiment.h>

/* A pulse on its way. Arrays are lent. */
typedef struct onn_pulse_way {
	size_t slots, cells;
	double slot, depth, loss, t1;
	const double *share;    /* [slots]: of the fluence, in each slot */
	double fluence;         /* over Fsat */
	const double *bleached; /* [slots + 1, cells]: before each slot and after the last */
} onn_pulse_way;

/* What a probe meets of it in each slot of each cell. */
typedef struct onn_pulse_scenery onn_pulse_scenery;

/* Works that out; the caller destroys it, and keeps `way` as long. ONN_ERROR_MEMORY. */
onn_status onn_pulse_scenery_create(onn_pulse_scenery **s, const onn_pulse_way *way);
void onn_pulse_scenery_destroy(onn_pulse_scenery *s);

/* The part of its energy that comes out of the probe. */
double onn_pulse_scenery_probe(onn_pulse_scenery *s, const onn_pulse_weak_probe *probe);

#endif
