/*
 * How long work takes, by some steps that are taken.
 */
#ifndef ONN_SRC_REPRODUCE_FORECAST_H
#define ONN_SRC_REPRODUCE_FORECAST_H

#include "reproduce/work.h"

/* Seconds of training for an image of an epoch, by the first network of the work. 0: it trains
 * none. */
onn_status onn_forecast_unit(
    double *seconds, const onn_work *w, const char *data_dir, onn_device *device);

#endif
