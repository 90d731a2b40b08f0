/*
 * The words of an absorber's enumerations, for the rows of others' tables.
 */
#ifndef ONN_SRC_SATURABLE_SETTINGS_H
#define ONN_SRC_SATURABLE_SETTINGS_H

#include <onn/settings.h>

extern const onn_words onn_medium_words, onn_encoding_words, onn_gradient_mode_words;

#endif
