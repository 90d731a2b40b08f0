/* Libraries that are opened when they are needed, by POSIX. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <string.h>

#include "core/os.h"

void *onn_library_open(const char *name) { return dlopen(name, RTLD_LAZY | RTLD_LOCAL); }

bool onn_library_find(void *place, void *library, const char *name)
{
	void *found = dlsym(library, name);
	memcpy(place, &found, sizeof found);
	return found != NULL;
}
