/*
 * reload LIBRARY COUNT: the shared library is loaded, used on the device c and unloaded, so many
 * times: descriptors and threads do not become more.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int entries(const char *folder)
{
	int count = 0;
	DIR *stream = opendir(folder);
	while (stream && readdir(stream))
		count++;
	if (stream)
		closedir(stream);
	return count;
}

/* Through memcpy, since ISO C has no such cast. */
static void find(void *function, void *library, const char *name)
{
	void *there = dlsym(library, name);
	if (!there) {
		fprintf(stderr, "%s\n", dlerror());
		exit(EXIT_FAILURE);
	}
	memcpy(function, &there, sizeof there);
}

static int use(const char *path)
{
	int (*create)(void **device, const char *name, const void *options);
	void (*destroy)(void *device);
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *device;
	if (!library)
		return fprintf(stderr, "%s\n", dlerror());
	find(&create, library, "onn_device_create");
	find(&destroy, library, "onn_device_destroy");
	int status = create(&device, "c", NULL);
	destroy(device);
	return status || dlclose(library);
}

int main(int argc, char **argv)
{
	if (argc != 3 || use(argv[1]))
		return EXIT_FAILURE;
	int descriptors = entries("/proc/self/fd"), threads = entries("/proc/self/task");
	for (int i = atoi(argv[2]); i > 0; i--)
		if (use(argv[1]))
			return EXIT_FAILURE;
	int more = entries("/proc/self/fd") - descriptors,
	    more_threads = entries("/proc/self/task") - threads;
	printf("%s times: %d descriptors more, %d threads more\n", argv[2], more, more_threads);
	return more > 0 || more_threads > 0;
}
