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

/* What a run knows of the numbers that it learned. */
typedef enum run_white {
	RUN_WHITE, /* white is 1 in floats, `scale` in whole numbers, and nothing is beyond */
	RUN_AS_THEY_STAND,   /* floats beyond 0 to 1: only floats like them mean the same */
	RUN_WHITE_UNRECORDED /* floats, by version 0.1.0 */
} run_white;
run_white run_knows_white(const onn_train_config *config);
/* Refuses numbers, in `what`, that are not floats of an array, where those alone mean what they did
 * in training; an exit status. */
int run_refuse_white(const command *c, const onn_train_config *config, const char *what);

#endif
