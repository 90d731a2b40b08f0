/*
 * Files of numbers by the endings of their names: "run.h5", or "run.h5:/light/field", the member
 * behind the colon being one of several.
 */
#ifndef ONN_SRC_CORE_FORMATS_H
#define ONN_SRC_CORE_FORMATS_H

#include <stdbool.h>

#include <onn/array.h>

/* path and member are lent; member is NULL where the name has none: of a file that is read the only
 * one, of one that is written all there will be. */
typedef struct onn_format {
	const char *ending;
	onn_status (*load)(onn_array **a, const char *path, const char *member);
	onn_status (*save)(const onn_array *a, const char *path, const char *member);
} onn_format;

enum { ONN_FORMAT_PATH = 4096 };

/* NULL: the ending is none of these. path: the name up to the colon. */
const onn_format *onn_format_find(
    char path[ONN_FORMAT_PATH], const char **member, const char *name);

/* format_name.c, which the command has as well: the ending itself, ".h5". */
const char *onn_format_ending(char path[ONN_FORMAT_PATH], const char **member, const char *name);
/* Whether the name ends as one that onn_array_load and onn_array_save know: .npy, or those. */
bool onn_array_named(const char *name);
/* In capitals too; the name is longer. */
bool onn_path_ends(const char *path, size_t length, const char *ending);

/* Its axes in the other order: the elements in the order of columns instead of rows. */
onn_status onn_array_turned(onn_array **a, const onn_array *from);

/* For messages: names, ", " between them, cut to fit. */
typedef struct onn_name_list {
	char text[200];
	size_t used, count;
} onn_name_list;
void onn_name_list_add(onn_name_list *list, const char *name, size_t length);
/* ONN_ERROR_FORMAT: the file has no `member`, or without one none or several; it has these. */
onn_status onn_member_refuse(const char *path, const char *member, const onn_name_list *list);

/* mat.c: MATLAB's files of version 5, and those of 7.3, which are HDF5. */
onn_status onn_mat_load(onn_array **a, const char *path, const char *member);
onn_status onn_mat_save(const onn_array *a, const char *path, const char *member);
/* In memory; a file of 7.3 is ONN_ERROR_UNSUPPORTED. */
onn_status onn_mat_decode(
    onn_array **a, const char *path, const void *file, size_t bytes, const char *member);

/* hdf5.c, or hdf5_missing.c: ONN_ERROR_UNSUPPORTED. turned: as MATLAB has it, the axes in the other
 * order. */
onn_status onn_hdf5_read(onn_array **a, const char *path, const char *member, bool turned);
onn_status onn_hdf5_load(onn_array **a, const char *path, const char *member);
onn_status onn_hdf5_save(const onn_array *a, const char *path, const char *member);

#endif
