/*
 * Propagation to another grid: the far field, and a window of one's own.
 */
#ifndef ONN_SRC_OPTICS_FAR_H
#define ONN_SRC_OPTICS_FAR_H

#include "optics/request.h"

/* Fraunhofer's far field, on a grid of pitch lambda |z|/(n d). */
onn_field onn_fraunhofer(onn_graph *g, const onn_request *r, onn_node e);
/* The angular spectrum of the padded field, summed at the points of r->how.to. */
onn_field onn_scaled(onn_graph *g, const onn_request *r, onn_node e);

#endif
