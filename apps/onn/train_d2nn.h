/* onn train d2nn: what its files share. */
#ifndef ONN_APPS_TRAIN_D2NN_H
#define ONN_APPS_TRAIN_D2NN_H

#include "train.h"

/* Pictures of plates and light, the confusion matrix and the energy efficiency of the best network
 * of a run, into its folder. */
int train_d2nn_report(const train_outcome *outcome);

#endif
