/*
 * Controls: gradients that are no absorber's, to see what training owes to the right ones.
 */
#ifndef ONN_SRC_SATURABLE_CONTROL_H
#define ONN_SRC_SATURABLE_CONTROL_H

#include <onn/saturable.h>

/* y, an absorber's answer to x, with the slope of the mode: 0, one number for all, or -1. y as it
 * is where the mode is no control. */
onn_node onn_controlled(
    onn_graph *g, onn_node x, onn_node y, onn_encoding encoding, onn_gradient_mode mode);

#endif
