/*
 * Probes as pulses of their own, launched with a strength and detected with noise.
 */
#ifndef ONN_SRC_PULSE_LAUNCH_H
#define ONN_SRC_PULSE_LAUNCH_H

#include "pulse/medium.h"

/* Whether more than a weak probe without noise is asked for, whose rule is a number. */
bool onn_pulse_is_launched(const onn_pulse_absorber *a);

/* What goes with a probe, 0 at numbers x where none is sent. */
onn_node onn_pulse_where_sent(onn_graph *g, onn_node x, onn_node sent, const onn_pulse_absorber *a);

/*
 * y, the answer to x, both [count, 1], with what launched probes bring back.
 *
 * pump   fluences as launched, [count, 1]
 * state  of the medium behind the pumps
 * seen   the transmission of a weak probe, [count, 1]
 */
onn_node onn_pulse_launched(const onn_pulse_call *c, onn_node x, onn_node y, onn_node pump,
    onn_node state, onn_node seen, const onn_pulse_absorber *a);

/* y, the answer to pumps of these fluences, as it is detected. */
onn_node onn_pulse_detected(onn_graph *g, onn_node y, onn_node pump, const onn_pulse_absorber *a);

#endif
