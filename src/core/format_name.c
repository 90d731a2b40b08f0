/* What the names of files of arrays say. */
#include <string.h>

#include "core/formats.h"
#include "core/memory.h"

/* As formats.c has them. */
static const char *const endings[] = {".npz", ".safetensors", ".h5", ".hdf5", ".mat"};

bool onn_path_ends(const char *path, size_t length, const char *ending)
{
	size_t m = strlen(ending);
	if (length <= m)
		return false;
	for (size_t i = 0; i < m; i++) {
		char c = path[length - m + i];
		if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != ending[i])
			return false;
	}
	return true;
}

const char *onn_format_ending(char path[ONN_FORMAT_PATH], const char **member, const char *name)
{
	size_t length = strlen(name);
	*member = NULL;
	for (size_t i = 0; i < ONN_COUNT(endings); i++)
		if (onn_path_ends(name, length, endings[i]) && length < ONN_FORMAT_PATH) {
			memcpy(path, name, length + 1);
			return endings[i];
		}
	/* the last colon behind an ending: a folder's name may have one, too */
	for (size_t at = length; at-- > 1;)
		for (size_t i = 0; name[at] == ':' && name[at + 1] && i < ONN_COUNT(endings); i++)
			if (onn_path_ends(name, at, endings[i]) && at < ONN_FORMAT_PATH) {
				memcpy(path, name, at);
				path[at] = '\0';
				*member = name + at + 1;
				return endings[i];
			}
	return NULL;
}

bool onn_array_named(const char *name)
{
	char path[ONN_FORMAT_PATH];
	const char *member;
	return onn_path_ends(name, strlen(name), ".npy") || onn_format_ending(path, &member, name);
}
