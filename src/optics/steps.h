/*
 * Phase steps from pixel to pixel, put into words.
 */
#ifndef ONN_SRC_OPTICS_STEPS_H
#define ONN_SRC_OPTICS_STEPS_H

#include <onn/sampling.h>

#include "core/error.h"
#include "optics/light.h"

/* Fills in enough, pitch and the sentence from the steps; `what` is a sentence's subject. */
void ONN_PRINTF(3, 4)
    onn_steps_tell(onn_phase_sampling *s, const onn_grid *grid, const char *what, ...);

#endif
