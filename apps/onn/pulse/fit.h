/*
 * onn pulse --fit.
 */
#ifndef ONN_APPS_PULSE_FIT_H
#define ONN_APPS_PULSE_FIT_H

#include <onn/pulse_fit.h>

#include "pulse/pulse.h"

/* Fits the model to the file that the settings name, tells what came of it, writes and draws it; an
 * exit status. */
int pulse_fit(const pulse_settings *s);

#endif
