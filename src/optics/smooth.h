/*
 * What elements whose numbers are nodes share.
 */
#ifndef ONN_SRC_OPTICS_SMOOTH_H
#define ONN_SRC_OPTICS_SMOOTH_H

#include "optics/light.h"

/* exp(2 pi i turns) of f64 turns, whole turns removed first; derivatives go by all of them. */
onn_node onn_turns_factor(onn_graph *g, onn_node turns);
/* The light's wavelengths as an f64 node that broadcasts with [wavelength, y, x], or the node that
 * is given. */
onn_node onn_wavelength_node(onn_graph *g, const onn_light *light, onn_node given);

#endif
