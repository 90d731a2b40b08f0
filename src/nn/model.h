/*
 * A model's inside that the trainer needs.
 */
#ifndef ONN_SRC_NN_MODEL_H
#define ONN_SRC_NN_MODEL_H

#include <onn/model.h>

/* Replaces the weights by those of the same names in an archive; path is for messages. */
onn_status onn_model_take(onn_model *model, const onn_archive *archive, const char *path);

#endif
