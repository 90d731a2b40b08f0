#ifndef ONN_SRC_SATURABLE_DYNAMIC_H
#define ONN_SRC_SATURABLE_DYNAMIC_H

#include <onn/saturable.h>

/* onn_saturable_absorber for medium dynamic, whose pulses bring their own way back: numbers become
 * fluences over that which saturates. The depth as a node, or NULL for the absorber's. */
onn_node onn_dynamic_absorber(
    onn_graph *g, const char *function, onn_node x, const onn_absorber *a, const onn_node *depth);

#endif
