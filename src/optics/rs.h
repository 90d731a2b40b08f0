/*
 * Rayleigh-Sommerfeld's integral of the first kind.
 */
#ifndef ONN_SRC_OPTICS_RS_H
#define ONN_SRC_OPTICS_RS_H

#include "optics/light.h"

/* The field z further on, on its own grid; z is not 0. */
onn_node onn_rs(onn_graph *g, const onn_field *field, double z);

#endif
