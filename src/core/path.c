#include "core/path.h"

#include <stdio.h>

bool onn_path_join(char path[ONN_PATH_ROOM], const char *folder, const char *name)
{
	path[0] = '\0';
	if (!folder || !folder[0])
		return false;
	int length = snprintf(path, ONN_PATH_ROOM, "%s/%s", folder, name);
	if (length > 0 && length < ONN_PATH_ROOM)
		return true;
	path[0] = '\0';
	return false;
}
