/*
 * Which seeds of a training are stepped together.
 */
#ifndef ONN_SRC_TRAIN_TOGETHER_H
#define ONN_SRC_TRAIN_TOGETHER_H

#include "train/seed.h"

/* Each has its folder locked, and a process may have some thousand files open. */
enum { ONN_TOGETHER_MOST = 512 };

/* How many at most, by the options, the device, and what fits; at least 1. */
size_t onn_together_most(
    const onn_network *network, const onn_train_options *options, const onn_device *device);
/* How many of count tasks, of consecutive seeds, can go with the first: those that are as far, and
 * not at the end; at most `most`. */
size_t onn_together_count(const onn_seed_task *task, size_t count, size_t most);

#endif
