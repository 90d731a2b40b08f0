/*
 * What the builders of src/pulse share: a medium's numbers as nodes.
 */
#ifndef ONN_SRC_PULSE_MEDIUM_H
#define ONN_SRC_PULSE_MEDIUM_H

#include <onn/pulse.h>

#include "graph/graph.h"
#include "ops/pulse.h"

/* What a builder was called with. */
typedef struct onn_pulse_call {
	onn_graph *g;
	const char *function;
	const onn_pulse_medium *medium;
	onn_pulse_nodes nodes;
	onn_type type; /* real, of everything packed */
	size_t rows;
	uint32_t beams; /* of which the medium has polarisations; Bloch */
} onn_pulse_call;

/*
 * Begins a call, whose rows are those of x, [rows, ...] of a float type. False with the graph's
 * error: a setting, nodes of another version, x.
 */
bool onn_pulse_begin(onn_pulse_call *c, onn_graph *g, const char *function, onn_node x,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes);

/* A node that stands for a number, as [rows or 1, 1] of the call's type, or (null) the number; the
 * null node with the graph's error where it is neither a scalar nor a column. */
onn_node onn_pulse_column(const onn_pulse_call *c, const char *name, onn_node x, double number);
/* [1, count] of the call's type. */
onn_node onn_pulse_constants(const onn_pulse_call *c, const double *number, size_t count);

/* Class j of so many: where it is, in units of the spread, and its weight; they add up to 1. */
void onn_pulse_class(double *point, double *weight, unsigned j, unsigned classes);

/* 1/T1 and 1/T2. */
onn_node onn_pulse_rate_of(const onn_pulse_call *c, const char *name, onn_node x, double number);
/* Detunings of the classes, in half linewidths, and their weights: [rows or 1, classes] each. */
onn_node onn_pulse_offsets(const onn_pulse_call *c);
onn_node onn_pulse_weights(const onn_pulse_call *c);

/* All parameters, packed as ops/pulse.h says: [rows or 1, ...]. */
onn_node onn_pulse_parameters(const onn_pulse_call *c, double slot);

/* The sizes of the packed rows, of one slot and the call's beams. */
onn_pulse_rows onn_pulse_sizes(const onn_pulse_call *c);
/* A state as a passage of the call's beams left it, of the call's type; or (null) that at rest. */
onn_node onn_pulse_state(const onn_pulse_call *c, onn_node state);

/* Light as its operation reads it: real numbers of a row side by side. And light behind, from
 * number `at` of the packed result on. */
onn_node onn_pulse_packed(const onn_pulse_call *c, onn_node light);
onn_node onn_pulse_unpacked(const onn_pulse_call *c, onn_node all, size_t at, size_t slots);

/* What is not bleached of each cell and class where a probe comes to it, onn_pulse_probe's, [rows,
 * cells classes]; in the rate model a state. */
onn_node onn_pulse_met(const onn_pulse_call *c, onn_node state, onn_node delay, bool counter);

/* Whether light of so many slots can be passed; false with the graph's error. */
bool onn_pulse_has_slots(const onn_pulse_call *c, size_t slots, double slot);
/* Whether there is loss or two-photon absorption. */
bool onn_pulse_is_lossy(const onn_pulse_call *c);

#endif
