/*
 * The training of a seed, or of several together: epochs with evaluation and checkpoints, in a
 * folder or without.
 */
#ifndef ONN_SRC_TRAIN_SEED_H
#define ONN_SRC_TRAIN_SEED_H

#include <onn/trainer.h>

typedef struct onn_seed_task {
	const onn_network *network;
	const onn_train_options *options; /* seed is this run's */
	const onn_dataset *dataset;
	const char *digest; /* of the data set */
	onn_device *device;
	const char *out;      /* its folder; NULL: no files */
	bool resume;          /* go on from the folder's last.npz */
	size_t number, count; /* which run of how many */
} onn_seed_task;

/*
 * task: of consecutive seeds that are equally far, to be stepped together. result: of each, as far
 * as it came, also on failure. profile: of the training plan, where the options ask for it and
 * there is none yet; free it with onn_free. ONN_ERROR_UNSUPPORTED of several, before the first
 * step: the device takes them one by one only.
 */
onn_status onn_train_seeds(
    onn_train_run *result, char **profile, const onn_seed_task *task, size_t count);

#endif
