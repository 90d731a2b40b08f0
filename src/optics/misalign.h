/*
 * Errors of mounting, as drawn.
 */
#ifndef ONN_SRC_OPTICS_MISALIGN_H
#define ONN_SRC_OPTICS_MISALIGN_H

#include <onn/elements.h>

/* Streams from that of the plate on. */
enum { ONN_MISALIGNED_SHIFT, ONN_MISALIGNED_TILT, ONN_MISALIGNED_DISTANCE };

/* A caller's errors over the defaults, checked; false with the graph's error. */
bool onn_misalignment_take(
    onn_misalignment *m, onn_graph *g, const char *function, const onn_misalignment *given);
/* Number `which` of two that a stream gives in this step, 0-d: mean 0, deviation 1. */
onn_node onn_misaligned_draw(onn_graph *g, onn_type type, const onn_misalignment *m,
    uint32_t stream, onn_node step, size_t which);

#endif
