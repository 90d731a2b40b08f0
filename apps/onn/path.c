/* Names of files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

char *path_join(const char *folder, const char *name)
{
	size_t n = strlen(folder), room = n + strlen(name) + 2;
	char *path = malloc(room);

	if (path)
		snprintf(path, room, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name);
	return path;
}

bool path_exists(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file)
		fclose(file);
	return file != NULL;
}

bool path_ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);
	return n > m && !strcmp(path + n - m, ending);
}
