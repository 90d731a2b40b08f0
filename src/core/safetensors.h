/*
 * Archives as safetensors files: arrays one behind the other, texts as metadata.
 */
#ifndef ONN_SRC_CORE_SAFETENSORS_H
#define ONN_SRC_CORE_SAFETENSORS_H

#include <stdbool.h>

#include <onn/archive.h>

/* Whether a name ends in .safetensors. */
bool onn_safetensors_named(const char *path);
/* All of it at once. ONN_ERROR_FILE, ONN_ERROR_FORMAT, ONN_ERROR_MEMORY. */
onn_status onn_safetensors_load(onn_archive **archive, const char *path);
/* ONN_ERROR_UNSUPPORTED: c128, which the format has not; the rest as onn_archive_save. */
onn_status onn_safetensors_save(const onn_archive *archive, const char *path);

#endif
