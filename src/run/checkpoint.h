/*
 * What checkpoints hold beside weights: tensors by name, and the settings that a run began with.
 * And how a step's loss is read.
 */
#ifndef ONN_SRC_RUN_CHECKPOINT_H
#define ONN_SRC_RUN_CHECKPOINT_H

#include <onn/archive.h>
#include <onn/device.h>
#include <onn/settings.h>

/* The number of a tensor of no axes, f32 or f64. */
onn_status onn_tensor_read_real(double *number, const onn_tensor *tensor);
onn_status onn_checkpoint_put(onn_archive *archive, const char *name, const onn_tensor *tensor);
/* Finite numbers into a tensor of the very type and shape. ONN_ERROR_FORMAT with the file's name.
 */
onn_status onn_checkpoint_take(
    onn_tensor *tensor, const onn_archive *archive, const char *name, const char *path);
/* An array of this type and count, lent. ONN_ERROR_FORMAT. */
onn_status onn_checkpoint_find(const onn_array **array, const onn_archive *archive,
    const char *name, onn_type type, size_t count, const char *path);
/* ONN_ERROR_FORMAT with the place of the first number that is none. */
onn_status onn_checkpoint_finite(const onn_array *a, const char *name, const char *path);
/* A text, lent. ONN_ERROR_FORMAT. */
onn_status onn_checkpoint_text(
    const char **text, const onn_archive *archive, const char *name, const char *path);

/* ONN_ERROR_ARGUMENT: what began with one value, and another is asked for. what: "onn_train: PATH
 * was trained". */
onn_status onn_checkpoint_differs(
    const char *what, const char *name, const char *had, const char *want);
/* The same for the first setting in which a run that is asked for differs from the one that was
 * saved, other than those that may; NULL ends these. */
onn_status onn_checkpoint_compare(const onn_settings *settings, const void *saved,
    const void *asked, const char *const *may_differ, const char *what);

#endif
