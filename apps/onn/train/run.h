/* A run folder, as onn eval and onn predict read it. */
#ifndef ONN_APPS_RUN_H
#define ONN_APPS_RUN_H

#include <onn/trainer.h>

#include "command.h"

/* Says that a folder holds a design, where it does, and returns EXIT_FAILED, else EXIT_OK. */
int run_refuse_design(const command *c, const char *folder);
/* Loads config.json. Prints what is wrong and returns EXIT_FAILED, else EXIT_OK. */
int run_config(const command *c, const char *folder, onn_train_config *config);
/* Loads config.json and best.npz. Prints what is wrong and returns EXIT_FAILED, else EXIT_OK. */
int run_load(const command *c, const char *folder, onn_train_config *config, onn_model **model);

#endif
