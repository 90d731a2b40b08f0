/*
 * What archives are made of, for the files that read and write them.
 */
#ifndef ONN_SRC_CORE_ARCHIVE_H
#define ONN_SRC_CORE_ARCHIVE_H

#include <stdint.h>

#include <onn/archive.h>

/* An array, or a text. Of a file that was opened it may be there by its place only. */
typedef struct onn_member {
	char *name;
	onn_array *array;
	char *text;
	size_t length;
	size_t order;   /* among all members of the archive */
	uint64_t index; /* in the file */
} onn_member;

typedef struct onn_member_name {
	const char *name;
	size_t item;
} onn_member_name;

/* In the order of the file; found by name in the order of names. */
typedef struct onn_members {
	onn_member *item;
	onn_member_name *sorted;
	size_t count, capacity, room;
} onn_members;

/* A file that members are read from when they are asked for. */
typedef struct onn_archive_file onn_archive_file;

/* Arrays and texts have names of their own: "a" is the member a.npy as an array, a as a text. */
struct onn_archive {
	onn_members arrays, texts;
	size_t order; /* of the next member */
	onn_archive_file *file;
};

/* An empty member of this name, which is copied, behind all others. NULL: no memory. Those that are
 * added without being sorted are not found until onn_members_sort, which leaves the last one of
 * each name. */
onn_member *onn_members_add(onn_members *m, const char *name, size_t length, size_t order);
void onn_members_sort(onn_members *m);

/* Reads what a member of the file holds, unless it is there. */
onn_status onn_archive_file_read(onn_archive_file *file, onn_member *member, bool array);
void onn_archive_file_close(onn_archive_file *file);

struct zip_error;
/* ONN_ERROR_FORMAT or ONN_ERROR_MEMORY in zip's words; member may be NULL. */
onn_status onn_zip_failure(
    const char *function, const char *path, const char *member, struct zip_error *error);

/* A folder's name ends with a slash, an array's with .npy. */
bool onn_ends_with(const char *name, const char *end);

#endif
