/*
 * Names of files.
 */
#ifndef ONN_SRC_CORE_PATH_H
#define ONN_SRC_CORE_PATH_H

#include <stdbool.h>

enum { ONN_PATH_ROOM = 4096 };

/* "folder/name"; false, and "", where folder is NULL or "", or the whole is too long. */
bool onn_path_join(char path[ONN_PATH_ROOM], const char *folder, const char *name);

#endif
