/*
 * Files that are written under a temporary name and then take their place: whole or untouched. No
 * errors of the library's here, as the command is built with it too; errno says what went wrong.
 */
#ifndef ONN_SRC_CORE_OS_TEMPORARY_H
#define ONN_SRC_CORE_OS_TEMPORARY_H

#include <stdbool.h>

enum { ONN_OS_PATH = 4096 };

typedef struct onn_temporary {
	int file; /* open to read and write; closed in programs that this one starts */
	/* beside the target, of nobody else: .onn-89abcdef01234567.tmp; "": written in place */
	char name[ONN_OS_PATH];
	char target[ONN_OS_PATH]; /* the path with links followed, as far as there are any */
	unsigned held;            /* bit i: the i-th signal that stops is blocked since then */
} onn_temporary;

/* An empty file beside what path stands for; a device, pipe or terminal is opened itself, since a
 * file renamed to /dev/null would replace it. The file gets the mode of one that is there already,
 * and its owner where that may be given. The thread blocks SIGINT, SIGTERM and SIGHUP until it is
 * committed or discarded: they leave nothing half-written. False with errno. */
bool onn_temporary_open(onn_temporary *t, const char *path);
/* Waits until the data are on the disk, renames, waits for the folder. False with errno: the
 * temporary file is gone, and the target is as it was. */
bool onn_temporary_commit(onn_temporary *t);
/* Removes it; errno stays. */
void onn_temporary_discard(onn_temporary *t);
/* Removes what writers that were killed left in a folder and in those right below it; what others
 * are writing now stays. */
void onn_temporary_sweep(const char *folder);

#endif
