/* Pictures of a diffractive classifier. */
#ifndef ONN_APPS_TRAIN_PICTURES_H
#define ONN_APPS_TRAIN_PICTURES_H

#include "train.h"

/* Draws plates, light and the confusion matrix [label, class seen] into the run's folder, where
 * gnuplot is installed. */
int light_pictures(const train_outcome *outcome, const onn_model *model, const size_t *confusion);

#endif
