/*
 * What is asked of a run, and what it is as JSON: config.json of the run folder and of its
 * checkpoints.
 */
#ifndef ONN_SRC_TRAIN_CONFIG_H
#define ONN_SRC_TRAIN_CONFIG_H

#include <onn/trainer.h>

/* Options of any version as this one has them, checked; NULL: the defaults. */
onn_status onn_train_options_take(onn_train_options *own, const onn_train_options *given);

/* digest: of the data set. To be freed with onn_free; NULL without memory. */
char *onn_config_text(const onn_network *network, const onn_train_options *options,
    const onn_dataset *dataset, const char *digest, const onn_device *device);
/* ONN_ERROR_FORMAT; path is for messages. */
onn_status onn_config_parse(onn_train_config *config, const char *text, const char *path);

/* ONN_ERROR_ARGUMENT with the first field in which a checkpoint's config differs from the one asked
 * for. Seeds, device, threads and ranks may, and epochs where the schedule does not end with them.
 */
onn_status onn_config_compare(const char *saved, const char *asked, const char *path);

#endif
