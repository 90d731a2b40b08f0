/*
 * The files that data sets come in.
 */
#ifndef ONN_SRC_DATA_FILES_H
#define ONN_SRC_DATA_FILES_H

#include <onn/archive.h>
#include <onn/dataset.h>

#include "core/path.h"
#include "core/sha256.h"

/* folder/name or folder/name.gz, whichever exists. */
bool onn_find_file(char path[ONN_PATH_ROOM], const char *folder, const char *name);

/* How many bytes a file can need that begins so; 64 of them are there, or all. */
typedef size_t (*onn_inflated_most)(const unsigned char *head, size_t bytes);
/* A whole file, inflated if it is a gzip file (told by its first bytes). As onn_file_read; where a
 * gzip file goes on behind what `limit` says, some of that is there, and the rest is not read. */
onn_status onn_inflated_read(void **data, size_t *bytes, const char *path, onn_inflated_most limit);

/* onn_inflated_most of IDX files: as many as the shape in the header says. */
size_t onn_idx_most(const unsigned char *head, size_t bytes);
/* An IDX file of bytes with this many axes, none of size 0, as a u8 array. */
onn_status onn_idx_load(onn_array **a, const char *path, size_t ndim);

/* Labels: bytes [n], or big-endian 32-bit numbers [n] or [n, columns] of which the first column
 * counts; as i32 [n]. */
onn_status onn_idx_load_labels(onn_array **y, const char *path);

/* The i-th row of idx_sets.def, NULL past the last. */
const onn_dataset_info *onn_idx_set_info(size_t i);
/* Where the i-th is, or is looked for. */
onn_status onn_idx_set_find(onn_dataset_place *place, size_t i, const char *directory);
/* Finds and reads the i-th: all of d but name, height and width. */
onn_status onn_idx_set_load(onn_dataset *d, size_t i, const char *directory);

/* Lines of 64 pixels in 0 ... 16 and a label in 0 ... 9: x is u8 [n, 8, 8], y i32 [n]. */
onn_status onn_digits_load(onn_array **x, onn_array **y, const char *path);

/* Of all images and labels, as they are in memory. */
void onn_dataset_digest(char text[ONN_SHA256_TEXT], const onn_dataset *d);

/* Images and labels under these names in a user's archive: x is u8 or f32 [n, height, width], y i32
 * [n]; *classes grows to the largest label + 1. path is for messages. */
onn_status onn_dataset_from_archive(onn_array **x, onn_array **y, size_t *classes,
    const onn_archive *archive, const char *x_name, const char *y_name, const char *path);

#endif
