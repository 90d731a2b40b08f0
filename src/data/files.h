/*
 * The files that data sets come in.
 */
#ifndef ONN_SRC_DATA_FILES_H
#define ONN_SRC_DATA_FILES_H

#include <onn/archive.h>
#include <onn/dataset.h>

/* A whole file, inflated if it is a gzip file (told by its first bytes). As onn_file_read. */
onn_status onn_inflated_read(const char *path, void **data, size_t *bytes);

/* An IDX file of bytes with this many axes, none of size 0, as a u8 array. */
onn_status onn_idx_load(onn_array **a, const char *path, size_t ndim);

/* Lines of 64 pixels in 0 ... 16 and a label in 0 ... 9: x is u8 [n, 8, 8], y i32 [n]. */
onn_status onn_digits_load(onn_array **x, onn_array **y, const char *path);

/* Images and labels under these names in a user's archive: x is u8 or f32 [n, height, width], y i32
 * [n]; *classes grows to the largest label + 1. path is for messages. */
onn_status onn_dataset_from_archive(onn_array **x, onn_array **y, size_t *classes,
    const onn_archive *archive, const char *x_name, const char *y_name, const char *path);

#endif
